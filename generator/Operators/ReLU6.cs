using Strata.Generator.Graph;
using static Strata.Generator.KernelLanguage.Functions;

namespace Strata.Generator.Operators;

internal sealed class ReLU6 : ShapePreserving
{
    public override string Kind => "ReLU6";

    // The second is relu6_2, not relu62: that is what the 62nd ReLU is called.
    public override string Stem => "relu6_";

    public override OperatorDocumentation Documentation =>
        new("[ReLU6]", "unchanged", "y = min(max(x, 0), 6)", "nn.ReLU6", "ReLU(max_value=6)");

    // The constants come first, as in ReLU, so that NaN stays NaN.
    protected override Operation Operation => Activation.Of(
        Kind, isIncreasing: true, x => MinNative(6, MaxNative(0, x)), derivativeOfOutput: y => y > 0 & y < 6 & 1);
}
