using Strata.Generator.Graph;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Operators;

internal sealed class SmoothL1 : LossOperator
{
    public override string Kind => "SmoothL1";

    public override OperatorDocumentation Documentation => new(
        "[SmoothL1]",
        "any",
        "d²/2β where |d| < β, otherwise |d| − β/2, with d = x − target; mean over all values of all samples",
        "nn.SmoothL1Loss",
        "");

    public override Loss Build(LossContext loss)
    {
        double beta = loss.Finite("Beta", 1, 0, orEqual: true);
        return (float)beta == 0
            ? new ElementLoss(Kind, "Simd.Abs({d})", MeanAbsoluteError.Sign, loss.Reduction())
            : new ElementLoss(
                Kind,
                $"Simd.ConditionalSelect(Simd.LessThan(Simd.Abs({{d}}), Simd.Create({Single(beta)})), {{d}} * {{d}} * Simd.Create({Single(0.5 / beta)}), "
                + $"Simd.Abs({{d}}) - Simd.Create({Single(0.5 * beta)}))",
                $"Simd.Max(Simd.Create(-1f), Simd.Min(Vector.One, {{d}} / Simd.Create({Single(beta)})))",
                loss.Reduction());
    }
}
