using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class Hinge : ClassLossOperator
{
    private const string Flat = "a flat tensor with one value for each class";

    public override string Kind => "Hinge";

    public override OperatorDocumentation Documentation => new(
        "[Hinge]", Flat, "Σ max(0, 1 + x[k] − x[t])/classes over k ≠ t, mean over the samples", "nn.MultiMarginLoss", "");

    public override Loss Build(LossContext loss)
    {
        if (loss.Input is { Rank: > 1 } input)
        {
            loss.Report(
                Rules.LossInput,
                "",
                Flat,
                input.ToString(),
                $"Put [Flatten] and [Dense(classes)] before it: {Arithmetic.Product(input.Extents)} = "
                + $"{Arithmetic.Number(input.Length)} features");
        }
        else
        {
            CheckClasses(loss);
        }

        return new HingeLoss(loss.Reduction(), loss.Finite("Margin", 1, 0, orEqual: true), ClassWeights(loss));
    }
}
