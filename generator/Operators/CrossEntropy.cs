using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class CrossEntropy : ClassLossOperator
{
    public override string Kind => "CrossEntropy";

    public override OperatorDocumentation Documentation => new(
        "[CrossEntropy]", "one value for each class, of each pixel", "−ln(e^x[t]/Σ e^x[k]), mean over the targets", "nn.CrossEntropyLoss",
        "SparseCategoricalCrossentropy");

    public override Loss Build(LossContext loss)
    {
        double smoothing = loss.Share("LabelSmoothing", 0);
        CheckClasses(loss);
        loss.WarnOfActivation("softmax", layer => layer.GivesProbabilities);
        return new CrossEntropyLoss(loss.Reduction(), smoothing, ClassWeights(loss), loss.Int("IgnoreIndex", -100));
    }
}
