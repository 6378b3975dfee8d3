using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Strata.CompilerServices;

/// <content>What is the same for each width of vectors.</content>
public static partial class IntegerProducts
{
    /// <summary>Integers as floats; those above 2²⁴ are rounded.</summary>
    /// <param name="x">The integers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ToFloats(Vector512<int> x) => Vector512.ConvertToSingle(x);

    /// <summary>Floats that are integers as such.</summary>
    /// <param name="x">Integers of less than 32 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ToIntegers(Vector512<float> x) => Vector512.ConvertToInt32Native(x);

    /// <summary>Four integers in each lane, the first in the lowest byte.</summary>
    /// <param name="a">Integers of 8 bits, as are all others.</param>
    /// <param name="b">The second ones.</param>
    /// <param name="c">The third ones.</param>
    /// <param name="d">The last ones.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> QuadsOf(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d) =>
        (ToIntegers(a) & Vector512.Create(255)) | ((ToIntegers(b) & Vector512.Create(255)) << 8)
        | ((ToIntegers(c) & Vector512.Create(255)) << 16) | (ToIntegers(d) << 24);

    /// <summary>Two integers in each lane, the first in the lower half.</summary>
    /// <param name="a">Integers of 16 bits.</param>
    /// <param name="b">The second ones.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> PairsOf(Vector512<float> a, Vector512<float> b) =>
        (ToIntegers(a) & Vector512.Create(0xFFFF)) | (ToIntegers(b) << 16);
}
