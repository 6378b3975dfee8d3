using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class SignFunction : ElementaryFunction
{
    public override string Kind => "Sign";

    public override string Stem => "sign";

    public override OperatorDocumentation Documentation => new(
        "[Sign]", "unchanged", "y = −1, 0 or 1", "torch.sign", "ops.sign");

    protected override Expression Value(Expression x) => Functions.Sign(x);

    protected override Expression? Derivative(Expression x) => 0;
}
