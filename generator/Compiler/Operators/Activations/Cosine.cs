using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Cosine : ElementaryFunction
{
    public override string Kind => "Cos";

    public override string Stem => "cos";

    public override OperatorDocumentation Documentation => new(
        "[Cos]", "unchanged", "y = cos x", "torch.cos", "ops.cos");

    protected override Expression Value(Expression x) => Functions.Cos(x);
}
