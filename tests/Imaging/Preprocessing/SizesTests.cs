using System;
using System.Linq;
using Strata.Pictures;
using Xunit;

namespace Strata.Imaging.Tests;

/// <summary>Declares four sizes besides that of its input.</summary>
[Network, Input(3, 64, 64), Sizes(Height = new[] { 32, 48 }, Width = new[] { 48, 64 }), Conv2D(2, 3, Padding = 1), Sigmoid]
internal sealed partial class Fitting;

/// <summary>Declared with one of these sizes.</summary>
[Network, Input(3, 32, 64), Conv2D(2, 3, Padding = 1), Sigmoid]
internal sealed partial class Fitted;

/// <summary>Pictures as inputs of networks that have several sizes.</summary>
public sealed class SizesTests
{
    private static CompiledNetwork Net(CompileOptions compile, int channels = 3) => new NetworkBuilder(channels, 64, 64)
        .Conv2D(2, 3, padding: 1).Compile(new NetworkOptions { Threads = 1, Seed = 1 }, compile);

    private static Picture White(int width, int height)
    {
        var picture = new Picture(width, height);
        for (int y = 0; y < height; y++)
        {
            picture.Row(y).Fill(new Rgb(255, 255, 255));
        }

        return picture;
    }

    [Theory]
    [InlineData(640, 480, 64, 64)]
    [InlineData(640, 200, 64, 32)]
    [InlineData(100, 640, 32, 64)]
    [InlineData(10, 5, 64, 32)]
    public void A_letterbox_takes_the_smallest_multiple_that_holds_the_picture(int width, int height, int inputWidth, int inputHeight)
    {
        using CompiledNetwork net = Net(new CompileOptions { SizeMultiple = 32 });
        var toInput = new ImagePreprocessing(64, 64) { Fit = ImageFit.Letterbox, Fill = new Rgb(114, 114, 114) };
        SizedInput fitted = toInput.Apply(White(width, height), net);
        Assert.Same(net.At(inputHeight, inputWidth), fitted.Network);
        var fixedSize = new ImagePreprocessing(inputWidth, inputHeight) { Fit = ImageFit.Letterbox, Fill = new Rgb(114, 114, 114) };
        float[] expected = new float[fixedSize.Length];
        Assert.Equal(fixedSize.Apply(White(width, height), expected), fitted.Placement);
        Assert.Equal(expected, fitted.Input);
        Assert.Equal(fixedSize, toInput.For(net, width, height) with { ShorterSide = fixedSize.ShorterSide });

        // A box goes to the input, where it lies inside, and back.
        var box = new Box(1, 2, width - 1, height - 2);
        Box inside = fitted.Placement.ToInput(box), back = fitted.Placement.ToPicture(inside);
        Assert.Equal(inside, inside.Clip(inputWidth, inputHeight));
        Assert.All(Box.ToTensor([box]).Zip(Box.ToTensor([back])), pair => Assert.Equal(pair.First, pair.Second, 0.01f));
    }

