using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// The gradient of a convolution's input: a convolution of the output's gradient with the transposed filter, for each residue of the
/// stride.
/// </summary>
internal sealed class InputGradient
{
    private readonly BackwardContext _at;
    private readonly List<StrideResidue> _planes, _rows, _columns;

    /// <summary>Makes the tensor. Elements that no residue writes are cleared.</summary>
    public InputGradient(BackwardContext at)
    {
        _at = at;
        Shape shape = at.Group.Input.Shape;
        Target = at.Target(0, shape, at.Step.ZerosAroundInput);
        at.Builder.ClearHalo(Target);
        _planes = [.. StrideResidue.All(Window.Depth, shape.Depth)];
        _rows = [.. StrideResidue.All(Window.Vertical, shape.Height)];
        _columns = [.. StrideResidue.All(Window.Horizontal, shape.Width)];
        if (_planes.Concat(_rows).Concat(_columns).Any(r => r.Taps == 0))
        {
            at.Builder.Clear(Target, $"{Target.Name}: the stride leaves elements unread");
        }
    }

    /// <summary>The gradient of the input.</summary>
    public TensorBuffer Target { get; }

    private FilterWeight Filters => _at.Group.Filters!;

    private WindowAxes Window => Filters.Window;

    /// <summary>The output's gradient, with the zeros around it that the convolutions read.</summary>
    public TensorBuffer WithZeros()
    {
        Halo zeros = StrideResidue.ZerosAroundGradient(Window, Target.Shape, _at.Group.Head.Shape);
        return Target.Shape.IsVolume && !zeros.IsEmpty
            ? _at.Builder.Convert(_at.Gradient, _at.Gradient.Layout, zeros) : _at.Gradient;
    }

    /// <summary>Adds the convolutions.</summary>
    /// <param name="gradient">The output's gradient, from <see cref="WithZeros"/>.</param>
    /// <param name="form">How the layout of the tensors computes them.</param>
    public void Add(TensorBuffer gradient, InputGradientForm form)
    {
        foreach ((StrideResidue planes, StrideResidue rows, StrideResidue columns) residue in
            from planes in _planes
            from rows in _rows
            from columns in _columns
            where planes.Taps > 0 && rows.Taps > 0 && columns.Taps > 0
            select (planes, rows, columns))
        {
            string which = (_planes.Count > 1 ? $", planes {residue.planes.First}" : "")
                + (_rows.Count * _columns.Count > 1 ? $", rows {residue.rows.First} and columns {residue.columns.First}" : "");
            which = which.Length > 0 ? which + " modulo the stride" : "";
            Shape outputs = _at.Group.Head.Shape;
            IReadOnlyList<MetRegion> regions = MetRegion.Of(
                (residue.rows.Window, outputs.Height, residue.rows.Count), (residue.columns.Window, outputs.Width, residue.columns.Count),
                MetRegion.MayDivide(Filters));
            foreach (MetRegion region in regions)
            {
                AddResidue(
                    (residue.planes, residue.rows.Part(region.Rows, Window.Vertical.Stride),
                        residue.columns.Part(region.Columns, Window.Horizontal.Stride)),
                    gradient, form, regions.Count == 1 ? which : $"{which}; {region}");
            }
        }
    }

