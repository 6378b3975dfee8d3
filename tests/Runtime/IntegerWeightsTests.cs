using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>Weights that are integers of 8 bits in a file, beside their scales.</summary>
public sealed class IntegerWeightsTests
{
    private const int Rows = LinearNetwork.Outputs, Columns = LinearNetwork.Inputs;

    private static readonly float[] Whole = [.. Enumerable.Range(0, Rows * Columns).Select(i => (float)((i * 37 % 256) - 128))];

    private static readonly SafetensorsTensor Bias = new("dense1.bias", [Rows], new float[Rows]);

    private static readonly SafetensorsTensor Weight = new("dense1.weight", [Rows, Columns], Whole) { Int8 = true };

    private static float[] Numbers(int count) => [.. Enumerable.Range(1, count).Select(i => i / 3f)];

    private static SafetensorsTensor Scale(params int[] shape) => new(
        "dense1.weight_scale", shape, Numbers(shape.Aggregate(1, (a, b) => a * b)));

    private static byte[] FileOf(params SafetensorsTensor[] tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, tensors);
        return stream.ToArray();
    }

    public static IEnumerable<TheoryDataRow<int[]>> Shapes => ((int[][])[[Rows, 1], [Rows], [1, Columns], [1, 1], [1], []])
        .Select(shape => new TheoryDataRow<int[]>(shape));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_weight_is_its_integers_times_their_scales(int[] shape)
    {
        float[] expected = [.. Whole.Select((value, i) => value * Numbers(Whole.Length)[shape switch
        {
            [Rows, ..] => i / Columns,
            [1, Columns] => i % Columns,
            _ => 0,
        }])];

        // The scales stand before the weight, or behind it; a file is read by threads, a stream forwards.
        foreach (SafetensorsTensor[] tensors in (SafetensorsTensor[][])[[Scale(shape), Weight, Bias], [Weight, Bias, Scale(shape)]])
        {
            byte[] file = FileOf(tensors);
            string path = Path.GetTempFileName();
            try
            {
                File.WriteAllBytes(path, file);
                foreach (Func<LinearNetwork, WeightsLoadReport> load in (Func<LinearNetwork, WeightsLoadReport>[])
                [
                    net => net.Load(path, new WeightsLoadOptions()), net => net.Load(file.AsMemory(), new WeightsLoadOptions()),
                    net => net.Load(new MemoryStream(file), new WeightsLoadOptions { Strict = false }),
                ])
                {
                    using var network = new LinearNetwork(new NetworkOptions { Seed = 1, Threads = 2 });
                    WeightsLoadReport report = load(network);
                    Assert.Equal(["dense1.weight", "dense1.bias"], report.Loaded);
                    Assert.Empty(report.Unexpected);
                    Assert.Equal(expected, network.Values(0));
                }

                using var begun = new LinearNetwork(new NetworkOptions { Weights = path });
                Assert.Equal(expected, begun.Values(0));
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    [Fact]
    public void Prefixes_and_new_names_are_those_of_the_weight()
    {
        byte[] file = FileOf(
            new SafetensorsTensor("m.fc.weight_scale", [1], new float[] { 2 }),
            new SafetensorsTensor("m.fc.weight", [Rows, Columns], Whole) { Int8 = true },
            new SafetensorsTensor("m.fc.bias", [Rows], new float[Rows]));
        using var network = new LinearNetwork(new NetworkOptions { Seed = 1 });
        Func<string, string> rename = key => key.Replace("fc.", "dense1.", StringComparison.Ordinal);
        network.Load(file, new WeightsLoadOptions { Prefix = "m.", Rename = rename });
        Assert.Equal(Whole.Select(value => 2 * value), network.Values(0));
    }

    public static IEnumerable<TheoryDataRow<string, string>> Refused =>
    [
        new("none", "expected F32, F64, F16 or BF16 (5, 7), found I8 (5, 7). Integers need a tensor 'dense1.weight_scale': one number, or "
            + "one for each index of an axis of the weight; and none with '_zero_point'."),
        new("both axes", "Integers need a tensor 'dense1.weight_scale'"),
        new("too many", "Integers need a tensor 'dense1.weight_scale'"),
        new("second axis alone", "Integers need a tensor 'dense1.weight_scale'"),
        new("fewer axes than the weight", "Integers need a tensor 'dense1.weight_scale'"),
        new("integers", "Integers need a tensor 'dense1.weight_scale'"),
        new("zero point", "and none with '_zero_point'"),
        new("other shape", "expected F32, F64, F16 or BF16 (5, 7), found I8 (7, 5)."),
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void Integers_without_fitting_scales_are_refused_and_change_nothing(string what, string message)
    {
        SafetensorsTensor[] tensors = what switch
        {
            "none" => [Weight, Bias],
            "both axes" => [Weight, Bias, Scale(Rows, Columns)],
            "too many" => [Weight, Bias, Scale(Rows + 1, 1)],
            "second axis alone" => [Weight, Bias, Scale(Columns)],
            "fewer axes than the weight" => [Weight, Bias, Scale(Rows, 1, 1)],
            "integers" => [Weight, Bias, new SafetensorsTensor("dense1.weight_scale", [1], new float[1]) { Int8 = true }],
            "zero point" => [Weight, Bias, Scale(1), new SafetensorsTensor("dense1.weight_zero_point", [1], new float[1]) { Int8 = true }],
            _ => [new SafetensorsTensor("dense1.weight", [Columns, Rows], Whole) { Int8 = true }, Bias, Scale(1)],
        };
        using var network = new LinearNetwork(new NetworkOptions { Seed = 1 });
        float[] before = network.Values(0);
        string found = Assert.Throws<WeightsFormatException>(() => network.Load(FileOf(tensors))).Message;
        Assert.Contains(message, found, StringComparison.Ordinal);
        Assert.Equal(what != "other shape", found.Contains("_scale", StringComparison.Ordinal));
        Assert.Equal(before, network.Values(0));

        // Who wants only what fits is told of it, and has no integers without their scales.
        WeightsLoadReport report = network.Load(FileOf(tensors), new WeightsLoadOptions { Strict = false, SkipMismatched = true });
        Assert.Equal(["dense1.weight"], report.Mismatched);
        Assert.Equal(before, network.Values(0));
    }

    [Fact]
    public void Scales_without_integers_are_unexpected()
    {
        using var network = new LinearNetwork(new NetworkOptions { Seed = 1 });
        byte[] file = FileOf(new SafetensorsTensor("dense1.weight", [Rows, Columns], Whole), Bias, Scale(1));
        Assert.Contains("dense1.weight_scale", Assert.Throws<WeightsFormatException>(() => network.Load(file)).Message);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(-129)]
    [InlineData(0.5f)]
    [InlineData(float.NaN)]
    public void Only_integers_of_8_bits_are_written_as_such(float value)
    {
        string problem = Assert.Throws<InvalidOperationException>(
            () => FileOf(new SafetensorsTensor("a", [2], new[] { -128, value }) { Int8 = true })).Message;
        Assert.Contains("'a' has ", problem);
        Assert.EndsWith("where integers from −128 to 127 are expected.", problem);
    }

    [Fact]
    public void A_scale_beyond_the_range_of_floats_changes_nothing()
    {
        byte[] file = FileOf(new SafetensorsTensor("dense1.weight_scale", [2], new float[2]), Weight, Bias);
        string header = Encoding.UTF8.GetString(file, 8, BitConverter.ToInt32(file));
        string changed = header.Replace("\"F32\",\"shape\":[2]", "\"F64\",\"shape\":[1]", StringComparison.Ordinal);
        Assert.NotEqual(header, changed);
        Encoding.UTF8.GetBytes(changed).CopyTo(file, 8);
        BitConverter.TryWriteBytes(file.AsSpan(8 + header.Length), 1e300);
        using var network = new LinearNetwork(new NetworkOptions { Seed = 1 });
        float[] before = network.Values(0);
        Assert.Contains("beyond the largest float", Assert.Throws<WeightsFormatException>(() => network.Load(file)).Message);
        Assert.Equal(before, network.Values(0));
    }

    [Fact]
    public void A_prefix_of_integers_and_their_scales_is_named()
    {
        using var network = new LinearNetwork(new NetworkOptions { Seed = 1 });
        SafetensorsTensor With(SafetensorsTensor tensor) => new("module." + tensor.Key, tensor.Shape, tensor.Values) { Int8 = tensor.Int8 };
        byte[] file = FileOf(With(Weight), With(Bias), With(Scale(Rows, 1)));
        Assert.Contains(
            """With WeightsLoadOptions { Prefix = "module." } all of them fit.""",
            Assert.Throws<WeightsFormatException>(() => network.Load(file)).Message);
    }
}
