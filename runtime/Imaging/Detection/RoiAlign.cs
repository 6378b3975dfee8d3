using System;

namespace Strata.Imaging;

/// <summary>
/// Reads a region of feature maps at any size: bilinear samples in each of its cells, averaged (He et al., Mask R-CNN, ICCV 2017, section
/// 3; torchvision's <c>roi_align</c>).
/// </summary>
/// <param name="Height">Cells from top to bottom, 1 or more.</param>
/// <param name="Width">Cells from left to right, 1 or more.</param>
public sealed record RoiAlign(int Height, int Width)
{
    /// <summary>What box coordinates are multiplied by: 1/16 for maps of a sixteenth of the picture's size. Default 1.</summary>
    public float SpatialScale { get; init; } = 1;

    private const int MaxSamples = 4096;

    /// <summary>
    /// Samples of a cell per axis; 0 (the default) means as many as the cell is pixels wide, rounded up, and at most 4,096.
    /// </summary>
    public int SamplingRatio { get; init; }

    /// <summary>
    /// Whether pixel (0, 0) has its middle at (0.5, 0.5) of the coordinates; without it, boxes are half a pixel off, as in older models.
    /// </summary>
    public bool Aligned { get; init; }

    /// <summary>Reads one region.</summary>
    /// <param name="maps">Feature maps of one sample, C × H × W.</param>
    /// <param name="shape">Their extents: C, H, W.</param>
    /// <param name="box">The region, in the coordinates that <see cref="SpatialScale"/> expects.</param>
    /// <returns>C × Height × Width floats.</returns>
    /// <exception cref="ArgumentException">
    /// The numbers do not fit the shape, or the cells, the scale or the ratio are out of their range.
    /// </exception>
    public float[] Read(ReadOnlySpan<float> maps, ReadOnlySpan<int> shape, Box box)
    {
        Check(maps.Length, shape);
        (int channels, int height, int width) = (shape[0], shape[1], shape[2]);
        float offset = Aligned ? 0.5f : 0;
        float left = box.Left * SpatialScale - offset, top = box.Top * SpatialScale - offset;
        float regionWidth = box.Right * SpatialScale - offset - left, regionHeight = box.Bottom * SpatialScale - offset - top;
        if (!Aligned)
        {
            (regionWidth, regionHeight) = (float.Max(regionWidth, 1), float.Max(regionHeight, 1));
        }

        Axis vertical = new(top, regionHeight / Height, height, Samples(regionHeight / Height));
        Axis horizontal = new(left, regionWidth / Width, width, Samples(regionWidth / Width));
        float count = int.Max(vertical.Count * horizontal.Count, 1);
        float[] cells = new float[channels * Height * Width];
        int next = 0;
        for (int c = 0; c < channels; c++)
        {
            ReadOnlySpan<float> map = maps.Slice(c * height * width, height * width);
            for (int y = 0; y < Height; y++)
            {
                for (int x = 0; x < Width; x++)
                {
                    cells[next++] = Sum(map, width, vertical, y, horizontal, x) / count;
                }
            }
        }

        return cells;
    }

    private static float Sum(ReadOnlySpan<float> map, int width, Axis vertical, int y, Axis horizontal, int x)
    {
        float sum = 0;
        for (int i = 0; i < vertical.Count; i++)
        {
            for (int j = 0; j < horizontal.Count; j++)
            {
                if (vertical.TryAt(y, i, out int top, out int bottom, out float low)
                    && horizontal.TryAt(x, j, out int left, out int right, out float near))
                {
                    float high = 1 - low, far = 1 - near;
                    sum += high * far * map[top * width + left] + high * near * map[top * width + right]
                        + low * far * map[bottom * width + left] + low * near * map[bottom * width + right];
                }
            }
        }

        return sum;
    }

    // A box that a network made too large must not take forever.
    private int Samples(float cell) => SamplingRatio > 0 ? SamplingRatio : (int)float.Clamp(float.Ceiling(cell), 0, MaxSamples);

    private void Check(int length, ReadOnlySpan<int> shape)
    {
        if (shape is not [> 0, > 0, > 0] || (long)shape[0] * shape[1] * shape[2] != length)
        {
            throw new ArgumentException(
                $"Feature maps have the extents C, H, W; {string.Join('×', shape.ToArray())} do not fit {length} floats.", nameof(shape));
        }

        if (Height < 1 || Width < 1 || SamplingRatio < 0 || !float.IsFinite(SpatialScale))
        {
            throw new ArgumentException($"Cells must be 1 or more, the ratio 0 or more, and the scale a number: {this}.");
        }
    }

    /// <summary>Where the samples of one axis are.</summary>
    private readonly record struct Axis(float Start, float Cell, int Extent, int Count)
    {
        /// <summary>The two pixels around a sample, and the weight of the second; false if the sample is outside of the map.</summary>
        public bool TryAt(int cell, int sample, out int first, out int second, out float weight)
        {
            float at = Start + cell * Cell + (sample + 0.5f) * Cell / Count;
            (first, second, weight) = (0, 0, 0);
            if (!(at >= -1 && at <= Extent))
            {
                return false;
            }

            at = float.Max(at, 0);
            first = (int)at;
            if (first >= Extent - 1)
            {
                (first, second) = (Extent - 1, Extent - 1);
                return true;
            }

            (second, weight) = (first + 1, at - first);
            return true;
        }
    }
}
