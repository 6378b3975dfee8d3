using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class ReLU : Elementwise
{
    public override string Kind => "ReLU";

    public override string Stem => "relu";

    public override OperatorDocumentation Documentation => new("[ReLU]", "unchanged", "y = max(x, 0)", "nn.ReLU", "ReLU");

    // Zero stands first: x86 returns the second operand where one is NaN, and NaN must not become zero. Its gradient is passed on, as in PyTorch.
    protected override Operation Operation => new Activation(Kind, "Simd.MaxNative(Vector.Zero, {x})", "~Simd.LessThanOrEqual({y}, Vector.Zero) & {g}");
}
