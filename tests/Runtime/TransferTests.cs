using System;
using System.IO;
using System.Linq;
using System.Text;
using Xunit;

namespace Strata.Runtime.Tests;

public sealed class TransferTests : IDisposable
{
    private readonly LinearNetwork _network = new(new NetworkOptions { Seed = 1 });

    public void Dispose() => _network.Dispose();

    [Fact]
    public void Strictly_all_fits_and_is_reported()
    {
        using var other = new LinearNetwork(new NetworkOptions { Seed = 2 });
        using var stream = new MemoryStream();
        other.Save(stream);
        stream.Position = 0;
        WeightsLoadReport report = _network.Load(stream, new WeightsLoadOptions());
        Assert.Equal(["dense1.weight", "dense1.bias"], report.Loaded);
        Assert.Empty(report.Missing.Concat(report.Mismatched).Concat(report.Unexpected));
        Assert.Equal(other.Values(0), _network.Values(0));
    }

    [Fact]
    public void A_network_can_begin_with_the_weights_of_a_file()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            _network.Save(path);
            using var other = new LinearNetwork(new NetworkOptions { Seed = 2, Weights = path });
            Assert.Equal(_network.Values(0), other.Values(0));
            Assert.Equal(2ul, other.Seed);
            File.WriteAllBytes(path, [1, 2, 3]);
            Assert.Throws<WeightsFormatException>(() => new LinearNetwork(new NetworkOptions { Weights = path }));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_is_missing_keeps_its_value_and_what_is_unexpected_is_told()
    {
        float[] weight = _network.Values(0);
        Stream file = Build(
            ("dense1.bias", "F32", "5", [1, 2, 3, 4, 5]), ("fc.weight", "F32", "2", [1, 2]), ("bn.num_batches_tracked", "I32", "", [7]));
        WeightsLoadReport report = _network.Load(file, new WeightsLoadOptions { Strict = false });
        Assert.Equal(["dense1.bias"], report.Loaded);
        Assert.Equal(["dense1.weight"], report.Missing);
        Assert.Empty(report.Mismatched);
        Assert.Equal(["fc.weight"], report.Unexpected);
        Assert.Equal(weight, _network.Values(0));
        Assert.Equal([1f, 2, 3, 4, 5], _network.Values(1));
    }

    [Fact]
    public void Another_shape_is_an_error_unless_it_is_skipped()
    {
        float[] weight = _network.Values(0), bias = _network.Values(1);
        (string, string, string, float[])[] tensors = [("dense1.weight", "F32", "5,8", new float[40]),
            ("dense1.bias", "F32", "5", [1, 2, 3, 4, 5])];
        var e = Assert.Throws<WeightsFormatException>(() => _network.Load(Build(tensors), new WeightsLoadOptions { Strict = false }));
        Assert.Contains("expected F32, F64, F16 or BF16 (5, 7), found F32 (5, 8).", e.Message);
        Assert.EndsWith(
            " With WeightsLoadOptions { Strict = false, SkipMismatched = true } such parameters keep their values, as a new head does.",
            e.Message, StringComparison.Ordinal);
        Assert.Equal(bias, _network.Values(1));

        WeightsLoadReport report = _network.Load(Build(tensors), new WeightsLoadOptions { Strict = false, SkipMismatched = true });
        Assert.Equal(["dense1.bias"], report.Loaded);
        Assert.Equal(["dense1.weight"], report.Mismatched);
        Assert.Empty(report.Missing);
        Assert.Equal(weight, _network.Values(0));
        Assert.Equal([1f, 2, 3, 4, 5], _network.Values(1));
        Assert.Throws<ArgumentException>("options", () => _network.Load(Build(tensors), new WeightsLoadOptions { SkipMismatched = true }));
    }

    [Fact]
    public void Names_are_cut_and_changed()
    {
        (string, string, string, float[])[] tensors =
        [
            ("module.fc.weight", "F32", "5,7", [.. Enumerable.Range(0, 35).Select(i => (float)i)]),
            ("module.fc.bias", "F32", "5", [1, 2, 3, 4, 5]),
            ("module.ema", "F32", "1", [9]),
        ];
        var options = new WeightsLoadOptions
        {
            Strict = false,
            Prefix = "module.",
            Rename = name => name == "ema" ? null : name.Replace("fc.", "dense1.", StringComparison.Ordinal),
        };
        WeightsLoadReport report = _network.Load(Build(tensors), options);
        Assert.Equal(["dense1.weight", "dense1.bias"], report.Loaded);
        Assert.Equal(["module.ema"], report.Unexpected);
        Assert.Equal(34, _network.Values(0)[^1]);

        // Strictly, what is renamed to nothing is still one tensor too many.
        Assert.Throws<WeightsFormatException>(() => _network.Load(Build(tensors), options with { Strict = true }));
        _network.Load(Build(tensors[..2]), options with { Strict = true });
        report = _network.Load(Build(tensors), options with { Prefix = "backbone." });
        Assert.Equal((0, 2, 3), (report.Loaded.Count, report.Missing.Count, report.Unexpected.Count));
    }

    [Fact]
    public void Two_tensors_for_one_parameter_are_refused()
    {
        var e = Assert.Throws<WeightsFormatException>(() => _network.Load(
            Build(("a.bias", "F32", "5", new float[5]), ("b.bias", "F32", "5", new float[5])),
            new WeightsLoadOptions { Strict = false, Rename = _ => "dense1.bias" }));
        Assert.Contains("tensor 'b.bias': 'a.bias' is parameter 'dense1.bias', too.", e.Message);
    }

    private static MemoryStream Build(params (string Name, string Type, string Shape, float[] Values)[] tensors)
    {
        var header = new StringBuilder("{");
        int offset = 0;
        foreach ((string name, string type, string shape, float[] values) in tensors)
        {
            header.Append(offset > 0 ? "," : "").Append(
                $$"""
                "{{name}}":{"dtype":"{{type}}","shape":[{{shape}}],"data_offsets":[{{offset}},{{offset += 4 * values.Length}}]}
                """);
        }

        byte[] text = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        return new MemoryStream(
        [
            .. BitConverter.GetBytes((long)text.Length), .. text, .. tensors.SelectMany(t => t.Values).SelectMany(BitConverter.GetBytes),
        ]);
    }
}
