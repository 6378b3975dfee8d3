using System;
using System.Text.RegularExpressions;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests;

/// <summary>
/// Operators that the tests declare as a project would. <see cref="NetworkCompiler"/> adds the declarations to networks that use them.
/// </summary>
internal static partial class OwnOperators
{
    public const string Declarations = """
        /// <summary>x·tanh(softplus(βx)), after Misra 2019.</summary>
        public sealed class BetaMishAttribute : ElementwiseAttribute
        {
            public const double Beta = 1;
            public BetaMishAttribute(double beta = Beta) { }
            public static float Value(float x) => x * System.MathF.Tanh(Functions.Softplus((float)Beta * x));
        }

        /// <summary>Three pieces, with kinks between them.</summary>
        public sealed class PiecesAttribute : ElementwiseAttribute
        {
            public static float Value(float x) => x < -1 ? 0 : x > 1 ? x * x : 0.5f * (x + 1);
        }

        /// <summary>x + sin²(αx)/α (Ziyin et al. 2020).</summary>
        public sealed class SnakeAttribute : ElementwiseAttribute
        {
            public const double Alpha = 1;
            public SnakeAttribute(double alpha = Alpha) { }
            public static float Value(float x)
            {
                float sine = System.MathF.Sin((float)Alpha * x);
                return x + (sine * sine / (float)Alpha);
            }
        }

        /// <summary>The cube of another operator's value.</summary>
        public sealed class CubedAttribute : ElementwiseAttribute
        {
            public static float Value(float x) => Powers.Cube(PiecesAttribute.Value(x));
        }

        public static class Powers
        {
            public static float Cube(float x) => x * x * x;
        }

        /// <summary>A clamped line that is 0 or 1 far from 0.</summary>
        public sealed class RampAttribute : ElementwiseAttribute
        {
            public const int Width = 2;
            public RampAttribute(int width = Width) { }
            public static float Value(float x) => System.Math.Clamp((x / Width) + 0.5f, 0, 1);
        }

        /// <summary>a·σ(b).</summary>
        public sealed class GateAttribute : ElementwiseAttribute
        {
            public static float Value(float sample, float value) => sample * Functions.Sigmoid(value);
        }

        /// <summary>The larger of two tensors, and half of the smaller.</summary>
        public sealed class LargerAttribute : ElementwiseAttribute
        {
            public static float Value(float a, float b) => System.MathF.Max(a, b) + (0.5f * System.MathF.Min(a, b));
        }

        /// <summary>Two parts that are used twice, of parameters with the names of locals in kernels.</summary>
        public sealed class WavesAttribute : ElementwiseAttribute
        {
            public static float Value(float part1, float part2)
            {
                float product = part1 * part2, sine = System.MathF.Sin(product);
                return (sine * sine) + (product * part1) + part2;
            }
        }

        /// <summary>x above 0, else w[c]·x.</summary>
        public sealed class SlopesAttribute : ElementwiseAttribute
        {
            [Trained(PerChannel = true, Key = "weight")] public const double Slope = 0.25;
            public SlopesAttribute(double slope = Slope) { }
            public static float Value(float x) => x > 0 ? x : (float)Slope * x;
        }

        /// <summary>x·σ(βx) with a trained β (Ramachandran et al. 2017).</summary>
        public sealed class TrainedSwishAttribute : ElementwiseAttribute
        {
            [Trained] public const double Beta = 1;
            public static float Value(float g) => g * Functions.Sigmoid((float)Beta * g);
        }

        /// <summary>ln cosh(x − target), without overflow.</summary>
        public sealed class LogCoshAttribute : ElementwiseLossAttribute
        {
            public static float Value(float output, float target)
            {
                float d = System.MathF.Abs(output - target);
                return d + Functions.Softplus(-2 * d) - System.MathF.Log(2);
            }
        }
        """;

    /// <summary>Those that random networks draw, with twins of their methods.</summary>
    public static OwnJoin Gate { get; } = new("Gate", new((a, b) => a / (1 + Math.Exp(-b)), 8));

    public static OwnLayer Pieces { get; } =
        new("Pieces", new((x, _) => x < -1 ? 0 : x > 1 ? x * x : 0.5 * (x + 1), 3, (-1, true), (1, false)), "pieces");

    public static OwnLayer Slopes { get; } =
        new("Slopes", new((x, w) => x > 0 ? x : w * x, 2, (0, false)), "slopes", "weight", PerChannel: true);

    public static OwnLayer TrainedSwish { get; } =
        new("TrainedSwish", new((x, w) => x / (1 + Math.Exp(-w * x)), 12) { IsProduct = true }, "trainedswish", "beta");

    public static OwnLayer BetaMish(double beta) => new(
        FormattableString.Invariant($"BetaMish({beta:R})"),
        new((x, _) => x * Math.Tanh(Math.Log(1 + Math.Exp(beta * x))), 12) { IsProduct = true }, "betamish");

    public static bool AreUsedIn(string declaration) => Uses().IsMatch(declaration);

    [GeneratedRegex(@"(?<=[\[ ])(BetaMish|Pieces|Snake|Cubed|Ramp|Gate|Larger|Waves|Slopes|TrainedSwish|LogCosh)(?=[\](,])")]
    private static partial Regex Uses();
}
