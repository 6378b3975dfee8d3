using Strata.Compiler.Graph;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class ReLU : ShapePreserving
{
    public override string Kind => "ReLU";

    public override string Stem => "relu";

    public override OperatorDocumentation Documentation => new("[ReLU]", "unchanged", "y = max(x, 0)", "nn.ReLU", "ReLU");

    // Zero is the first operand: x86's max returns the second one if an operand is NaN, and NaN must not become zero. As in PyTorch, the
    // gradient passes where the output is NaN.
    protected override Operation Operation =>
        Activation.Create(Kind, isIncreasing: true, x => MaxNative(0, x), derivativeOfOutput: y => ~(y <= 0) & 1);
}
