using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Strata.CompilerServices;

/// <summary>Elementwise addition of gradients.</summary>
internal static class VectorSum
{
    /// <summary>sum ← sum + values.</summary>
    public static void Add(Span<float> sum, ReadOnlySpan<float> values)
    {
        values = values[..sum.Length];
        Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        ReadOnlySpan<Vector<float>> addends = MemoryMarshal.Cast<float, Vector<float>>(values)[..sums.Length];
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += addends[i];
        }

        for (int i = sums.Length * Vector<float>.Count; i < sum.Length; i++)
        {
            sum[i] += values[i];
        }
    }
}
