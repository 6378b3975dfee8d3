using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Strata.Imaging;

/// <summary>
/// Reads the probability map of a text detector such as PP-OCR's (Liao et al., Real-time Scene Text Detection with Differentiable
/// Binarization, AAAI 2020, section 3.5): pixels that belong together become a rectangle, which is then enlarged, because the network was
/// trained with shrunken ones.
/// </summary>
public sealed class TextRegionDecoder
{
    private readonly int _height;
    private readonly int _width;

    /// <summary>Describes the map.</summary>
    /// <param name="height">Its rows, 1 or more.</param>
    /// <param name="width">Its columns, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent is less than 1.</exception>
    public TextRegionDecoder(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (_height, _width) = (height, width);
    }

    /// <summary>From which probability on a pixel is text. Default 0.3.</summary>
    public float PixelThreshold { get; init; } = 0.3f;

    /// <summary>How much a rectangle is enlarged: its edges move outwards by area · ratio / perimeter. Default 1.5.</summary>
    public float UnclipRatio { get; init; } = 1.5f;

    /// <summary>Regions whose shorter side has fewer pixels are left out. Default 3.</summary>
    public float LeastSide { get; init; } = 3;

    /// <summary>Finds the regions of text of one sample.</summary>
    /// <param name="map">Probabilities (after sigmoid), height × width.</param>
    /// <param name="leastScore">Regions with a lower score are left out, 0 to 1.</param>
    /// <returns>Rectangles in pixels of the map, from the top of the map down.</returns>
    /// <exception cref="ArgumentException">The map has another length.</exception>
    public IReadOnlyList<TextRegion> Decode(ReadOnlySpan<float> map, double leastScore = 0.6)
    {
        DecoderChecks.Length(map.Length, _height * _width, nameof(map));
        var found = new List<TextRegion>();
        bool[] seen = new bool[map.Length];
        var pixels = new List<int>();
        for (int start = 0; start < map.Length; start++)
        {
            if (seen[start] || !(map[start] > PixelThreshold))
            {
                continue;
            }

            Gather(map, start, seen, pixels);
            RotatedBox box = RotatedBox.Around(Corners(pixels));
            float score = MeanInside(map, box);
            if (score >= leastScore && float.Min(box.Width, box.Height) >= LeastSide)
            {
                float margin = box.Width * box.Height * UnclipRatio / (2 * (box.Width + box.Height));
                found.Add(new TextRegion(box with { Width = box.Width + 2 * margin, Height = box.Height + 2 * margin }, score));
            }
        }

        return found;
    }

    /// <summary>Collects the pixels that touch each other, corners included.</summary>
    private void Gather(ReadOnlySpan<float> map, int start, bool[] seen, List<int> pixels)
    {
        pixels.Clear();
        pixels.Add(start);
        seen[start] = true;
        for (int i = 0; i < pixels.Count; i++)
        {
            (int row, int column) = Math.DivRem(pixels[i], _width);
            for (int y = int.Max(row - 1, 0); y <= int.Min(row + 1, _height - 1); y++)
            {
                for (int x = int.Max(column - 1, 0); x <= int.Min(column + 1, _width - 1); x++)
                {
                    int next = y * _width + x;
                    if (!seen[next] && map[next] > PixelThreshold)
                    {
                        seen[next] = true;
                        pixels.Add(next);
                    }
                }
            }
        }
    }

    /// <summary>
    /// The mean of the map in a rectangle: of the pixels whose middle lies in it. Pixels below the threshold count, so that a region that
    /// fills its rectangle badly is no text.
    /// </summary>
    private float MeanInside(ReadOnlySpan<float> map, RotatedBox box)
    {
        (Box bounds, double sum, int count) = (box.Bounds, 0, 0);
        (float sin, float cos) = MathF.SinCos(float.DegreesToRadians(box.Angle));
        for (int y = int.Max(0, (int)bounds.Top); y < float.Min(_height, bounds.Bottom); y++)
        {
            for (int x = int.Max(0, (int)bounds.Left); x < float.Min(_width, bounds.Right); x++)
            {
                Vector2 place = new Vector2(x + 0.5f, y + 0.5f) - box.Center;
                float along = (place.X * cos) + (place.Y * sin), down = (place.Y * cos) - (place.X * sin);
                if (float.Abs(along) <= box.Width / 2 && float.Abs(down) <= box.Height / 2)
                {
                    sum += map[(y * _width) + x];
                    count++;
                }
            }
        }

        return count > 0 ? (float)(sum / count) : 0;
    }

    /// <summary>The outer corners of the first and the last pixel of each row: the hull needs no others.</summary>
    private List<Vector2> Corners(List<int> pixels)
    {
        var ends = new SortedDictionary<int, (int First, int Last)>();
        foreach (int pixel in pixels)
        {
            (int row, int column) = Math.DivRem(pixel, _width);
            ends[row] = ends.TryGetValue(row, out (int First, int Last) end)
                ? (int.Min(end.First, column), int.Max(end.Last, column)) : (column, column);
        }

        return [.. ends.SelectMany(end => new Vector2[]
        {
            new(end.Value.First, end.Key), new(end.Value.Last + 1, end.Key),
            new(end.Value.First, end.Key + 1), new(end.Value.Last + 1, end.Key + 1),
        })];
    }
}
