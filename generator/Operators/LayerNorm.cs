using System.Collections.Generic;

namespace Strata.Generator.Operators;

internal sealed class LayerNorm : LayerOperator
{
    public override string Kind => "LayerNorm";

    public override string Stem => "ln";

    public override EquatableArray<string> PyTorchPlaces => EquatableArray.Of(
        Known + "the shape is known", "Epsilon", "Affine");

    public override OperatorDocumentation Documentation => new(
        "[LayerNorm]", "unchanged", "y = γ·(x − μ)/√(σ² + ε) + β, with μ and σ² of the sample, or of the pixel's channels OverChannels",
        "nn.LayerNorm([C, H, W])", "LayerNormalization");

    public override LayerDefinition Bind(AttributeArguments arguments) => new LayerNormDefinition(
        arguments.Double("Epsilon", 1e-5), arguments.Bool("OverChannels", false), arguments.Bool("Affine", true));
}

/// <summary>Normalisation over a whole sample, or over the channels of each pixel.</summary>
internal sealed record LayerNormDefinition(Argument<double> Epsilon, Argument<bool> OverChannels, Argument<bool> Affine) : LayerDefinition
{
    public override IEnumerable<string> ParameterSuffixes => Affine.Value ? ["weight", "bias"] : [];

    public override LayerResult? Build(LayerContext layer)
    {
        double epsilon = layer.Epsilon(Epsilon);
        if (layer.HasErrors || layer.Input is not { } input)
        {
            return null;
        }

        // A flat tensor has one pixel, so both are the same.
        bool pixels = OverChannels.Value && input.Rank > 1;
        Operators.Affine affine = !Affine.Value ? Operators.Affine.None
            : pixels ? Operators.Affine.PerChannel : Operators.Affine.PerElement;
        return new LayerResult(new SampleNormalization(pixels ? 0 : 1, epsilon, affine, input.Channels), input);
    }
}
