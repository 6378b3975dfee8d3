using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Strata.Imaging;

/// <summary>Keeps the best of boxes that cover the same object.</summary>
/// <remarks>
/// <c>Keep</c> and <c>KeepPerClass</c> give the same numbers as torchvision's <c>nms</c> and <c>batched_nms</c> on a CPU.
/// Boxes of the same score stay in their order. A box whose score is NaN comes first, as in PyTorch's sort. Turned boxes overlap by the
/// exact area of the polygon that they have in common.
/// </remarks>
public static class NonMaximumSuppression
{
    /// <summary>
    /// Goes through the boxes from the highest score down, and drops each that overlaps a kept one by more than a threshold.
    /// </summary>
    /// <param name="boxes">N boxes.</param>
    /// <param name="scores">N scores.</param>
    /// <param name="threshold">The largest intersection over union of two boxes that are kept, 0 to 1.</param>
    /// <returns>Numbers of the boxes that are kept, from the highest score down.</returns>
    /// <exception cref="ArgumentException">There are not as many scores as boxes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not from 0 to 1.</exception>
    public static int[] Keep(ReadOnlySpan<Box> boxes, ReadOnlySpan<float> scores, double threshold) =>
        Kept(boxes, scores, [], threshold);

    /// <summary>Does what <c>Keep</c> does for each class by itself.</summary>
    /// <param name="boxes">N boxes.</param>
    /// <param name="scores">N scores.</param>
    /// <param name="classes">N classes, or none if all are of one class.</param>
    /// <param name="threshold">The largest intersection over union of two boxes of a class that are kept, 0 to 1.</param>
    /// <returns>Numbers of the boxes that are kept, from the highest score down.</returns>
    /// <exception cref="ArgumentException">There are not as many scores or classes as boxes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not from 0 to 1.</exception>
    public static int[] KeepPerClass(
        ReadOnlySpan<Box> boxes, ReadOnlySpan<float> scores, ReadOnlySpan<int> classes, double threshold) =>
        Kept(boxes, scores, classes, threshold);

    /// <summary>Does what <see cref="Keep(ReadOnlySpan{Box}, ReadOnlySpan{float}, double)"/> does, with boxes that are turned.</summary>
    /// <param name="boxes">N boxes.</param>
    /// <param name="scores">N scores.</param>
    /// <param name="threshold">The largest intersection over union of two boxes that are kept, 0 to 1.</param>
    /// <returns>Numbers of the boxes that are kept, from the highest score down.</returns>
    /// <exception cref="ArgumentException">There are not as many scores as boxes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not from 0 to 1.</exception>
    public static int[] Keep(ReadOnlySpan<RotatedBox> boxes, ReadOnlySpan<float> scores, double threshold) =>
        Kept(boxes, scores, [], threshold);

    /// <summary>
    /// Does what <see cref="KeepPerClass(ReadOnlySpan{Box}, ReadOnlySpan{float}, ReadOnlySpan{int}, double)"/> does, with boxes that are
    /// turned.
    /// </summary>
    /// <param name="boxes">N boxes.</param>
    /// <param name="scores">N scores.</param>
    /// <param name="classes">N classes, or none if all are of one class.</param>
    /// <param name="threshold">The largest intersection over union of two boxes of a class that are kept, 0 to 1.</param>
    /// <returns>Numbers of the boxes that are kept, from the highest score down.</returns>
    /// <exception cref="ArgumentException">There are not as many scores or classes as boxes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not from 0 to 1.</exception>
    public static int[] KeepPerClass(
        ReadOnlySpan<RotatedBox> boxes, ReadOnlySpan<float> scores, ReadOnlySpan<int> classes, double threshold) =>
        Kept(boxes, scores, classes, threshold);

    /// <summary>
    /// Does what <see cref="KeepPerClass(ReadOnlySpan{Box}, ReadOnlySpan{float}, ReadOnlySpan{int}, double)"/> does with what a decoder
    /// found.
    /// </summary>
    /// <typeparam name="T">What was found: objects in boxes, maybe with key points or masks.</typeparam>
    /// <param name="detections">What was found.</param>
    /// <param name="threshold">The largest intersection over union of two boxes of a class that are kept, 0 to 1.</param>
    /// <param name="most">How many to return at most; the best ones are returned.</param>
    /// <returns>What is kept, from the highest score down.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not from 0 to 1, or <c>most</c> is negative.</exception>
    public static IReadOnlyList<T> Apply<T>(IReadOnlyList<T> detections, double threshold = 0.45, int most = int.MaxValue)
        where T : IDetection
    {
        ArgumentNullException.ThrowIfNull(detections);
        return Best(detections, [.. detections.Select(d => (d.Box, d.Score, d.Class))], threshold, most);
    }

