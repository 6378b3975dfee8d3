using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace Strata.Onnx.Tests.Saving;

/// <summary>Files that take inputs of several sizes.</summary>
public sealed class DynamicSizesTests
{
    private static readonly OnnxSaveOptions Dynamic = new() { DynamicSizes = true };

    private static NetworkBuilder Classifier => new NetworkBuilder(3, 16, 24)
        .Conv2D(8, 3, stride: 2, padding: 1, bias: false).BatchNorm().ReLU6()
        .Conv2D(8, 3, padding: 1, groups: 8).HardSwish(name: "before")
        .GlobalAveragePool2D().Conv2D(8, 1).Sigmoid(name: "gate").Multiply(["before", "gate"])
        .MaxPool2D(2).Conv2D(12, 1).GELU().GlobalAveragePool2D().Flatten().Dense(4).Softmax();

    private static NetworkBuilder UNet => new NetworkBuilder(1, 16, 32)
        .Conv2D(6, 3, padding: 1).ReLU(name: "skip").MaxPool2D(2).Conv2D(8, 3, padding: 1).ReLU()
        .ConvTranspose2D(6, 2, stride: 2, name: "up").Concat(["skip", "up"]).Conv2D(5, 3, padding: 1).ReLU()
        .AveragePool2D(2).Upsample2D(2.0).Conv2D(2, 1);

    private static NetworkBuilder Signal => new NetworkBuilder(4, 40)
        .Conv1D(6, 5, padding: 2).Tanh().MaxPool1D(2).Conv1D(3, 3);

    private static NetworkBuilder TwoInputs => new NetworkBuilder()
        .Input([3, 12, 12], "wide").Conv2D(6, 3).GlobalAveragePool2D().Flatten(name: "first")
        .Input([2, 8], "near").Conv1D(5, 3).GlobalAveragePool1D().Flatten(name: "second")
        .Concat(["first", "second"]).Dense(2);

    private static NetworkBuilder Words => new NetworkBuilder(1, 12)
        .Sigmoid().Affine(8.9, 0).Embedding(9, 6).Conv1D(5, 3, padding: 1).Tanh();

    private static NetworkBuilder Map => new NetworkBuilder(4, 6, 9).ArgMax().Embedding(4, 3).Conv2D(2, 3);

    public static TheoryData<string> Networks => ["classifier", "U-Net", "signal", "words", "map", "two inputs"];

    private static (NetworkBuilder Builder, int Multiple, int[][] Sizes) Find(string name) => name switch
    {
        "classifier" => (Classifier, 1, [[16, 24], [33, 21], [64, 48]]),
        "U-Net" => (UNet, 2, [[16, 32], [22, 48]]),
        "signal" => (Signal, 1, [[40], [25], [160]]),
        "words" => (Words, 1, [[12], [7], [40]]),
        "map" => (Map, 1, [[6, 9], [12, 5]]),
        _ => (TwoInputs, 1, [[12, 12, 8], [20, 16, 31]]),
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void ONNX_Runtime_computes_the_same_at_each_size(string name)
    {
        (NetworkBuilder builder, int multiple, int[][] sizes) = Find(name);
        using CompiledNetwork network = builder.Compile(
            new NetworkOptions { Threads = 1, Seed = 2 }, new CompileOptions { SizeMultiple = multiple });
        using SessionOptions quiet = SavedNetwork.Quiet();
        using var runtime = new InferenceSession(SavedNetwork.Save(network, Dynamic), quiet);
        foreach (int[] size in sizes)
        {
            SavedNetwork.Compare(network.At(size), runtime, batch: 1);
            SavedNetwork.Compare(network.At(size), runtime, batch: 3);
        }
    }

    [Fact]
    public void Axes_that_depend_on_the_size_have_names_and_the_others_numbers()
    {
        Assert.Equal(
            "input N,1,height,width → output N,2,output_height,output_width",
            Axes(UNet, new CompileOptions { SizeMultiple = 2 }));
        Assert.Equal("input N,3,height,width → output N,4", Axes(Classifier, new CompileOptions()));
        Assert.Equal("input N,3,16,width → output N,4", Axes(Classifier, new CompileOptions { Sizes = [[16, 32], [16, 64]] }));
        Assert.Equal("input N,4,length → output N,3,output_length", Axes(Signal, new CompileOptions()));
        Assert.Equal("wide N,3,wide_height,wide_width; near N,2,near_length → output N,2", Axes(TwoInputs, new CompileOptions()));
    }

    private static string Axes(NetworkBuilder builder, CompileOptions compile)
    {
        using CompiledNetwork network = builder.Compile(new NetworkOptions { Threads = 1 }, compile);
        using SessionOptions quiet = SavedNetwork.Quiet();
        using var runtime = new InferenceSession(SavedNetwork.Save(network, Dynamic), quiet);
        return $"{Of(runtime.InputMetadata)} → {Of(runtime.OutputMetadata)}";

        static string Of(IReadOnlyDictionary<string, NodeMetadata> tensors) => string.Join("; ", tensors.Select(tensor =>
            $"{tensor.Key} " + string.Join(',', tensor.Value.Dimensions.Zip(
                tensor.Value.SymbolicDimensions, (extent, name) => extent >= 0 ? $"{extent}" : name))));
    }

    [Fact]
    public void Nodes_that_depend_on_the_size_are_refused_and_named()
    {
        using CompiledNetwork network = new NetworkBuilder(3, 16, 16).Conv2D(4, 3, padding: 1)
            .AdaptiveAveragePool2D(4, name: "pooled").Flatten().Dense(2)
            .Compile(new NetworkOptions { Threads = 1 }, new CompileOptions { SizeMultiple = 4 });
        NotSupportedException refused = Assert.Throws<NotSupportedException>(() => SavedNetwork.Save(network, Dynamic));
        Assert.Equal(
            "Network cannot be saved with DynamicSizes: its node 'pooled' (AveragePool) differs between its own size and 20×20. "
            + "Save each size as a file of its own.",
            refused.Message);
        Assert.NotEmpty(SavedNetwork.Save(network));
    }

    [Fact]
    public void A_network_of_one_size_has_no_open_axes()
    {
        using CompiledNetwork network = UNet.Compile(new NetworkOptions { Threads = 1 }, new CompileOptions { Sizes = [] });
        Assert.Contains(
            "has one size", Assert.Throws<NotSupportedException>(() => SavedNetwork.Save(network, Dynamic)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_loaded_again_has_the_sizes()
    {
        using CompiledNetwork network = UNet.Compile(
            new NetworkOptions { Threads = 1, Seed = 2 }, new CompileOptions { SizeMultiple = 2 });
        string path = System.IO.Path.GetTempFileName();
        try
        {
            OnnxFile.Save(network, path, Dynamic);
            var shapes = new Dictionary<string, IReadOnlyList<int>> { ["input"] = [1, 16, 32] };
            using CompiledNetwork loaded = OnnxFile.Load(
                path, new OnnxImportOptions { Inputs = shapes }, new NetworkOptions { Threads = 1 });
            float[] inputs = [.. Enumerable.Range(0, 22 * 48).Select(i => MathF.Sin(i))];
            float[] expected = new float[2 * 22 * 48], outputs = new float[expected.Length];
            network.At(22, 48).Forward(inputs, expected);
            loaded.At(22, 48).Forward(inputs, outputs);
            Assert.Equal(expected, outputs);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }
}
