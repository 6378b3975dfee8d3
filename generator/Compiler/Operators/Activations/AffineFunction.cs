using System.Collections.Generic;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class AffineFunction : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "Affine";

    public override string Stem => "affine";

    public override OperatorDocumentation Documentation =>
        new("[Affine(a, b)]", "unchanged", "y = a·x + b", "a * x + b", "Rescaling(a, b)");

    public override IReadOnlyList<OperatorCase> Cases =>
        ["Affine(2, -1)", "Affine(-0.5, 0)", "Affine(1, 3)", "Affine(2, 0.5)", "Affine(0.5, 0)"];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<double>("a"), Required<double>("b"), (a, b) => new AffineDefinition(a, b));
}

/// <summary>The input times a number, plus another one.</summary>
internal sealed record AffineDefinition(Argument<double> A, Argument<double> B) : ActivationDefinition("Affine")
{
    protected override Activation Activation(LayerContext layer)
    {
        double a = layer.Finite(A, "a"), b = layer.Finite(B, "b");
        return Graph.Activation.Part(
            $"{NameOf(a, double.NaN)}_plus{NameOf(b, double.NaN).Substring(Kind.Length)}",
            x => b == 0 ? x * a : a == 1 ? x + b : (x * a) + b, derivativeOfOutput: _ => a);
    }
}
