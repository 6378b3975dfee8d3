using System;
using System.Linq;

namespace Strata.Compiler.Emission;

/// <summary>The numbers that samples give a tensor: first their range, then how many are in each part of it.</summary>
internal sealed class TensorRange
{
    /// <summary>Parts of the range; more than there are integers, so that clamping can be told from rounding.</summary>
    private const int Bins = 4096;

    /// <summary>How many smaller ranges are tried for the least squared error.</summary>
    private const int Tried = 128;

    private readonly long[] _counts = new long[Bins];

    public double Least { get; private set; }

    public double Most { get; private set; }

    /// <summary>Widens the range, which has 0 in any case: padding and clamped activations are 0, which must have an integer.</summary>
    /// <exception cref="ArithmeticException">A number is infinite or NaN.</exception>
    public void Widen(ReadOnlySpan<float> numbers, string tensor)
    {
        foreach (float number in numbers)
        {
            if (!float.IsFinite(number))
            {
                throw new ArithmeticException($"The tensor '{tensor}' has {number} for a sample; numbers must be finite to have a range.");
            }

            Least = Math.Min(Least, number);
            Most = Math.Max(Most, number);
        }
    }

    /// <summary>Counts numbers that are in the range.</summary>
    public void Count(ReadOnlySpan<float> numbers)
    {
        double perNumber = Most > Least ? Bins / (Most - Least) : 0;
        foreach (float number in numbers)
        {
            _counts[Math.Clamp((int)((number - Least) * perNumber), 0, Bins - 1)]++;
        }
    }

    /// <summary>The range that a method chooses. It has 0 in it.</summary>
    public (double Least, double Most) Choose(QuantizeOptions options) => options.Method switch
    {
        RangeMethod.MinMax => (Least, Most),
        RangeMethod.Percentile => OfShare((1 - options.Percentile) / 2),
        RangeMethod.MeanSquaredError => WithLeastError(),
        var other => throw new ArgumentOutOfRangeException(nameof(options), other, "There is no such method."),
    };

    /// <summary>The share of the numbers that are out of a range.</summary>
    public double Outside(double least, double most)
    {
        double width = (Most - Least) / Bins;
        long outside = _counts.Where((_, bin) => Least + ((bin + 1) * width) <= least || Least + (bin * width) >= most).Sum();
        long all = _counts.Sum();
        return all == 0 || Most == Least ? 0 : outside / (double)all;
    }

    /// <summary>The squares of the errors that rounding and clamping to a range make, as a share of those of the numbers.</summary>
    public double RelativeErrorOf(double least, double most)
    {
        double width = (Most - Least) / Bins;
        double signal = _counts.Select((count, bin) => count * Math.Pow(Least + ((bin + 0.5) * width), 2)).Sum();
        return signal > 0 ? ErrorOf(least, most) / signal : 0;
    }

    /// <summary>The scale and the zero point of a range: that which has 0 exactly.</summary>
    public static (float Scale, int ZeroPoint) ParametersOf(double least, double most)
    {
        float scale = (float)((most - least) / byte.MaxValue);
        return scale > 0 && float.IsFinite(scale) ? (scale, (int)Math.Clamp(Math.Round(-least / scale), 0, byte.MaxValue)) : (1, 0);
    }

    private (double Least, double Most) OfShare(double beyond)
    {
        double allowed = beyond * _counts.Sum(), width = (Most - Least) / Bins;
        int first = 0, last = Bins - 1;
        for (double below = _counts[0]; below <= allowed && first < last; below += _counts[++first])
        {
        }

        for (double above = _counts[Bins - 1]; above <= allowed && last > first; above += _counts[--last])
        {
        }

        return (Math.Min(0, Least + (first * width)), Math.Max(0, Least + ((last + 1) * width)));
    }

    private (double Least, double Most) WithLeastError()
    {
        (double Least, double Most) best = (Least, Most);
        double smallest = double.PositiveInfinity;
        for (int part = Tried; part > 0; part--)
        {
            (double least, double most) = (Least * part / Tried, Most * part / Tried);
            double error = ErrorOf(least, most);
            if (error < smallest)
            {
                (smallest, best) = (error, (least, most));
            }
        }

        return best;
    }

    /// <summary>The sum of squared errors: of rounding, step²/12 in the mean (Bennett 1948), and of clamping.</summary>
    private double ErrorOf(double least, double most)
    {
        double step = (most - least) / byte.MaxValue, width = (Most - Least) / Bins, sum = 0;
        for (int bin = 0; bin < Bins; bin++)
        {
            double middle = Least + ((bin + 0.5) * width), beyond = middle - Math.Clamp(middle, least, most);
            sum += _counts[bin] * (beyond == 0 ? step * step / 12 : beyond * beyond);
        }

        return sum;
    }
}
