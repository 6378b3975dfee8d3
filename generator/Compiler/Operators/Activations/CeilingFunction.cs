using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class CeilingFunction : ElementaryFunction
{
    public override string Kind => "Ceil";

    public override string Stem => "ceil";

    public override OperatorDocumentation Documentation => new(
        "[Ceil]", "unchanged", "y = ⌈x⌉", "torch.ceil", "ops.ceil");

    protected override Expression Value(Expression x) => Functions.Ceiling(x);
}
