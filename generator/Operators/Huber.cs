using Strata.Generator.Graph;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Operators;

internal sealed class Huber : LossOperator
{
    public override string Kind => "Huber";

    public override OperatorDocumentation Documentation => new(
        "[Huber]",
        "any",
        "d²/2 where |d| < δ, otherwise δ(|d| − δ/2), with d = x − target; mean over all values of all samples",
        "nn.HuberLoss",
        "Huber");

    public override Loss Build(LossContext loss)
    {
        double delta = loss.Finite("Delta", 1, 0, orEqual: false);
        string limit = $"Simd.Create({Single(delta)})";
        return new ElementLoss(
            Kind,
            $"Simd.ConditionalSelect(Simd.LessThan(Simd.Abs({{d}}), {limit}), {{d}} * {{d}} * Simd.Create(0.5f), "
            + $"{limit} * (Simd.Abs({{d}}) - Simd.Create({Single(0.5 * delta)})))",
            $"Simd.Max(-{limit}, Simd.Min({limit}, {{d}}))",
            loss.Reduction());
    }
}
