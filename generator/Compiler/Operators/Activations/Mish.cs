using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Mish : ShapePreserving
{
    public override string Kind => "Mish";

    public override string Stem => "mish";

    public override OperatorDocumentation Documentation =>
        new("[Mish]", "unchanged", "y = x·tanh(ln(1 + eˣ))", "nn.Mish", "Activation('mish')");

    protected override Operation Operation => Activation.Create(Kind, isIncreasing: false, x => Functions.Mish(x));
}
