using System;
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
