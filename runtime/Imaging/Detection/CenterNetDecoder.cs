using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Imaging;

/// <summary>
/// Reads the outputs of a detector that marks the middle of each object (Zhou et al., Objects as Points, 2019, section 4): a heat map for
/// each class, the size of the object, and where exactly the middle is in its cell.
/// </summary>
public sealed class CenterNetDecoder
{
    private readonly int _classes;
    private readonly int _height;
    private readonly int _width;
    private readonly int _stride;

    /// <summary>Describes the outputs.</summary>
    /// <param name="classes">Number of classes, 1 or more.</param>
    /// <param name="height">Rows of cells, 1 or more.</param>
    /// <param name="width">Columns of cells, 1 or more.</param>
    /// <param name="stride">Pixels of the network's input from one cell to the next; the paper has 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public CenterNetDecoder(int classes, int height, int width, int stride = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        (_classes, _height, _width, _stride) = (classes, height, width, stride);
    }

    /// <summary>
    /// Finds the objects of one sample: cells whose heat is not less than that of their eight neighbours. No suppression is needed then.
    /// </summary>
    /// <param name="heat">Probabilities (after sigmoid), classes × height × width.</param>
    /// <param name="sizes">Widths, then heights, in cells: 2 × height × width.</param>
    /// <param name="offsets">Where the middle is in its cell, x, then y: 2 × height × width; empty for networks without it.</param>
    /// <param name="leastScore">What is less sure is left out, 0 to 1.</param>
    /// <param name="most">How many to return at most.</param>
    /// <returns>Boxes in pixels of the network's input, from the highest score down.</returns>
    /// <exception cref="ArgumentException">A tensor has another length.</exception>
    public IReadOnlyList<Detection> Decode(
        ReadOnlySpan<float> heat, ReadOnlySpan<float> sizes, ReadOnlySpan<float> offsets, double leastScore = 0.25, int most = 100)
    {
        int cells = _height * _width;
        DecoderChecks.Length(heat.Length, _classes * cells, nameof(heat));
        DecoderChecks.Length(sizes.Length, 2 * cells, nameof(sizes));
        if (!offsets.IsEmpty)
        {
            DecoderChecks.Length(offsets.Length, 2 * cells, nameof(offsets));
        }

        var found = new List<Detection>();
        for (int c = 0; c < _classes; c++)
        {
            ReadOnlySpan<float> map = heat.Slice(c * cells, cells);
            for (int cell = 0; cell < cells; cell++)
            {
                if (map[cell] >= leastScore && IsPeak(map, cell))
                {
                    (int row, int column) = Math.DivRem(cell, _width);
                    (float x, float y) = offsets.IsEmpty ? (0.5f, 0.5f) : (offsets[cell], offsets[cells + cell]);
                    Box box = Box.FromCenter(column + x, row + y, sizes[cell], sizes[cells + cell]);
                    found.Add(new Detection(box.Scale(_stride, _stride), map[cell], c));
                }
            }
        }

        return [.. found.OrderByDescending(d => d.Score).Take(most)];
    }

    private bool IsPeak(ReadOnlySpan<float> map, int cell)
    {
        (int row, int column) = Math.DivRem(cell, _width);
        for (int y = int.Max(row - 1, 0); y <= int.Min(row + 1, _height - 1); y++)
        {
            for (int x = int.Max(column - 1, 0); x <= int.Min(column + 1, _width - 1); x++)
            {
                if (map[y * _width + x] > map[cell])
                {
                    return false;
                }
            }
        }

        return true;
    }
}
