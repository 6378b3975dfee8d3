using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Benchmarks.Algorithms;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>The table of measured cycles: how it is read, and that the choice of algorithms follows it.</summary>
public sealed class MeasuredTableTests
{
    private static readonly ConvolutionShape Shape = new(64, 64, new(56, 56), new(3, 3), RowsAndColumns.One, RowsAndColumns.One,
        RowsAndColumns.One);

    private static readonly Tier OneFamily = Tier.Avx512 with { Families = Compiler.Foundation.EquatableArray.Of(CpuFamily.Zen5) };

    /// <summary>The tiers and families whose tables are checked in.</summary>
    public static TheoryData<string, string> Targets => new()
    {
        { Tier.Avx512.Name, "Zen 5" }, { Tier.Avx2.Name, "Zen 3" }, { Tier.Avx2.Name, "Zen 5" },
    };

    [Theory]
    [InlineData("64 64 56x56 3x3 1x1 1x1 1x1",
        "line 1: expected 7 columns of a shape and pairs of an algorithm and its cycles, found 7 columns")]
    [InlineData("# of CPUs\n\n64 64 56x56 3x3 1x1 1x1 1x1 tiles",
        "line 3: expected 7 columns of a shape and pairs of an algorithm and its cycles, found 8 columns")]
    [InlineData("64 0 56x56 3x3 1x1 1x1 1x1 tiles 5", "line 1: expected a positive whole number, found '0'")]
    [InlineData("64 64 56x 3x3 1x1 1x1 1x1 tiles 5", "line 1: expected a positive whole number, found ''")]
    [InlineData("64 64 56 3x3 1x1 1x1 1x1 tiles 5", "line 1: expected rows and columns such as 3x3, found '56'")]
    [InlineData("64 64 56x56 3x3 1x1 1x1 1x1 tile 5",
        "line 1: 'tile' is no algorithm for this shape, which has rows, tiles, flat, F4x4-blocks, F4x4-whole, F2x2-blocks, F2x2-whole")]
    [InlineData("64 64 56x56 5x5 1x1 1x1 1x1 F4x4-whole 5", "line 1: 'F4x4-whole' is no algorithm for this shape")]
    [InlineData("64 64 28x28 3x3 2x2 1x1 1x1 F4x4-whole 5",
        "line 1: 'F4x4-whole' is no algorithm for this shape, which has rows, tiles, flat.")]
    [InlineData("64 64 56x56 3x3 1x1 1x1 1x1 tiles fast", "line 1: expected thousands of cycles of tiles, a positive number, found 'fast'")]
    [InlineData("64 64 56x56 3x3 1x1 1x1 1x1 tiles 0", "line 1: expected thousands of cycles of tiles, a positive number, found '0'")]
    [InlineData("64 64 56x56 3x3 1x1 1x1 1x1 tiles 5 tiles 6", "line 1: 'tiles' stands twice")]
    [InlineData("64 64 56x56 3x3 1x1 1x1 1x1 tiles 5\n64 64 56x56 3x3 1x1 1x1 1x1 flat 6", "line 2: this shape has a line above")]
    public void A_bad_line_is_refused_with_its_number(string text, string message) =>
        Assert.StartsWith("Tier.Family.txt, " + message,
            Assert.Throws<FormatException>(() => MeasuredTable.Parse("Tier.Family.txt", text)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_written_is_read_again_in_one_order()
    {
        ConvolutionShape pooled = Shape with { Pool = new(2, 2) };
        Dictionary<ConvolutionShape, MeasuredCycles> rows = new()
        {
            [pooled] = new(new Dictionary<string, double> { ["F4x4-whole"] = 1_234_567, ["tiles"] = 98_765.4 }),
            [Shape] = new(new Dictionary<string, double> { ["flat"] = 1000 }),
        };
        string text = new MeasuredTable(rows).Write(["Made up."]);
        Assert.Equal(
            """
            # Made up.
            # inputs outputs image kernel stride dilation pool; algorithms with thousands of cycles
            64 64 56x56 3x3 1x1 1x1 1x1  flat 1
            64 64 56x56 3x3 1x1 1x1 2x2  tiles 98.8  F4x4-whole 1230

            """,
            text);
        MeasuredTable read = MeasuredTable.Parse("", text);
        Assert.Equal(1_230_000, read.Rows[pooled].Cycles["F4x4-whole"], precision: 3);
        Assert.Equal(text, read.Write(["Made up."]));
        Assert.Equal(text, new MeasuredTable(rows.Reverse().ToDictionary()).Write(["Made up."]));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void The_rows_that_are_checked_in_name_algorithms_that_can_compute_their_shapes(
        string target, string family)
    {
        Tier tier = Tier.All.Single(t => t.Name == target).For(family);
        Assert.NotEmpty(MeasuredTable.Of(tier).Rows);
        IEnumerable<string> wrong = MeasuredTable.Of(tier).Rows.AsParallel()
            .SelectMany(
                row => row.Value.Cycles.Keys.Where(algorithm => !ConvolutionLayer.Computes(row.Key, tier, algorithm))
                    .Select(algorithm => $"{row.Key}: {algorithm}"));
        Assert.Empty(wrong);
    }

    [Fact]
    public void A_tier_of_other_families_has_no_table() =>
        Assert.Same(MeasuredTable.Empty, MeasuredTable.Of(Tier.Avx512.For(CpuFamily.SapphireRapids.ShortName)));

    [Theory]
    [InlineData("rows")]
    [InlineData("tiles")]
    [InlineData("flat")]
    [InlineData("F4x4-blocks")]
    [InlineData("F4x4-whole")]
    [InlineData("F2x2-blocks")]
    [InlineData("F2x2-whole")]
    public void The_choice_follows_what_was_measured(string fastest)
    {
        MeasuredTable table = Table(Shape, AlgorithmName.For(Shape).Select(name => (name, name == fastest ? 1e6 : 1e9)));
        Assert.Equal(fastest, ConvolutionLayer.Choice(Shape, OneFamily, table));
    }

    /// <summary>What is measured of an algorithm must be what is chosen. A quarter of the image is the cheapest block here.</summary>
    [Fact]
    public void A_forced_algorithm_has_the_plan_of_the_formulas()
    {
        ConvolutionShape small = Shape with { Inputs = 16, Outputs = 16, Image = new(32, 32) };
        int[] blocks = [.. ConvolutionLayer.Candidates(small, Tier.Avx2).Single(candidate => candidate.Algorithm == "F4x4-blocks")
            .Programs.Sample.Steps.Select(step => step.Kernel).OfType<WinogradBlocks>().Select(kernel => kernel.BlockTiles)];
        Assert.Equal([64 / 4], blocks);
    }

    /// <summary>The formulas choose blocks of tiles here.</summary>
    [Fact]
    public void A_row_corrects_only_the_algorithms_that_it_names() =>
        Assert.Equal("F4x4-whole", ConvolutionLayer.Choice(Shape, Tier.Avx512, Table(Shape, [("F4x4-blocks", 1e9)])));

    [Fact]
    public void The_formulas_choose_for_a_shape_without_a_row()
    {
        foreach (Tier tier in Tier.All)
        {
            MeasuredTable other = Table(Shape with { Outputs = 65 }, [("rows", 1), ("tiles", 2)]);
            string formulas = ConvolutionLayer.Choice(Shape, tier, MeasuredTable.Empty);
            Assert.StartsWith("F4x4-", formulas, StringComparison.Ordinal);
            Assert.Equal(formulas, ConvolutionLayer.Choice(Shape, tier, other));
        }
    }

    /// <summary>By the formulas sums of products take more than twice as long on some of them.</summary>
    [Fact]
    public void What_was_measured_on_one_family_does_not_burden_the_others_too_much()
    {
        ConvolutionShape small = Shape with { Inputs = 32, Outputs = 32, Image = new(16, 16) };
        MeasuredTable table = Table(small, [("tiles", 20e3), ("F4x4-blocks", 25e3), ("F4x4-whole", 25e3)]);
        Assert.Equal("tiles", ConvolutionLayer.Choice(small, OneFamily, table));
        Assert.Equal("F4x4-blocks", ConvolutionLayer.Choice(small, Tier.Avx512, table));
    }

    [Fact]
    public void A_network_that_refuses_Winograd_does_so_whatever_was_measured()
    {
        NetworkGraph graph = Graphs.Of("[Input(64, 56, 56), ReLU, Conv2D(64, 3, Padding = 1)]");
        MeasuredTable table = Table(Shape, [("F4x4-blocks", 1), ("F2x2-whole", 1e9)]);
        string[] Names(NetworkGraph network) =>
            [.. TierPrograms.Lower(network, OneFamily, CancellationToken.None, table: table).Sample.Steps
                .Select(step => AlgorithmName.Of(step.Kernel)).OfType<string>()];
        Assert.Equal(["F4x4-blocks"], Names(graph));
        Assert.Equal(["tiles"], Names(graph with { Settings = graph.Settings with { Winograd = false } }));
    }

    [Theory]
    [InlineData("[Input(64, 56, 56), ReLU, Conv2D(64, 3, Padding = 1), MaxPool2D(2)]", "64 64 56x56 3x3 1x1 1x1 2x2")]
    [InlineData("[Input(64, 56, 56), ReLU, Conv2D(32, 5, Stride = 2, Dilation = 3)]", "64 32 22x22 5x5 2x2 3x3 1x1")]
    [InlineData("[Input(64, 56), ReLU, Conv1D(32, 3, Padding = 1)]", "64 32 1x56 1x3 1x1 1x1 1x1")]
    [InlineData("[Input(64, 56, 56), Conv2D(64, 3, Padding = 1)]", null)]
    [InlineData("[Input(15, 56, 56), ReLU, Conv2D(64, 3, Padding = 1)]", null)]
    [InlineData("[Input(64, 56, 56), ReLU, Conv2D(64, 3, Padding = 1, Groups = 2)]", null)]
    [InlineData("[Input(64, 56, 56), ReLU, ConvTranspose2D(64, 3)]", null)]
    [InlineData("[Input(64, 8, 8, 8), ReLU, Conv3D(64, 3, Padding = 1)]", null)]
    [InlineData("[Input(64, 56, 56), ReLU, Conv2D(64, 1), AveragePool2D(2)]", null)]
    [InlineData("[Input(64, 56, 56), ReLU, MaxPool2D(2)]", null)]
    public void A_layer_is_looked_up_by_its_shape(string stack, string? shape) => Assert.Equal(
        shape, FusionPlan.Create(Graphs.Of(stack), ProgramKind.OneSample).All.Select(ConvolutionShape.From)
            .SingleOrDefault(found => found is not null)?.ToString());

    private static MeasuredTable Table(ConvolutionShape shape, IEnumerable<(string Algorithm, double Cycles)> cycles) => new(
        new Dictionary<ConvolutionShape, MeasuredCycles> { [shape] = new(cycles.ToDictionary(c => c.Algorithm, c => c.Cycles)) });
}
