using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class MeanSquaredError : LossOperator
{
    public override string Kind => "MeanSquaredError";

    public override OperatorDocumentation Documentation => new(
        "[MeanSquaredError]", "any", "mean of (x − target)² over all values of all samples", "nn.MSELoss", "MeanSquaredError");

    public override Loss Build(LossContext loss) => new ElementLoss(Kind, ElementLoss.D * ElementLoss.D, loss.Reduction());
}
