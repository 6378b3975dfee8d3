using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class CrossEntropy : ClassLossOperator
{
    public override string Kind => "CrossEntropy";

    public override OperatorDocumentation Documentation => new(
        "[CrossEntropy]", "one value for each class, of each pixel", "−ln(e^x[t]/Σ e^x[k]), mean over the targets", "nn.CrossEntropyLoss", "SparseCategoricalCrossentropy");

    public override Loss Build(LossContext loss)
    {
        double smoothing = loss.Double("LabelSmoothing", 0);
        if (!(smoothing >= 0 && smoothing <= 1))
        {
            loss.Report(Rules.ArgumentOutOfRange, "LabelSmoothing", "LabelSmoothing", Arithmetic.Number(smoothing), "from 0 to 1");
        }

        CheckClasses(loss);
        loss.WarnOfActivation("softmax", layer => layer is Graph.Softmax);
        return new CrossEntropyLoss(loss.Reduction(), smoothing, ClassWeights(loss), loss.Int("IgnoreIndex", -100));
    }
}
