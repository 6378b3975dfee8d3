using System;

namespace Strata.Pictures;

/// <summary>How <see cref="Picture.Load(ReadOnlySpan{byte}, PngReadOptions)"/> reads.</summary>
public sealed record PngReadOptions
{
    /// <summary>The largest number of pixels to read: 1 to 32,000,000, the default. Each takes three bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public int MaxPixels
    {
        get;
        init => field = Picture.CheckLimit(value, nameof(MaxPixels));
    } = Picture.MaxPixels;

    /// <summary>
    /// Whether transparent pixels keep the colour that is stored, as with Pillow's <c>convert("RGB")</c>. By default they become white or
    /// black, whichever shows the rest better.
    /// </summary>
    public bool IgnoreAlpha { get; init; }

    /// <summary>
    /// Whether a file that ends in its image data gives the rows that are there, with black (or the palette's first colour) for the rest,
    /// as Pillow does with <c>LOAD_TRUNCATED_IMAGES</c>. By default it is refused.
    /// </summary>
    public bool AllowTruncated { get; init; }
}
