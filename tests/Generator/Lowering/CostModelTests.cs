using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Foundation;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>What the cost model prefers on invented machines. It knows machines only by their descriptions.</summary>
public sealed class CostModelTests
{
    private static readonly PropertyInfo[] Figures =
        [.. typeof(CpuFamily).GetProperties()
            .Where(p => p.CanWrite && (p.PropertyType == typeof(double) || p.PropertyType == typeof(int)))];

    /// <summary>No manual has them. They are 0 for a family on which they were not measured.</summary>
    private static readonly PropertyInfo[] Measured =
        [.. Figures.Where(p => p.Name is nameof(CpuFamily.UnhiddenLines) or nameof(CpuFamily.PixelLine))];

    public static TheoryData<string> Targets => [.. Tier.All.Select(tier => tier.Name)];

    /// <summary>All but one, of which the largest of all families counts.</summary>
    public static TheoryData<string> FigureNames =>
        [.. Figures.Select(figure => figure.Name).Where(name => name != nameof(CpuFamily.LastLevelBytes))];

    [Fact]
    public void The_formulas_hold_counts_of_kernels_and_no_figure_of_a_machine()
    {
        string[] small = ["0", "1", "2"];
        string[] files = ["CostModel", "TileCosts", "ThreadCosts", "WeightTileCosts", "WinogradCosts", "StepCosts"];
        IEnumerable<string> sources = files.Select(file => $"Lowering/{file}.cs").Append("Kernels/Work.cs")
            .Select(file => File.ReadAllText(Path.Combine(SourceFolder.Path, "..", "..", "generator", "Compiler", file)));
        string[] literals = [.. sources
            .SelectMany(source => CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)
                .GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<LiteralExpressionSyntax>())
            .Where(literal => literal.IsKind(SyntaxKind.NumericLiteralExpression) && !small.Contains(literal.Token.Text))
            .Select(literal => $"{literal.FirstAncestorOrSelf<VariableDeclaratorSyntax>()?.Identifier.Text} = {literal.Token.Text}")];
        Assert.Equal(
            [
                // How much a smaller candidate may cost; counts of what all kernels do.
                "NearlyCheapest = 1.1", "ShuffledOperations = 1.15", "MoveInstructions = 12", "LoopInstructions = 4",
                "WrittenInstructions = 32",

                // Tiles: what text and the JIT's time are worth, and what a copy or another pass must gain.
                "ClearlyCheaper = 1.03", "LeastPass = 128", "PassPart = 4", "LeastReaders = 32", "SharedPixels = 6", "KnownPages = 64",
                "PageCycles = 7", "LeastCopied = 128", "LeastWindows = 64", "FewItems = 16", "LeastTiles = 4",

                // Blocks and threads: what a block must save, and how much longer than threads take to meet shared work has to be.
                "WelcomeBlock = 0.9", "SurelyInBlocks = 0.78", "SmallBatch = 4", "EmptyLane = 0.013", "SmallInBlocks = 0.8",
                "SharedMeetings = 3", "SharedBlockWakes = 50",

                // Weight gradients, Winograd's algorithm, and other steps.
                "LeastTransposed = 32", "ImageParts = 4", "ImageParts = 5", "LastLevelPart = 8", "ManyTiles = 720",
                "SustainedShare = 0.95", "WideningInstructions = 3", "TileInstructions = 160", "SoftmaxOperations = 16",
                "DropoutOperations = 80", "RoundingOperations = 14",
            ],
            literals);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_figure_of_every_family_is_given(string target)
    {
        foreach (CpuFamily family in TierOf(target).Families)
        {
            Assert.All(Figures.Except(Measured), figure => Assert.True(FigureOf(family, figure) > 0, $"{family.Name}: {figure.Name}"));
        }
    }

