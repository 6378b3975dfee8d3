using System;
using Strata.Pictures;

namespace Strata.Imaging;

/// <summary>A number for each pixel: how much it matters.</summary>
public sealed class AttentionMap
{
    private readonly float[] _values;

    internal AttentionMap(float[] values, int height, int width) => (_values, Height, Width) = (values, height, width);

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Numbers of a row.</summary>
    public int Width { get; }

    /// <summary>The numbers, row by row.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>One number.</summary>
    /// <param name="x">Its column, counted from 0.</param>
    /// <param name="y">Its row, counted from 0.</param>
    public float this[int x, int y] => _values[(y * Width) + x];

    /// <summary>Draws the numbers in colours: from violet (least) to yellow (most), or blue and red if some are below zero.</summary>
    /// <param name="enlargement">Pixels for a number, each way, 1 or more.</param>
    public Picture ToPicture(int enlargement = 1) => Picture.OfActivation(_values, [1, Height, Width], new PictureOptions
    {
        Colors = _values.AsSpan().IndexOfAnyInRange(float.NegativeInfinity, -float.Epsilon) >= 0 ? ColorMap.Diverging : ColorMap.Viridis,
        Enlargement = int.Max(1, enlargement),
        Gap = 0,
    });

    /// <summary>Lays the colours over a picture of any size.</summary>
    /// <param name="picture">The picture, which stays as it is.</param>
    /// <param name="opacity">How much of the colours is seen, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is not from 0 to 1.</exception>
    public Picture Overlay(Picture picture, double opacity = 0.5)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (opacity is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "Must be from 0 to 1.");
        }

        Picture colors = ToPicture().Resize(picture.Width, picture.Height);
        for (int y = 0; y < picture.Height; y++)
        {
            Span<Rgb> row = colors.Row(y);
            ReadOnlySpan<Rgb> under = picture.Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                row[x] = PictureDrawing.Mix(under[x], row[x], opacity);
            }
        }

        return colors;
    }

    /// <summary>The map in another size: bilinear between the middles of the numbers.</summary>
    internal AttentionMap Resize(int height, int width)
    {
        float[] values = new float[height * width];
        for (int y = 0; y < height; y++)
        {
            (int top, int bottom, float low) = Between(y, height, Height);
            for (int x = 0; x < width; x++)
            {
                (int left, int right, float near) = Between(x, width, Width);
                float upper = this[left, top] + (near * (this[right, top] - this[left, top]));
                float lower = this[left, bottom] + (near * (this[right, bottom] - this[left, bottom]));
                values[(y * width) + x] = upper + (low * (lower - upper));
            }
        }

        return new AttentionMap(values, height, width);

        static (int First, int Second, float Weight) Between(int at, int count, int sourceCount)
        {
            float place = float.Clamp((((at + 0.5f) * sourceCount) / count) - 0.5f, 0, sourceCount - 1);
            int first = (int)place;
            return (first, int.Min(first + 1, sourceCount - 1), place - first);
        }
    }
}
