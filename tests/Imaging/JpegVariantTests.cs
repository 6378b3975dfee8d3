using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Strata.Pictures;
using Xunit;

namespace Strata.Imaging.Tests;

/// <summary>Files that no encoder at hand writes: variants of those in the corpus, with the same pixels.</summary>
public sealed class JpegVariantTests
{
    private const int Sof0 = 0xC0, Sof1 = 0xC1, HuffmanTables = 0xC4, StartOfScan = 0xDA, Comment = 0xFE;

    private static readonly byte[] Baseline = [0xFF, Sof0];

    /// <summary>Frames of motion JPEG have the standard's Huffman codes in mind.</summary>
    [Fact]
    public void A_file_without_Huffman_tables_has_those_of_the_standard()
    {
        // The standard's tables are the only ones of these lengths.
        int count = 0;
        foreach (Corpus.Entry entry in Corpus.Load().Entries.Where(e => !e.IsCut && !e.IsUpright && e.File.Span.IndexOf(Baseline) > 0))
        {
            List<byte[]> tables = [];
            byte[] file = Assemble(entry, segment => segment[1] != HuffmanTables || !Add(tables, segment), []);
            if (tables.TrueForAll(table => table.Length is 33 or 183))
            {
                count++;
                AssertSame(entry, file);
            }
        }

        Assert.InRange(count, 20, 200);
    }

    [Fact]
    public void Extended_sequential_files_are_read() => Assert.All(Turbo(), entry =>
    {
        byte[] file = entry.File.ToArray();
        file[file.AsSpan().IndexOf(Baseline) + 1] = Sof1;
        AssertSame(entry, file);
    });

    [Fact]
    public void Comments_and_what_stands_behind_the_end_change_nothing() => Assert.All(Turbo(), entry =>
        AssertSame(entry, [.. Assemble(entry, _ => true, [0xFF, 0xFF, Comment, 0, 5, 0xFF, 0xD9, 1]), 1, 2, 3, 0xFF, 0xD8, 0xFF]));

    /// <summary>A guess about names of components would make other colours of these.</summary>
    [Fact]
    public void Without_markers_components_named_RGB_are_red_green_and_blue()
    {
        Corpus.Entry entry = Turbo().First(e => e.Name.EndsWith("-444", StringComparison.Ordinal));
        byte[] named = Assemble(entry, segment => segment[1] != 0xE0, []);
        Picture colours = ImageFile.Read(named);
        int frame = named.AsSpan().IndexOf(Baseline), scan = named.AsSpan().IndexOf([(byte)0xFF, (byte)StartOfScan]);
        foreach ((int i, char name) in "RGB".Index())
        {
            (named[frame + 10 + (3 * i)], named[scan + 5 + (2 * i)]) = ((byte)name, (byte)name);
        }

        Picture planes = ImageFile.Read(named);
        Rgb ycc = planes[0, 0], rgb = colours[0, 0];
        Assert.Equal(rgb.Red, (byte)double.Round(double.Clamp(ycc.Red + (1.402 * (ycc.Blue - 128)), 0, 255)));
        Assert.Equal(rgb.Blue, (byte)double.Round(double.Clamp(ycc.Red + (1.772 * (ycc.Green - 128)), 0, 255)));
    }

    /// <summary>Baseline files with a scan for all components.</summary>
    private static IEnumerable<Corpus.Entry> Turbo() => Corpus.Load().Entries.Where(entry =>
        !entry.IsCut && !entry.Name.Contains("progressive", StringComparison.Ordinal)
        && (string[])["444", "422", "420", "440", "411"] is var samplings
        && samplings.Any(sampling => entry.Name.EndsWith($"-{sampling}", StringComparison.Ordinal)));

    private static bool Add(List<byte[]> tables, byte[] segment)
    {
        tables.Add(segment);
        return true;
    }

    /// <summary>The file with some of its segments, and with others behind the first marker.</summary>
    private static byte[] Assemble(Corpus.Entry entry, Func<byte[], bool> keep, byte[] more)
    {
        byte[] file = entry.File.ToArray();
        List<byte> result = [.. file[..2], .. more];
        int place = 2;
        while (file[place + 1] != StartOfScan)
        {
            int length = 2 + (file[place + 2] << 8) + file[place + 3];
            byte[] segment = file[place..(place + length)];
            result.AddRange(keep(segment) ? segment : []);
            place += length;
        }

        return [.. result, .. file[place..]];
    }

    private static void AssertSame(Corpus.Entry entry, byte[] file)
    {
        Picture picture = ImageFile.Read(file);
        Assert.Equal(entry.Width, picture.Width);
        byte[] pixels = [.. Enumerable.Range(0, picture.Height).SelectMany(y => MemoryMarshal.AsBytes(picture.Row(y)).ToArray())];
        Assert.Equal(entry.Pixels.ToArray(), pixels);
    }
}
