using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class CrossEntropy : LossOperator
{
    public override string Kind => "CrossEntropy";

    public override LossKind Loss => LossKind.CrossEntropy;

    public override OperatorDocumentation Documentation => new(
        "[CrossEntropy]",
        "a flat tensor with one value for each class",
        "−ln(e^x[t]/Σ e^x[k]), mean over the samples",
        "nn.CrossEntropyLoss",
        "SparseCategoricalCrossentropy");

    public override void Check(LossContext loss)
    {
        if (loss.Input is not { } input)
        {
            return;
        }

        if (input.Rank != 1)
        {
            loss.Report(
                Rules.LossInput,
                "",
                "a flat tensor with one value for each class",
                input.ToString(),
                $"Put [Flatten] and [Dense(classes)] before it: {Arithmetic.Product(input.Extents)} = {Arithmetic.Number(input.Length)} features");
        }
        else if (input.Channels < 2)
        {
            loss.Report(
                Rules.LossInput,
                "",
                "at least two classes",
                input.ToString(),
                "With one class the loss is always 0. Use [MeanSquaredError], or one output for each class");
        }

        WarnOfActivation(loss);
    }

    /// <summary>Looks through the layers that only move or drop values for the activation that made them.</summary>
    private static void WarnOfActivation(LossContext loss)
    {
        for (int i = loss.Layers.Count - 1; i > 0; i--)
        {
            Node layer = loss.Layers[i];
            bool last = i == loss.Layers.Count - 1;
            switch (layer.Operation)
            {
                case Graph.Softmax when last:
                    return;

                case Graph.Softmax:
                    loss.ReportExactly(
                        Rules.CrossEntropyBehindActivation,
                        "",
                        $"{loss.Layers[loss.Layers.Count - 1].Kind} '{loss.Layers[loss.Layers.Count - 1].Name}'",
                        $"Softmax '{layer.Name}' would be applied a second time: move it to the end");
                    return;

                case Activation:
                    loss.ReportExactly(
                        Rules.CrossEntropyBehindActivation, "", $"{layer.Kind} '{layer.Name}'", "Remove that activation, or use [Softmax]");
                    return;

                case Graph.Flatten or Graph.Dropout:
                    continue;

                default:
                    return;
            }
        }
    }
}
