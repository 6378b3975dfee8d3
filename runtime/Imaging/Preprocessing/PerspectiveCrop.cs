using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Strata.Pictures;

namespace Strata.Imaging;

/// <summary>A quadrilateral of a picture becomes a picture: <see cref="PictureTransforms.CropPerspective"/>.</summary>
internal static class PerspectiveCrop
{
    /// <summary>Places in a pixel along an axis, at most: corners may be anywhere, and each place takes time.</summary>
    private const int MostPlaces = 8;

    public static Picture Of(Picture picture, IReadOnlyList<Vector2> corners, int width, int height)
    {
        var crop = new Picture(width, height);
        if (corners.FirstOrDefault(c => !float.IsFinite(c.X) || !float.IsFinite(c.Y)) is var odd && odd != default)
        {
            string found = FormattableString.Invariant($"({odd.X}, {odd.Y})");
            throw new ArgumentException($"{found} is no corner: a number is not finite.", nameof(corners));
        }

        Vector2[] upright = [Vector2.Zero, new(width, 0), new(width, height), new(0, height)];
        var places = Homography.Between(upright, corners, nameof(corners));
        if (upright.Any(corner => !(places.Depth(corner.X, corner.Y) > 0)))
        {
            throw new ArgumentException(
                "The corners are no convex quadrilateral. They go around it: top left, top right, bottom right, bottom left.",
                nameof(corners));
        }

        int columns = Places(Vector2.Distance(corners[0], corners[1]), Vector2.Distance(corners[3], corners[2]), width);
        int rows = Places(Vector2.Distance(corners[0], corners[3]), Vector2.Distance(corners[1], corners[2]), height);
        for (int y = 0; y < height; y++)
        {
            Span<Rgb> row = crop.Row(y);
            for (int x = 0; x < width; x++)
            {
                row[x] = Mean(picture, places, x, y, columns, rows);
            }
        }

        return crop;
    }

    /// <summary>So many that two neighbours are at most a pixel of the picture apart.</summary>
    private static int Places(float side, float opposite, int pixels) =>
        (int)float.Clamp(float.Ceiling(float.Max(side, opposite) / pixels), 1, MostPlaces);

    private static Rgb Mean(Picture picture, Homography places, int x, int y, int columns, int rows)
    {
        Vector3 sum = Vector3.Zero;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                (double atX, double atY) = places.At(x + ((column + 0.5) / columns), y + ((row + 0.5) / rows));
                sum += Bilinear(picture, atX - 0.5, atY - 0.5);
            }
        }

        Vector3 mean = sum / (columns * rows);
        return new Rgb((byte)float.Round(mean.X), (byte)float.Round(mean.Y), (byte)float.Round(mean.Z));
    }

    /// <summary>Between the middles of pixels.</summary>
    private static Vector3 Bilinear(Picture picture, double x, double y)
    {
        (x, y) = (double.Clamp(x, 0, picture.Width - 1), double.Clamp(y, 0, picture.Height - 1));
        (int left, int top) = ((int)x, (int)y);
        int right = int.Min(left + 1, picture.Width - 1);
        ReadOnlySpan<Rgb> upper = picture.Row(top), lower = picture.Row(int.Min(top + 1, picture.Height - 1));
        (float near, float low) = ((float)(x - left), (float)(y - top));
        return Vector3.Lerp(
            Vector3.Lerp(Levels(upper[left]), Levels(upper[right]), near),
            Vector3.Lerp(Levels(lower[left]), Levels(lower[right]), near), low);
    }

    private static Vector3 Levels(Rgb pixel) => new(pixel.Red, pixel.Green, pixel.Blue);
}
