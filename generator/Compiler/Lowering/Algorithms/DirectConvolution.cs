using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// A convolution by direct sums, with tiles of its outputs in registers. A <see cref="LaneUse"/> says what the lanes hold. An input in
/// another layout is converted.
/// </summary>
internal sealed class DirectConvolution : Algorithm
{
    /// <summary>The most tiles of pixels of a region whose weights are prefetched.</summary>
    private const int FewTiles = 4;

    /// <summary>How many inputs later the weights are that a region prefetches.</summary>
    private const int InputsAhead = 8;

    private readonly LaneUse _laneUse;
    private readonly Tier _tier;
    private readonly Tile _tile;
    private readonly Cost _tileCycles, _ownCycles, _joinCycles;
    private readonly MeasuredCycles _measured;
    private readonly FilterWeight _filters;

    /// <summary>The regions of the outputs that are computed by themselves. With lanes along a row, they are not divided.</summary>
    private readonly IReadOnlyList<MetRegion> _regions;
    private readonly (Tile Tile, Cost Cycles)[] _regionTiles = [];

    private DirectConvolution(LayerGroup group, LaneUse laneUse, Tier tier, MeasuredCycles measured, int weightBlock)
    {
        (_laneUse, _tier, _measured, WeightBlock) = (laneUse, tier, measured, weightBlock);
        FilterWeight filters = _filters = group.Filters!;
        (int channels, int rows, int columns, int poolColumns) = ExtentsOf(group);
        int groups = UnitsOf(filters, channels);
        FusedPool pool = PoolOf(group) ?? new FusedPool(PoolingKind.Max, 1, 1);
        _regions = laneUse == LaneUse.RowLanes ? [] : MetRegion.Of(group);
        int channelBlock = laneUse == LaneUse.SampleLanes && weightBlock < filters.Filters ? weightBlock : channels / groups;
        var outputs = new TiledOutputs(channels / groups, channelBlock, rows, columns, (long)filters.Inputs * filters.Window.Area)
        {
            PoolRows = pool.Height,
            PoolColumns = poolColumns,
            Shuffles = filters.Inputs,
            RowOfTaps = laneUse == LaneUse.Depthwise ? RowOfTapsOf(filters.Window.Horizontal) : null,
            Reads = laneUse switch
            {
                LaneUse.ChannelLanes when filters.Window.IsOneElement => TileReads.Apart,
                LaneUse.RowLanes when filters.Window.IsOneElement => TileReads.Together,
                _ => TileReads.Any,
            },
            Pages = laneUse == LaneUse.RowLanes ? PagesOf(group.Input.Shape, filters.Inputs) : 0,
        };
        (_tile, Cost cycles) = TileCosts.ChooseTile(tier, laneUse, outputs);
        if (IsDivided)
        {
            _regionTiles = [.. _regions.Select(region => TileCosts.ChooseTile(tier, laneUse, outputs with
            {
                Rows = region.Rows.Count,
                Columns = region.Columns.Count,
                Steps = (long)filters.Inputs * filters.Window.Depth.Kernel * region.Rows.Taps * region.Columns.Taps,
                RowOfTaps = outputs.RowOfTaps is { } row ? row with { Taps = region.Columns.Taps } : null,
            }))];
            cycles = Cost.Sum(_regionTiles.Select(region => region.Cycles));
        }

        double parts = (double)groups * group.Head.Shape.Depth;
        _tileCycles = cycles * parts;

        // Waiting for pixels of blocks counts only beside the convolution over all pixels, which copies them.
        cycles = outputs.Reads != TileReads.Apart || IsDivided ? _tileCycles
            : TileCosts.TileCost(tier, laneUse, _tile, outputs with { Reads = TileReads.Any }) * parts;
        Cost move = StepCosts.Move(tier, group.Head.Shape.Length);
        _joinCycles = group.Join is null ? 0
            : JoinsApart(group) ? StepCosts.Elementwise(tier, group.Head.Shape.Length / tier.Lanes, operands: 2)
            : StepCosts.Elementwise(tier, channels * rows * columns, operands: 0);
        _ownCycles = (PoolsFirst(group) ? cycles * (1.0 / pool.Area) : cycles) + (Decimates(filters) ? move : 0)
            + (PoolsApart(group) ? move : 0);
        ReordersSums = PoolsFirst(group);
        ReadsBlocks = laneUse == LaneUse.ChannelLanes && TileCosts.ReadsBlocks(tier, _tile, filters, rows * columns);
    }

