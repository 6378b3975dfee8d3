using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Strata.CompilerServices;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Runtime.Tests;

public class VectorMathTests
{
    public enum Function
    {
        Exp,
        Log,
        Sigmoid,
        Tanh,
        Erf,
        Expm1,
        Log1p,
        Sin,
        Cos,
        Pow,
        LeakyReLU,
        ELU,
        Softplus,
        SteepSoftplus,
        SiLU,
        SiLUGradient,
        Mish,
        MishGradient,
        GELU,
        GELUGradient,
        GELUTanh,
        GELUTanhGradient,
        HardSigmoid,
        HardSwish,
        HardSwishGradient,
    }

    private const float Slope = 0.01f, Alpha = 1.5f, Exponent = 1.5f, Beta = 4, Threshold = 5;

    public static TheoryData<Function> AllFunctions => [.. Enum.GetValues<Function>()];

    // What VectorMath's remarks promise.
    [Theory]
    [InlineData(Function.Exp, 1.1)]
    [InlineData(Function.Log, 2.3)]
    [InlineData(Function.Sigmoid, 2.4)]
    [InlineData(Function.Tanh, 1.4)]
    [InlineData(Function.Erf, 1.3)]
    [InlineData(Function.Expm1, 1.6)]
    [InlineData(Function.Log1p, 3.0)]
    [InlineData(Function.Sin, 1.0)]
    [InlineData(Function.Cos, 1.0)]
    [InlineData(Function.Pow, 0.6)]
    [InlineData(Function.LeakyReLU, 0.5)]
    [InlineData(Function.ELU, 1.7)]
    [InlineData(Function.Softplus, 2.8)]
    [InlineData(Function.SteepSoftplus, 2.8)]
    [InlineData(Function.SiLU, 3.0)]
    [InlineData(Function.SiLUGradient, 5.5)]
    [InlineData(Function.Mish, 3.5)]
    [InlineData(Function.MishGradient, 6.0)]
    [InlineData(Function.GELU, 7.0)]
    [InlineData(Function.GELUGradient, 4.5)]
    [InlineData(Function.GELUTanh, 3.0)]
    [InlineData(Function.GELUTanhGradient, 6.0)]
    [InlineData(Function.HardSigmoid, 1.4)]
    [InlineData(Function.HardSwish, 2.5)]
    [InlineData(Function.HardSwishGradient, 0.7)]
    public void Errors_over_all_exponents_stay_within_the_stated_ulps(Function function, double bound)
    {
        // Every 1021st float, both signs, subnormals, infinities and NaNs included.
        double worst = 0;
        float worstAt = 0;
        Span<float> values = stackalloc float[16];
        Span<float> results = stackalloc float[16];
        for (long bits = 0; bits <= uint.MaxValue; bits += 16 * 1021)
        {
            for (int i = 0; i < 16; i++)
            {
                values[i] = BitConverter.UInt32BitsToSingle((uint)Math.Min(bits + (i * 1021), uint.MaxValue));
            }

            Evaluate(function, 16, values, results);
            for (int i = 0; i < 16; i++)
            {
                double error = UlpError(results[i], Exact(function, values[i]), LargestTerm(function, values[i]));
                if (error > worst)
                {
                    (worst, worstAt) = (error, values[i]);
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{function}: {worst:F3} ulp at {worstAt:R}");
        Assert.True(worst <= bound, $"{function}({worstAt:R}) is off by {worst} ulp");
    }

    [Fact]
    public void Every_function_is_there_for_every_width()
    {
        Assert.Equal(Enum.GetValues<Function>(), Overloads<Vector512<float>>.All.Keys.Order());
        Assert.Equal(Enum.GetValues<Function>(), Overloads<Vector256<float>>.All.Keys.Order());
        Assert.Equal(Enum.GetValues<Function>(), Overloads<Vector128<float>>.All.Keys.Order());
        Assert.NotEmpty(Overloads<float>.All);
    }

    [Theory]
    [MemberData(nameof(AllFunctions))]
    public void All_widths_compute_the_same_bits(Function function)
    {
        // Floats of all exponents, infinities, NaNs and subnormals among them, and as many of usual sizes.
        Span<float> values = stackalloc float[16], expected = stackalloc float[16], actual = stackalloc float[16];
        var random = new Random(5);
        for (int round = 0; round < 40_000; round++)
        {
            foreach (ref float value in values)
            {
                value = round % 2 == 0
                    ? BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))
                    : (float)((random.NextDouble() - 0.3) * Math.Pow(10, random.Next(-4, 3)));
            }

            Evaluate<Vector512<float>>(function, values, expected);
            Evaluate<Vector256<float>>(function, values, actual);
            AssertSameBits(function, values, expected, actual);
            Evaluate<Vector128<float>>(function, values, actual);
            AssertSameBits(function, values, expected, actual);
            if (Overloads<float>.All.ContainsKey(function))
            {
                Evaluate<float>(function, values, actual);
                AssertSameBits(function, values, expected, actual);
            }
        }
    }

    /// <summary>Kernels run so. No function may depend on a denormal number on its way to another result.</summary>
    [Theory]
    [MemberData(nameof(AllFunctions))]
    public void With_denormal_numbers_as_zero_results_change_by_less_than_the_least_normal_number(Function function)
    {
        Span<float> values = stackalloc float[16], flushed = stackalloc float[16], expected = stackalloc float[16],
            actual = stackalloc float[16];
        var random = new Random(6);
        for (int round = 0; round < 20_000; round++)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (round % 4) switch
                {
                    0 => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)),
                    1 => BitConverter.Int32BitsToSingle(random.Next(0x01000000)) * (i % 2 == 0 ? 1 : -1),
                    2 => -85 - (20 * random.NextSingle()),
                    _ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-38, 3))),
                };
                flushed[i] = float.IsSubnormal(values[i]) ? MathF.CopySign(0, values[i]) : values[i];
            }

            Evaluate<Vector512<float>>(function, flushed, expected);
            using (Denormals.Flush())
            {
                Evaluate<Vector512<float>>(function, values, actual);
            }

            for (int i = 0; i < values.Length; i++)
            {
                // A result that is nearly denormal may have been rounded from one.
                const float LeastNormal = 1.17549435e-38f;
                bool isSame = BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])
                    || (float.IsNaN(expected[i]) && float.IsNaN(actual[i])) || float.Abs(expected[i] - actual[i]) <= LeastNormal;
                Assert.True(isSame, $"{function}({values[i]:G9}) is {actual[i]:G9}, not {expected[i]:G9}");
            }
        }
    }

    [Fact]
    public void Square_roots_are_correctly_rounded()
    {
        for (long bits = 0; bits <= uint.MaxValue; bits += 100_003)
        {
            float x = BitConverter.UInt32BitsToSingle((uint)bits), expected = (float)Math.Sqrt(x);
            Assert.Equal(expected, Vector512.Sqrt(Vector512.Create(x))[3]);
            Assert.Equal(expected, Vector256.Sqrt(Vector256.Create(x))[3]);
            Assert.Equal(expected, Vector128.Sqrt(Vector128.Create(x))[3]);
            Assert.Equal(expected, Scalar.Sqrt(x));
        }

        foreach (float x in (float[])[0, -0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.Epsilon, float.MaxValue, -1])
        {
            Assert.Equal(MathF.Sqrt(x), Vector512.Sqrt(Vector512.Create(x))[0]);
            Assert.Equal(float.IsNegative(x) && x == 0, float.IsNegative(Scalar.Sqrt(x)) && x == 0);
        }
    }

    [Fact]
    public void Special_values_come_out_as_in_IEEE_754()
    {
        float[] at = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.MaxValue, float.MinValue, float.Epsilon];
        AssertResults(Function.Exp, at, [float.NaN, float.PositiveInfinity, 0, 1, 1, float.PositiveInfinity, 0, 1]);
        AssertResults(Function.Sigmoid, at, [float.NaN, 1, 0, 0.5f, 0.5f, 1, 0, 0.5f]);
        AssertResults(Function.Tanh, at, [float.NaN, 1, -1, 0f, -0f, 1, -1, float.Epsilon]);
        AssertResults(Function.Erf, at, [float.NaN, 1, -1, 0f, -0f, 1, -1, float.Epsilon]);
        AssertResults(Function.Expm1, at, [float.NaN, float.PositiveInfinity, -1, 0f, -0f, float.PositiveInfinity, -1, float.Epsilon]);
        AssertResults(
            Function.Log1p, at,
            [
                float.NaN, float.PositiveInfinity, float.NaN, 0f, -0f, MathF.Log(float.MaxValue), float.NaN, float.Epsilon,
            ]);
        AssertResults(Function.Log1p, [-1], [float.NegativeInfinity]);
        AssertResults(
            Function.LeakyReLU, at,
            [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.MaxValue, float.MinValue * Slope, float.Epsilon]);
        AssertResults(Function.ELU, at, [float.NaN, float.PositiveInfinity, -Alpha, 0f, -0f, float.MaxValue, -Alpha, float.Epsilon]);
        AssertResults(
            Function.Softplus, at, [float.NaN, float.PositiveInfinity, 0, MathF.Log(2), MathF.Log(2), float.MaxValue, 0, MathF.Log(2)]);
        AssertResults(
            Function.SteepSoftplus,
            at,
            [
                float.NaN, float.PositiveInfinity, 0, MathF.Log(2) / Beta, MathF.Log(2) / Beta, float.MaxValue, 0, MathF.Log(2) / Beta,
            ]);
        foreach (Function function in (Function[])[Function.SiLU, Function.GELU, Function.GELUTanh, Function.HardSwish])
        {
            // Half of the smallest number is rounded to even.
            AssertResults(function, at, [float.NaN, float.PositiveInfinity, -0f, 0f, -0f, float.MaxValue, -0f, 0f]);
        }

        foreach (Function function in (Function[])[Function.SiLUGradient, Function.GELUGradient, Function.GELUTanhGradient,
            Function.HardSwishGradient])
        {
            AssertResults(function, at, [float.NaN, 1, 0, 0.5f, 0.5f, 1, 0, 0.5f], signed: false);
        }

        AssertResults(Function.Mish, at, [float.NaN, float.PositiveInfinity, -0f, 0f, -0f, float.MaxValue, -0f, float.Epsilon]);
        AssertResults(Function.MishGradient, at, [float.NaN, 1, 0, 0.6f, 0.6f, 1, 0, 0.6f], signed: false);
        AssertResults(Function.HardSigmoid, at, [float.NaN, 1, 0, 0.5f, 0.5f, 1, 0, 0.5f]);
        AssertResults(
            Function.Log,
            at,
            [
                float.NaN, float.PositiveInfinity, float.NaN, float.NegativeInfinity, float.NegativeInfinity,
                MathF.Log(float.MaxValue), float.NaN, MathF.Log(float.Epsilon),
            ]);
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(-0.5f)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(30000000)]
    public void Powers_of_whole_numbers_have_the_right_sign(float exponent)
    {
        for (long bits = 0; bits <= uint.MaxValue; bits += 100_003)
        {
            float x = BitConverter.UInt32BitsToSingle((uint)bits), y = VectorMath.Pow(Vector128.Create(x), exponent)[1];
            Assert.True(UlpError(y, exponent == -0.5f && x < 0 ? double.NaN : Math.Pow(x, exponent), 0) <= 0.6, $"{x:R} to the {exponent}");
        }
    }

    [Fact]
    public void Far_below_zero_the_smooth_rectifiers_keep_their_accuracy()
    {
        // Where 1 + erf and 1 + tanh would be 0 long since; the last results are subnormal.
        AssertResults(Function.GELU, [-6, -10, -13.5f], [-5.919525870e-9f, -7.619853024e-23f, -1.055538986e-40f], ulps: 7);
        AssertResults(Function.Mish, [-20, -80, -100], [-4.122307236e-8f, -1.443881110e-33f, -3.720075976e-42f], ulps: 4);
        AssertResults(Function.SiLU, [-20, -80, -100], [-4.122307236e-8f, -1.443881110e-33f, -3.720075976e-42f], ulps: 3);
    }

    private static void AssertSameBits(Function function, ReadOnlySpan<float> values, ReadOnlySpan<float> expected,
        ReadOnlySpan<float> actual)
    {
        for (int i = 0; i < values.Length; i++)
        {
            int expectedBits = BitConverter.SingleToInt32Bits(expected[i]), actualBits = BitConverter.SingleToInt32Bits(actual[i]);

            // Of several NaNs, an operation returns the one that the JIT put first: its sign differs between processors.
            if (expectedBits != actualBits && !(float.IsNaN(expected[i]) && float.IsNaN(actual[i])))
            {
                Assert.Fail($"{function}({values[i]:R}) is {expectedBits:x8} at 16 lanes and {actualBits:x8} at fewer");
            }
        }
    }

    private static void AssertResults(Function function, float[] at, float[] expected, bool signed = true, double ulps = 0)
    {
        foreach (int width in (int[])[16, 8, 4])
        {
            float[] values = new float[16];
            at.CopyTo(values, 0);
            float[] results = new float[16];
            Evaluate(function, width, values, results);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(
                    expected[i].Equals(results[i]) || UlpError(results[i], expected[i], 0) <= ulps,
                    $"{function}({at[i]}) is {results[i]:R} at width {width}");
                Assert.True(
                    !signed || float.IsNaN(expected[i]) || float.IsNegative(expected[i]) == float.IsNegative(results[i]),
                    $"sign of {function}({at[i]})");
            }
        }
    }

    private static double Exact(Function function, double x) => function switch
    {
        Function.Exp => Math.Exp(x),
        Function.Log => Math.Log(x),
        Function.Sigmoid => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x)),
        Function.Tanh => Math.Tanh(x),
        Function.Erf => ErrorFunction(x),
        Function.Expm1 => Math.Abs(x) < 1e-5 ? x + (0.5 * x * x) : Math.Exp(x) - 1,
        Function.Log1p => Math.Abs(x) < 1e-5 ? x - (0.5 * x * x) : Math.Log(1 + x),
        Function.Sin => Math.Sin(x),
        Function.Cos => Math.Cos(x),
        Function.Pow => x < 0 ? double.NaN : Math.Pow(x, Exponent),
        Function.LeakyReLU => x > 0 ? x : Slope * x,
        Function.ELU => x > 0 ? x : Alpha * Exact(Function.Expm1, x),
        Function.Softplus => x > 40 ? x : Log1p(Math.Exp(x)),
        Function.SteepSoftplus => (float)(x * Beta) > Threshold ? x : Log1p(Math.Exp(x * Beta)) / Beta,
        Function.SiLU => x < -1e3 ? -0.0 : x * Exact(Function.Sigmoid, x),
        Function.Mish => x < -1e3 ? -0.0 : x * Math.Tanh(Exact(Function.Softplus, x)),
        Function.GELU => x < -1e3 ? -0.0 : x * NormalDistribution.Cumulative(x),
        Function.GELUTanh => x < -1e3 ? -0.0 : x * Exact(Function.Sigmoid, Cubic(x)),
        Function.HardSigmoid => Math.Clamp(x + 3, 0, 6) / 6,
        Function.HardSwish => x < -3 ? -0.0 : x * Math.Clamp(x + 3, 0, 6) / 6,
        Function.HardSwishGradient => x <= -3 ? 0 : x >= 3 ? 1 : (x / 3) + 0.5,
        _ => FirstTerm(function, x) + SecondTerm(function, x),
    };

    /// <summary>Of the derivatives that are sums and have a zero, near which only the absolute error can be small.</summary>
    private static double LargestTerm(Function function, double x) => function switch
    {
        Function.SiLUGradient or Function.MishGradient or Function.GELUGradient or Function.GELUTanhGradient =>
            Math.Max(FirstTerm(function, x), Math.Abs(SecondTerm(function, x))),
        Function.HardSwishGradient => Math.Abs(x) < 3 ? 0.5 : 0,
        _ => 0,
    };

    private static double FirstTerm(Function function, double x) => function switch
    {
        Function.SiLUGradient => Exact(Function.Sigmoid, x),
        Function.MishGradient => Math.Tanh(Exact(Function.Softplus, x)),
        Function.GELUGradient => NormalDistribution.Cumulative(x),
        _ => Exact(Function.Sigmoid, Cubic(x)),
    };

    private static double SecondTerm(Function function, double x) => Math.Abs(x) > 1e3 ? 0 : x * function switch
    {
        Function.SiLUGradient => Exact(Function.Sigmoid, x) * Exact(Function.Sigmoid, -x),
        Function.MishGradient => Exact(Function.Sigmoid, x) / Math.Pow(Math.Cosh(Exact(Function.Softplus, x)), 2),
        Function.GELUGradient => NormalDistribution.Density(x),
        _ => Exact(Function.Sigmoid, Cubic(x)) * Exact(Function.Sigmoid, -Cubic(x)) * Math.Sqrt(8 / Math.PI) * (1 + (3 * 0.044715 * x * x)),
    };

    private static double ErrorFunction(double x)
    {
        if (Math.Abs(x) > 1)
        {
            return Math.Sign(x) * (1 - (2 * NormalDistribution.Cumulative(-Math.Sqrt(2) * Math.Abs(x))));
        }

        // 2/√π·Σ (−1)ⁿ·x²ⁿ⁺¹/(n!·(2n + 1)).
        double power = x, sum = x;
        for (int n = 1; n < 30; n++)
        {
            power *= -x * x / n;
            sum += power / ((2 * n) + 1);
        }

        return double.IsNaN(x) ? x : 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static double Cubic(double x) => Math.Sqrt(8 / Math.PI) * (x + (0.044715 * x * x * x));

    private static double Log1p(double x) => x < 1e-5 ? x - (0.5 * x * x) : Math.Log(1 + x);

    /// <param name="actual">What was computed.</param>
    /// <param name="exact">What is right.</param>
    /// <param name="magnitude">Of which the unit in the last place is taken, if it is larger than the result.</param>
    private static double UlpError(float actual, double exact, double magnitude)
    {
        float rounded = (float)exact;
        if (float.IsNaN(rounded) || float.IsNaN(actual))
        {
            return float.IsNaN(rounded) && float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        }

        if (float.IsInfinity(rounded) || float.IsInfinity(actual))
        {
            return rounded.Equals(actual) ? 0 : double.PositiveInfinity;
        }

        float largest = Math.Max(MathF.Abs(rounded), (float)magnitude);
        double ulp = (double)MathF.BitIncrement(largest) - largest;
        return Math.Abs(actual - exact) / (double.IsInfinity(ulp) ? Math.Pow(2, 104) : ulp);
    }

    private static void Evaluate(Function function, int width, ReadOnlySpan<float> values, Span<float> results)
    {
        switch (width)
        {
            case 16:
                Evaluate<Vector512<float>>(function, values, results);
                break;
            case 8:
                Evaluate<Vector256<float>>(function, values, results);
                break;
            default:
                Evaluate<Vector128<float>>(function, values, results);
                break;
        }
    }

    private static void Evaluate<TVector>(Function function, ReadOnlySpan<float> values, Span<float> results)
        where TVector : struct
    {
        Func<TVector, TVector> evaluate = Overloads<TVector>.All[function];
        ReadOnlySpan<TVector> vectors = MemoryMarshal.Cast<float, TVector>(values);
        for (int i = 0; i < vectors.Length; i++)
        {
            MemoryMarshal.Cast<float, TVector>(results)[i] = evaluate(vectors[i]);
        }
    }

    /// <summary>The functions of one width, as reflection finds them; <c>float</c> is a width too.</summary>
    private static class Overloads<TVector>
    {
        public static readonly Dictionary<Function, Func<TVector, TVector>> All = typeof(VectorMath).GetMethods()
            .Where(m => m.ReturnType == typeof(TVector))
            .ToDictionary(m => Enum.Parse<Function>(m.GetParameters().Length == 3 ? "Steep" + m.Name : m.Name), Bind);

        private static Func<TVector, TVector> Bind(MethodInfo method)
        {
            float[] constants =
            [
                .. method.GetParameters().Skip(1).Select(p => p.Name switch
                {
                    "slope" => Slope,
                    "alpha" => Alpha,
                    "exponent" => Exponent,
                    "beta" => Beta,
                    "threshold" => Threshold,
                    _ => throw new InvalidOperationException($"{method.Name} has an unknown parameter, {p.Name}."),
                }),
            ];
            switch (constants.Length)
            {
                case 0:
                    return method.CreateDelegate<Func<TVector, TVector>>();
                case 1:
                    var ofOne = method.CreateDelegate<Func<TVector, float, TVector>>();
                    return x => ofOne(x, constants[0]);
                default:
                    var ofTwo = method.CreateDelegate<Func<TVector, float, float, TVector>>();
                    return x => ofTwo(x, constants[0], constants[1]);
            }
        }
    }
}
