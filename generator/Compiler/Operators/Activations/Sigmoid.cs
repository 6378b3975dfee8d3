using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Sigmoid : ShapePreserving
{
    public override string Kind => Function.Identifier;

    public override string Stem => "sigmoid";

    public override OperatorDocumentation Documentation =>
        new("[Sigmoid]", "unchanged", "y = 1/(1 + e⁻ˣ)", "nn.Sigmoid", "Activation('sigmoid')");

    public static readonly Activation Function = Activation.Create("Sigmoid", isIncreasing: true, x => Functions.Sigmoid(x));

    protected override Operation Operation => Function;
}
