using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class StochasticDepth : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Regularization;

    public override string Kind => "StochasticDepth";

    public override string Stem => "drop";

    public override OperatorDocumentation Documentation => new(
        "[StochasticDepth(0.2)]", "unchanged",
        "in training all of a sample is 0 with probability rate, else x/(1 − rate); at the end of a residual branch",
        "torchvision.ops.StochasticDepth(p, 'row')", "Dropout(p, noise_shape=(None, 1, 1, 1))");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "StochasticDepth(0.2)", "Conv2D(4, 3), StochasticDepth(0.1)", "Branch, Conv2D(4, 1), StochasticDepth(0.5), Branch, Add",
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<double>("rate"), rate => new DropoutDefinition(rate, DroppedPart.Sample));
}
