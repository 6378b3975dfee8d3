using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class HardSwish : ShapePreserving
{
    public override string Kind => "HardSwish";

    public override string Stem => "hardswish";

    public override OperatorDocumentation Documentation => new(
        "[HardSwish]", "unchanged", "y = x·min(max(x + 3, 0), 6)/6", "nn.Hardswish", "Activation('hard_swish')");

    protected override Operation Operation => Activation.Create(Kind, isIncreasing: false, x => Functions.HardSwish(x));
}
