using System.Collections.Generic;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class Hinge : ClassLossOperator
{
    public override string Kind => "Hinge";

    public override OperatorDocumentation Documentation => new(
        "[Hinge]", HingeDefinition.Flat, "Σ max(0, 1 + x[k] − x[t])/classes over k ≠ t, mean over the samples", "nn.MultiMarginLoss", "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Flat, "Dense(4), Hinge", "Dense(4), Hinge(Margin = 0.5)", "Dense(4), Hinge(ClassWeights = new[] { 0.5, 1, 2, 3 })",
            "Dense(4), Hinge(Reduction = Reduction.Sum)"),
    ];

    public override Signature<LossDefinition> Signature { get; } = Takes(
        Property<double>("Margin", 1), ClassWeights, Reductions(),
        (margin, classWeights, reduction) => new HingeDefinition(margin, classWeights, reduction));
}

/// <summary>The multi-class hinge loss.</summary>
internal sealed record HingeDefinition(
    Argument<double> Margin, Argument<EquatableArray<double>> ClassWeights, Argument<Reduction> Reduction) : ClassLossDefinition
{
    public const string Flat = "a flat tensor with one value for each class";

    public override Loss Build(LossContext loss)
    {
        if (loss.Input is { Rank: > 1 } input)
        {
            loss.Report(LossProblems.WrongInput(
                loss.Here, Flat, input, $"Put [Flatten] and [Dense(classes)] before it: {ShapeProblems.FeaturesOf(input)}"));
        }
        else
        {
            CheckClasses(loss);
        }

        return new HingeLoss(loss.OneOf(Reduction), loss.Finite(Margin, 0, orEqual: true), Check(loss, ClassWeights));
    }
}
