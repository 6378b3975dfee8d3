using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Operators;

internal sealed class HardSigmoid : ShapePreserving
{
    public override string Kind => "HardSigmoid";

    public override string Stem => "hardsigmoid";

    public override OperatorDocumentation Documentation => new(
        "[HardSigmoid]", "unchanged", "y = min(max(x + 3, 0), 6)/6", "nn.Hardsigmoid", "Activation('hard_sigmoid')");

    protected override Operation Operation => Activation.Of(
        Kind, isIncreasing: true, x => Functions.HardSigmoid(x), derivativeOfOutput: y => y > 0 & y < 1 & (1 / 6.0));
}
