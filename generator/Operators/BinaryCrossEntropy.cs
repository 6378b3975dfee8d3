using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class BinaryCrossEntropy : LossOperator
{
    public override string Kind => "BinaryCrossEntropy";

    public override OperatorDocumentation Documentation => new(
        "[BinaryCrossEntropy]", "any", "−t ln σ(x) − (1 − t) ln(1 − σ(x)), mean over all values of all samples",
        "nn.BCEWithLogitsLoss, nn.BCELoss behind nn.Sigmoid", "BinaryCrossentropy");

    public override Loss Build(LossContext loss)
    {
        loss.WarnOfActivation("sigmoid", Sigmoid.Function.Equals);

        // ln(1 + e^−|x|) neither overflows nor cancels. Logarithms of probabilities end at −100, as in PyTorch's BCELoss.
        return new ElementLoss(
            Kind,
            "Simd.Max({y}, Vector.Zero) - ({y} * {t}) + VectorMath.Softplus(-Simd.Abs({y}))",
            "VectorMath.Sigmoid({y}) - {t}",
            loss.Reduction(),
            TargetKind.Probabilities,
            Sigmoid.Function,
            "Simd.Max(VectorMath.Log({x}), Simd.Create(-100f)) - Simd.Max(VectorMath.Log(Vector.One - {x}), Simd.Create(-100f))");
    }
}
