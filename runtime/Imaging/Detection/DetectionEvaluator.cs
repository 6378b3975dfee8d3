using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Imaging;

/// <summary>
/// Measures a detector: mean average precision, as the COCO benchmark computes it (Lin et al., Microsoft COCO, ECCV 2014; the rules are
/// those of its evaluation code).
/// </summary>
/// <remarks>
/// Within a picture and a class, detections are matched from the highest score down; each takes the object that it overlaps most, of those
/// that are still free and overlap enough. Precision at a recall is the best precision at that recall or a higher one; its mean over the
/// 101 recalls 0, 0.01, …, 1 is the average precision of a class.
/// </remarks>
public sealed class DetectionEvaluator
{
    private const int Recalls = 101;

    private readonly List<Scene> _pictures = [];

    /// <summary>How many detections of a picture and a class count at most; the best ones do. Default 100.</summary>
    public int MaxDetections { get; init; } = 100;

    /// <summary>Adds a picture.</summary>
    /// <param name="detections">What the network found, after non-maximum suppression.</param>
    /// <param name="objects">What is there; scores are ignored.</param>
    public void Add(IReadOnlyList<Detection> detections, IReadOnlyList<Detection> objects)
    {
        ArgumentNullException.ThrowIfNull(detections);
        ArgumentNullException.ThrowIfNull(objects);
        _pictures.Add(new Scene([.. detections], [.. objects]));
    }

    /// <summary>The mean of the average precisions of all classes that have objects.</summary>
    /// <param name="threshold">From which intersection over union on a box is right, more than 0, at most 1.</param>
    /// <returns>0 to 1; NaN without objects.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is out of its range.</exception>
    public double MeanAveragePrecision(double threshold)
    {
        if (threshold is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "Must be more than 0, at most 1.");
        }

        double[] precisions = [.. Classes().Select(c => AveragePrecision(c, threshold))];
        return precisions.Length == 0 ? double.NaN : precisions.Average();
    }

    /// <summary>COCO's main number: the mean over the thresholds 0.5, 0.55, …, 0.95.</summary>
    /// <returns>0 to 1; NaN without objects.</returns>
    public double MeanAveragePrecision() => Enumerable.Range(0, 10).Average(i => MeanAveragePrecision(0.5 + 0.05 * i));

    /// <summary>The average precision of one class.</summary>
    /// <param name="class">The class.</param>
    /// <param name="threshold">From which intersection over union on a box is right, more than 0, at most 1.</param>
    /// <returns>0 to 1; NaN if there is no such object.</returns>
    public double AveragePrecision(int @class, double threshold)
    {
        int objects = _pictures.Sum(p => p.Objects.Count(o => o.Class == @class));
        if (objects == 0)
        {
            return double.NaN;
        }

        (float Score, bool IsRight)[] found =
            [.. _pictures.SelectMany(p => p.Match(@class, threshold, MaxDetections)).OrderByDescending(m => m.Score)];
        double[] recalls = new double[found.Length], precisions = new double[found.Length];
        int right = 0;
        for (int i = 0; i < found.Length; i++)
        {
            right += found[i].IsRight ? 1 : 0;
            (recalls[i], precisions[i]) = ((double)right / objects, (double)right / (i + 1));
        }

        for (int i = found.Length - 2; i >= 0; i--)
        {
            precisions[i] = double.Max(precisions[i], precisions[i + 1]);
        }

        double sum = 0;
        for (int i = 0, at = 0; i < Recalls; i++)
        {
            while (at < found.Length && recalls[at] < i / (Recalls - 1.0))
            {
                at++;
            }

            sum += at < found.Length ? precisions[at] : 0;
        }

        return sum / Recalls;
    }

    private IEnumerable<int> Classes() => _pictures.SelectMany(p => p.Objects).Select(o => o.Class).Distinct();

    private sealed record Scene(Detection[] Detections, Detection[] Objects)
    {
        public List<(float Score, bool IsRight)> Match(int @class, double threshold, int most)
        {
            Box[] objects = [.. Objects.Where(o => o.Class == @class).Select(o => o.Box)];
            bool[] taken = new bool[objects.Length];
            var matches = new List<(float, bool)>();
            foreach (Detection detection in Detections.Where(d => d.Class == @class).OrderByDescending(d => d.Score).Take(most))
            {
                (int best, double overlap) = (-1, double.Min(threshold, 1 - 1e-10));
                for (int i = 0; i < objects.Length; i++)
                {
                    if (!taken[i] && Overlap(detection.Box, objects[i]) is var iou && iou >= overlap)
                    {
                        (best, overlap) = (i, iou);
                    }
                }

                matches.Add((detection.Score, best >= 0));
                if (best >= 0)
                {
                    taken[best] = true;
                }
            }

            return matches;
        }

        // In double precision, as the benchmark does: some overlaps are thresholds exactly.
        private static double Overlap(Box a, Box b)
        {
            double width = Math.Min((double)a.Right, b.Right) - Math.Max((double)a.Left, b.Left);
            double height = Math.Min((double)a.Bottom, b.Bottom) - Math.Max((double)a.Top, b.Top);
            double common = Math.Max(0, width) * Math.Max(0, height);
            return common / (Area(a) + Area(b) - common);

            static double Area(Box box) => ((double)box.Right - box.Left) * ((double)box.Bottom - box.Top);
        }
    }
}
