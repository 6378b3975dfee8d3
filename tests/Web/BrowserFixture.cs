using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Xunit;
using Zoo.Networks;

namespace Strata.Web.Tests;

/// <summary>A server whose network is trained, with weights for photographs, and a browser.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    // Milliseconds. A busy machine may take long to load .NET.
    private const float Patience = 120_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("strata-web-");
    private IPlaywright? _playwright;

    internal Site Site { get; private set; } = null!;

    /// <summary>The file with the weights of <see cref="MobileNetV2"/>: a pretrained file would not come with the tests.</summary>
    internal string PhotoWeights => Path.Combine(_folder.FullName, "mobilenet.safetensors");

    /// <summary>The browser; null if there is none.</summary>
    internal IBrowser? Browser { get; private set; }

    public async ValueTask InitializeAsync()
    {
        using (var network = new MobileNetV2(new NetworkOptions { Seed = 3 }))
        {
            network.Save(PhotoWeights);
        }

        Imaging.ClassNames.Save(PhotoWeights, [.. Enumerable.Range(0, 1000).Select(i => $"thing {i}")]);
        Site = await Site.StartAsync("--Weights", Path.Combine(_folder.FullName, "none.safetensors"), "--PhotoWeights", PhotoWeights);
        await Site.TrainAsync(2);
        string[] names = ["chromium", "google-chrome"];
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        if (program is not null)
        {
            _playwright = await Playwright.CreateAsync();
            Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = program,
                Args =
                [
                    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--no-first-run",
                ],
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await Site.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Opens the page, waits until .NET runs in it, and does a test. Then the page must have no error.</summary>
    /// <param name="test">The test.</param>
    /// <param name="width">The window's width: 1,280 for a desktop, 390 for a phone.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="address">The site; null for this fixture's own.</param>
    internal async Task VisitAsync(
        Func<Visit, Task> test, int width = 1280, ColorScheme scheme = ColorScheme.Light, Uri? address = null)
    {
        Assert.False(Browser is null && Environment.GetEnvironmentVariable("CI") == "true", ".ci/run has to install chromium");
        Assert.SkipWhen(Browser is null, "install chromium");
        IBrowserContext context = await Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = scheme,
            HasTouch = width < 600,
        });
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        await using Visit visit = await Visit.BeginAsync(context, address ?? Site.Client.BaseAddress!);
        await test(visit);
        visit.Check();
    }
}
