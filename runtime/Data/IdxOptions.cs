using System;

namespace Strata.Data;

/// <summary>How much memory an <see cref="IdxFile"/> may take.</summary>
public sealed record IdxOptions
{
    /// <summary>The most bytes of elements, 1 or more. Default 1 GiB, about twice what all of EMNIST takes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public long MaxLength
    {
        get;
        init => field = AtLeastOne(value, nameof(MaxLength));
    } = 1L << 30;

    /// <summary>
    /// The most bytes of elements per byte of a gzip file, 1 or more. Default 100. It is not checked for the first million bytes.
    /// Handwriting has a ratio of 2 to 10; gzip reaches 1,032 if all bytes are equal.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public int MaxInflation
    {
        get;
        init => field = (int)AtLeastOne(value, nameof(MaxInflation));
    } = 100;

    private static long AtLeastOne(long value, string name) =>
        value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 1 or more.");
}
