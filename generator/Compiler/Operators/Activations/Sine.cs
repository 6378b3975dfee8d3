using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Sine : ElementaryFunction
{
    public override string Kind => "Sin";

    public override string Stem => "sin";

    public override OperatorDocumentation Documentation => new(
        "[Sin]", "unchanged", "y = sin x", "torch.sin", "ops.sin");

    protected override Expression Value(Expression x) => Functions.Sin(x);
}
