using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Xunit;

namespace Strata.Weights.Tests;

/// <summary>Files that PyTorch has written are read with all bits, whatever their types, layouts, containers and wrappers.</summary>
public sealed class GoldenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<TheoryDataRow<string>> Readable => Golden.OfTorch
        .Where(file => Golden.Contents.ContainsKey(Path.GetFileNameWithoutExtension(file.Key)))
        .Select(file => new TheoryDataRow<string>(file.Key));

    [Theory]
    [MemberData(nameof(Readable))]
    public void All_tensors_are_converted_with_their_bits(string name)
    {
        string path = _folder.Write(name, Golden.Files[name]), output = _folder["out.safetensors"];
        PyTorchWeights.ConvertToSafetensors(path, output);
        Dictionary<string, Golden> expected = Golden.Contents[Path.GetFileNameWithoutExtension(name)];
        Dictionary<string, Golden> found = Golden.OfSafetensors(File.ReadAllBytes(output));
        Assert.Equal(expected.Keys, found.Keys);
        Assert.All(expected, tensor =>
        {
            Assert.Equal(tensor.Value.Type, found[tensor.Key].Type);
            Assert.Equal(tensor.Value.Shape, found[tensor.Key].Shape);
            Assert.Equal(tensor.Value.Bytes, found[tensor.Key].Bytes);
        });
    }

    [Fact]
    public void All_number_types_and_layouts_are_among_them()
    {
        Assert.Equal(
            ElementType.ByStorage.Values.Select(type => type.Safetensors).Order(StringComparer.Ordinal),
            Golden.Contents["types"].Values.Select(tensor => tensor.Type).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(14, Golden.Contents["layouts"].Count);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("module")]
    [InlineData("double")]
    [InlineData("half")]
    [InlineData("bfloat16")]
    [InlineData("data-parallel")]
    [InlineData("compiled")]
    [InlineData("both")]
    [InlineData("checkpoint-model")]
    [InlineData("checkpoint-state")]
    [InlineData("checkpoint-long")]
    public void A_network_loads_them_from_files_and_streams(string name)
    {
        foreach (string kind in (string[])["zip", "legacy"])
        {
            byte[] bytes = Golden.Files[$"{name}.{kind}"];
            string path = _folder.Write("weights.pth", bytes);
            Func<Small, WeightsLoadReport>[] ways =
            [
                net => net.LoadPyTorch(path),
                net => net.LoadPyTorch(new MemoryStream(bytes)),
                net => net.LoadPyTorch(new OneWay(bytes)),
                net => net.LoadPyTorch(Behind(bytes)),
            ];
            foreach (Func<Small, WeightsLoadReport> load in ways)
            {
                using var net = new Small(seed: 1);
                WeightsLoadReport report = load(net);
                Assert.Equal(net.Parameters.Select(p => p.Key), report.Loaded);
                Assert.Empty(report.Unexpected);
                Assert.All(net.Parameters, parameter => Assert.Equal(
                    Floats(Golden.Contents[name][parameter.Key]), Values(parameter)));
            }
        }
    }

    [Fact]
    public void Parts_and_prefixes_are_loaded_as_from_safetensors()
    {
        using var net = new Small(seed: 1);
        float[] before = Values(net.FindParameter("bn1.running_mean")!);
        string path = _folder.Write("weights.pth", Golden.Files["parameters.zip"]);
        WeightsLoadReport report = net.LoadPyTorch(path, new WeightsLoadOptions { Strict = false });
        Assert.Equal(["bn1.running_mean", "bn1.running_var"], report.Missing);
        Assert.Equal(before, Values(net.FindParameter("bn1.running_mean")!));

        string wrapped = _folder.Write("wrapped.pth", Golden.Files["data-parallel.legacy"]);
        foreach (WeightsLoadOptions options in (WeightsLoadOptions[])
        [
            new() { Prefix = "module." }, new() { Rename = name => name["module.".Length..] },
        ])
        {
            using var other = new Small(seed: 1);
            Assert.Equal(7, other.LoadPyTorch(wrapped, options).Loaded.Count);
        }
    }

    [Fact]
    public void A_file_that_does_not_fit_is_refused_by_its_name_and_changes_nothing()
    {
        using var net = new Small(seed: 1);
        float[][] before = [.. net.Parameters.Select(Values)];
        string path = _folder.Write("weights.pth", Golden.Files["layouts.zip"]);
        WeightsFormatException unknown = Assert.Throws<WeightsFormatException>(() => net.LoadPyTorch(path));
        Assert.StartsWith($"{path}: tensor 'transposed': Small has no such parameter; it has conv1.weight, ", unknown.Message);
        Assert.Equal(path, unknown.File);
        Assert.StartsWith("stream: tensor 'transposed'", Assert.Throws<WeightsFormatException>(
            () => net.LoadPyTorch(new MemoryStream(Golden.Files["layouts.zip"]))).Message);
        Assert.StartsWith("https://a/b.pth: tensor 'transposed'", Assert.Throws<WeightsFormatException>(
            () => net.LoadPyTorch(new MemoryStream(Golden.Files["layouts.zip"]), new WeightsLoadOptions { SourceName = "https://a/b.pth" }))
            .Message);
        string shape = Assert.Throws<WeightsFormatException>(() => net.LoadPyTorch(path, new WeightsLoadOptions
        {
            Strict = false,
            Rename = name => name == "rows" ? "fc1.weight" : null,
        })).Message;
        Assert.StartsWith($"{path}: tensor 'rows': expected F32, F64, F16 or BF16 (3, 8), found F32 (2, 6).", shape);
        Assert.Throws<ArgumentException>(() => net.LoadPyTorch(path, new WeightsLoadOptions { SkipMismatched = true }));
        Assert.Throws<FileNotFoundException>(() => net.LoadPyTorch(path + "x"));
        Assert.Equal(before, net.Parameters.Select(Values));
    }

    [Fact]
    public void A_failed_conversion_leaves_the_output_as_it_was()
    {
        string path = _folder.Write("weights.pth", Golden.Files["whole.zip"]), output = _folder.Write("out.safetensors", [1, 2, 3]);
        Assert.StartsWith($"{path}: the pickle asks for Python's '__main__.Net'",
            Assert.Throws<WeightsFormatException>(() => PyTorchWeights.ConvertToSafetensors(path, output)).Message);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(output));
    }

    private static float[] Values(Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    private static float[] Floats(Golden tensor)
    {
        byte[] bytes = tensor.Bytes;
        return tensor.Type switch
        {
            "F32" => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            "F64" => [.. MemoryMarshal.Cast<byte, double>(bytes).ToArray().Select(value => (float)value)],
            "F16" => [.. MemoryMarshal.Cast<byte, Half>(bytes).ToArray().Select(value => (float)value)],
            _ => [.. MemoryMarshal.Cast<byte, ushort>(bytes).ToArray().Select(value => BitConverter.UInt32BitsToSingle((uint)value << 16))],
        };
    }

    /// <summary>A stream whose first bytes are another's.</summary>
    private static MemoryStream Behind(byte[] bytes) => new([9, 9, 9, .. bytes]) { Position = 3 };

    /// <summary>A stream that cannot seek, and gives few bytes at a time.</summary>
    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..int.Min(buffer.Length, 7)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, int.Min(count, 7));
    }
}
