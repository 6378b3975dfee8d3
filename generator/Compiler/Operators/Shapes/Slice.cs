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
        "[Slice(start, end)]", "C×H×W → (end − start)×H×W; below 0 from the end", "y[c, i, j] = x[start + c, i, j]",
        "x[:, start:end], x.narrow", "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "Slice(1, 3)", "Slice(-2)"),
        .. In(Flat, "Slice(2, -3)"),
        .. In(Sequence, "Slice(1)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("start"), Optional("end", 0) with { HasDefault = false },
        (start, end) => new SliceDefinition(start, end.IsSet ? end : null));
}

/// <summary>Some channels.</summary>
/// <param name="Start">The first channel; from the end if below 0.</param>
/// <param name="End">The channel after the last one, from the end if below 0; null for all up to the end.</param>
internal sealed record SliceDefinition(Argument<int> Start, Argument<int>? End = null) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        if (layer.Input is not { } input)
        {
            return null;
        }

        int channels = input.Channels;
        int start = Placed(layer, channels, Start, channels - 1);
        int end = End is { } last ? Placed(layer, channels, last, channels) : channels;
        if (layer.HasErrors)
        {
            return null;
        }

        string formula = $"{Arithmetic.Number(end)} − {Arithmetic.Number(start)} = {Arithmetic.Number(end - start)}";
        if (end <= start)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(End!.Value.Name), $"{formula} channels are left",
                $"Input is {input}; the end is the channel after the last one, and must be behind the start"));
            return null;
        }

        return new LayerResult(new Slicing(start), input with { Channels = end - start }, formula);
    }

    /// <summary>The channel that an argument means, from 0 to the largest that is allowed.</summary>
    private static int Placed(LayerContext layer, int channels, Argument<int> argument, int most)
    {
        long place = argument.Value < 0 ? (long)channels + argument.Value : argument.Value;
        if (place >= 0 && place <= most)
        {
            return (int)place;
        }

        layer.Report(ArgumentProblems.OutOfRange(
            layer.At(argument.Name), argument.Name, argument.Value,
            $"{Arithmetic.Number(-channels)} to {Arithmetic.Number(most)}, as its input has {Arithmetic.Count(channels, "channel")}"));
        return 0;
    }
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
