using System;
using System.Runtime.Intrinsics;
using Strata.CompilerServices;
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
    }

    // What VectorMath's remarks promise.
    [Theory]
    [InlineData(Function.Exp, 1.0)]
    [InlineData(Function.Log, 2.3)]
    [InlineData(Function.Sigmoid, 2.4)]
    [InlineData(Function.Tanh, 1.4)]
    public void Errors_over_all_exponents_stay_within_the_stated_ulps(Function function, double bound)
    {
        // Every 61st float, both signs, subnormals, infinities and NaNs included.
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
                double error = UlpError(results[i], Exact(function, values[i]));
                if (error > worst)
                {
                    (worst, worstAt) = (error, values[i]);
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{function}: {worst:F3} ulp at {worstAt:R}");
        Assert.True(worst <= bound, $"{function}({worstAt:R}) is off by {worst} ulp");
    }

    [Theory]
    [InlineData(Function.Exp)]
    [InlineData(Function.Log)]
    [InlineData(Function.Sigmoid)]
    [InlineData(Function.Tanh)]
    public void All_widths_compute_the_same(Function function)
    {
        Span<float> values = stackalloc float[16];
        Span<float> at16 = stackalloc float[16], at8 = stackalloc float[16], at4 = stackalloc float[16];
        var random = new Random(5);
        for (int round = 0; round < 20_000; round++)
        {
            for (int i = 0; i < 16; i++)
            {
                values[i] = (float)((random.NextDouble() - 0.3) * Math.Pow(10, random.Next(-4, 3)));
            }

            Evaluate(function, 16, values, at16);
            Evaluate(function, 8, values, at8);
            Evaluate(function, 4, values, at4);
            Assert.True(at16.SequenceEqual(at8));
            Assert.True(at16.SequenceEqual(at4));
        }
    }

    [Fact]
    public void Special_values_come_out_as_in_IEEE_754()
    {
        float[] at = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.MaxValue, float.MinValue, float.Epsilon];
        AssertResults(Function.Exp, at, [float.NaN, float.PositiveInfinity, 0, 1, 1, float.PositiveInfinity, 0, 1]);
        AssertResults(Function.Sigmoid, at, [float.NaN, 1, 0, 0.5f, 0.5f, 1, 0, 0.5f]);
        AssertResults(Function.Tanh, at, [float.NaN, 1, -1, 0f, -0f, 1, -1, float.Epsilon]);
        AssertResults(
            Function.Log,
            at,
            [
                float.NaN, float.PositiveInfinity, float.NaN, float.NegativeInfinity, float.NegativeInfinity,
                MathF.Log(float.MaxValue), float.NaN, MathF.Log(float.Epsilon),
            ]);
    }

    private static void AssertResults(Function function, float[] at, float[] expected)
    {
        foreach (int width in (int[])[16, 8, 4])
        {
            float[] values = new float[16];
            at.CopyTo(values, 0);
            float[] results = new float[16];
            Evaluate(function, width, values, results);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(expected[i].Equals(results[i]), $"{function}({at[i]}) is {results[i]} at width {width}");
                Assert.True(
                    float.IsNaN(expected[i]) || float.IsNegative(expected[i]) == float.IsNegative(results[i]),
                    $"sign of {function}({at[i]})");
            }
        }
    }

    private static double Exact(Function function, double x) => function switch
    {
        Function.Exp => Math.Exp(x),
        Function.Log => Math.Log(x),
        Function.Sigmoid => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x)),
        _ => Math.Tanh(x),
    };

    private static double UlpError(float actual, double exact)
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

        float magnitude = MathF.Abs(rounded);
        double ulp = (double)MathF.BitIncrement(magnitude) - magnitude;
        return Math.Abs(actual - exact) / (double.IsInfinity(ulp) ? Math.Pow(2, 104) : ulp);
    }

    private static void Evaluate(Function function, int width, ReadOnlySpan<float> values, Span<float> results)
    {
        for (int i = 0; i < 16; i += width)
        {
            if (width == 16)
            {
                Vector512<float> x = Vector512.Create(values[i..]);
                (function switch
                {
                    Function.Exp => VectorMath.Exp(x),
                    Function.Log => VectorMath.Log(x),
                    Function.Sigmoid => VectorMath.Sigmoid(x),
                    _ => VectorMath.Tanh(x),
                }).CopyTo(results[i..]);
            }
            else if (width == 8)
            {
                Vector256<float> x = Vector256.Create(values[i..]);
                (function switch
                {
                    Function.Exp => VectorMath.Exp(x),
                    Function.Log => VectorMath.Log(x),
                    Function.Sigmoid => VectorMath.Sigmoid(x),
                    _ => VectorMath.Tanh(x),
                }).CopyTo(results[i..]);
            }
            else
            {
                Vector128<float> x = Vector128.Create(values[i..]);
                (function switch
                {
                    Function.Exp => VectorMath.Exp(x),
                    Function.Log => VectorMath.Log(x),
                    Function.Sigmoid => VectorMath.Sigmoid(x),
                    _ => VectorMath.Tanh(x),
                }).CopyTo(results[i..]);
            }
        }
    }
}
