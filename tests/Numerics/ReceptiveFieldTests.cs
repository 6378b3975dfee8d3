using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Operators;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Receptive fields against what is computed: each place of the input is changed, and the outputs that change with it depend on it. Every
/// layer of the language is here, so that none can say something about its reach that is not so.
/// </summary>
public class ReceptiveFieldTests
{
    /// <summary>Which maximum an unpooling looks for is another one in each sample.</summary>
    private const int Repetitions = 6;

    private const string Sequence = "Input(4, 23)", Image = "Input(4, 13, 12)", Volume = "Input(4, 7, 8, 9)";

    /// <summary>Stacks of layers, the last of which is measured.</summary>
    private static readonly (string Input, string Layers)[] Cases =
    [
        // Activations and others that look at one place.
        .. new[]
        {
            "ReLU", "ReLU6", "LeakyReLU", "ELU", "SELU", "GELU", "SiLU", "HardSwish", "HardSigmoid", "Hardtanh", "Sigmoid", "LogSigmoid", "Tanh",
            "Softplus", "Mish", "Softsign", "Tanhshrink", "CELU", "Hardshrink", "Softshrink", "Threshold(0.1, 20)", "PReLU",
            "PReLU(PerChannel = true)", "Softmax", "LogSoftmax", "Dropout", "SpatialDropout", "BatchNorm", "ChannelShuffle(2)",
            "LocalResponseNorm(3)", "Normalize(new[] { 0.1, 0.2, 0.3, 0.4 }, new[] { 1.0, 2.0, 3.0, 4.0 })", "LayerNorm(OverChannels = true)",
        }.Select(layer => (Image, layer)),

        // Those that look at all of the image, and at all of a channel.
        (Image, "LayerNorm"), (Image, "GroupNorm(2)"), (Image, "InstanceNorm"), (Image, "GlobalAveragePool2D"), (Image, "GlobalMaxPool2D"),
        (Sequence, "GlobalAveragePool1D"), (Sequence, "GlobalMaxPool1D"), (Volume, "GlobalAveragePool3D"), (Volume, "GlobalMaxPool3D"),

        // Flat tensors: the same elements, until something looks at all of them.
        (Image, "Flatten"), (Image, "Flatten, ReLU"), (Image, "Flatten, Dense(3)"), (Image, "Flatten, Softmax"), (Image, "Flatten, LogSoftmax"),
        (Image, "Conv2D(3, 3), Flatten, Tanh"), (Image, "Reshape(1, 4, 13, 12)"), (Image, "Conv2D(4, 3), Flatten, Reshape(40, 11)"),
        (Image, "Conv2D(4, 3), Reshape(1, 4, 11, 10), Conv3D(3, 3, Padding = 1)"), (Image, "Flatten, LayerNorm"),
        (Image, "Flatten, ChannelShuffle(3)"),

        // Windows.
        (Sequence, "Conv1D(3, 5)"), (Sequence, "Conv1D(3, 3, Stride = 2, Dilation = 3)"), (Sequence, "MaxPool1D(3)"),
        (Sequence, "AveragePool1D(2)"), (Sequence, "L2Pool1D(3, Stride = 2)"), (Image, "Conv2D(3, 3)"), (Image, "Conv2D(4, 1)"),
        (Image, "Conv2D(4, 3, Groups = 4, Padding = 1)"), (Image, "Conv2D(4, 5, KernelWidth = 2, Padding = 2)"),
        (Image, "Conv2D(4, 3, Padding = 1, PaddingMode = PaddingMode.Reflect)"),
        (Image, "Conv2D(4, 3, Padding = 1, PaddingMode = PaddingMode.Circular)"), (Image, "MaxPool2D(3, Stride = 2, CeilMode = true)"),
        (Image, "MaxPool2D(2)"), (Image, "AveragePool2D(3, Stride = 1, Padding = 1)"), (Image, "L2Pool2D(2)"), (Image, "Filter2D(Filter.SobelX)"),
        (Image, "Filter2D(Filter.BoxBlur, Padding = 1)"), (Volume, "Conv3D(2, 3, KernelDepth = 2)"), (Volume, "MaxPool3D(2)"),
        (Volume, "AveragePool3D(2, StrideDepth = 1)"), (Volume, "L2Pool3D(2)"),
        (Sequence, "LogSumExpPool1D(3, Stride = 2)"), (Image, "LogSumExpPool2D(2)"), (Volume, "LogSumExpPool3D(2)"),
        (Image, "Conv2D(3, 3), ReLU, MaxPool2D(2), Conv2D(3, 3, Padding = 1)"), (Image, "Conv2D(3, 3, Stride = 2), Conv2D(3, 2, Stride = 2)"),

        // Windows that divide the input.
        (Sequence, "AdaptiveAveragePool1D(5)"), (Sequence, "AdaptiveMaxPool1D(7)"), (Image, "AdaptiveAveragePool2D(3)"),
        (Image, "AdaptiveAveragePool2D(5)"), (Image, "AdaptiveMaxPool2D(4)"), (Image, "AdaptiveMaxPool2D(8)"), (Volume, "AdaptiveAveragePool3D(3)"),
        (Volume, "AdaptiveMaxPool3D(2)"), (Image, "AdaptiveAveragePool2D(5), Conv2D(3, 2)"),

        // Padding and shuffling.
        (Sequence, "Pad1D(2)"), (Image, "Pad2D(2, Mode = PaddingMode.Reflect)"), (Volume, "Pad3D(1, Mode = PaddingMode.Replicate)"),
        (Image, "PixelShuffle(2)"), (Image, "PixelShuffle(2), Conv2D(2, 3)"), (Image, "Conv2D(4, 2), PixelUnshuffle(1)"),
        ("Input(2, 12, 9)", "PixelUnshuffle(3)"), ("Input(2, 12, 9)", "PixelUnshuffle(3), Conv2D(2, 2)"),

        // More elements than before.
        (Sequence, "Upsample1D(2)"), (Image, "Upsample2D(2)"), (Volume, "Upsample3D(2)"), (Image, "Upsample2D(3), Conv2D(3, 2)"),
        (Image, "Upsample2D(2), Conv2D(3, 3)"), (Image, "Upsample2D(2, Mode = UpsampleMode.Linear)"),
        (Image, "Upsample2D(3, Mode = UpsampleMode.Linear)"), (Image, "Upsample2D(2, Mode = UpsampleMode.Linear), Conv2D(3, 2)"),
        (Image, "Upsample2D(Height = 25, Width = 23, Mode = UpsampleMode.Linear, AlignCorners = true)"),
        (Image, "Upsample2D(Height = 5, Width = 30)"), (Sequence, "Upsample1D(Length = 12, Mode = UpsampleMode.Linear, AlignCorners = true)"),
        (Sequence, "ConvTranspose1D(3, 3, Stride = 2)"), (Image, "ConvTranspose2D(3, 2, Stride = 2)"),
        (Image, "ConvTranspose2D(3, 4, Stride = 2, Padding = 1)"), (Image, "ConvTranspose2D(3, 5, Stride = 3, Dilation = 2)"),
        (Image, "ConvTranspose2D(3, 2, Stride = 3)"), (Volume, "ConvTranspose3D(2, 3, Stride = 2)"),
        (Image, "ConvTranspose2D(3, 3, Stride = 2), Conv2D(3, 3)"), (Sequence, "MaxPool1D(3), MaxUnpool1D(\"pool1\")"),
        (Image, "MaxPool2D(2), MaxUnpool2D(\"pool1\")"), (Image, "MaxPool2D(3, Stride = 2), MaxUnpool2D(\"pool1\")"),
        (Volume, "MaxPool3D(2), MaxUnpool3D(\"pool1\")"),

        // Down and up again: neighbours behind a pooling that are asked for by parts.
        ("Input(2, 26, 25)", "Conv2D(2, 3), MaxPool2D(2), Upsample2D(2), Conv2D(2, 2)"),
        ("Input(2, 26, 25)", "Conv2D(2, 3), MaxPool2D(2), ConvTranspose2D(2, 3, Stride = 2)"),
        ("Input(2, 26, 26)", "[Branch, MaxPool2D(2), Conv2D(2, 3, Padding = 1), Upsample2D(2)], [Branch], [Concat], Conv2D(2, 3)"),

        // Joins.
        (Image, "[Branch, Conv2D(4, 3, Padding = 1)], [Branch, Conv2D(4, 5, Padding = 2)], [Add]"),
        (Image, "[Branch, Conv2D(4, 3, Padding = 1)], [Branch], [Multiply]"),
        (Image, "[Branch, AveragePool2D(3, Stride = 1, Padding = 1)], [Branch], [Concat]"),
        (Image, "[Branch], [Branch, GlobalAveragePool2D, Sigmoid], [Multiply]"),
        (Image, "[Branch, GlobalAveragePool2D, Sigmoid], [Branch], [Multiply], Conv2D(2, 3)"),
    ];

