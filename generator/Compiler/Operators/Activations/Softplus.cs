using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Softplus : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "Softplus";

    public override string Stem => "softplus";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces => ["Beta", "Threshold"];

    public override OperatorDocumentation Documentation => new(
        "[Softplus]", "unchanged", "y = ln(1 + e^(Beta·x))/Beta; x where Beta·x > Threshold", "nn.Softplus", "Activation('softplus')");

    public override IReadOnlyList<OperatorCase> Cases =>
        ["Softplus", "Softplus(Beta = 2)", "Softplus(Beta = 2, Threshold = 3)", "Softplus(Threshold = 0.5)"];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("Beta", SoftplusDefinition.DefaultBeta), Property("Threshold", SoftplusDefinition.DefaultThreshold),
        (beta, threshold) => new SoftplusDefinition(beta, threshold));
}

/// <summary>A smooth maximum of the input and 0.</summary>
internal sealed record SoftplusDefinition(Argument<double> Beta, Argument<double> Threshold) : ActivationDefinition("Softplus")
{
    public const double DefaultBeta = 1, DefaultThreshold = 20;

    protected override Activation Activation(LayerContext layer)
    {
        double beta = layer.Finite(Beta), threshold = layer.Finite(Threshold);
        if (!layer.HasErrors && !((float)beta > 0))
        {
            layer.Report(ArgumentProblems.OutOfRange(layer.At(Beta.Name), "Beta", beta, "a positive 32-bit number"));
        }

        // From x = 20 on, ln(1 + eˣ) is x in single precision. If the threshold is lower, the function drops there by ln(1 +
        // e^−Threshold)/Beta. Then it is not increasing, and the output does not determine the input.
        string name = NameOf(beta, DefaultBeta);
        return (beta, threshold) switch
        {
            (1, >= DefaultThreshold) =>
                Graph.Activation.Create(
                    name, isIncreasing: true, x => Functions.Softplus(x), derivativeOfOutput: y => -Functions.Expm1(-y)),
            (_, >= DefaultThreshold) => Graph.Activation.Create(name, isIncreasing: true, x => Functions.Softplus(x, beta, threshold),
                derivativeOfOutput: y => -Functions.Expm1(y * -beta)),
            _ => Graph.Activation.Create(name, isIncreasing: false, x => Functions.Softplus(x, beta, threshold)),
        };
    }
}
