using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Layers larger than those of the random networks: channels and units over several vectors and tiles, with and without a
/// remainder, rows longer than a tile.
/// </summary>
public class LargeNetworkTests
{
    /// <summary>Alone, a block with a remainder in every tier.</summary>
    private static readonly int[] Batches = [1, 5, 19];

    private static readonly ConcurrentDictionary<string, Lazy<Comparison>> Comparisons = new();

    internal static string[] Names { get; } = ["wide", "deep", "depthwise", "grouped", "strided", "pooled", "dense", "flattened", "planes",
        "joined", "terse", "terse with batch norm"];

    public static TheoryData<string, Isa> NetworksAndTiers
    {
        get
        {
            var data = new TheoryData<string, Isa>();
            foreach (string name in Names)
            {
                foreach (Isa isa in Tiers.Supported)
                {
                    data.Add(name, isa);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NetworksAndTiers))]
    public void Large_layers_agree_with_the_oracle(string name, Isa isa)
    {
        Comparison comparison = Comparisons.GetOrAdd(name, key => new(() => new Comparison(Network(key), key.Length, Batches))).Value;
        string? difference = comparison.Run(NetworkCompiler.Compile(comparison.Network), isa);
        Assert.True(difference is null, $"{difference}\n{comparison.Network.Declaration(name)}");
    }

    internal static OracleNetwork Network(string name) => name switch
    {
        // Rows of 70 columns, 3×3, a remainder at every vector width.
        "wide" =>
            Trained(Extents.Image(3, 12, 70), new Conv2D(7, 3, padding: 1), new ReLU(), new MaxPool2D(2), new Conv2D(5, 5), new Tanh()),

        // Many channels, few positions.
        "deep" => Trained(Extents.Image(40, 5, 4), new Conv2D(67, 3, padding: 1), new ReLU(), new Conv2D(32, 1), new Sigmoid()),
        "depthwise" => Trained(
            Extents.Image(37, 9, 11),
            new Conv2D(37, new Axis(3, 1, 1, 1), new Axis(3, 1, 1, 1), Groups: 37), new ReLU(),
            new Conv2D(74, new Axis(3, 2, 1, 1), new Axis(5, 2, 2, 2), Groups: 37), new Conv2D(16, 1)),
        "grouped" => Trained(
            Extents.Image(48, 6, 6), new Conv2D(64, new Axis(3), new Axis(2), Auto.Same, Groups: 4), new ReLU(),
            new Conv2D(34, new Axis(3, Dilation: 2), new Axis(2), Groups: 2)),
        "strided" => Trained(
            Extents.Image(3, 33, 35), new Conv2D(24, 7, stride: 2, padding: 3), new ReLU(), new Conv2D(18, 3, stride: 3), new ReLU()),
        "pooled" => Trained(
            Extents.Image(20, 23, 21), new MaxPool2D(3, stride: 2, padding: 1), new AveragePool2D(3, stride: 1, padding: 1), new Tanh(),
            new MaxPool2D(new Axis(5, 1, 2, 2), new Axis(2, 2)), new AveragePool2D(new Axis(4, 4), new Axis(3, 2), Ceil: true)),
        "dense" => new OracleNetwork(
            Extents.Vector(515),
            [new Dense(257), new ReLU(), new Dropout(0.2), new Dense(130, Bias: false), new Tanh(), new Dense(101), new Softmax()],
            Objective.CrossEntropy,
            inputGradient: true),

        // What follows a flatten works on a view of a tensor with rows.
        "flattened" => Trained(
            Extents.Image(3, 10, 10), new Conv2D(6, 3, padding: 1), new ReLU(), new MaxPool2D(2), new Flatten(),
            new Dropout(0.5), new Tanh(),
            new Softmax()),

        // Channels over several vectors, with and without a remainder, on both sides of a join.
        "joined" => Trained(
            Extents.Image(33, 8, 9),
            new Concat([new Conv2D(13, 1)], [new Conv2D(48, 3, padding: 1), new ReLU()], [],
                [new MaxPool2D(3, stride: 1, padding: 1), new Conv2D(3, 1)]),
            new ReLU(), new Add([new Conv2D(97, 3, padding: 1), new ReLU()], []), new MaxPool2D(2)),

        // So many kernels that they are shared and steps are data, with and without batch norm's steps for the whole batch.
        "terse" => Trained(Extents.Image(3, 26, 22), [.. Convolutions(normalized: false)]),
        "terse with batch norm" => Trained(Extents.Image(3, 26, 22), [.. Convolutions(normalized: true)]),

        // An image comes out; softmax over 21 channels of each position.
        _ => new OracleNetwork(
            Extents.Image(3, 12, 13),
            [new Conv2D(32, 3, padding: 1), new ReLU(), new Dropout(0.5), new Conv2D(21, 1), new Softmax()],
            Objective.MeanSquaredError,
            inputGradient: true),
    };

    private static IEnumerable<Layer> Convolutions(bool normalized)
    {
        (int Channels, int Kernel, int Stride)[] convolutions = [(16, 5, 1), (16, 3, 1), (24, 1, 1), (32, 3, 2), (32, 3, 1), (40, 1, 1),
            (48, 3, 2), (48, 3, 1), (33, 3, 1), (64, 1, 1)];
        foreach ((int channels, int kernel, int stride) in convolutions)
        {
            yield return new Conv2D(channels, kernel, stride, padding: kernel / 2);
            if (normalized)
            {
                yield return new BatchNorm();
            }

            yield return new ReLU();
        }
    }

    private static OracleNetwork Trained(Extents input, params Layer[] layers) => new(
        input, [.. layers, new Flatten(), new Dense(10)], Objective.CrossEntropy, inputGradient: true);
}