    /// <summary>Of these it is only said that a place depends on no more.</summary>
    private static readonly (string Input, string Layers)[] Bounded =
    [
        (Image, "Reshape(8, 6, 13)"), (Image, "Conv2D(4, 3), Reshape(2, 22, 10), Conv2D(3, 3)"),
        (Image, "MaxPool2D(2), MaxUnpool2D(\"pool1\"), Conv2D(2, 2)"),
        (Image, "Upsample2D(2, Mode = UpsampleMode.Linear, AlignCorners = true), Conv2D(3, 2)"),
        (Image, "AdaptiveMaxPool2D(5), Upsample2D(1.7), Conv2D(3, 3)"),
        ("Input(2, 25, 26)", "MaxPool2D(2), Upsample2D(3, Mode = UpsampleMode.Linear), Conv2D(3, 2), AveragePool2D(3)"),
        ("Input(2, 25, 26)", "AveragePool2D(2), Conv2D(3, 3), ConvTranspose2D(3, 3, Stride = 3, Padding = 1), L2Pool2D(2), Upsample2D(2)"),
    ];

    private static readonly Lazy<CompiledNetworks> Compiled = new(
        () => NetworkCompiler.Compile([.. Cases.Concat(Bounded).Select(Declare)], "Fields"));

    public static TheoryData<int, string> All
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (int i = 0; i < Cases.Length; i++)
            {
                data.Add(i, $"{Cases[i].Input}, {Cases[i].Layers}");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Fields_are_what_changes_of_the_input_show(int index, string layers)
    {
        using CompiledNetwork network = Compiled.Value[$"Field{index}"].Create();
        Assert.Equal($"{layers}: {string.Join('×', Measure(network))}", $"{layers}: {string.Join('×', network.Info.Layers[^1].ReceptiveField!)}");
    }

    [Fact]
    public void Fields_are_never_too_small()
    {
        for (int i = 0; i < Bounded.Length; i++)
        {
            using CompiledNetwork network = Compiled.Value[$"Field{Cases.Length + i}"].Create();
            IReadOnlyList<int> field = network.Info.Layers[^1].ReceptiveField!;
            Assert.All(Measure(network).Zip(field), axis => Assert.True(axis.First <= axis.Second, Bounded[i].Layers));
        }
    }

    [Fact]
    public void Every_layer_is_measured()
    {
        string[] measured = [.. Cases.SelectMany((_, i) => Compiled.Value[$"Field{i}"].Create().Info.Layers).Select(layer => layer.Kind).Distinct()];
        Assert.Empty(OperatorCatalog.All.OfType<LayerOperator>().Select(layer => layer.Kind).Except(measured));
    }

    private static string Declare((string Input, string Layers) one, int index)
    {
        string layers = one.Layers.StartsWith('[') ? one.Layers.Replace("], [", "]\n[", StringComparison.Ordinal) : $"[{one.Layers}]";

        // Layers behind a join stand in brackets of their own.
        int last = layers.LastIndexOf(']');
        layers = last < layers.Length - 1 ? $"{layers[..(last + 1)]}\n[{layers[(last + 1)..].TrimStart(',', ' ')}]" : layers;
        return $"[Network]\n[{one.Input}]\n{layers}\npublic partial class Field{index};";
    }

    /// <summary>The most neighbours, along each axis, on which a place of the output depends: all of its channels, or a feature.</summary>
    private static int[] Measure(CompiledNetwork network)
    {
        int[] axes = [.. network.Info.InputShape.Skip(1)];
        IReadOnlyList<int> output = network.Info.OutputShape;
        int places = Product(axes), outputs = Product(output), outputPlaces = output.Count == 1 ? outputs : outputs / output[0];
        bool[,] reads = new bool[outputPlaces, places];
        var random = new Random(5);
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            // The last sample is the one that nothing was changed of.
            float[] sample = [.. Enumerable.Range(0, network.Info.InputShape[0] * places).Select(_ => 0.1f + (0.8f * random.NextSingle()))];
            float[] input = [.. Enumerable.Repeat(sample, places + 1).SelectMany(values => values)], y = new float[(places + 1) * outputs];
            for (int place = 0; place < places; place++)
            {
                for (int i = place; i < sample.Length; i += places)
                {
                    // To more than any maximum, and by something else in each channel: neither a sum over them nor a softmax stays the same.
                    input[(place * sample.Length) + i] += 3f + (7f * random.NextSingle());
                }
            }

            network.Forward(input, y);
            for (int i = 0; i < places * outputs; i++)
            {
                reads[i % outputs % outputPlaces, i / outputs] |= y[i] != y[(places * outputs) + (i % outputs)];
            }
        }

        int[] fields = new int[axes.Length];
        for (int i = 0; i < outputPlaces; i++)
        {
            int[] read = [.. Enumerable.Range(0, places).Where(place => reads[i, place])];
            int length = 1;
            for (int axis = axes.Length - 1; axis >= 0; axis--)
            {
                (int stride, int extent) = (length, axes[axis]);
                fields[axis] = Math.Max(fields[axis], Arc([.. read.Select(place => place / stride % extent).Distinct().Order()], extent));
                length *= extent;
            }
        }

        return fields;
    }

    private static int Product(IEnumerable<int> extents) => extents.Aggregate(1, (product, extent) => product * extent);

    /// <summary>From the first to the last, on the shorter way: circular padding goes around.</summary>
    private static int Arc(int[] indices, int extent)
    {
        if (indices.Length == 0)
        {
            return 0;
        }

        int gap = indices[0] + extent - indices[^1] - 1;
        for (int i = 1; i < indices.Length; i++)
        {
            gap = Math.Max(gap, indices[i] - indices[i - 1] - 1);
        }

        return extent - gap;
    }
}
