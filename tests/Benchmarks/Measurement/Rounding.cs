using System;

namespace Strata.Benchmarks.Measurement;

internal static class Rounding
{
    private const int Digits = 4;

    /// <summary>Four significant digits; there are no more in a measured time.</summary>
    public static double Significant(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value;
        }

        int decimals = Digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return decimals switch
        {
            > 15 => value,
            >= 0 => Math.Round(value, decimals),
            _ => Math.Round(value),
        };
    }
}
