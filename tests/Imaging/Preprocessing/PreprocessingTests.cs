using System;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Strata.Pictures;
using Xunit;

namespace Strata.Imaging.Tests;

public sealed class PreprocessingTests
{
    private static readonly JsonElement Goldens = JsonDocument.Parse(Resource.Open("preprocessing.json")).RootElement;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Inputs_are_bit_for_bit_those_of_torchvision(bool usesVectors)
    {
        bool before = ResamplingPass.UsesVectors;
        ResamplingPass.UsesVectors &= usesVectors;
        try
        {
            foreach (JsonElement golden in Goldens.GetProperty("cases").EnumerateArray())
            {
                int[] size = Integers(golden, "size"), to = Integers(golden, "to");
                var preprocessing = new ImagePreprocessing(to[0], to[1])
                {
                    Fit = Enum.Parse<ImageFit>(golden.GetProperty("fit").GetString()!),
                    Interpolation = Enum.Parse<Interpolation>(golden.GetProperty("filter").GetString()!),
                    ShorterSide = golden.GetProperty("shorter").GetInt32(),
                    Mean = ImagePreprocessing.ImageNet.Mean,
                    Std = ImagePreprocessing.ImageNet.Std,
                };
                float[] input = new float[preprocessing.Length];
                preprocessing.Apply(PictureOf(size[0], size[1]), input);
                string hash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(input.AsSpan())));
                Assert.True(golden.GetProperty("hash").GetString() == hash, golden.ToString());
            }
        }
        finally
        {
            ResamplingPass.UsesVectors = before;
        }
    }

    [Fact]
    public void Grey_inputs_are_bit_for_bit_those_of_torchvision()
    {
        foreach (JsonElement golden in Goldens.GetProperty("grays").EnumerateArray())
        {
            int[] size = Integers(golden, "size");
            var preprocessing = new ImagePreprocessing(24, 20)
            {
                Fit = Enum.Parse<ImageFit>(golden.GetProperty("fit").GetString()!),
                ShorterSide = 32,
                Grayscale = true,
                Mean = [0.5f],
                Std = [0.25f],
            };
            Picture picture = PictureOf(size[0], size[1]);
            (byte[] bytes, int stride) = BytesOf(picture, PixelFormat.Bgra32, padding: 3);
            float[] input = new float[24 * 20];
            preprocessing.Apply(picture, input);
            AssertHash(golden, input);
            preprocessing.Apply(new PixelBuffer(bytes, size[0], size[1], stride, PixelFormat.Bgra32), input);
            AssertHash(golden, input);
        }
    }

    [Fact]
    public void A_part_of_a_picture_is_resized_as_by_torchvisions_resized_crop()
    {
        foreach (JsonElement golden in Goldens.GetProperty("parts").EnumerateArray())
        {
            int[] size = Integers(golden, "size"), part = Integers(golden, "part");
            float[] input = new float[3 * 24 * 20];
            new ImagePreprocessing(24, 20)
            {
                Fit = ImageFit.Stretch,
                Mean = ImagePreprocessing.ImageNet.Mean,
                Std = ImagePreprocessing.ImageNet.Std,
            }.Apply(new PixelBuffer(PictureOf(size[0], size[1])).Crop(part[0], part[1], part[2], part[3]), input);
            AssertHash(golden, input);
        }
    }

    /// <summary>What surrounds a letterboxed picture is grey, too.</summary>
    [Fact]
    public void The_rest_of_a_grey_input_has_the_brightness_of_the_fill()
    {
        var preprocessing = new ImagePreprocessing(4, 8) { Fit = ImageFit.Letterbox, Grayscale = true, Fill = new Rgb(255, 0, 0) };
        float[] input = new float[32];
        preprocessing.Apply(new Picture(4, 4), input);
        Assert.Equal([76 / 255f, 0, 76 / 255f], new[] { input[0], input[16], input[31] });
    }

    private static void AssertHash(JsonElement golden, float[] input) => Assert.True(
        golden.GetProperty("hash").GetString() == Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(input.AsSpan()))),
        golden.ToString());

    /// <summary>Structs that no constructor has made say so.</summary>
    [Fact]
    public void A_default_buffer_or_placement_says_what_it_is()
    {
        foreach (Action use in new Action[]
        {
            () => ImagePreprocessing.ImageNet.Apply(default(PixelBuffer), new float[ImagePreprocessing.ImageNet.Length]),
            () => default(PixelBuffer).ToPicture(), () => default(PixelBuffer).ToTensor([]), () => default(PixelBuffer).Crop(0, 0, 1, 1),
        })
        {
            Assert.StartsWith("The PixelBuffer is default: it has no pixels.", Assert.Throws<InvalidOperationException>(use).Message,
                StringComparison.Ordinal);
        }

        Assert.StartsWith("The ImagePlacement has the scale 0: it is default.",
            Assert.Throws<InvalidOperationException>(() => default(ImagePlacement).ToPicture(new Box(1, 2, 3, 4))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = default(PixelBuffer).Row(0); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = new PixelBuffer(new byte[12], 1, 2, 4, PixelFormat.Rgb24).Row(2); });
        Assert.All(default(RotatedBox).Corners, corner => Assert.Equal(Vector2.Zero, corner));
    }

    [Fact]
    public void Turned_and_warped_pictures_have_Pillows_bytes()
    {
        var fill = new Rgb(10, 200, 30);
        foreach (JsonElement golden in Goldens.GetProperty("warps").EnumerateArray())
        {
            int[] size = Integers(golden, "size");
            Picture picture = PictureOf(size[0], size[1]);
            Vector2[] from = [new(0, 0), new(size[0], 0), new(size[0], size[1]), new(0, size[1])];
            Picture warped = golden.TryGetProperty("degrees", out JsonElement degrees)
                ? picture.Rotate(degrees.GetDouble(), fill)
                : picture.Perspective(
                    from,
                    [.. golden.GetProperty("to").EnumerateArray().Select(p => new Vector2(p[0].GetSingle(), p[1].GetSingle()))], fill);
            string hash = Convert.ToHexStringLower(SHA256.HashData(new PixelBuffer(warped).Bytes));
            Assert.True(golden.GetProperty("hash").GetString() == hash, golden.ToString());
        }
    }

    [Fact]
    public void A_picture_is_mirrored_and_padded()
    {
        var picture = new Picture(3, 1);
        (picture[0, 0], picture[2, 0]) = (new Rgb(1, 2, 3), new Rgb(7, 8, 9));
        Assert.Equal(new Rgb(7, 8, 9), picture.FlipHorizontally()[0, 0]);
        Picture square = picture.PadToSquare(new Rgb(5, 5, 5));
        Assert.Equal((3, 3, new Rgb(5, 5, 5), new Rgb(7, 8, 9)), (square.Width, square.Height, square[2, 0], square[2, 1]));
        picture[0, 0] = new Rgb(4, 4, 4);
        Assert.Equal(new Rgb(5, 5, 5), square.FlipVertically()[0, 2]);
        Assert.Throws<ArgumentException>(() => picture.Perspective([default, default, default, default], new Vector2[4]));
        Assert.Throws<ArgumentException>(() => picture.Perspective([default], new Vector2[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Rotate(double.NaN));
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        Picture picture = PictureOf(1600, 1201);
        float[][] inputs = [.. new[] { 1, 2, 3, 0 }.Select(threads =>
        {
            float[] input = new float[ImagePreprocessing.ImageNet.Length];
            (ImagePreprocessing.ImageNet with { Threads = threads }).Apply(picture, input);
            return input;
        })];
        Assert.All(inputs, input => Assert.Equal(inputs[0], input));
    }

    [Theory]
    [InlineData(PixelFormat.Rgb24, 0)]
    [InlineData(PixelFormat.Bgr24, 5)]
    [InlineData(PixelFormat.Rgba32, 0)]
    [InlineData(PixelFormat.Bgra32, 12)]
    public void Buffers_of_every_format_give_the_same_input(PixelFormat format, int padding)
    {
        Picture picture = PictureOf(53, 37);
        (byte[] bytes, int stride) = BytesOf(picture, format, padding);
        var buffer = new PixelBuffer(bytes, 53, 37, stride, format);
        var preprocessing = new ImagePreprocessing(24, 20);
        float[] expected = new float[preprocessing.Length], found = new float[preprocessing.Length];
        preprocessing.Apply(picture, expected);
        preprocessing.Apply(buffer, found);
        Assert.Equal(expected, found);
        Assert.Equal(picture.ToTensor(), buffer.ToPicture().ToTensor());

        float[] whole = new float[3 * 53 * 37];
        buffer.ToTensor(whole);
        Assert.Equal(picture.ToTensor(), whole);

        preprocessing.Apply(picture.Crop(7, 5, 30, 31), expected);
        preprocessing.Apply(buffer.Crop(7, 5, 30, 31), found);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Grey_pixels_become_three_equal_channels()
    {
        byte[] bytes = [0, 128, 255, 7, 1, 2, 3, 7];
        float[] input = new float[18];
        new PixelBuffer(bytes, 3, 2, 4, PixelFormat.Gray8).ToTensor(input);
        Assert.Equal([0, 128 / 255f, 1, 1 / 255f, 2 / 255f, 3 / 255f], input.Take(6));
        Assert.Equal(input.Take(6), input.Skip(6).Take(6));
        Assert.Equal(input.Take(6), input.Skip(12));
    }

    [Fact]
    public void A_letterbox_keeps_proportions_and_brings_boxes_back()
    {
        var white = new Picture(100, 50);
        for (int y = 0; y < 50; y++)
        {
            white.Row(y).Fill(new Rgb(255, 255, 255));
        }

        var preprocessing = new ImagePreprocessing(64, 64) { Fit = ImageFit.Letterbox, Fill = new Rgb(114, 114, 114) };
        float[] input = new float[preprocessing.Length];
        ImagePlacement placement = preprocessing.Apply(white, input);
        Assert.Equal(new ImagePlacement(0.64f, 0.64f, 0, 16), placement);
        Assert.Equal([114 / 255f, 1, 1, 114 / 255f], new[] { 15, 16, 47, 48 }.Select(row => input[(row * 64) + 5]));
        var box = new Box(10, 5, 60, 45);
        Box back = placement.ToPicture(placement.ToInput(box));
        Assert.All(Box.ToTensor([box]).Zip(Box.ToTensor([back])), pair => Assert.Equal(pair.First, pair.Second, 4));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelBuffer(new byte[10], 2, 2, 5, PixelFormat.Rgb24));
        Assert.Throws<ArgumentException>(() => new PixelBuffer(new byte[10], 2, 2, 6, PixelFormat.Rgb24));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelBuffer(new byte[10], 2, 2, 6, (PixelFormat)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PixelBuffer(new byte[12], 2, 2, 6, PixelFormat.Rgb24).Crop(1, 0, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImagePreprocessing(0, 3));
        Assert.Throws<ArgumentException>(() => new ImagePreprocessing(2, 2).Apply(new Picture(3, 3), new float[11]));
        Assert.Throws<ArgumentException>(() => new ImagePreprocessing(2, 2) { Std = [1, 0, 1] }.Apply(new Picture(3, 3), new float[12]));
    }

    private static (byte[] Bytes, int Stride) BytesOf(Picture picture, PixelFormat format, int padding)
    {
        int size = PixelBuffer.SizeOf(format), stride = (picture.Width * size) + padding;
        byte[] bytes = new byte[((picture.Height - 1) * stride) + (picture.Width * size)];
        (int red, int green, int blue) = PixelBuffer.Channels(format);
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                int at = (y * stride) + (x * size);
                (bytes[at + red], bytes[at + green], bytes[at + blue]) = (picture[x, y].Red, picture[x, y].Green, picture[x, y].Blue);
            }
        }

        return (bytes, stride);
    }

    /// <summary>The formula of make_goldens.py.</summary>
    private static Picture PictureOf(int width, int height)
    {
        var picture = new Picture(width, height);
        for (int y = 0; y < height; y++)
        {
            Span<Rgb> row = picture.Row(y);
            for (int x = 0; x < width; x++)
            {
                row[x] = new Rgb(Value(x, y, 0), Value(x, y, 1), Value(x, y, 2));
            }
        }

        return picture;

        static byte Value(int x, int y, int c) => (byte)(((x * 7) + (y * 13) + (c * 29)) ^ (x * y * (c + 1)));
    }

    private static int[] Integers(JsonElement golden, string name) =>
        [.. golden.GetProperty(name).EnumerateArray().Select(v => v.GetInt32())];
}
