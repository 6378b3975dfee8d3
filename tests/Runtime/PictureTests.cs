using System;
using System.IO;
using System.Linq;
using Strata.Pictures;
using Xunit;

namespace Strata.Runtime.Tests;

public sealed class PictureTests : IDisposable
{
    private static readonly Rgb Back = new PictureOptions().Background;
    private static readonly Rgb White = new(247, 247, 247), Red = new(110, 0, 30), Blue = new(10, 45, 100), Magenta = new(255, 0, 255);
    private static readonly Rgb Violet = new(68, 1, 84), Teal = new(33, 145, 140), Yellow = new(253, 231, 37);
    private static readonly PictureOptions Small = new() { Enlargement = 1, Gap = 1 };

    private readonly string _directory = Directory.CreateTempSubdirectory("pictures").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Kernels_of_several_channels_stand_in_rows_blue_below_zero_and_red_above()
    {
        // Two kernels of two channels of 1×2.
        var picture = Picture.OfKernels([-4, 0, 4, 2, 0, 0, 0, -2], [2, 2, 1, 2], Small);
        AssertPixels(
            picture,
            [
                [Back, Back, Back, Back, Back, Back, Back],
                [Back, Blue, White, Back, Red, new(222, 112, 95), Back],
                [Back, Back, Back, Back, Back, Back, Back],
                [Back, White, White, Back, White, new(100, 158, 205), Back],
                [Back, Back, Back, Back, Back, Back, Back],
            ]);
    }

    [Fact]
    public void Each_kernel_may_have_a_scale_of_its_own()
    {
        var picture = Picture.OfKernels([-4, 0, 4, 2, 0, 0, 0, -2], [2, 2, 1, 2], Small with { ScaleEach = true });
        Assert.Equal((Blue, Red), (picture[1, 1], picture[4, 1]));
        Assert.Equal((White, Blue), (picture[1, 3], picture[5, 3]));
    }

    [Fact]
    public void Kernels_of_three_channels_are_red_green_and_blue_and_grey_at_zero()
    {
        var picture = Picture.OfKernels([-1, 0, 0, 0, 0.5f, 1], [1, 3, 1, 2], Small);
        AssertPixels(picture, [[Back, Back, Back, Back], [Back, new(0, 128, 191), new(128, 128, 255), Back], [Back, Back, Back, Back]]);

        // Where colours are named, a channel is a tile.
        picture = Picture.OfKernels([-1, 0, 0, 0, 0.5f, 1], [1, 3, 1, 2], Small with { Colors = ColorMap.Grey });
        Assert.Equal((10, 3), (picture.Width, picture.Height));
        Assert.Equal((new Rgb(0, 0, 0), new Rgb(255, 255, 255)), (picture[1, 1], picture[8, 1]));
    }

    [Theory]
    [InlineData(7, 6, 4, 5)] // (O, I): an image
    [InlineData(9, 13, 4, 5, 3)] // (O, I, K): an image for each, two in a row
    [InlineData(8, 7, 5, 6, 1, 1)] // 1×1 kernels: an image
    [InlineData(9, 7, 4, 1, 2, 3)] // one channel: side by side
    [InlineData(25, 9, 2, 3, 2, 3, 3)] // volumes: planes in a row
    public void The_axes_of_a_weight_become_tiles(int width, int height, params int[] shape)
    {
        var picture = Picture.OfKernels(LinearNetwork.Noise(Product(shape), 1), shape, Small);
        Assert.Equal((width, height), (picture.Width, picture.Height));
    }

