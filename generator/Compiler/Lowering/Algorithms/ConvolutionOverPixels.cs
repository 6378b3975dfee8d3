using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// A convolution that treats all pixels of the image as one long row, with channels in lanes. A tile has the same form for every width of
/// the image, so layers share kernels. The kernel also applies a batch norm or a mean before the convolution.
/// </summary>
internal sealed class ConvolutionOverPixels : Algorithm
{
    private readonly FlatConvolution _kernel;
    private readonly Cost _cycles;

    private ConvolutionOverPixels(FlatConvolution kernel, Cost cycles, Cost compared) =>
        (_kernel, _cycles, CyclesInLayouts) = (kernel, cycles, compared);

    public override Cost Cycles => _cycles;

    public override Cost CyclesInLayouts { get; }

    /// <summary>
    /// The algorithm in the layouts of a pass. It cannot compute some convolutions:
    /// - with groups of channels;
    /// - with pooling in registers;
    /// - of single pixels, for which tiles of channels are better;
    /// - with several taps of a row, or of several rows, while others are left out;
    /// - of volumes whose planes do not follow each other without gaps.
    /// </summary>
    /// <param name="tiles">The planned algorithm.</param>
    public static IEnumerable<Algorithm> For(DirectConvolution tiles, ForwardContext at)
    {
        LayerGroup group = at.Group;
        bool averages = tiles.PoolsFirst(group);
        Shape shape = averages ? group.Last.Shape : group.Head.Shape;
        if (tiles.LaneUse != LaneUse.ChannelLanes || tiles.IsDivided || group.Filters is not { Groups: 1, IsTransposed: false }
            || group.Filters is { LeavesOutTaps: true, Window.Area: > 1 } || (group.Pool is not null && !averages)
            || tiles.WeightBlock != at.Tier.Lanes || shape.Rank == 1 || shape.Rows * shape.Width == 1)
        {
            return [];
        }

        TensorBuffer x = at.Read(), y = at.Result();
        TensorBuffer? other = at.Joined;
        return x.Layout == Layout.Blocked && y.Layout == Layout.Blocked && other is not { Layout: not Layout.Blocked }
            && Create(tiles, at, shape, (x, y, other)) is { } flat ? [flat] : [];
    }

    public override TensorBuffer Forward(ForwardContext at)
    {
        LayerGroup group = at.Group;
        TensorBuffer x = at.Read(), y = at.Result();
        TensorBuffer? other = at.Joined;
        Operand Scratch(string what, int length) => at.Builder.Scratch(group.Head, what, length);
        Operand[] joined = other is null ? [] : [Read(other)];
        Operand[] pixels = _kernel.Prologue is null ? [] : [Scratch("pixels", _kernel.PreparedLength)];
        Operand[] passSums = _kernel.PassChannels > 0 ? [Scratch("sums", _kernel.PassSumsLength)] : [];
        at.Builder.Add(
            MethodName(group), Describe(group), _kernel, Cycles,
            [Read(x, WindowStart(group.Filters!.Window, x)), .. at.Builder.Normalization(group.InputNorm?.Norm),
                .. at.Builder.WeightAndBias(group), .. at.Builder.Normalization(group.Norm), .. joined, Write(y), .. pixels, .. passSums]);
        return y;
    }

