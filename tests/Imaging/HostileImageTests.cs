using System;
using System.IO;
using System.Linq;
using Strata.Pictures;
using Xunit;

namespace Strata.Imaging.Tests;

/// <summary>Files that are no images, damaged, or beyond a limit: a message that says what was expected and what was found.</summary>
public sealed class HostileImageTests(ITestOutputHelper log)
{
    /// <summary>A fixed slice of <c>dotnet run --project tests/Soak -- jpeg</c> and <c>-- images</c>.</summary>
    [Theory]
    [InlineData(Corpus.Jpeg, "")]
    [InlineData(Corpus.Others, "")]
    [InlineData(Corpus.Others, "tiff")]
    public void Damaged_files_are_read_or_refused_in_little_time_and_memory(string corpus, string format)
    {
        ImageFuzz.Report report = ImageFuzz.Run(corpus, 1, 2_000, format);
        log.WriteLine($"{report.Read} read, {report.Refused} refused; {report.Slowest.TotalMilliseconds:F0} ms; "
            + $"{100 * report.MostShare:F0} % of memory");
        Assert.Empty(report.Failures);
        Assert.InRange(report.Read, 200, 1_800);
    }

    [Theory]
    [InlineData(1, 0xC3, "the JPEG file is lossless (marker 0xFFC3); baseline, extended sequential and progressive files with Huffman")]
    [InlineData(1, 0xC9, "the JPEG file is coded arithmetically (marker 0xFFC9)")]
    [InlineData(1, 0xCA, "the JPEG file is coded arithmetically (marker 0xFFCA)")]
    [InlineData(1, 0xC5, "the JPEG file is hierarchical (marker 0xFFC5)")]
    [InlineData(4, 12, "the JPEG file has 12 bits a sample; 8 are read")]
    [InlineData(6, 0, "the JPEG file's header says 24×0 pixels; 1×1 or more are read")]
    [InlineData(9, 2, "the JPEG file is damaged: the frame header has 15 bytes; 12 are expected")]
    [InlineData(11, 0x51, "the JPEG file is damaged: component 0 has the sampling factors 5×1; 1 to 4 are expected")]
    [InlineData(14, 0x32, "the JPEG file has a component of 2×2 samples for 3×2 pixels; whole ratios are read")]
    public void What_is_not_read_is_named(int place, byte value, string message)
    {
        byte[] file = Sample();
        file[FrameHeader(file) + place] = value;
        Assert.StartsWith(message, Assert.Throws<ImageFormatException>(() => ImageFile.Read(file)).Message, StringComparison.Ordinal);
    }

    /// <summary>LibTiff.NET would allocate hundreds of megabytes for some of these.</summary>
    [Theory]
    [InlineData(256, 0, 270u, "the TIFF file's header says 0×")]
    [InlineData(257, 8, 0xFFFF_FFFFu, "the image has ")]
    [InlineData(273, 8, 0xEB00_0000u, "the TIFF file is damaged: a part begins at byte 3,942,645,760, or has as many; the file has ")]
    [InlineData(278, 8, 1u, "the TIFF file is damaged: it has ")]
    [InlineData(278, 0, 257u, "the TIFF file is damaged: tag 257 is there twice")]
    [InlineData(279, 8, 0x7FFF_FFFFu, "the TIFF file is damaged: a part begins at byte 2,147,483,647, or has as many; the file has ")]
    public void A_TIFF_file_whose_directory_lies_is_refused_before_memory_is_allocated(int tag, int place, uint value, string message)
    {
        byte[] file = Corpus.Load(Corpus.Others).Entries
            .Where(entry => entry.Name.EndsWith("-tiff-L-None", StringComparison.Ordinal) && entry.Height > 1)
            .Select(entry => entry.File.ToArray()).First(bytes => BitConverter.ToInt32(bytes, Entry(bytes, 273) + 4) == 1);
        int entry = Entry(file, tag);

        // A tag has two bytes, a value four. All values are written as such, not as two bytes.
        BitConverter.GetBytes(value).AsSpan(0, place == 0 ? 2 : 4).CopyTo(file.AsSpan(entry + place));
        file[entry + 2] = 4;
        long before = GC.GetAllocatedBytesForCurrentThread();
        string refusal = Assert.Throws<ImageFormatException>(() => ImageFile.Read(file)).Message;
        Assert.StartsWith(message, refusal, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);

        // The entry of a tag in a directory whose bytes are in Intel's order.
        static int Entry(byte[] bytes, int tag) => Enumerable.Range(0, BitConverter.ToUInt16(bytes, BitConverter.ToInt32(bytes, 4)))
            .Select(i => BitConverter.ToInt32(bytes, 4) + 2 + (12 * i)).First(at => BitConverter.ToUInt16(bytes, at) == tag);
    }

