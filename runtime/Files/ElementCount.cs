using System;
using System.Numerics;

namespace Strata;

/// <summary>Counts the elements of shapes that files and callers claim.</summary>
internal static class ElementCount
{
    /// <summary>The product of extents, none of which is negative; −1 where it is more than <paramref name="most"/>.</summary>
    public static long Of<T>(ReadOnlySpan<T> extents, long most)
        where T : IBinaryInteger<T>
    {
        if (extents.Contains(T.Zero))
        {
            return 0;
        }

        UInt128 count = 1;
        foreach (T extent in extents)
        {
            // Below 2^63 before, and below 2^127 behind each factor.
            count *= ulong.CreateChecked(extent);
            if (count > (ulong)most)
            {
                return -1;
            }
        }

        return (long)count;
    }
}
