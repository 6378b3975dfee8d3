using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class LogSigmoid : Elementwise
{
    public override string Kind => "LogSigmoid";

    public override string Stem => "logsigmoid";

    public override OperatorDocumentation Documentation => new(
        "[LogSigmoid]", "unchanged", "y = −ln(1 + e⁻ˣ)", "nn.LogSigmoid", "Activation('log_sigmoid')");

    // The derivative is σ(−x) = 1 − e^y.
    protected override Operation Operation => new Activation(Kind, "(-VectorMath.Softplus(-{x}))", "-{g} * VectorMath.Expm1({y})");
}
