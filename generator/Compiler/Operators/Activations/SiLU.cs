using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class SiLU : ShapePreserving
{
    public override string Kind => "SiLU";

    public override string Stem => "silu";

    public override OperatorDocumentation Documentation => new("[SiLU]", "unchanged", "y = x/(1 + e⁻ˣ)", "nn.SiLU", "Activation('silu')");

    protected override Operation Operation => Activation.Create(Kind, isIncreasing: false, x => Functions.SiLU(x));
}
