using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Strata.Pictures;
using Xunit;

namespace Strata.Runtime.Tests;

public sealed class PictureResizeTests
{
    public static TheoryData<int, int, int, int, string> Goldens
    {
        get
        {
            string file = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "resizes.json"));
            Resized[] all = JsonSerializer.Deserialize<Resized[]>(file, JsonSerializerOptions.Web)!;
            return [.. all.Select(r => (r.From[0], r.From[1], r.To[0], r.To[1], r.Pixels))];
        }
    }

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Resizing_gives_Pillows_bytes(int width, int height, int newWidth, int newHeight, string pixels)
    {
        var picture = new Picture(width, height);
        for (int i = 0; i < width * height; i++)
        {
            (int y, int x) = Math.DivRem(i, width);
            picture[x, y] = new Rgb((byte)((37 * x) + (91 * y) + (5 * (x * y % 17))), (byte)((x * x) + (3 * y)),
                (byte)(255 - (7 * x) + (2 * x * y)));
        }

        Picture resized = picture.Resize(newWidth, newHeight);
        Assert.Equal((newWidth, newHeight), (resized.Width, resized.Height));
        Assert.Equal(Convert.FromBase64String(pixels), resized.Bytes);
    }

    [Fact]
    public void A_copy_is_no_view()
    {
        var picture = new Picture(3, 2);
        Picture same = picture.Resize(3, 2);
        same[0, 0] = new Rgb(1, 2, 3);
        Assert.Equal(default, picture[0, 0]);
    }

    [Fact]
    public void Long_lines_are_turned_without_a_large_picture_on_the_way()
    {
        var line = new Picture(1, 4_000_000);
        Assert.Equal((4_000_000, 1), line.Resize(4_000_000, 1) is var turned ? (turned.Width, turned.Height) : default);
        Assert.Throws<ArgumentOutOfRangeException>(() => line.Resize(4_000_000, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => line.Resize(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => line.Resize(100));
    }

    // torchvision.transforms.functional.resize(image, 256): the shorter side is 256, the longer int(256 · longer / shorter).
    [Theory]
    [InlineData(640, 427, 256, 383, 256)]
    [InlineData(427, 640, 256, 256, 383)]
    [InlineData(50, 50, 7, 7, 7)]
    [InlineData(3, 2, 3, 4, 3)]
    public void The_shorter_side_is_named_and_the_proportions_stay(int width, int height, int size, int newWidth, int newHeight)
    {
        Picture resized = new Picture(width, height).Resize(size);
        Assert.Equal((newWidth, newHeight), (resized.Width, resized.Height));
    }

    // torchvision: int(round((height − size) / 2.0)) is cut off, (size − height) // 2 is added.
    [Theory]
    [InlineData(7, 5, 3, 3, 2, 1)]
    [InlineData(6, 6, 3, 3, 2, 2)]
    [InlineData(8, 6, 3, 5, 2, 0)]
    [InlineData(3, 3, 6, 4, -1, 0)]
    [InlineData(3, 7, 6, 2, -1, 2)]
    public void The_middle_is_cut_out_and_a_margin_is_black(int width, int height, int newWidth, int newHeight, int left, int top)
    {
        var picture = new Picture(width, height);
        for (int i = 0; i < width * height; i++)
        {
            picture[i % width, i / width] = new Rgb((byte)(i + 1), 0, 0);
        }

        Picture middle = picture.CenterCrop(newWidth, newHeight);
        Assert.Equal((newWidth, newHeight), (middle.Width, middle.Height));
        for (int i = 0; i < newWidth * newHeight; i++)
        {
            (int x, int y) = ((i % newWidth) + left, (i / newWidth) + top);
            Assert.Equal(x >= 0 && y >= 0 && x < width && y < height ? picture[x, y] : default, middle[i % newWidth, i / newWidth]);
        }
    }

    [Fact]
    public void A_part_is_cut_out()
    {
        var picture = new Picture(4, 3);
        picture[2, 1] = new Rgb(9, 9, 9);
        Picture part = picture.Crop(1, 1, 3, 2);
        Assert.Equal(new Rgb(9, 9, 9), part[1, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Crop(1, 1, 4, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Crop(-1, 1, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Crop(0, 3, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Crop(0, 0, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Crop(0, 0, int.MaxValue, int.MaxValue));
    }

    [Fact]
    public void A_tensor_is_channels_rows_columns_from_0_to_1()
    {
        var picture = new Picture(2, 1);
        (picture[0, 0], picture[1, 0]) = (new Rgb(255, 51, 0), new Rgb(0, 102, 204));
        float[] batch = new float[14];
        picture.ToTensor(batch.AsSpan(7, 6));
        picture.ToTensor(batch.AsSpan(0, 2), channels: 1);
        Assert.Equal([1, 0, 0.2f, 0.4f, 0, 0.8f, 0], batch[7..]);
        Assert.Equal(picture.ToTensor(), batch[7..13]);
        Assert.Equal(picture.ToTensor(1), batch[..2]);
        Assert.Throws<ArgumentException>(() => picture.ToTensor(batch.AsSpan(0, 7)));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.ToTensor(batch.AsSpan(0, 4), channels: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.ToTensor(2));
    }

    private sealed record Resized(int[] From, int[] To, string Pixels);
}
