using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;
using static Strata.Generator.KernelLanguage.Expression;

namespace Strata.Generator.Operators;

internal sealed class ELU : ParametricActivation
{
    private const double DefaultAlpha = 1;

    public override string Kind => "ELU";

    public override string Stem => "elu";

    public override OperatorDocumentation Documentation => new(
        "[ELU]", "unchanged", "y = x above 0, else alpha·(eˣ − 1)", "nn.ELU", "ELU");

    protected override Activation Activation(LayerContext layer)
    {
        double alpha = layer.Finite("alpha", DefaultAlpha);

        // alpha·eˣ = y + alpha. If alpha is negative, the sign of the input cannot be told from the output.
        bool isIncreasing = alpha >= 0;
        return Graph.Activation.Of(
            NameOf(alpha, DefaultAlpha), isIncreasing, x => Functions.ELU(x, alpha),
            derivativeOfOutput: isIncreasing ? y => Select(y > 0, 1, y + alpha) : null);
    }
}
