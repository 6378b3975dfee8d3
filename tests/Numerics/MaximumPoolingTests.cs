using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Max pooling of blocks of channels, which are compared row by row and then column by column.</summary>
public class MaximumPoolingTests
{
    private const string Rows = "Max pooling, rows of windows before columns";

    private static readonly Case[] Cases =
    [
        new("overlapping", Extents.Image(5, 26, 30), new MaxPool2D(3, stride: 2)),
        new("side by side, with a rest", Extents.Image(5, 26, 30), new MaxPool2D(4)),
        new("at each pixel", Extents.Image(5, 18, 22), new MaxPool2D(3, stride: 1, padding: 1)),
        new("with padding", Extents.Image(5, 26, 28), new MaxPool2D(3, stride: 2, padding: 1)),
        new("with much padding", Extents.Image(5, 18, 16), new MaxPool2D(5, stride: 1, padding: 2), new Sigmoid()),
        new("over the end", Extents.Image(5, 28, 32), new MaxPool2D(new Axis(3, 2), new Axis(3, 2), Ceil: true)),
        new("padded and over the end", Extents.Image(5, 24, 30), new MaxPool2D(new Axis(3, 2, 1, 1), new Axis(4, 3, 2, 2), Ceil: true)),
        new("rectangular", Extents.Image(5, 22, 34), new MaxPool2D(new Axis(1, 1), new Axis(5, 2, 1, 1))),
        new("leaving pixels out", Extents.Image(5, 30, 34), new MaxPool2D(2, stride: 3)),
        new("for a window over zeros", Extents.Image(5, 26, 30), new MaxPool2D(3, stride: 2), new Conv2D(20, 3, padding: 1)),
        new("of a sequence", Extents.Sequence(5, 60), new MaxPool1D(3, stride: 2, padding: 1)),
    ];

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [.. Cases.Select((c, i) => c.Network().Declaration($"Pooled{i}")),
            "[Network]\n[Input(16, 9, 11), Conv2D(16, 1), MaxPool2D(3, Stride = 2, Padding = 1), "
            + "MeanSquaredError]\npublic partial class Special;"],
        "MaximumPooling"));

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Fact]
    public void The_networks_are_pooled_row_by_row()
    {
        foreach (Isa isa in Enum.GetValues<Isa>())
        {
            for (int i = 0; i < Cases.Length; i++)
            {
                Assert.Contains(Rows, Compiled.Value[$"Pooled{i}"].Comments(isa), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Every_tier_computes_what_the_oracle_computes(Isa isa)
    {
        for (int i = 0; i < Cases.Length; i++)
        {
            string? difference = new Comparison(Cases[i].Network(), i, [1, 2]).Run(Compiled.Value[$"Pooled{i}"], isa);
            Assert.True(difference is null, $"{Cases[i].Name}: {difference}");
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void What_is_not_a_number_is_the_maximum_of_the_windows_that_it_is_in(Isa isa)
    {
        const int Channels = 16, Height = 9, Width = 11, Pooled = 6;
        var oracle = new OracleNetwork(Extents.Image(Channels, Height, Width),
            [new Conv2D(Channels, 1), new MaxPool2D(3, stride: 2, padding: 1)]);
        Models.Fill(oracle);
        using CompiledNetwork network = Compiled.Value["Special"].Create(oracle, isa, 1);
        float[] input = Formula.Uniforms(3, oracle.InputLength), output = new float[oracle.OutputLength],
            expected = new float[output.Length];
        network.Forward(input, expected);
        Assert.All(expected, x => Assert.True(float.IsFinite(x)));
        foreach ((int y, int x) in new[] { (0, 0), (4, 5), (8, 10), (3, 10) })
        {
            float[] special = [.. input];
            special[(7 * Height * Width) + (y * Width) + x] = float.NaN;
            network.Forward(special, output);
            for (int i = 0; i < output.Length; i++)
            {
                int row = i / Pooled % (output.Length / Channels / Pooled), column = i % Pooled;
                bool isInWindow = Math.Abs((2 * row) - y) <= 1 && Math.Abs((2 * column) - x) <= 1;
                Assert.Equal(isInWindow ? float.NaN : expected[i], output[i]);
            }
        }
    }

    /// <param name="Name">For messages.</param>
    /// <param name="Input">What the first layer reads.</param>
    /// <param name="Layers">Pooling, and what is behind it.</param>
    private sealed record Case(string Name, Extents Input, params Layer[] Layers)
    {
        public OracleNetwork Network() => new(
            Input, [Input.Rank == 2 ? new Conv1D(40, new Axis(2, 2)) : new Conv2D(40, 2, stride: 2), .. Layers]);
    }
}
