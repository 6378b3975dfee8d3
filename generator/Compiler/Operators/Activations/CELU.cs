using System.Collections.Generic;
using Strata.Compiler.Graph;
using static Strata.Compiler.KernelLanguage.Expression;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class CELU : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "CELU";

    public override string Stem => "celu";

    public override OperatorDocumentation Documentation =>
        new("[CELU]", "unchanged", "y = x above 0, else alpha·(e^(x/alpha) − 1)", "nn.CELU", "Activation('celu')");

    public override IReadOnlyList<OperatorCase> Cases => ["CELU", "CELU(0.3)", "CELU(-1.5)"];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Optional("alpha", CELUDefinition.DefaultAlpha), alpha => new CELUDefinition(alpha));
}

/// <summary>ELU with a continuous derivative.</summary>
internal sealed record CELUDefinition(Argument<double> Alpha) : ActivationDefinition("CELU")
{
    public const double DefaultAlpha = 1;

    protected override Activation Activation(LayerContext layer)
    {
        double alpha = layer.Finite(Alpha);
        if (!layer.HasErrors && (float)alpha == 0)
        {
            layer.Report(ArgumentProblems.OutOfRange(
                layer.At(Alpha.Name), "alpha", alpha, "another number: the formula divides by it"));
        }

        // e^(x/alpha) = y/alpha + 1. The function increases for every alpha, so the output has the sign of the input.
        return Graph.Activation.Create(
            NameOf(alpha, DefaultAlpha), isIncreasing: true, x => Select(x > 0, x, alpha * Expm1(x / alpha)),
            derivativeOfOutput: y => Select(y > 0, 1, (y / alpha) + 1));
    }
}
