using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Exponential : ElementaryFunction
{
    public override string Kind => "Exp";

    public override string Stem => "exp";

    public override OperatorDocumentation Documentation => new("[Exp]", "unchanged", "y = eˣ", "torch.exp", "Activation('exponential')");

    protected override Expression Value(Expression x) => Functions.Exp(x);
}
