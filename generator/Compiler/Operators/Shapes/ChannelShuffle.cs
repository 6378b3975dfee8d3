using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class ChannelShuffle : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Shapes;

    public override string Kind => "ChannelShuffle";

    public override string Stem => "shuffle";

    public override OperatorDocumentation Documentation => new(
        "[ChannelShuffle(groups)]", "unchanged", "y[G·c + g] = x[C/G·g + c], pixel by pixel", "nn.ChannelShuffle", "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "ChannelShuffle(2)", "ChannelShuffle(2), ChannelShuffle(4), PixelShuffle(2)", "ChannelShuffle(2), Flatten",
            "Flatten, ChannelShuffle(3)"),
        .. In(Sequence, "ChannelShuffle(3)"),
        .. In(Volume, "ChannelShuffle(2)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("groups"), groups => new ChannelShuffleDefinition(groups));
}

/// <summary>Shuffles the channels of several groups.</summary>
internal sealed record ChannelShuffleDefinition(Argument<int> Groups) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        int groups = layer.AtLeast(1, Groups);
        if (layer.HasErrors || layer.Input is not { } input)
        {
            return null;
        }

        if (input.Channels % groups != 0)
        {
            layer.Report(ShapeProblems.GroupsDoNotDivide(layer.At(Groups.Name), groups, input.Channels, "channel", input));
            return null;
        }

        return new LayerResult(new ChannelShuffling(groups), input);
    }
}

/// <summary>Takes one channel from each group in turn (Zhang et al. 2018). In 2 groups, channels 0 1 2 3 become 0 2 1 3.</summary>
internal sealed record ChannelShuffling(int Groups) : LoopOperation
{
    public override Dependence Dependence => Dependence.All;

    public override ResultLayout ResultLayout => ResultLayout.OfSomeInput;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    public override EquatableArray<ChannelSource>? ChannelSources(IReadOnlyList<Shape> inputs, Shape output) => Enumerable
        .Range(0, output.Channels)
        .Select(channel => new ChannelSource(0, (channel % Groups * (output.Channels / Groups)) + (channel / Groups)))
        .ToEquatableArray();

    public override void Forward(LoopPass pass) => pass.Step("", k => Copy(k, pass.Input, pass.Output, Groups));

    public override void Backward(LoopPass pass) =>
        pass.Step("", k => Copy(k, pass.OutputGradient, pass.InputGradient!, pass.OutputGradient.Shape.Channels / Groups));

    /// <summary>Copies with a shuffle. Its inverse is a shuffle into as many groups as a group has channels.</summary>
    private static void Copy(Loops k, LoopTensor from, LoopTensor to, int groups)
    {
        int channels = from.Shape.Channels / groups;
        k.For(
            [("g", groups), ("c", channels), ("z", from.Shape.Depth), ("y", from.Shape.Height), ("x", from.Shape.Width)],
            at => to[(at[1] * groups) + at[0], at[2], at[3], at[4]] = from[(at[0] * channels) + at[1], at[2], at[3], at[4]]);
    }
}
