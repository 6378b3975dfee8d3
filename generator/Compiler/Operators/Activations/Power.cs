using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Power : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "Pow";

    public override string Stem => "pow";

    public override OperatorDocumentation Documentation => new(
        "[Pow(exponent)]", "unchanged", "y = xᵖ with exponent p; below 0 it is NaN, unless p is a whole number", "torch.pow", "ops.power");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Pow(2)", "Pow(3)", "Pow(10)", "Affine(1, 3), Pow(-1)", "Sigmoid, Pow(0.5)", "Sigmoid, Pow(-0.5)", "Sigmoid, Pow(1.7)",
        "Abs, Pow(1.5)", "Sigmoid, Pow(2.5)",
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<double>("exponent"), exponent => new PowDefinition(exponent));
}

/// <summary>The input to the power of a number.</summary>
internal sealed record PowDefinition(Argument<double> Exponent) : ActivationDefinition("Pow")
{
    protected override Activation Activation(LayerContext layer)
    {
        double exponent = layer.Finite(Exponent);
        if (exponent == 0)
        {
            layer.Report(ArgumentProblems.OutOfRange(layer.At(Exponent.Name), "exponent", 0L, "another number: x⁰ is always 1"));
        }

        return Graph.Activation.Part(
            NameOf(exponent, double.NaN), x => exponent == -0.5 ? 1 / Functions.Sqrt(x) : Functions.Pow(x, exponent));
    }
}