    [Fact]
    public void A_list_has_the_smallest_size_that_holds_the_picture()
    {
        using CompiledNetwork net = Net(new CompileOptions { Sizes = [[48, 160], [48, 320]] });
        var toInput = new ImagePreprocessing(320, 48) { Fit = ImageFit.Letterbox };
        Assert.Equal((160, 48), Size(toInput.For(net, 300, 100)));
        Assert.Equal((320, 48), Size(toInput.For(net, 400, 100)));
        Assert.Equal((320, 48), Size(toInput.For(net, 4000, 100)));
        Assert.Equal((64, 64), Size(toInput.For(net, 100, 100)));
        Assert.Contains(
            "fits into no size", Assert.Throws<ArgumentException>(
                () => new ImagePreprocessing(640, 640) { Fit = ImageFit.Letterbox }.For(net, 10, 10)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_takes_a_picture_at_the_smallest_of_the_sizes_that_it_declares()
    {
        using var net = new Fitting(new NetworkOptions { Threads = 1, Seed = 1 });
        using var alone = new Fitted(new NetworkOptions { Threads = 1 });
        alone.CopyParametersFrom(net);
        var toInput = new ImagePreprocessing(64, 64) { Fit = ImageFit.Letterbox, Fill = new Rgb(114, 114, 114) };
        (int Width, int Height, int[] Size)[] cases =
            [(640, 310, [32, 64]), (640, 400, [48, 64]), (300, 400, [64, 64]), (640, 480, [48, 64]), (64, 8, [32, 64])];
        foreach ((int width, int height, int[] size) in cases)
        {
            Assert.Same(net.At(size), toInput.Apply(White(width, height), net).Network);
        }

        // The network's numbers there are those of the class that has this size alone, and the picture prepared for it.
        SizedInput fitted = toInput.Apply(White(640, 310), net);
        float[] input = new float[Fitted.InputLength], expected = new float[Fitted.OutputLength], output = new float[Fitted.OutputLength];
        new ImagePreprocessing(64, 32) { Fit = toInput.Fit, Fill = toInput.Fill }.Apply(White(640, 310), input);
        alone.Forward(input, expected);
        fitted.Network.Forward(fitted.Input, output);
        Assert.Equal(expected, output);
        Assert.Contains(
            "fits into no size of Fitting", Assert.Throws<ArgumentException>(
                () => new ImagePreprocessing(80, 64) { Fit = ImageFit.Letterbox }.Apply(White(80, 64), net)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Padding_keeps_the_pixels_of_a_small_picture()
    {
        using CompiledNetwork net = Net(new CompileOptions { SizeMultiple = 8 });
        var toInput = new ImagePreprocessing(64, 64) { Fit = ImageFit.Pad, Fill = new Rgb(0, 0, 255) };
        var picture = new Picture(11, 5);
        for (int y = 0; y < 5; y++)
        {
            for (int x = 0; x < 11; x++)
            {
                picture.Row(y)[x] = new Rgb((byte)(20 * x), (byte)(50 * y), 0);
            }
        }

        SizedInput fitted = toInput.Apply(picture, net);
        Assert.Equal([3, 8, 16], fitted.Network.Info.InputShape);
        Assert.Equal(new ImagePlacement(1, 1, 2, 1), fitted.Placement);
        for (int y = 0; y < 8; y++)
        {
            for (int x = 0; x < 16; x++)
            {
                bool isPicture = x is >= 2 and < 13 && y is >= 1 and < 6;
                float[] expected = isPicture ? [20 * (x - 2) / 255f, 50 * (y - 1) / 255f, 0] : [0, 0, 1];
                Assert.Equal(expected, Enumerable.Range(0, 3).Select(channel => fitted.Input[(((channel * 8) + y) * 16) + x]));
            }
        }

        // One that is too large shrinks.
        Assert.Equal([3, 32, 64], toInput.Apply(White(640, 310), net).Network.Info.InputShape);
    }

    [Fact]
    public void Stretching_leaves_no_rest()
    {
        using CompiledNetwork net = Net(new CompileOptions { SizeMultiple = 32 });
        SizedInput fitted = new ImagePreprocessing(64, 64) { Fit = ImageFit.Stretch }.Apply(White(600, 250), net);
        Assert.Equal([3, 32, 64], fitted.Network.Info.InputShape);
        Assert.Equal(new ImagePlacement(64f / 600, 32f / 250, 0, 0), fitted.Placement);
        Assert.All(fitted.Input, value => Assert.Equal(1, value));
    }

    [Fact]
    public void What_has_no_size_for_a_picture_is_refused()
    {
        using CompiledNetwork net = Net(new CompileOptions { SizeMultiple = 32 }), grey = Net(new CompileOptions(), channels: 1);
        var letterbox = new ImagePreprocessing(64, 64) { Fit = ImageFit.Letterbox };
        Assert.Contains(
            "Crop cuts all pictures to one size",
            Assert.Throws<InvalidOperationException>(() => new ImagePreprocessing(64, 64).For(net, 9, 9)).Message,
            StringComparison.Ordinal);
        Assert.Equal(
            "The preprocessing makes one picture with 3 channels; Network takes 1×64×64. (Parameter 'network')",
            Assert.Throws<ArgumentException>(() => letterbox.For(grey, 9, 9)).Message);
        Assert.NotNull((letterbox with { Grayscale = true }).For(grey, 9, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => letterbox.For(net, 0, 9));
        Assert.Throws<InvalidOperationException>(() => letterbox.Apply(default(PixelBuffer), net));
    }

    private static (int Width, int Height) Size(ImagePreprocessing preprocessing) => (preprocessing.Width, preprocessing.Height);
}
