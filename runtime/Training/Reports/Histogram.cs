using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Training;

/// <summary>
/// Counts how many values fall into each of TensorFlow's buckets, as TensorBoard expects them. The buckets' limits are 0 and ±10⁻¹²·1.1ⁿ up
/// to ±10²⁰. A bucket includes its lower limit, but not its upper one. Infinities and NaN are counted separately.
/// </summary>
internal sealed class Histogram
{
    // A cell is the sign, the exponent and the first bits of the mantissa. Floats of the same cell differ by less than a sixteenth, so they
    // lie in at most two buckets.
    private const int CellShift = 19, Cells = 1 << (32 - CellShift);

    // The upper limit of each bucket.
    private static readonly double[] Limits = MakeLimits();

    // The bucket of the smallest float of each cell.
    private static readonly short[] Buckets = MakeBuckets();

    private readonly double[] _counts = new double[Limits.Length];
    private readonly double _minimum = double.PositiveInfinity, _maximum = double.NegativeInfinity, _sum, _squares;

    public Histogram(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                NonFinite++;
                continue;
            }

            int bucket = Buckets[BitConverter.SingleToUInt32Bits(value) >> CellShift];
            _counts[value < Limits[bucket] ? bucket : bucket + 1]++;
            _minimum = double.Min(_minimum, value);
            _maximum = double.Max(_maximum, value);
            _sum += value;
            _squares += (double)value * value;
        }

        Count = values.Length - NonFinite;
    }

    /// <summary>Number of finite values.</summary>
    public int Count { get; }

    /// <summary>Number of infinities and NaN.</summary>
    public int NonFinite { get; }

    /// <summary>Writes the fields of a HistogramProto.</summary>
    public void Write(ProtobufWriter message)
    {
        message.Double(1, Count == 0 ? 0 : _minimum);
        message.Double(2, Count == 0 ? 0 : _maximum);
        message.Double(3, Count);
        message.Double(4, _sum);
        message.Double(5, _squares);

        // Write an empty bucket only if the next one needs its limit.
        int[] written = [.. Enumerable.Range(0, Limits.Length).Where(i => _counts[i] > 0 || (i + 1 < Limits.Length && _counts[i + 1] > 0))];
        message.Doubles(6, Array.ConvertAll(written, i => Limits[i]));
        message.Doubles(7, Array.ConvertAll(written, i => _counts[i]));
    }

    private static double[] MakeLimits()
    {
        var positive = new List<double>();
        for (double limit = 1e-12; limit < 1e20; limit *= 1.1)
        {
            positive.Add(limit);
        }

        return [.. positive.Select(limit => -limit).Reverse(), 0, .. positive, double.MaxValue];
    }

    private static short[] MakeBuckets()
    {
        short[] buckets = new short[Cells];
        for (uint cell = 0; cell < Cells; cell++)
        {
            // In a cell of negative numbers, the largest mantissa is the smallest number.
            uint bits = (cell << CellShift) | (cell >= Cells / 2 ? (1u << CellShift) - 1 : 0);
            double least = BitConverter.UInt32BitsToSingle(bits);
            int place = Array.BinarySearch(Limits, least);
            buckets[cell] = (short)(place >= 0 ? place + 1 : ~place);
        }

        return buckets;
    }
}
