using System;

namespace Strata.Imaging.Jpeg;

/// <summary>The order in which a file has the coefficients of a block.</summary>
internal static class Zigzag
{
    public const int BlockLength = 64;

    /// <summary>
    /// The place of each coefficient in natural order. Damaged data may skip up to 15 coefficients beyond the last one: these go to the
    /// last place.
    /// </summary>
    public static ReadOnlySpan<byte> Natural =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
        12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
        58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
        63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    ];
}
