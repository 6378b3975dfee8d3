using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering.Algorithms;

/// <summary>A convolution with fewer multiplications. In training its filters are transformed in each step, in inference after each change of the weights.</summary>
internal sealed class WinogradConvolution : Algorithm
{
    private const string Filters = "winograd";

    private readonly LayerGroup _group;
    private readonly Tier _tier;
    private readonly WinogradTiles _tiles;
    private readonly MeasuredCycles _measured;
    private readonly WinogradSteps _steps;

    /// <param name="panel">Blocks of channels that lie side by side in the filters already; 0 where that may still be chosen.</param>
    private WinogradConvolution(LayerGroup group, WinogradTiles tiles, Tier tier, MeasuredCycles measured, int panel = 0) =>
        (_group, _tier, _tiles, _measured, _steps) =
        (group, tier, tiles, measured, new WinogradSteps(tier, tiles, group.Input.Shape.Channels, group.Head.Shape.Channels, measured, panel));

    public override Cost Cycles => _steps.Cycles;

    public override Cost ComparedCycles => _measured.Correct(_tier, Cycles, _steps.Name);

    public override Cost PreparationCycles => _steps.FilterCycles;

    public override int WeightBlock => _tier.Lanes;

    public override bool? GivesBlocks => true;

    public override bool ReadsBlocks => true;

    public override bool ReordersSums => true;

    public override bool FusesActivationGradient => true;

    public override IEnumerable<(string Name, int Length)> Derived => [(Filters, (int)_steps.FilterLength)];

    /// <summary>The forms that can compute a convolution: stride 1, no groups, and an image of whole tiles.</summary>
    public static IEnumerable<Algorithm> CandidatesFor(LayerGroup group, Tier tier, MeasuredTable table) =>
        (group.Input.Shape.Rank is 2 or 3 && group.Filters is { Groups: 1, IsTransposed: false } ? TilesOf(group) : [])
            .Select(tiles => new WinogradConvolution(group, tiles, tier, table[group])).Where(algorithm => algorithm._steps.IsAffordable);

    public override Algorithm For(LayerGroup group, Tier tier) =>
        new WinogradConvolution(group, TilesOf(group).First(tiles => tiles.Form == _tiles.Form), tier, _measured, _steps.Panel);

    public override GroupLayout Arrange(LayoutRequest at)
    {
        TensorLayout x = at.Input;
        Shape shape = at.Kind.Mixes ? at.Group.Input.Shape : x.Shape;
        Halo zeros = HaloOf(_group.Filters!.Window, at.Group.Input.Shape, at.Group.Head.Shape);
        return at.With(Layout.Blocked, x.Layout == Layout.Blocked ? x : new TensorLayout(shape, Layout.Blocked, zeros));
    }

    public override SavedForBackward Saves(GradientStep step) => DirectConvolution.SavedFor(step);

    public override void Prepare(ProgramBuilder builder) => AddFilters(builder, builder.Derived(_group.Head, Filters));

    public override TensorBuffer Forward(ForwardPass at)
    {
        LayerGroup group = at.Group;
        ProgramBuilder builder = at.Builder;
        TensorBuffer x = at.Read(), y = at.Result();
        TensorBuffer? addend = at.Addend;
        var epilogue = new Epilogue(group.HasBias, group.Norm is not null, group.Activation, group.Pool)
        {
            Addend = addend is null ? null : StridesOf(addend),
        };
        Argument[] operands =
        [
            .. group.HasBias ? [builder.Bias(group.Head)] : Enumerable.Empty<Argument>(), .. builder.Normalization(group.Norm),
            .. addend is null ? [] : new[] { Read(addend) }, Write(y),
        ];
        Argument filters = at.Trains ? OfThisStep(builder) : builder.Derived(group.Head, Filters);
        _steps.Add(
            builder, group.Head, MethodName(group), Describe(group), Read(x, WindowStart(group.Filters!.Window, x)), filters, operands, y, epilogue);
        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardPass at) =>
        BlockedConvolutionGradients.Add(at, ConvolutionForm.ChannelLanes, ConvolutionPacking.Of(at.Group.Filters!, WeightBlock));

    private void AddFilters(ProgramBuilder builder, Argument filters) => _steps.AddFilters(
        builder, MethodName(_group, "Filters"), $"{_group.Head.Name}: filters for Winograd", builder.Weight(_group.Head), filters);

    private BufferArgument OfThisStep(ProgramBuilder builder)
    {
        TensorBuffer filters = builder.Buffer(TensorName.Of(_group.Head, "filters"), Shape.Vector((int)_steps.FilterLength), Layout.Flat);
        AddFilters(builder, Write(filters));
        return Read(filters);
    }

    /// <summary>Tiles of the outputs that are needed: pooling may leave some at the end.</summary>
    private static IEnumerable<WinogradTiles> TilesOf(LayerGroup group)
    {
        Shape shape = group.Pool is null ? group.Head.Shape : group.Last.Shape;
        return WinogradSteps.For(group.Filters!.Window, shape.Height * (group.Pool?.Height ?? 1), shape.Width * (group.Pool?.Width ?? 1), group.Pool);
    }
}
