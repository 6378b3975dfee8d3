using System;
using System.IO;
using System.Linq;
using Samples;
using Strata.Imaging;
using Strata.Pictures;
using Xunit;
using Zoo;

namespace Strata.Zoo.Tests;

/// <summary>The command that draws what a network looks at, and the variants of the networks that it needs.</summary>
public sealed class WhyTests : IDisposable
{
    private const int Side = 224, Gap = 8, Text = 12;

    /// <summary>A JPEG file of 44×36 pixels: a red disc on blue.</summary>
    private const string Disc =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABcQERQRDhcUEhQaGBcbIjklIh8fIkYyNSk5UkhXVVFIUE5bZoNvW2F8Yk5QcptzfIeLkpSSWG2grJ"
        + "+OqoOPko3/2wBDARgaGiIeIkMlJUONXlBejY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY3/wAARCAAk"
        + "ACwDASIAAhEBAxEB/8QAGAABAQEBAQAAAAAAAAAAAAAAAgADAQX/xAAdEAEBAQACAgMAAAAAAAAAAAAAAQIREhNBITFh/8QAGQEAAgMBAAAAAA"
        + "AAAAAAAAAAAwUBAgQA/8QAGxEAAwEBAQEBAAAAAAAAAAAAAAECEQMEIRL/2gAMAwEAAhEDEQA/APJmSmTmSmWjQCoExb9Q/Hqem2Jxl1lr0NPE"
        + "NOflTlOn9MJkurS5+V1Fm/0tAUnFOWCZKZOZKZdorVA9JpMlM/jPXPXqGnL3ZKVIzmS6tJl3quviwBXR3TpmchSJJFqFI7IkgMhSO8JKhUf/2Q"
        + "==";

