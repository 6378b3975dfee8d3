using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Expression;

namespace Strata.Compiler.Operators;

internal sealed class ELU : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "ELU";

    public override string Stem => "elu";

    public override OperatorDocumentation Documentation => new(
        "[ELU]", "unchanged", "y = x above 0, else alpha·(eˣ − 1)", "nn.ELU", "ELU");

    public override IReadOnlyList<OperatorCase> Cases => ["ELU", "ELU(1.7)", "ELU(-0.5)"];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Optional("alpha", ELUDefinition.DefaultAlpha), alpha => new ELUDefinition(alpha));
}

/// <summary>The identity above 0, and an exponential below.</summary>
internal sealed record ELUDefinition(Argument<double> Alpha) : ActivationDefinition("ELU")
{
    public const double DefaultAlpha = 1;

    protected override Activation Activation(LayerContext layer)
    {
        double alpha = layer.Finite(Alpha);

        // Below 0, alpha·eˣ = y + alpha. If alpha is negative, the output does not tell the sign of the input.
        bool isIncreasing = alpha >= 0;
        return Graph.Activation.Create(
            NameOf(alpha, DefaultAlpha), isIncreasing, x => Functions.ELU(x, alpha),
            derivativeOfOutput: isIncreasing ? y => Select(y > 0, 1, y + alpha) : null);
    }
}
