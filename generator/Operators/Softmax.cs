using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class Softmax : Elementwise
{
    public override string Kind => "Softmax";

    public override string Stem => "softmax";

    public override OperatorDocumentation Documentation => new("[Softmax]", "unchanged", "y[c] = e^x[c]/Σ e^x[k]", "nn.Softmax(dim=1)", "Softmax");

    protected override Operation Operation => new Graph.Softmax();
}
