using System.Collections.Generic;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class L2 : LossOperator
{
    public override OperatorFamily Family => OperatorFamily.Losses;

    public override string Kind => "L2";

    public override OperatorDocumentation Documentation => new(
        "[L2]", "any", "Σ (x − target)² over all values of all samples", "nn.MSELoss(reduction='sum')",
        "MeanSquaredError(reduction='sum')");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Flat, "Dense(4), L2", "Dense(4), L2(Reduction = Reduction.Mean)"),
        .. In(Image, "Conv2D(2, 3), L2"),
    ];

    public override Signature<LossDefinition> Signature { get; } = Takes(
        Reductions(Reduction.Sum), reduction => new ElementLossDefinition(ElementLoss.D * ElementLoss.D, reduction));
}
