using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class SpatialDropout : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Regularization;

    public override string Kind => "SpatialDropout";

    public override string Stem => "dropout";

    public override OperatorDocumentation Documentation => new(
        "[SpatialDropout(0.5)]", "unchanged", "in training a whole channel is 0 with probability rate, else x/(1 − rate)",
        "nn.Dropout2d (1d, 3d)", "SpatialDropout2D (1D, 3D)");

    public override IReadOnlyList<OperatorCase> Cases => ["SpatialDropout", "Conv2D(4, 3), SpatialDropout, ReLU", "SpatialDropout(0.25)"];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Optional("rate", 0.5), rate => new DropoutDefinition(rate, DroppedPart.Channel));
}
