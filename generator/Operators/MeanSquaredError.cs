using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class MeanSquaredError : LossOperator
{
    public override string Kind => "MeanSquaredError";

    public override LossKind Loss => LossKind.MeanSquaredError;

    public override OperatorDocumentation Documentation => new(
        "[MeanSquaredError]", "any", "mean of (x − target)² over all values of all samples", "nn.MSELoss", "MeanSquaredError");

    public override void Check(LossContext loss)
    {
        // Any tensor has a squared distance to another one of its shape.
    }
}
