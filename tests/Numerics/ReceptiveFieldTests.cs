using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Strata.Compiler.Operators;
using Strata.Numerics.Tests.Drawing;
using Strata.Numerics.Tests.Oracle;
using Strata.Tests;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Receptive fields against what is computed: each place of the input is changed, and the outputs that change with it depend on it. Every
/// layer of the language is here, so that none can say something about its reach that is not so. Bits of outputs are compared, so
/// convolutions are summed directly: Winograd's tiles round an output with values that it does not depend on.
/// </summary>
public class ReceptiveFieldTests
{
    /// <summary>Which maximum an unpooling looks for is another one in each sample.</summary>
    private const int Repetitions = 3;

    private const string Sequence = "4, 23", Image = "4, 13, 12", Volume = "2, 5, 6, 7";

    /// <summary>
    /// Cases of operators of which it is only said that a place depends on no more: what puts axes into other places may depend on all of
    /// them, and neighbours that two shufflings part and bring together again count twice.
    /// </summary>
    private static readonly string[] BoundedCases =
    [
        "Transpose(1, 3, 2)", "Transpose(2, 3, 1)", "Transpose(4, 2, 1, 3)", "Reshape(14, -1)", "Reshape(2, 3, -1)", "Reshape(2, 3, 6, 7)",
        "Reshape(20, 12)", "Max(Axes.Depth | Axes.Width)", "Mean(Axes.Depth | Axes.Width)", "Sum(Axes.Depth | Axes.Width)",
        "PixelUnshuffle(2), PixelShuffle(2), ChannelShuffle(2)",
    ];

    /// <summary>
    /// A product of matrices depends on a row of one and on a column of the other; what is said is all of both. Few changes of the input
    /// change the result of a comparison or a connective, or an index, or where it is from.
    /// </summary>
    private static readonly string[] BoundedKinds =
        ["MatMul", "Greater", "Less", "Equal", "Sign", "And", "Or", "Xor", "Not", "ArgM", "TopK", "Gather", "GridSample", "Embedding"];

    /// <summary>Of more than four axes, the last count as one.</summary>
    private static bool IsBounded(string layers) => Regex.IsMatch(layers, @"\((-?\d+, ){4}")
        || BoundedCases.Contains(layers) || BoundedKinds.Any(kind => layers.Contains(kind, StringComparison.Ordinal));

    /// <summary>The cases of all layers. Nothing is said of places of flat inputs, and of several inputs.</summary>
    private static readonly (string Input, string Layers)[] OfOperators =
    [
        .. OperatorSet.BuiltIn.All.Where(one => one is not LossOperator).SelectMany(one => one.Cases)
            .Where(one => one.Others.Length == 0 && one.Input.Contains(',') && !one.Layers.Contains("Input(", StringComparison.Ordinal))
            .Select(one => (one.Input, one.Layers)).Distinct(),
    ];

    /// <summary>The cases of all layers, and stacks of layers.</summary>
    private static readonly (string Input, string Layers)[] Cases =
    [
        .. OfOperators.Where(one => !IsBounded(one.Layers)),

        // Flat tensors: the same elements, until something looks at all of them.
        (Image, "Flatten, Softmax"), (Image, "Flatten, LogSoftmax"), (Image, "Conv2D(4, 3), Flatten, Reshape(40, 11)"),
        (Image, "Conv2D(4, 3), Reshape(1, 4, 11, 10), Conv3D(3, 3, Padding = 1)"), (Image, "Sum(Axes.Height), Conv1D(2, 3)"),

        // Windows behind windows, and behind what moves places.
        (Image, "Conv2D(3, 3), ReLU, MaxPool2D(2), Conv2D(3, 3, Padding = 1)"),
        (Image, "Conv2D(3, 3, Stride = 2), Conv2D(3, 2, Stride = 2)"), (Image, "AdaptiveAveragePool2D(5), Conv2D(3, 2)"),
        (Sequence, "Slice(-2), Conv1D(2, 3)"), (Image, "Crop2D(1, StrideHeight = 3), Conv2D(2, 2)"),
        (Image, "PixelShuffle(2), Conv2D(2, 3)"), (Image, "Conv2D(4, 2), PixelUnshuffle(1)"),
        ("2, 12, 9", "PixelUnshuffle(3), Conv2D(2, 2)"),
        (Image, "Upsample2D(3), Conv2D(3, 2)"), (Image, "Upsample2D(2), Conv2D(3, 3)"),
        (Image, "Upsample2D(2, Mode = UpsampleMode.Linear), Conv2D(3, 2)"), (Image, "ConvTranspose2D(3, 3, Stride = 2), Conv2D(3, 3)"),

        // Down and up again: neighbours behind a pooling that are asked for by parts.
        ("2, 26, 25", "Conv2D(2, 3), MaxPool2D(2), Upsample2D(2), Conv2D(2, 2)"),
        ("2, 26, 25", "Conv2D(2, 3), MaxPool2D(2), ConvTranspose2D(2, 3, Stride = 2)"),
        ("2, 26, 26", "Branch, MaxPool2D(2), Conv2D(2, 3, Padding = 1), Upsample2D(2), Branch, Concat, Conv2D(2, 3)"),
        (Image, "Branch, GlobalAveragePool2D, Sigmoid, Branch, Multiply, Conv2D(2, 3)"),
    ];

