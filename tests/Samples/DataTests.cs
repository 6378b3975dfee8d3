using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Security.Cryptography;
using Digits;
using Xunit;

namespace Strata.Samples.Tests;

public sealed class DataTests
{
    // Of the files' content, as make-subset.py prints them: gzip itself may pack differently.
    [Theory]
    [InlineData("train-images-idx3-ubyte", "438ba099335a695db401b4cc1a9ebb5e26f3f6800536cda63de250fa022053bd")]
    [InlineData("train-labels-idx1-ubyte", "cdc933926617e78fa735e9296757e93f869734837ddb53260df98126675ca7c4")]
    [InlineData("t10k-images-idx3-ubyte", "544b11e980491b35ea0a29d267be603798a522d267bd875eefdf185f2a90b4ed")]
    [InlineData("t10k-labels-idx1-ubyte", "00c8ee896b56b1f141feedeefecd0ec606a7715b411eb44be7e1b1decd17e3fd")]
    public void The_files_are_what_the_script_made(string name, string checksum)
    {
        using var content = new GZipStream(Resource(name), CompressionMode.Decompress);
        Assert.Equal(checksum, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    [Fact]
    public void The_files_stay_under_three_megabytes()
    {
        Stream[] files = [.. typeof(DigitSet).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".gz", StringComparison.Ordinal)).Select(OpenResource)];
        Assert.Equal(4, files.Length);
        Assert.InRange(files.Sum(file => file.Length), 1, 3_000_000);
    }

    [Fact]
    public void There_are_ten_thousand_digits_to_train_on_and_two_thousand_to_test()
    {
        DigitSet training = DigitSet.Training(), test = DigitSet.Test();
        Assert.Equal((10_000, 2_000), (training.Count, test.Count));
        for (int digit = 0; digit < 10; digit++)
        {
            Assert.InRange(training.Labels.Count(label => label == digit), 900, 1150);
            Assert.InRange(test.Labels.Count(label => label == digit), 150, 250);
        }
    }

    [Fact]
    public void Splitting_loses_nothing()
    {
        (DigitSet kept, DigitSet aside) = DigitSet.Test().Split(20);
        Assert.Equal((1_900, 100), (kept.Count, aside.Count));
        Assert.Equal(DigitSet.Test()[20], aside[1]);
        Assert.Equal(DigitSet.Test()[21], kept[19]);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string directory = Directory.CreateTempSubdirectory("digits").FullName;
        Assert.Contains("train-images-idx3-ubyte", Assert.ThrowsAny<IOException>(() => DigitSet.Training(directory)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_another_size_are_refused()
    {
        string directory = Directory.CreateTempSubdirectory("digits").FullName;
        File.WriteAllBytes(Path.Combine(directory, "t10k-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 7, 7]);
        File.WriteAllBytes(Path.Combine(directory, "t10k-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 1, 3]);
        Assert.Contains("28", Assert.Throws<InvalidDataException>(() => DigitSet.Test(directory)).Message, StringComparison.Ordinal);
    }

    private static Stream Resource(string name) => OpenResource(name + ".gz");

    private static Stream OpenResource(string name) => typeof(DigitSet).Assembly.GetManifestResourceStream(name)!;
}
