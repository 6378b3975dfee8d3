using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// A convolution by Winograd's algorithm, which needs fewer multiplications. Training transforms the filters in each step. Inference
/// transforms them after each change of the weights.
/// </summary>
internal sealed class WinogradConvolution : Algorithm
{
    private const string Filters = "winograd", Unshuffled = "unshuffled";

    private readonly LayerGroup _group;
    private readonly Tier _tier;
    private readonly WinogradTiles _tiles;
    private readonly MeasuredCycles _measured;
    private readonly UnshuffledPixels? _unshuffled;
    private readonly WinogradSteps _steps;

    /// <param name="unshuffled">How its pixels move to channels; null if they do not.</param>
    /// <param name="panel">How many blocks of channels are adjacent in the filters; 0 if that is not decided yet.</param>
    private WinogradConvolution(LayerGroup group, UnshuffledPixels? unshuffled, WinogradTiles tiles, Tier tier,
        MeasuredCycles measured, int panel = 0)
    {
        (_group, _tier, _tiles, _measured, _unshuffled) = (group, tier, tiles, measured, unshuffled);
        _steps = new WinogradSteps(tier, tiles, _unshuffled?.Channels ?? group.Input.Shape.Channels,
            group.Head.Shape.Channels, measured, panel);
    }

    public override Cost Cycles => _unshuffled is null ? _steps.Cycles : _unshuffled.CyclesFor(_tiles) + _steps.Cycles;

    public override Cost ComparedCycles => _measured.Correct(_tier, Cycles, _steps.Name);

    public override Cost PreparationCycles => _steps.FilterCycles;

    public override int WeightBlock => _tier.Lanes;

    public override bool? GivesBlocks => true;

    public override bool ReadsBlocks => _unshuffled is null;

    public override bool ReadsRows => _unshuffled is not null;

    public override bool ReordersSums => true;

    /// <inheritdoc/>
    /// <remarks>If pixels are unshuffled, the input may only be left in rows, while its gradient is in blocks.</remarks>
    public override bool FusesActivationGradient => _unshuffled is null;

    public override IEnumerable<(string Name, int Length)> Derived =>
        [.. _unshuffled is null ? [] : new[] { (Unshuffled, _unshuffled.FilterLength) }, (Filters, (int)_steps.FilterLength)];

    public override WindowAxes? WindowOverZeros => _unshuffled?.WindowOverZeros;

    /// <summary>
    /// The forms of Winograd's algorithm that can compute a convolution. It must have no groups, an image of whole tiles, and stride 1.
    /// Unshuffling pixels can turn a larger stride into 1.
    /// </summary>
    public static IEnumerable<Algorithm> CandidatesFor(LayerGroup group, Tier tier, MeasuredTable table)
    {
        if (group.Input.Shape.Rank is not (2 or 3) || group.Filters is not { Groups: 1, IsTransposed: false, LeavesOutTaps: false })
        {
            return [];
        }

        var unshuffled = UnshuffledPixels.Match(group, tier);
        return TilesOf(group, unshuffled).Where(tiles => unshuffled is null || unshuffled.IsAffordable(tiles))
            .Select(tiles => new WinogradConvolution(group, unshuffled, tiles, tier, table[group]))
            .Where(algorithm => algorithm._steps.IsAffordable);
    }

    public override Algorithm For(LayerGroup group, Tier tier) =>
        new WinogradConvolution(group, _unshuffled, TilesOf(group, _unshuffled).First(tiles => tiles.Form == _tiles.Form), tier,
            _measured, _steps.Panel);

    public override GroupLayout Arrange(LayoutRequest at)
    {
        TensorLayout x = at.Input;
        Shape shape = at.Kind.Mixes ? at.Group.Input.Shape : x.Shape;
        Halo zeros = HaloOf(WindowOverZeros ?? _group.Filters!.Window, at.Group.Input.Shape, at.Group.Head.Shape);
        Layout read = _unshuffled is null ? Layout.Blocked : Layout.Planar;
        return at.With(Layout.Blocked, x.Layout == read ? x : new TensorLayout(shape, read, zeros));
    }

    public override SavedForBackward Saves(GradientStep step) => DirectConvolution.SavedFor(step);

    public override void Prepare(ProgramBuilder builder) => AddFilters(
        builder, _unshuffled is null ? null : builder.Derived(_group.Head, Unshuffled), builder.Derived(_group.Head, Filters));

    public override TensorBuffer Forward(ForwardContext at)
    {
        LayerGroup group = at.Group;
        ProgramBuilder builder = at.Builder;
        TensorBuffer x = at.Read(), y = at.Result();
        TensorBuffer? other = at.Joined;
        var epilogue = new Epilogue(group.HasBias, group.Norm is not null, group.Activation, group.Pool)
        {
            Join = at.JoinOf(StridesOf),
        };
        Operand[] operands =
        [
            .. group.HasBias ? [builder.Bias(group.Head)] : Enumerable.Empty<Operand>(), .. builder.Normalization(group.Norm),
            .. other is null ? [] : new[] { Read(other) }, Write(y),
        ];
        Operand filters = at.Trains ? OfThisStep(builder) : builder.Derived(group.Head, Filters);
        BufferOperand image = _unshuffled is null ? Read(x, WindowStart(group.Filters!.Window, x))
            : Read(_unshuffled.Add(builder, group, x, _tiles));
        _steps.Add(builder, group.Head, MethodName(group), Describe(group), image, filters, operands, y, epilogue);
        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at) =>
        BlockedConvolutionGradients.Add(at, LaneUse.ChannelLanes, ConvolutionPacking.Create(at.Group.Filters!, WeightBlock));

    /// <param name="unshuffled">Memory for filters whose taps move before they are transformed; null if they do not.</param>
    private void AddFilters(ProgramBuilder builder, Operand? unshuffled, Operand filters) => _steps.AddFilters(
        builder, MethodName(_group, "Filters"), $"{_group.Head.Name}: filters for Winograd", _unshuffled?.Filters,
        [builder.Weight(_group.Head), .. unshuffled is null ? [] : new[] { unshuffled }, filters]);

    private BufferOperand OfThisStep(ProgramBuilder builder)
    {
        TensorBuffer Own(string what, int length) => builder.Buffer(TensorName.Of(_group.Head, what), Shape.Vector(length), Layout.Flat);
        TensorBuffer filters = Own("filters", (int)_steps.FilterLength);
        AddFilters(builder, _unshuffled is null ? null : Write(Own("taps", _unshuffled.FilterLength)), Write(filters));
        return Read(filters);
    }

    /// <summary>The tiles of the outputs that are needed. Pooling may leave out some at the end.</summary>
    private static IEnumerable<WinogradTiles> TilesOf(LayerGroup group, UnshuffledPixels? unshuffled)
    {
        Shape shape = group.Pool is null ? group.Head.Shape : group.Last.Shape;
        return WinogradSteps.For(
            unshuffled?.Window ?? group.Filters!.Window, shape.Height * (group.Pool?.Height ?? 1),
            shape.Width * (group.Pool?.Width ?? 1), group.Pool);
    }
}
