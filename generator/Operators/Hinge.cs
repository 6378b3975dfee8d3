using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class Hinge : ClassLossOperator
{
    public override string Kind => "Hinge";

    public override OperatorDocumentation Documentation => new(
        "[Hinge]", Classes, "Σ max(0, 1 + x[k] − x[t])/classes over k ≠ t, mean over the samples", "nn.MultiMarginLoss", "");

    public override Loss Build(LossContext loss)
    {
        CheckInput(loss);
        return new HingeLoss(loss.Reduction(), loss.Finite("Margin", 1, 0, orEqual: true), ClassWeights(loss));
    }
}
