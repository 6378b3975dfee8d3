using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class ReLU : Elementwise
{
    public override string Kind => "ReLU";

    public override string Stem => "relu";

    public override OperatorDocumentation Documentation => new("[ReLU]", "unchanged", "y = max(x, 0)", "nn.ReLU", "ReLU");

    protected override Operation Operation => new Activation(ActivationKind.ReLU);
}
