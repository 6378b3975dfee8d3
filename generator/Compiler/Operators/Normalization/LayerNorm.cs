using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class LayerNorm : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Normalization;

    public override string Kind => "LayerNorm";

    public override string Stem => "ln";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces => [PyTorchPlace.Known("the shape is known"), "Epsilon", "Affine"];

    public override OperatorDocumentation Documentation => new(
        "[LayerNorm]", "unchanged",
        "y = γ·(x − μ)/√(σ² + ε) + β, with μ and σ² of the sample, of its Axes, or of the pixel's channels OverChannels",
        "nn.LayerNorm([C, H, W])", "LayerNormalization");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "LayerNorm", "LayerNorm(Epsilon = 0.1)", "LayerNorm(Affine = false)", "LayerNorm(OverChannels = true)",
            "LayerNorm(OverChannels = true, Affine = false)", "LayerNorm(Axes = Axes.Channels | Axes.Width)",
            "LayerNorm(Axes = Axes.Height)", "LayerNorm(Axes = Axes.Width)", "LayerNorm(Axes = Axes.Pixels)", "Flatten, LayerNorm"),
        .. In(Flat, "LayerNorm", "LayerNorm(OverChannels = true)"),
        .. In(Sequence, "LayerNorm", "LayerNorm(OverChannels = true)", "LayerNorm(Axes = Axes.Width)"),
        .. In(Volume, "LayerNorm", "LayerNorm(OverChannels = true)", "LayerNorm(Axes = Axes.Channels | Axes.Height)",
            "LayerNorm(Axes = Axes.Channels | Axes.Width)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("Epsilon", 1e-5), Property("OverChannels", false), Property("Affine", true), Property("Axes", Axes.All),
        (epsilon, overChannels, affine, axes) => new LayerNormDefinition(epsilon, overChannels, affine, axes));
}

/// <summary>Normalisation over a whole sample, over the channels of each pixel, or over any axes.</summary>
internal sealed record LayerNormDefinition(
    Argument<double> Epsilon, Argument<bool> OverChannels, Argument<bool> Affine, Argument<Axes> Axes) : LayerDefinition
{
    public override IEnumerable<string> ParameterSuffixes => Affine.Value ? ["weight", "bias"] : [];

    public override LayerResult? Build(LayerContext layer)
    {
        double epsilon = layer.Epsilon(Epsilon);
        if (OverChannels.Value && Axes.IsSet)
        {
            layer.Report(ArgumentProblems.Conflicting(layer.At(OverChannels.Name), OverChannels.Name, Axes.Name));
        }

        if (layer.AxesOf(Axes) is not { } axes || layer.Input is not { } input)
        {
            return null;
        }

        // A flat tensor has one pixel, so its channels are all of it.
        axes = OverChannels.Value ? Operators.Axes.Channels : axes;
        bool isWhole = axes == AxisSets.Of(input);
        if (Axes.IsSet && !isWhole && input.Count(axes) == 1)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Axes.Name), $"its input, {input}, has one value there, and one value less its mean is always 0",
                "Choose other axes"));
            return null;
        }

        NormalizedParts parts = isWhole ? new GroupsOfChannels(1, input.Channels) : new PartsAlongAxes(axes);
        Operators.Affine affine = !Affine.Value ? Operators.Affine.None
            : axes == Operators.Axes.Channels && !isWhole ? Operators.Affine.PerChannel : Operators.Affine.PerElement;
        return new LayerResult(new SampleNormalization(parts, epsilon, affine), input);
    }
}
