using Strata.Generator.Graph;
using static Strata.Generator.KernelLanguage.Expression;

namespace Strata.Generator.Operators;

internal sealed class Threshold : ParametricActivation
{
    public override string Kind => "Threshold";

    public override string Stem => "threshold";

    public override OperatorDocumentation Documentation =>
        new("[Threshold(threshold, value)]", "unchanged", "y = x above threshold, else value", "nn.Threshold",
            "ThresholdedReLU, where value is 0");

    protected override Activation Activation(LayerContext layer)
    {
        double threshold = layer.Finite("threshold", 0), value = layer.Finite("value", 0);

        // NaN stays NaN.
        return Graph.Activation.Of(
            $"{NameOf(threshold, double.NaN)}_to{NameOf(value, double.NaN).Substring(Kind.Length)}",
            isIncreasing: value <= threshold, x => Select(x <= threshold, value, x));
    }
}
