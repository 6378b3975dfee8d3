using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Tanh : ShapePreserving
{
    public override string Kind => "Tanh";

    public override string Stem => "tanh";

    public override OperatorDocumentation Documentation =>
        new("[Tanh]", "unchanged", "y = (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)", "nn.Tanh", "Activation('tanh')");

    protected override Operation Operation => Activation.Create(Kind, isIncreasing: true, x => Functions.Tanh(x));
}
