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
        "C₁×H×W, C₂×H×W, … → (C₁ + C₂ + …)×H×W",
        "y[C₁ + … + Cₖ₋₁ + c, i, j] = xₖ[c, i, j]",
        "torch.cat(…, dim=1)",
        "Concatenate");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Conv2D(3, 1), Branch, ReLU, Branch, Conv2D(2, 1), Concat",
        "Branch, AveragePool2D(3, Stride = 1, Padding = 1), Branch, Concat",
        "Conv2D(3, 3, Name = \"a\"), ReLU, Concat(\"relu1\", \"a\", \"relu1\")",
        .. In(Flat, "Branch, Dense(3), Branch, Dense(4), Concat"),
        .. In(Sequence, "Branch, ReLU, Branch, Conv1D(2, 1), Concat"),
        .. In(Volume, "Branch, ReLU, Branch, Conv3D(3, 1), Concat"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new ConcatDefinition());
}

/// <summary>Branches concatenated along the channels.</summary>
internal sealed record ConcatDefinition : JoinDefinition
{
    protected override string Agreement => "one shape but for their channels";

    protected override bool ChannelsAgree => false;

    protected override LayerResult? Build(LayerContext layer, IReadOnlyList<Shape> branches)
    {
        long channels = branches.Sum(branch => (long)branch.Channels);
        string formula = string.Join(" + ", branches.Select(branch => Arithmetic.Number(branch.Channels))) + " = "
            + Arithmetic.Number(channels);
        if (channels > Window.MaxExtent)
        {
            layer.Report(ShapeProblems.ExtentTooLarge(layer.Here, $"the number of its channels, {formula},"));
            return null;
        }

        return new LayerResult(new Concatenation(), branches[0] with { Channels = (int)channels }, formula);
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
