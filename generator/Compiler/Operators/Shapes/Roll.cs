using System.Collections.Generic;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class Roll : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Shapes;

    public override string Kind => "Roll";

    public override string Stem => "roll";

    public override OperatorDocumentation Documentation => new(
        "[Roll(shift)]", "unchanged; along the width or another Axis", "y[c, i, j] = x[c, i, (j − shift) mod W]",
        "torch.roll(x, shift, 3)", "keras.ops.roll");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "Roll(2)", "Roll(-1, Axis = Axes.Height)", "Roll(3, Axis = Axes.Channels)"),
        .. In(Sequence, "Roll(-2)"),
        .. In(Flat, "Roll(3, Axis = Axes.Channels)"),
        .. In(Volume, "Roll(1, Axis = Axes.Depth)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("shift"), Property("Axis", Axes.Width), (shift, axis) => new RollDefinition(shift, axis));
}

/// <summary>The elements further along an axis, in a circle.</summary>
internal sealed record RollDefinition(Argument<int> Shift, Argument<Axes> Axis) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        if (layer.AxisOf(Axis) is not { } axis || layer.Input is not { } input)
        {
            return null;
        }

        int extent = input.Extent(axis), shift = Shift.Value % extent;
        return new LayerResult(new Rolling(axis, shift < 0 ? shift + extent : shift), input);
    }
}

/// <summary>The same elements, further along an axis.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Shift">By how many places: from 0 to its extent − 1.</param>
internal sealed record Rolling(Axes Axis, int Shift) : LoopOperation
{
    public override Dependence Dependence => Axis == Axes.Channels ? Dependence.All : Dependence.Channel;

    public override bool TrainsInBlocks => Axis != Axes.Channels;

    public override bool OnlyMoves => true;

    // Two neighbours may come from both ends.
    public override Reach ReachOf(Shape input, Shape output)
    {
        AxisReach Along(Axes axis) => axis == Axis && Shift > 0 ? new AxisReach(1, AxisReach.All) : new AxisReach(1, 1);
        return new Reach(Along(Axes.Depth), Along(Axes.Height), Along(Axes.Width));
    }

    public override void Forward(LoopPass pass) =>
        pass.Step("", k => k.ForEachApart(pass.Output, at => pass.Output[at] = pass.Input[Source(pass.Output.Shape, at)]));

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, dy = pass.OutputGradient;
        pass.Step("", k => k.ForEachApart(dy, at => dx[Source(dy.Shape, at)] = dy[at]));
    }

    /// <summary>The place in the input of an element of the output.</summary>
    private ElementIndex Source(Shape shape, ElementIndex at)
    {
        int extent = shape.Extent(Axis);
        Index Moved(Axes axis, Index place) => axis == Axis && Shift > 0 ? (place + (extent - Shift)) % extent : place;
        return new ElementIndex(Moved(Axes.Channels, at.C), Moved(Axes.Depth, at.Z), Moved(Axes.Height, at.Y), Moved(Axes.Width, at.X));
    }
}
