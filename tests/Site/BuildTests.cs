using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Xunit;

namespace Strata.Site.Tests;

/// <summary>What the build of the site does with docfx's words and with links.</summary>
public sealed class BuildTests : IDisposable
{
    private const string Address = "https://example.org/strata";

    private readonly string _folder = Directory.CreateTempSubdirectory("site").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_warning_of_docfx_fails_the_build_but_a_link_to_a_source_does_not() => Assert.Equal(
        ["guide/toc.yml(3): warning InvalidTocLink: no such page", "(): error : broken"],
        DocfxLog.Problems(
        [
            """{"severity":"info","message":"Building 3 files"}""",
            """{"severity":"warning","code":"InvalidTocLink","message":"no such page","file":"guide/toc.yml","line":"3"}""",
            """{"severity":"warning","code":"InvalidFileLink","message":"Invalid file link:(~/../a.cs).","file":"README.md"}""",
            """{"severity":"error","message":"broken"}""",
            "",
        ]));

    [Theory]
    [InlineData("b/Page.html#head", "b/Page.html#head")]
    [InlineData("b/Source.cs", $"{Address}/blob/main/b/Source.cs")]
    [InlineData("b/Source.cs#L3", $"{Address}/blob/main/b/Source.cs#L3")]
    [InlineData("b/folder", $"{Address}/tree/main/b/folder")]
    [InlineData("b/folder/", $"{Address}/tree/main/b/folder")]
    [InlineData("README.html#try-it", "index.html#try-it")]
    [InlineData("#here", "#here")]
    [InlineData("https://elsewhere.org/x", "https://elsewhere.org/x")]
    [InlineData($"{Address}/blob/main/b/Page.md#head", "b/Page.html#head")]
    [InlineData($"{Address}/blob/main/README.md", "index.html")]
    [InlineData($"{Address}/blob/main/b/Source.cs", $"{Address}/blob/main/b/Source.cs")]
    public void A_link_leads_to_a_page_of_the_site_or_to_the_repository(string link, string expected)
    {
        string page = Make($"""<h1 id="here">A</h1><a class="x" href="{link}">b</a>""");
        Assert.Empty(new PageLinks(Path.Combine(_folder, "repository"), Address, Path.Combine(_folder, "site")).Complete());
        Assert.Contains($"""<a class="x" href="{expected}">""", File.ReadAllText(page));
    }

    [Theory]
    [InlineData("b/None.html")]
    [InlineData("b/Page.html#none")]
    [InlineData("#none")]
    [InlineData("b/none.cs")]
    [InlineData("../outside.txt")]
    public void A_link_that_leads_nowhere_is_reported_with_its_page(string link)
    {
        Make($"""<a href="{link}">b</a>""");
        string problem = new PageLinks(Path.Combine(_folder, "repository"), Address, Path.Combine(_folder, "site")).Complete().Single();
        Assert.Equal($"A.html: '{link}' leads nowhere.", problem);
    }

    [Theory]
    [InlineData("Class Conv2DAttribute | Strata", "[Conv2D]: class Conv2DAttribute")]
    [InlineData("Class CompiledNetwork | Strata", "Class CompiledNetwork")]
    [InlineData("Operators | Strata", "Operators")]
    public void The_search_knows_an_attribute_by_the_name_with_which_it_is_written(string title, string found) =>
        Assert.Equal(found, SearchIndex.TitleOf(title));

    [Fact]
    public void Each_release_is_made_from_its_tag_into_a_folder_of_its_own()
    {
        string repository = Path.Combine(_folder, "repository"), site = Path.Combine(repository, "bin", "site");
        Directory.CreateDirectory(site);
        Git("init", "-q");
        foreach (string tag in (string[])["v1.9.0", "v1.10.0", "v2.0.0-broken", "other"])
        {
            File.WriteAllText(Path.Combine(repository, "page.html"), tag);
            Git("add", "page.html");
            Git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", tag);
            Git("tag", tag);
        }

        IReadOnlyList<string> failed = SiteVersions.Add(repository, site, source =>
        {
            string made = Path.Combine(source, "made"), page = Path.Combine(source, "page.html");
            Directory.CreateDirectory(made);
            File.Copy(page, Path.Combine(made, "page.html"));
            return File.ReadAllText(page).EndsWith("broken", StringComparison.Ordinal) ? null : made;
        });
        Assert.Equal(["v2.0.0-broken"], failed);
        Assert.Equal(["v1.10.0", "v1.9.0"], Directory.GetDirectories(site).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("v1.9.0", File.ReadAllText(Path.Combine(site, "v1.9.0", "page.html")));
        Assert.Equal(
            """{"version":"main","root":"","releases":["v1.10.0","v1.9.0"]}""", File.ReadAllText(Path.Combine(site, SiteVersions.Index)));
        Assert.Equal(
            """{"version":"v1.10.0","root":"../","releases":["v1.10.0","v1.9.0"]}""",
            File.ReadAllText(Path.Combine(site, "v1.10.0", SiteVersions.Index)));
        Assert.Equal(["site"], Directory.GetDirectories(Path.Combine(repository, "bin")).Select(Path.GetFileName));

        void Git(params string[] arguments)
        {
            using Process process = Process.Start("git", ["-C", repository, .. arguments])!;
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }

    /// <summary>A repository with a source, and a site with a page.</summary>
    /// <returns>The file of a second page.</returns>
    private string Make(string body)
    {
        string site = Path.Combine(_folder, "site"), repository = Path.Combine(_folder, "repository");
        Directory.CreateDirectory(Path.Combine(repository, "b", "folder"));
        Directory.CreateDirectory(Path.Combine(site, "b"));
        File.WriteAllText(Path.Combine(repository, "b", "Source.cs"), "");
        File.WriteAllText(Path.Combine(site, "b", "Page.html"), """<h1 id="head">B</h1>""");
        File.WriteAllText(Path.Combine(site, "index.html"), """<h1 id="try-it">C</h1>""");
        File.WriteAllText(Path.Combine(site, "A.html"), body);
        return Path.Combine(site, "A.html");
    }
}
