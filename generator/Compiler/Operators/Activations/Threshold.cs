using System.Collections.Generic;
using Strata.Compiler.Graph;
using static Strata.Compiler.KernelLanguage.Expression;

namespace Strata.Compiler.Operators;

internal sealed class Threshold : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "Threshold";

    public override string Stem => "threshold";

    public override OperatorDocumentation Documentation =>
        new("[Threshold(threshold, value)]", "unchanged", "y = x above threshold, else value", "nn.Threshold",
            "ThresholdedReLU, where value is 0");

    public override IReadOnlyList<OperatorCase> Cases =>
        ["Threshold(0.1, 20)", "Threshold(-1, -2)", "Threshold(0.25, 0)", "Threshold(0, 0)"];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<double>("threshold"), Required<double>("value"), (threshold, value) => new ThresholdDefinition(threshold, value));
}

/// <summary>A constant up to a threshold, and the identity above.</summary>
internal sealed record ThresholdDefinition(Argument<double> Limit, Argument<double> Value) : ActivationDefinition("Threshold")
{
    protected override Activation Activation(LayerContext layer)
    {
        double threshold = layer.Finite(Limit), value = layer.Finite(Value);

        // The comparison is written so that NaN stays NaN.
        return Graph.Activation.Create(
            $"{NameOf(threshold, double.NaN)}_to{NameOf(value, double.NaN).Substring(Kind.Length)}",
            isIncreasing: value <= threshold, x => Select(x <= threshold, value, x));
    }
}