    /// <summary>Of these it is only said that a place depends on no more.</summary>
    private static readonly (string Input, string Layers)[] Bounded =
    [
        .. OfOperators.Where(one => IsBounded(one.Layers)), (Image, "Transpose(2, 3, 1), Conv2D(2, 3)"),
        (Image, "Max(Axes.Width)"), (Volume, "Sum(Axes.Height)"), (Image, "Reshape(8, 6, 13)"),
        (Image, "Conv2D(4, 3), Reshape(2, 22, 10), Conv2D(3, 3)"),
        (Image, "MaxPool2D(2), MaxUnpool2D(\"pool1\"), Conv2D(2, 2)"),
        (Image, "Upsample2D(2, Mode = UpsampleMode.Linear, AlignCorners = true), Conv2D(3, 2)"),
        (Image, "AdaptiveMaxPool2D(5), Upsample2D(1.7), Conv2D(3, 3)"),
        ("2, 25, 26", "MaxPool2D(2), Upsample2D(3, Mode = UpsampleMode.Linear), Conv2D(3, 2), AveragePool2D(3)"),
        ("2, 25, 26", "AveragePool2D(2), Conv2D(3, 3), ConvTranspose2D(3, 3, Stride = 3, Padding = 1), L2Pool2D(2), Upsample2D(2)"),
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
                data.Add(i, $"Input({Cases[i].Input}), {Cases[i].Layers}");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Fields_are_what_changes_of_the_input_show(int index, string layers) => Assert.All(
        Measure(Compiled.Value[$"Field{index}"]),
        row => Assert.Equal($"{row.Layer.Name} of {layers}: {Text(row.Field)}",
            $"{row.Layer.Name} of {layers}: {Text(row.Layer.ReceptiveField!)}"));

    [Fact]
    public void Fields_are_never_too_small() =>
        Assert.All(Bounded, (one, i) => AssertBounded(Compiled.Value[$"Field{Cases.Length + i}"], one.Layers));

    [Fact]
    public void Fields_of_random_networks_are_never_too_small()
    {
        const int Networks = 16;
        int[] seeds = [.. Enumerable.Range(1, int.MaxValue).Where(seed => IsMeasurable(RandomArchitecture.Draw(seed))).Take(Networks)];
        string[] declarations = [.. seeds.Select(seed => Observable(RandomArchitecture.Draw(seed).Declaration($"Random{seed}")))];
        CompiledNetworks compiled = NetworkCompiler.Compile(declarations, "RandomFields");
        Assert.All(seeds, (seed, i) => AssertBounded(compiled[$"Random{seed}"], declarations[i]));

        static bool IsMeasurable(OracleNetwork network) => network.Nodes.Count(node => node.Layer is null) == 1 && network.Input.Rank > 1;
        static string Observable(string declaration)
        {
            const string Attribute = "[Network";
            int end = declaration.LastIndexOf(Attribute, StringComparison.Ordinal) + Attribute.Length;
            string options = declaration[end] == '(' ? declaration[(end + 1)..] : ")" + declaration[end..];
            return $"{declaration[..end]}(Observable = true, Winograd = false{(options[0] == ')' ? "" : ", ")}{options}";
        }
    }

    [Fact]
    public void Every_layer_is_measured()
    {
        string[] measured =
        [
            .. Cases.Concat(Bounded).SelectMany((_, i) => Compiled.Value[$"Field{i}"].Create().Info.Layers).Select(layer => layer.Kind)
                .Distinct(),
        ];
        Assert.Empty(OperatorSet.BuiltIn.All.OfType<LayerOperator>().Select(layer => layer.Kind).Except(measured));
    }

    private static void AssertBounded(CompiledType type, string layers) => Assert.All(Measure(type), row => Assert.True(
        row.Field.Zip(row.Layer.ReceptiveField!).All(axis => axis.First <= axis.Second),
        $"{row.Layer.Name}: {Text(row.Field)}, but it says {Text(row.Layer.ReceptiveField!)}, in {layers}"));

    private static string Text(IEnumerable<int> extents) => string.Join('×', extents);

    private static string Declare((string Input, string Layers) one, int index) => CatalogueCases.Declare(
        new Compiler.Catalogue.OperatorCase(one.Input, one.Layers), $"Field{index}", "Observable = true, Winograd = false");

    /// <summary>
    /// The most neighbours of the input, along each axis, on which a place of each layer depends: all of its channels, or a feature.
    /// </summary>
    private static (LayerInfo Layer, int[] Field)[] Measure(CompiledType type)
    {
        using CompiledNetwork plain = type.Create();
        LayerInfo[] layers = [.. plain.Info.Layers.Where(layer => !layer.TrainingOnly)];
        using CompiledNetwork network = type.Create(new NetworkOptions { Observe = [.. layers.Select(layer => layer.Name)] });
        IReadOnlyList<int> input = network.Info.InputShape;
        int length = Product(input), places = length / input[0];
        bool[][,] reads = [.. layers.Select(layer => new bool[Places(layer), places])];
        var random = new Random(5);
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            // The last sample is the one that nothing was changed of.
            float[] sample = [.. Enumerable.Range(0, length).Select(_ => 0.1f + (0.8f * random.NextSingle()))];
            float[] samples = [.. Enumerable.Repeat(sample, places + 1).SelectMany(values => values)];
            for (int place = 0; place < places; place++)
            {
                for (int i = place; i < length; i += places)
                {
                    // To more than any maximum, and by something else in each channel: neither a sum over them
                    // nor a softmax stays the same.
                    samples[(place * length) + i] += 3f + (7f * random.NextSingle());
                }
            }

            network.Forward(samples, new float[(places + 1) * Product(network.Info.OutputShape)]);
            foreach ((LayerInfo layer, bool[,] read) in layers.Zip(reads))
            {
                // Bits, since what is no number differs from itself.
                ReadOnlySpan<int> y = MemoryMarshal.Cast<float, int>(network.Activation(layer.Name));
                int outputs = Product(layer.OutputShape), outputPlaces = Places(layer);
                for (int i = 0; i < outputs; i++)
                {
                    for (int place = 0; place < places; place++)
                    {
                        read[i % outputPlaces, place] |= y[(place * outputs) + i] != y[(places * outputs) + i];
                    }
                }
            }
        }

        return [.. layers.Zip(reads, (layer, read) => (layer, Extents(read, [.. input.Skip(1)])))];
    }

