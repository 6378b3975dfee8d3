using System;
using System.Numerics;

namespace Strata;

/// <summary>Counts the elements of shapes that files and callers claim.</summary>
internal static class ElementCount
{
    /// <summary>The product of extents, which must not be negative; −1 if it exceeds <paramref name="most"/>.</summary>
    public static long Of<T>(ReadOnlySpan<T> extents, long most)
        where T : IBinaryInteger<T>
    {
        ulong count = 1;
        bool isMore = false;
        foreach (T extent in extents)
        {
            if (T.IsZero(extent))
            {
                return 0;
            }

            isMore = isMore || Math.BigMul(count, ulong.CreateChecked(extent), out count) > 0 || count > (ulong)most;
        }

        return isMore ? -1 : (long)count;
    }
}
