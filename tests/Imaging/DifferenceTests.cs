using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Pictures;
using Xunit;

namespace Strata.Imaging.Tests;

/// <summary>What is read otherwise than by Pillow, on purpose. The page has a row for each kind.</summary>
public sealed class DifferenceTests
{
    private sealed record Difference(string Row, string Flags, byte[] File, string Pillow, string Strata);

    public static TheoryData<int> All => [.. Enumerable.Range(0, Load().Count)];

    /// <summary>The file says what Pillow 9.4 reads, and what was expected here by hand.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void A_file_gives_what_the_table_of_differences_says(int number)
    {
        Difference difference = Load()[number];
        var options = new ImageReadOptions { ApplyOrientation = difference.Flags == "o", AllowTruncated = difference.Flags == "t" };
        if (difference.Strata == "refused")
        {
            Assert.Throws<ImageFormatException>(() => ImageFile.Read(difference.File, options));
            return;
        }

        Picture picture = ImageFile.Read(difference.File, options);
        IEnumerable<string> pixels = Enumerable.Range(0, picture.Width * picture.Height)
            .Select(i => picture[i % picture.Width, i / picture.Width]).Select(p => $"{p.Red:X2}{p.Green:X2}{p.Blue:X2}");
        Assert.Equal(difference.Strata, $"{picture.Width} {picture.Height} {string.Concat(pixels)}");
        Assert.NotEqual(difference.Pillow, difference.Strata);
    }

    [Fact]
    public void The_page_has_a_row_for_each_of_them_and_no_others()
    {
        string page = new StreamReader(Resource.Open("PACKAGE.md")).ReadToEnd();
        string table = page[page.IndexOf("| differs | Pillow 9.4 |", StringComparison.Ordinal)..].Split("\n\n")[0];
        string[] rows = [.. table.Split('\n').Skip(2).Select(line => line.Split('|')[1].Trim())];

        // A file of this kind needs libjpeg's encoder: the corpus has others that are cut off.
        Assert.Equal(Load().Select(d => d.Row).Append("progressive JPEG, cut off in a table").Distinct().Order(StringComparer.Ordinal),
            rows.Order(StringComparer.Ordinal));
    }

    /// <summary>Pillow shows black there.</summary>
    [Fact]
    public void A_progressive_file_that_is_cut_off_in_a_table_shows_the_scans_before_it()
    {
        Corpus.Entry entry = Corpus.Load().Entries.First(
            e => e.Name.Contains("-progressive-s0", StringComparison.Ordinal) && !e.IsCut);
        ReadOnlySpan<byte> file = entry.File.Span;
        int scan = file.IndexOf([(byte)0xFF, (byte)0xDA]), table = scan + file[scan..].IndexOf([(byte)0xFF, (byte)0xC4]);
        Picture picture = ImageFile.Read(file[..(table + 6)], entry.Options with { AllowTruncated = true });
        long sum = Enumerable.Range(0, picture.Height).Sum(y => picture.Row(y).ToArray().Sum(p => (long)p.Red + p.Green + p.Blue));
        Assert.InRange(sum, 1, long.MaxValue);
    }

    private static List<Difference> Load()
    {
        using var reader = new StreamReader(Resource.Open("Differences.txt"));
        return [.. reader.ReadToEnd().TrimEnd('\n').Split('\n').Select(line => line.Split('\t')).Select(words =>
            new Difference(words[0], words[1], Convert.FromBase64String(words[2]), words[3], words[4]))];
    }
}
