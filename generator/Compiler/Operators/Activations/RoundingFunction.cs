using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class RoundingFunction : ElementaryFunction
{
    public override string Kind => "Round";

    public override string Stem => "round";

    public override OperatorDocumentation Documentation => new(
        "[Round]", "unchanged", "y = the nearest whole number; of two, the even one", "torch.round", "ops.round");

    protected override Expression Value(Expression x) => Functions.Round(x);
}
