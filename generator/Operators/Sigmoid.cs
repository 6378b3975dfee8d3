using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class Sigmoid : Elementwise
{
    public override string Kind => Function.Name;

    public override string Stem => "sigmoid";

    public override OperatorDocumentation Documentation => new("[Sigmoid]", "unchanged", "y = 1/(1 + e⁻ˣ)", "nn.Sigmoid", "Activation('sigmoid')");

    public static readonly Activation Function = new("Sigmoid", "VectorMath.Sigmoid({x})", "{g} * {y} * (Vector.One - {y})");

    protected override Operation Operation => Function;
}
