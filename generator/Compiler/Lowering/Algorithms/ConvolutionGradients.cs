using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// The gradients of a convolution for a block of samples in lanes. Gradients of parameters are summed over pixels and samples. The gradient
/// of the input is a convolution of the output's gradient with the transposed filter, for each residue of the stride.
/// </summary>
internal sealed class ConvolutionGradients(BackwardContext at, ConvolutionPacking packing)
{
    private readonly LayerGroup _group = at.Group;
    private readonly FilterWeight _filters = at.Group.Filters!;

    private int Outputs => _filters.Outputs;

    private int Inputs => _filters.Inputs;

    private WindowAxes Window => _filters.Window;

    public void AddToParameters()
    {
        Shape shape = _group.Head.Shape;
        TensorBuffer x = at.Saved.Read[0], gradient = at.Gradient;
        if (_group.HasBias)
        {
            at.Builder.Add(
                MethodName(_group, "BiasGradient"), $"{_group.Head.Name}: gradient of the bias",
                new BiasGradient(at.Tier, _filters.Filters, shape.Rows, shape.Width, StridesOf(gradient)),
                StepCosts.Elementwise(at.Tier, VectorsOf(gradient)),
                Read(gradient), at.Builder.GradientOf(_group.Head, "bias"));
        }

        long pixels = (long)shape.Rows * shape.Width;
        int taps = Window.Horizontal.Kernel;
        WeightTile tile = WeightTileCosts.ChooseWeightTile(at.Tier, Outputs, packing.Blocks == 1 ? Outputs : packing.Block,
            Inputs, taps, pixels);
        Cost cycles = WeightTileCosts.WeightTileCost(at.Tier, tile, Outputs, Inputs, taps, pixels)
            * ((double)_filters.Groups * (Window.Area / taps));
        var weights = new ConvolutionWeightGradient(
            at.Tier, new ConvolutionExtents(Outputs, shape.Height, shape.Width, Inputs, _filters.Groups, shape.Depth),
            TapsOf(Window, x, packing),
            StridesOf(Window, x), new ConvolutionWeights(packing.Output, new ChannelAddress(packing.InputPitch), packing.Group(Outputs)),
            StridesOf(gradient), tile);
        at.Builder.Add(
            MethodName(_group, "WeightGradient"),
            $"{_group.Head.Name}: gradient of the weights; {Grouped(2 * _group.MultiplyAdds)} FLOPs",
            weights, cycles,
            Read(x, WindowStart(Window, x)),
            Read(gradient), at.Builder.GradientOf(_group.Head, "weight"));
    }

    public TensorBuffer OfInput()
    {
        Shape shape = _group.Input.Shape;
        TensorBuffer gradient = at.Gradient, target = at.Target(0, shape, at.Step.ZerosAroundInput);
        at.Builder.ClearHalo(target);
        List<StrideResidue> depth = StrideResidue.Of(Window.Depth, shape.Depth).ToList(),
            vertical = StrideResidue.Of(Window.Vertical, shape.Height).ToList(),
            horizontal = StrideResidue.Of(Window.Horizontal, shape.Width).ToList();
        if (depth.Concat(vertical).Concat(horizontal).Any(r => r.Taps == 0))
        {
            at.Builder.Clear(target, $"{target.Name}: the stride leaves elements unread");
        }

        Halo zeros = StrideResidue.ZerosAroundGradient(Window, shape, _group.Head.Shape);
        if (shape.Rank == Shape.VolumeRank && !zeros.IsEmpty)
        {
            gradient = at.Builder.Convert(gradient, gradient.Layout, zeros);
        }

        WeightOrder weights = WeightsOf(shape);
        foreach ((StrideResidue planes, StrideResidue rows, StrideResidue columns) residue in
            from planes in depth
            from rows in vertical
            from columns in horizontal
            where planes.Taps > 0 && rows.Taps > 0 && columns.Taps > 0
            select (planes, rows, columns))
        {
            string which = (depth.Count > 1 ? $", planes {residue.planes.First}" : "")
                + (vertical.Count * horizontal.Count > 1 ? $", rows {residue.rows.First} and columns {residue.columns.First}" : "");
            AddResidue(residue, weights, gradient, target, which.Length > 0 ? which + " modulo the stride" : "");
        }

        return target;
    }

