using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class HardSigmoid : Elementwise
{
    public override string Kind => "HardSigmoid";

    public override string Stem => "hardsigmoid";

    public override OperatorDocumentation Documentation => new(
        "[HardSigmoid]", "unchanged", "y = min(max(x + 3, 0), 6)/6", "nn.Hardsigmoid", "Activation('hard_sigmoid')");

    protected override Operation Operation => new Activation(
        Kind,
        "VectorMath.HardSigmoid({x})",
        "Simd.GreaterThan({y}, Vector.Zero) & Simd.LessThan({y}, Vector.One) & ({g} * Simd.Create(1f / 6))");
}
