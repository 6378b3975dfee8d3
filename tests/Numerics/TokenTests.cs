using System.Collections.Generic;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Tensors of the network's own, attention, and tensors that are put together or taken apart along any axis.</summary>
public class TokenTests
{
    private static readonly Extents Features = Extents.Vector(21), Sequence = Extents.Sequence(6, 11), Tokens = Extents.Sequence(24, 18);
    private static readonly Extents Many = Extents.Sequence(4, 61), Thousand = Extents.Sequence(1, 970);
    private static readonly Extents Squares = Extents.Image(3, 20, 20);
    private static readonly Extents Image = Extents.Image(19, 5, 7), Volume = Extents.Volume(6, 3, 4, 5);
    private static readonly Extents Windowed = Extents.Image(6, 6, 9);

    private static readonly OperatorFamily Family = new(
        "tokens",
        new("Parameter, class token", Sequence, new Concat([new OwnTensor(Extents.Sequence(6, 1))], []) { Axis = Axes.Width }),
        new("Parameter, positions", Sequence, new Conv1D(19, 1), new Add([], [new OwnTensor(Extents.Sequence(19, 11))])),
        new("Parameter, positions of a picture", Image, new Add([new Conv2D(19, 1)], [new OwnTensor(Image)]), new ReLU())
        {
            IsNearKink = true,
        },
        new("Parameter, features", Features, new Multiply([], [new OwnTensor(Features, BatchAxis: true), new Tanh()])),
        new("Parameter, channels", Image, new Multiply([new OwnTensor(Extents.Image(19, 1, 1))], [new Tanh()])),
        new("Parameter, volume", Volume, new Add([new OwnTensor(Extents.Volume(1, 3, 4, 5))], [new Tanh()])),
        new("Parameter, queries", Sequence, new Concat([new OwnTensor(Extents.Sequence(3, 11)), new Conv1D(4, 1)], [])),
        new("Attention", Sequence, new Attention(2)),
        new("Attention, one head without biases", Sequence, new Tanh(), new Attention(1, Bias: false)),
        new("Attention of a transformer", Tokens,
            new Add([], [new ChannelLayerNorm(1e-6), new Attention(4)]), new Add([], [new ChannelLayerNorm(1e-6), new Conv1D(24, 1)])),
        new("Attention to those before", Sequence, new Attention(3, Causal: true)),
        new("Dot products", Sequence,
            Attended(2, false, [new Conv1D(4, 3)], [new Conv1D(4, 1), new AveragePool1D(2)], [new Conv1D(8, 1), new AveragePool1D(2)])),
        new("Dot products, causal", Sequence, Attended(1, true, [], [new Tanh()], [new Conv1D(2, 1)])),
        new("Dot products, causal with fewer keys", Sequence,
            Attended(2, true, [new Conv1D(4, 1)], [new Conv1D(4, 1), new AveragePool1D(2)], [new AveragePool1D(2)])),
        new("Dot products, causal with more keys", Sequence, Attended(1, true, [new AveragePool1D(2)], [new Tanh()], [])),
        new("Dot products with a bias of each head", Sequence,
            Attended(3, false, [], [new Tanh()], [new Conv1D(6, 1)], [new OwnTensor(Extents.Image(3, 11, 11))])),
        new("Dot products with one bias for all heads", Sequence,
            Attended(2, true, [], [new Tanh()], [], [new OwnTensor(Extents.Sequence(11, 11))])),
        new("Dot products with a computed mask", Sequence, Attended(2, false, [], [new Tanh()], [], [new Conv1D(11, 1)])),
        new("Dot products with a fixed mask", Sequence,
            Attended(2, false, [], [new Tanh()], [], [new OwnTensor(Extents.Image(1, 11, 11), IsTrained: false)])),
        new("Dot products with a computed row as mask", Sequence,
            Attended(2, false, [], [new Tanh()], [], [new Conv1D(1, 1)])),
        new("Dot products with a learned row for each head, causal", Sequence,
            Attended(3, true, [], [new Tanh()], [new Conv1D(6, 1)], [new OwnTensor(Extents.Image(3, 1, 11))])),
        new("Dot products of many tokens with a fixed row as mask", Many,
            Attended(2, false, [], [new Tanh()], [], [new OwnTensor(Extents.Image(1, 1, 61), IsTrained: false)])),
        new("Dot products of many tokens, causal with a bias", Many,
            Attended(2, true, [], [new Tanh()], [new Conv1D(30, 1)], [new OwnTensor(Extents.Image(2, 61, 61))])),
        new("Dot products of many tokens with many features", Many,
            Attended(2, false, [new Conv1D(60, 1), new Slice(9, 61) { Axis = Axes.Width }], [new Conv1D(60, 1)], [new Conv1D(62, 1)])),
        new("Dot products of a thousand tokens", Thousand, Attended(1, true, [], [new Tanh()], [])),
        new("Windows", Windowed, new ShiftedWindowAttention(2, 3)),
        new("Windows, shifted", Windowed, new Tanh(), new ShiftedWindowAttention(3, 3, Shift: 1)),
        new("Windows with padding, shifted", Image, new Conv2D(6, 1), new ShiftedWindowAttention(2, 4, Shift: 3)),
        new("Windows without biases", Windowed, new ShiftedWindowAttention(1, 2, Shift: 1, Bias: false), new Tanh()),
        new("One window of all rows, shifted to the right", Image, new Conv2D(4, 1), new ShiftedWindowAttention(4, 5, Shift: 2)),
        new("A window that is larger than the image", Extents.Image(6, 4, 5), new ShiftedWindowAttention(6, 7, Shift: 3), new Tanh()),
        new("Windows of one pixel", Windowed, new ShiftedWindowAttention(2, 1)),
        new("Windows that are shifted by all but one", Windowed, new ShiftedWindowAttention(2, 4, Shift: 3)),
        new("Windows of many pixels with many channels, shifted", Extents.Image(4, 14, 21),
            new Conv2D(64, 1), new ShiftedWindowAttention(2, 7, Shift: 3), new Conv2D(5, 1)),
        new("More windows beside one another than add to the same biases", Extents.Image(2, 2, 132),
            new ShiftedWindowAttention(2, 2, Shift: 1), new Tanh()),
        new("LSTM", Sequence, new LSTM(4)),
        new("LSTM of two layers, both ways", Sequence, new Tanh(), new LSTM(3, Count: 2, Bidirectional: true)),
        new("LSTM without biases", Sequence, new LSTM(5, Bias: false)),
        new("GRU", Sequence, new GRU(4)),
        new("GRU both ways", Sequence, new GRU(3, Bidirectional: true), new Conv1D(2, 1)),
        new("GRU of two layers without biases", Sequence, new GRU(3, Count: 2, Bias: false)),
        new("LSTM of 15 units", Sequence, new LSTM(15)),
        new("LSTM of 17 units, both ways", Sequence, new LSTM(17, Bidirectional: true)),
        new("LSTM of 120 units", Extents.Sequence(6, 3), new LSTM(120), new Conv1D(2, 1)),
        new("LSTM of one step", Extents.Sequence(6, 1), new LSTM(4, Count: 2)),
        new("GRU of 16 units, both ways", Sequence, new GRU(16, Bidirectional: true)),
        new("GRU of 33 units without biases, both ways", Extents.Sequence(6, 5), new GRU(33, Bidirectional: true, Bias: false)),
        new("GRU of one unit", Sequence, new GRU(1)),
        new("GRU of one step, both ways", Extents.Sequence(6, 1), new GRU(4, Bidirectional: true)),
        new("GRU of many features", Extents.Sequence(970, 4), new GRU(2)),
        new("MatMul", Sequence, new MatMul([new OwnTensor(Extents.Sequence(4, 6))], [new Tanh()])),
        new("MatMul, transposed", Sequence, new MatMul([], [new Tanh()]) { TransposeB = true }),
        new("MatMul of matrices", Image, new MatMul([new Conv2D(19, 1)], [new Tanh()]) { TransposeA = true }),
        new("MatMul with one matrix", Image, new MatMul([new Conv2D(1, 1)], [new Tanh()]) { TransposeB = true }),
        new("MatMul of a volume", Volume,
            new MatMul([new AveragePool3D(new Axis(3), new Axis(1), new Axis(1))], [new Tanh()]) { TransposeA = true },
            new Softmax(Axes.Width)),
        new("MatMul of many columns", Many, new MatMul([], [new Tanh()]) { TransposeA = true },
            new Slice(0, 53) { Axis = Axes.Width }),
        new("MatMul of long sums", Thousand, new MatMul([new Conv1D(5, 1)], [new Tanh()]) { TransposeB = true }),
        new("MatMul of squares", Squares, new MatMul([new Conv2D(3, 1)], [new Tanh()])),
        new("MatMul of squares, the first transposed", Squares, new MatMul([new Conv2D(3, 1)], [new Tanh()]) { TransposeA = true }),
        new("MatMul of squares, the second transposed", Squares, new MatMul([new Conv2D(3, 1)], [new Tanh()]) { TransposeB = true }),
        new("MatMul of squares, both transposed", Squares,
            new MatMul([new Conv2D(3, 1)], [new Tanh()]) { TransposeA = true, TransposeB = true }),
        new("Softmax of rows", Many, new Softmax(Axes.Width), new Conv1D(3, 1)),
        new("Softmax of long rows", Thousand, new Conv1D(3, 1), new Softmax(Axes.Width)),
        new("Softmax of rows of a volume", Volume, new Conv3D(6, 2), new Softmax(Axes.Width)),
        new("Softmax of rows with a halo", Image, new Softmax(Axes.Width), new Conv2D(5, 3, padding: 1)),
        new("Buffer, grid", Image, new Add([new Conv2D(2, 1)], [new OwnTensor(Extents.Image(2, 5, 7), IsTrained: false)])),
        new("Buffer, mask", Sequence, new Add([], [new OwnTensor(Extents.Sequence(1, 11), IsTrained: false, BatchAxis: true)]),
            new Softmax(Axes.Width)),
        new("Concat, columns", Image,
            new Concat([new Conv2D(4, 1)], [new AveragePool2D(2), new Conv2D(4, 1), new Pad(2, "Zeros", 1, 2, 0, 0)])
            {
                Axis = Axes.Width,
            }),
        new("Concat, rows", Image, new Concat([], [new Tanh()], []) { Axis = Axes.Height }),
        new("Concat, planes", Volume, new Concat([new Conv3D(6, 1)], []) { Axis = Axes.Depth }, new ReLU()) { IsNearKink = true },
        new("Concat, a sequence", Sequence, new Concat([new Slice(0, 1) { Axis = Axes.Width }], [new Tanh()]) { Axis = Axes.Width }),
        new("Slice, columns", Image, new Slice(1, -2) { Axis = Axes.Width }),
        new("Slice, the first token", Sequence, new Conv1D(19, 1), new Slice(0, 1) { Axis = Axes.Width }, new Flatten()),
        new("Split, rows of a volume", Volume, new Tanh(), new Split(1, 2) { Axis = Axes.Height }));

    /// <summary>Attention of queries, keys and values, and of a mask.</summary>
    private static ScaledDotProductAttention Attended(int heads, bool isCausal, params IReadOnlyList<Layer>[] paths) =>
        new(paths) { Heads = heads, Causal = isCausal };

    public static TheoryData<string> Names => Family.Names;

    public static TheoryData<string, Isa> NamesAndTiers => Family.NamesAndTiers;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_computes_what_PyTorch_computes(string name) => Family.CheckOracle(name);

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Family.CheckTier(name, isa);
}
