using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Strata.Web.Tests;

/// <summary>An open page.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private readonly ConcurrentQueue<string> _requests = [], _errors = [];

    private Visit(IBrowserContext context, IPage page, Uri address)
    {
        (_context, Page, _address) = (context, page, address);
        page.Request += (_, request) => _requests.Enqueue(request.Url);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _errors.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => _errors.Enqueue(error);
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
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Clear" })).ToBeEnabledAsync();
        return visit;
    }

    /// <summary>Takes a digit of the test set.</summary>
    public Task TakeAsync(int digit) =>
        Page.GetByRole(AriaRole.Button, new() { Name = $"The digit {digit} of the test set" }).ClickAsync();

    /// <summary>Asks axe for what would keep somebody from using the page.</summary>
    public async Task CheckAccessAsync()
    {
        AxeResult result = await Page.RunAxe();
        Assert.True(result.Passes.Length > 20);
        Assert.Empty(result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {v.Help} {n.Html}")));
    }

    /// <summary>Waits for an answer.</summary>
    public Task ExpectAsync(string answer) => Assertions.Expect(Answer).ToHaveTextAsync(answer);

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

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    /// <summary>Asserts at the end of a test that the page has asked no other server, and that its console has no error.</summary>
    public void Check()
    {
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