    public override Cost Cycles => _ownCycles + _joinCycles;

    /// <inheritdoc/>
    /// <remarks>
    /// The cycles of a fused join are added, since measurements have none. With channels in lanes, <see cref="ConvolutionOverPixels"/>
    /// may replace this algorithm once the layouts are known. The cheaper of the two counts.
    /// </remarks>
    public override Cost ComparedCycles => _joinCycles + _laneUse switch
    {
        _ when IsDivided => _measured.Correct(_tier, _ownCycles, AlgorithmName.Tiles),
        LaneUse.RowLanes => _measured.Correct(_tier, _ownCycles, AlgorithmName.Rows),
        LaneUse.ChannelLanes => _measured.CorrectByLeast(_tier, _ownCycles, AlgorithmName.Tiles, AlgorithmName.Flat),
        _ => _ownCycles,
    };

    public override Cost CyclesInLayouts => _measured.Correct(_tier, _tileCycles, AlgorithmName.Tiles);

    /// <summary>The cycles of a fused addition.</summary>
    public Cost JoinCycles => _joinCycles;

    public MeasuredCycles Measured => _measured;

    public override int WeightBlock { get; }

    /// <summary>What the lanes hold.</summary>
    public LaneUse LaneUse => _laneUse;

    /// <summary>Whether regions of the outputs are computed by themselves.</summary>
    public bool IsDivided => _regions.Count > 1;

    public override bool? GivesBlocks => _laneUse != LaneUse.RowLanes;

    public override bool ReadsBlocks { get; }

    public override bool ReordersSums { get; }

    public override bool IsOfLanes => _laneUse == LaneUse.SampleLanes;

    public override bool FusesActivationGradient => true;

    private bool InRows => _laneUse == LaneUse.RowLanes;

    /// <summary>Whether lanes hold output channels.</summary>
    private bool InBlocks => _laneUse is LaneUse.ChannelLanes or LaneUse.Depthwise or LaneUse.GroupsInLanes;

    /// <inheritdoc/>
    /// <remarks>Regions read no zeros, and neither do the gradients of their weights.</remarks>
    public override WindowAxes? WindowOverZeros =>
        IsDivided ? _filters.Window with { Vertical = WindowAxis.One, Horizontal = WindowAxis.One } : null;

    public override SavedForBackward Saves(GradientStep step) => SavedFor(step);

    /// <summary>What the gradients of a convolution read of forward.</summary>
    public static SavedForBackward SavedFor(GradientStep step) =>
        step.Group.IsTrained || step.Fused is not null ? SavedForBackward.Input : SavedForBackward.Nothing;

    /// <summary>
    /// The outputs of one row that tiles compute, before pooling, with all products of a row of taps. Groups and dilation do not count.
    /// </summary>
    /// <param name="laneUse">Lanes hold either neighbours of a row, which pools pairs of columns, or output channels.</param>
    public static TiledOutputs OutputsOfRow(LayerGroup group, LaneUse laneUse, Tier tier)
    {
        FilterWeight filters = group.Filters!;
        Shape output = group.Pool is null ? group.Head.Shape : group.Last.Shape;
        int pool = group.Pool?.Width ?? 1;
        bool inRows = laneUse == LaneUse.RowLanes;
        int channels = inRows ? filters.Filters : tier.RoundUp(filters.Filters) / tier.Lanes;
        (int columns, int poolColumns) = inRows ? VectorsOfRow(output.Width, group.Pool is not null, tier) : (output.Width * pool, pool);
        return new TiledOutputs(channels, channels, 1, columns, (long)filters.Inputs * filters.Window.Horizontal.Kernel)
        {
            PoolColumns = poolColumns,
        };
    }