    /// <summary>
    /// The weights in the order in which the input's gradient reads them. With many weights, each pixel would read one float from each of
    /// many cache lines. A step then reorders them to [I/v][O][kD][kH][kW][v].
    /// </summary>
    private WeightOrder WeightsOf(Shape input)
    {
        int lanes = at.Tier.Lanes, taps = Window.Area, length = Inputs * Outputs * taps;
        if (_filters.Groups > 1 || Inputs % lanes != 0
            || !WeightTileCosts.AreWeightsTransposed(at.Tier, length, (long)input.Rows * input.Width))
        {
            return new WeightOrder(
                at.Builder.Weight(_group.Head).From,
                new ConvolutionWeights(new ChannelAddress(packing.InputPitch), packing.Output, packing.Group(Outputs)), Inputs,
                packing.DepthPitch, packing.VerticalPitch,
                packing.HorizontalPitch);
        }

        TensorBuffer transposed = TransposedWeights.Add(at, packing);
        int vertical = Window.Horizontal.Kernel * lanes;
        return new WeightOrder(
            offset => Read(transposed, offset),
            new ConvolutionWeights(new ChannelAddress(Outputs * taps * lanes, lanes), new ChannelAddress(taps * lanes)), lanes,
            Window.Vertical.Kernel * vertical, vertical, lanes);
    }

    private void AddResidue(
        (StrideResidue Planes, StrideResidue Rows, StrideResidue Columns) residue, WeightOrder weights, TensorBuffer gradient,
        TensorBuffer target, string which)
    {
        (StrideResidue planes, StrideResidue rows, StrideResidue columns) = residue;
        TensorBuffer x = at.Input();
        Activation? activation = at.Step.Fused;
        (Tile tile, Cost cycles) = TileCosts.ChooseTile(
            at.Tier, LaneUse.SampleLanes,
            new TiledOutputs(Inputs, weights.Block, rows.Count, columns.Count, (long)Outputs * planes.Taps * rows.Taps * columns.Taps));
        var filter = new FilterTaps(
            new Taps(planes.Taps, planes.StartStep * gradient.PlanePitch, planes.TapStep * weights.DepthPitch),
            new Taps(rows.Taps, rows.StartStep * gradient.RowPitch, rows.TapStep * weights.VerticalPitch),
            new Taps(columns.Taps, columns.StartStep * gradient.ColumnPitch, columns.TapStep * weights.HorizontalPitch));

        // Inputs and outputs are exchanged: the sum is over the output channels.
        var operands = new ConvolutionOperands(
            new ConvolutionInput(StridesOf(gradient), ChannelsOf(gradient), Outputs * gradient.ChannelPitch),
            weights.Weights, StridesOf(Window, target));
        var kernel = new TiledConvolution(
            at.Tier, LaneUse.SampleLanes,
            new ConvolutionExtents(Inputs, rows.Count, columns.Count, Outputs, _filters.Groups, planes.Count),
            filter, operands, tile,
            new Epilogue(Gradient: activation is null ? null : new ActivationGradient(activation, StridesOf(Window, x))))
        {
            Order = TileCosts.ChooseOrder(at.Tier, _filters.Groups, (long)Outputs * rows.Taps * _group.Head.Shape.Width * at.Tier.Lanes),
        };
        int First(TensorBuffer buffer) => At(buffer, rows.First, columns.First, planes.First);
        Operand weight = weights.From(
            (planes.FirstTap * weights.DepthPitch) + (rows.FirstTap * weights.VerticalPitch)
            + (columns.FirstTap * weights.HorizontalPitch));
        Operand[] activated = activation is null ? [] : [Read(x, First(x))];
        long work = (long)Inputs * _filters.Groups * Outputs * planes.Count * rows.Count * columns.Count
            * planes.Taps * rows.Taps * columns.Taps;
        at.Builder.Add(
            MethodName(_group, "InputGradient"),
            $"{_group.Head.Name}: gradient of the input {_group.Input.Shape}{which}; {Grouped(2 * work)} FLOPs",
            kernel, cycles * ((double)_filters.Groups * planes.Count),
            [Read(gradient, At(gradient, rows.Start, columns.Start, planes.Start)), weight, .. activated, Write(target, First(target))]);
    }

    /// <summary>The order of the weights for the input's gradient.</summary>
    /// <param name="From">The weight of a tap, given its offset from the first.</param>
    /// <param name="Weights">The addresses of the weights of an input and of an output.</param>
    /// <param name="Block">How many inputs are adjacent.</param>
    private sealed record WeightOrder(
        Func<int, Operand> From, ConvolutionWeights Weights, int Block, int DepthPitch, int VerticalPitch, int HorizontalPitch);
}
