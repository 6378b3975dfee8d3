using System.Collections.Generic;
using Strata.Compiler.Graph;
using static Strata.Compiler.KernelLanguage.Expression;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class Hardshrink : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "Hardshrink";

    public override string Stem => "hardshrink";

    public override OperatorDocumentation Documentation =>
        new("[Hardshrink]", "unchanged", "y = 0 for −lambda ≤ x ≤ lambda, else x", "nn.Hardshrink", "Activation('hard_shrink')");

    public override IReadOnlyList<OperatorCase> Cases => ["Hardshrink", "Hardshrink(0.25)"];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Optional("lambda", HardshrinkDefinition.DefaultLambda), threshold => new HardshrinkDefinition(threshold));
}

/// <summary>0 near 0, and the identity elsewhere.</summary>
internal sealed record HardshrinkDefinition(Argument<double> Lambda) : ActivationDefinition("Hardshrink")
{
    public const double DefaultLambda = 0.5;

    protected override Activation Activation(LayerContext layer)
    {
        double lambda = layer.Finite(Lambda, 0, orEqual: true);

        // The output is 0 exactly where the derivative is 0. So backward needs only the output.
        return Graph.Activation.Create(
            NameOf(lambda, DefaultLambda), isIncreasing: true, x => Select(Abs(x) <= lambda, 0, x),
            derivativeOfOutput: y => Abs(y) > 0 & 1);
    }
}
