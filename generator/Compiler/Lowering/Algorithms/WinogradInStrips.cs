using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// A convolution of an image with few channels by Winograd's algorithm, for one sample, in one step. The transforms are along the columns
/// of the filters only. The input is in rows; the result is in rows or in blocks of channels.
/// </summary>
internal sealed class WinogradInStrips : Algorithm
{
    private const string Filters = "strips";

    /// <summary>In a small network, one sample may take at most this many times as long as a sample in a lane.</summary>
    private const double MostOfLane = 1.25;

    private readonly LayerGroup _group;
    private readonly Tier _tier;
    private readonly LaneUse _laneUse;
    private readonly WinogradTileAxis _rows;
    private readonly TiledOutputs _outputs;
    private readonly Tile _tile;

    private WinogradInStrips(LayerGroup group, Tier tier, LaneUse laneUse, WinogradAxis axis)
    {
        (_group, _tier, _laneUse) = (group, tier, laneUse);
        FilterWeight filters = group.Filters!;
        (_rows, _outputs) = (StripsOf(group, axis), DirectConvolution.OutputsOfRow(group, laneUse, tier));
        (_tile, Cycles) = WinogradCosts.PlanStrips(tier, laneUse, _rows, _outputs, filters.Inputs * Transforms.Columns / tier.Lanes);
    }

    public override Cost Cycles { get; }

    public override Cost PreparationCycles => StepCosts.Elementwise(_tier, (int)(FilterLength / _tier.Lanes), operands: 1);

    public override int WeightBlock => InRows ? _group.Filters!.Filters : _tier.Lanes;

    public override bool? GivesBlocks => !InRows;

    public override bool ReadsRows => true;

    public override bool ReordersSums => true;

    public override IEnumerable<(string Name, int Length)> Derived => [(Filters, (int)FilterLength)];

    /// <summary>Whether its filters are within <see cref="WinogradSteps.MostFloats"/>, and the rows of a strip stay in the cache.</summary>
    private bool IsAffordable =>
        FilterLength <= WinogradSteps.MostFloats && !ThreadCosts.LeaveCache(_tier, Transforms.LengthOf(_rows.Axis));

    /// <summary>
    /// Whether it takes at most about as long as a sample in a lane. Otherwise the samples of a small network's batches are better in
    /// lanes, but this algorithm sums in an order of its own, so all samples would have to use it.
    /// </summary>
    private bool IsWelcome
    {
        get
        {
            Cost inLanes = StepCosts.LaneDense(_tier, Arithmetic.CeilingDivide(_group.MultiplyAdds, _tier.Lanes));
            return ThreadCosts.IsShared(_tier, inLanes) || Cycles[0] < inLanes[0] * MostOfLane;
        }
    }

    private bool InRows => _laneUse == LaneUse.RowLanes;

    /// <summary>The number of input channels, times the number of blocks of outputs.</summary>
    private int FilterRows => _group.Filters!.Inputs * Arithmetic.CeilingDivide(_group.Filters.Filters, WeightBlock);

    private long FilterLength => Transformed.LengthOf(FilterRows, _tier.Lanes);

    private StripFilters Transformed => new(_rows.Axis, _group.Filters!.Window.Horizontal.Kernel, WeightBlock);

    /// <summary>
    /// The rows that products read. They have as many columns as all outputs read, in whole vectors. Lanes after the last output read more.
    /// </summary>
    private StripRows Transforms
    {
        get
        {
            int outputs = _outputs.Columns * (InRows ? _tier.Lanes : 1), reach = _group.Filters!.Window.Horizontal.Kernel - 1;
            int columns = _tier.RoundUp(Math.Min(outputs, _group.Head.Shape.Width) + reach);
            return new(_group.Filters.Inputs, columns, Math.Max(columns, _tier.RoundUp(outputs + reach)));
        }
    }

