using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Depthwise convolutions whose lanes are channels: windows whose outputs share inputs or do not, with every remainder of a tile. The first
/// layer of each network reads rows.
/// </summary>
public class DepthwiseTests
{
    private const string Kernel = "a filter for each channel, lanes are channels";

    private static readonly Case[] Cases =
    [
        new("windows", Extents.Image(3, 17, 23), Of(3, 1, 1)),
        new("short rows", Extents.Image(3, 9, 5), Of(3, 1, 1)),
        new("a column", Extents.Image(3, 19, 1), new Conv2D(33, new Axis(3), new Axis(1), Groups: 33)),
        new("stride", Extents.Image(3, 23, 30), Of(3, 2, 1)),
        new("stride over dilation", Extents.Image(3, 23, 30), Of(3, 2, 1, 2)),
        new("stride that dilation does not meet", Extents.Image(3, 20, 21), Of(3, 2, 3, 3)),
        new("dilation", Extents.Image(3, 14, 17), Of(3, 1, 2, 2)),
        new("side by side", Extents.Image(3, 18, 24), Of(3, 3, 0)),
        new("gaps", Extents.Image(3, 18, 25), Of(2, 3, 0)),
        new("wide", Extents.Image(3, 12, 22), Of(5, 1, 2)),
        new("wide with stride", Extents.Image(3, 21, 22), Of(5, 2, 2)),
        new("wider", Extents.Image(3, 11, 16), Of(7, 1, 3)),
        new("weights that do not fit into registers", Extents.Image(3, 20, 24), new Conv2D(33, new Axis(2), Axis.Of(19, 1, 9), Groups: 33)),
        new("sequence", Extents.Sequence(3, 51), new Conv1D(33, Axis.Of(3, 1, 1), Groups: 33)),
        new("pooled", Extents.Image(3, 16, 20), Of(3, 1, 1), new ReLU(), new MaxPool2D(2)),
    ];

    private static readonly Dictionary<string, Case> All = Cases.ToDictionary(c => c.Name);

    private static readonly Lazy<Dictionary<string, CompiledType>> Compiled =
        new(() => All.Keys.AsParallel().ToDictionary(name => name, Compile));

    private static readonly ConcurrentDictionary<string, Lazy<Comparison>> Comparisons = new();

    public static TheoryData<string, Isa> NamesAndTiers => [.. from c in Cases from isa in Tiers.Supported select (c.Name, isa)];

    [Fact]
    public void Lanes_are_channels()
    {
        foreach (Isa isa in Enum.GetValues<Isa>())
        {
            Assert.All(All.Keys, name => Assert.Contains(Kernel, Compiled.Value[name].Comments(isa), StringComparison.Ordinal));
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
    [MemberData(nameof(NamesAndTiers))]
    public void A_sample_has_the_same_bits_on_any_number_of_threads_and_in_any_batch(string name, Isa isa) =>
        Compare.SameBitsForASample(name, Compiled.Value[name], All[name].Network(), isa);

    private static Conv2D Of(int kernel, int stride, int padding, int dilation = 1) =>
        new(33, Axis.Of(kernel, stride, padding, dilation), Axis.Of(kernel, stride, padding, dilation), Groups: 33);

    private static CompiledType Compile(string name)
    {
        string type = ClassOf(name);
        return NetworkCompiler.Compile([All[name].Network().Declaration(type)], type)[type];
    }

    private static string ClassOf(string name) => "Depthwise" + All.Keys.ToList().IndexOf(name);

    /// <param name="Name">For messages.</param>
    /// <param name="Input">What the first layer reads.</param>
    /// <param name="Layers">Behind a convolution to 33 channels.</param>
    private sealed record Case(string Name, Extents Input, params Layer[] Layers)
    {
        public OracleNetwork Network() =>
            new(Input, [Layers[0] is Conv1D ? new Conv1D(33, new Axis(1)) : new Conv2D(33, 1), new SiLU(), .. Layers, new SiLU()],
                winograd: false);
    }
}
