using System;
using System.Linq;

namespace Strata.Imaging;

/// <summary>Which pixels belong to an object: a probability for each pixel of its box. Outside of the box, it is 0.</summary>
public sealed class InstanceMask
{
    private readonly float[] _probabilities;

    internal InstanceMask(int left, int top, int width, int height, float[] probabilities) =>
        (Left, Top, Width, Height, _probabilities) = (left, top, width, height, probabilities);

    /// <summary>The first column of the box.</summary>
    public int Left { get; }

    /// <summary>The first row of the box.</summary>
    public int Top { get; }

    /// <summary>Columns of the box; 0 if it lies outside of the picture.</summary>
    public int Width { get; }

    /// <summary>Rows of the box; 0 if it lies outside of the picture.</summary>
    public int Height { get; }

    /// <summary>Probabilities of the box's pixels, row by row, 0 to 1.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities;

    /// <summary>The probability of a pixel, 0 to 1; 0 outside of the box.</summary>
    /// <param name="x">The column, counted from the left edge of the picture, not of the box.</param>
    /// <param name="y">The row, counted from the upper edge of the picture.</param>
    public float this[int x, int y] =>
        (uint)(x - Left) < (uint)Width && (uint)(y - Top) < (uint)Height ? _probabilities[(y - Top) * Width + (x - Left)] : 0;

    /// <summary>How many pixels belong to the object.</summary>
    /// <param name="threshold">They have a greater probability, 0 to 1.</param>
    public int Area(double threshold = 0.5) => _probabilities.Count(p => p > threshold);
}
