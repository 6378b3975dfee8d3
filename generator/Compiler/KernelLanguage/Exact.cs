using System;

namespace Strata.Compiler.KernelLanguage;

/// <summary>Functions in double precision that .NET Standard does not have.</summary>
internal static class Exact
{
    public static double Expm1(double x) =>
        Math.Abs(x) < 1e-5 ? x + (x * x / 2) + (x * x * x / 6) : Math.Exp(x) - 1;

    public static double Log1p(double x) =>
        Math.Abs(x) < 1e-5 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);

    /// <summary>Below 0 it is NaN where the exponent is no whole number, for −∞ as well.</summary>
    public static double Pow(double x, double exponent) =>
        x < 0 && exponent != Math.Floor(exponent) ? double.NaN : Math.Pow(x, exponent);

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    public static double HardSigmoid(double x) => Math.Min(Math.Max(x + 3, 0), 6) / 6;

    /// <summary>x times a gate; 0 where the gate is, for −∞ as well.</summary>
    public static double Gated(double x, double gate) => gate == 0 ? 0 : x * gate;

    public static bool IsNegative(double x) => BitConverter.DoubleToInt64Bits(x) < 0;

    /// <summary>Kummer's series 2/√π·e^(−x²)·Σ 2ⁿx²ⁿ⁺¹/(2n + 1)!!, whose terms have one sign.</summary>
    public static double Erf(double x)
    {
        const double OneAsFloat = 6;
        if (double.IsNaN(x) || Math.Abs(x) > OneAsFloat)
        {
            return double.IsNaN(x) ? x : Math.Sign(x);
        }

        double sum = 0, term = x;
        for (int n = 1; sum + term != sum; n++)
        {
            sum += term;
            term *= 2 * x * x / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
