using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Strata.Site.Tests;

/// <summary>The site in a real browser, and its files.</summary>
public sealed class SiteTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    /// <summary>Pages of each kind: text, tables, long code, pictures, a class, a list of classes.</summary>
    private static readonly string[] Kinds =
    [
        "index.html", "generator/Compiler/Operators/OPERATORS.html", "runtime/LIMITS.html", "runtime/Imaging/PACKAGE.html",
        "generator/GENERATED.html", "tests/Benchmarks/PERFORMANCE.html", "generator/Diagnostics/RULES.html",
        "api/Strata.CompiledNetwork.html", "api/Strata.Conv2DAttribute.html", "api/Strata.Training.html",
    ];

    /// <summary>Pages that have all colours. Large pages take long to look at.</summary>
    private static readonly string[] Colored =
    [
        "index.html", "generator/GENERATED.html", "generator/Diagnostics/RULES.html", "api/Strata.Conv2DAttribute.html",
        "api/Strata.Training.html",
    ];

    /// <summary>No link of the repository's pages, of the reference or of the tables of contents leads nowhere, nor to no anchor.</summary>
    [Fact]
    public void Every_internal_link_resolves()
    {
        SiteFixture.NeedSite();
        string[] pages = SiteFixture.Pages();
        Assert.True(pages.Length > 500);
        var links = new PageLinks(SiteFixture.Folder, "https://nowhere.invalid", SiteFixture.Folder);
        Assert.Empty(pages.SelectMany(page => links.Broken(Path.Combine(SiteFixture.Folder, page))));
        Assert.Empty(TocFiles().SelectMany(file => TocLinks(file)
            .Where(link => !link.Contains("://", StringComparison.Ordinal) && !links.Leads(file, link)).Select(link => $"{file}: {link}")));
    }

    /// <summary>The menus are made in the browser.</summary>
    [Fact]
    public Task Every_internal_link_that_the_browser_shows_resolves() => fixture.VisitAsync(async page =>
    {
        var answers = new Dictionary<string, int>();
        foreach (string name in Kinds)
        {
            await fixture.OpenAsync(page, name);
            string[] links = await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('a[href]')].map(a => a.href)");
            Assert.True(links.Length > 20, name);
            foreach (string link in links.Select(link => link.Split('#')[0]).Distinct()
                .Where(link => link.StartsWith(fixture.Address, StringComparison.Ordinal) && !answers.ContainsKey(link)))
            {
                answers[link] = (await page.APIRequest.HeadAsync(link)).Status;
            }
        }

        Assert.True(answers.Count > 200);
        Assert.All(answers, answer => Assert.Equal(200, answer.Value));
    });

    [Fact]
    public Task No_page_scrolls_sideways_on_a_phone() => fixture.VisitAsync(
        async page =>
        {
            string[] pages = [.. SiteFixture.Pages().Where(name =>
                !name.StartsWith("api/", StringComparison.Ordinal) && !name.Contains("/rules/", StringComparison.Ordinal))];
            Assert.True(pages.Length > 40);
            var wide = new List<string>();
            foreach (string name in pages.Union(Kinds))
            {
                await fixture.OpenAsync(page, name);
                int width = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
                if (width > 390)
                {
                    wide.Add($"{name}: {width} pixels");
                }
            }

            Assert.Empty(wide);
        },
        width: 390);

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public Task Text_stands_out_from_its_background(ColorScheme scheme, int width) => fixture.VisitAsync(
        async page =>
        {
            var faint = new SortedSet<string>(StringComparer.Ordinal);
            foreach (string name in Colored)
            {
                await fixture.OpenAsync(page, name);
                Assert.Equal(scheme == ColorScheme.Dark ? "dark" : "light", await page.Locator("html").GetAttributeAsync("data-bs-theme"));
                await SiteFixture.PictureAsync(page, $"{Path.GetFileNameWithoutExtension(name)}-{scheme}-{width}");
                AxeResult result = await page.RunAxe(new AxeRunOptions
                {
                    RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] },
                });
                Assert.NotEmpty(result.Passes);
                faint.UnionWith(result.Violations.SelectMany(v => v.Nodes)
                    .GroupBy(node => string.Join(' ', node.Any.Select(check => check.Message)))
                    .Select(nodes => $"{nodes.Key} {name}: {nodes.First().Html}, and {nodes.Count() - 1} more"));
            }

            Assert.True(faint.Count == 0, string.Join('\n', faint));
        },
        width, scheme);

    [Fact]
    public Task The_search_finds_Conv2D() => fixture.VisitAsync(async page =>
    {
        await fixture.OpenAsync(page, "index.html");
        await page.Locator("#search-query").FillAsync("Conv2D");
        ILocator found = page.Locator("#search-results .item-title a");
        await Assertions.Expect(found.First).ToBeVisibleAsync();
        Assert.Contains(await found.AllInnerTextsAsync(), title => title.Contains("Conv2DAttribute", StringComparison.Ordinal));
        string address = (await found.First.EvaluateAsync<string>("a => a.href")).Split('?')[0];
        Assert.Equal(200, (await page.APIRequest.GetAsync(address)).Status);
    });

    /// <summary>A release that has a page, and one that does not.</summary>
    [Fact]
    public Task A_choice_of_versions_leads_to_the_same_page() => fixture.VisitAsync(
        async page =>
        {
            await page.RouteAsync("**/versions.json", route => route.FulfillAsync(new RouteFulfillOptions
            {
                Json = route.Request.Url.Contains("/v1.1/", StringComparison.Ordinal)
                    ? new { version = "v1.1", root = "../", releases = (string[])["v1.1", "v1.0"] }
                    : new { version = "main", root = "", releases = (string[])["v1.1", "v1.0"] },
            }));
            // Scripts and styles are those of the main branch.
            string main = (await File.ReadAllTextAsync(Path.Combine(SiteFixture.Folder, "runtime", "LIMITS.html")))
                .Replace("=\"../", "=\"../../", StringComparison.Ordinal)
                .Replace("./../public", "./../../public", StringComparison.Ordinal)
                .Replace("docfx:rel\" content=\"../../", "docfx:rel\" content=\"../", StringComparison.Ordinal);
            await page.RouteAsync("**/v1.1/runtime/LIMITS.html", route => route.FulfillAsync(new RouteFulfillOptions
            {
                Body = main,
                ContentType = "text/html",
            }));
            await page.RouteAsync("**/v1.1/CHANGELOG.html", route => route.FulfillAsync(new RouteFulfillOptions { Body = "the same" }));
            await page.RouteAsync("**/v1.0/**", route => route.FulfillAsync(new RouteFulfillOptions
            {
                Status = route.Request.Url.EndsWith("/v1.0/", StringComparison.Ordinal) ? 200 : 404,
                Body = "<p>the home of v1.0</p>",
                ContentType = "text/html",
            }));
            await fixture.OpenAsync(page, "runtime/LIMITS.html");
            ILocator choice = page.Locator("#version");
            await Assertions.Expect(choice).ToHaveValueAsync("main");
            await SiteFixture.PictureAsync(page, "versions");
            await choice.SelectOptionAsync("v1.1");
            await page.WaitForURLAsync(fixture.Address + "v1.1/runtime/LIMITS.html");
            await Assertions.Expect(choice).ToHaveValueAsync("v1.1");
            await choice.SelectOptionAsync("main");
            await page.WaitForURLAsync(fixture.Address + "runtime/LIMITS.html");
            await choice.SelectOptionAsync("v1.0");
            await page.WaitForURLAsync(fixture.Address + "v1.0/");
            await fixture.OpenAsync(page, "CHANGELOG.html");
            await choice.SelectOptionAsync("v1.1");
            await page.WaitForURLAsync(fixture.Address + "v1.1/CHANGELOG.html");
        },
        width: 390);

    [Fact]
    public Task Without_releases_there_is_no_choice() => fixture.VisitAsync(async page =>
    {
        await fixture.OpenAsync(page, "index.html");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.Equal(0, await page.Locator("#version").CountAsync());
    });

    [Fact]
    public void Each_page_is_in_the_table_of_contents()
    {
        SiteFixture.NeedSite();
        string toc = Path.Combine(SiteFixture.Folder, "guide", "toc.json");
        HashSet<string> listed = [.. TocLinks(toc).Select(link => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(toc)!, link)))];
        Assert.DoesNotContain(SiteFixture.Pages(), page => !page.StartsWith("api/", StringComparison.Ordinal)
            && !listed.Contains(Path.GetFullPath(Path.Combine(SiteFixture.Folder, page))));
    }

    private static string[] TocFiles() => Directory.GetFiles(SiteFixture.Folder, "toc.json", SearchOption.AllDirectories);

    private static List<string> TocLinks(string file)
    {
        using JsonDocument toc = JsonDocument.Parse(File.ReadAllText(file));
        var links = new List<string>();
        Add(toc.RootElement);
        Assert.NotEmpty(links);
        return links;

        void Add(JsonElement element)
        {
            if (element.TryGetProperty("href", out JsonElement link))
            {
                links.Add(link.GetString()!);
            }

            if (element.TryGetProperty("items", out JsonElement items))
            {
                foreach (JsonElement item in items.EnumerateArray())
                {
                    Add(item);
                }
            }
        }
    }
}
