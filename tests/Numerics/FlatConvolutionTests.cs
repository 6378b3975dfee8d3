using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Convolutions whose tiles go over all rows, of single pixels and of windows: with every remainder of a tile, with zeros between rows,
/// with strides, with parts of blocks. The first layer of each network reads rows.
/// </summary>
public class FlatConvolutionTests
{
    private const string Pixels = "Pointwise convolution over all pixels", Windows = "Direct convolution over all pixels";

    private static readonly Case[] Cases =
    [
        new("whole tiles", Extents.Image(5, 16, 12), new Conv2D(32, 2, stride: 2), new Conv2D(64, 1)),
        new("one more pixel", Extents.Image(5, 26, 26), new Conv2D(32, 2, stride: 2), new Conv2D(64, 1)),
        new("odd channels", Extents.Image(5, 22, 26), new Conv2D(33, 2, stride: 2), new Conv2D(35, 1)),
        new("half a block of channels", Extents.Image(5, 22, 26), new Conv2D(40, 2, stride: 2), new Conv2D(24, 1)),
        new("few channels", Extents.Image(5, 18, 32), new Conv2D(34, 2, stride: 2), new Conv2D(5, 1)),
        new("one row", Extents.Sequence(3, 58), new Conv1D(32, new Axis(2, 2)), new Conv1D(48, new Axis(1))),
        new("a volume", Extents.Volume(5, 6, 10, 14), new Conv3D(32, new Axis(2, 2), new Axis(2, 2), new Axis(2, 2)), new Conv3D(64, 1)),
        new("no bias", Extents.Image(5, 26, 22), new Conv2D(64, 2, stride: 2), new Conv2D(48, 1) { Bias = false }),
        new("normalized", Extents.Image(5, 14, 10), new Conv2D(48, 2, stride: 2), new Conv2D(96, 1) { Bias = false },
            new BatchNorm(), new ReLU()),
        new("zeros between rows", Extents.Image(5, 18, 18), new Conv2D(32, 2, stride: 2), new Conv2D(48, 1), new ReLU(),
            new Conv2D(32, 3, padding: 1)),
        new("wide zeros between short rows", Extents.Image(5, 16, 12), new Conv2D(48, 2, stride: 2), new Conv2D(64, 1),
            new Conv2D(20, 5, padding: 2)),
        new("residual", Extents.Image(5, 14, 10), new Conv2D(64, 2, stride: 2), Bottleneck(64, 16), new ReLU()),
        new("residuals with zeros", Extents.Image(5, 26, 26), new Conv2D(64, 2, stride: 2), Bottleneck(64, 16), new ReLU(),
            new Conv2D(33, 3, padding: 1), new ReLU(), new Conv2D(20, 1)),
        new("joined", Extents.Image(5, 14, 18), new Conv2D(32, 2, stride: 2),
            new Concat([new Conv2D(32, 1)], [new Conv2D(48, 1), new ReLU()], [new Conv2D(5, 1)]), new Conv2D(33, 1)),
        new("blocks a line apart", Extents.Image(5, 32, 32), new Conv2D(48, 2, stride: 2), new Conv2D(64, 1),
            new ReLU(), new Conv2D(64, 1)),
        new("each second pixel", Extents.Image(5, 30, 26), new Conv2D(40, 2, stride: 2), new Conv2D(64, 1, stride: 2),
            new BatchNorm(), new ReLU()),
        new("each second pixel of short rows", Extents.Image(5, 64, 12), new Conv2D(40, 2, stride: 2),
            new Conv2D(64, 1, stride: 2), new ReLU()),
        new("each third pixel of a row", Extents.Image(5, 24, 44), new Conv2D(32, 2, stride: 2),
            new Conv2D(48, new Axis(1), new Axis(1, 3))),
        new("residual of each second pixel", Extents.Image(5, 26, 26), new Conv2D(32, 2, stride: 2),
            new Add([new Conv2D(64, 3, 2, padding: 1)], [new Conv2D(64, 1, stride: 2), new BatchNorm()]), new ReLU(),
            new Conv2D(20, 3, padding: 1)),
        new("sums of parts", Extents.Image(5, 12, 16), new Conv2D(976, 2, stride: 2), new Conv2D(64, 1)),
        new("each second window", Extents.Image(5, 30, 26), new Conv2D(33, 2, stride: 2), new Conv2D(64, 3, stride: 2, padding: 1),
            new BatchNorm(), new ReLU()),
        new("windows side by side", Extents.Image(5, 46, 68), new Conv2D(32, 2, stride: 2), new Conv2D(64, 3, stride: 3)),
        new("windows of a row", Extents.Image(5, 14, 28), new Conv2D(32, 2, stride: 2), new Conv2D(48, new Axis(1), Axis.Of(7, 1, 3)),
            new ReLU(), new Conv2D(5, Axis.Of(7, 1, 3), new Axis(1))),
        new("windows of a sequence", Extents.Sequence(3, 58), new Conv1D(32, new Axis(2, 2)), new Conv1D(48, 5, stride: 2, padding: 2)),
        new("windows with holes", Extents.Image(5, 24, 28), new Conv2D(40, 2, stride: 2), new Conv2D(32, 3, padding: 2, dilation: 2),
            new ReLU(), new Conv2D(32, 3, stride: 2, padding: 1)),
        new("residual of windows", Extents.Image(5, 26, 26), new Conv2D(32, 2, stride: 2),
            new Add([new Conv2D(64, 3, stride: 2, padding: 1), new ReLU(), new Conv2D(64, Axis.Of(3, 1, 1), new Axis(1))],
                [new Conv2D(64, 1, stride: 2)]), new ReLU(), new Conv2D(20, 3, padding: 1)),
        new("sums of parts of windows", Extents.Image(5, 36, 34), new Conv2D(112, 2, stride: 2), new Conv2D(64, 3, stride: 2, padding: 1)),
        new("copied windows with holes", Extents.Image(5, 26, 30), new Conv2D(35, 2, stride: 2), new Conv2D(64, 3, padding: 3, dilation: 3),
            new BatchNorm(), new ReLU()),
        new("copied windows of short rows", Extents.Image(5, 34, 8), new Conv2D(40, 2, stride: 2),
            new Conv2D(64, 3, padding: 2, dilation: 2), new ReLU()),
        new("copied windows in several blocks", Extents.Image(5, 38, 42), new Conv2D(96, 2, stride: 2),
            new Conv2D(72, new Axis(3, 1, 2, 2, 2), new Axis(5, 2, 1, 2))),
        new("norm", Extents.Image(5, 30, 26), new Conv2D(40, 2, stride: 2), new MaxPool2D(3, stride: 1), new BatchNorm(), new ReLU(),
            new Conv2D(64, 1), new BatchNorm(), new ReLU()),
        new("norm without activation", Extents.Image(5, 26, 26), new Conv2D(64, 2, stride: 2), new ReLU(),
            new Add([new BatchNorm(), new Conv2D(64, 1)], []), new Sigmoid()),
        new("norm of rows", Extents.Image(5, 14, 11), new BatchNorm(), new Tanh(), new Conv2D(32, 1), new ReLU(), new Conv2D(20, 1)),
        new("norm of pixels with zeros between rows", Extents.Image(5, 22, 24), new Conv2D(40, 2, stride: 2), new ReLU(),
            new Concat([new BatchNorm(), new ReLU(), new Conv2D(33, 1)], [new Conv2D(32, 3, padding: 1)])),
        new("norm of each second pixel", Extents.Image(5, 30, 26), new Conv2D(40, 2, stride: 2), new Tanh(),
            new Add([new BatchNorm(), new ReLU(), new Conv2D(64, 1, stride: 2)], [new Conv2D(64, 3, stride: 2, padding: 1)])),
        new("norm of a volume", Extents.Volume(5, 6, 10, 14), new Conv3D(32, new Axis(2, 2), new Axis(2, 2), new Axis(2, 2)), new GELU(),
            new Add([new BatchNorm(), new ReLU(), new Conv3D(32, 1)], []), new Conv3D(20, 1)),
        new("norm of a sequence", Extents.Sequence(3, 58), new Conv1D(32, new Axis(2, 2)), new ReLU(), new BatchNorm(),
            new Conv1D(48, new Axis(1))),
        new("norm of a single pixel", Extents.Image(5, 16, 16), new Conv2D(32, 2, stride: 2), new Conv2D(48, 1), new ReLU(),
            new MaxPool2D(8), new BatchNorm(), new ReLU(), new Conv2D(40, 1)),
        new("norms of a chain of joined tensors", Extents.Image(5, 22, 26), new Conv2D(32, 2, stride: 2), DenseLayer(), DenseLayer(),
            new BatchNorm(), new ReLU(), new Conv2D(33, 1)),
        new("norm of several blocks of pixels", Extents.Image(5, 40, 36), new Conv2D(640, 2, stride: 2), new ReLU(), new BatchNorm(),
            new ReLU(), new Conv2D(48, 1)),
        new("norm of parts", Extents.Image(5, 12, 16), new Conv2D(2064, 2, stride: 2), new ReLU(), new BatchNorm(),
            new ReLU(), new Conv2D(64, 1)),
        new("mean", Extents.Image(5, 28, 44), new Conv2D(40, 2, stride: 2), new ReLU(), new BatchNorm(), new ReLU(), new Conv2D(64, 1),
            new AveragePool2D(2, stride: 2)),
        new("mean without norm", Extents.Image(5, 37, 47), new Conv2D(35, 2, stride: 2), new ReLU(), new Conv2D(33, 1), new BatchNorm(),
            new AveragePool2D(3, stride: 3)),
        new("mean of pixels with zeros between rows", Extents.Image(5, 32, 32), new Conv2D(32, 2, stride: 2), new ReLU(),
            new Concat([new Conv2D(33, 1), new AveragePool2D(2, stride: 2)], [new Conv2D(32, 3, stride: 2, padding: 1)]),
            new Conv2D(20, 1)),
        new("several blocks of pixels", Extents.Image(5, 40, 36), new Conv2D(640, 2, stride: 2), new Conv2D(48, 1)),
    ];