    /// <summary>The algorithms for a convolution: one for each lane use that can compute it.</summary>
    public static IReadOnlyList<Algorithm> For(LayerGroup group, ProgramKind kind, Tier tier, MeasuredTable table, int weightBlock)
    {
        DirectConvolution Of(LaneUse laneUse, int block) => new(group, laneUse, tier, table[group], block);
        FilterWeight filters = group.Filters!;
        if (kind.SamplesInLanes || kind.Mixes)
        {
            // In blocks of channels, weights are read as vectors.
            return !kind.Mixes || weightBlock % tier.Lanes != 0 ? [Of(LaneUse.SampleLanes, weightBlock)]
                : LaneUseInBlocks(filters, tier) is { } laneUse ? [Of(laneUse, weightBlock)] : [new PaddedGroups(group, tier, weightBlock)];
        }

        // Training reads the weights of groups as vectors, in whatever layout one sample is computed.
        DirectConvolution rows = Of(LaneUse.RowLanes, IsGrouped(filters) ? tier.RoundUp(filters.Filters) : filters.Filters);
        if (MetRegion.Of(group).Count > 1)
        {
            return [Of(filters.IsDepthwise ? LaneUse.Depthwise : LaneUse.ChannelLanes, tier.Lanes)];
        }

        return filters.IsDepthwise ? [rows, Of(LaneUse.Depthwise, tier.Lanes)]
            : filters.Groups == 1 || filters.Outputs % tier.Lanes == 0 ? [rows, Of(LaneUse.ChannelLanes, tier.Lanes)] : [rows];
    }

    private static bool IsGrouped(FilterWeight filters) => filters.Groups > 1 && !filters.IsDepthwise;

    /// <summary>
    /// The lane use that computes blocks of channels, forward and backward; null if groups neither fill vectors nor divide them.
    /// </summary>
    private static LaneUse? LaneUseInBlocks(FilterWeight filters, Tier tier) => filters switch
    {
        { IsDepthwise: true } => LaneUse.Depthwise,
        { Groups: 1 } => LaneUse.ChannelLanes,
        _ when filters.Inputs % tier.Lanes == 0 && filters.Outputs % tier.Lanes == 0 => LaneUse.ChannelLanes,
        _ when filters.Inputs == filters.Outputs && tier.Lanes % filters.Inputs == 0 => LaneUse.GroupsInLanes,
        _ => null,
    };

    /// <summary>A convolution in blocks of channels, whose groups fill vectors or divide them.</summary>
    public static DirectConvolution OfBlocks(LayerGroup group, LaneUse laneUse, Tier tier) =>
        new(group, laneUse, tier, MeasuredCycles.None, tier.Lanes);

    public override Algorithm For(LayerGroup group, Tier tier) => new DirectConvolution(group, _laneUse, tier, _measured, WeightBlock);

    public override GroupLayout Arrange(LayoutRequest at)
    {
        at = _laneUse == LaneUse.SampleLanes ? at.InLanes() : at;
        TensorLayout x = at.Input;
        FilterWeight filters = at.Group.Filters!;
        bool splitsBlocks = _laneUse == LaneUse.ChannelLanes && filters.Groups > 1 && filters.Inputs % _tier.Lanes != 0;
        Layout read = _laneUse switch
        {
            LaneUse.Depthwise or LaneUse.GroupsInLanes => Layout.Blocked,
            LaneUse.RowLanes => Layout.Planar,
            _ when splitsBlocks => Layout.Planar,
            LaneUse.ChannelLanes when x.Layout == Layout.SampleLanes || ReadsBlocks => Layout.Blocked,
            _ => x.Layout,
        };
        Halo zeros = HaloOf(WindowOverZeros ?? filters.Window, at.Group.Input.Shape, at.Group.Head.Shape);
        if (x.Layout != read || (x.Shape.IsVolume && !zeros.IsEmpty))
        {
            x = new TensorLayout(at.Kind.Mixes ? at.Group.Input.Shape : x.Shape, read, zeros);
        }

        return at.With(InRows ? Layout.Planar : InBlocks ? Layout.Blocked : Layout.SampleLanes, x);
    }

