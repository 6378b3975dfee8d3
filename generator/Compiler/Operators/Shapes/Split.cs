using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class Split : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Shapes;

    public override string Kind => "Split";

    public override string Stem => "split";

    public override OperatorDocumentation Documentation => new(
        "[Split(part, parts)]", "C×H×W → C/n×H×W for n parts, or along another Axis", "y[c, i, j] = x[part·C/n + c, i, j]",
        "torch.chunk(x, n, 1)[part]", "ops.split(x, n)[part]");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "Split(1, 2)", "Split(0, 1)", "Split(2, 3, Axis = Axes.Height)"),
        .. In(Sequence, "Conv1D(2, 4), Split(0, 2, Axis = Axes.Width)"),
        .. In(Volume, "Split(0, 2)", "Split(1, 2)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("part"), Required<int>("parts"), Property("Axis", Axes.Channels),
        (part, parts, axis) => new SplitDefinition(part, parts) { Axis = axis });
}

/// <summary>One of several equal parts along an axis.</summary>
internal sealed record SplitDefinition(Argument<int> Part, Argument<int> Parts) : LayerDefinition
{
    public Argument<Axes> Axis { get; init; } = Axes.Channels;

    public override LayerResult? Build(LayerContext layer)
    {
        Axes? along = layer.AxisOf(Axis);
        int parts = layer.AtLeast(1, Parts), part = layer.AtLeast(0, Part);
        if (!layer.HasErrors && part >= parts)
        {
            layer.Report(ArgumentProblems.OutOfRange(
                layer.At(Part.Name), Part.Name, part, $"0 to {Arithmetic.Number(parts - 1)}, as parts are counted from 0"));
        }

        if (layer.HasErrors || layer.Input is not { } input || along is not { } axis)
        {
            return null;
        }

        int whole = input.Extent(axis);
        if (whole % parts != 0)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Parts.Name),
                $"{Arithmetic.Number(parts)} parts do not divide the {input.NameOf(axis)}: {Arithmetic.Division(whole, parts)}",
                $"Input is {input}; [Slice(start, end)] takes any part"));
            return null;
        }

        int extent = whole / parts, first = part * extent;
        return new LayerResult(
            SliceDefinition.Operation(axis, first, whole - first - extent), input.With(axis, extent),
            $"{Arithmetic.Number(whole)}/{Arithmetic.Number(parts)} = {Arithmetic.Number(extent)}");
    }
}
