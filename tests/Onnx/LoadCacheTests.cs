using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Strata.Onnx.Loading;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>ONNX files whose code and parameters are kept in a folder.</summary>
public sealed class LoadCacheTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("strata-loads-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string ModelPath => Path.Combine(_folder, "model.onnx");

    private string Cache => Path.Combine(_folder, "cache");

    private static ModelBuilder Model(int classes = 3) => new ModelBuilder(17).Input("x", "batch", 3, "h", "w")
        .Noise("conv.weight", 4, 3, 3, 3).Noise("fc.weight", classes, 4).Noise("fc.bias", classes)
        .Node("Conv", "x,conv.weight", "a").Node("Relu", "a", "r").Node("GlobalAveragePool", "r", "g").Node("Flatten", "g", "f")
        .Node("Gemm", "f,fc.weight,fc.bias", "y", ("transB", 1)).Output("y");

    private static OnnxImportOptions Options(int height = 8) => new()
    {
        Name = "Loaded",
        Inputs = new Dictionary<string, IReadOnlyList<int>> { ["x"] = [3, height, 8] },
    };

    private float[] Load(OnnxImportOptions? options = null, string? cache = null, int[]? size = null)
    {
        using CompiledNetwork net = OnnxFile.Load(
            ModelPath, options ?? Options(), new NetworkOptions { Threads = 1 }, new CompileOptions { CacheFolder = cache });
        CompiledNetwork sized = size is null ? net : net.At(size);
        float[] outputs = new float[sized.OutputLength];
        sized.Forward([.. Enumerable.Range(0, sized.InputLength).Select(i => MathF.Sin(i * 0.37f))], outputs);
        return outputs;
    }

    private string[] Kept => Directory.Exists(Cache) ? [.. Directory.EnumerateFiles(Cache).Order(StringComparer.Ordinal)] : [];

    [Fact]
    public void What_is_kept_has_the_bits_of_the_file()
    {
        File.WriteAllBytes(ModelPath, Model().ToBytes());
        float[] expected = Load();
        Assert.Equal(expected, Load(cache: Cache));
        string[] kept = Kept;
        Assert.Equal([".dll", ".values"], kept.Select(Path.GetExtension).Order(StringComparer.Ordinal));
        Assert.Equal(expected, Load(cache: Cache));
        Assert.Equal(kept, Kept);
        Assert.Equal(Load(size: [12, 9]), Load(cache: Cache, size: [12, 9]));
    }

    [Fact]
    public void A_file_that_is_written_again_is_loaded_again()
    {
        File.WriteAllBytes(ModelPath, Model().ToBytes());
        Assert.Equal(3, Load(cache: Cache).Length);
        File.WriteAllBytes(ModelPath, Model(classes: 5).ToBytes());
        Assert.Equal(Load(), Load(cache: Cache));
        Assert.Equal(5, Load(cache: Cache).Length);
    }

    [Fact]
    public void Each_option_is_a_part_of_what_the_network_depends_on()
    {
        File.WriteAllBytes(ModelPath, Model().ToBytes());
        var changes = new Dictionary<string, OnnxImportOptions>
        {
            [nameof(OnnxImportOptions.Name)] = Options() with { Name = "Other" },
            [nameof(OnnxImportOptions.Inputs)] = Options(height: 9),
            [nameof(OnnxImportOptions.Until)] = Options() with { Until = ["g"] },
            [nameof(OnnxImportOptions.Constants)] = Options() with { Constants = new Dictionary<string, double> { ["x"] = 0.5 } },
            [nameof(OnnxImportOptions.Loss)] = Options() with { Loss = "CrossEntropy" },
        };

        // Those of a class's text. Sizes are refused when a file is loaded.
        string[] ofText =
            [nameof(OnnxImportOptions.Namespace), nameof(OnnxImportOptions.TakenNames), nameof(OnnxImportOptions.Sizes)];
        Assert.Equal(
            typeof(OnnxImportOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(one => one.Name).Order(),
            changes.Keys.Concat(ofText).Order());
        string Identity(OnnxImportOptions options) =>
            string.Join('\n', new LoadedFile(ModelPath, ModelPath, options.Name!, options).Identity());
        Assert.Equal(changes.Count + 1, changes.Values.Append(Options()).Select(Identity).Distinct().Count());
        Assert.Equal(Identity(Options()), Identity(Options()));
    }

    [Fact]
    public void A_file_with_weights_in_other_files_is_read_each_time()
    {
        ModelBuilder model = Model();
        Schema.TensorProto weight = model.Graph.Initializer.Single(tensor => tensor.Name == "fc.bias");
        string data = Path.Combine(_folder, "weights.bin");
        File.WriteAllBytes(
            data, weight.RawData.IsEmpty ? ModelBuilder.Bytes([.. weight.FloatData]).ToByteArray() : weight.RawData.ToByteArray());
        weight.RawData = Google.Protobuf.ByteString.Empty;
        weight.FloatData.Clear();
        weight.DataLocation = Schema.TensorProto.Types.DataLocation.External;
        weight.ExternalData.Add(new Schema.StringStringEntryProto { Key = "location", Value = "weights.bin" });
        File.WriteAllBytes(ModelPath, model.ToBytes());
        float[] before = Load(cache: Cache);
        Assert.Equal(Load(), before);
        Assert.DoesNotContain(Kept, path => path.EndsWith(".values", StringComparison.Ordinal));
        File.WriteAllBytes(data, ModelBuilder.Bytes([1f, 2, 3]).ToByteArray());
        Assert.NotEqual(before, Load(cache: Cache));
        Assert.Equal(Load(), Load(cache: Cache));
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_told_as_without_the_cache()
    {
        Exception? expected = Record.Exception(() => Load());
        Assert.IsType<FileNotFoundException>(expected);
        Assert.Equal(expected.Message, Assert.Throws<FileNotFoundException>(() => Load(cache: Cache)).Message);
        Directory.CreateDirectory(ModelPath);
        string folder = Assert.Throws<OnnxFormatException>(() => Load()).Message;
        Assert.Equal(folder, Assert.Throws<OnnxFormatException>(() => Load(cache: Cache)).Message);
    }
}