    /// <summary>Does the same with objects in boxes that are turned.</summary>
    /// <param name="detections">What was found.</param>
    /// <param name="threshold">The largest intersection over union of two boxes of a class that are kept, 0 to 1.</param>
    /// <param name="most">How many to return at most; the best ones are returned.</param>
    /// <returns>What is kept, from the highest score down.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not from 0 to 1, or <c>most</c> is negative.</exception>
    public static IReadOnlyList<RotatedDetection> Apply(
        IReadOnlyList<RotatedDetection> detections, double threshold = 0.45, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(detections);
        return Best(detections, [.. detections.Select(d => (d.Box, d.Score, d.Class))], threshold, most);
    }

    /// <summary>
    /// Replaces the boxes of one object by their mean, weighted by their scores, and so the key points (Bazarevsky et al., BlazeFace, 2019,
    /// section 3.3). In a video, a face then trembles less than with <see cref="Apply{T}(IReadOnlyList{T}, double, int)"/>.
    /// </summary>
    /// <remarks>
    /// As in MediaPipe's <c>NonMaxSuppressionCalculator</c>: those that overlap the best one by more than the threshold are its group, and
    /// the group has the best one's score. Two things are done otherwise: only detections of one class make a group, and a best box without
    /// area is a group by itself, where MediaPipe drops all that come after it.
    /// </remarks>
    /// <param name="detections">What was found. What has no positive score is left out.</param>
    /// <param name="threshold">The largest intersection over union of two objects, 0 to 1.</param>
    /// <returns>One detection for each object, from the highest score down.</returns>
    /// <exception cref="ArgumentException">Two detections of a class have different numbers of key points.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not from 0 to 1.</exception>
    public static IReadOnlyList<KeyPointDetection> Blend(IReadOnlyList<KeyPointDetection> detections, double threshold = 0.3)
    {
        ArgumentNullException.ThrowIfNull(detections);
        CheckThreshold(threshold);
        var rest = detections.Where(d => d.Score > 0).OrderByDescending(d => d.Score).ToList();
        var blended = new List<KeyPointDetection>();
        while (rest.Count > 0)
        {
            KeyPointDetection best = rest[0];
            List<KeyPointDetection> group = [best], others = [];
            foreach (KeyPointDetection one in rest.Skip(1))
            {
                bool same = one.Class == best.Class && one.Box.IntersectionOverUnion(best.Box) > threshold;
                (same ? group : others).Add(one);
            }

            blended.Add(Mean(group));
            rest = others;
        }

        return blended;
    }

    /// <summary>
    /// Lowers the scores of boxes that overlap a better one of their class, instead of dropping them: by exp(−iou² / σ) (Bodla et al.,
    /// Soft-NMS, ICCV 2017, equation 3).
    /// </summary>
    /// <param name="detections">What was found.</param>
    /// <param name="sigma">σ, greater than 0: the smaller, the lower the scores. The paper takes 0.5.</param>
    /// <param name="leastScore">Boxes whose score falls below it are dropped.</param>
    /// <returns>What is kept, with its new scores, from the highest one down.</returns>
    /// <exception cref="ArgumentOutOfRangeException">σ is not a positive number.</exception>
    public static IReadOnlyList<Detection> Soften(IReadOnlyList<Detection> detections, double sigma = 0.5, double leastScore = 0.001)
    {
        ArgumentNullException.ThrowIfNull(detections);
        if (!(sigma > 0 && double.IsFinite(sigma)))
        {
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "Must be a positive number.");
        }

