using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Convolutions by Winograd's algorithm: what they compute and how exactly, when their filters are prepared, and what <c>Winograd =
/// false</c> does.
/// </summary>
public class WinogradTests(ITestOutputHelper log)
{
    private const string F2 = "Winograd F(2×2, 3×3)", F4 = "Winograd F(4×4, 3×3)", F5 = "Winograd F(2×2, 5×5)", F3 = "Winograd F(3×3, 4×4)", Any = "Winograd F(";
    private const string Strips3 = "Winograd F(4×1, 3×1) in strips", Strips4 = "Winograd F(3×1, 4×1) in strips", Strips5 = "Winograd F(4×1, 5×1) in strips", Strips7 = "Winograd F(4×1, 7×1) in strips";
    private const string Row7 = "Winograd F(1×4, 1×7)", Column7 = "Winograd F(4×1, 7×1)", Row5 = "Winograd F(1×4, 1×5)", Column3 = "Winograd F(4×1, 3×1)";

    /// <summary>Of uniform numbers, over 64 to 256 channels. What holds for all data is in <see cref="WinogradBoundTests"/>.</summary>
    private const double AFewTimes = 4, OfSevenTaps = 7;

    /// <summary>Small enough for the oracle. Extents of the outputs have every remainder modulo a tile.</summary>
    private static readonly Case[] Cases =
    [
        new("whole tiles", F4, Extents.Image(48, 8, 12), new Conv2D(48, 3, padding: 1)),
        new("one more", F4, Extents.Image(20, 13, 17), new Conv2D(33, 3, padding: 1)),
        new("two more", F4, Extents.Image(32, 10, 14), new Conv2D(32, 3, padding: 1)),
        new("three more", F4, Extents.Image(100, 7, 23), new Conv2D(20, 3, padding: 1)),
        new("one tile", Any, Extents.Image(33, 4, 4), new Conv2D(33, 3, padding: 1)),
        new("a tile and a bit", Any, Extents.Image(33, 5, 5), new Conv2D(100, 3, padding: 1)),
        new("small tiles", F2, Extents.Image(48, 2, 7), new Conv2D(33, 3, padding: 1)),
        new("no padding", F4, Extents.Image(20, 9, 25), new Conv2D(48, 3)),
        new("padding of 2", F4, Extents.Image(48, 11, 5), new Conv2D(20, 3, padding: 2)),
        new("padding at one side", F4, Extents.Image(20, 12, 14), new Conv2D(33, new Axis(3, 1, 2, 0), new Axis(3, 1, 0, 1))),
        new("no bias", F4, Extents.Image(33, 13, 7), new Conv2D(20, 3, padding: 1) { Bias = false }),
        new("normalized", F4, Extents.Image(33, 13, 5), new Conv2D(48, 3, padding: 1) { Bias = false }, new BatchNorm(), new ReLU()),
        new("largest of 2×2", F4, Extents.Image(32, 17, 13), new Conv2D(32, 3, padding: 1), new ReLU(), new MaxPool2D(2)),
        new("largest of 2×2, without the last", F4, Extents.Image(20, 15, 11), new Conv2D(33, 3, padding: 1), new BatchNorm(), new ReLU(), new MaxPool2D(2)),
        new("mean of 2×2", F4, Extents.Image(20, 23, 7), new Conv2D(33, 3, padding: 1), new ReLU(), new AveragePool2D(2)),
        new("mean of 2×2, even", F4, Extents.Image(20, 14, 10), new Conv2D(33, 3, padding: 1), new Tanh(), new AveragePool2D(2)),
        new("residual, two more", F4, Extents.Image(32, 10, 6), Residual()),
        new("residuals", F4, Extents.Image(32, 9, 8), Residual(), new ReLU(), Residual(), new ReLU()),
        new("two in a row", F4, Extents.Image(20, 13, 7), new Conv2D(33, 3, padding: 1), new SiLU(), new Conv2D(20, 3)),
        new("read by others", F4, Extents.Image(20, 7, 13), new ReLU(), new Concat([new Conv2D(33, 3, padding: 1)], [], [new Conv2D(5, 1), new MaxPool2D(3, 1, 1)])),
        new("joined", F4, Extents.Image(20, 7, 9), new Concat([new Conv2D(32, 3, padding: 1), new ReLU()], [new Conv2D(48, 3, padding: 1)]), new Conv2D(33, 3, padding: 1)),
        new("filters of 5×5", F5, Extents.Image(33, 12, 14), new Conv2D(48, 5, padding: 2), new BatchNorm(), new ReLU()),
        new("filters of 5×5, one more", F5, Extents.Image(48, 11, 7), new Conv2D(33, 5, padding: 1) { Bias = false }),
        new("filters of 5×5, largest of 2×2", F5, Extents.Image(32, 15, 17), new Conv2D(32, 5), new Tanh(), new MaxPool2D(2)),
        new("filters of 1×7", Row7, Extents.Image(33, 6, 17), new Conv2D(48, Axis.Of(1, 1, 0), Axis.Of(7, 1, 3)) { Bias = false }, new BatchNorm(), new ReLU()),
        new("filters of 7×1", Column7, Extents.Image(48, 14, 9), new Conv2D(33, Axis.Of(7, 1, 3), Axis.Of(1, 1, 0)), new ReLU()),
        new("filters of 7×1 and 1×7", Column7, Extents.Image(20, 19, 11), new Conv2D(40, Axis.Of(7, 1, 3), Axis.Of(1, 1, 0)), new ReLU(), new Conv2D(33, Axis.Of(1, 1, 0), Axis.Of(7, 1, 3)), new ReLU()),
        new("filters of 1×5", Row5, Extents.Image(33, 8, 14), new Conv2D(32, Axis.Of(1, 1, 0), Axis.Of(5, 1, 1)), new Tanh(), new MaxPool2D(new Axis(1), new Axis(2, 2))),
        new("filters of 3×1, residual", Column3, Extents.Image(48, 12, 16), new Conv2D(64, Axis.Of(3, 1, 1), Axis.Of(1, 1, 0)), new ReLU(), new Add([new Conv2D(64, Axis.Of(3, 1, 1), Axis.Of(1, 1, 0))], []), new ReLU()),
        new("filters of 3×5", "Winograd F(4×2, 3×5)", Extents.Image(33, 11, 13), new Conv2D(48, Axis.Of(3, 1, 1), Axis.Of(5, 1, 2)), new ReLU()),
        new("filters with holes", F4, Extents.Image(48, 12, 20), new Conv2D(33, 3, padding: 2, dilation: 2), new BatchNorm(), new ReLU()),
        new("filters with holes, one more", F4, Extents.Image(33, 15, 21), new Conv2D(48, 3, padding: 3, dilation: 3) { Bias = false }),
        new("filters with holes, one tile of a phase", F4, Extents.Image(32, 12, 24), new Conv2D(32, 3, padding: 2, dilation: 2), new ReLU(), new Add([new Conv2D(32, Axis.Of(3, 1, 3, 3), Axis.Of(3, 1, 6, 6))], []), new ReLU()),
        new("filters of 1×5 with holes", Row5, Extents.Image(48, 9, 26), new Conv2D(48, Axis.Of(1, 1, 0), Axis.Of(5, 1, 4, 2)), new Tanh()),
        new("a sequence", "Winograd F(1×4, 1×3)", Extents.Sequence(64, 97), new Conv1D(64, 3, padding: 1), new BatchNorm(), new ReLU()),
        new("filters of 4×4", F3, Extents.Image(33, 12, 14), new Conv2D(48, 4, padding: 1), new BatchNorm(), new ReLU()),
        new("filters of 4×4, one more", F3, Extents.Image(48, 15, 11), new Conv2D(33, 4, padding: 2) { Bias = false }),
        new("filters of 4×4, two more, largest of 3×3", F3, Extents.Image(32, 13, 14), new Conv2D(32, 4, padding: 1), new Tanh(), new MaxPool2D(3)),
        new("filters of 3×4", "Winograd F(4×3, 3×4)", Extents.Image(33, 11, 13), new Conv2D(48, Axis.Of(3, 1, 1), Axis.Of(4, 1, 2)), new ReLU()),
        new("filters of 1×4", "Winograd F(1×3, 1×4)", Extents.Image(64, 9, 25), new Conv2D(64, Axis.Of(1, 1, 0), Axis.Of(4, 1, 1)), new ReLU()),
        new("filters of 5×5, residual", F5, Extents.Image(32, 9, 10), new Add([new Conv2D(32, 5, padding: 2)], []), new ReLU()),
        new("7×7 by 2", F3, Extents.Image(3, 61, 64), new Conv2D(33, 7, stride: 2, padding: 3) { Bias = false }, new BatchNorm(), new ReLU(), new MaxPool2D(3, 2, 1)),
        new("8×8 by 2", F3, Extents.Image(3, 58, 53), new Conv2D(40, 8, stride: 2), new SiLU()),
        new("11×11 by 4", F4, Extents.Image(3, 103, 98), new Conv2D(33, 11, stride: 4, padding: 2), new ReLU(), new MaxPool2D(2)),
        new("5×5 by 2, mean of 2×2", F4, Extents.Image(2, 125, 113), new Conv2D(48, 5, stride: 2, padding: 2), new ReLU(), new AveragePool2D(2)),
        new("9×9 by 3", F4, Extents.Image(2, 77, 80), new Conv2D(36, 9, stride: 3, padding: 4), new ReLU()),
        new("5×12 by 2×3", "Winograd F(4×3, 3×4)", Extents.Image(3, 44, 79), new Conv2D(48, new Axis(5, 2, 0, 3), new Axis(12, 3, 4, 1)), new Tanh()),
        new("20 by 4, a sequence", "Winograd F(1×4, 1×5)", Extents.Sequence(3, 1990), new Conv1D(96, 20, stride: 4, padding: 3), new ReLU()),
        new("strips of an image", Strips5, Extents.Image(1, 28, 28), new Conv2D(6, 5, padding: 2), new ReLU(), new MaxPool2D(2)),
        new("strips, one behind the other", Strips5, Extents.Image(3, 32, 32), new Conv2D(6, 5), new ReLU(), new MaxPool2D(2), new Conv2D(16, 5), new ReLU(), new MaxPool2D(2)),
        new("strips, one more row", Strips3, Extents.Image(5, 13, 37), new Conv2D(15, 3, padding: 1), new SiLU()),
        new("strips, two more rows, no bias", Strips3, Extents.Image(3, 34, 21), new Conv2D(40, 3, padding: 1) { Bias = false }, new BatchNorm(), new ReLU()),
        new("strips, three more rows, means of 2×2", Strips5, Extents.Image(2, 23, 31), new Conv2D(6, 5, padding: 2), new Tanh(), new AveragePool2D(2)),
        new("strips, fewer columns than lanes", Strips5, Extents.Image(6, 14, 9), new Conv2D(16, 5), new ReLU()),
        new("strips, largest of 2×2 without the last", Strips3, Extents.Image(12, 15, 27), new Conv2D(24, 3, padding: 1), new BatchNorm(), new ReLU(), new MaxPool2D(2)),
        new("strips, padding at one side", Strips4, Extents.Image(4, 17, 26), new Conv2D(9, new Axis(4, 1, 3, 0), new Axis(6, 1, 0, 5)), new Sigmoid()),
        new("strips of 7×3", Strips7, Extents.Image(2, 19, 44), new Conv2D(8, Axis.Of(7, 1, 3), Axis.Of(3, 1, 1)) { Bias = false }),
        new("strips, residual", Strips3, Extents.Image(8, 18, 32), new Add([new Conv2D(8, 3, padding: 1)], []), new ReLU()),
        new("strips, largest of 2×3", Strips3, Extents.Image(3, 18, 20), new Conv2D(32, 3, padding: 1), new ReLU(), new MaxPool2D(new Axis(2, 2), new Axis(3, 3))),
        new("strips, largest of 1×9", Strips3, Extents.Image(3, 32, 36), new Conv2D(16, 3, padding: 1), new ReLU(), new MaxPool2D(new Axis(1, 1), new Axis(9, 9))),
        new("strips, largest of 2×4", Strips3, Extents.Image(3, 16, 20), new Conv2D(16, 3, padding: 1), new ReLU(), new MaxPool2D(new Axis(2, 2), new Axis(4, 4))),
        new("strips, rows of filters shorter than a vector", Strips3, Extents.Image(3, 36, 40), new Conv2D(4, 3, padding: 1), new ReLU()),
        new("strips, one vector of pairs", Strips5, Extents.Image(3, 40, 18), new Conv2D(6, 5), new ReLU(), new MaxPool2D(2)),
        new("strips, long sums", Strips3, Extents.Image(15, 9, 90), new Conv2D(8, Axis.Of(3, 1, 1), Axis.Of(65, 1, 32)), new ReLU()),
        new("strips between joined branches", Strips3, Extents.Image(5, 20, 24), new Concat([new Conv2D(7, 3, padding: 1)], [new Conv2D(4, 1)], []), new Conv2D(12, 5, padding: 2), new ReLU(), new Concat([new Conv2D(20, 3, padding: 1), new ReLU()], [new Conv2D(9, 1)])),
        new("7×7 by 1×2 behind others", "Winograd F(", Extents.Image(2, 60, 62), new Conv2D(3, 1), new ReLU(), new Conv2D(64, Axis.Of(3, 1, 1), Axis.Of(7, 2, 3)), new ReLU()),
    ];

