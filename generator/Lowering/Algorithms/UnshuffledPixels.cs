using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering.Algorithms;

/// <summary>
/// A convolution whose filters slide by more than one pixel as one whose filters slide by one: squares of pixels become channels, and the
/// filters' taps go with them. A filter of 7×7 that slides by 2 over 3 channels is one of 4×4 over 12, one of 11×11 that slides by 4 is one
/// of 3×3 over 48. For images of few channels, as those that networks read: they are read in rows.
/// </summary>
internal sealed class UnshuffledPixels
{
    /// <summary>Channels of the result at most: each is a move in the body of a loop.</summary>
    private const int MostChannels = 64;

    private readonly Tier _tier;
    private readonly FilterWeight _filters;

    private UnshuffledPixels(FilterWeight filters, Tier tier) => (_filters, _tier) = (filters, tier);

    /// <summary>Channels that the filters then sum over.</summary>
    public int Channels => _filters.Inputs * Rows.Stride * Columns.Stride;

    /// <summary>The window, which slides by one. It reads no zeros around what it slides over.</summary>
    public WindowAxes Window => new(WindowAxis.One, Slid(Rows), Slid(Columns));

    /// <summary>The window over the pixels before they move, with all of the last square.</summary>
    public WindowAxes WindowOverZeros => new(WindowAxis.One, Whole(Rows), Whole(Columns));

    /// <summary>Floats of the filters.</summary>
    public int FilterLength => _tier.RoundUp(_filters.Filters) * Channels * Window.Area;

    private WindowAxis Rows => _filters.Window.Vertical;

    private WindowAxis Columns => _filters.Window.Horizontal;

    /// <summary>
    /// Null where the filters do not slide by more than one pixel, or over channels that fill a vector. So, too, where the layer alone does
    /// not take long enough to be shared by threads: samples of such a network had better lie in lanes, which an order
    /// of sums of its own forbids.
    /// </summary>
    public static UnshuffledPixels? Of(LayerGroup group, Tier tier)
    {
        FilterWeight filters = group.Filters!;
        var pixels = new UnshuffledPixels(filters, tier);
        return pixels.Rows is { Dilation: 1 } && pixels.Columns is { Dilation: 1 } && (pixels.Rows.Stride > 1 || pixels.Columns.Stride > 1)
            && filters.Inputs < tier.Lanes && pixels.Channels <= MostChannels
            && ThreadCosts.IsShared(tier, StepCosts.LaneDense(tier, group.MultiplyAdds / tier.Lanes))
            ? pixels : null;
    }

    /// <summary>Whether its memory is no more than that of other tensors.</summary>
    public bool IsAffordable(WinogradTiles tiles) =>
        (long)_tier.RoundUp(Channels) * RowsFor(tiles) * ColumnsFor(tiles) <= WinogradSteps.MostFloats;

    /// <summary>What moving the pixels takes.</summary>
    public Cost CyclesFor(WinogradTiles tiles) => StepCosts.ElementMoves(_tier, Channels * RowsFor(tiles) * ColumnsFor(tiles));

    /// <summary>Adds the step that moves the pixels, and returns the image for all windows of the tiles.</summary>
    public TensorBuffer Add(ProgramBuilder builder, LayerGroup group, TensorBuffer x, WinogradTiles tiles)
    {
        var shape = Shape.Image(Channels, RowsFor(tiles), ColumnsFor(tiles));
        TensorBuffer y = builder.Buffer(TensorName.Of(group.Head, "unshuffled"), shape, Layout.Blocked);
        builder.Add(
            MethodName(group, "Unshuffle"), $"{group.Head.Name}: {Rows.Stride}×{Columns.Stride} pixels to channels, {x.Shape} → {shape}",
            new PixelUnshuffle(_tier, _filters.Inputs, Rows.Stride, Columns.Stride, shape.Height, shape.Width, StridesOf(x), StridesOf(y)),
            CyclesFor(tiles),
            Read(x, WindowStart(_filters.Window, x)), Write(y));
        return y;
    }

    /// <summary>How the filters' taps move.</summary>
    public FilterUnshuffle Filters => new(_filters.Inputs, Rows.Kernel, Columns.Kernel, Rows.Stride, Columns.Stride);

    private int RowsFor(WinogradTiles tiles) => tiles.Rows.Extent + Slid(Rows).Kernel - 1;

    private int ColumnsFor(WinogradTiles tiles) => tiles.Columns.Extent + Slid(Columns).Kernel - 1;

    private static WindowAxis Slid(WindowAxis axis) => new(Arithmetic.CeilingDivide(axis.Kernel, axis.Stride), 1, 1, 0, 0);

    private static WindowAxis Whole(WindowAxis axis) => axis with { Kernel = Arithmetic.RoundUp(axis.Kernel, axis.Stride) };
}
