using Strata.Generator.Graph;
using static Strata.Generator.Kernels.Expression;

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
        string scale = $"Simd.Create({Single(alpha)})";

        // alpha·eˣ = y + alpha. Where alpha is negative, the output does not tell on which side of 0 the input was.
        bool isIncreasing = alpha >= 0;
        return new Activation(
            NameOf(alpha, DefaultAlpha),
            $"VectorMath.ELU({{x}}, {Single(alpha)})",
            isIncreasing
                ? $"Simd.ConditionalSelect(Simd.GreaterThan({{y}}, Vector.Zero), {{g}}, {{g}} * ({{y}} + {scale}))"
                : $"Simd.ConditionalSelect(Simd.GreaterThan({{x}}, Vector.Zero), {{g}}, {{g}} * {scale} * VectorMath.Exp({{x}}))",
            isIncreasing);
    }
}