    /// <summary>
    /// Sums of more than 960 products, and images of blocks of tiles, the last of them partly filled: one convolution without a bias.
    /// </summary>
    private static readonly Case[] LargeCases =
    [
        new("many channels", F4, Extents.Image(976, 12, 13), new Conv2D(64, 3, padding: 1) { Bias = false }),
        new("many tiles", F4, Extents.Image(64, 60, 52), new Conv2D(64, 3, padding: 1) { Bias = false }),
        new("many odd tiles", F4, Extents.Image(48, 57, 63), new Conv2D(33, 3, padding: 1) { Bias = false }),
        new("64 channels", F4, Extents.Image(64, 16, 16), new Conv2D(64, 3, padding: 1) { Bias = false }),
        new("256 channels", F4, Extents.Image(256, 16, 16), new Conv2D(64, 3, padding: 1) { Bias = false }),
        new("many channels, filters of 5×5", F5, Extents.Image(976, 8, 9), new Conv2D(64, 5, padding: 1) { Bias = false }),
        new("many channels, filters of 1×7", Row7, Extents.Image(976, 9, 17), new Conv2D(64, Axis.Of(1, 1, 1), Axis.Of(7, 1, 1)) { Bias = false }),
        new("64 channels, filters of 1×7", Row7, Extents.Image(64, 17, 17), new Conv2D(64, Axis.Of(1, 1, 1), Axis.Of(7, 1, 1)) { Bias = false }),
        new("256 channels, filters of 1×7", Row7, Extents.Image(256, 17, 17), new Conv2D(64, Axis.Of(1, 1, 1), Axis.Of(7, 1, 1)) { Bias = false }),
        new("256 channels, filters of 1×5", Row5, Extents.Image(256, 17, 17), new Conv2D(64, Axis.Of(1, 1, 1), Axis.Of(5, 1, 1)) { Bias = false }),
        new("256 channels, filters of 4×4", F3, Extents.Image(256, 16, 16), new Conv2D(64, 4, padding: 1) { Bias = false }),
        new("256 channels, filters of 5×5", F5, Extents.Image(256, 16, 16), new Conv2D(64, 5, padding: 1) { Bias = false }),
        new("15 channels, strips of 3×3", Strips3, Extents.Image(15, 24, 24), new Conv2D(9, 3, padding: 1) { Bias = false }),
        new("15 channels, strips of 5×5", Strips5, Extents.Image(15, 24, 24), new Conv2D(9, 5, padding: 2) { Bias = false }),
        new("15 channels, strips of 7×7", Strips7, Extents.Image(15, 24, 24), new Conv2D(9, 7, padding: 3) { Bias = false }),
    ];

