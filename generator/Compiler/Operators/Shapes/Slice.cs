using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class Slice : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Shapes;

    public override string Kind => "Slice";

    public override string Stem => "slice";

    public override OperatorDocumentation Documentation => new(
        "[Slice(start, end)]", "C×H×W → (end − start)×H×W, or along another Axis; below 0 from the end", "y[c, i, j] = x[start + c, i, j]",
        "x[:, start:end], x.narrow", "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "Slice(1, 3)", "Slice(-2)", "Slice(1, 4, Axis = Axes.Height)", "Slice(-3, Axis = Axes.Width)"),
        .. In(Flat, "Slice(2, -3)"),
        .. In(Sequence, "Slice(1)", "Slice(0, 1, Axis = Axes.Width)"),
        .. In(Volume, "Slice(1, -1, Axis = Axes.Depth)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("start"), Optional("end", 0) with { HasDefault = false }, Property("Axis", Axes.Channels),
        (start, end, axis) => new SliceDefinition(start, end.IsSet ? end : null) { Axis = axis });
}

/// <summary>Some elements along an axis.</summary>
/// <param name="Start">The first one; from the end if below 0.</param>
/// <param name="End">The one after the last, from the end if below 0; null for all up to the end.</param>
internal sealed record SliceDefinition(Argument<int> Start, Argument<int>? End = null) : LayerDefinition
{
    public Argument<Axes> Axis { get; init; } = Axes.Channels;

    public override LayerResult? Build(LayerContext layer)
    {
        if (layer.AxisOf(Axis) is not { } axis || layer.Input is not { } input)
        {
            return null;
        }

        int extent = input.Extent(axis);
        int start = Placed(layer, axis, Start, extent - 1);
        int end = End is { } last ? Placed(layer, axis, last, extent) : extent;
        if (layer.HasErrors)
        {
            return null;
        }

        string formula = $"{Arithmetic.Number(end)} − {Arithmetic.Number(start)} = {Arithmetic.Number(end - start)}";
        if (end <= start)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(End!.Value.Name), $"{formula} {Places(input, axis)} are left",
                $"Input is {input}; the end is the {Place(input, axis)} after the last one, and must be behind the start"));
            return null;
        }

        return new LayerResult(Operation(axis, start, extent - end), input.With(axis, end - start), formula);
    }

    /// <summary>The elements from one on along an axis, as many as the output has.</summary>
    /// <param name="after">How many are left out at the end.</param>
    public static Operation Operation(Axes axis, int first, int after)
    {
        CroppedAxis Along(Axes other) => other == axis ? new CroppedAxis(first, after, 1) : new CroppedAxis(0, 0, 1);
        return axis == Axes.Channels ? new Slicing(first)
            : new Cropping(Along(Axes.Depth), Along(Axes.Height), Along(Axes.Width));
    }

    /// <summary>The place that an argument means, from 0 to the largest that is allowed.</summary>
    private static int Placed(LayerContext layer, Axes axis, Argument<int> argument, int most)
    {
        Shape input = layer.Input!.Value;
        int extent = input.Extent(axis);
        long place = argument.Value < 0 ? (long)extent + argument.Value : argument.Value;
        if (place >= 0 && place <= most)
        {
            return (int)place;
        }

        layer.Report(ArgumentProblems.OutOfRange(
            layer.At(argument.Name), argument.Name, argument.Value,
            $"{Arithmetic.Number(-extent)} to {Arithmetic.Number(most)}, as its input has "
                + Arithmetic.Count(extent, Place(input, axis), Places(input, axis))));
        return 0;
    }

    private static string Place(Shape input, Axes axis) => axis switch
    {
        Axes.Channels => input.Rank == 1 ? "feature" : "channel",
        Axes.Depth => "plane",
        Axes.Height => "row",
        _ => input.Rank == 2 ? "place" : "column",
    };

    private static string Places(Shape input, Axes axis) => Place(input, axis) + "s";
}

/// <summary>The channels of the input from one on, as many as the output has.</summary>
internal sealed record Slicing(int First) : LoopOperation
{
    public override Dependence Dependence => Dependence.All;

    public override ResultLayout ResultLayout => ResultLayout.OfSomeInput;

    public override bool OnlyMoves => true;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    public override EquatableArray<ChannelSource>? ChannelSources(IReadOnlyList<Shape> inputs, Shape output) =>
        Enumerable.Range(First, output.Channels).Select(channel => new ChannelSource(0, channel)).ToEquatableArray();

    public override void Forward(LoopPass pass) =>
        pass.Step("", k => k.ForEach(pass.Output, at => pass.Output[at] = pass.Input[Source(at)]));

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, dy = pass.OutputGradient;
        pass.Clear(dx);
        pass.Step("", k => k.ForEach(dy, at => dx[Source(at)] = dy[at]));
    }

    private ElementIndex Source(ElementIndex at) => at with { C = at.C + First };
}
