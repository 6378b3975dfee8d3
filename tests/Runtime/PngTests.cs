using System;
using System.IO;
using System.Linq;
using Strata.Pictures;
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
    public void One_grey_may_be_transparent() =>
        Assert.Equal([255, 20, 8], Read(3, PngWriter.Grey, [7, 20, 8], ("tRNS", [0, 7])));

    [Fact]
    public void One_colour_may_be_transparent() =>
        Assert.Equal(
            (byte[])[255, 255, 255, 1, 2, 4, 3, 2, 1],
            PngReader.Read(PngWriter.Write(3, 1, PngWriter.Rgb, [1, 2, 3, 1, 2, 4, 3, 2, 1], extra: ("tRNS", [0, 1, 0, 2, 0, 3]))).Bytes);

    [Fact]
    public void Of_a_transparent_colour_the_bits_that_a_channel_has_count() =>
        Assert.Equal([255, 20], Read(2, PngWriter.Grey, [7, 20], ("tRNS", [9, 7])));

    [Theory]
    [InlineData(PngWriter.Grey, 1, 2)]
    [InlineData(PngWriter.Grey, 6, 2)]
    [InlineData(PngWriter.Rgb, 2, 6)]
    [InlineData(PngWriter.Rgb, 0, 6)]
    public void A_transparent_colour_of_a_wrong_length_is_refused(byte color, int length, int needed)
    {
        byte[] samples = new byte[color == PngWriter.Rgb ? 3 : 1];
        var e = Assert.Throws<InvalidDataException>(() => Read(1, color, samples, ("tRNS", new byte[length])));
        Assert.Equal($"the PNG file's transparent colour has {length} byte{(length == 1 ? "" : "s")}; {needed} are needed", e.Message);
    }

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

    [Theory]
    [InlineData(PngWriter.Grey, 1)]
    [InlineData(PngWriter.Rgb, 3)]
    [InlineData(PngWriter.GreyAlpha, 2)]
    [InlineData(PngWriter.Rgba, 4)]
    public void Of_16_bits_the_high_ones_are_used(byte color, int channels)
    {
        byte[] both = new byte[2 * 6 * 5 * channels];
        new Random(channels).NextBytes(both);
        byte[] high = [.. both.Where((_, i) => i % 2 == 0)];
        Picture picture = PngReader.Read(PngWriter.Write(6, 5, color, both, y => y, depth: 16));
        Assert.Equal(PngReader.Read(PngWriter.Write(6, 5, color, high)).Bytes, picture.Bytes);
    }

    /// <summary>A pixel is transparent if all 16 bits are those of the colour, and white behind dark ones.</summary>
    [Fact]
    public void A_transparent_colour_has_16_bits()
    {
        byte[] samples = [0x12, 0x34, 0x12, 0x35];
        Picture picture = PngReader.Read(PngWriter.Write(2, 1, PngWriter.Grey, samples, depth: 16, extra: ("tRNS", [0x12, 0x34])));
        Assert.Equal((255, 0x12), (picture[0, 0].Red, picture[1, 0].Red));
    }

    /// <summary>Of few bits, the first pixel is in the highest ones; 255 is white with any number of bits.</summary>
    [Theory]
    [InlineData(1, 0b1010_0000, new byte[] { 255, 0, 255 })]
    [InlineData(2, 0b1101_1000, new byte[] { 255, 85, 170 })]
    [InlineData(4, 0b1111_0001, new byte[] { 255, 17 })]
    public void Greys_of_few_bits_are_stretched(byte depth, byte row, byte[] greys)
    {
        byte[] file = PngWriter.File(
            ("IHDR", PngWriter.Header(greys.Length, 1, PngWriter.Grey, depth)), ("IDAT", PngWriter.Deflate([0, row])), ("IEND", []));
        Assert.Equal(greys, PngReader.Read(file).ToGrey());
    }

    /// <summary>The seven passes of 8×8 pixels, each of which has the number of its pass.</summary>
    [Fact]
    public void Interlaced_files_are_read()
    {
        (int Pass, int Rows, int Columns)[] passes = [(1, 1, 1), (2, 1, 1), (3, 1, 2), (4, 2, 2), (5, 2, 4), (6, 4, 4), (7, 4, 8)];
        byte[] data = [.. passes.SelectMany(pass => Enumerable.Range(0, pass.Rows)
            .SelectMany(_ => Enumerable.Repeat((byte)pass.Pass, pass.Columns).Prepend((byte)0)))];
        byte[] file = PngWriter.File(
            ("IHDR", PngWriter.Header(8, 8, PngWriter.Grey, interlace: 1)), ("IDAT", PngWriter.Deflate(data)), ("IEND", []));
        byte[] grey = PngReader.Read(file).ToGrey();
        Assert.Equal([1, 6, 4, 6, 2, 6, 4, 6], grey[..8]);
        Assert.Equal([7, 7, 7, 7, 7, 7, 7, 7], grey[8..16]);
        Assert.Equal([5, 6, 5, 6, 5, 6, 5, 6], grey[16..24]);
        Assert.Equal([3, 6, 4, 6, 3, 6, 4, 6], grey[32..40]);
    }

    [Fact]
    public void Alpha_can_be_ignored()
    {
        byte[] file = PngWriter.Write(2, 1, PngWriter.Rgba, [200, 100, 50, 0, 1, 2, 3, 255]);
        Assert.NotEqual(new Rgb(200, 100, 50), Picture.Load(file)[0, 0]);
        Assert.Equal(new Rgb(200, 100, 50), Picture.Load(file, new PngReadOptions { IgnoreAlpha = true })[0, 0]);
        byte[] keyed = PngWriter.Write(2, 1, PngWriter.Grey, [7, 200], extra: ("tRNS", [0, 7]));
        Assert.Equal([7, 200], Picture.Load(keyed, new PngReadOptions { IgnoreAlpha = true }).ToGrey());
        Assert.Throws<ArgumentOutOfRangeException>("MaxPixels", () => new PngReadOptions { MaxPixels = 0 });
    }

    /// <summary>Wherever the file ends behind the beginning of its image data, the rows before are there.</summary>
    [Theory]
    [InlineData(PngWriter.Grey, 1)]
    [InlineData(PngWriter.Rgba, 4)]
    public void What_there_is_of_a_cut_file_can_be_read(byte color, int channels)
    {
        byte[] file = PngWriter.Write(7, 5, color, NoiseBytes[..(35 * channels)], y => y);
        var options = new PngReadOptions { AllowTruncated = true, IgnoreAlpha = true };
        Picture whole = Picture.Load(file, options);
        int begin = file.AsSpan().IndexOf("IDAT"u8), most = 0;
        for (int length = 0; length < file.Length; length++)
        {
            if (length < begin + 4)
            {
                Exception failure = Assert.Throws<InvalidDataException>(() => Picture.Load(file.AsSpan(0, length), options));
                Assert.True(length < 8 || failure.InnerException is EndOfStreamException);
                continue;
            }

            Picture part = Picture.Load(file.AsSpan(0, length), options);
            int rows = Enumerable.Range(0, 5).TakeWhile(y => part.Row(y).SequenceEqual(whole.Row(y))).Count();
            Assert.True(rows >= most, $"{rows} rows of {length} bytes, {most} of fewer");
            Assert.All(Enumerable.Range(rows, 5 - rows), y => Assert.Equal(-1, part.Row(y).IndexOfAnyExcept(default(Rgb))));
            most = rows;
        }

        Assert.Equal(5, most);
    }

    [Fact]
    public void What_is_not_read_is_named()
    {
        AssertRefused("4 bits a channel, which colour type 2 does not have", PngWriter.Write(1, 1, PngWriter.Rgb, [1, 2, 3], depth: 4));
        AssertRefused("16 bits a channel, which colour type 3", PngWriter.Write(1, 1, PngWriter.Palette, [1], depth: 16));
        AssertRefused("header is damaged", PngWriter.Write(1, 1, PngWriter.Grey, [1], interlace: 2));
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
        AssertRefused("compressed data",
            PngWriter.File(("IHDR", PngWriter.Header(1, 1, PngWriter.Grey)), ("IDAT", [1, 2, 3, 4]), ("IEND", [])));
    }

    [Theory]
    [InlineData("FFD8FFE000104A464946",
        "a JPEG file; only PNG files are read")]
    [InlineData("474946383961", "a GIF file; only PNG files are read")]
    [InlineData("424D360003000000000036000000", "a BMP file; only PNG files are read")]
    [InlineData("52494646A4B10000574542505650", "a WebP file; only PNG files are read")]
    [InlineData("49492A0008000000", "a TIFF file; only PNG files are read")]
    [InlineData("4D4D002A00000008", "a TIFF file; only PNG files are read")]
    [InlineData("0000001C6674797061766966", "an AVIF file; only PNG files are read")]
    [InlineData("00000024667479706865696300000000", "a HEIF file; only PNG files are read")]
    [InlineData("FF0A", "a JPEG XL file; only PNG files are read")]
    [InlineData("0000000C6A5020200D0A870A", "a JPEG 2000 file; only PNG files are read")]
    [InlineData("255044462D312E34", "a PDF file; only PNG files are read")]
    [InlineData("", "the file is empty; PNG files are read")]
    [InlineData("6E6F", "text that begins with 'no'; only PNG files are read")]
    [InlineData("00AA", "not a PNG file, which begins with 89504E470D0A1A0A, but 00AA; PNG files are read")]
    [InlineData("89504E470A1A0A00", "not a PNG file, which begins with 89504E470D0A1A0A, but 89504E470A1A0A00")]
    public void Another_format_is_named(string file, string message)
    {
        AssertRefused(message, Convert.FromHexString(file));
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Convert.FromHexString(file));
            Assert.StartsWith($"{path}: {message}", Assert.Throws<InvalidDataException>(() => Picture.Load(path)).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_picture_comes_from_a_path_a_stream_and_memory()
    {
        byte[] file = PngWriter.Write(7, 5, PngWriter.Rgb, NoiseBytes[..105]);
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, file);
            using var two = new Trickle([.. file, .. file, 1]);
            foreach (Picture picture in (Picture[])[Picture.Load(path), Picture.Load(file), Picture.Load(two), Picture.Load(two)])
            {
                Assert.Equal((7, 5), (picture.Width, picture.Height));
                Assert.Equal(NoiseBytes.AsSpan(0, 105), picture.Bytes);
            }

            // The stream stands behind each picture, and stays open.
            Assert.Equal(1, two.ReadByte());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_number_of_pixels_can_be_limited()
    {
        byte[] file = PngWriter.Write(7, 5, PngWriter.Grey, NoiseBytes[..35]);
        Assert.Equal(7, Picture.Load(file, maxPixels: 35).Width);
        string message = Assert.Throws<InvalidDataException>(() => Picture.Load(file, maxPixels: 34)).Message;
        Assert.Equal("the image has 7×5 pixels; at most 34 are read", message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Picture.Load(file, maxPixels: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Picture.Load(file, maxPixels: 32_000_001));
    }

    [Fact]
    public void Image_data_in_two_places_or_in_none_are_refused()
    {
        byte[] data = PngWriter.Deflate([0, 1]);
        (string, byte[]) header = ("IHDR", PngWriter.Header(1, 1, PngWriter.Grey));
        AssertRefused("two places", PngWriter.File(header, ("IDAT", data), ("tEXt", [1]), ("IDAT", data), ("IEND", [])));
        AssertRefused("no image data", PngWriter.File(header, ("IEND", [])));

        // Data that ask for a dictionary, which no PNG file has.
        AssertRefused("compressed data", PngWriter.File(header, ("IDAT", [0x78, 0x20, 0, 0, 0, 1, .. data[2..]]), ("IEND", [])));
        Assert.Equal([1],
            PngReader.Read(PngWriter.File(header, ("IDAT", [.. data, 7]), ("IDAT", []), ("tEXt", [1]), ("IEND", []))).ToGrey());
        AssertRefused(@"unknown extension ('A\u001BC\u0007')", PngWriter.File(header, ("A\eC", []), ("IEND", [])));
    }

    [Fact]
    public void A_stream_that_fails_is_not_taken_for_a_damaged_file()
    {
        byte[] file = PngWriter.Write(7, 5, PngWriter.Grey, NoiseBytes[..35]);
        Assert.Equal("gone", Assert.Throws<IOException>(() => Picture.Load(new Broken(file[..^20]))).Message);
    }

    /// <summary>The bytes of a file up to a place where reading fails.</summary>
    private sealed class Broken(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer) is > 0 and int read ? read : throw new IOException("gone");
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

    /// <summary>A stream that gives a few bytes at a time.</summary>
    private sealed class Trickle(byte[] data) : MemoryStream(data)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 3)]);
    }
}
