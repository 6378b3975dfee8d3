using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class HardSigmoid : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "HardSigmoid";

    public override string Stem => "hardsigmoid";

    public override OperatorDocumentation Documentation => new(
        "[HardSigmoid]", "unchanged", "y = min(max(alpha·x + beta, 0), 1), with alpha = 1/6 and beta = 1/2", "nn.Hardsigmoid",
        "Activation('hard_sigmoid')");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "HardSigmoid", "HardSigmoid(0.2, 0.5)", "HardSigmoid(-0.5, 1)", "HardSigmoid(0.1, 0.5)",
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Optional("alpha", HardSigmoidDefinition.DefaultAlpha), Optional("beta", HardSigmoidDefinition.DefaultBeta),
        (alpha, beta) => new HardSigmoidDefinition(alpha, beta));
}

/// <summary>A line, clamped to [0, 1].</summary>
internal sealed record HardSigmoidDefinition(Argument<double> Alpha, Argument<double> Beta) : ActivationDefinition("HardSigmoid")
{
    public const double DefaultAlpha = 1.0 / 6, DefaultBeta = 0.5;

    protected override Activation Activation(LayerContext layer)
    {
        double alpha = layer.Finite(Alpha), beta = layer.Finite(Beta);
        if (alpha == DefaultAlpha && beta == DefaultBeta)
        {
            return Graph.Activation.Create(
                Kind, isIncreasing: true, x => Functions.HardSigmoid(x), derivativeOfOutput: y => y > 0 & y < 1 & (1 / 6.0));
        }

        // The constants are the first operands, so that NaN stays NaN.
        return Graph.Activation.Create(
            $"{NameOf(alpha, double.NaN)}_plus{NameOf(beta, double.NaN).Substring(Kind.Length)}", isIncreasing: alpha > 0,
            x => Functions.MinNative(1, Functions.MaxNative(0, (x * alpha) + beta)), derivativeOfOutput: y => y > 0 & y < 1 & alpha);
    }
}