    private static int Places(LayerInfo layer) =>
        layer.OutputShape.Count == 1 ? layer.OutputShape[0] : Product(layer.OutputShape) / layer.OutputShape[0];

    /// <param name="reads">Whether a place of the output depends on one of the input.</param>
    /// <param name="axes">Of the input.</param>
    private static int[] Extents(bool[,] reads, int[] axes)
    {
        int[] fields = new int[axes.Length];
        for (int i = 0; i < reads.GetLength(0); i++)
        {
            int stride = 1;
            for (int axis = axes.Length - 1; axis >= 0; axis--)
            {
                bool[] read = new bool[axes[axis]];
                for (int place = 0; place < reads.GetLength(1); place++)
                {
                    read[place / stride % read.Length] |= reads[i, place];
                }

                fields[axis] = Math.Max(fields[axis], Arc(read));
                stride *= read.Length;
            }
        }

        return fields;
    }

    private static int Product(IEnumerable<int> extents) => extents.Aggregate(1, (product, extent) => product * extent);

    /// <summary>From the first to the last, on the shorter way: circular padding goes around.</summary>
    private static int Arc(bool[] read)
    {
        int first = Array.IndexOf(read, true), gap = 0, longest = 0;
        if (first < 0)
        {
            return 0;
        }

        for (int i = 0; i < read.Length; i++)
        {
            gap = read[(first + i) % read.Length] ? 0 : gap + 1;
            longest = Math.Max(longest, gap);
        }

        return read.Length - longest;
    }
}
