using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

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
        int length = (int)Whole(rows.Length, 5, classes);
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
    public static IReadOnlyList<Detection> FromColumns(ReadOnlySpan<float> columns, int classes, double leastScore = 0.25) =>
        [.. Columns(columns, classes, 0, leastScore).Select(p => new Detection(p.Box, p.Score, p.Class))];

    /// <summary>
    /// Reads (4 + classes + coefficients) × N numbers, as YOLOv8-seg, YOLO11-seg and later write them: those of
    /// <see cref="FromColumns"/>, then how much each prototype adds to the mask. <see cref="InstanceMasks"/> makes the masks.
    /// </summary>
    /// <param name="columns">One column for each prediction.</param>
    /// <param name="classes">Number of classes, 1 or more.</param>
    /// <param name="coefficients">Number of prototypes, 1 or more; these networks have 32.</param>
    /// <param name="leastScore">What is less sure is left out, 0 to 1.</param>
    /// <returns>What was found, in no particular order.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of 4 + classes + coefficients.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes, or no coefficients.</exception>
    public static IReadOnlyList<InstanceDetection> InstancesFromColumns(
        ReadOnlySpan<float> columns, int classes, int coefficients = 32, double leastScore = 0.25)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(coefficients, 1);
        return [.. Columns(columns, classes, coefficients, leastScore)
            .Select(p => new InstanceDetection(p.Box, p.Score, p.Class, p.Numbers[4..]))];
    }

    /// <summary>
    /// Reads (4 + classes + 3 · key points) × N numbers, as YOLOv8-pose, YOLO11-pose and later write them: those of
    /// <see cref="FromColumns"/>, then x, y and visibility of each key point. Networks for people have the 17 points of COCO
    /// (<see cref="KeyPoint.CocoLinks"/>).
    /// </summary>
    /// <param name="columns">One column for each prediction.</param>
    /// <param name="keyPoints">Number of key points, 1 or more.</param>
    /// <param name="classes">Number of classes, 1 or more.</param>
    /// <param name="leastScore">What is less sure is left out, 0 to 1.</param>
    /// <returns>What was found, in no particular order.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of 4 + classes + 3 · key points.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes, or no key points.</exception>
    public static IReadOnlyList<KeyPointDetection> KeyPointsFromColumns(
        ReadOnlySpan<float> columns, int keyPoints = 17, int classes = 1, double leastScore = 0.25)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keyPoints, 1);
        return [.. Columns(columns, classes, 3L * keyPoints, leastScore)
            .Select(p => new KeyPointDetection(p.Box, p.Score, p.Class, PointsOf(p.Numbers.AsSpan(4))))];
    }

    /// <summary>
    /// Reads (5 + classes) × N numbers, as YOLOv8-obb, YOLO11-obb and later write them: those of <see cref="FromColumns"/>, then angles in
    /// radians, clockwise.
    /// </summary>
    /// <param name="columns">One column for each prediction.</param>
    /// <param name="classes">Number of classes, 1 or more.</param>
    /// <param name="leastScore">What is less sure is left out, 0 to 1.</param>
    /// <returns>What was found, in no particular order; angles are in degrees.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of 5 + classes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes.</exception>
    public static IReadOnlyList<RotatedDetection> RotatedFromColumns(ReadOnlySpan<float> columns, int classes, double leastScore = 0.25) =>
        [.. Columns(columns, classes, 1, leastScore).Select(p => new RotatedDetection(
            new RotatedBox(new Vector2(p.Numbers[0], p.Numbers[1]), p.Numbers[2], p.Numbers[3], float.RadiansToDegrees(p.Numbers[4])),
            p.Score, p.Class))];

    /// <summary>The columns that are sure enough.</summary>
    /// <param name="columns">Four coordinates, scores and further numbers of each prediction.</param>
    /// <param name="classes">How many scores.</param>
    /// <param name="further">How many numbers come after the scores.</param>
    /// <param name="leastScore">What is less sure is left out.</param>
    private static List<Prediction> Columns(ReadOnlySpan<float> columns, int classes, long further, double leastScore)
    {
        int count = (int)(columns.Length / Whole(columns.Length, 4 + further, classes));
        var found = new List<Prediction>();
        for (int i = 0; i < count; i++)
        {
            (int best, float score) = DecoderChecks.Best(columns[(4 * count)..], i, count, classes);
            if (score >= leastScore)
            {
                float[] numbers = new float[4 + further];
                for (int n = 0; n < numbers.Length; n++)
                {
                    numbers[n] = columns[(n < 4 ? n : classes + n) * count + i];
                }

                found.Add(new Prediction(numbers, score, best));
            }
        }

        return found;
    }

    private static KeyPoint[] PointsOf(ReadOnlySpan<float> numbers)
    {
        var points = new KeyPoint[numbers.Length / 3];
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = new KeyPoint(new Vector2(numbers[3 * i], numbers[3 * i + 1]), numbers[3 * i + 2]);
        }

        return points;
    }

    private static long Whole(int floats, long others, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        return floats % (others + classes) == 0 ? others + classes : throw new ArgumentException(
            $"A prediction of {classes} classes has {others + classes} numbers, which does not divide {floats}.");
    }

    /// <param name="Numbers">Middle x and y, width, height, and what comes after the scores.</param>
    /// <param name="Score">The largest score.</param>
    /// <param name="Class">Whose it is.</param>
    private readonly record struct Prediction(float[] Numbers, float Score, int Class)
    {
        public Box Box => Box.FromCenter(Numbers[0], Numbers[1], Numbers[2], Numbers[3]);
    }
}
