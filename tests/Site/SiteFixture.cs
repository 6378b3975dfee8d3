using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Xunit;

namespace Strata.Site.Tests;

/// <summary>The site as <c>dotnet run -c Release --project tests/Site/Maker</c> has made it, behind a server, and a browser.</summary>
public sealed class SiteFixture : IAsyncLifetime
{
    // Milliseconds, on a busy machine.
    private const float Patience = 60_000;

    private WebApplication? _server;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The site's folder.</summary>
    public static string Folder { get; } = Path.GetFullPath(typeof(SiteFixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Site").Value!);

    /// <summary>The address, in a folder as on GitHub Pages.</summary>
    public string Address => _server!.Urls.Single() + "/strata/";

    /// <summary>The site's pages, relative to its folder. Those of the reference begin with <c>api/</c>.</summary>
    public static string[] Pages() =>
    [
        .. Directory.EnumerateFiles(Folder, "*.html", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/')).Where(page => Path.GetFileName(page) != "toc.html")
            .Order(StringComparer.Ordinal),
    ];

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Path.Combine(Folder, "index.html")))
        {
            return;
        }

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.UseFileServer(new FileServerOptions
        {
            FileProvider = new PhysicalFileProvider(Folder),
            RequestPath = new PathString("/strata"),
        });
        await _server.StartAsync();
        string[] names = ["chromium", "google-chrome"];
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        if (program is not null)
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = program,
                Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"],
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>Skips a test where the site has not been made. `.ci/run` makes it, so that there it must be.</summary>
    public static void NeedSite()
    {
        bool isMade = File.Exists(Path.Combine(Folder, "index.html"));
        Assert.False(!isMade && Environment.GetEnvironmentVariable("STRATA_SITE") == "1", ".ci/run has to make the site");
        Assert.SkipUnless(isMade, "make the site: dotnet run -c Release --project tests/Site/Maker");
    }

    /// <summary>Opens an empty page of a window.</summary>
    /// <param name="test">What is done with it.</param>
    /// <param name="width">1,280 for a desktop, 390 for a phone.</param>
    /// <param name="scheme">Light or dark.</param>
    internal async Task VisitAsync(Func<IPage, Task> test, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        NeedSite();
        Assert.SkipWhen(_browser is null, "install chromium");
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
            HasTouch = width < 600,
        });
        await using (context)
        {
            context.SetDefaultTimeout(Patience);
            Assertions.SetDefaultExpectTimeout(Patience);
            await test(await context.NewPageAsync());
        }
    }

    /// <summary>Opens a page of the site, and waits until its menus are there.</summary>
    internal async Task OpenAsync(IPage page, string name)
    {
        await page.GotoAsync(Address + name);
        await Assertions.Expect(page.Locator("#toc a").First).ToBeAttachedAsync();
        await Assertions.Expect(page.Locator("#navbar a").First).ToBeAttachedAsync();
    }

    /// <summary>Takes a picture of a page. Set STRATA_SCREENSHOTS to a folder to look at it yourself.</summary>
    internal static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("STRATA_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });
        }
    }
}
