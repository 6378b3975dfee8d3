using System.Globalization;
using System.Numerics;

namespace Strata.Compiler.Foundation;

/// <summary>Whole numbers: division that rounds up, common divisors, and texts for messages, which are the same in every culture.</summary>
internal static class Arithmetic
{
    /// <summary>⌈dividend/divisor⌉. Neither number may be negative.</summary>
    public static int CeilingDivide(int dividend, int divisor) => dividend == 0 ? 0 : ((dividend - 1) / divisor) + 1;

    /// <inheritdoc cref="CeilingDivide(int, int)"/>
    public static long CeilingDivide(long dividend, long divisor) => dividend == 0 ? 0 : ((dividend - 1) / divisor) + 1;

    /// <summary>The smallest multiple that is not less than a number.</summary>
    public static int RoundUp(int number, int factor) => CeilingDivide(number, factor) * factor;

    /// <inheritdoc cref="RoundUp(int, int)"/>
    public static long RoundUp(long number, long factor) => CeilingDivide(number, factor) * factor;

    /// <summary>The greatest common divisor of two numbers that are not negative. With 0 it is the other number.</summary>
    public static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    /// <summary>The inverse by Euclid's algorithm: 0 ≤ x &lt; modulus with number·x ≡ 1; 0 for the modulus 1.</summary>
    /// <param name="number">A positive number that has no divisor in common with the modulus.</param>
    public static long Inverse(int number, int modulus)
    {
        (long rest, long next, long x, long nextX) = (number % modulus, modulus, 1, 0);
        while (rest > 1)
        {
            (long quotient, long remainder) = (next / rest, next % rest);
            (rest, next, x, nextX) = (remainder, rest, nextX - (quotient * x), x);
        }

        return modulus == 1 ? 0 : ((x % modulus) + modulus) % modulus;
    }

    /// <summary>A number as text, with a minus sign instead of a hyphen.</summary>
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>A number of things: <c>1 branch</c>, <c>2 branches</c>.</summary>
    /// <param name="several">The noun's plural, if it is not formed by an s.</param>
    public static string Count(long count, string noun, string? several = null) =>
        $"{Number(count)} {(count == 1 ? noun : several ?? noun + "s")}";

    /// <summary>A number of at least 0 that may be large, <c>1,234,567</c>, or small: it has six digits, <c>0.00123457</c>.</summary>
    public static string Grouped(double value)
    {
        int decimals = value > 0 ? 5 - (int)System.Math.Floor(System.Math.Log10(value)) : 0;
        return System.Math.Round(value, System.Math.Min(System.Math.Max(decimals, 0), 15))
            .ToString("#,##0.###############", CultureInfo.InvariantCulture);
    }

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>A formula and its value: <c>16·5·5 = 400</c>. Without a formula it is the value alone.</summary>
    public static string Equation(string formula, BigInteger value)
    {
        string number = value.ToString(CultureInfo.InvariantCulture).Replace('-', '−');
        return formula.Length == 0 || formula == number ? number : $"{formula} = {number}";
    }

    /// <summary><c>28 = 9·3 + 1</c>.</summary>
    public static string Division(long dividend, long divisor) =>
        $"{Number(dividend)} = {Number(dividend / divisor)}·{Number(divisor)} + {Number(dividend % divisor)}";

    /// <summary><c>16·5·5</c>.</summary>
    public static string Product(params int[] factors) => string.Join("·", System.Array.ConvertAll(factors, f => Number(f)));
}
