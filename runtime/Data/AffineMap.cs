using System;

namespace Strata.Data;

/// <summary>
/// An affine map from output to input: the pixel at (x, y) of the output shows the input at (XX·x + XY·y + X, YX·x + YY·y + Y). Coordinates
/// count from the image's centre, x to the right and y down.
/// </summary>
internal readonly record struct AffineMap(double XX, double XY, double X, double YX, double YY, double Y)
{
    public static AffineMap Identity => new(1, 0, 0, 0, 1, 0);

    public static AffineMap Shift(double x, double y) => new(1, 0, x, 0, 1, y);

    public static AffineMap Scale(double x, double y) => new(x, 0, 0, 0, y, 0);

    /// <summary>The map of this transform followed by another one.</summary>
    public AffineMap Then(AffineMap next) => new(
        (XX * next.XX) + (XY * next.YX),
        (XX * next.XY) + (XY * next.YY),
        (XX * next.X) + (XY * next.Y) + X,
        (YX * next.XX) + (YY * next.YX),
        (YX * next.XY) + (YY * next.YY),
        (YX * next.X) + (YY * next.Y) + Y);

    /// <summary>
    /// Transforms an image with bilinear interpolation between the pixels' centres. In the outermost half pixel, an image has the values of
    /// its edge; farther out it has the value <paramref name="fill"/>.
    /// </summary>
    /// <param name="source">channels × height × width pixels.</param>
    /// <param name="destination">As many; must not overlap.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="fill">The value outside.</param>
    public void Resample(ReadOnlySpan<float> source, Span<float> destination, int channels, int height, int width, float fill)
    {
        double centreX = (width - 1) * 0.5, centreY = (height - 1) * 0.5;
        int plane = height * width;
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                (double x, double y) = (column - centreX, row - centreY);
                (x, y) = ((XX * x) + (XY * y) + X + centreX, (YX * x) + (YY * y) + Y + centreY);
                int at = (row * width) + column;
                if (x < -0.5 || x > width - 0.5 || y < -0.5 || y > height - 0.5)
                {
                    for (int c = 0; c < channels; c++, at += plane)
                    {
                        destination[at] = fill;
                    }

                    continue;
                }

                (x, y) = (double.Clamp(x, 0, width - 1), double.Clamp(y, 0, height - 1));
                (int left, int top) = ((int)x, (int)y);
                (float right, float lower) = ((float)(x - left), (float)(y - top));
                int from = (top * width) + left, nextColumn = left + 1 < width ? 1 : 0, nextRow = top + 1 < height ? width : 0;
                for (int c = 0; c < channels; c++, from += plane, at += plane)
                {
                    float above = source[from] + (right * (source[from + nextColumn] - source[from]));
                    float below = source[from + nextRow] + (right * (source[from + nextRow + nextColumn] - source[from + nextRow]));
                    destination[at] = above + (lower * (below - above));
                }
            }
        }
    }

    /// <summary>Transforms a map of class indices, which cannot be interpolated: each output is the nearest input.</summary>
    /// <param name="source">height × width classes.</param>
    /// <param name="destination">As many; must not overlap.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="beyond">The class outside.</param>
    public void Pick(ReadOnlySpan<int> source, Span<int> destination, int height, int width, int beyond)
    {
        double centreX = (width - 1) * 0.5, centreY = (height - 1) * 0.5;
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                (double x, double y) = (column - centreX, row - centreY);
                (x, y) = ((XX * x) + (XY * y) + X + centreX, (YX * x) + (YY * y) + Y + centreY);
                (x, y) = (Math.Floor(x + 0.5), Math.Floor(y + 0.5));
                bool inside = x >= 0 && x < width && y >= 0 && y < height;
                destination[(row * width) + column] = inside ? source[((int)y * width) + (int)x] : beyond;
            }
        }
    }
}
