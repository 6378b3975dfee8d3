using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Xunit;

namespace Strata.Imaging.Tests;

public sealed class DataSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("data").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void MNISTs_four_files_become_two_sets()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 102], labels = [0, 0, 8, 1, 0, 0, 0, 2, 3, 1];
        foreach (string name in new[] { "train", "t10k" })
        {
            File.WriteAllBytes(Path.Combine(_folder, $"{name}-images-idx3-ubyte"), images);
            using var gzip = new GZipStream(File.Create(Path.Combine(_folder, $"{name}-labels-idx1-ubyte.gz")), CompressionMode.Compress);
            gzip.Write(labels);
        }

        (LabeledData training, LabeledData test) = MnistData.Read(_folder);
        Assert.Equal([0, 1, 0.2f, 0.4f], training.Inputs.ToArray());
        Assert.Equal([3, 1], test.Targets.ToArray());
        Assert.Equal([1, 1, 2], test.Shape);
        File.Delete(Path.Combine(_folder, "t10k-labels-idx1-ubyte.gz"));
        Assert.Contains("t10k-labels-idx1-ubyte", Assert.Throws<FileNotFoundException>(() => MnistData.Read(_folder)).Message);
    }

    [Fact]
    public void CIFARs_files_have_one_label_or_two()
    {
        byte[] ten = new byte[2 * 3073], hundred = new byte[3074];
        (ten[0], ten[1], ten[3073], ten[6145]) = (9, 255, 2, 51);
        (hundred[0], hundred[1], hundred[3]) = (7, 99, 255);
        string file = Path.Combine(_folder, "a.bin"), other = Path.Combine(_folder, "b.bin");
        File.WriteAllBytes(file, ten);
        File.WriteAllBytes(other, hundred);
        LabeledData data = CifarFile.Read(file, file);
        Assert.Equal([9, 2, 9, 2], data.Targets.ToArray());
        Assert.Equal((1f, 0.2f), (data[2][0], data[1][3071]));
        Assert.Equal("truck", data.ClassNames[9]);
        LabeledData fine = CifarFile.Read100(other);
        Assert.Equal((99, 1f), (fine.Targets.Span[0], fine[0][1]));
        Assert.Contains("a.bin: 6,146 bytes", Assert.Throws<InvalidDataException>(() => CifarFile.Read100(file)).Message);
        ten[3073] = 10;
        File.WriteAllBytes(file, ten);
        Assert.Contains("byte 3,073 has the label 10", Assert.Throws<InvalidDataException>(() => CifarFile.Read(file)).Message);
    }

    [Fact]
    public void A_table_with_a_header_and_names_of_classes()
    {
        LabeledData data = Csv(""""
            left,"kind, of",right
            1.5,cat,-2e1
            3,"a ""dog""",4

            0,cat,1
            """", new CsvOptions { TargetName = "kind, of" });
        Assert.Equal([1.5f, -20, 3, 4, 0, 1], data.Inputs.ToArray());
        Assert.Equal([1, 0, 1], data.Targets.ToArray());
        Assert.Equal(["a \"dog\"", "cat"], data.ClassNames);
    }

    [Fact]
    public void A_signal_with_its_class_in_the_last_column()
    {
        LabeledData data = Csv("0.1;0.2;0.3;0.4;2.0\n1;2;3;4;0\n", new CsvOptions { Separator = ';', Shape = [2, 2] });
        Assert.Equal([2, 0], data.Targets.ToArray());
        Assert.Equal([2, 2], data.Shape);
        Assert.Equal(3, data.ClassNames.Count);
    }

    [Theory]
    [InlineData("1,2,0\n1,0\n", "text, line 2: 2 fields, but the first row has 3.")]
    [InlineData("1,2,0\n1,x,0\n", "text, line 2, column 2: 'x' is no finite number.")]
    [InlineData("1,2,0\n1,NaN,0\n", "text, line 2, column 2: 'NaN' is no finite number.")]
    [InlineData("1,\"2,0\n", "text, line 1: a quotation mark is not closed.")]
    public void A_damaged_table_names_the_line(string text, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => Csv(text)).Message);

    [Fact]
    public void Fields_that_do_not_fit_the_shape_are_refused() => Assert.Equal(
        "text: rows have 2 numbers besides the class; a sample of 1×3 has 3.",
        Assert.Throws<InvalidDataException>(() => Csv("1,2,0\n", new CsvOptions { Shape = [1, 3] })).Message);

    [Fact]
    public void A_split_has_the_same_share_of_each_class_and_depends_on_the_seed_only()
    {
        int[] targets = [.. Enumerable.Range(0, 100).Select(i => i % 4 == 0 ? 1 : 0)];
        var data = new LabeledData([.. targets.Select((_, i) => (float)i)], targets, [1]);
        (LabeledData first, LabeledData second) = data.Split(0.2, seed: 3);
        Assert.Equal((80, 20), (first.Count, second.Count));
        Assert.Equal(5, second.Targets.ToArray().Count(t => t == 1));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (float)i), first.Inputs.ToArray().Concat(second.Inputs.ToArray()).Order());
        Assert.Equal(second.Inputs.ToArray(), data.Split(0.2, seed: 3).Second.Inputs.ToArray());
        Assert.NotEqual(second.Inputs.ToArray(), data.Split(0.2, seed: 4).Second.Inputs.ToArray());
    }

    private static LabeledData Csv(string text, CsvOptions? options = null) => CsvFile.Read(new StringReader(text), options: options);
}
