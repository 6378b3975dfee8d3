using System;
using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// A convolution, or a dense layer, of a rounded tensor: its weights are rounded to 8 bits, products and sums are exact integers, and each
/// result is scaled to a float. Only inference has it. Weights are rounded after each change of them.
/// </summary>
internal sealed class ProductsOfIntegers : Algorithm
{
    private const string Integers = "integers", Starts = "integer_starts", Scales = "integer_scales",
        FoldedScales = "folded_scales", FoldedBiases = "folded_biases";

    /// <summary>The most pixels of a tile, and the registers for its sums and its weights: all but the one for a pixel.</summary>
    private const int MostColumns = 6, Registers = 15;

    private readonly Tier _tier;
    private readonly LayerGroup _group;
    private readonly WindowAxes? _window;
    private readonly int _blocks, _inputBlocks, _pixels, _inputs;
    private readonly Tile _tile;
    private readonly Cost _cycles;

    private ProductsOfIntegers(LayerGroup group, Tier tier)
    {
        (_group, _tier, _window) = (group, tier, group.Filters?.Window);
        Shape output = group.Head.Shape;
        _inputs = group.Filters?.Inputs ?? group.Input.Shape.Length;
        _pixels = IsDense ? 1 : output.Rows * output.Width;
        _blocks = Arithmetic.CeilingDivide(IsDense ? output.Length : output.Channels, tier.Lanes);
        _inputBlocks = Arithmetic.CeilingDivide(_inputs, tier.Lanes);
        int halves = tier.Lanes / tier.OfIntegers.Lanes, columns = IsDense ? 1 : Math.Min(MostColumns, output.Width),
            channels = Math.Max(1, Math.Min(_blocks, Registers / (columns + 1) / halves));
        _tile = new Tile(channels, 1, columns);
        long tiles = (long)Arithmetic.CeilingDivide(_blocks, channels) * Arithmetic.CeilingDivide(_pixels, columns);
        _cycles = StepCosts.IntegerProducts(
            tier, tiles, tiles * _inputBlocks * Taps * PixelLength, _tile.Accumulators * halves);
        if (group.PoolWindow is { } pool)
        {
            _cycles += StepCosts.WindowPooling(tier, _blocks * pool.Output.Rows * pool.Output.Width, pool.Area);
        }

        if (IsDense)
        {
            _cycles += ThreadCosts.WeightWait(tier, WeightLength);
        }
    }

    public override Cost Cycles => _cycles;

    public override int WeightBlock => IsDense ? 0 : _tier.Lanes;

    public override bool? GivesBlocks => IsDense ? null : true;

    public override bool ReadsBlocks => !IsDense;

    public override bool ReadsIntegers => true;

    /// <inheritdoc/>
    /// <remarks>Floats would give other sums.</remarks>
    public override bool ReordersSums => true;

    public override IEnumerable<(string Name, int Length)> Derived =>
    [
        (Integers, WeightLength), (Starts, Channels), (Scales, Channels),
        .. _group.Norm is null ? [] : new[] { (FoldedScales, Channels), (FoldedBiases, Channels) },
    ];

    /// <summary>Output channels, with those that fill the last block.</summary>
    private int Channels => _blocks * _tier.Lanes;

    private bool IsDense => _window is null;

    private int Taps => _window?.Area ?? 1;

    /// <summary>32-bit numbers of a pixel in a block of channels.</summary>
    private int PixelLength => _tier.Integers.PixelLength(_tier.Lanes);

    private int WeightLength => checked(_blocks * _tier.Integers.FilterLength(_tier.Lanes, _inputBlocks, Taps));

    /// <summary>The algorithm, if it can compute a group: one that reads a tensor that is rounded to 8 bits with one scale.</summary>
    public static IReadOnlyList<Algorithm> CandidatesFor(LayerGroup group, Tier tier) =>
        group.Input.Operation.AsRounding is { FitsByte: true }
            && group is { InputNorm: null, HasSlices: false }
            && (group.Filters is { } filters ? CanCompute(group, filters)
                : group is { Input.Shape: { Rank: 1, Length: <= IntegerFormat.MostProducts }, Head.Shape.Rank: 1 })
            ? [new ProductsOfIntegers(group, tier)] : [];

    private static bool CanCompute(LayerGroup group, FilterWeight filters) =>
        filters is { Groups: 1, IsTransposed: false, LeavesOutTaps: false }
        && group.Input.Shape is { Rank: > 1, IsVolume: false } && !group.Head.Shape.IsVolume
        && (long)filters.Inputs * filters.Window.Area <= IntegerFormat.MostProducts;

    public override Algorithm For(LayerGroup group, Tier tier) => new ProductsOfIntegers(group, tier);

    public override GroupLayout Arrange(LayoutRequest at)
    {
        if (!IsDense)
        {
            return at.With(Layout.Blocked, at.Input.In(Layout.Blocked));
        }

        GroupLayout layout = at.With(Layout.Flat, at.Input.Flat);
        return layout with { Result = layout.Result with { PaddedLength = Channels } };
    }

