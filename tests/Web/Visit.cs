using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Xunit;

namespace Strata.Web.Tests;

/// <summary>An open page. At the end, it must have asked no other server, and its console must have no error.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private readonly List<string> _requests = [], _errors = [];

    private Visit(IBrowserContext context, IPage page, Uri address)
    {
        (_context, Page, _address) = (context, page, address);
        page.Request += (_, request) => _requests.Add(request.Url);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _errors.Add(error);
    }

    public IPage Page { get; }

    public ILocator Answer => Page.Locator("#draw .big");

    public ILocator Paper => Page.GetByLabel("Paper for a digit");

    /// <summary>Whether an answer of the server may be an error, which the console then shows.</summary>
    public bool MayFail { get; set; }

    public static async Task<Visit> BeginAsync(IBrowserContext context, Uri address)
    {
        var visit = new Visit(context, await context.NewPageAsync(), address);
        await visit.Page.GotoAsync(address.ToString());
        await Assertions.Expect(visit.Paper).ToBeVisibleAsync(new() { Timeout = 120_000 });
        return visit;
    }

    /// <summary>Waits for an answer.</summary>
    public Task ExpectAsync(string answer) => Assertions.Expect(Answer).ToHaveTextAsync(answer, new() { Timeout = 60_000 });

    /// <summary>Draws a line with the mouse, from the left upper corner of the paper at 0 to the right lower one at 1.</summary>
    public async Task DrawAsync(params (float X, float Y)[] points)
    {
        await Paper.ScrollIntoViewIfNeededAsync();
        LocatorBoundingBoxResult box = (await Paper.BoundingBoxAsync())!;
        for (int i = 0; i < points.Length; i++)
        {
            await Page.Mouse.MoveAsync(box.X + (points[i].X * box.Width), box.Y + (points[i].Y * box.Height), new() { Steps = 4 });
            if (i == 0)
            {
                await Page.Mouse.DownAsync();
            }
        }

        await Page.Mouse.UpAsync();
    }

    /// <summary>The largest difference between the probabilities of server and browser.</summary>
    public async Task<double> DifferenceAsync() => double.Parse(
        (await Page.Locator("[data-difference]").GetAttributeAsync("data-difference"))!, CultureInfo.InvariantCulture);

    /// <summary>Takes a picture of the page. Set STRATA_SCREENSHOTS to a folder to look at it yourself.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("STRATA_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await Page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true, Path = Path.Combine(folder, name + ".png") });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.NotEmpty(_requests);
        Assert.All(_requests, request => Assert.True(
            request.StartsWith("data:", StringComparison.Ordinal) || request.StartsWith("blob:", StringComparison.Ordinal)
            || _address.IsBaseOf(new Uri(request)), request));
        if (!MayFail)
        {
            Assert.Empty(_errors);
        }
    }
}
