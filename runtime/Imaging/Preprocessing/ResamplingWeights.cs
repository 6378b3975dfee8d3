using System;

namespace Strata.Imaging;

/// <summary>
/// The weights with which pixels of a line make pixels of a shorter or longer one: Pillow's, in 22 bits. A weight w is kept as two numbers
/// of 16 bits, 2¹¹·high + low, because processors multiply these fastest; the sums of both give the same integer.
/// </summary>
internal sealed class ResamplingWeights
{
    public const int Bits = 22, LowBits = 11;

    /// <summary>The first pixel of each window.</summary>
    public required int[] First { get; init; }

    /// <summary>Pixels of a window in <see cref="High"/> and <see cref="Low"/>, a multiple of 4; the last weights may be 0.</summary>
    public required int Taps { get; init; }

    /// <summary>Upper parts, two to an int: that of the pixel with the even number is lower.</summary>
    public required int[] High { get; init; }

    /// <summary>Lower parts, in the same order.</summary>
    public required int[] Low { get; init; }

    /// <summary>The number of new pixels.</summary>
    public int Count => First.Length;

    /// <summary>The pixel behind each window.</summary>
    public required int[] End { get; init; }

    /// <summary>The weights of some new pixels.</summary>
    /// <param name="length">Pixels of the line.</param>
    /// <param name="newLength">Pixels of the new line.</param>
    /// <param name="from">The first new pixel that is needed.</param>
    /// <param name="to">The one behind the last.</param>
    /// <param name="interpolation">The filter.</param>
    public static ResamplingWeights Compute(int length, int newLength, int from, int to, Interpolation interpolation)
    {
        double support = interpolation == Interpolation.Bicubic ? 2 : 1;
        double ratio = (double)length / newLength, stretch = double.Max(1, ratio), reach = support * stretch;
        int taps = int.Min(length, (2 * (int)double.Ceiling(reach)) + 1);
        int pairs = 2 * ((taps + 3) / 4), count = to - from;
        int[] first = new int[count], end = new int[count], high = new int[count * pairs], low = new int[count * pairs];
        double[] window = new double[taps];
        for (int i = 0; i < count; i++)
        {
            double center = (from + i + 0.5) * ratio;
            int start = int.Max(0, (int)(center - reach + 0.5)), stop = int.Min(length, (int)(center + reach + 0.5));
            // A line that keeps its length is copied, as Pillow does.
            (start, stop) = length == newLength ? (from + i, from + i + 1) : (start, stop);
            Fill(window.AsSpan(0, stop - start), start, center, 1 / stretch, interpolation);
            (first[i], end[i]) = (start, stop);
            for (int k = 0; k < stop - start; k++)
            {
                int weight = (int)((window[k] * (1 << Bits)) + (window[k] < 0 ? -0.5 : 0.5));
                int at = (i * pairs) + (k / 2), shift = 16 * (k & 1);
                high[at] |= ((weight >> LowBits) & 0xFFFF) << shift;
                low[at] |= (weight & ((1 << LowBits) - 1)) << shift;
            }
        }

        return new ResamplingWeights { First = first, End = end, Taps = 2 * pairs, High = high, Low = low };
    }

    // In Pillow's order of operations: another one changes the last bit of some weights.
    private static void Fill(Span<double> window, int start, double center, double scale, Interpolation interpolation)
    {
        double sum = 0;
        for (int i = 0; i < window.Length; i++)
        {
            double x = (i + start - center + 0.5) * scale;
            window[i] = interpolation == Interpolation.Bicubic ? Cubic(double.Abs(x)) : double.Max(0, 1 - double.Abs(x));
            sum += window[i];
        }

        for (int i = 0; i < window.Length; i++)
        {
            window[i] = sum == 0 ? window[i] : window[i] / sum;
        }
    }

    /// <summary>Keys, Cubic convolution interpolation for digital image processing, 1981, equation 15, with a = −0.5.</summary>
    private static double Cubic(double x)
    {
        const double A = -0.5;
        return x < 1 ? (((A + 2) * x - (A + 3)) * x * x) + 1 : x < 2 ? ((((x - 5) * x) + 8) * x - 4) * A : 0;
    }
}
