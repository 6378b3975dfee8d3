using System.Globalization;
using System.Numerics;

namespace Strata.Generator.Foundation;

/// <summary>Division of whole numbers that rounds up; and numbers as messages and formulas show them, in every culture alike.</summary>
internal static class Arithmetic
{
    /// <summary>⌈dividend/divisor⌉ of numbers that are not negative: how many steps go that far.</summary>
    public static int CeilingDivide(int dividend, int divisor) => dividend == 0 ? 0 : ((dividend - 1) / divisor) + 1;

    /// <inheritdoc cref="CeilingDivide(int, int)"/>
    public static long CeilingDivide(long dividend, long divisor) => dividend == 0 ? 0 : ((dividend - 1) / divisor) + 1;

    /// <summary>The smallest multiple that is not less than a number.</summary>
    public static int RoundUp(int number, int factor) => CeilingDivide(number, factor) * factor;

    /// <inheritdoc cref="RoundUp(int, int)"/>
    public static long RoundUp(long number, long factor) => CeilingDivide(number, factor) * factor;

    /// <summary>Of numbers that are not negative; the other one where one is 0.</summary>
    public static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    /// <summary>The x from 0 to before the modulus with number·x ≡ 1, by Euclid's algorithm; 0 for the modulus 1.</summary>
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

    /// <summary>With a minus sign, not a hyphen.</summary>
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture).Replace('-', '−');

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary><c>16·5·5 = 400</c>; the number alone where nothing was computed.</summary>
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
