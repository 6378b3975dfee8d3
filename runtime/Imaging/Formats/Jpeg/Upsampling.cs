using System;
using System.Runtime.Intrinsics;

namespace Strata.Imaging.Jpeg;

/// <summary>
/// Widens rows of samples as libjpeg does: with a triangle filter where a component has half of the samples, else by repetition. Samples
/// beside the borders equal those at the borders. Rows may be read and written up to <see cref="Margin"/> bytes beyond their ends.
/// </summary>
internal static unsafe class Upsampling
{
    public const int Margin = 64;

    /// <summary>Twice as many samples of a row: 3/4 of the nearer one and 1/4 of the other one.</summary>
    public static void Double(byte* row, int width, byte* target)
    {
        (row[-1], row[width]) = (row[0], row[width - 1]);
        for (int x = 0; x < width; x += Vector256<ushort>.Count)
        {
            Vector256<ushort> near = Load(row + x) * 3;
            Vector256<ushort> even = (near + Load(row + x - 1) + Vector256.Create((ushort)1)) >> 2;
            Vector256<ushort> odd = (near + Load(row + x + 1) + Vector256.Create((ushort)2)) >> 2;
            (even | (odd << 8)).Store((ushort*)target + x);
        }
    }

    /// <summary>A row between two rows: 3/4 of the nearer one and 1/4 of the other one.</summary>
    public static void Between(byte* near, byte* far, int width, int bias, byte* target)
    {
        Vector256<ushort> round = Vector256.Create((ushort)bias);
        for (int x = 0; x < width; x += Vector256<ushort>.Count)
        {
            Vector256<ushort> sample = ((Load(near + x) * 3) + Load(far + x) + round) >> 2;
            Vector128.Narrow(sample.GetLower(), sample.GetUpper()).Store(target + x);
        }
    }

    /// <summary>A row between two rows with twice as many samples.</summary>
    /// <param name="near">The nearer row.</param>
    /// <param name="far">The other one.</param>
    /// <param name="width">Their samples.</param>
    /// <param name="sums">Memory for as many numbers, and one <see cref="Margin"/> on both sides.</param>
    /// <param name="target">Receives the samples.</param>
    public static void DoubleBetween(byte* near, byte* far, int width, ushort* sums, byte* target)
    {
        for (int x = 0; x < width; x += Vector256<ushort>.Count)
        {
            ((Load(near + x) * 3) + Load(far + x)).Store(sums + x);
        }

        (sums[-1], sums[width]) = (sums[0], sums[width - 1]);
        for (int x = 0; x < width; x += Vector256<ushort>.Count)
        {
            Vector256<ushort> here = Vector256.Load(sums + x) * 3;
            Vector256<ushort> even = (here + Vector256.Load(sums + x - 1) + Vector256.Create((ushort)8)) >> 4;
            Vector256<ushort> odd = (here + Vector256.Load(sums + x + 1) + Vector256.Create((ushort)7)) >> 4;
            (even | (odd << 8)).Store((ushort*)target + x);
        }
    }

    /// <summary>Repeats each sample.</summary>
    public static void Repeat(byte* row, int width, int times, byte* target)
    {
        for (int x = 0; x < width; x++)
        {
            new Span<byte>(target + (x * times), times).Fill(row[x]);
        }
    }

    private static Vector256<ushort> Load(byte* samples) => Vector256.WidenLower(Vector128.Load(samples).ToVector256Unsafe());
}