    [Fact]
    public void A_picture_beyond_the_limit_is_refused_before_memory_is_allocated()
    {
        byte[] file = Sample();
        Assert.Equal("the image has 24×16 pixels; at most 383 are read",
            Assert.Throws<ImageFormatException>(() => ImageFile.Read(file, new ImageReadOptions { MaxPixels = 383 })).Message);
        Assert.Equal(24, ImageFile.Read(file, new ImageReadOptions { MaxPixels = 384 }).Width);
        int header = FrameHeader(file);
        file.AsSpan(header + 5, 4).Fill(0xFF);
        Assert.Equal("the image has 65535×65535 pixels; at most 32,000,000 are read",
            Assert.Throws<ImageFormatException>(() => ImageFile.Read(file)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageReadOptions { MaxPixels = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageReadOptions { MaxPixels = 32_000_001 });
    }

    /// <summary>10,000 scans of a large picture would take minutes.</summary>
    [Fact]
    public void A_file_with_more_scans_than_a_picture_needs_is_refused()
    {
        byte[] file = Corpus.Load().Entries.First(entry => entry.Name.Contains("-progressive-s0", StringComparison.Ordinal)).File.ToArray();
        int frame = FrameHeader(file), scan = file.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]);
        byte[] size = [0x10, 0, 0x07, 0];
        size.CopyTo(file, frame + 5);

        // Refinements of the DC coefficients, which need no table, and whose data are all zeros.
        byte[] again = [0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 0, 0x10];
        byte[] hostile = [.. file[..^2], .. Enumerable.Repeat(again, 10_000).SelectMany(bytes => bytes), 0xFF, 0xD9];
        Assert.True(scan > frame);
        string message = Assert.Throws<ImageFormatException>(() => ImageFile.Read(hostile)).Message;
        Assert.Contains("a picture has fewer", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_message_names_the_file()
    {
        string path = Path.GetTempFileName();
        try
        {
            byte[] file = Sample();
            File.WriteAllBytes(path, file);
            Assert.Equal((24, 16), (ImageFile.Read(path).Width, ImageFile.Read(path).Height));
            File.WriteAllBytes(path, file[..(file.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]) + 20)]);
            ImageFormatException refusal = Assert.Throws<ImageFormatException>(() => ImageFile.Read(path));
            Assert.Equal($"{path}: the JPEG file is cut off in its image data", refusal.Message);
            Assert.True(refusal.IsCutOff);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("RIFF....WEBPVP8 ", "a WebP file")]
    [InlineData("II+\0", "a BigTIFF file")]
    [InlineData("....ftypavif", "an AVIF file")]
    [InlineData("GIF89a", "the GIF file is cut off in its header")]
    [InlineData("MM\0*", "the TIFF file is cut off")]
    [InlineData("BM....\0\0\0\0", "the BMP file is cut off in its header")]
    [InlineData("%PDF", "this is a PDF file; JPEG, PNG, BMP, GIF and TIFF files are read")]
    [InlineData("\u0001\u0002\u0003", "this is no image that is known: it begins with 010203")]
    [InlineData("<!DOCTYPE html>", "this is text, no image: it begins with '<!DOCTYPE html>'")]
    [InlineData("....ftypheic", "a HEIF file")]
    [InlineData("....ftypmp42", "a video")]
    [InlineData("\0\0\u0001\0\u0001\0\u0010\u0010\0\0\u0001\0\u0020\0\u0068\0\0\0\u0016\0\0\0", "a Windows icon file")]
    [InlineData("\0\0\u0002\0\0\0\0\0\0\0\0\0\u0010\0\u0010\0\u0018\u0020....", "looks like a TGA file")]
    [InlineData("\0\u0001\u0001\0\0\0\u0001\u0018\0\0\0\0\u0010\0\u0010\0\u0008\u0020....", "looks like a TGA file")]
    [InlineData("\0\0\n\0\0\0\0\0\0\0\0\0\u0010\0\u0010\0\u0018\u0020....TRUEVISION-XFILE.\0", "this is a TGA file")]
    [InlineData("", "the file is empty")]
    public void Other_formats_are_named(string content, string name) => Assert.Contains(
        name, Assert.Throws<ImageFormatException>(() => ImageFile.Read(content.Select(c => (byte)c).ToArray())).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_PNG_file_is_read_too()
    {
        var picture = new Picture(3, 2) { [1, 1] = new Rgb(10, 20, 30) };
        using var stream = new MemoryStream();
        picture.Save(stream);
        Assert.Equal(new Rgb(10, 20, 30), ImageFile.Read(stream.ToArray())[1, 1]);
        stream.Position = 0;
        Assert.Equal(new Rgb(10, 20, 30), ImageFile.Read(stream)[1, 1]);
    }

    [Fact]
    public void A_stream_without_a_length_is_read_to_its_end()
    {
        byte[] file = [.. Sample(), .. new byte[200_000]];
        using var stream = new Slow(file);
        Assert.Equal(24, ImageFile.Read(stream).Width);
        Assert.Equal(file.Length, stream.Position);
    }

    /// <summary>24×16 pixels, 4:2:0.</summary>
    private static byte[] Sample()
    {
        byte[] file = [.. Corpus.Load().Entries.First(entry => entry.Name.Contains("-s2-exif", StringComparison.Ordinal) && !entry.IsCut
            && !entry.Name.Contains("progressive", StringComparison.Ordinal)
            && entry.Width >= 24 && entry.Height >= 16).File.Span];
        byte[] size = [0, 16, 0, 24];
        size.CopyTo(file, FrameHeader(file) + 5);
        return file;
    }

    private static int FrameHeader(byte[] file) =>
        int.Max(file.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]), file.AsSpan().IndexOf([(byte)0xFF, (byte)0xC2]));

    /// <summary>A stream that cannot be sought in, and gives few bytes at a time.</summary>
    private sealed class Slow(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..int.Min(1000, buffer.Length)]);
    }
}
