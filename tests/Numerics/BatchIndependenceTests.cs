using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Drawing;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// A sample's result is the same to the bit in every batch: alone, where lanes hold pixels or channels, and with others,
/// where they hold samples.
/// </summary>
public class BatchIndependenceTests
{
    /// <summary>Partly filled and whole blocks of 4, 8 and 16 lanes, and one sample more.</summary>
    private static readonly int[] Batches = [1, 2, 3, 4, 5, 8, 9, 16, 17, 33];

    /// <summary>
    /// What has ways of its own for one sample: averages and sums of branches in registers, pooling behind an activation as a step of its
    /// own, softmax along the lanes, sums of more than one block in every layout.
    /// </summary>
    private static readonly string[] Declarations =
    [
        "[Input(4, 8, 9), Conv2D(4, 1), AveragePool2D(2)]",
        "[Input(2, 20, 40), Conv2D(3, 3), GELU, AveragePool2D(2)]",
        "[Input(3, 12, 14), Conv2D(4, 3, Stride = 2), Tanh, MaxPool2D(2)]",
        "[Input(8, 12, 17), Conv2D(1, 2, Stride = 2, Padding = 1), SiLU, AveragePool2D(2)]",
        "[Input(3, 15, 15), Conv2D(2, 3, Padding = 1), Sigmoid, MaxPool2D(3)]",
        "[Input(3, 15, 15), Conv2D(2, 3, Padding = 1), Sigmoid, AveragePool2D(3)]",
        "[Input(3, 15, 15), Conv2D(32, 3, Padding = 1), ELU, AveragePool2D(3, CeilMode = true)]",
        "[Input(32, 7, 7)]\n[Branch, Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm]\n[Branch]\n[Add, ReLU]",
        "[Input(3, 9, 17)]\n[Branch, Conv2D(3, 3, Padding = 1), BatchNorm]\n[Branch, Conv2D(3, 1)]\n[Add, GELU]",
        "[Input(2, 9, 34)]\n[Branch, Conv2D(2, 3, Stride = 2, Padding = 1)]\n[Branch, Conv2D(2, 1, Stride = 2)]\n[Add, Sigmoid]",
        "[Input(16, 7, 7)]\n[Branch, Conv2D(32, 1), ReLU]\n[Branch, Conv2D(16, 3, Padding = 1), "
        + "BatchNorm]\n[Branch]\n[Concat, Conv2D(4, 3, Padding = 1)]",
        "[Input(3, 9, 17)]\n[Branch]\n[Branch, Conv2D(5, 3, Padding = 1), Tanh]\n[Concat, "
        + "ReLU]\n[Branch]\n[Branch, Conv2D(2, 1)]\n[Concat]",
        "[Input(1, 32, 32)]\n[Branch, MaxPool2D(3, Stride = 1), Pad2D(1)]\n[Branch]\n[Concat, Conv2D(4, 1)]",
        "[Input(37), Dense(10), Softmax]",
        "[Input(30), Dense(300), Softmax]",
        "[Input(30), Dense(300), LogSoftmax]",
        "[Input(5, 6, 7), Conv2D(70, 3), Softmax]",
        "[Input(200, 6, 6), Conv2D(5, 3)]",
        "[Input(128, 4, 4), Conv2D(32, 3), ReLU]",
        "[Input(2, 45, 50), Conv2D(3, 33)]",
        "[Input(4, 1500), Conv1D(2, 1100)]",
        "[Input(2000), Dense(5)]",
        "[Input(3001), Dense(40, Bias = false)]",
        "[Input(70, 4, 4), Conv2D(70, 1), Flatten, Dense(10)]",
        "[Input(3, 20, 20), Conv2D(20, 1), Flatten, Dense(10)]",
        "[Input(3, 20, 20), Conv2D(20, 1), MaxPool2D(2), Flatten, Dense(33)]",
        "[Input(5, 30, 31), GlobalAveragePool2D]",
        "[Input(5, 30, 31), Conv2D(20, 3), GlobalAveragePool2D, Flatten, Dense(3)]",
        "[Input(5, 30, 31), AdaptiveAveragePool2D(2)]",
        "[Input(5, 30, 31), AveragePool2D(11, Padding = 3, Stride = 4)]",
        "[Input(5, 30, 31), L2Pool2D(9)]",
        "[Input(100, 5, 5), LocalResponseNorm(70)]",
        "[Input(6, 20, 20), GroupNorm(2)]",
        "[Input(6, 20, 20), InstanceNorm(Affine = true)]",
        "[Input(6, 20, 20), LayerNorm]",
        "[Input(500), LayerNorm]",

        // Samples that go through the network together, where weights outweigh them: dense layers of one and several panels and blocks of
        // sums, over features, channels and pixels; Winograd's products; pointwise convolutions.
        "[Input(16, 14, 14), Conv2D(64, 3, Padding = 1), ReLU, Flatten, Dense(300), Tanh, Dense(700, Bias = false)]",
        "[Input(16, 7, 7), Conv2D(64, 3, Padding = 1), Flatten, Dense(301), ReLU, Dense(10)]",
        "[Input(16, 8, 8), Conv2D(600, 3, Padding = 1), GlobalAveragePool2D, Flatten, Dense(500)]",
        "[Input(128, 4, 4), Conv2D(256, 3, Padding = 1), ReLU, Conv2D(520, 1), ReLU, Conv2D(128, 1)]",

        // Images of one pixel and of one column, whose rows are padded to whole vectors.
        "[Input(900, 1, 1), Flatten, Dense(2000), ReLU, Dense(10)]",
        "[Input(1900, 1, 1), Flatten, Dense(1500)]",
        "[Input(300, 4, 1), Flatten, Dense(1500)]",

        // Attention, products of matrices and softmax along rows: sums of one block and of several, whole vectors and parts of one.
        "[Input(6, 11), Attention(2)]",
        "[Input(4, 70, Name = \"q\"), Conv1D(4, 1, Name = \"k\"), ScaledDotProductAttention(\"q\", \"k\", \"k\", Causal = true)]",
        "[Input(66, 133), Attention(1, Causal = true)]",
        "[Input(3, 70)]\n[Branch, Branch, Tanh, Branch, Branch, Param(70, 70, Deviation = 1), ScaledDotProductAttention(Heads = 3)]",
        "[Input(2, 9, 17)]\n[Branch, Branch, Tanh, MatMul(TransposeB = true)]",
        "[Input(2, 17, 9)]\n[Branch, Branch, Tanh, MatMul(TransposeA = true)]",
        "[Input(2, 40, 150)]\n[Branch, Branch, Tanh, MatMul(TransposeB = true)]",
        "[Input(3, 600)]\n[Branch, Branch, Tanh, MatMul(TransposeB = true)]",
        "[Input(3, 5, 2), Softmax(Axes = Axes.Width)]",
        "[Input(3, 5, 33), Softmax(Axes = Axes.Width)]",
        "[Input(17, 1, 64), Softmax(Axes = Axes.Width)]",
        "[Input(5, 200), Softmax(Axes = Axes.Width)]",
        "[Input(9, 1100), Softmax(Axes = Axes.Width), Conv1D(3, 3, Padding = 1)]",

        // Steps of recurrent layers: panels of one and several vectors, lanes without a unit, sums of one block and of several.
        "[Input(2, 9), LSTM(3)]",
        "[Input(2, 1), LSTM(3, Bidirectional = true)]",
        "[Input(5, 7), LSTM(33, Layers = 2, Bidirectional = true), Conv1D(3, 1)]",
        "[Input(5, 7), GRU(17, Bidirectional = true, Bias = false)]",
        "[Input(1001, 3), GRU(4)]",
        "[Input(2, 3), GRU(970)]",
    ];

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_sample_has_the_same_bits_in_every_batch(Isa isa)
    {
        foreach ((string name, CompiledType type) in Named.Value)
        {
            using CompiledNetwork network = type.Create(isa, seed: 5);
            int length = Product(network.Info.InputShape);
            Check(network, Formula.Uniforms(77, Batches[^1] * length), name);
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_sample_of_a_random_network_has_the_same_bits_in_every_batch(Isa isa)
    {
        foreach ((OracleNetwork oracle, CompiledType type) in Random.Value)
        {
            Models.Fill(oracle, 9ul << 32);
            using CompiledNetwork network = type.Create(oracle, isa);
            Check(network, Formula.Uniforms(78, Batches[^1] * oracle.InputLength), oracle.Declaration("Drawn"));
        }
    }

    private static int Product(IReadOnlyList<int> shape) => shape.Aggregate(1, (product, extent) => product * extent);

    private static void Check(CompiledNetwork network, float[] inputs, string name)
    {
        int inputLength = inputs.Length / Batches[^1], outputLength = Product(network.Info.OutputShape);
        float[] expected = new float[Batches[^1] * outputLength];
        network.Forward(inputs, expected);
        foreach (int batch in Batches[..^1])
        {
            float[] outputs = new float[batch * outputLength];
            network.Forward(inputs.AsSpan(0, batch * inputLength), outputs);
            Compare.SameBits(expected.AsSpan(0, outputs.Length), outputs, $"batch of {batch} at {network.Isa}, {name}: output");
        }

        // The last sample alone.
        float[] last = new float[outputLength];
        network.Forward(inputs.AsSpan(inputs.Length - inputLength), last);
        Compare.SameBits(expected.AsSpan(expected.Length - outputLength), last, $"last sample at {network.Isa}, {name}: output");
    }

    private static readonly Lazy<List<(string Name, CompiledType Type)>> Named = new(() =>
    {
        CompiledNetworks networks = NetworkCompiler.Compile(
            [.. Declarations.Select((text, i) => $"[Network]\n{text}\npublic partial class Same{i};")], "Same");
        return [.. Declarations.Select((text, i) => (text, networks[$"Same{i}"]))];
    });

    private static readonly Lazy<List<(OracleNetwork Oracle, CompiledType Type)>> Random = new(() =>
    {
        int[] seeds = [.. Enumerable.Range(50_001, 40)];
        OracleNetwork[] oracles = [.. seeds.Select(RandomArchitecture.Draw)];
        CompiledNetworks networks = NetworkCompiler.Compile(
            [.. oracles.Select((oracle, i) => oracle.Declaration($"Drawn{seeds[i]}"))], "SameDrawn");
        return [.. oracles.Select((oracle, i) => (oracle, networks[$"Drawn{seeds[i]}"]))];
    });
}
