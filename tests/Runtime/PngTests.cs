using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Strata.Runtime.Tests;

public sealed class PngTests
{
    private static readonly byte[] NoiseBytes = Noise(7 * 5 * 4);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_filter_is_undone(int filter)
    {
        byte[] samples = NoiseBytes[..35];
        Picture image = PngReader.Read(PngWriter.Write(7, 5, PngWriter.Grey, samples, _ => filter));
        Assert.Equal((7, 5), (image.Width, image.Height));
        Assert.Equal(samples, image.ToGrey());
    }

    [Fact]
    public void Filters_may_change_from_row_to_row_and_reach_over_a_whole_pixel()
    {
        byte[] samples = NoiseBytes[..(7 * 5 * 3)];
        Picture expected = PngReader.Read(PngWriter.Write(7, 5, PngWriter.Rgb, samples));
        Assert.Equal(samples, expected.Bytes);
        Assert.Equal(expected.Bytes, PngReader.Read(PngWriter.Write(7, 5, PngWriter.Rgb, samples, y => 4 - y)).Bytes);
    }

    [Fact]
    public void Colours_become_their_luminance() =>
        Assert.Equal([76, 150, 29, 255], Read(4, PngWriter.Rgb, [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]));

    [Fact]
    public void A_palette_is_looked_up() =>
        Assert.Equal([9, 200, 9], Read(3, PngWriter.Palette, [1, 0, 1], ("PLTE", [200, 200, 200, 9, 9, 9])));

    [Fact]
    public void Dark_ink_on_a_transparent_ground_stands_on_white() =>
        Assert.Equal([255, 0, 127], Read(3, PngWriter.GreyAlpha, [0, 0, 0, 255, 0, 128]));

    [Fact]
    public void Light_ink_on_a_transparent_ground_stands_on_black() =>
        Assert.Equal([0, 255], Read(2, PngWriter.Rgba, [255, 255, 255, 0, 255, 255, 255, 255]));

    [Fact]
    public void Transparent_entries_of_a_palette_are_ground() =>
        Assert.Equal([255, 20], Read(2, PngWriter.Palette, [0, 1], ("PLTE", [0, 0, 0, 20, 20, 20]), ("tRNS", [0])));

    [Fact]
    public void The_data_may_come_in_several_pieces()
    {
        byte[] data = PngWriter.Deflate([0, 1, 2, 0, 3, 4]);
        byte[] file = PngWriter.File(
            ("IHDR", PngWriter.Header(2, 2, PngWriter.Grey)), ("tEXt", [1]), ("IDAT", data[..3]), ("IDAT", data[3..]), ("IEND", []));
        Assert.Equal([1, 2, 3, 4], PngReader.Read(file).ToGrey());
    }

    [Fact]
    public void Any_cut_file_is_refused()
    {
        byte[] file = PngWriter.Write(7, 5, PngWriter.Grey, NoiseBytes[..35]);
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => PngReader.Read(file.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Any_changed_byte_is_noticed()
    {
        byte[] file = PngWriter.Write(7, 5, PngWriter.Grey, NoiseBytes[..35]);
        for (int i = 0; i < file.Length; i++)
        {
            file[i] ^= 0x40;
            Assert.Throws<InvalidDataException>(() => PngReader.Read(file));
            file[i] ^= 0x40;
        }
    }

    [Fact]
    public void What_is_not_read_is_named()
    {
        AssertRefused("16 bits", PngWriter.Write(1, 1, PngWriter.Grey, [1], depth: 16));
        AssertRefused("interlaced", PngWriter.Write(1, 1, PngWriter.Grey, [1], interlace: 1));
        AssertRefused("at most 32,000,000", PngWriter.Write(100_000, 100_000, PngWriter.Grey, []));
        AssertRefused("header is damaged", PngWriter.Write(1, 1, 5, [1]));
        AssertRefused("header is damaged", PngWriter.Write(1, 0, PngWriter.Grey, []));
        AssertRefused("lacks its palette", PngWriter.Write(1, 1, PngWriter.Palette, [0]));
        AssertRefused("not in its palette", PngWriter.Write(1, 1, PngWriter.Palette, [1], extra: ("PLTE", [0, 0, 0])));
        AssertRefused("palette has 4 bytes", PngWriter.Write(1, 1, PngWriter.Palette, [0], extra: ("PLTE", [0, 0, 0, 0])));
        AssertRefused("filter 5 in row 1", PngWriter.Write(1, 2, PngWriter.Grey, [1, 1], y => 5 * y));
        AssertRefused("less data", PngWriter.Write(2, 2, PngWriter.Grey, [1, 1]));
        AssertRefused("more data", PngWriter.Write(1, 1, PngWriter.Grey, [1, 1]));
        AssertRefused("unknown extension ('ABCD')", PngWriter.Write(1, 1, PngWriter.Grey, [1], extra: ("ABCD", [])));
        AssertRefused("begin with a header", PngWriter.File(("IEND", [])));
        AssertRefused("compressed data", PngWriter.File(("IHDR", PngWriter.Header(1, 1, PngWriter.Grey)), ("IDAT", [1, 2, 3, 4]), ("IEND", [])));
        AssertRefused("not a PNG file", "GIF89a, all of it"u8.ToArray());
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        foreach ((int width, int height) in ((int, int)[])[(7, 5), (1, 1), (1, 40), (300, 2)])
        {
            var picture = new Picture(width, height);
            for (int i = 0; i < width * height; i++)
            {
                picture[i % width, i / width] = new Rgb(NoiseBytes[i % 97], NoiseBytes[i % 89], NoiseBytes[i % 83]);
            }

            using var file = new MemoryStream();
            picture.Save(file);
            Picture read = PngReader.Read(file.ToArray());
            Assert.Equal((width, height), (read.Width, read.Height));
            Assert.Equal(picture.Bytes, read.Bytes);
        }
    }

    private static void AssertRefused(string reason, byte[] file) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => PngReader.Read(file)).Message, StringComparison.Ordinal);

    private static byte[] Read(int width, byte color, byte[] samples, params (string Type, byte[] Body)[] extra) =>
        PngReader.Read(PngWriter.Write(width, 1, color, samples, extra: extra)).ToGrey();

    private static byte[] Noise(int length) => [.. Enumerable.Range(1, length).Select(i => (byte)(i * 2654435761L >> 7))];
}
