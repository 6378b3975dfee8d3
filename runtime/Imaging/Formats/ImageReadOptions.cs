using System;

namespace Strata.Imaging;

/// <summary>How <see cref="ImageFile"/> reads.</summary>
public sealed record ImageReadOptions
{
    /// <summary>The largest number of pixels that a <see cref="Pictures.Picture"/> has.</summary>
    internal const int MostPixels = 32_000_000;

    /// <summary>
    /// Whether a JPEG or PNG file is turned and mirrored as its EXIF orientation says, as Pillow's <c>ImageOps.exif_transpose</c> does. By
    /// default the pixels stay as they are stored, as in torchvision. TIFF files are turned upright in any case, once.
    /// </summary>
    public bool ApplyOrientation { get; init; }

    /// <summary>
    /// Whether a file that is cut off in its image data gives the part that is there, as Pillow does with <c>LOAD_TRUNCATED_IMAGES</c>.
    /// The rest is grey in a JPEG file, else black or the palette's first colour. By default such a file is refused. Compressed TIFF files
    /// that are cut off are always refused, as in Pillow.
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