    [Theory]
    [MemberData(nameof(FigureNames))]
    public void Every_figure_of_every_family_changes_a_cost_of_that_family_only(string name)
    {
        PropertyInfo figure = Figures.Single(f => f.Name == name);
        foreach (Tier tier in Tier.All)
        {
            for (int changed = 0; changed < tier.Families.Count; changed++)
            {
                double[][] before = Costs(tier);
                double[][][] after = [.. new[] { 1.0 / 16, 16 }.Select(factor => Costs(With(tier, changed, figure, factor)))];
                for (int family = 0; family < tier.Families.Count; family++)
                {
                    bool differs = after.Any(costs => !costs[family].SequenceEqual(before[family]));
                    string what = $"{tier.Name}, {name} of {tier.Families[changed].Name}: {tier.Families[family].Name}";
                    Assert.True(differs == (family == changed), what);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Fewer_registers_make_smaller_tiles(string target)
    {
        Tier many = TierOf(target), few = many with { Registers = 8 };
        Assert.Equal(6, few.Accumulators);
        Assert.InRange(Convolution(few).Accumulators, 1, 6);
        Assert.True(Convolution(many).Accumulators > Convolution(few).Accumulators);
        WeightTile weights = WeightTileCosts.ChooseWeightTile(few, 32, 32, 32, 3, 784);
        Assert.InRange((weights.Outputs * weights.Inputs * weights.Columns) + weights.Outputs + 1, 1, 8);
    }

    [Fact]
    public void Fewer_loads_make_squarer_tiles()
    {
        static double LoadsOf(Tile tile) => (double)(tile.Channels + (tile.Rows * tile.Columns)) / tile.Accumulators;
        Tile slow = Convolution(Alone(CpuFamily.Zen5 with { Loads = 0.5 })), fast = Convolution(Alone(CpuFamily.Zen5 with { Loads = 16 }));
        Assert.True(LoadsOf(slow) < LoadsOf(fast), $"{slow}, {fast}");
    }

    [Fact]
    public void A_slow_start_makes_tiles_larger_and_short_latencies_let_them_be_small()
    {
        Tile slow = Convolution(Alone(CpuFamily.Zen5 with { TileStart = 10_000 }), steps: 9);
        Tile quick =
            Convolution(Alone(CpuFamily.Zen5 with { TileStart = 0, AccumulatorEnd = 0, MultiplyAddLatency = 0.1, Loads = 100 }), steps: 9);
        Assert.True(slow.Accumulators > quick.Accumulators, $"{slow}, {quick}");
    }

    [Fact]
    public void Slow_memory_makes_tiles_reuse_each_weight_for_more_pixels()
    {
        // 512 channels and 9 taps: the weights of one block of channels leave the first level.
        Tile slow = Convolution(Alone(CpuFamily.Zen5 with { SecondLevelLine = 30, BeyondLine = 30 }), steps: 4608);
        Tile fast = Convolution(Alone(CpuFamily.Zen5 with { SecondLevelLine = 0.1, BeyondLine = 0.1, Loads = 1 }), steps: 4608);
        Assert.True(slow.Rows * slow.Columns > fast.Rows * fast.Columns, $"{slow}, {fast}");
    }

    [Fact]
    public void A_machine_that_hides_more_multiply_adds_gets_more_accumulators_for_one_pixel()
    {
        static Tile OnePixel(Tier tier) =>
            TileCosts.ChooseTile(tier, LaneUse.SampleLanes, new TiledOutputs(48, 48, 1, 1, 100)).Tile;
        Assert.Equal(12, OnePixel(Alone(CpuFamily.Zen5)).Channels);
        Assert.Equal(24, OnePixel(Alone(CpuFamily.Zen5 with { MultiplyAddLatency = 8 })).Channels);
    }

    [Fact]
    public void A_block_is_taken_from_the_number_of_samples_at_which_it_costs_less()
    {
        Tier tier = Tier.Avx512;
        Assert.Equal((true, 5), ThreadCosts.ChooseBlock(tier, 100, 450, 1000));
        Assert.Equal((true, 4), ThreadCosts.ChooseBlock(tier, 100, 400, 1000));
        Assert.Equal((true, 2), ThreadCosts.ChooseBlock(tier, 100, 90, 1000));
        Assert.Equal((false, 15), ThreadCosts.ChooseBlock(tier, 100, 1500, 1000));
        Assert.Equal((false, 16), ThreadCosts.ChooseBlock(tier, 100, 9000, 1000));
        Assert.False(ThreadCosts.ChooseBlock(tier, 100, 450, ThreadCosts.LargestBlock(tier) + 1).IsWelcome);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_block_may_be_as_large_as_the_last_level_of_any_family(string target)
    {
        Tier tier = TierOf(target);
        PropertyInfo figure = Figures.Single(f => f.Name == nameof(CpuFamily.LastLevelBytes));
        for (int family = 0; family < tier.Families.Count; family++)
        {
            Assert.Equal(16 * tier.Families[family].LastLevelBytes, ThreadCosts.LargestBlock(With(tier, family, figure, 16)));
        }
    }

    [Fact]
    public void The_first_family_decides_unless_another_would_pay_more_than_twice_its_cheapest()
    {
        Tier tier = Tier.Avx512 with { Families = EquatableArray.Of(CpuFamily.Zen5, CpuFamily.Zen4) };
        Assert.Equal("a", Choose(tier, ("a", 10, 20), ("b", 11, 10)));
        Assert.Equal("b", Choose(tier, ("a", 10, 21), ("b", 11, 10)));
        Assert.Equal("b", Choose(tier, ("a", 10, 21), ("b", 11, 10), ("c", 12, 10)));

        // Nothing suits both: the least worst ratio.
        Assert.Equal("b", Choose(tier, ("a", 10, 90), ("b", 25, 30), ("c", 90, 10)));
    }

    [Fact]
    public void Of_candidates_that_cost_the_same_the_first_is_taken() =>
        Assert.Equal("a", Choose(Alone(CpuFamily.Zen5), ("a", 10, 0), ("b", 10, 0)));

    [Fact]
    public void Of_nearly_the_cheapest_the_smallest_is_taken()
    {
        (int Size, double Cycles)[] candidates = [(24, 100), (12, 109), (6, 120)];
        Assert.Equal(12, CostModel.Cheapest(Alone(CpuFamily.Zen5), candidates, c => c.Cycles, c => c.Size).Candidate.Size);
    }

    [Fact]
    public void Tiles_with_a_sample_in_each_lane_go_by_rows_where_what_these_read_stays_in_half_of_the_second_cache_of_all_families()
    {
        int half = Tier.Avx2.Families.Min(f => f.SecondLevelBytes) / 2 / sizeof(float);
        Assert.Equal(TileOrder.Rows, TileCosts.ChooseOrder(Tier.Avx2, groups: 1, half));
        Assert.Equal(TileOrder.Pixels, TileCosts.ChooseOrder(Tier.Avx2, groups: 1, half + 1));
        Assert.Equal(TileOrder.Channels, TileCosts.ChooseOrder(Tier.Avx2, groups: 2, half));
    }

    [Fact]
    public void Threads_share_what_takes_longer_than_they_do_to_wake_and_to_meet()
    {
        Tier tier = Alone(CpuFamily.Zen5 with { WorkerWake = 500, ThreadMeeting = 100 });
        var work = new Work(WorkAxis.Rows, 20);
        Assert.False(ThreadCosts.IsShared(tier, 999));
        Assert.True(ThreadCosts.IsShared(tier, 1000));
        Assert.False(ThreadCosts.IsBlockShared(tier, 24_999));
        Assert.True(ThreadCosts.IsBlockShared(tier, 25_000));
        Assert.Equal(20, ThreadCosts.LeastItems(tier, work, 299));
        Assert.Equal(7, ThreadCosts.LeastItems(tier, work, 300));
        Assert.Equal(2, ThreadCosts.LeastItems(tier, work, 1000));
        Assert.Equal(1, ThreadCosts.LeastItems(tier, work, 1_000_000));
        Assert.Equal(1, ThreadCosts.LeastItems(tier, Work.Whole, 1_000_000));
        Assert.Equal(1, ThreadCosts.LeastItems(tier, work with { ChangesBits = true }, 1_000_000));
    }

    private static string Choose(Tier tier, params (string Name, double First, double Second)[] candidates) => CostModel.Cheapest(
        tier, candidates, c => Cost.PerFamily(tier, family => family == tier.Families[0] ? c.First : c.Second)).Candidate.Name;

    private static Tier TierOf(string name) => Tier.All.Single(tier => tier.Name == name);

    private static Tier Alone(CpuFamily family) => Tier.Avx512 with { Families = EquatableArray.Of(family) };

    private static Tile Convolution(Tier tier, long steps = 288) =>
        TileCosts.ChooseTile(tier, LaneUse.ChannelLanes, new TiledOutputs(24, 24, 24, 24, steps)).Tile;

    private static double FigureOf(CpuFamily family, PropertyInfo figure) =>
        Convert.ToDouble(figure.GetValue(family), CultureInfo.InvariantCulture);

    private static Tier With(Tier tier, int changed, PropertyInfo figure, double factor)
    {
        CpuFamily family = tier.Families[changed] with { };
        double value = factor * (FigureOf(family, figure) is var known && known > 0 ? known : 1);
        figure.SetValue(family, Convert.ChangeType(value, figure.PropertyType, CultureInfo.InvariantCulture));
        return tier with { Families = tier.Families.Select((f, i) => i == changed ? family : f).ToEquatableArray() };
    }

    /// <summary>
    /// For each family, what several things cost it: one kind of step after the other, and tiles with little and many weights.
    /// </summary>
    private static double[][] Costs(Tier tier)
    {
        // With memory so slow that it bounds any tile: then what a cache holds counts.
        Tier slow = tier with
        {
            Families = tier.Families
                .Select(f => f with { SecondLevelLine = 64 * f.SecondLevelLine, BeyondLine = 99 * f.BeyondLine }).ToEquatableArray(),
        };
        List<Cost> costs =
        [
            StepCosts.Move(tier, 100), StepCosts.Transposition(tier, 100), StepCosts.Elementwise(tier, 100), StepCosts.Softmax(tier, 100),
            StepCosts.WindowPooling(tier, 100, 9), StepCosts.ClearHalo(tier, 100), StepCosts.VectorTimesMatrix(tier, 100, ElementType.Float),
            StepCosts.LaneDense(tier, 1000), StepCosts.IntegerProducts(tier, tiles: 10, steps: 1000, sums: 12),
            ThreadCosts.LeastSample(tier), ThreadCosts.LeastStep(tier), ThreadCosts.LeastChunk(tier),
            WeightTileCosts.WeightTileCost(tier, new WeightTile(2, 3, 1), 8, 6, 3, 784),
            .. new[] { 1, 9, 100, 500, 2000, 10_000, 100_000, 1_000_000 }.SelectMany(steps => new[] { tier, slow }.SelectMany(
                t => Enum.GetValues<LaneUse>()
                    .Select(form => TileCosts.TileCost(t, form, new Tile(2, 2, 3), new TiledOutputs(8, 8, 14, 14, steps))))),
            .. new[] { 100, 2000 }.Select(steps => TileCosts.TileCost(
                tier, LaneUse.ChannelLanes, new Tile(2, 2, 3), new TiledOutputs(8, 8, 14, 14, steps) { Reads = TileReads.Apart })),
        ];
        return [.. Enumerable.Range(0, tier.Families.Count).Select(family => costs.Select(cost => cost[family]).ToArray())];
    }
}
