using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Imaging;

/// <summary>Keeps the best of boxes that cover the same object.</summary>
/// <remarks>
/// <see cref="Keep"/> and <see cref="KeepPerClass"/> give the same numbers as torchvision's <c>nms</c> and <c>batched_nms</c> on a CPU.
/// Boxes of the same score stay in their order. A box whose score is NaN comes first, as in PyTorch's sort.
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
        KeepPerClass(boxes, scores, [], threshold);

    /// <summary>Does what <see cref="Keep"/> does for each class by itself.</summary>
    /// <param name="boxes">N boxes.</param>
    /// <param name="scores">N scores.</param>
    /// <param name="classes">N classes, or none if all are of one class.</param>
    /// <param name="threshold">The largest intersection over union of two boxes of a class that are kept, 0 to 1.</param>
    /// <returns>Numbers of the boxes that are kept, from the highest score down.</returns>
    /// <exception cref="ArgumentException">There are not as many scores or classes as boxes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not from 0 to 1.</exception>
    public static int[] KeepPerClass(
        ReadOnlySpan<Box> boxes, ReadOnlySpan<float> scores, ReadOnlySpan<int> classes, double threshold)
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

    /// <summary>Does what <see cref="KeepPerClass"/> does with what a decoder found.</summary>
    /// <param name="detections">What was found.</param>
    /// <param name="threshold">The largest intersection over union of two boxes of a class that are kept, 0 to 1.</param>
    /// <param name="most">How many to return at most; the best ones are returned.</param>
    /// <returns>What is kept, from the highest score down.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not from 0 to 1, or <c>most</c> is negative.</exception>
    public static IReadOnlyList<Detection> Apply(
        IReadOnlyList<Detection> detections, double threshold = 0.45, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(detections);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        int[] kept = KeepPerClass(
            [.. detections.Select(d => d.Box)], [.. detections.Select(d => d.Score)], [.. detections.Select(d => d.Class)], threshold);
        return [.. kept.Take(most).Select(i => detections[i])];
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

        if (threshold is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "Must be from 0 to 1.");
        }
    }
}
