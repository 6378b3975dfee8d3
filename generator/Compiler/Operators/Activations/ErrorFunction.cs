using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class ErrorFunction : ElementaryFunction
{
    public override string Kind => "Erf";

    public override string Stem => "erf";

    public override OperatorDocumentation Documentation => new(
        "[Erf]", "unchanged", "y = 2/√π·∫e^−t² dt from 0 to x", "torch.erf", "ops.erf");

    protected override Expression Value(Expression x) => Functions.Erf(x);
}