    private static readonly Dictionary<string, Case> All = Cases.Concat(LargeCases).ToDictionary(c => c.Name);

    /// <summary>Those that are compiled once more with <c>Winograd = false</c>.</summary>
    private static readonly string[] Refusing = ["one more", "normalized", "largest of 2×2", "residuals", "joined", "64 channels", "256 channels", "filters of 5×5", "256 channels, filters of 4×4", "256 channels, filters of 5×5", "filters of 7×1", "64 channels, filters of 1×7", "256 channels, filters of 1×7", "256 channels, filters of 1×5", "strips, one behind the other", "15 channels, strips of 5×5", "15 channels, strips of 3×3", "15 channels, strips of 7×7"];

    /// <summary>Each by itself, which is faster than together and runs on all cores.</summary>
    private static readonly Lazy<Dictionary<(string, bool), CompiledType>> Compiled = new(() => All.Keys.Select(name => (Name: name, Winograd: true))
        .Concat(Refusing.Select(name => (Name: name, Winograd: false)))
        .AsParallel()
        .ToDictionary(key => key, key => Compile(key.Name, key.Winograd)));

    private static readonly ConcurrentDictionary<(string, bool), Lazy<Comparison>> Comparisons = new();

    private static readonly ConcurrentDictionary<string, Lazy<(float[] Input, Numbers Output, OracleNetwork Oracle)>> Convolutions = new();