    private void AddResidue(
        (StrideResidue Planes, StrideResidue Rows, StrideResidue Columns) residue, TensorBuffer gradient, InputGradientForm form,
        string which)
    {
        (StrideResidue planes, StrideResidue rows, StrideResidue columns) = residue;
        LayerGroup group = _at.Group;
        WeightOrder weights = form.Weights;
        (Tile tile, Cost cycles) = TileCosts.ChooseTile(_at.Tier, form.LaneUse, TilesOf(residue, form));
        var filter = new FilterTaps(
            new Taps(planes.Taps, planes.StartStep * gradient.PlanePitch, planes.TapStep * weights.DepthPitch),
            new Taps(rows.Taps, rows.StartStep * gradient.RowPitch, rows.TapStep * weights.VerticalPitch),
            new Taps(columns.Taps, columns.StartStep * gradient.ColumnPitch, columns.TapStep * weights.HorizontalPitch));

        // Inputs and outputs are exchanged: the sum is over the output channels.
        var operands = new ConvolutionOperands(
            new ConvolutionInput(StridesOf(gradient), ChannelsOf(gradient), form.GradientGroup), weights.Weights,
            StridesOf(Window, Target));
        Activation? activation = _at.Step.Fused;
        // Only an activation's gradient reads the input; frozen layers may have none.
        TensorBuffer? x = activation is null ? null : _at.Input();
        var kernel = new TiledConvolution(
            _at.Tier, form.LaneUse,
            new ConvolutionExtents(form.Channels, rows.Count, columns.Count, form.Outputs, form.Groups, planes.Count), filter, operands,
            tile, new Epilogue(Gradient: activation is null ? null : new ActivationGradient(activation, StridesOf(Window, x!))))
        {
            GroupSize = form.GroupSize,
            Order = form.LaneUse != LaneUse.SampleLanes ? default : TileCosts.ChooseOrder(
                _at.Tier, form.Groups, (long)form.Outputs * rows.Taps * group.Head.Shape.Width * _at.Tier.Lanes),
        };
        int First(TensorBuffer buffer) => At(buffer, rows.First, columns.First, planes.First);
        Operand weight = weights.From(
            (planes.FirstTap * weights.DepthPitch) + (rows.FirstTap * weights.VerticalPitch)
            + (columns.FirstTap * weights.HorizontalPitch));
        Operand[] activated = x is null ? [] : [Read(x, First(x))];
        long work = (long)Filters.Groups * form.Outputs * Filters.Inputs * planes.Count * rows.Count * columns.Count * planes.Taps
            * rows.Taps * columns.Taps;
        _at.Builder.Add(
            MethodName(group, "InputGradient"),
            $"{group.Head.Name}: gradient of the input {group.Input.Shape}{which}; {Arithmetic.Grouped(2 * work)} FLOPs",
            kernel, cycles * ((double)form.Groups * planes.Count),
            [Read(gradient, At(gradient, rows.Start, columns.Start, planes.Start)), weight, .. activated, Write(Target, First(Target))]);
    }

    private TiledOutputs TilesOf((StrideResidue Planes, StrideResidue Rows, StrideResidue Columns) residue, InputGradientForm form)
    {
        (StrideResidue planes, StrideResidue rows, StrideResidue columns) = residue;
        var outputs = new TiledOutputs(
            form.Channels, form.ChannelBlock, rows.Count, columns.Count, (long)form.Outputs * planes.Taps * rows.Taps * columns.Taps);
        return form.LaneUse == LaneUse.SampleLanes ? outputs : outputs with
        {
            Shuffles = form.Outputs,
            RowOfTaps = Filters.IsDepthwise ? new RowOfTaps(columns.Taps, columns.StartStep, Stride: 1) : null,
        };
    }
}

/// <summary>How a layout computes the convolutions for the gradient of an input.</summary>
/// <param name="LaneUse">What the lanes of a vector are.</param>
/// <param name="Channels">Input channels of a group, or blocks of them.</param>
/// <param name="ChannelBlock">How many of these are adjacent in the weights.</param>
/// <param name="Outputs">Output channels of a group.</param>
/// <param name="Groups">The groups, or the vectors if a vector holds several groups.</param>
/// <param name="GradientGroup">The distance from one of these to the next in the output's gradient.</param>
/// <param name="Weights">The order of the weights.</param>
internal sealed record InputGradientForm(
    LaneUse LaneUse, int Channels, int ChannelBlock, int Outputs, int Groups, int GradientGroup, WeightOrder Weights)
{
    /// <summary>How many lanes a group has if a vector holds several groups; otherwise 1.</summary>
    public int GroupSize { get; init; } = 1;
}

/// <summary>The order of the weights for the gradient of an input.</summary>
/// <param name="From">The weight of a tap, given its offset from the first.</param>
/// <param name="Weights">The addresses of the weights of an input and of an output.</param>
/// <param name="DepthPitch">The distance from one tap to the next along the depth.</param>
internal sealed record WeightOrder(
    Func<int, Operand> From, ConvolutionWeights Weights, int DepthPitch, int VerticalPitch, int HorizontalPitch);
