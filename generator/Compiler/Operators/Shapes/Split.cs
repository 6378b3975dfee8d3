using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class Split : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Shapes;

    public override string Kind => "Split";

    public override string Stem => "split";

    public override OperatorDocumentation Documentation => new(
        "[Split(part, parts)]", "C×H×W → C/n×H×W for n parts", "y[c, i, j] = x[part·C/n + c, i, j]", "torch.chunk(x, n, 1)[part]",
        "ops.split(x, n)[part]");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "Split(1, 2)", "Split(0, 1)"),
        .. In(Volume, "Split(0, 2)", "Split(1, 2)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("part"), Required<int>("parts"), (part, parts) => new SplitDefinition(part, parts));
}

/// <summary>One of several equal parts of the channels.</summary>
internal sealed record SplitDefinition(Argument<int> Part, Argument<int> Parts) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        int parts = layer.AtLeast(1, Parts), part = layer.AtLeast(0, Part);
        if (!layer.HasErrors && part >= parts)
        {
            layer.Report(ArgumentProblems.OutOfRange(
                layer.At(Part.Name), Part.Name, part, $"0 to {Arithmetic.Number(parts - 1)}, as parts are counted from 0"));
        }

        if (layer.HasErrors || layer.Input is not { } input)
        {
            return null;
        }

        if (input.Channels % parts != 0)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Parts.Name),
                $"{Arithmetic.Number(parts)} parts do not divide the channels: {Arithmetic.Division(input.Channels, parts)}",
                $"Input is {input}; [Slice(start, end)] takes any channels"));
            return null;
        }

        int channels = input.Channels / parts;
        return new LayerResult(
            new Slicing(part * channels), input with { Channels = channels },
            $"{Arithmetic.Number(input.Channels)}/{Arithmetic.Number(parts)} = {Arithmetic.Number(channels)}");
    }
}
