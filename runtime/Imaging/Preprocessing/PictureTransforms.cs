using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using Strata.Pictures;

namespace Strata.Imaging;

/// <summary>Turned, mirrored, warped and padded copies of pictures. Resizing and cropping are methods of <see cref="Picture"/>.</summary>
/// <remarks>
/// Pixels of turned and warped pictures are bilinear between four neighbours, as in Pillow's <c>transform(…, BILINEAR)</c>. What comes from
/// outside gets a colour.
/// </remarks>
public static class PictureTransforms
{
    /// <summary>The picture in a mirror: left becomes right.</summary>
    /// <param name="picture">The picture, which stays as it is.</param>
    public static Picture FlipHorizontally(this Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var flipped = new Picture(picture.Width, picture.Height);
        for (int y = 0; y < picture.Height; y++)
        {
            picture.Row(y).CopyTo(flipped.Row(y));
            flipped.Row(y).Reverse();
        }

        return flipped;
    }

    /// <summary>The picture upside down: top becomes bottom.</summary>
    /// <param name="picture">The picture, which stays as it is.</param>
    public static Picture FlipVertically(this Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var flipped = new Picture(picture.Width, picture.Height);
        for (int y = 0; y < picture.Height; y++)
        {
            picture.Row(y).CopyTo(flipped.Row(picture.Height - 1 - y));
        }

        return flipped;
    }

    /// <summary>The picture in the middle of a square as long as its longer side.</summary>
    /// <param name="picture">The picture, which stays as it is.</param>
    /// <param name="fill">The colour of the rest.</param>
    public static Picture PadToSquare(this Picture picture, Rgb fill = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        int side = int.Max(picture.Width, picture.Height), left = (side - picture.Width) / 2, top = (side - picture.Height) / 2;
        var square = new Picture(side, side);
        for (int y = 0; y < side; y++)
        {
            square.Row(y).Fill(fill);
            if (y >= top && y < top + picture.Height)
            {
                picture.Row(y - top).CopyTo(square.Row(y)[left..]);
            }
        }

        return square;
    }

    /// <summary>Turns the picture around its middle; its size stays (Pillow's <c>rotate</c>).</summary>
    /// <param name="picture">The picture, which stays as it is.</param>
    /// <param name="degrees">How far to turn it, counterclockwise.</param>
    /// <param name="fill">The colour of what comes from outside.</param>
    /// <exception cref="ArgumentOutOfRangeException">The angle is not finite.</exception>
    public static Picture Rotate(this Picture picture, double degrees, Rgb fill = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (!double.IsFinite(degrees))
        {
            throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "Must be a finite number.");
        }

        degrees -= 360 * Math.Floor(degrees / 360);
        bool isSquare = picture.Width == picture.Height;
        if (degrees is 0 or 180 || (degrees is 90 or 270 && isSquare))
        {
            return Orientation.Apply(picture, degrees switch { 0 => 1, 90 => 8, 180 => 3, _ => 6 });
        }

        double angle = -double.DegreesToRadians(degrees), cos = Rounded(Math.Cos(angle)), sin = Rounded(Math.Sin(angle));
        double x = picture.Width / 2.0, y = picture.Height / 2.0;
        double[] turn = [cos, sin, (cos * -x) + (sin * -y) + x, -sin, cos, (-sin * -x) + (cos * -y) + y, 0, 0];
        return Warp(picture, new Homography(turn), fill);
    }

    /// <summary>
    /// Fifteen decimals, as in Pillow, so that right angles have zeros. <see cref="Math.Round(double, int)"/> rounds a rounded product.
    /// </summary>
    private static double Rounded(double value) =>
        double.Parse(value.ToString("F15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>
    /// Warps the picture so that four points come to lie on four others, as if it hung on a wall that is seen from the side (torchvision's
    /// <c>perspective</c>). Its size stays.
    /// </summary>
    /// <param name="picture">The picture, which stays as it is.</param>
    /// <param name="from">Four points of the picture, such as the corners of a page in a photograph.</param>
    /// <param name="to">Where they come to lie.</param>
    /// <param name="fill">The colour of what comes from outside.</param>
    /// <exception cref="ArgumentException">There are not four points, or three of them lie on a line.</exception>
    public static Picture Perspective(this Picture picture, IReadOnlyList<Vector2> from, IReadOnlyList<Vector2> to, Rgb fill = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return Warp(picture, Homography.Between(to, from, nameof(from)), fill);
    }

    /// <summary>
    /// Cuts a quadrilateral out of the picture and makes it upright: a page that was photographed from the side, or a line of text that is
    /// turned.
    /// </summary>
    /// <remarks>
    /// It is one pass: each pixel is bilinear between four pixels of the picture. Where the result is smaller than the quadrilateral, it is
    /// the mean of several such places in the pixel, 8×8 at most. Beyond the picture's edges, the pixels of the edges go on.
    /// </remarks>
    /// <param name="picture">The picture, which stays as it is.</param>
    /// <param name="corners">
    /// Four points of the picture, which become the top left, top right, bottom right and bottom left corner. (0, 0) is the upper left
    /// corner of the first pixel.
    /// </param>
    /// <param name="width">The width of the result, 1 or more.</param>
    /// <param name="height">Its height, 1 or more.</param>
    /// <exception cref="ArgumentException">
    /// There are not four corners, they are no convex quadrilateral, or a number is not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An extent is less than 1, or there would be more than 32 million pixels.</exception>
    public static Picture CropPerspective(this Picture picture, IReadOnlyList<Vector2> corners, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(corners);
        return PerspectiveCrop.Of(picture, corners, width, height);
    }

    private static Picture Warp(Picture picture, Homography places, Rgb fill)
    {
        var warped = new Picture(picture.Width, picture.Height);
        for (int y = 0; y < warped.Height; y++)
        {
            Span<Rgb> row = warped.Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                (double atX, double atY) = places.At(x + 0.5, y + 0.5);
                row[x] = At(picture, atX, atY, fill);
            }
        }

        return warped;
    }

    private static Rgb At(Picture picture, double x, double y, Rgb fill)
    {
        if (!(x >= 0 && x < picture.Width && y >= 0 && y < picture.Height))
        {
            return fill;
        }

        (x, y) = (x - 0.5, y - 0.5);
        (int left, int top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        (double near, double low) = (x - left, y - top);
        int right = int.Min(left + 1, picture.Width - 1), bottom = int.Min(top + 1, picture.Height - 1);
        (left, top) = (int.Max(left, 0), int.Max(top, 0));
        ReadOnlySpan<Rgb> upper = picture.Row(top), lower = picture.Row(bottom);
        (Rgb a, Rgb b, Rgb c, Rgb d) = (upper[left], upper[right], lower[left], lower[right]);
        return new Rgb(Mix(a.Red, b.Red, c.Red, d.Red), Mix(a.Green, b.Green, c.Green, d.Green), Mix(a.Blue, b.Blue, c.Blue, d.Blue));

        // Pillow cuts the fraction off.
        byte Mix(byte a, byte b, byte c, byte d)
        {
            double first = a + ((b - a) * near), second = c + ((d - c) * near);
            return (byte)(first + ((second - first) * low));
        }
    }
}