    public override TensorBuffer Forward(ForwardContext at)
    {
        LayerGroup group = at.Group;
        FilterWeight filters = group.Filters!;
        TensorBuffer x = at.Read();
        bool decimates = Decimates(filters), poolsApart = PoolsApart(group), joinsApart = JoinsApart(group);
        Shape computed = poolsApart ? group.Head.Shape : group.Last.Shape;
        Shape stored = decimates ? computed with { Width = ((computed.Width - 1) * filters.Window.Horizontal.Stride) + 1 } : computed;
        TensorBuffer Own(Shape shape) => at.Builder.Buffer(TensorName.Of(group.Head), shape, at.Layout.Result.Layout);
        TensorBuffer y = decimates || poolsApart ? Own(stored) : at.Result();

        // A separate pooling step comes before an increasing activation, as it does in registers, so that both give the same numbers.
        bool activatesBehind = poolsApart && group.Pool is { Kind: PoolingKind.Max } && group.Activation is { IsIncreasing: true };
        FusedPool? pool = PoolOf(group);
        var epilogue = new Epilogue(
            group.HasBias, group.Norm is not null, activatesBehind || joinsApart ? null : group.Activation, pool,
            at.Trains && pool is { Kind: PoolingKind.Max }, ValidLanes: InRows ? stored.Width % at.Tier.Lanes : 0)
        {
            Join = joinsApart ? null : at.JoinOf(other => StridesOf(other) with { Column = at.Tier.Lanes }),
        };
        if (group.InputNorm is { } norm)
        {
            x = Normalized(at, x, norm);
        }

        if (IsDivided)
        {
            AddRegions(at, x, y, epilogue);
            return y;
        }

        List<Operand> operands = [
            Read(x, WindowStart(filters.Window, x)), .. at.Builder.WeightAndBias(group), .. at.Builder.Normalization(group.Norm)];
        if (epilogue.Join is not null)
        {
            operands.Add(Read(at.Joined!));
        }

        operands.Add(Write(y));
        if (epilogue.RecordIndices)
        {
            operands.Add(at.SaveIndices(pool!.Value.IndexBits));
        }

        at.Builder.Add(MethodName(group), Describe(group), KernelOf(group, x, y, epilogue), Cycles, [.. operands]);
        if (decimates)
        {
            TensorBuffer columns = poolsApart || joinsApart ? Own(computed) : at.Result();
            TakeColumns(at, y, columns);
            y = columns;
        }

        return joinsApart ? JoinApart(at, y)
            : poolsApart ? SlidingPooling.Behind(at, y, activatesBehind ? group.Activation : null) : y;
    }

    /// <summary>Adds the step that joins a tensor with the outputs, and returns the result.</summary>
    private static TensorBuffer JoinApart(ForwardContext at, TensorBuffer y)
    {
        (LayerGroup group, TensorBuffer other, TensorBuffer result) = (at.Group, at.Joined!, at.Result());
        at.Builder.Join(
            (MethodName(group, "Join"), $"{group.Label}: {y.Name} and {other.Name}"), group.Join!.Function, [y, other], Write(result),
            group.Activation);
        return result;
    }

    /// <summary>Adds a step for each region of the outputs.</summary>
    private void AddRegions(ForwardContext at, TensorBuffer x, TensorBuffer y, Epilogue epilogue)
    {
        LayerGroup group = at.Group;
        FilterWeight filters = group.Filters!;
        var packing = ConvolutionPacking.Create(filters, WeightBlock);
        TiledConvolution whole = KernelOf(group, x, y, epilogue) with { ReadsAhead = false };
        double planes = (double)whole.Extents.Groups * whole.Extents.Planes;
        for (int i = 0; i < _regions.Count; i++)
        {
            MetRegion region = _regions[i];
            TiledConvolution kernel = whole with
            {
                Extents = whole.Extents with { Rows = region.Rows.Count, Columns = region.Columns.Count },
                Filter = region.Of(whole.Filter),
                Tile = _regionTiles[i].Tile,
                InputsAhead = _laneUse == LaneUse.ChannelLanes && IsReadFewTimes(region, _regionTiles[i].Tile) ? InputsAhead : 0,
            };
            Operand[] bias = group.HasBias ? [at.Builder.Bias(group.Head)] : [],
                joined = epilogue.Join is null ? [] : [Read(at.Joined!, region.FirstOutput(at.Joined!))];
            at.Builder.Add(new Step(
                MethodName(group),
                $"{Describe(group)}; {region}",
                kernel,
                EquatableArray.Of<Operand>(
                [
                    Read(x, WindowStart(filters.Window, x) + region.FirstInput(filters.Window, x)),
                    at.Builder.Taps(group.Head).From(region.FirstWeight(packing)), .. bias, .. at.Builder.Normalization(group.Norm),
                    .. joined, Write(y, region.FirstOutput(y)),
                ]),
                _regionTiles[i].Cycles * planes)
            {
                WritesRegion = true,
            });
        }
    }

