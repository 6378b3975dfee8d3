using System.Collections.Generic;
using Strata.Compiler.Graph;
using static Strata.Compiler.KernelLanguage.Expression;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class Softshrink : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "Softshrink";

    public override string Stem => "softshrink";

    public override OperatorDocumentation Documentation =>
        new("[Softshrink]", "unchanged", "y = x − lambda above lambda, x + lambda below −lambda, else 0", "nn.Softshrink",
            "Activation('soft_shrink')");

    public override IReadOnlyList<OperatorCase> Cases => ["Softshrink", "Softshrink(1.5)"];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Optional("lambda", SoftshrinkDefinition.DefaultLambda), threshold => new SoftshrinkDefinition(threshold));
}

/// <summary>0 near 0. Elsewhere, the input is moved towards 0 by lambda.</summary>
internal sealed record SoftshrinkDefinition(Argument<double> Lambda) : ActivationDefinition("Softshrink")
{
    public const double DefaultLambda = 0.5;

    protected override Activation Activation(LayerContext layer)
    {
        double lambda = layer.Finite(Lambda, 0, orEqual: true);

        // The output is 0 exactly where the derivative is 0. So backward needs only the output.
        return Graph.Activation.Create(
            NameOf(lambda, DefaultLambda), isIncreasing: true, x => Select(Abs(x) <= lambda, 0, x - CopySign(lambda, x)),
            derivativeOfOutput: y => Abs(y) > 0 & 1);
    }
}