    [Theory]
    [InlineData(7, 3, 5)] // (F): a row
    [InlineData(7, 6, 4, 5)] // (C, L): an image
    [InlineData(7, 3, 5, 1, 1)] // global pooling: a row
    [InlineData(10, 5, 6, 1, 2)] // six maps: three in a row
    [InlineData(9, 10, 3, 2, 2, 3)] // volumes: planes in a row
    public void The_axes_of_an_activation_become_tiles(int width, int height, params int[] shape)
    {
        var picture = Picture.OfActivation(LinearNetwork.Noise(Product(shape), 1), shape, Small);
        Assert.Equal((width, height), (picture.Width, picture.Height));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 4, 2)]
    [InlineData(16, 4, 4)]
    [InlineData(20, 5, 4)]
    [InlineData(96, 12, 8)]
    [InlineData(192, 16, 12)]
    public void Maps_fill_about_a_square(int maps, int columns, int rows)
    {
        var picture = Picture.OfActivation(new float[maps * 4], [maps, 2, 2], Small);
        Assert.Equal((1 + (3 * columns), 1 + (3 * rows)), (picture.Width, picture.Height));
    }

    [Fact]
    public void Maps_go_from_violet_over_teal_to_yellow_and_places_that_are_left_show_the_background()
    {
        var picture = Picture.OfActivation([-1, 0, 1, 1, 1, 1], [3, 1, 2], Small with { Columns = 2, Enlargement = 2 });
        AssertPixels(
            picture,
            [
                [Back, Back, Back, Back, Back, Back, Back, Back, Back, Back, Back],
                [Back, Violet, Violet, Teal, Teal, Back, Yellow, Yellow, Yellow, Yellow, Back],
                [Back, Violet, Violet, Teal, Teal, Back, Yellow, Yellow, Yellow, Yellow, Back],
                [Back, Back, Back, Back, Back, Back, Back, Back, Back, Back, Back],
                [Back, Yellow, Yellow, Yellow, Yellow, Back, Back, Back, Back, Back, Back],
                [Back, Yellow, Yellow, Yellow, Yellow, Back, Back, Back, Back, Back, Back],
                [Back, Back, Back, Back, Back, Back, Back, Back, Back, Back, Back],
            ]);

        // By itself, a map of one value has no range: it is all least.
        picture = Picture.OfActivation([-1, 0, 1, 1, 1, 1], [3, 1, 2], Small with { ScaleEach = true });
        Assert.Equal((Violet, Yellow, Violet, Violet), (picture[1, 1], picture[2, 1], picture[4, 1], picture[5, 1]));
    }

    [Fact]
    public void What_is_not_finite_is_magenta_and_has_no_part_in_the_scale()
    {
        float[] values = [float.NaN, float.PositiveInfinity, 0, 1, float.NegativeInfinity, 0.5f];
        var picture = Picture.OfActivation(values, [1, 1, 6], Small with { Gap = 0 });
        AssertPixels(picture, [[Magenta, Magenta, Violet, Yellow, Magenta, Teal]]);
        Assert.Equal(Magenta, Picture.OfKernels([float.NaN, 1, 1, 1, 1, 1], [1, 3, 1, 2], Small)[1, 1]);

        // The largest floats have a difference that is none.
        picture = Picture.OfActivation([float.MinValue, 0, float.MaxValue], [3], Small with { Gap = 0 });
        AssertPixels(picture, [[Violet, Teal, Yellow]]);
        Assert.All(Enum.GetValues<ColorMap>(), map =>
            Assert.Equal(Magenta, Picture.OfActivation([float.NaN], [1], Small with { Colors = map })[1, 1]));
    }

    [Fact]
    public void Pictures_are_as_large_as_fits_1024_pixels()
    {
        Assert.Equal((152, 80), Size(Picture.OfActivation(new float[32], [2, 4, 4])));
        Assert.Equal((944, 631), Size(Picture.OfActivation(new float[6 * 784], [6, 28, 28])));
        Assert.Equal((4004, 5), Size(Picture.OfActivation(new float[4000], [4000])));
    }

    [Fact]
    public void A_network_that_observes_a_layer_is_drawn_by_its_name()
    {
        using var network = new LinearNetwork(new NetworkOptions { Observe = ["dense1"] });
        Assert.Throws<ArgumentOutOfRangeException>("sample", () => Picture.OfActivation(network, "dense1"));
        float[] outputs = new float[2 * LinearNetwork.Outputs];
        network.Forward(LinearNetwork.Noise(2 * LinearNetwork.Inputs, 3), outputs);
        AssertSame(
            Picture.OfActivation(outputs.AsSpan(LinearNetwork.Outputs), [LinearNetwork.Outputs]),
            Picture.OfActivation(network, "dense1", sample: 1));
        AssertSame(Picture.OfKernels(network.Values(0), [5, 7]), Picture.OfKernels(network.Weight));
        Assert.Contains(
            "The last call of Linear had 2 samples",
            Assert.Throws<ArgumentOutOfRangeException>("sample", () => Picture.OfActivation(network, "dense1", 2)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("layer", () => Picture.OfActivation(network, "dense2"));
        Assert.Contains(
            "'dense1.bias (5)' has no kernels", Assert.Throws<ArgumentException>("weight", () => Picture.OfKernels(network.Bias)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_both_sizes()
    {
        Assert.Contains(
            "(2, 3, 4, 4) has 96 numbers; here are 95",
            Assert.Throws<ArgumentException>("weight", () => Picture.OfKernels(new float[95], [2, 3, 4, 4])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("weight", () => Picture.OfKernels([], [0, 3]));
        Assert.Throws<ArgumentException>("shape", () => Picture.OfKernels([1], [1]));
        Assert.Throws<ArgumentException>("shape", () => Picture.OfActivation([1], [1, 1, 1, 1, 1]));
        Assert.Contains(
            "2 × 2 tiles of 100 × 100, enlarged by 50, make 10006 × 10006 pixels",
            Assert.Throws<ArgumentException>(
                () => Picture.OfActivation(new float[40_000], [4, 100, 100], new PictureOptions { Enlargement = 50, Gap = 2 })).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PictureOptions { Gap = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PictureOptions { Columns = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PictureOptions { Enlargement = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Picture(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Picture(8000, 8000));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Picture(2, 2)[2, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Picture(2, 2)[0, -1]);
        Assert.Throws<ArgumentException>(() => Picture.Stack());
    }

    [Fact]
    public void Stacked_pictures_stand_in_the_middle()
    {
        Picture narrow = new(1, 1) { [0, 0] = Red }, wide = new(3, 1) { [0, 0] = Blue };
        Rgb black = new(0, 0, 0);
        AssertPixels(Picture.Stack(narrow, wide), [[Back, Red, Back], [Blue, black, black]]);
    }

    [Fact]
    public void A_picture_becomes_a_tensor_as_a_network_takes_it()
    {
        Picture picture = new(2, 1) { [0, 0] = new Rgb(255, 0, 51), [1, 0] = new Rgb(0, 255, 255) };
        Assert.Equal([1, 0, 0, 1, 0.2f, 1], picture.ToTensor());
        Assert.Equal([82, 179], picture.ToGrey());
        Assert.Equal([82 / 255f, 179 / 255f], picture.ToTensor(1));
        Assert.Throws<ArgumentOutOfRangeException>("channels", () => picture.ToTensor(2));
    }

    [Fact]
    public void A_file_is_replaced_as_a_whole_or_not_at_all()
    {
        string path = Path.Combine(_directory, "picture.png");
        File.WriteAllText(path, "before");
        Picture picture = new(2, 1) { [1, 0] = Red };
        picture.Save(path);
        AssertSame(picture, Picture.Load(path));
        byte[] saved = File.ReadAllBytes(path);

        Assert.Throws<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("the disk is full");
        }));
        Assert.Equal(saved, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_directory));
        Assert.ThrowsAny<IOException>(() => picture.Save(Path.Combine(_directory, "missing", "picture.png")));
        Assert.Throws<FileNotFoundException>(() => Picture.Load(Path.Combine(_directory, "missing.png")));
        File.WriteAllText(path, "no picture");
        Assert.StartsWith($"{path}: text that begins with 'no picture'; only PNG files",
            Assert.Throws<InvalidDataException>(() => Picture.Load(path)).Message);
    }

    private static int Product(int[] shape) => shape.Aggregate((a, b) => a * b);

    private static (int Width, int Height) Size(Picture picture) => (picture.Width, picture.Height);

    private static void AssertSame(Picture expected, Picture actual)
    {
        Assert.Equal(Size(expected), Size(actual));
        Assert.Equal(expected.Bytes, actual.Bytes);
    }

    private static void AssertPixels(Picture picture, Rgb[][] expected)
    {
        Assert.Equal((expected[0].Length, expected.Length), Size(picture));
        Assert.All(expected, (row, y) => Assert.Equal(row, Enumerable.Range(0, picture.Width).Select(x => picture[x, y])));
    }

    [Fact]
    public void Shapes_and_sizes_whose_product_overflows_are_refused()
    {
        float[] values = new float[16];
        Assert.Contains("has more than 2147483647 numbers", Refused(() => Picture.OfKernels(values, [65536, 65536, 65536, 65536])),
            StringComparison.Ordinal);
        Assert.Contains("has more than 2147483647 numbers", Refused(() => Picture.OfKernels(values, [1, 65536, 65536, 1, 1])),
            StringComparison.Ordinal);
        Assert.Contains("has 0 numbers", Refused(() => Picture.OfActivation(values, [-4, -4])), StringComparison.Ordinal);
        Assert.Contains(
            "a picture has 32000000 at most",
            Refused(() => Picture.OfActivation(values, [1, 4, 4], new PictureOptions { Enlargement = int.MaxValue, Gap = int.MaxValue })),
            StringComparison.Ordinal);
        var tall = new Picture(1, 32_000_000);
        Assert.Throws<ArgumentOutOfRangeException>(() => Picture.Stack([.. Enumerable.Repeat(tall, 100)]));

        static string Refused(Action draw) => Assert.Throws<ArgumentException>(draw).Message;
    }
}
