using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Expression;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class Huber : LossOperator
{
    public override OperatorFamily Family => OperatorFamily.Losses;

    public override string Kind => "Huber";

    public override OperatorDocumentation Documentation => new(
        "[Huber]",
        "any",
        "d²/2 where |d| < δ, otherwise δ(|d| − δ/2), with d = x − target; mean over all values of all samples",
        "nn.HuberLoss",
        "Huber");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Flat, "Dense(4), Huber", "Dense(4), Huber(Delta = 0.3)", "Dense(4), Huber(Delta = 2, Reduction = Reduction.Sum)"),
        .. In(Image, "Conv2D(2, 3), Huber"),
    ];

    public override Signature<LossDefinition> Signature { get; } = Takes(
        Property<double>("Delta", 1), Reductions(), (delta, reduction) => new HuberDefinition(delta, reduction));
}

/// <summary>Quadratic near 0, and linear elsewhere.</summary>
internal sealed record HuberDefinition(Argument<double> Delta, Argument<Reduction> Reduction) : LossDefinition
{
    public override Loss Build(LossContext loss)
    {
        double delta = loss.Finite(Delta, 0, orEqual: false);
        Expression d = ElementLoss.D;
        return new ElementLoss(
            loss.Kind, Select(Abs(d) < delta, d * d * 0.5, delta * (Abs(d) - (0.5 * delta))),
            Max(-delta, Min(delta, d)), loss.OneOf(Reduction));
    }
}
