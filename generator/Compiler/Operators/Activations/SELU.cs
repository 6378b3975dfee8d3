using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Expression;

namespace Strata.Compiler.Operators;

internal sealed class SELU : ShapePreserving
{
    private const double Alpha = 1.6732632423543772848170429916717, Scale = 1.0507009873554804934193349852946;

    public override string Kind => "SELU";

    public override string Stem => "selu";

    public override OperatorDocumentation Documentation => new(
        "[SELU]", "unchanged", "y = 1.0507·x above 0, else 1.0507·1.6733·(eˣ − 1)", "nn.SELU", "Activation('selu')");

    // Below 0, the derivative is y + scale·alpha.
    protected override Operation Operation => Activation.Create(
        Kind, isIncreasing: true, x => Scale * Functions.ELU(x, Alpha), derivativeOfOutput: y => Select(y > 0, Scale, y + (Scale * Alpha)));
}