    public static TheoryData<Isa> AllTiers => Tiers.All;

    public static TheoryData<string, Isa> NamesAndTiers => Product(Cases);

    public static TheoryData<string, Isa> RefusingNamesAndTiers => Product(Cases.Where(c => Refusing.Contains(c.Name)));

    public static TheoryData<string, Isa> LargeNamesAndTiers => Product(LargeCases);

    [Fact]
    public void The_networks_are_computed_by_Winograds_algorithm_unless_they_refuse_it()
    {
        foreach (Isa isa in Enum.GetValues<Isa>())
        {
            Assert.All(All.Values, c => Assert.Contains(c.Form, TypeOf(c.Name, winograd: true).Comments(isa), StringComparison.Ordinal));
            Assert.All(Refusing, name =>
                Assert.DoesNotContain("Winograd", TypeOf(name, winograd: false).Comments(isa), StringComparison.Ordinal));
        }
    }

    /// <summary>The oracle's other way to compute a convolution, of which the errors are estimated, is one.</summary>
    [Theory]
    [InlineData(3, 3, 4, 4, 1, 1, 1)]
    [InlineData(3, 3, 7, 9, 1, 1, 1)]
    [InlineData(3, 3, 6, 15, 2, 0, 1)]
    [InlineData(5, 5, 3, 3, 1, 1, 1)]
    [InlineData(5, 5, 8, 9, 2, 2, 1)]
    [InlineData(1, 7, 4, 17, 0, 3, 1)]
    [InlineData(7, 1, 9, 4, 3, 0, 1)]
    [InlineData(7, 1, 2, 5, 3, 0, 1)]
    [InlineData(1, 5, 3, 9, 0, 2, 1)]
    [InlineData(3, 1, 9, 3, 1, 0, 1)]
    [InlineData(3, 5, 9, 8, 1, 2, 1)]
    [InlineData(3, 3, 10, 14, 2, 2, 2)]
    [InlineData(3, 3, 12, 15, 3, 3, 3)]
    [InlineData(4, 4, 9, 11, 1, 2, 1)]
    [InlineData(3, 4, 8, 9, 1, 1, 1)]
    [InlineData(1, 4, 3, 10, 0, 2, 1)]
    public void The_transforms_give_the_convolution(int rows, int columns, int height, int width, int top, int left, int dilation)
    {
        Axis rowAxis = new(rows, 1, top, rows / 2 * dilation, dilation), columnAxis = new(columns, 1, left, columns / 2 * dilation, dilation);
        var oracle = new OracleNetwork(
            Extents.Image(5, height, width), [new Conv2D(3, rowAxis, columnAxis) { Bias = false }], winograd: false);
        Models.Fill(oracle);
        Numbers input = Numbers.Exact(Formula.Uniforms(3, oracle.Input.Length)), expected = oracle.Forward(input).Output;
        Numbers actual = Winograd.For(rowAxis, columnAxis, oracle.Output)!.Convolve(oracle.Input, oracle.Output, top, left, input, oracle.Weights[0]);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected.Value[i], actual.Value[i], 1e-12);
        }

        // With so few channels the errors of the transforms prevail.
        double ratio = Math.Sqrt(actual.Variance.Average() / expected.Variance.Average());
        log.WriteLine($"{ratio:F2} × the standard deviation of sums of products");
        Assert.InRange(ratio, 1, 10);
    }

    /// <summary>So is the one for strips of rows.</summary>
    [Theory]
    [InlineData(3, 3, 9, 8, 1, 1)]
    [InlineData(5, 5, 12, 11, 2, 2)]
    [InlineData(7, 2, 13, 6, 3, 0)]
    [InlineData(4, 6, 9, 10, 0, 5)]
    [InlineData(3, 1, 6, 5, 1, 0)]
    public void The_transforms_of_strips_give_the_convolution(int rows, int columns, int height, int width, int top, int left)
    {
        var layer = new Conv2D(3, new Axis(rows, 1, top, 1), new Axis(columns, 1, left, 0)) { Bias = false };
        var oracle = new OracleNetwork(Extents.Image(5, height, width), [layer], winograd: false);
        Models.Fill(oracle);
        Numbers input = Numbers.Exact(Formula.Uniforms(3, oracle.Input.Length)), expected = oracle.Forward(input).Output;
        Numbers actual = layer.InStrips(oracle.Input, input, oracle.Weights[0])!;
        Assert.All(Enumerable.Range(0, expected.Length), i => Assert.Equal(expected.Value[i], actual.Value[i], 1e-12));
        Assert.InRange(Math.Sqrt(actual.Variance.Average() / expected.Variance.Average()), 0.5, 10);
    }

    /// <summary>And of the filters' gradient.</summary>
    [Theory]
    [InlineData(3, 3, 8, 12, 1, 1)]
    [InlineData(3, 3, 4, 4, 0, 2)]
    [InlineData(5, 5, 6, 8, 2, 2)]
    [InlineData(3, 3, 6, 10, 1, 1)]
    [InlineData(1, 5, 3, 8, 0, 2)]
    [InlineData(3, 1, 8, 5, 1, 0)]
    [InlineData(3, 5, 8, 6, 1, 2)]
    [InlineData(4, 4, 6, 9, 1, 2)]
    public void The_transposed_transforms_give_the_gradient_of_the_filters(int rows, int columns, int height, int width, int top, int left)
    {
        Axis rowAxis = new(rows, 1, top, rows - 1 - top), columnAxis = new(columns, 1, left, columns - 1 - left);
        Extents image = Extents.Image(5, height, width);
        var layer = new Conv2D(3, rowAxis, columnAxis) { Bias = false };
        Extents output = layer.Output(image);
        Numbers x = Numbers.Exact(Formula.Uniforms(3, image.Length)), dy = Numbers.Exact(Formula.Uniforms(4, output.Length)), weight = new(3 * 5 * rows * columns);
        var expected = new Sums(weight.Length);
        layer.Backward(new PassContext(), image, x, new Numbers(output.Length), dy, new Numbers(image.Length), [weight], [expected]);
        Numbers direct = new(weight.Length);
        expected.Store(direct);
        (double[] magnitudes, Numbers actual) = Winograd.ForFilters(rowAxis, columnAxis, output)!.FilterGradient(image, output, top, left, x, dy);
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.Equal(direct.Value[i], actual.Value[i], 1e-12);
            Assert.True(magnitudes[i] > 0 && actual.Variance[i] > 0);
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Check(name, isa, winograd: true);

    /// <summary>Within the bounds of sums of products.</summary>
    [Theory]
    [MemberData(nameof(RefusingNamesAndTiers))]
    public void Networks_that_refuse_it_compute_sums_of_products(string name, Isa isa) => Check(name, isa, winograd: false);

    /// <summary>Within the bounds of the transforms alone.</summary>
    [Theory]
    [MemberData(nameof(LargeNamesAndTiers))]
    public void Large_convolutions_are_off_by_the_errors_of_the_transforms(string name, Isa isa)
    {
        (float[] input, Numbers expected, _) = Convolution(name);
        double worst = 0;
        string? difference = Compare.Difference(expected, Run(name, isa, winograd: true, threads: 2, input), name, ref worst);
        Assert.True(difference is null, difference);
    }

    [Theory]
    [InlineData("64 channels")]
    [InlineData("256 channels")]
    [InlineData("256 channels, filters of 4×4")]
    [InlineData("256 channels, filters of 5×5")]
    [InlineData("64 channels, filters of 1×7")]
    [InlineData("256 channels, filters of 1×7")]
    [InlineData("256 channels, filters of 1×5")]
    [InlineData("15 channels, strips of 3×3")]
    [InlineData("15 channels, strips of 5×5")]
    [InlineData("15 channels, strips of 7×7")]
    public void The_error_is_up_to_a_few_times_that_of_sums_of_products(string name)
    {
        (float[] input, Numbers expected, _) = Convolution(name);
        foreach (Isa isa in Tiers.Supported)
        {
            double RootMeanSquare(bool winograd)
            {
                float[] actual = Run(name, isa, winograd, threads: 1, input);
                return Math.Sqrt(actual.Select((value, i) => (value - expected.Value[i]) * (value - expected.Value[i])).Average());
            }

            (double transforms, double sums) = (RootMeanSquare(true), RootMeanSquare(false));
            log.WriteLine($"{name}, {isa}: {transforms:E2}, of sums of products {sums:E2}: {transforms / sums:F2} ×");
            Assert.InRange(transforms / sums, 0, All[name].Form is Row7 or Strips7 ? OfSevenTaps : AFewTimes);
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_sample_has_the_same_bits_on_any_number_of_threads_and_in_any_batch(Isa isa)
    {
        foreach (string name in new[] { "one more", "residuals", "largest of 2×2", "many channels", "many tiles", "many odd tiles", "filters of 7×1", "filters with holes, one more", "filters of 4×4, one more", "7×7 by 2", "11×11 by 4", "strips, one behind the other", "strips, one more row" })
        {
            Compare.SameBitsForASample(name, TypeOf(name, winograd: true), All[name].Network(), isa);
        }
    }

    /// <summary>The filters that inference reads are made of the parameters whenever these have changed.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Parameters_that_change_change_the_next_result(Isa isa)
    {
        var oracle = new OracleNetwork(
            Extents.Image(20, 8, 9), [new Conv2D(33, 3, padding: 1), new BatchNorm(), new ReLU(), new Conv2D(20, 3)], Objective.MeanSquaredError);
        CompiledType type = NetworkCompiler.Compile(oracle);
        float[] input = Formula.Uniforms(6, oracle.InputLength), targets = Formula.Uniforms(7, 2 * oracle.OutputLength);
        float[] inputs = [.. input, .. Formula.Uniforms(8, oracle.InputLength)];
        using CompiledNetwork network = type.Create(isa, seed: 1), other = type.Create(isa, seed: 2);
        using Trainer trainer = CompiledType.CreateTrainer(network, 2, new Sgd(0.1));
        float[] last = new float[oracle.OutputLength];
        network.Forward(input, last);
        Changed("CopyFrom", () => network.FindParameter("conv2.weight")!.CopyFrom(Formula.Uniforms(9, network.FindParameter("conv2.weight")!.Length)));
        Changed("Load", () =>
        {
            using var file = new MemoryStream();
            other.Save(file);
            file.Position = 0;
            network.Load(file);
        });
        Changed("Initialize", () => network.Initialize(3));
        Changed("Step", () => trainer.Step(inputs, [], targets));
        Changed("a second Step", () => trainer.Step(inputs, [], targets));

        void Changed(string what, Action change)
        {
            change();
            float[] actual = new float[oracle.OutputLength], expected = new float[oracle.OutputLength];
            network.Forward(input, actual);
            Assert.NotEqual(last, actual);

            // As of an instance that has never had other parameters.
            using CompiledNetwork fresh = type.Create(isa, seed: 4);
            foreach ((Parameter from, Parameter to) in network.Parameters.Zip(fresh.Parameters))
            {
                float[] values = new float[from.Length];
                from.CopyTo(values);
                to.CopyFrom(values);
            }

            fresh.Forward(input, expected);
            Compare.SameBits(expected, actual, $"after {what}: output");
            last = actual;
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Several_threads_may_be_the_first_to_call_Forward(Isa isa)
    {
        const int Callers = 6, Rounds = 12;
        OracleNetwork oracle = All["two in a row"].Network();
        Models.Fill(oracle);
        float[] input = Formula.Uniforms(10, oracle.InputLength);
        float[] expected = Run("two in a row", isa, winograd: true, threads: 1, input);
        using CompiledNetwork network = TypeOf("two in a row", winograd: true).Create(oracle, isa, threads: 2);
        float[][] outputs = [.. Enumerable.Range(0, Callers).Select(_ => new float[expected.Length])];
        float[] values = [.. oracle.Weights[0].Value.Select(v => (float)v)];
        using var barrier = new Barrier(Callers, _ => network.Parameters[0].CopyFrom(values));
        Thread[] threads = [.. Enumerable.Range(0, Callers).Select(caller => new Thread(() =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                // One of them changes the parameters before all go on.
                barrier.SignalAndWait();
                network.Forward(input, outputs[caller]);
                barrier.SignalAndWait();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.All(outputs, output => Compare.SameBits(expected, output, "output of one of the first"));
    }

    /// <summary>As the remarks of <see cref="NetworkAttribute.Winograd"/> say.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void What_is_no_finite_number_stays_in_the_tiles_that_read_it(Isa isa)
    {
        const int Tile = 4;
        OracleNetwork oracle = All["one more"].Network();
        Models.Fill(oracle);
        (Extents extents, Extents results) = (oracle.Input, oracle.Output);
        float[] input = Formula.Uniforms(11, extents.Length), expected = Run("one more", isa, winograd: true, threads: 1, input);
        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
        foreach (float special in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            foreach ((int row, int column) in new[] { (6, 9), (7, 8), (0, 0), (12, 16), (3, 12) })
            {
                float[] changed = [.. input];
                changed[extents.At(3, 0, row, column)] = special;
                float[] actual = Run("one more", isa, winograd: true, threads: 1, changed);
                for (int i = 0; i < actual.Length; i++)
                {
                    int r = i / results.Width % results.Height, c = i % results.Width;
                    int top = Start(r, results.Height), left = Start(c, results.Width);
                    bool isRead = IsWithin(row, top - 1, top + Tile) && IsWithin(column, left - 1, left + Tile);
                    bool isInWindow = IsWithin(row, r - 1, r + 1) && IsWithin(column, c - 1, c + 1);
                    bool isInTile = IsWithin(row, top, top + Tile - 1) && IsWithin(column, left, left + Tile - 1);
                    string what = $"{special} at row {row}, column {column}: output at {r}, {c}";
                    Assert.True(!(isInWindow || isInTile) || !float.IsFinite(actual[i]), what + " is finite");
                    Assert.True(isRead || actual[i] == expected[i], what + " is another");
                }
            }
        }

        static int Start(int output, int extent) => Math.Min(output / Tile * Tile, extent - Tile);

        static bool IsWithin(int value, int first, int last) => value >= first && value <= last;
    }

    /// <summary>The same of strips, where columns are not transformed.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void In_a_strip_it_stays_in_the_columns_whose_windows_hold_it(Isa isa)
    {
        const int Rows = 4;
        const string Name = "strips, one more row";
        OracleNetwork oracle = All[Name].Network();
        (Extents extents, Extents results) = (oracle.Input, oracle.Output);
        float[] input = Formula.Uniforms(11, extents.Length), expected = Run(Name, isa, winograd: true, threads: 1, input);
        foreach ((int row, int column) in new[] { (6, 9), (7, 16), (0, 0), (12, 36), (3, 31) })
        {
            float[] changed = [.. input];
            changed[extents.At(3, 0, row, column)] = float.NaN;
            float[] actual = Run(Name, isa, winograd: true, threads: 1, changed);
            for (int i = 0; i < actual.Length; i++)
            {
                int r = i / results.Width % results.Height, c = i % results.Width, top = Math.Min(r / Rows * Rows, results.Height - Rows);
                bool isInColumn = Math.Abs(column - c) <= 1, isInWindow = isInColumn && Math.Abs(row - r) <= 1, isRead = isInColumn && row >= top - 1 && row <= top + Rows;
                Assert.True(isInWindow ? float.IsNaN(actual[i]) : isRead || actual[i] == expected[i], $"not a number at row {row}, column {column}: output at {r}, {c} is {actual[i]}");
            }
        }
    }

    private static Add Residual() => new([new Conv2D(32, 3, padding: 1), new BatchNorm(), new ReLU(), new Conv2D(32, 3, padding: 1), new BatchNorm()], []);

    private static void Check(string name, Isa isa, bool winograd)
    {
        Comparison comparison = Comparisons.GetOrAdd(
            (name, winograd), key => new(() => new Comparison(All[key.Item1].Network(key.Item2), key.Item1.Length, [1, 2]))).Value;
        string? difference = comparison.Run(TypeOf(name, winograd), isa);
        Assert.True(difference is null, $"{difference}\n{comparison.Network.Declaration("Tested")}");
    }

    /// <summary>A large case's input and output; the errors are the transforms' alone.</summary>
    private static (float[] Input, Numbers Output, OracleNetwork Oracle) Convolution(string name) => Convolutions.GetOrAdd(name, key => new(() =>
    {
        OracleNetwork oracle = All[key].Network();
        Models.Fill(oracle);
        float[] input = Formula.Uniforms(12, oracle.InputLength);
        var layer = (Conv2D)All[key].Layers[0];
        Numbers x = Numbers.Exact(input), weight = oracle.Weights[0];
        Numbers? strips = layer.InStrips(oracle.Input, x, weight);
        return (input, strips ?? Winograd.For(layer.Y, layer.X, oracle.Output)!.Convolve(oracle.Input, oracle.Output, 1, 1, x, weight), oracle);
    })).Value;

    /// <summary>The output for one sample, with the weights of the formula.</summary>
    private static float[] Run(string name, Isa isa, bool winograd, int threads, float[] input)
    {
        OracleNetwork oracle = All[name].Network(winograd);
        Models.Fill(oracle);
        using CompiledNetwork network = TypeOf(name, winograd).Create(oracle, isa, threads);
        float[] output = new float[oracle.OutputLength];
        network.Forward(input, output);
        return output;
    }

    private static CompiledType Compile(string name, bool winograd)
    {
        string type = ClassOf(name, winograd);
        return NetworkCompiler.Compile([All[name].Network(winograd).Declaration(type)], type)[type];
    }

    private static CompiledType TypeOf(string name, bool winograd) => Compiled.Value[(name, winograd)];

    private static string ClassOf(string name, bool winograd) => (winograd ? "Transformed" : "Summed") + All.Keys.ToList().IndexOf(name);

    private static TheoryData<string, Isa> Product(IEnumerable<Case> cases)
    {
        var data = new TheoryData<string, Isa>();
        foreach (Case c in cases)
        {
            foreach (Isa isa in Tiers.Supported)
            {
                data.Add(c.Name, isa);
            }
        }

        return data;
    }

    /// <param name="Name">For messages.</param>
    /// <param name="Form">What the comments of every tier tell.</param>
    /// <param name="Input">What the first layer reads.</param>
    /// <param name="Layers">The network.</param>
    private sealed record Case(string Name, string Form, Extents Input, params Layer[] Layers)
    {
        public OracleNetwork Network(bool winograd = true) => new(Input, Layers, winograd: winograd);
    }
}
