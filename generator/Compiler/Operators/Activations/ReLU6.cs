using Strata.Compiler.Graph;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class ReLU6 : ShapePreserving
{
    public override string Kind => "ReLU6";

    // The second layer is relu6_2. Without the underscore it would be relu62, the name of the 62nd ReLU.
    public override string Stem => "relu6_";

    public override OperatorDocumentation Documentation =>
        new("[ReLU6]", "unchanged", "y = min(max(x, 0), 6)", "nn.ReLU6", "ReLU(max_value=6)");

    // The constant is the first operand, as in ReLU, so that NaN stays NaN.
    protected override Operation Operation => Activation.Create(
        Kind, isIncreasing: true, x => MinNative(6, MaxNative(0, x)), derivativeOfOutput: y => y > 0 & y < 6 & 1);
}
