using System.Collections.Generic;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class CrossEntropy : ClassLossOperator
{
    public override string Kind => "CrossEntropy";

    public override OperatorDocumentation Documentation => new(
        "[CrossEntropy]", "one value for each class, of each pixel", "−ln(e^x[t]/Σ e^x[k]), mean over the targets", "nn.CrossEntropyLoss",
        "SparseCategoricalCrossentropy");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Flat, "Dense(4), CrossEntropy", "Dense(4), CrossEntropy(LabelSmoothing = 0.1)",
            "Dense(4), CrossEntropy(ClassWeights = new[] { 0.5, 1, 2, 0 })", "Dense(4), CrossEntropy(IgnoreIndex = 1)",
            "Dense(4), CrossEntropy(Reduction = Reduction.Sum)"),
        .. In(Image, "Conv2D(3, 3), CrossEntropy", "Conv2D(3, 3), CrossEntropy(IgnoreIndex = 2, LabelSmoothing = 0.2)"),
    ];

    private static ArgumentSpec<int> IgnoredClass { get; } =
        Property("IgnoreIndex", -100) with { DescribedAs = new DescribedPart(DescribedPartKind.IgnoredClass) };

    public override Signature<LossDefinition> Signature { get; } = Takes(
        Property<double>("LabelSmoothing", 0), ClassWeights, IgnoredClass, Reductions(),
        (smoothing, weights, ignored, reduction) => new CrossEntropyDefinition(smoothing, weights, ignored, reduction));
}

/// <summary>The cross-entropy between softmax of the logits and the right class.</summary>
internal sealed record CrossEntropyDefinition(
    Argument<double> LabelSmoothing, Argument<EquatableArray<double>> ClassWeights, Argument<int> IgnoreIndex,
    Argument<Reduction> Reduction) : ClassLossDefinition
{
    public override Loss Build(LossContext loss)
    {
        double smoothing = loss.Share(LabelSmoothing);
        CheckClasses(loss);
        loss.WarnOfActivation("softmax", layer => layer.GivesProbabilities);
        return new CrossEntropyLoss(loss.OneOf(Reduction), smoothing, Check(loss, ClassWeights), IgnoreIndex.Value);
    }
}
