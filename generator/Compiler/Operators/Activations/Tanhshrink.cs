using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Tanhshrink : ShapePreserving
{
    public override string Kind => "Tanhshrink";

    public override string Stem => "tanhshrink";

    public override OperatorDocumentation Documentation =>
        new("[Tanhshrink]", "unchanged", "y = x − tanh(x)", "nn.Tanhshrink", "Activation('tanh_shrink')");

    // The derivative has a formula of its own: 1 − (1 − tanh²) would cancel near 0.
    protected override Operation Operation => Activation.Create(
        Kind, isIncreasing: true, x => x - Functions.Tanh(x), derivative: x => Functions.Tanh(x) * Functions.Tanh(x));
}
