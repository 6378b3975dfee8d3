using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Expression;

namespace Strata.Compiler.Operators;

internal sealed class LeakyReLU : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "LeakyReLU";

    public override string Stem => "leakyrelu";

    public override OperatorDocumentation Documentation => new(
        "[LeakyReLU(0.01)]", "unchanged", "y = x above 0, else slope·x", "nn.LeakyReLU", "LeakyReLU");

    public override IReadOnlyList<OperatorCase> Cases => ["LeakyReLU", "LeakyReLU(0.3)", "LeakyReLU(-0.3)"];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Optional("slope", LeakyReLUDefinition.DefaultSlope), slope => new LeakyReLUDefinition(slope));
}

/// <summary>ReLU with a slope below 0.</summary>
internal sealed record LeakyReLUDefinition(Argument<double> Slope) : ActivationDefinition("LeakyReLU")
{
    public const double DefaultSlope = 0.01;

    protected override Activation Activation(LayerContext layer)
    {
        double slope = layer.Finite(Slope);

        // With a negative slope, the output does not tell the input's sign. With a slope of 0, −∞ becomes NaN, as in PyTorch.
        return Graph.Activation.Create(
            NameOf(slope, DefaultSlope), isIncreasing: (float)slope > 0, x => Functions.LeakyReLU(x, slope),
            derivativeOfOutput: slope >= 0 ? y => Select(y > 0, 1, slope) : null);
    }
}
