using System;
using Strata.CompilerServices;

namespace Strata;

/// <summary>
/// Draws initial parameters. An element's value depends on three numbers only: the seed, the parameter's index, the element's index. It is
/// the same to the bit everywhere, since only operations that IEEE 754 defines exactly are used. <see cref="Math.Log(double)"/> and
/// <see cref="Math.Cos"/> are not used: their last digit may differ between platforms.
/// </summary>
internal static class ParameterInitializer
{
    private const double Ln2 = 0.69314718055994530942;

    /// <summary>Draws elements from <paramref name="start"/> on, in PyTorch's order.</summary>
    public static void Draw(ParameterInfo info, ulong seed, int index, int start, Span<float> values)
    {
        double fanIn = info.FanIn, fanOut = info.FanOut;
        switch (info.Initializer)
        {
            case Initializer.PyTorchUniform:
                Uniform(Math.Sqrt(1 / fanIn), seed, index, start, values);
                break;
            case Initializer.HeUniform:
                Uniform(Math.Sqrt(6 / fanIn), seed, index, start, values);
                break;
            case Initializer.GlorotUniform:
                Uniform(Math.Sqrt(6 / (fanIn + fanOut)), seed, index, start, values);
                break;
            case Initializer.LeCunUniform:
                Uniform(Math.Sqrt(3 / fanIn), seed, index, start, values);
                break;
            case Initializer.HeNormal:
                Normal(Math.Sqrt(2 / fanIn), seed, index, start, values);
                break;
            case Initializer.GlorotNormal:
                Normal(Math.Sqrt(2 / (fanIn + fanOut)), seed, index, start, values);
                break;
            case Initializer.LeCunNormal:
                Normal(Math.Sqrt(1 / fanIn), seed, index, start, values);
                break;
            case Initializer.Zeros:
                values.Clear();
                break;
            case Initializer.Ones:
                values.Fill(1);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(info), info.Initializer, "Unknown initializer.");
        }

        if (info.Gain != 1)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] *= info.Gain;
            }
        }
    }

    private static void Uniform(double bound, ulong seed, int index, int start, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            (uint low, uint high) = Threefry.Next((uint)seed, (uint)(seed >> 32), (uint)(start + i), (uint)index);
            double unit = ((((ulong)high << 32) | low) >> 11) * (1.0 / (1UL << 53));
            values[i] = (float)(((2 * unit) - 1) * bound);
        }
    }

    // Box and Muller 1958: √(−2 ln u)·cos 2πv.
    private static void Normal(double deviation, ulong seed, int index, int start, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            (uint u, uint v) = Threefry.Next((uint)seed, (uint)(seed >> 32), (uint)(start + i), (uint)index);
            double radius = Math.Sqrt(-2 * Log((u + 0.5) * (1.0 / (1UL << 32))));
            values[i] = (float)(deviation * radius * CosTurns(v * (1.0 / (1UL << 32))));
        }
    }

    /// <summary>Natural logarithm of a positive, normal number: 2·artanh((m − 1)/(m + 1)) + e·ln 2, |error| about 1e-16.</summary>
    internal static double Log(double x)
    {
        int exponent = Math.ILogB(x);
        double mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        double s = (mantissa - 1) / (mantissa + 1);
        double square = s * s;
        double sum = 0;

        // |s| ≤ 0.1716: the term after 1/23 is below 1e-19.
        for (int k = 23; k >= 1; k -= 2)
        {
            sum = (sum * square) + (1.0 / k);
        }

        return (2 * s * sum) + (exponent * Ln2);
    }

    /// <summary>cos 2πt for t in [0, 1), |error| about 1e-16.</summary>
    internal static double CosTurns(double turns)
    {
        // Folded to the first quarter, then to [0, 1/8], where cosine or sine takes an angle of at most π/4.
        double folded = turns > 0.5 ? 1 - turns : turns;
        double sign = 1;
        if (folded > 0.25)
        {
            folded = 0.5 - folded;
            sign = -1;
        }

        bool sine = folded > 0.125;
        double angle = 2 * Math.PI * (sine ? 0.25 - folded : folded);
        double square = angle * angle;
        double sum = 0;

        // Taylor's series up to angle¹⁸.
        for (int k = sine ? 17 : 16; k >= 0; k -= 2)
        {
            sum = 1 - (square * sum / ((k + 1) * (k + 2)));
        }

        return sign * (sine ? angle * sum : sum);
    }
}
