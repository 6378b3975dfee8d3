using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class Sigmoid : Elementwise
{
    public override string Kind => "Sigmoid";

    public override string Stem => "sigmoid";

    public override OperatorDocumentation Documentation => new("[Sigmoid]", "unchanged", "y = 1/(1 + e⁻ˣ)", "nn.Sigmoid", "Activation('sigmoid')");

    protected override Operation Operation => new Activation(Kind, "VectorMath.Sigmoid({x})", "{g} * {y} * (Vector.One - {y})");
}
