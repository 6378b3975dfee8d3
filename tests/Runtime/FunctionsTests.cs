using System;
using System.Linq;
using System.Reflection;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Runtime.Tests;

public sealed class FunctionsTests
{
    public static TheoryData<string> All => [.. Names];

    private static string[] Names =>
    [
        .. typeof(Functions).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Select(method => method.GetParameters() is { Length: 3 } ? "SteepSoftplus" : method.Name),
    ];

    /// <summary>What the remarks promise, on every 20,011th float of both signs, subnormals and infinities among them.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Errors_stay_within_the_stated_units_in_the_last_place(string name)
    {
        double worst = 0;
        float worstAt = 0;
        for (long bits = 0; bits <= uint.MaxValue; bits += 20_011)
        {
            float x = BitConverter.UInt32BitsToSingle((uint)bits);
            double error = Error(Value(name, x), Exact(name, x));
            (worst, worstAt) = error > worst ? (error, x) : (worst, worstAt);
        }

        Assert.True(worst <= Bound(name), $"{name}({worstAt:R}) is off by {worst:F2} units");
    }

    [Theory]
    [InlineData("Sigmoid", 0, 1)]
    [InlineData("LogSigmoid", float.NegativeInfinity, -0f)]
    [InlineData("Softplus", 0, float.PositiveInfinity)]
    [InlineData("SteepSoftplus", 0, float.PositiveInfinity)]
    [InlineData("Log1p", float.NaN, float.PositiveInfinity)]
    [InlineData("Expm1", -1, float.PositiveInfinity)]
    [InlineData("Erf", -1, 1)]
    [InlineData("ReLU", 0, float.PositiveInfinity)]
    [InlineData("LeakyReLU", float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData("ELU", -1, float.PositiveInfinity)]
    [InlineData("SiLU", -0f, float.PositiveInfinity)]
    [InlineData("GELU", -0f, float.PositiveInfinity)]
    [InlineData("GELUTanh", -0f, float.PositiveInfinity)]
    [InlineData("Mish", -0f, float.PositiveInfinity)]
    [InlineData("HardSigmoid", 0, 1)]
    [InlineData("HardSwish", -0f, float.PositiveInfinity)]
    public void Limits_are_the_stated_ones(string name, float below, float above)
    {
        Assert.Equal(BitConverter.SingleToInt32Bits(below), BitConverter.SingleToInt32Bits(Quiet(Value(name, float.NegativeInfinity))));
        Assert.Equal(above, Value(name, float.PositiveInfinity));
        Assert.True(float.IsNaN(Value(name, float.NaN)));
        Assert.Contains(name, Names);
    }

    [Fact]
    public void The_logarithm_of_nothing_is_minus_infinity() => Assert.Equal(float.NegativeInfinity, Functions.Log1p(-1));

    [Fact]
    public void Above_its_threshold_softplus_is_the_number_itself()
    {
        Assert.Equal(3, Functions.Softplus(3, 2, threshold: 5));
        Assert.NotEqual(3, Functions.Softplus(3, 2, threshold: 6));
    }

    /// <summary>Of the NaNs, the one that C# writes.</summary>
    private static float Quiet(float x) => float.IsNaN(x) ? float.NaN : x;

    private static float Value(string name, float x) => name switch
    {
        "Sigmoid" => Functions.Sigmoid(x),
        "LogSigmoid" => Functions.LogSigmoid(x),
        "Softplus" => Functions.Softplus(x),
        "SteepSoftplus" => Functions.Softplus(x, 4),
        "Log1p" => Functions.Log1p(x),
        "Expm1" => Functions.Expm1(x),
        "Erf" => Functions.Erf(x),
        "ReLU" => Functions.ReLU(x),
        "LeakyReLU" => Functions.LeakyReLU(x),
        "ELU" => Functions.ELU(x),
        "SiLU" => Functions.SiLU(x),
        "GELU" => Functions.GELU(x),
        "GELUTanh" => Functions.GELUTanh(x),
        "Mish" => Functions.Mish(x),
        "HardSigmoid" => Functions.HardSigmoid(x),
        _ => Functions.HardSwish(x),
    };

    private static double Bound(string name) => name switch
    {
        "ReLU" => 0,
        "LeakyReLU" => 0.5,
        "Erf" => 1.3,
        "HardSigmoid" => 1.4,
        "Expm1" => 1.6,
        "ELU" => 1.7,
        "Sigmoid" => 2.4,
        "HardSwish" => 2.5,
        "Softplus" or "SteepSoftplus" or "LogSigmoid" => 2.8,
        "GELU" => 7,
        "Mish" => 3.5,
        _ => 3,
    };

    private static double Exact(string name, double x) => name switch
    {
        "Sigmoid" => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x)),
        "LogSigmoid" => -Softplus(-x),
        "Softplus" => Softplus(x),
        "SteepSoftplus" => x * 4 > 20 ? x : Softplus(x * 4) / 4,
        "Log1p" => Log1p(x),
        "Expm1" => Expm1(x),
        "Erf" => Erf(x),
        "ReLU" => Math.Max(x, 0),
        "LeakyReLU" => x > 0 ? x : 0.01f * x,
        "ELU" => x > 0 ? x : Expm1(x),
        "SiLU" => x < -1e3 ? -0.0 : x * Exact("Sigmoid", x),
        "GELU" => x < -1e3 ? -0.0 : x * NormalDistribution.Cumulative(x),
        "GELUTanh" => x < -1e3 ? -0.0 : x * Exact("Sigmoid", Math.Sqrt(8 / Math.PI) * (x + (0.044715 * x * x * x))),
        "Mish" => x < -1e3 ? -0.0 : x * Math.Tanh(Softplus(x)),
        "HardSigmoid" => Math.Clamp(x + 3, 0, 6) / 6,
        _ => x < -3 ? -0.0 : x * Math.Clamp(x + 3, 0, 6) / 6,
    };

    private static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    private static double Log1p(double x) => Math.Abs(x) < 1e-5 ? x - (0.5 * x * x) : Math.Log(1 + x);

    private static double Expm1(double x) => Math.Abs(x) < 1e-5 ? x + (0.5 * x * x) : Math.Exp(x) - 1;

    private static double Erf(double x)
    {
        if (Math.Abs(x) > 1 || double.IsNaN(x))
        {
            return Math.CopySign(1 - (2 * NormalDistribution.Cumulative(-Math.Sqrt(2) * Math.Abs(x))), x);
        }

        double power = x, sum = x;
        for (int n = 1; n < 30; n++)
        {
            power *= -x * x / n;
            sum += power / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static double Error(float actual, double exact)
    {
        float rounded = (float)exact;
        if (float.IsNaN(rounded) || float.IsNaN(actual) || float.IsInfinity(rounded) || float.IsInfinity(actual))
        {
            return rounded.Equals(actual) ? 0 : double.PositiveInfinity;
        }

        float size = MathF.Abs(rounded);
        double unit = (double)MathF.BitIncrement(size) - size;
        return Math.Abs(actual - exact) / (double.IsInfinity(unit) ? Math.Pow(2, 104) : unit);
    }
}