    /// <summary>
    /// The forms of this algorithm that can compute a convolution: an image with few channels, no groups, stride 1 and no dilation. If the
    /// channels fill vectors, <see cref="WinogradConvolution"/> is used, which transforms both axes.
    /// </summary>
    public static IEnumerable<Algorithm> CandidatesFor(LayerGroup group, Tier tier)
    {
        if (group is not { Filters: { Groups: 1, IsTransposed: false, LeavesOutTaps: false } filters, Input.Shape.Rank: 3, InputNorm: null }
            || filters.Inputs >= ConvolutionShape.LeastInputs || filters.Window.Horizontal is not { Stride: 1, Dilation: 1 }
            || filters.Window.Vertical is not { Stride: 1, Dilation: 1, Kernel: > 1 and var taps })
        {
            return [];
        }

        return WinogradForm.For(taps, 1).Select(form => form.Vertical)
            .SelectMany(axis => new[] { LaneUse.RowLanes, LaneUse.ChannelLanes }, (axis, laneUse) => (axis, laneUse))
            .Where(choice => StripsOf(group, choice.axis).Extent >= choice.axis.Outputs
                && (group.Pool is not { } pool || CanPool(pool, choice.axis, choice.laneUse)))
            .Select(choice => new WinogradInStrips(group, tier, choice.laneUse, choice.axis))
            .Where(algorithm => algorithm.IsAffordable && algorithm.IsWelcome);
    }

    public override Algorithm For(LayerGroup group, Tier tier) => new WinogradInStrips(group, tier, _laneUse, _rows.Axis);

    public override GroupLayout Arrange(LayoutRequest at)
    {
        TensorLayout x = at.Input;
        Halo zeros = HaloOf(at.Group.Filters!.Window, at.Group.Input.Shape, at.Group.Head.Shape);
        return at.With(InRows ? Layout.Planar : Layout.Blocked,
            x.Layout == Layout.Planar ? x : new TensorLayout(x.Shape, Layout.Planar, zeros));
    }

    public override void Prepare(ProgramBuilder builder) => builder.Add(
        "StripFilters", $"{_group.Head.Name}: filters for Winograd", new WinogradStripFilters(_tier, _rows.Axis), PreparationCycles,
        builder.Weight(_group.Head), builder.Derived(_group.Head, Filters), new ExtentOperand(FilterRows),
        new ExtentOperand(Transformed.Element));

    public override TensorBuffer Forward(ForwardContext at)
    {
        LayerGroup group = at.Group;
        ProgramBuilder builder = at.Builder;
        FilterWeight filters = group.Filters!;
        TensorBuffer x = at.Read(), y = at.Result();
        TensorBuffer? other = at.Joined;
        var epilogue = new Epilogue(
            group.HasBias, group.Norm is not null, group.Activation, group.Pool,
            ValidLanes: InRows ? group.Last.Shape.Width % _tier.Lanes : 0)
        {
            Join = at.JoinOf(StridesOf),
        };
        var kernel = new WinogradStrips(
            _tier, _laneUse, _rows, filters.Inputs, _outputs.Channels, _outputs.Columns, filters.Window.Horizontal.Kernel, Transforms,
            StridesOf(x), StridesOf(y), _tile, epilogue);
        builder.Add(
            MethodName(group), Describe(group), kernel, Cycles,
            [
                Read(x, WindowStart(filters.Window, x)), builder.Derived(group.Head, Filters),
                .. group.HasBias ? [builder.Bias(group.Head)] : Enumerable.Empty<Operand>(),
                .. builder.Normalization(group.Norm), .. other is null ? [] : new[] { Read(other) }, Write(y),
                Scratch("transformed", (int)Transforms.LengthOf(_rows.Axis)), Scratch("products", kernel.ProductLength),
            ]);
        return y;

        Operand Scratch(string what, int length) => builder.Scratch(group.Head, what, length);
    }

    /// <summary>The rows of the outputs that are needed. Pooling may leave out some at the end.</summary>
    private static WinogradTileAxis StripsOf(LayerGroup group, WinogradAxis axis) =>
        new(axis, group.Pool is { } pool ? group.Last.Shape.Height * pool.Height : group.Head.Shape.Height, 1);

    /// <summary>Whether each pooling window is within a strip. With rows in lanes, only pairs of columns can be pooled.</summary>
    private static bool CanPool(FusedPool pool, WinogradAxis axis, LaneUse laneUse) =>
        axis.Outputs % pool.Height == 0 && (laneUse == LaneUse.ChannelLanes || pool is { Height: 2, Width: 2 });
}
