using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class PixelShuffle : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Shapes;

    public override string Kind => "PixelShuffle";

    public override string Stem => "shuffle";

    public override OperatorDocumentation Documentation => new(
        "[PixelShuffle(factor)]", "C·r²×H×W → C×r·H×r·W",
        "y[c, r·i + m, r·j + n] = x[r²·c + r·m + n, i, j], or x[C·(r·m + n) + c, i, j] with Order", "nn.PixelShuffle",
        "tf.nn.depth_to_space");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "PixelShuffle(2)", "PixelShuffle(2, Order = PixelOrder.PixelsFirst)"),
        .. In("8, 4, 6", "PixelShuffle(2)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("factor"), Property<PixelOrder>("Order"), (factor, order) => new PixelShuffleDefinition(factor, order));
}

/// <summary>The surface's <c>PixelOrder</c>, by number.</summary>
internal enum PixelOrder
{
    ChannelsFirst,
    PixelsFirst,
}

/// <summary>Moves channels to pixels.</summary>
internal sealed record PixelShuffleDefinition(Argument<int> Factor, Argument<PixelOrder> Order = default) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        int factor = layer.AtLeast(1, Factor);
        PixelOrder order = layer.OneOf(Order);
        if (layer.HasErrors || !layer.HasDimensions(2) || layer.Input is not { } input)
        {
            return null;
        }

        long square = (long)factor * factor;
        if (input.Channels % square != 0)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Factor.Name),
                $"{Arithmetic.Number(factor)}² = {Arithmetic.Number(square)} does not divide the channels: "
                + $"{Arithmetic.Division(input.Channels, square)}",
                $"Input is {input}; choose a factor whose square divides its channels"));
            return null;
        }

        return new LayerResult(
            new PixelShuffling(factor, order),
            Shape.Image((int)(input.Channels / square), input.Height * factor, input.Width * factor),
            $"{Arithmetic.Number(input.Channels)}/{Arithmetic.Number(square)} = {Arithmetic.Number(input.Channels / square)}");
    }
}

internal sealed class PixelUnshuffle : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Shapes;

    public override string Kind => "PixelUnshuffle";

    public override string Stem => "shuffle";

    public override OperatorDocumentation Documentation => new(
        "[PixelUnshuffle(factor)]", "C×r·H×r·W → C·r²×H×W",
        "y[r²·c + r·m + n, i, j] = x[c, r·i + m, r·j + n], or y[C·(r·m + n) + c, i, j] with Order", "nn.PixelUnshuffle",
        "tf.nn.space_to_depth");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In("8, 4, 6", "PixelUnshuffle(2)", "PixelUnshuffle(2, Order = PixelOrder.PixelsFirst)",
            "PixelUnshuffle(2), PixelShuffle(2), ChannelShuffle(2)"),
        .. In("2, 12, 9", "PixelUnshuffle(3)"),
        .. In(Image, "PixelUnshuffle(1)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("factor"), Property<PixelOrder>("Order"), (factor, order) => new PixelUnshuffleDefinition(factor, order));
}

/// <summary>Moves pixels to channels.</summary>
internal sealed record PixelUnshuffleDefinition(Argument<int> Factor, Argument<PixelOrder> Order = default) : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        int factor = layer.AtLeast(1, Factor);
        PixelOrder order = layer.OneOf(Order);
        if (layer.HasErrors || !layer.HasDimensions(2) || layer.Input is not { } input)
        {
            return null;
        }

        string[] rests =
        [
            .. new[] { ("height", input.Height), ("width", input.Width) }
                .Where(axis => axis.Item2 % factor != 0)
                .Select(axis => $"the {axis.Item1}: {Arithmetic.Division(axis.Item2, factor)}"),
        ];
        if (rests.Length > 0)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Factor.Name), $"{Arithmetic.Number(factor)} does not divide {string.Join(", nor ", rests)}",
                $"Input is {input}; choose a factor that divides both"));
            return null;
        }

        long channels = (long)input.Channels * factor * factor;
        return new LayerResult(
            new PixelShuffling(factor, order),
            Shape.Image((int)channels, input.Height / factor, input.Width / factor),
            $"{Arithmetic.Number(input.Channels)}·{Arithmetic.Number(factor)}² = {Arithmetic.Number(channels)}");
    }
}

/// <summary>Moves channels to pixels (Shi et al. 2016), or pixels to channels.</summary>
internal sealed record PixelShuffling(int Factor, PixelOrder Order) : LoopOperation
{
    public override Dependence Dependence => Dependence.All;

    public override AxisOrder? AxisOrder(Shape input, Shape output)
    {
        bool shuffles = input.Channels > output.Channels, isFirst = Order == PixelOrder.ChannelsFirst;
        (Shape pixels, Shape channels) = shuffles ? (output, input) : (input, output);
        return (shuffles, isFirst) switch
        {
            (true, true) => Ordered([pixels.Channels, Factor, Factor, channels.Height, channels.Width], 0, 3, 1, 4, 2),
            (true, false) => Ordered([Factor, Factor, pixels.Channels, channels.Height, channels.Width], 2, 3, 0, 4, 1),
            (false, true) => Ordered([pixels.Channels, channels.Height, Factor, channels.Width, Factor], 0, 2, 4, 1, 3),
            _ => Ordered([pixels.Channels, channels.Height, Factor, channels.Width, Factor], 2, 4, 0, 1, 3),
        };

        static AxisOrder Ordered(int[] extents, params int[] order) => new(extents.ToEquatableArray(), order.ToEquatableArray());
    }

    public override Reach ReachOf(Shape input, Shape output) => input.Channels > output.Channels
        ? Places(new AxisReach(1, 1.0 / Factor)) : Places(new AxisReach(Factor, Factor));

    public override void Forward(LoopPass pass) => pass.Step("", k => Copy(k, pass.Input, pass.Output));

    public override void Backward(LoopPass pass) => pass.Step("", k => Copy(k, pass.OutputGradient, pass.InputGradient!));

    private static Reach Places(AxisReach axis) => Reach.Place with { Vertical = axis, Horizontal = axis };

    private void Copy(Loops k, LoopTensor from, LoopTensor to)
    {
        bool shuffles = from.Shape.Channels > to.Shape.Channels;
        Shape pixels = (shuffles ? to : from).Shape, channels = (shuffles ? from : to).Shape;
        k.For([("c", pixels.Channels), ("m", Factor), ("n", Factor), ("i", channels.Height), ("j", channels.Width)], at =>
        {
            (Index c, Index m, Index n, Index i, Index j) = (at[0], at[1], at[2], at[3], at[4]);
            var pixel = new ElementIndex(c, 0, (i * Factor) + m, (j * Factor) + n);
            var channel = new ElementIndex(
                Order == PixelOrder.ChannelsFirst ? (((c * Factor) + m) * Factor) + n : (((m * Factor) + n) * pixels.Channels) + c,
                0, i, j);
            if (shuffles)
            {
                to[pixel] = from[channel];
            }
            else
            {
                to[channel] = from[pixel];
            }
        });
    }
}
