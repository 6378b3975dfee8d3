using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Operators;

internal sealed class GELU : ParametricActivation
{
    public override string Kind => "GELU";

    public override string Stem => "gelu";

    public override OperatorDocumentation Documentation => new(
        "[GELU]", "unchanged", "y = ½·x·(1 + erf(x/√2)), or Approximate: ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))", "nn.GELU",
        "Activation('gelu')");

    protected override Activation Activation(LayerContext layer)
    {
        bool isApproximate = layer.Bool("Approximate", false);
        return Graph.Activation.Of(
            isApproximate ? "GELUTanh" : Kind, isIncreasing: false, x => isApproximate ? Functions.GELUTanh(x) : Functions.GELU(x));
    }
}