    private static readonly Dictionary<string, Case> All = Cases.ToDictionary(c => c.Name);

    /// <summary>Each by itself, which is faster than together and runs on all cores.</summary>
    private static readonly Lazy<Dictionary<string, CompiledType>> Compiled =
        new(() => All.Keys.AsParallel().ToDictionary(name => name, Compile));

    private static readonly ConcurrentDictionary<string, Lazy<Comparison>> Comparisons = new();

    public static TheoryData<Isa> AllTiers => Tiers.All;

    public static TheoryData<string, Isa> NamesAndTiers
    {
        get
        {
            var data = new TheoryData<string, Isa>();
            foreach (Case c in Cases)
            {
                foreach (Isa isa in Tiers.Supported)
                {
                    data.Add(c.Name, isa);
                }
            }

            return data;
        }
    }

    [Fact]
    public void The_networks_are_computed_over_all_pixels()
    {
        foreach (Isa isa in Enum.GetValues<Isa>())
        {
            Assert.All(
                All.Values,
                c => Assert.Contains(c.Name.Contains("window", StringComparison.Ordinal) ? Windows : Pixels,
                    Compiled.Value[c.Name].Comments(isa), StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa)
    {
        Comparison comparison = Comparisons.GetOrAdd(name, key => new(() => new Comparison(All[key].Network(), key.Length, [1, 2]))).Value;
        string? difference = comparison.Run(Compiled.Value[name], isa);
        Assert.True(difference is null, $"{difference}\n{comparison.Network.Declaration("Tested")}");
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_sample_has_the_same_bits_on_any_number_of_threads_and_in_any_batch(Isa isa)
    {
        foreach (string name in new[] { "odd channels", "zeros between rows", "residual", "sums of parts", "each second pixel",
            "each second pixel of short rows", "each second window", "sums of parts of windows", "copied windows of short rows",
            "copied windows in several blocks", "several blocks of pixels", "norm", "norms of a chain of joined tensors",
            "norm of several blocks of pixels", "norm of parts", "mean", "mean without norm" })
        {
            Compare.SameBitsForASample(name, Compiled.Value[name], All[name].Network(), isa);
        }
    }

    private static Add Bottleneck(int channels, int inner) => new(
        [
            new Conv2D(inner, 1), new BatchNorm(), new ReLU(), new Conv2D(inner, 3, padding: 1), new BatchNorm(), new ReLU(),
            new Conv2D(channels, 1),
            new BatchNorm(),
        ], []);

    private static Concat DenseLayer() => new(
        [], [new BatchNorm(), new ReLU(), new Conv2D(64, 1) { Bias = false }, new BatchNorm(), new ReLU(), new Conv2D(16, 3, padding: 1)]);

    private static CompiledType Compile(string name)
    {
        string type = ClassOf(name);
        return NetworkCompiler.Compile([All[name].Network().Declaration(type)], type)[type];
    }

    private static string ClassOf(string name) => "Flat" + All.Keys.ToList().IndexOf(name);

    /// <param name="Name">For messages.</param>
    /// <param name="Input">What the first layer reads.</param>
    /// <param name="Layers">The network.</param>
    private sealed record Case(string Name, Extents Input, params Layer[] Layers)
    {
        public OracleNetwork Network() => new(Input, Layers, winograd: false);
    }
}