    private readonly string _directory = Directory.CreateTempSubdirectory("why").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Why_draws_the_picture_and_four_maps_of_a_JPEG_file()
    {
        string input = Path.Combine(_directory, "disc.jpg"), weights = Path.Combine(_directory, "net.safetensors");
        File.WriteAllBytes(input, Convert.FromBase64String(Disc));
        using CompiledNetwork network = ZooNetwork.Find("net")!.Create(new NetworkOptions { Seed = 7 });
        network.Save(weights);
        var toInput = new ImagePreprocessing(32, 32)
        {
            ShorterSide = 36,
            Mean = ImagePreprocessing.ImageNet.Mean,
            Std = ImagePreprocessing.ImageNet.Std,
        };
        float[] image = new float[toInput.Length], scores = new float[10];
        toInput.Apply(ImageFile.Read(input), image);
        network.Forward(image, scores);
        int best = ClassNames.Top(scores, 1)[0].Class;

        Picture chosen = Draw(input, out string output, "--weights", weights);
        Assert.StartsWith($"net: first choice is class {best}; picture for class {best} written to ", output, StringComparison.Ordinal);
        Assert.Contains("Grad-CAM: where conv2 found", output, StringComparison.Ordinal);

        // The shorter side has become 36 pixels, which it had; the middle 32 by 32 of them are shown, seven for one.
        Picture seen = chosen.Crop((chosen.Width - Side) / 2, Gap, Side, Side), expected = ImageFile.Read(input).CenterCrop(32, 32);
        Assert.All(Enumerable.Range(0, 32 * 32), i => Assert.Equal(expected[i % 32, i / 32], seen[i % 32 * 7, i / 32 * 7]));
        Assert.Equal(4, Maps(chosen).Distinct().Count());

        // Another class has other maps, and so have other weights.
        int second = (best + 1) % 10;
        string[] others = Maps(Draw(input, out output, "--weights", weights, "--class", $"{second}"));
        Assert.StartsWith($"net: first choice is class {best}; picture for class {second} written to ", output, StringComparison.Ordinal);
        Assert.All(Maps(chosen).Zip(others), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.NotEqual(Maps(chosen), Maps(Draw(input, out _, "--class", $"{best}")));
        Assert.Equal(Maps(chosen), Maps(Draw(input, out _, "--class", $"{best}", "--weights", weights)));
    }

    [Fact]
    public void What_is_no_picture_or_does_not_fit_is_named()
    {
        string input = Path.Combine(_directory, "input.jpg"), output = Path.Combine(_directory, "why.png");
        File.WriteAllText(input, "not a picture");
        (int code, _, string error) = Run("why", "net", "--input", input, "--output", output);
        Assert.Equal(1, code);
        Assert.StartsWith($"error: {input}: ", error, StringComparison.Ordinal);
        Assert.Equal(1, Run("why", "net", "--input", Path.Combine(_directory, "missing.jpg"), "--output", output).Code);

        File.WriteAllBytes(input, Convert.FromBase64String(Disc));
        string weights = Path.Combine(_directory, "net.safetensors");
        using (CompiledNetwork network = ZooNetwork.Find("net")!.Create(new NetworkOptions()))
        {
            network.Save(weights);
        }

        // Where the variant has one layer more, it finds out by itself what does not fit.
        (code, _, error) = Run("why", "resnet18", "--input", input, "--output", output, "--weights", weights);
        Assert.Equal(1, code);
        Assert.StartsWith($"error: {weights}: ", error, StringComparison.Ordinal);
        Assert.Equal(1, Run("why", "squeezenet1_1", "--input", input, "--output", output, "--weights", weights).Code);
        Assert.False(File.Exists(output));
    }

    /// <summary>So that a map explains what the zoo's network answers.</summary>
    [Theory]
    [InlineData("net")]
    [InlineData("alexnet")]
    [InlineData("squeezenet1_1")]
    [InlineData("resnet18")]
    public void A_variant_takes_the_same_file_and_computes_the_same(string name)
    {
        Assert.Contains(name, Explained.Names);
        ZooNetwork zoo = ZooNetwork.Find(name)!;
        string weights = Path.Combine(_directory, name + ".safetensors");
        float[] image = ZooGolden.Uniforms(name, zoo.InputLength), expected = new float[zoo.OutputLength], actual = new float[zoo.OutputLength];
        using (CompiledNetwork network = zoo.Create(new NetworkOptions { Seed = 5 }))
        {
            network.Save(weights);
            network.Forward(image, expected);
        }

        Explained explained = Explained.Find(name)!;
        using CompiledNetwork variant = explained.Open(weights, seed: 6);
        variant.Forward(image, actual);

        // Other fusions round otherwise.
        float range = expected.Max() - expected.Min();
        Assert.True(range > 0);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * range));
        int best = ClassNames.Top(expected, 1)[0].Class;
        using var attention = Attention.Of(variant);
        AttentionMap map = attention.GradCam(explained.Layer, image, best);
        Assert.Equal((zoo.Info.InputShape[1], zoo.Info.InputShape[2]), (map.Height, map.Width));
        Assert.True(attention.Saliency(image, best).Values.ToArray().Max() > 0);
    }

    private Picture Draw(string input, out string text, params string[] options)
    {
        string output = Path.Combine(_directory, "why.png");
        (int code, text, string error) = Run(["why", "net", "--input", input, "--output", output, .. options]);
        Assert.Equal((0, ""), (code, error));
        return Picture.Load(output);
    }

    /// <summary>The colours of the four maps.</summary>
    private static string[] Maps(Picture picture) =>
    [
        .. Enumerable.Range(0, 4).Select(i => picture.Crop(Gap + (i * (Side + Gap)), picture.Height - Text - Side, Side, Side))
            .Select(map => string.Join(' ', Enumerable.Range(0, 32 * 32).Select(i => map[i % 32 * 7, i / 32 * 7]))),
    ];

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = Program.Run(args, new Terminal(output, error, interactive: false));
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }
}
