using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Operators;

internal sealed class Softplus : ParametricActivation
{
    private const double DefaultBeta = 1, DefaultThreshold = 20;

    public override string Kind => "Softplus";

    public override string Stem => "softplus";

    public override EquatableArray<string> PyTorchPlaces => EquatableArray.Of(
        "Beta", "Threshold");

    public override OperatorDocumentation Documentation => new(
        "[Softplus]", "unchanged", "y = ln(1 + e^(Beta·x))/Beta; x where Beta·x > Threshold", "nn.Softplus", "Activation('softplus')");

    protected override Activation Activation(LayerContext layer)
    {
        double beta = layer.Finite("Beta", DefaultBeta), threshold = layer.Finite("Threshold", DefaultThreshold);
        if (!layer.HasErrors && !((float)beta > 0))
        {
            layer.Report(Rules.ArgumentOutOfRange, "Beta", "Beta", Arithmetic.Number(beta), "a positive 32-bit number");
        }

        // From 20 on, ln(1 + eˣ) is x in single precision. With a lower threshold, the function drops by ln(1 + e^−Threshold)/Beta there.
        // It is not increasing then, and the output does not determine the input.
        string name = NameOf(beta, DefaultBeta);
        return (beta, threshold) switch
        {
            (1, >= DefaultThreshold) =>
                Graph.Activation.Of(name, isIncreasing: true, x => Functions.Softplus(x), derivativeOfOutput: y => -Functions.Expm1(-y)),
            (_, >= DefaultThreshold) => Graph.Activation.Of(name, isIncreasing: true, x => Functions.Softplus(x, beta, threshold),
                derivativeOfOutput: y => -Functions.Expm1(y * -beta)),
            _ => Graph.Activation.Of(name, isIncreasing: false, x => Functions.Softplus(x, beta, threshold)),
        };
    }
}
