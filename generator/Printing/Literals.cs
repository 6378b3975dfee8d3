using System.Globalization;

namespace Strata.Generator.Printing;

/// <summary>Writes numbers as C# literals, the same on every machine.</summary>
internal static class Literals
{
    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Single(double value)
    {
        float single = (float)value;
        return single == float.Epsilon
            ? "float.Epsilon" : NotFinite("float", single) ?? single.ToString("R", CultureInfo.InvariantCulture) + "f";
    }

    public static string Double(double value)
    {
        string text = NotFinite("double", value) ?? value.ToString("R", CultureInfo.InvariantCulture);
        return text.IndexOfAny(['.', 'E', 'N']) >= 0 ? text : text + ".0";
    }

    private static string? NotFinite(string type, double value) =>
        double.IsNaN(value) ? type + ".NaN"
            : double.IsInfinity(value) ? type + (value > 0 ? ".PositiveInfinity" : ".NegativeInfinity") : null;
}
