using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class GELU : ParametricActivation
{
    public override string Kind => "GELU";

    public override string Stem => "gelu";

    public override OperatorDocumentation Documentation => new(
        "[GELU]", "unchanged", "y = ½·x·(1 + erf(x/√2)), or Approximate: ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))", "nn.GELU", "Activation('gelu')");

    protected override Activation Activation(LayerContext layer)
    {
        string function = layer.Bool("Approximate", false) ? "GELUTanh" : "GELU";
        return new Activation(function, $"VectorMath.{function}({{x}})", $"{{g}} * VectorMath.{function}Gradient({{x}})", IsIncreasing: false);
    }
}