        var rest = detections.ToList();
        var kept = new List<Detection>();
        while (rest.Count > 0)
        {
            int at = 0;
            for (int i = 1; i < rest.Count; i++)
            {
                at = rest[i].Score > rest[at].Score ? i : at;
            }

            Detection best = rest[at];
            rest.RemoveAt(at);
            if (!(best.Score >= leastScore))
            {
                break;
            }

            kept.Add(best);
            for (int i = 0; i < rest.Count; i++)
            {
                if (rest[i].Class == best.Class && best.Box.IntersectionOverUnion(rest[i].Box) is > 0 and var overlap)
                {
                    rest[i] = rest[i] with { Score = (float)(rest[i].Score * Math.Exp(-overlap * (double)overlap / sigma)) };
                }
            }
        }

        return kept;
    }

    private static int[] Kept<T>(ReadOnlySpan<T> boxes, ReadOnlySpan<float> scores, ReadOnlySpan<int> classes, double threshold)
        where T : struct, IOverlapping<T>
    {
        Check(boxes.Length, scores.Length, classes.Length, threshold);
        int[] order = Order(scores);
        bool[] dropped = new bool[boxes.Length];
        var kept = new List<int>();
        for (int i = 0; i < order.Length; i++)
        {
            int best = order[i];
            if (dropped[best])
            {
                continue;
            }

            kept.Add(best);
            for (int j = i + 1; j < order.Length; j++)
            {
                int other = order[j];
                if (!dropped[other] && (classes.IsEmpty || classes[other] == classes[best]))
                {
                    dropped[other] = boxes[best].IntersectionOverUnion(boxes[other]) > threshold;
                }
            }
        }

        return [.. kept];
    }

    private static IReadOnlyList<T> Best<T, TBox>(
        IReadOnlyList<T> detections, (TBox Box, float Score, int Class)[] parts, double threshold, int most)
        where TBox : struct, IOverlapping<TBox>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        int[] kept = Kept<TBox>([.. parts.Select(d => d.Box)], [.. parts.Select(d => d.Score)], [.. parts.Select(d => d.Class)], threshold);
        return [.. kept.Take(most).Select(i => detections[i])];
    }

    /// <summary>The mean of detections, weighted by their scores; the first one has the highest.</summary>
    private static KeyPointDetection Mean(List<KeyPointDetection> detections)
    {
        KeyPointDetection best = detections[0];
        float sum = 0, left = 0, top = 0, right = 0, bottom = 0;
        var points = new Vector3[best.KeyPoints.Count];
        foreach (KeyPointDetection one in detections)
        {
            if (one.KeyPoints.Count != points.Length)
            {
                throw new ArgumentException(
                    $"One detection of class {best.Class} has {points.Length} key points, and another {one.KeyPoints.Count}.",
                    nameof(detections));
            }

            sum += one.Score;
            (left, top) = (left + one.Score * one.Box.Left, top + one.Score * one.Box.Top);
            (right, bottom) = (right + one.Score * one.Box.Right, bottom + one.Score * one.Box.Bottom);
            for (int i = 0; i < points.Length; i++)
            {
                points[i] += one.Score * new Vector3(one.KeyPoints[i].Position, one.KeyPoints[i].Visibility);
            }
        }

        return best with
        {
            Box = new Box(left / sum, top / sum, right / sum, bottom / sum),
            KeyPoints = [.. points.Select(p => new KeyPoint(new Vector2(p.X, p.Y) / sum, p.Z / sum))],
        };
    }

    /// <summary>Numbers of scores from the highest down; equal ones in their order.</summary>
    private static int[] Order(ReadOnlySpan<float> scores)
    {
        float[] values = scores.ToArray();
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort(order, (a, b) => float.IsNaN(values[a]) != float.IsNaN(values[b]) ? (float.IsNaN(values[a]) ? -1 : 1)
            : values[b].CompareTo(values[a]) is not 0 and var c ? c : a.CompareTo(b));
        return order;
    }

    private static void Check(int boxes, int scores, int classes, double threshold)
    {
        if (scores != boxes)
        {
            throw new ArgumentException($"There are {boxes} boxes, but {scores} scores.", nameof(scores));
        }

        if (classes != boxes && classes != 0)
        {
            throw new ArgumentException($"There are {boxes} boxes, but {classes} classes.", nameof(classes));
        }

        CheckThreshold(threshold);
    }

    private static void CheckThreshold(double threshold)
    {
        if (threshold is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "Must be from 0 to 1.");
        }
    }
}
