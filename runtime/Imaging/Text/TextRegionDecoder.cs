using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Strata.Imaging;

/// <summary>
/// Reads the probability map of a text detector such as PP-OCR's (Liao et al., Real-time Scene Text Detection with Differentiable
/// Binarization, AAAI 2020, section 3.3): pixels that belong together become a rectangle, which is then enlarged, because the network was
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
    /// <param name="leastScore">Regions whose mean probability is lower are left out, 0 to 1.</param>
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

            double sum = Gather(map, start, seen, pixels);
            float score = (float)(sum / pixels.Count);
            RotatedBox box = RotatedBox.Around(Corners(pixels));
            if (score >= leastScore && float.Min(box.Width, box.Height) >= LeastSide)
            {
                float margin = box.Width * box.Height * UnclipRatio / (2 * (box.Width + box.Height));
                found.Add(new TextRegion(box with { Width = box.Width + 2 * margin, Height = box.Height + 2 * margin }, score));
            }
        }

        return found;
    }

    /// <summary>Collects the pixels that touch each other, corners included.</summary>
    /// <returns>The sum of their probabilities.</returns>
    private double Gather(ReadOnlySpan<float> map, int start, bool[] seen, List<int> pixels)
    {
        pixels.Clear();
        pixels.Add(start);
        seen[start] = true;
        double sum = 0;
        for (int i = 0; i < pixels.Count; i++)
        {
            sum += map[pixels[i]];
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

        return sum;
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

/// <summary>A region that holds text.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="Score">The mean probability of its pixels, 0 to 1.</param>
public readonly record struct TextRegion(RotatedBox Box, float Score);
