using System.Globalization;

namespace Strata.Generator.Operators;

/// <summary>Numbers as messages and formulas show them, in every culture alike.</summary>
internal static class Arithmetic
{
    /// <summary>With a minus sign, not a hyphen.</summary>
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture).Replace('-', '−');

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary><c>16·5·5</c>.</summary>
    public static string Product(params int[] factors) => string.Join("·", System.Array.ConvertAll(factors, f => Number(f)));
}
