using Strata.Generator.Diagnostics;

namespace Strata.Generator.Operators;

internal sealed class SpatialDropout : LayerOperator
{
    public override string Kind => "SpatialDropout";

    public override string Stem => "dropout";

    public override OperatorDocumentation Documentation => new(
        "[SpatialDropout(0.5)]", "unchanged", "in training a whole channel is 0 with probability rate, else x/(1 − rate)",
        "nn.Dropout2d (1d, 3d)", "SpatialDropout2D (1D, 3D)");

    public override LayerResult? Build(LayerContext layer)
    {
        double rate = Dropout.RateOf(layer);
        if (layer.HasErrors || layer.Input is not { } input)
        {
            return null;
        }

        if (input.Rank == 1)
        {
            layer.Report(Rules.WrongDimensions, "", [new Mend(MendKind.RenameAttribute, "Dropout")], "channels with pixels",
                input.ToString(), "Use [Dropout], or place it before the tensor becomes flat");
            return null;
        }

        return new LayerResult(new DropoutOperation(rate, DroppedPart.Channel), input);
    }
}