    public override void Prepare(ProgramBuilder builder)
    {
        Node node = _group.Head, rounding = _group.Input;
        ParameterOperand weight = builder.Weight(node);
        (ChannelAddress address, int inputStride, int tapStride) = WeightsOf();
        builder.Add(
            MethodName(_group, "Weights"), $"{node.Name}: weights as integers",
            new IntegerWeightsKernel(
                _tier, rounding.Operation.AsRounding!.Value, _blocks, _inputs, Taps, address, inputStride, tapStride)
            {
                WeightElement = weight.Element,
                HasNorm = _group.Norm is not null,
                HasBias = _group.HasBias,
            },
            StepCosts.Elementwise(_tier, weight.Length / _tier.Lanes, operands: 2),
            [weight, builder.Parameter(rounding, RoundedRange.Scale), builder.Parameter(rounding, RoundedRange.ZeroPoint),
                .. _group.Norm is null ? [] : Bias(builder), .. builder.Normalization(_group.Norm),
                Of(builder, Integers), Of(builder, Starts), builder.Derived(node, Scales),
                .. _group.Norm is null ? [] : new Operand[] { builder.Derived(node, FoldedScales), builder.Derived(node, FoldedBiases) }]);
    }

    public override TensorBuffer Forward(ForwardContext at)
    {
        LayerGroup group = at.Group;
        ProgramBuilder builder = at.Builder;
        TensorBuffer x = RoundedTensors.IsRounded(at.Inputs[0]) ? at.Inputs[0] : builder.Round(
            at.Read(), group.Input, _window is { } window ? HaloOf(window, group.Input.Shape, group.Head.Shape) : default);
        bool pools = group.PoolWindow is not null;
        TensorBuffer y = pools ? builder.Buffer(TensorName.Of(group.Head), group.Head.Shape, Layout.Blocked) : at.Result();
        TensorBuffer? other = at.Joined;
        Operand[] joined = other is null ? [] : [Read(other)],
            scales = group.Norm is null ? [builder.Derived(group.Head, Scales), .. Bias(builder)]
                : [builder.Derived(group.Head, FoldedScales), builder.Derived(group.Head, FoldedBiases)];
        builder.Add(
            MethodName(group), $"{Describe(group)}, of integers", KernelOf(at, x, y, other), Cycles,
            [Read(x, _window is { } axes ? WindowStart(axes, x) : 0), Of(builder, Integers), Of(builder, Starts), .. scales,
                .. joined, Write(y)]);
        return pools ? SlidingPooling.Behind(at, y, activation: null) : y;
    }

    private Operand[] Bias(ProgramBuilder builder) => _group.HasBias ? [builder.Bias(_group.Head)] : [];

    private IntegerConvolution KernelOf(ForwardContext at, TensorBuffer x, TensorBuffer y, TensorBuffer? other)
    {
        Shape shape = at.Group.Head.Shape;
        var epilogue = new Epilogue(at.Group.HasBias || at.Group.Norm is not null, Activation: at.Group.Activation)
        {
            Join = at.JoinOf(joined => StridesOf(joined) with { Column = _tier.Lanes }),
        };
        FlatStrides Flat(Strides strides) => FlatStrides.Of(shape.Width, strides);
        FlatStrides features = new(_tier.Lanes, 0, 0);
        FlatOperands operands = _window is { } axes
            ? new(Flat(StridesOf(axes, x)), Flat(StridesOf(y)), Flat(StridesOf(other ?? y)))
            : new(new(PixelLength, 0, 0), features, features);
        FilterTaps taps = _window is { } window
            ? new(
                Kernels.Taps.One, new(window.Vertical.Kernel, window.Vertical.Dilation * x.RowPitch, 0),
                new(window.Horizontal.Kernel, window.Horizontal.Dilation * x.ColumnPitch, 0))
            : new(Kernels.Taps.One, Kernels.Taps.One, Kernels.Taps.One);
        return new IntegerConvolution(
            _tier.OfIntegers, _tier.Lanes, _tier.Integers, new FlatExtents(_blocks, _inputBlocks, _pixels, shape.Width), taps, operands,
            _tile, PixelBlocks(), epilogue);
    }

    /// <summary>Blocks of pixels: what a block reads stays in the second-level cache while all channels are computed.</summary>
    private int PixelBlocks()
    {
        const long Bytes = 128 << 10;
        long read = (long)_inputBlocks * _group.Input.Shape.Rows * _group.Input.Shape.Width * PixelLength * sizeof(int);
        int tiles = Arithmetic.CeilingDivide(_pixels, _tile.Columns);
        return (int)Math.Max(1, Math.Min(tiles, (read + Bytes - 1) / Bytes));
    }

    /// <summary>Where weights are, as they are packed for floats.</summary>
    private (ChannelAddress Address, int InputStride, int TapStride) WeightsOf()
    {
        if (IsDense)
        {
            DensePacking panels = _group.PanelsFor(_tier);
            return (panels.OutputVector, panels.PanelWidth, 0);
        }

        var packing = ConvolutionPacking.Create(_group.Filters!, WeightBlock);
        return (new ChannelAddress(packing.BlockPitch), packing.InputPitch, packing.HorizontalPitch);
    }

    private ParameterOperand Of(ProgramBuilder builder, string name) =>
        builder.Derived(_group.Head, name) with { Element = ElementType.Int };
}
