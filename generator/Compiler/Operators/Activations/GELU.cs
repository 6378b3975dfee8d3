using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class GELU : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Activations;

    public override string Kind => "GELU";

    public override string Stem => "gelu";

    public override OperatorDocumentation Documentation => new(
        "[GELU]", "unchanged", "y = ½·x·(1 + erf(x/√2)), or Approximate: ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))", "nn.GELU",
        "Activation('gelu')");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "GELU", "GELU(Approximate = true)",
        .. In(Flat, "GELU"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Property("Approximate", false), approximate => new GELUDefinition(approximate));
}

/// <summary>GELU: x·Φ(x), with Φ the cumulative distribution function of the normal distribution.</summary>
internal sealed record GELUDefinition(Argument<bool> Approximate) : ActivationDefinition("GELU")
{
    protected override Activation Activation(LayerContext layer)
    {
        bool isApproximate = Approximate.Value;
        return Graph.Activation.Create(
            isApproximate ? "GELUTanh" : Kind, isIncreasing: false, x => isApproximate ? Functions.GELUTanh(x) : Functions.GELU(x));
    }
}