    private static ConvolutionOverPixels? Create(
        DirectConvolution tiles, ForwardContext at, Shape shape, (TensorBuffer X, TensorBuffer Y, TensorBuffer? Other) tensors)
    {
        ((TensorBuffer x, TensorBuffer y, TensorBuffer? other), LayerGroup group, Tier tier) = (tensors, at.Group, at.Tier);
        FilterWeight filters = group.Filters!;
        Strides windows = StridesOf(filters.Window, x);
        FusedPool? mean = tiles.PoolsFirst(group) ? group.Pool : null;
        if (mean is var (_, height, width))
        {
            windows = windows with { Row = height * windows.Row, Column = width * windows.Column };
        }

        FlatStrides Flat(Strides strides) => FlatStrides.Of(shape.Width, strides);
        var operands = new FlatOperands(Flat(windows), Flat(StridesOf(y)), Flat(StridesOf(other ?? y)));
        int blocks = tier.RoundUp(filters.Filters) / tier.Lanes;
        var extents = new FlatExtents(blocks, filters.Inputs, shape.Rows * shape.Width, shape.Width);
        bool isCopied = filters.Window.IsOneElement
            ? group.InputNorm is not null || mean is not null || !filters.Window.IsDense || TileCosts.IsCopied(tier, extents)
            : operands.Input.Gap != 0 && TileCosts.AreWindowsCopied(tier, extents);
        bool crossesRows = operands is not { Output.Gap: 0, Other.Gap: 0 } || (!isCopied && operands.Input.Gap != 0);
        bool isImage = x.Shape.Depth == 1 && shape.Depth == 1 && filters.Window.Depth.Kernel == 1;
        if (!isImage && (crossesRows || operands.Input.Gap != 0 || filters.Window is not { IsOneElement: true, IsDense: true }
            || new[] { x, y, other ?? y }.Any(b => b.PlanePitch != shape.Height * b.RowPitch)))
        {
            return null;
        }

        var packing = ConvolutionPacking.Create(filters, tiles.WeightBlock);
        FilterTaps taps = TapsOf(filters.Window, x, packing);
        var outputs = new TiledOutputs(blocks, blocks, 1, shape.Rows * shape.Width, filters.Inputs * taps.Count);
        if (TileCosts.ChooseFlatTile(tier, outputs, crossesRows ? shape.Width : int.MaxValue) is not { } flat)
        {
            return null;
        }

        int reach = taps.Count == 1 ? 1 : isCopied ? (int)taps.Count : filters.Window.Vertical.Stride * filters.Window.Horizontal.Stride;
        int pixelBlocks = TileCosts.ChoosePixelBlocks(tier, flat.Tile, extents, taps.Count, reach);
        var kernel = new FlatConvolution(tier, extents, taps, operands, flat.Tile, pixelBlocks, 0, EpilogueOf(at))
        {
            Prologue = isCopied
                ? new Prologue(group.InputNorm is not null, group.InputNorm?.Activation, mean, mean is null ? 0 : x.RowPitch) : null,
            WeightPitch = packing.InputPitch,
        };
        int pass = kernel.HasPasses ? TileCosts.ChoosePassChannels(tier, flat.Tile, extents, taps.Count, reach) : 0;
        Cost products = kernel.IsPointwise
            ? TileCosts.TileCost(tier, LaneUse.ChannelLanes, flat.Tile, outputs with { Reads = TileReads.Together }) : flat.Cycles;

        // Weights of as many channels as passes are for do not wait, with passes or without.
        Cost cycles = pass > 0 ? products : products + ThreadCosts.WeightWait(tier, packing.Length);

        // Copied pixels follow each other. Passes over them do not pay: on Zen 3 with AVX2, networks take 1.00 to 1.11 times as long.
        bool goesThroughAll = isCopied && kernel.IsPointwise;
        Cost copy = isCopied ? StepCosts.Elementwise(tier, shape.Rows * shape.Width * x.ChannelUnits, mean?.Area ?? 1) : 0;
        return new ConvolutionOverPixels(
            kernel with { PassChannels = goesThroughAll ? 0 : pass }, cycles + tiles.JoinCycles + copy,
            tiles.Measured.Correct(tier, cycles, AlgorithmName.Flat));
    }

    private static Epilogue EpilogueOf(ForwardContext at) =>
        new(at.Group.HasBias, at.Group.Norm is not null, at.Group.Activation)
        {
            Join = at.JoinOf(other => StridesOf(other) with { Column = at.Tier.Lanes }),
        };
}
