using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class SiLU : Elementwise
{
    public override string Kind => "SiLU";

    public override string Stem => "silu";

    public override OperatorDocumentation Documentation => new("[SiLU]", "unchanged", "y = x/(1 + e⁻ˣ)", "nn.SiLU", "Activation('silu')");

    protected override Operation Operation => new Activation(
        Kind, "VectorMath.SiLU({x})", "{g} * VectorMath.SiLUGradient({x})", IsIncreasing: false);
}
