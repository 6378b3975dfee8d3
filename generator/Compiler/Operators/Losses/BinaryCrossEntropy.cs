using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class BinaryCrossEntropy : LossOperator
{
    public override OperatorFamily Family => OperatorFamily.Losses;

    public override string Kind => "BinaryCrossEntropy";

    public override OperatorDocumentation Documentation => new(
        "[BinaryCrossEntropy]", "any", "−t ln σ(x) − (1 − t) ln(1 − σ(x)), mean over all values of all samples",
        "nn.BCEWithLogitsLoss, nn.BCELoss behind nn.Sigmoid", "BinaryCrossentropy");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Flat, "Dense(4), BinaryCrossEntropy", "Dense(4), BinaryCrossEntropy(Reduction = Reduction.Sum)"),
        .. In(Image, "Conv2D(2, 3), BinaryCrossEntropy"),
    ];

    public override Signature<LossDefinition> Signature { get; } = Takes(
        Reductions(), reduction => new BinaryCrossEntropyDefinition(reduction));
}

/// <summary>Binary cross-entropy: each value answers a question with yes or no.</summary>
internal sealed record BinaryCrossEntropyDefinition(Argument<Reduction> Reduction) : LossDefinition
{
    public override Loss Build(LossContext loss)
    {
        loss.WarnOfActivation("sigmoid", Sigmoid.Function.Equals);

        // For the answer that y does not favour, the loss is larger by |y|. ln(1 + e^−|y|) neither overflows nor cancels, and an infinite
        // |y| with the right sign has no loss. Logarithms of probabilities are clamped to −100, as in PyTorch's BCELoss.
        Expression y = ElementLoss.Y, t = ElementLoss.T, x = Activation.X;
        Expression wrong = Expression.Select(y > 0, 1 - t, t);
        return new ElementLoss(
            loss.Kind, ((wrong > 0) & (wrong * Abs(y))) + Functions.Softplus(-Abs(y)), Functions.Sigmoid(y) - t, loss.OneOf(Reduction))
        {
            Kind = TargetKind.Probabilities,
            Activation = Operators.Sigmoid.Function,
            Inverse = Max(Log(x), -100) - Max(Log(1 - x), -100),
        };
    }
}
