using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class Concat : Join
{
    public override string Kind => "Concat";

    public override string Stem => "concat";

    public override OperatorDocumentation Documentation => new(
        "[Concat]",
        "C₁×H×W, C₂×H×W, … → (C₁ + C₂ + …)×H×W, or along another Axis",
        "y[C₁ + … + Cₖ₋₁ + c, i, j] = xₖ[c, i, j]",
        "torch.cat(…, dim=1)",
        "Concatenate");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Conv2D(3, 1), Branch, ReLU, Branch, Conv2D(2, 1), Concat",
        "Branch, AveragePool2D(3, Stride = 1, Padding = 1), Branch, Concat",
        "Conv2D(3, 3, Name = \"a\"), ReLU, Concat(\"relu1\", \"a\", \"relu1\")",
        "Branch, MaxPool2D(3, Stride = 1), Crop2D(CropWidth = 1), Conv2D(2, 1), Branch, Conv2D(2, 3), Concat(Axis = Axes.Width)",
        "Branch, Crop2D(Top = 3), Branch, ReLU, Branch, Concat(Axis = Axes.Height)",
        .. In(Flat, "Branch, Dense(3), Branch, Dense(4), Concat"),
        .. In(Sequence, "Branch, ReLU, Branch, Conv1D(2, 1), Concat", "Branch, Crop1D(2), Branch, Concat(Axis = Axes.Width)"),
        .. In(Volume, "Branch, ReLU, Branch, Conv3D(3, 1), Concat",
            "Branch, Crop3D(1, Top = 0, Bottom = 0, Left = 0, Right = 0), Branch, Concat(Axis = Axes.Depth)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("Axis", Axes.Channels), axis => new ConcatDefinition(axis));
}

/// <summary>Branches concatenated along an axis.</summary>
internal sealed record ConcatDefinition(Argument<Axes> Axis) : JoinDefinition
{
    protected override string Agreement => Axis.Value == Axes.Channels ? "one shape but for their channels" : "one shape but for that axis";

    protected override Axes Free => Axis.Value;

    protected override bool Suits(LayerContext layer) => layer.AxisOf(Axis) is not null;

    protected override LayerResult? Build(LayerContext layer, IReadOnlyList<Shape> branches)
    {
        Axes axis = Axis.Value;
        int[] parts = [.. branches.Select(branch => branch.Extent(axis))];
        long total = parts.Sum(part => (long)part);
        string formula = string.Join(" + ", parts.Select(part => Arithmetic.Number(part))) + " = " + Arithmetic.Number(total);
        if (total > Window.MaxExtent)
        {
            string name = axis == Axes.Channels ? "the number of its channels" : $"its {branches[0].NameOf(axis)}";
            layer.Report(ShapeProblems.ExtentTooLarge(layer.Here, $"{name}, {formula},"));
            return null;
        }

        return new LayerResult(
            axis == Axes.Channels ? new Concatenation() : new AxisConcatenation(axis), branches[0].With(axis, (int)total), formula);
    }
}

/// <summary>All inputs concatenated along the channels (Szegedy et al. 2015). Their other extents are the same.</summary>
internal sealed record Concatenation : Operation
{
    public override bool JoinsChannels => true;

    public override ResultLayout ResultLayout => ResultLayout.OfSomeInput;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    public override EquatableArray<ChannelSource>? ChannelSources(IReadOnlyList<Shape> inputs, Shape output) => inputs
        .SelectMany((input, i) => Enumerable.Range(0, input.Channels).Select(channel => new ChannelSource(i, channel)))
        .ToEquatableArray();
}

/// <summary>All inputs concatenated along an axis of pixels. Their other extents are the same.</summary>
internal sealed record AxisConcatenation(Axes Axis) : LoopOperation
{
    public override Dependence Dependence => Dependence.Channel;

    public override bool TrainsInBlocks => true;

    public override bool OnlyMoves => true;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    public override void Forward(LoopPass pass) => pass.Step("", k => k.ForChannels(pass.Output, c =>
    {
        int start = 0;
        foreach (LoopTensor part in pass.Inputs)
        {
            int first = start;
            k.ForPixels(part, c, at => pass.Output[at.Moved(Axis, first)] = part[at]);
            start += part.Shape.Extent(Axis);
        }
    }));

    public override void Backward(LoopPass pass)
    {
        LoopTensor dy = pass.OutputGradient;
        pass.Step("", k => k.ForChannels(dy, c =>
        {
            int start = 0;
            for (int i = 0; i < pass.Inputs.Count; i++)
            {
                int first = start;
                if (pass.InputGradients[i] is { } dx)
                {
                    k.ForPixels(dx, c, at => dx[at] = dy[at.Moved(Axis, first)]);
                }

                start += pass.Inputs[i].Shape.Extent(Axis);
            }
        }));
    }
}
