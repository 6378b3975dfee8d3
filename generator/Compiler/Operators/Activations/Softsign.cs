using Strata.Compiler.Graph;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class Softsign : ShapePreserving
{
    public override string Kind => "Softsign";

    public override string Stem => "softsign";

    public override OperatorDocumentation Documentation =>
        new("[Softsign]", "unchanged", "y = x/(1 + |x|)", "nn.Softsign", "Activation('softsign')");

    // At infinities the result is NaN, as in PyTorch. Therefore max pooling must not be moved before it. The derivative has a formula of
    // its own: the quotient rule would subtract numbers that are nearly equal if |x| is large.
    protected override Operation Operation =>
        Activation.Create(Kind, isIncreasing: false, x => x / (1 + Abs(x)), derivative: x => 1 / ((1 + Abs(x)) * (1 + Abs(x))));
}
