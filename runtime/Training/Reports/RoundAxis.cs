using System;
using System.Collections.Generic;
using System.Globalization;

namespace Strata.Training;

/// <summary>An axis whose ends and ticks are round: multiples of 1, 2 or 5 times a power of ten.</summary>
/// <param name="Step">The distance between ticks.</param>
/// <param name="First">The lower end, in steps.</param>
/// <param name="Last">The upper end, in steps.</param>
internal readonly record struct RoundAxis(double Step, long First, long Last)
{
    private const int Intervals = 5;

    // If the curve's spread is less than this share of its values, it is drawn as a flat line. This also keeps labels short.
    private const double LeastSpread = 1e-3, Margin = 0.1;

    // Labels have exponents if the numbers are larger, or the steps smaller, than these.
    private const double Large = 1e6, Small = 1e-5;

    public IEnumerable<double> Ticks
    {
        get
        {
            for (long tick = First; tick <= Last; tick++)
            {
                yield return tick * Step;
            }
        }
    }

    /// <summary>The axis for a range of values.</summary>
    /// <param name="low">The least one, −10³⁰⁰ or more.</param>
    /// <param name="high">The greatest one, 10³⁰⁰ or less.</param>
    /// <param name="limit">A number that no value exceeds, such as 100 %.</param>
    public static RoundAxis Over(double low, double high, double limit)
    {
        double scale = double.Max(double.Abs(low), double.Abs(high));
        if (high - low <= LeastSpread * scale)
        {
            double margin = scale > 0 ? Margin * scale : 1;
            (low, high) = (low < 0 ? low - margin : double.Max(low - margin, 0), double.Min(high + margin, limit));
        }

        double step = RoundUp((high - low) / Intervals);
        return new RoundAxis(step, (long)double.Floor(low / step), (long)double.Ceiling(high / step));
    }

    /// <summary>Rounds up to 1, 2 or 5 times a power of ten.</summary>
    public static double RoundUp(double value)
    {
        // Take the exponent from the number's text: the last digits of logarithms differ between systems.
        double unit = double.Parse(string.Create(CultureInfo.InvariantCulture, $"1E{Exponent(value)}"), CultureInfo.InvariantCulture);
        return value <= unit ? unit : value <= 2 * unit ? 2 * unit : value <= 5 * unit ? 5 * unit : 10 * unit;
    }

    /// <summary>The position of a value: 0 at the lower end, 1 at the upper end.</summary>
    public double PlaceOf(double value) => ((value / Step) - First) / (Last - First);

    /// <summary>A tick's number, with as many decimals as its neighbours need.</summary>
    public string Label(double tick)
    {
        if (tick == 0)
        {
            return "0";
        }

        bool exponent = double.Max(double.Abs(First * Step), double.Abs(Last * Step)) >= Large || Step < Small;
        return tick.ToString(exponent ? "0.####e0" : $"F{int.Max(0, -Exponent(Step))}", CultureInfo.InvariantCulture);
    }

    private static int Exponent(double value)
    {
        string text = value.ToString("E15", CultureInfo.InvariantCulture);
        return int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
    }
}
