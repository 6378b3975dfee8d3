using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class HardSwish : Elementwise
{
    public override string Kind => "HardSwish";

    public override string Stem => "hardswish";

    public override OperatorDocumentation Documentation => new(
        "[HardSwish]", "unchanged", "y = x·min(max(x + 3, 0), 6)/6", "nn.Hardswish", "Activation('hard_swish')");

    protected override Operation Operation => new Activation(
        Kind, "VectorMath.HardSwish({x})", "{g} * VectorMath.HardSwishGradient({x})", IsIncreasing: false);
}
