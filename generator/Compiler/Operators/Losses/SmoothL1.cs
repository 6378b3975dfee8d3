using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Expression;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class SmoothL1 : LossOperator
{
    public override OperatorFamily Family => OperatorFamily.Losses;

    public override string Kind => "SmoothL1";

    public override OperatorDocumentation Documentation => new(
        "[SmoothL1]",
        "any",
        "d²/2β where |d| < β, otherwise |d| − β/2, with d = x − target; mean over all values of all samples",
        "nn.SmoothL1Loss",
        "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Flat, "Dense(4), SmoothL1", "Dense(4), SmoothL1(Beta = 0)", "Dense(4), SmoothL1(Beta = 2)",
            "Dense(4), SmoothL1(Beta = 0.3, Reduction = Reduction.Sum)"),
        .. In(Image, "Conv2D(2, 3), SmoothL1"),
    ];

    public override Signature<LossDefinition> Signature { get; } = Takes(
        Property<double>("Beta", 1), Reductions(), (beta, reduction) => new SmoothL1Definition(beta, reduction));
}

/// <summary>Quadratic near 0, and the absolute value minus a constant elsewhere.</summary>
internal sealed record SmoothL1Definition(Argument<double> Beta, Argument<Reduction> Reduction) : LossDefinition
{
    public override Loss Build(LossContext loss)
    {
        double beta = loss.Finite(Beta, 0, orEqual: true);
        Expression d = ElementLoss.D;
        return (float)beta == 0
            ? new ElementLoss(loss.Kind, Abs(d), loss.OneOf(Reduction))
            : new ElementLoss(
                loss.Kind, Select(Abs(d) < beta, d * d * (0.5 / beta), Abs(d) - (0.5 * beta)),
                Max(-1, Min(1, d / beta)), loss.OneOf(Reduction));
    }
}