    /// <summary>Whether the weights of a region are used for few tiles of pixels, so that the time is that of loading them.</summary>
    private static bool IsReadFewTimes(MetRegion region, Tile tile) =>
        Arithmetic.CeilingDivide(region.Rows.Count, tile.Rows) * Arithmetic.CeilingDivide(region.Columns.Count, tile.Columns) <= FewTiles;

    /// <summary>Adds the step that takes the columns that the stride does not skip, where tiles compute all of them.</summary>
    private static void TakeColumns(ForwardContext at, TensorBuffer all, TensorBuffer taken)
    {
        int stride = at.Group.Filters!.Window.Horizontal.Stride;
        at.Builder.Add(
            MethodName(at.Group, "Stride"), $"{at.Group.Head.Name}: each {stride}th column",
            new ConvertLayoutKernel(
                at.Tier, taken.Shape, ChannelsOf(all), ChannelsOf(taken), StridesOf(all) with { Column = stride }, StridesOf(taken)),
            StepCosts.Move(at.Tier, taken.Shape.Length), Read(all), Write(taken));
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at)
    {
        var packing = ConvolutionPacking.Create(at.Group.Filters!, WeightBlock);
        if (InBlocks)
        {
            return BlockedConvolutionGradients.Add(at, _laneUse, packing);
        }

        var gradients = new ConvolutionGradients(at, packing);
        if (at.Group.IsTrained)
        {
            gradients.AddToParameters();
        }

        return [at.Wants(0) ? gradients.OfInput() : null];
    }

    /// <summary>The input after a batch norm that no kernel can fuse.</summary>
    private static TensorBuffer Normalized(ForwardContext at, TensorBuffer x, InputNorm norm)
    {
        TensorBuffer y = at.Builder.Buffer(TensorName.Of(norm.Norm), x.Shape, x.Layout);
        VectorGrid grid = x.Layout == Layout.Blocked
            ? new VectorGrid(x.ChannelUnits, x.Shape.Rows, x.Shape.Width, 0) : VectorGrid.Covering(x);
        at.Builder.Add(
            MethodName(at.Group, "Norm"), $"{norm.Norm.Name}: {x.Shape}",
            new ChannelScaleKernel(
                at.Tier, new Prologue(true, norm.Activation), grid, VectorGrid.StridesOf(x), VectorGrid.StridesOf(y),
                x.Layout == Layout.Blocked),
            StepCosts.Elementwise(at.Tier, VectorsOf(x)), [Read(x), .. at.Builder.Normalization(norm.Norm), Write(y)]);
        return y;
    }

    private static RowOfTaps RowOfTapsOf(WindowAxis window) => new(window.Kernel, window.Dilation, window.Stride);

    /// <summary>The kernel over tiles of rows and columns.</summary>
    public TiledConvolution KernelOf(LayerGroup group, TensorBuffer x, TensorBuffer y, Epilogue epilogue)
    {
        FilterWeight filters = group.Filters!;
        int lanes = _tier.Lanes;
        var packing = ConvolutionPacking.Create(filters, WeightBlock);
        (int channels, int rows, int columns, _) = ExtentsOf(group);
        int units = UnitsOf(filters, channels), perUnit = channels / units;
        Strides windows = StridesOf(filters.Window, x);

        // The distance from one group to the next. In a depthwise convolution, or if a vector holds several groups, it is the distance
        // between blocks of channels.
        int input = _laneUse is LaneUse.Depthwise or LaneUse.GroupsInLanes
            ? x.ChannelPitch : x.ChannelUnits / filters.Groups * x.ChannelPitch;
        var operands = new ConvolutionOperands(
            new ConvolutionInput(InRows ? windows with { Column = lanes } : windows, ChannelsOf(x), input),
            new ConvolutionWeights(
                InBlocks ? new ChannelAddress(packing.PitchOf(lanes)) : packing.Output,
                new ChannelAddress(packing.InputPitch),
                InBlocks ? new ChannelAddress(perUnit * packing.PitchOf(lanes)) : packing.Group(perUnit)),
            StridesOf(y) with { Column = lanes });
        return new TiledConvolution(
            _tier, _laneUse, new ConvolutionExtents(perUnit, rows, columns, filters.Inputs, units, group.Head.Shape.Depth),
            TapsOf(filters.Window, x, packing), operands, _tile, epilogue)
        {
            GroupSize = _laneUse == LaneUse.GroupsInLanes ? filters.Outputs : 1,
            ReadsAhead = _laneUse == LaneUse.ChannelLanes && filters is { Groups: 1, LeavesOutTaps: false }
                && group.Head.Shape.Depth == 1 && WeightBlock == lanes && ThreadCosts.LeaveCache(_tier, packing.Length),
            Order = _laneUse == LaneUse.SampleLanes
                ? TileCosts.ChooseOrder(_tier, filters.Groups, (long)filters.Inputs * filters.Window.Vertical.Kernel * x.RowPitch)
                : TileOrder.Channels,
        };
    }

