using System;
using System.Collections.Generic;

namespace Strata.Imaging;

/// <summary>
/// Reads the output of a YOLO network that decodes its boxes itself, as most exported files do: middle, size and scores in pixels of the
/// network's input.
/// </summary>
public static class YoloPredictions
{
    /// <summary>Reads N × (5 + classes) numbers, as YOLOv5 and v7 write them: x, y, width, height, object, classes.</summary>
    /// <param name="rows">One row for each prediction.</param>
    /// <param name="classes">Number of classes, 1 or more.</param>
    /// <param name="leastScore">What is less sure is left out, 0 to 1.</param>
    /// <returns>What was found, in no particular order; the score is that of the object times that of its best class.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of 5 + classes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes.</exception>
    public static IReadOnlyList<Detection> FromRows(ReadOnlySpan<float> rows, int classes, double leastScore = 0.25)
    {
        int length = Whole(rows.Length, 5, classes);
        var found = new List<Detection>();
        for (; !rows.IsEmpty; rows = rows[length..])
        {
            if (rows[4] >= leastScore)
            {
                (int best, float score) = DecoderChecks.Best(rows, 5, 1, classes);
                if (rows[4] * score is var product && product >= leastScore)
                {
                    found.Add(new Detection(Box.FromCenter(rows[0], rows[1], rows[2], rows[3]), product, best));
                }
            }
        }

        return found;
    }

    /// <summary>
    /// Reads (4 + classes) × N numbers, as YOLOv8 and later write them: all x, all y, all widths, all heights, then classes.
    /// </summary>
    /// <param name="columns">One column for each prediction.</param>
    /// <param name="classes">Number of classes, 1 or more.</param>
    /// <param name="leastScore">What is less sure is left out, 0 to 1.</param>
    /// <returns>What was found, in no particular order.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of 4 + classes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes.</exception>
    public static IReadOnlyList<Detection> FromColumns(ReadOnlySpan<float> columns, int classes, double leastScore = 0.25)
    {
        int count = columns.Length / Whole(columns.Length, 4, classes);
        var found = new List<Detection>();
        for (int i = 0; i < count; i++)
        {
            (int best, float score) = DecoderChecks.Best(columns[(4 * count)..], i, count, classes);
            if (score >= leastScore)
            {
                found.Add(new Detection(
                    Box.FromCenter(columns[i], columns[count + i], columns[2 * count + i], columns[3 * count + i]), score, best));
            }
        }

        return found;
    }

    private static int Whole(int floats, int coordinates, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        return floats % (coordinates + classes) == 0 ? coordinates + classes : throw new ArgumentException(
            $"A prediction of {classes} classes has {coordinates + classes} numbers, which does not divide {floats}.");
    }
}
