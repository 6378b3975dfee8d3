using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Strata.Imaging;
using Strata.Pictures;
using Xunit;
using Zoo.Networks;

namespace Strata.Web.Tests;

/// <summary>The page of samples/Web in a real browser.</summary>
public sealed class PageTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Server_and_browser_read_a_digit_alike()
    {
        await using Visit visit = await fixture.OpenAsync();
        foreach (int digit in new[] { 7, 0 })
        {
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = $"The digit {digit} of the test set" }).ClickAsync();
            await visit.ExpectAsync($"This is a {digit}.");

            // Sums of up to 400 products, each rounded to 2⁻²⁴, in five layers: see HostTests. The browser has no fused multiply-add.
            Assert.InRange(await visit.DifferenceAsync(), 0, 1e-5);
        }

        Assert.Matches("^[0-9.]+ (µs|ms)$", await visit.Page.Locator("[data-time=server]").InnerTextAsync());
        Assert.Matches("^[0-9.]+ (µs|ms)$", await visit.Page.Locator("[data-time=browser]").InnerTextAsync());
    }

    [Fact]
    public async Task The_layers_maps_and_what_the_network_looks_at_are_drawn()
    {
        await using Visit visit = await fixture.OpenAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "The digit 3 of the test set" }).ClickAsync();
        await visit.ExpectAsync("This is a 3.");
        string[] pictures = await visit.Page.Locator("#draw figure img")
            .EvaluateAllAsync<string[]>("images => images.map(i => `${i.naturalWidth}×${i.naturalHeight}`)");

        // Six maps of 28×28 in a row, sixteen of 10×10 in two rows, with a pixel around each; two maps of the picture.
        Assert.Equal(["175×30", "89×23", "28×28", "28×28"], pictures);
    }

    [Fact]
    public async Task A_digit_drawn_with_the_mouse_is_read_and_cleared()
    {
        await using Visit visit = await fixture.OpenAsync();
        await visit.DrawAsync((.5f, .15f), (.5f, .85f));
        await visit.ExpectAsync("This is a 1.");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await visit.ExpectAsync("Draw, or take a digit from the test set.");
        await visit.DrawAsync((.25f, .2f), (.75f, .2f), (.45f, .85f));
        await visit.ExpectAsync("This is a 7.");
    }

    [Fact]
    public async Task A_digit_is_drawn_with_the_keyboard_alone()
    {
        await using Visit visit = await fixture.OpenAsync();
        await visit.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(visit.Page.GetByText("Skip to the paper")).ToBeFocusedAsync();
        while (!await visit.Paper.EvaluateAsync<bool>("paper => paper === document.activeElement"))
        {
            await visit.Page.Keyboard.PressAsync("Tab");
        }

        await visit.Page.Keyboard.PressAsync("Space");
        for (int i = 0; i < 14; i++)
        {
            await visit.Page.Keyboard.PressAsync("ArrowDown");
        }

        await visit.ExpectAsync("This is a 1.");
        await visit.Page.Keyboard.PressAsync("Delete");
        await visit.ExpectAsync("Draw, or take a digit from the test set.");
    }

    [Fact]
    public async Task Training_draws_its_curves_and_its_weights_read_the_next_digit()
    {
        await using Site site = await Site.StartAsync("--Weights", "none.safetensors");
        await using Visit visit = await fixture.OpenAsync(address: site.Client.BaseAddress);
        await visit.DrawAsync((.5f, .15f), (.5f, .85f));
        await visit.ExpectAsync("There are no weights yet: train the network below.");
        await visit.Page.GetByLabel("Epochs").FillAsync("2");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Train" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#train [role=status]"))
            .ToContainTextAsync("The new weights are in use.", new() { Timeout = 60_000 });
        Assert.Equal(2, await visit.Page.Locator("#train circle").CountAsync());
        string points = (await visit.Page.Locator("polyline.loss").GetAttributeAsync("points"))!;
        Assert.True(points.Split(' ').Length > 2, points);
        string description = (await visit.Page.Locator("#train svg").GetAttributeAsync("aria-label"))!;
        Assert.Contains("the accuracy is 9", description, StringComparison.Ordinal);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "The digit 7 of the test set" }).ClickAsync();
        await visit.ExpectAsync("This is a 7.");
        await visit.PictureAsync("trained");
    }

    [Fact]
    public async Task A_stopped_training_leaves_the_weights_and_lets_another_begin()
    {
        await using Visit visit = await fixture.OpenAsync();
        await visit.Page.GetByLabel("Epochs").FillAsync("20");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Train" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("polyline.loss")).ToBeAttachedAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        ILocator status = visit.Page.Locator("#train [role=status]");
        await Assertions.Expect(status).ToHaveTextAsync("Stopped. The weights stay as they were.");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "The digit 7 of the test set" }).ClickAsync();
        await visit.ExpectAsync("This is a 7.");
    }

    [Fact]
    public async Task A_photograph_gets_the_networks_five_likeliest_classes()
    {
        var picture = new Picture(320, 260);
        for (int i = 0; i < 320 * 260; i++)
        {
            picture[i % 320, i / 320] = new Rgb((byte)(i % 320), (byte)(i / 320), (byte)(i * 7));
        }

        using var file = new MemoryStream();
        picture.Save(file);
        float[] input = new float[ImagePreprocessing.ImageNet.Length], scores = new float[MobileNetV2.OutputLength];
        ImagePreprocessing.ImageNet.Apply(picture, input);
        using (var network = new MobileNetV2(new NetworkOptions { Weights = fixture.PhotoWeights }))
        {
            network.Forward(input, scores);
        }

        await using Visit visit = await fixture.OpenAsync();
        await visit.Page.Locator("#photograph input").SetInputFilesAsync(new FilePayload
        {
            Name = "ramp.png",
            MimeType = "image/png",
            Buffer = file.ToArray(),
        });
        ILocator rows = visit.Page.Locator("#photograph tbody th");
        await Assertions.Expect(rows).ToHaveCountAsync(5, new() { Timeout = 60_000 });
        Assert.Equal(ClassNames.Top(scores).Select(top => $"thing {top.Class}"), await rows.AllInnerTextsAsync());
        await visit.PictureAsync("photograph");
        Assert.Equal(224, await visit.Page.Locator("#photograph img").EvaluateAsync<int>("image => image.naturalWidth"));
    }

    [Fact]
    public async Task A_damaged_photograph_is_refused_with_the_reason()
    {
        await using Visit visit = await fixture.OpenAsync();
        visit.MayFail = true;
        await visit.Page.Locator("#photograph input").SetInputFilesAsync(new FilePayload
        {
            Name = "letter.png",
            MimeType = "image/png",
            Buffer = "Dear network"u8.ToArray(),
        });
        await Assertions.Expect(visit.Page.Locator("#photograph [role=status]"))
            .ToContainTextAsync("letter.png: ", new() { Timeout = 60_000 });
        await Assertions.Expect(visit.Page.Locator("#photograph [role=status]")).Not.ToContainTextAsync("looks at");
    }

    [Fact]
    public async Task The_diagram_is_drawn_by_the_browser()
    {
        await using Visit visit = await fixture.OpenAsync();
        ILocator diagram = visit.Page.Locator("#network img");
        Assert.True(await diagram.EvaluateAsync<int>("image => image.naturalHeight") > 300);
        Assert.Contains("conv1, relu1, pool1", await diagram.GetAttributeAsync("alt"), StringComparison.Ordinal);
        await Assertions.Expect(visit.Page.Locator("#network")).ToContainTextAsync("61,706 parameters");
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Everybody_can_use_the_page(int width, ColorScheme scheme)
    {
        await using Visit visit = await fixture.OpenAsync(width, scheme);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "The digit 8 of the test set" }).ClickAsync();
        await visit.ExpectAsync("This is a 8.");
        await visit.PictureAsync($"page-{width}-{scheme.ToString().ToLowerInvariant()}");
        AxeResult result = await visit.Page.RunAxe();
        Assert.True(result.Passes.Length > 20);
        Assert.Empty(result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {v.Help} {n.Html}")));
        Assert.Equal(width, await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }
}
