using System.Collections.Generic;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class MeanSquaredError : LossOperator
{
    public override OperatorFamily Family => OperatorFamily.Losses;

    public override string Kind => "MeanSquaredError";

    public override OperatorDocumentation Documentation => new(
        "[MeanSquaredError]", "any", "mean of (x − target)² over all values of all samples", "nn.MSELoss", "MeanSquaredError");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Flat, "Dense(4), MeanSquaredError", "Dense(4), MeanSquaredError(Reduction = Reduction.Sum)"),
        .. In(Image, "Conv2D(2, 3), MeanSquaredError"),
    ];

    public override Signature<LossDefinition> Signature { get; } = Takes(
        Reductions(), reduction => new ElementLossDefinition(ElementLoss.D * ElementLoss.D, reduction));
}
