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

    public override LayerResult? Build(LayerContext layer)
    {
        double epsilon = layer.Epsilon();
        if (layer.HasErrors || layer.Input is not { } input)
        {
            return null;
        }

        // In a flat tensor both are the same.
        bool pixels = layer.Bool("OverChannels", false) && input.Rank > 1;
        Affine affine = !layer.Bool("Affine", true) ? Affine.None : pixels ? Affine.PerChannel : Affine.PerElement;
        return new LayerResult(new SampleNormalization(pixels ? 0 : 1, epsilon, affine, input.Channels), input);
    }

    public override IEnumerable<string> ParameterSuffixes(LayerContext layer) => layer.Bool("Affine", true) ? ["weight", "bias"] : [];
}
