using System;
using Strata.Pictures;

namespace Strata.Imaging;

/// <summary>Turns and mirrors pictures as EXIF says.</summary>
internal static class Orientation
{
    /// <summary>The picture upright.</summary>
    /// <param name="picture">As it is stored.</param>
    /// <param name="orientation">
    /// Where the stored first row and column are when the picture is upright: 1 top left, 2 top right, 3 bottom right, 4 bottom left,
    /// 5 left top, 6 right top, 7 right bottom, 8 left bottom.
    /// </param>
    public static Picture Apply(Picture picture, int orientation)
    {
        if (orientation is <= 1 or > 8)
        {
            return picture;
        }

        bool isTransposed = orientation >= 5;
        bool isMirrored = orientation is 2 or 3 or 7 or 8, isFlipped = orientation is 3 or 4 or 6 or 7;
        var upright = isTransposed ? new Picture(picture.Height, picture.Width) : new Picture(picture.Width, picture.Height);
        for (int y = 0; y < picture.Height; y++)
        {
            ReadOnlySpan<Rgb> row = picture.Row(y);
            int line = isFlipped ? picture.Height - 1 - y : y;
            if (!isTransposed)
            {
                Span<Rgb> target = upright.Row(line);
                row.CopyTo(target);
                if (isMirrored)
                {
                    target.Reverse();
                }

                continue;
            }

            for (int x = 0; x < row.Length; x++)
            {
                upright.Row(isMirrored ? row.Length - 1 - x : x)[line] = row[x];
            }
        }

        return upright;
    }
}