    /// <summary>How many groups the kernel has: the layer's groups, or blocks of channels.</summary>
    /// <param name="channels">Output channels, or blocks of them.</param>
    private int UnitsOf(FilterWeight filters, int channels) =>
        _laneUse is LaneUse.Depthwise or LaneUse.GroupsInLanes ? channels : filters.Groups;

    /// <summary>
    /// How many pages the input of a tile is in. Planes are one after the other, so with many pixels each plane is in a page of its own.
    /// </summary>
    private static int PagesOf(Shape input, int channels)
    {
        const int Page = 4096;
        return (int)Math.Min(channels, (long)channels * input.Rows * input.Width * sizeof(float) / Page);
    }

    /// <summary>The pooling that is done in registers. With rows in lanes, only pairs of columns can be pooled.</summary>
    private FusedPool? PoolOf(LayerGroup group) =>
        InRows && (group.Pool is not { Height: 2, Width: 2 } || Decimates(group.Filters!)) ? null : group.Pool;

    /// <summary>
    /// Whether the input is averaged instead of the output. A 1×1 convolution commutes with the average, and has fewer pixels after it.
    /// </summary>
    public bool PoolsFirst(LayerGroup group) => _laneUse == LaneUse.ChannelLanes
        && group is
        {
            Pool.Kind: PoolingKind.Average, Activation: null, Head.Shape.Depth: 1,
            Filters: { Groups: 1, IsTransposed: false, Window: { IsOneElement: true, IsDense: true } }
        };

    /// <summary>Whether pooling needs a separate step although it is in the group.</summary>
    private bool PoolsApart(LayerGroup group) => PoolOf(group) is null && group.Pool is not null;

    /// <summary>Whether the join needs a separate step, because the tiles contain columns that are not in the result.</summary>
    private bool JoinsApart(LayerGroup group) => group.Join is not null && Decimates(group.Filters!);

    /// <summary>
    /// Whether outputs are computed at every column, and every stride-th one is then taken. This is done because the lanes are neighbours
    /// in a row.
    /// </summary>
    private bool Decimates(FilterWeight filters) => InRows && filters.Window.Horizontal.Stride > 1;

    /// <summary>The extents that the tiles cover: output channels (or blocks of them), rows, and columns (or vectors of them).</summary>
    private (int Channels, int Rows, int Columns, int PoolColumns) ExtentsOf(LayerGroup group)
    {
        FilterWeight filters = group.Filters!;
        FusedPool? pool = PoolOf(group);
        Shape output = pool is null ? group.Head.Shape : group.Last.Shape;
        int rows = output.Height * (pool?.Height ?? 1);
        if (!InRows)
        {
            int channels = InBlocks ? _tier.RoundUp(filters.Filters) / _tier.Lanes : filters.Filters;
            return (channels, rows, output.Width * (pool?.Width ?? 1), pool?.Width ?? 1);
        }

        int width = Decimates(filters) ? ((output.Width - 1) * filters.Window.Horizontal.Stride) + 1 : output.Width;
        (int columns, int poolColumns) = VectorsOfRow(width, pool is not null, _tier);
        return (filters.Filters, rows, columns, poolColumns);
    }

    /// <summary>How many vectors a row of outputs has, and how many of them are pooled together.</summary>
    /// <param name="width">Columns of the result.</param>
    /// <param name="poolsPairs">Whether each column of the result is a pair of outputs.</param>
    private static (int Columns, int PoolColumns) VectorsOfRow(int width, bool poolsPairs, Tier tier)
    {
        if (!poolsPairs)
        {
            return (tier.RoundUp(width) / tier.Lanes, 1);
        }

        // One vector of columns gives half a vector of pairs. If there are several vectors, they are pooled two by two.
        return tier.RoundUp(2 * width) == tier.Lanes ? (1, 1) : (2 * (tier.RoundUp(width) / tier.Lanes), 2);
    }
}
