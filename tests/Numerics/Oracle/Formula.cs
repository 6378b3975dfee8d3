using System;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>
/// Counter-based test data: element <c>index</c> of <c>stream</c> is a 64-bit mix of both, so that
/// <c>make_goldens.py</c> computes the same numbers. Every value is exact in single precision.
/// </summary>
internal static class Formula
{
    public static ulong Bits(ulong stream, ulong index)
    {
        unchecked
        {
            ulong z = (stream * 0xD1342543DE82EF95UL) + ((index + 1) * 0x9E3779B97F4A7C15UL);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Uniform on [−1, 1), a multiple of 2⁻²³.</summary>
    public static float Uniform(ulong stream, int index) => ((Bits(stream, (ulong)index) >> 40) * (1f / (1 << 23))) - 1f;

    public static float[] Uniforms(ulong stream, int count, float scale = 1)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = scale * Uniform(stream, i);
        }

        return values;
    }

    /// <summary>The largest power of two 2⁻ᵏ that is at most √(3/fan-in): weights of unit gain, exact in single precision.</summary>
    public static float Scale(int fanIn)
    {
        int k = 0;
        while (Math.Pow(4, k) * 3 < fanIn)
        {
            k++;
        }

        return 1f / (1 << k);
    }

    public static int Class(ulong stream, int index, int classes) => (int)((Bits(stream, (ulong)index) >> 33) % (ulong)classes);
}
