using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class Tanh : Elementwise
{
    public override string Kind => "Tanh";

    public override string Stem => "tanh";

    public override OperatorDocumentation Documentation => new("[Tanh]", "unchanged", "y = (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)", "nn.Tanh", "Activation('tanh')");

    protected override Operation Operation => new Activation(Kind, "VectorMath.Tanh({x})", "{g} * (Vector.One - ({y} * {y}))");
}
