using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// Turns a strided convolution into one of stride 1. Each square of stride × stride pixels becomes the channels of one pixel (PyTorch's
/// PixelUnshuffle), and the taps of the filters move in the same way. It is for images of few channels, such as a network's input, which
/// are in rows. Examples:
/// - 7×7 filters with stride 2 over 3 channels become 4×4 filters over 12 channels;
/// - 11×11 filters with stride 4 over 3 channels become 3×3 filters over 48 channels.
/// </summary>
internal sealed class UnshuffledPixels
{
    /// <summary>The most channels of the result. Each is a move in the body of a loop.</summary>
    private const int MostChannels = 64;

    private readonly Tier _tier;
    private readonly FilterWeight _filters;

    private UnshuffledPixels(FilterWeight filters, Tier tier) => (_filters, _tier) = (filters, tier);

    /// <summary>How many channels the filters then sum over.</summary>
    public int Channels => _filters.Inputs * Rows.Stride * Columns.Stride;

    /// <summary>The window of stride 1. It reads no zeros around its input.</summary>
    public WindowAxes Window => new(WindowAxis.One, Slid(Rows), Slid(Columns));

    /// <summary>The window over the pixels before they move. It includes all of the last square.</summary>
    public WindowAxes WindowOverZeros => new(WindowAxis.One, Whole(Rows), Whole(Columns));

    /// <summary>How many floats the filters have.</summary>
    public int FilterLength => _tier.RoundUp(_filters.Filters) * Channels * Window.Area;

    private WindowAxis Rows => _filters.Window.Vertical;

    private WindowAxis Columns => _filters.Window.Horizontal;

    /// <summary>
    /// Null in these cases, in which the strided convolution is kept:
    /// - the stride is 1, or the filters have holes;
    /// - the channels fill a vector, or would become too many;
    /// - the layer alone is too short to be shared by threads. Samples of such a small network are better in lanes, but this algorithm sums
    ///   in an order of its own, so all samples would have to use it.
    /// </summary>
    public static UnshuffledPixels? Match(LayerGroup group, Tier tier)
    {
        FilterWeight filters = group.Filters!;
        var pixels = new UnshuffledPixels(filters, tier);
        return pixels.Rows is { Dilation: 1 } && pixels.Columns is { Dilation: 1 } && (pixels.Rows.Stride > 1 || pixels.Columns.Stride > 1)
            && filters.Inputs < tier.Lanes && pixels.Channels <= MostChannels
            && ThreadCosts.IsShared(tier, StepCosts.LaneDense(tier, group.MultiplyAdds / tier.Lanes))
            ? pixels : null;
    }

    /// <summary>Whether the moved pixels are within <see cref="WinogradSteps.MostFloats"/>.</summary>
    public bool IsAffordable(WinogradTiles tiles) =>
        (long)_tier.RoundUp(Channels) * RowsFor(tiles) * ColumnsFor(tiles) <= WinogradSteps.MostFloats;

    /// <summary>The cost of moving the pixels.</summary>
    public Cost CyclesFor(WinogradTiles tiles) => StepCosts.ElementMoves(_tier, Channels * RowsFor(tiles) * ColumnsFor(tiles));

    /// <summary>Adds the step that moves the pixels, and returns an image that covers the windows of all tiles.</summary>
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
