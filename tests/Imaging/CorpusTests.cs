using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.InteropServices;
using Strata.Pictures;
using Xunit;

namespace Strata.Imaging.Tests;

/// <summary>The pixels are Pillow's, byte for byte.</summary>
public sealed class CorpusTests(ITestOutputHelper log)
{
    private const string InnerRun = "STRATA_WITHOUT_VECTORS";

    private static readonly string[] Kinds =
    [
        "-progressive", "-grey", "-cmyk", "-ycck", "-rgb", "-restart", "-scans", "-cut", "-444", "-422", "-420", "-440", "-411", "-4x2",
        "-3x1", "-1x4", "-2x2,1x2,2x1", "-q1-", "-q100",
    ];

    private static readonly string[] OtherKinds =
    [
        "-bmp-1", "-bmp-L", "-bmp-P", "-bmp-RGB", "-bmp-RGBA", "-bmp-16", "-bmp-24", "-bmp-32", "-bmp-core", "-gif", "-gif-frame",
        "-gif-animation", "-apng", "-png",
    ];

    // Kinds that Pillow does not write: each comes at least once.
    private static readonly string[] RareKinds =
    [
        "png-0-1", "png-0-2", "png-0-4", "png-0-8", "png-2-16", "png-3-1", "png-3-2", "png-3-4", "png-3-8", "png-4-8", "png-4-16",
        "png-6-16", "-adam7-trns", "-adam7-cut", "png-2-8-trns", "png-3-8-trns", "png-exif6", "bmp-rle4", "bmp-rle8", "bmp-palette1-124",
        "bmp-palette4-cut", "bmp-masks16", "bmp-masks24", "bmp-masks32", "gif-interlaced-local-transparent", "gif-cut", "tiff-p0-4x1",
        "tiff-p2-8x4", "-extra1", "tiff-p2-16x4", "tiff-p3-2x1", "tiff-p5-8x5", "-tiled", "tiff-planar-16x3", "tiff-fill2",
    ];

    [Fact]
    public void All_files_give_the_pixels_of_Pillow()
    {
        var corpus = Corpus.Load();
        log.WriteLine($"{corpus.Entries.Count} files; the reference is {corpus.Versions}.");
        Assert.Equal(400, corpus.Entries.Count);
        Assert.Empty(corpus.Entries.Select(Difference).OfType<string>());
    }

    [Fact]
    public void Files_of_other_formats_give_the_pixels_of_Pillow_too()
    {
        var corpus = Corpus.Load(Corpus.Others);
        log.WriteLine($"{corpus.Entries.Count} files; the reference is {corpus.Versions}.");
        Assert.All(OtherKinds, kind => Assert.Contains(corpus.Entries, entry => entry.Name.EndsWith(kind, StringComparison.Ordinal)));
        Assert.All(RareKinds, kind => Assert.Contains(corpus.Entries, entry => entry.Name.Contains(kind, StringComparison.Ordinal)));
        Assert.All(Enumerable.Range(1, 8), orientation => Assert.Contains(
            corpus.Entries, entry => entry.Name.Contains($"-orientation{orientation}", StringComparison.Ordinal)));
        Assert.Empty(corpus.Entries.Select(Difference).OfType<string>());
    }

    [Fact]
    public void A_PNG_or_bitmap_that_is_cut_off_says_so() => Assert.All(
        Corpus.Load(Corpus.Others).Entries.Where(entry => entry.IsCut),
        entry => Assert.True(Assert.Throws<ImageFormatException>(() => ImageFile.Read(entry.File.Span)).IsCutOff));

    /// <summary>The names say how each file was made.</summary>
    [Fact]
    public void The_corpus_has_files_of_all_kinds_and_sizes()
    {
        IReadOnlyList<Corpus.Entry> entries = Corpus.Load().Entries;
        Assert.All(Kinds, kind => Assert.Contains(entries, entry => entry.Name.Contains(kind, StringComparison.Ordinal)));
        Assert.All(Enumerable.Range(1, 8), orientation => Assert.Contains(
            entries, entry => entry.Name.EndsWith($"-exif{orientation}", StringComparison.Ordinal) && entry.IsUpright));
        Assert.All(Enumerable.Range(1, 67), size => Assert.Contains(entries, entry => entry.Width == size || entry.Height == size));
    }

    [Fact]
    public void A_file_that_is_cut_off_is_refused_unless_it_is_allowed()
    {
        Corpus.Entry[] cut = [.. Corpus.Load().Entries.Where(entry => entry.IsCut)];
        Assert.InRange(cut.Length, 20, 200);
        Assert.All(cut, entry =>
        {
            ImageFormatException refusal = Assert.Throws<ImageFormatException>(() => ImageFile.Read(entry.File.Span));
            Assert.True(refusal.IsCutOff);
            Assert.Equal("the JPEG file is cut off in its image data", refusal.Message);
        });
    }

    /// <summary>Other processors have other instructions; the runtime can be told to do without.</summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void The_pixels_are_the_same_without_the_processor_s_vectors(string setting)
    {
        if (Environment.GetEnvironmentVariable(InnerRun) is not null)
        {
            return;
        }

        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            Environment = { [setting] = "0", [InnerRun] = "1" },
        };
        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"*.{nameof(All_files_give_the_pixels_of_Pillow)}");
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 && output.Contains("Failed: 0", StringComparison.Ordinal), output);
        Assert.Contains("Total: 1", output, StringComparison.Ordinal);
    }

    private static string? Difference(Corpus.Entry entry)
    {
        Picture picture = ImageFile.Read(entry.File.Span, entry.Options);
        if ((picture.Width, picture.Height) != (entry.Width, entry.Height))
        {
            return $"{entry.Name}: {picture.Width}×{picture.Height} for {entry.Width}×{entry.Height}";
        }

        int rowLength = 3 * entry.Width;
        for (int y = 0; y < entry.Height; y++)
        {
            ReadOnlySpan<byte> row = MemoryMarshal.AsBytes(picture.Row(y)), expected = entry.Pixels.Span.Slice(y * rowLength, rowLength);
            int x = row.CommonPrefixLength(expected);
            if (x < rowLength)
            {
                return $"{entry.Name}: {row[x]} for {expected[x]} in row {y}, column {x / 3}, channel {x % 3}";
            }
        }

        return null;
    }
}
