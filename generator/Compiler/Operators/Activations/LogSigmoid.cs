using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class LogSigmoid : ShapePreserving
{
    public override string Kind => "LogSigmoid";

    public override string Stem => "logsigmoid";

    public override OperatorDocumentation Documentation => new(
        "[LogSigmoid]", "unchanged", "y = −ln(1 + e⁻ˣ)", "nn.LogSigmoid", "Activation('log_sigmoid')");

    // The derivative is σ(−x) = 1 − e^y.
    protected override Operation Operation =>
        Activation.Create(Kind, isIncreasing: true, x => -Functions.Softplus(-x), derivativeOfOutput: y => -Functions.Expm1(y));
}
