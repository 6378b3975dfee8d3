using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class AbsoluteValue : ElementaryFunction
{
    public override string Kind => "Abs";

    public override string Stem => "abs";

    public override OperatorDocumentation Documentation => new("[Abs]", "unchanged", "y = |x|", "torch.abs", "ops.abs");

    protected override Expression Value(Expression x) => Functions.Abs(x);
}
