using System;

namespace Strata.Imaging;

/// <summary>How <see cref="ImageFile"/> reads.</summary>
public sealed record ImageReadOptions
{
    /// <summary>The largest number of pixels that a <see cref="Pictures.Picture"/> has.</summary>
    internal const int MostPixels = 32_000_000;

    /// <summary>
    /// Whether the picture is turned and mirrored as the EXIF orientation says, as Pillow's <c>ImageOps.exif_transpose</c> does. By
    /// default the pixels stay as they are stored, as in torchvision.
    /// </summary>
    public bool ApplyOrientation { get; init; }

    /// <summary>
    /// Whether a JPEG file that is cut off gives the part that is there, with grey for the rest, as Pillow does with
    /// <c>LOAD_TRUNCATED_IMAGES</c>. By default it is refused.
    /// </summary>
    public bool AllowTruncated { get; init; }

    /// <summary>The largest number of pixels to read: 1 to 32,000,000, the default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public int MaxPixels
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostPixels);
            field = value;
        }
    } = MostPixels;
}
