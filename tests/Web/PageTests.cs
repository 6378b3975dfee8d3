using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
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
        await fixture.VisitAsync(async visit =>
        {
            foreach (int digit in new[] { 7, 0 })
            {
                await visit.TakeAsync(digit);
                await visit.ExpectAsync($"The answer is {digit}.");

                // The server's answer comes after the browser's.
                await Assertions.Expect(visit.Page.Locator("#draw tbody tr").Nth(digit).Locator(".number").First)
                    .ToHaveTextAsync(new Regex("^([5-9][0-9]|100)\\."));

                // Sums of up to 400 products, each rounded to 2⁻²⁴, in five layers: see HostTests. The browser has no fused multiply-add.
                Assert.InRange(await visit.DifferenceAsync(), 0, 1e-5);
            }

            Assert.Matches("^[0-9.]+ (µs|ms)$", await visit.Page.Locator("[data-time=server]").InnerTextAsync());
            Assert.Matches("^[0-9.]+ (µs|ms)$", await visit.Page.Locator("[data-time=browser]").InnerTextAsync());
        });
    }

    [Fact]
    public async Task The_layers_maps_and_what_the_network_looks_at_are_drawn()
    {
        await fixture.VisitAsync(async visit =>
        {
            await visit.TakeAsync(3);
            await visit.ExpectAsync("The answer is 3.");
            ILocator images = visit.Page.Locator("#draw figure img");
            await Assertions.Expect(images).ToHaveCountAsync(4);
            string[] pictures = await images.EvaluateAllAsync<string[]>(
                "images => images.map(i => `${i.naturalWidth}×${i.naturalHeight}`)");

            // Six maps of 28×28 in a row, sixteen of 10×10 in two rows, with a pixel around each; two maps of the picture.
            Assert.Equal(["175×30", "89×23", "28×28", "28×28"], pictures);
        });
    }

    [Fact]
    public async Task A_digit_drawn_with_the_mouse_is_read_and_cleared()
    {
        await fixture.VisitAsync(async visit =>
        {
            await visit.DrawAsync((.5f, .15f), (.5f, .85f));
            await visit.ExpectAsync("The answer is 1.");
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
            await visit.ExpectAsync("Draw, or take a digit of the test set.");
            await visit.DrawAsync((.25f, .2f), (.75f, .2f), (.45f, .85f));
            await visit.ExpectAsync("The answer is 7.");
        });
    }

    [Fact]
    public async Task A_digit_is_drawn_with_the_keyboard_alone()
    {
        await fixture.VisitAsync(async visit =>
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            await Assertions.Expect(visit.Page.GetByText("Skip to the paper")).ToBeFocusedAsync();
            for (int i = 0; i < 10 && !await visit.Paper.EvaluateAsync<bool>("paper => paper === document.activeElement"); i++)
            {
                await visit.Page.Keyboard.PressAsync("Tab");
            }

            await visit.Page.Keyboard.PressAsync("Space");
            await Assertions.Expect(visit.Page.Locator(".sheet ~ [role=status]")).ToHaveTextAsync("Pen down");
            await Assertions.Expect(visit.Page.Locator(".cursor.down")).ToBeVisibleAsync();
            for (int i = 0; i < 14; i++)
            {
                await visit.Page.Keyboard.PressAsync("ArrowDown");
            }

            await visit.ExpectAsync("The answer is 1.");
            await visit.Page.Keyboard.PressAsync("Delete");
            await visit.ExpectAsync("Draw, or take a digit of the test set.");
        });
    }

    [Fact]
    public async Task Training_draws_its_curves_and_its_weights_read_the_next_digit()
    {
        await using Site site = await Site.StartAsync("--Weights", "none.safetensors");
        await fixture.VisitAsync(async visit =>
        {
            await visit.DrawAsync((.5f, .15f), (.5f, .85f));
            await visit.ExpectAsync("There are no weights yet: train the network below.");
            await visit.CheckAccessAsync();
            await visit.Page.GetByLabel("Epochs").FillAsync("2");
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Train" }).ClickAsync();
            await Assertions.Expect(visit.Page.Locator("#train [role=status]")).ToContainTextAsync("The new weights are in use.");
            Assert.Equal(2, await visit.Page.Locator("#train circle").CountAsync());
            string points = (await visit.Page.Locator("polyline.loss").GetAttributeAsync("points"))!;
            Assert.True(points.Split(' ').Length > 2, points);
            string description = (await visit.Page.Locator("#train svg").GetAttributeAsync("aria-label"))!;
            Assert.Matches("the accuracy is (9[0-9]\\.[0-9]|100\\.0) %", description);

            // What was drawn before is read now.
            await visit.ExpectAsync("The answer is 1.");
            await visit.TakeAsync(7);
            await visit.ExpectAsync("The answer is 7.");
            await visit.CheckAccessAsync();
            await visit.PictureAsync("trained");
        }, address: site.Client.BaseAddress);
    }

    [Fact]
    public async Task A_stopped_training_leaves_the_weights_and_lets_another_begin()
    {
        await fixture.VisitAsync(async visit =>
        {
            await visit.Page.GetByLabel("Epochs").FillAsync("20");
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Train" }).ClickAsync();
            await Assertions.Expect(visit.Page.Locator("polyline.loss")).ToBeAttachedAsync();
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
            ILocator status = visit.Page.Locator("#train [role=status]");
            await Assertions.Expect(status).ToHaveTextAsync("Stopped. The weights stay as they were.");
            await visit.TakeAsync(7);
            await visit.ExpectAsync("The answer is 7.");
        });
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

        await fixture.VisitAsync(async visit =>
        {
            await visit.Page.Locator("#photo input").SetInputFilesAsync(new FilePayload
            {
                Name = "ramp.png",
                MimeType = "image/png",
                Buffer = file.ToArray(),
            });
            ILocator rows = visit.Page.Locator("#photo tbody th");
            await Assertions.Expect(rows).ToHaveCountAsync(5);
            Assert.Equal(ClassNames.Top(scores).Select(top => $"thing {top.Class}"), await rows.AllInnerTextsAsync());
            await visit.PictureAsync("photograph");
            await visit.CheckAccessAsync();
            Assert.Equal(224, await visit.Page.Locator("#photo img").EvaluateAsync<int>("image => image.naturalWidth"));
        });
    }

    [Fact]
    public async Task A_damaged_photograph_is_refused_with_the_reason()
    {
        byte[] file = "Dear network"u8.ToArray();
        using var content = new ByteArrayContent(file);
        using HttpResponseMessage response = await fixture.Site.Client.PostAsync(
            new Uri("api/photos", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await fixture.VisitAsync(async visit =>
        {
            visit.MayFail = true;
            await visit.Page.Locator("#photo input").SetInputFilesAsync(
                new FilePayload { Name = "letter.png", MimeType = "image/png", Buffer = file });
            await Assertions.Expect(visit.Page.Locator("#photo [role=status]"))
                .ToContainTextAsync("letter.png: this is text, no image: it begins with 'Dear network'");
            await visit.CheckAccessAsync();
        });
    }

    [Fact]
    public async Task The_diagram_is_drawn_by_the_browser()
    {
        await fixture.VisitAsync(async visit =>
        {
            ILocator diagram = visit.Page.Locator("#network img");
            Assert.True(await diagram.EvaluateAsync<int>("image => image.naturalHeight") > 300);
            Assert.Contains("conv1, relu1, pool1", await diagram.GetAttributeAsync("alt"), StringComparison.Ordinal);
            await Assertions.Expect(visit.Page.Locator("#network")).ToContainTextAsync("61,706 parameters");
        });
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Everybody_can_use_the_page(int width, ColorScheme scheme)
    {
        await fixture.VisitAsync(async visit =>
        {
            await visit.TakeAsync(8);
            await visit.ExpectAsync("The answer is 8.");
            await visit.PictureAsync($"page-{width}-{scheme.ToString().ToLowerInvariant()}");
            await visit.CheckAccessAsync();
            Assert.Equal(width, await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }, width, scheme);
    }
}
