using System;

namespace Strata.Data;

/// <summary>How much memory an <see cref="IdxFile"/> may take.</summary>
public sealed record IdxOptions
{
    /// <summary>Most bytes of elements, 1 or more. Default 1 GiB: all of EMNIST is a little more than half of it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public long MaxLength
    {
        get;
        init => field = AtLeastOne(value, nameof(MaxLength));
    } = 1L << 30;

    /// <summary>
    /// Most bytes of elements for each byte of a gzip file, 1 or more; the first million bytes are not counted. Handwriting takes 2 to 10;
    /// gzip itself reaches 1,032 where all bytes are the same. Default 100.
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
