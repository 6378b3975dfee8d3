using System;

namespace Strata.Imaging;

/// <summary>Measures a segmentation: which pixels of which class were given which class.</summary>
public sealed class SegmentationEvaluator
{
    private readonly long[,] _counts;

    /// <summary>Creates an empty measurement.</summary>
    /// <param name="classes">Number of classes, 2 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two.</exception>
    public SegmentationEvaluator(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        _counts = new long[classes, classes];
    }

    /// <summary>Pixels of this class do not count, such as 255 in Pascal VOC's masks; null (the default) means that all count.</summary>
    public int? IgnoreIndex { get; init; }

    /// <summary>Number of classes.</summary>
    public int Classes => _counts.GetLength(0);

    /// <summary>Pixels of one class that were given another (or the same) one.</summary>
    /// <param name="target">The class that they have.</param>
    /// <param name="predicted">The class that they were given.</param>
    public long this[int target, int predicted] => _counts[target, predicted];

    /// <summary>Adds a picture, or several.</summary>
    /// <param name="predicted">The class that the network gave each pixel.</param>
    /// <param name="targets">The class that each pixel has.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a class does not exist. Nothing is added then.</exception>
    public void Add(ReadOnlySpan<int> predicted, ReadOnlySpan<int> targets)
    {
        if (predicted.Length != targets.Length)
        {
            throw new ArgumentException($"There are {targets.Length} targets, but {predicted.Length} predictions.", nameof(predicted));
        }

        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i] != IgnoreIndex && ((uint)targets[i] >= (uint)Classes || (uint)predicted[i] >= (uint)Classes))
            {
                throw new ArgumentException(
                    $"Pixel {i} has the class {targets[i]} and was given {predicted[i]}; classes are 0 to {Classes - 1}.", nameof(targets));
            }
        }

        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i] != IgnoreIndex)
            {
                _counts[targets[i], predicted[i]]++;
            }
        }
    }

    /// <summary>The share of pixels that were given their class.</summary>
    /// <returns>0 to 1; NaN without pixels.</returns>
    public double Accuracy()
    {
        long right = 0, all = 0;
        for (int t = 0; t < Classes; t++)
        {
            right += _counts[t, t];
            for (int p = 0; p < Classes; p++)
            {
                all += _counts[t, p];
            }
        }

        return (double)right / all;
    }

    /// <summary>
    /// Intersection over union of a class (the Jaccard index): right pixels over those that have the class or were given it.
    /// </summary>
    /// <param name="class">The class.</param>
    /// <returns>0 to 1; NaN if no pixel has the class or was given it.</returns>
    public double IntersectionOverUnion(int @class)
    {
        (long right, long had, long given) = Count(@class);
        return (double)right / (had + given - right);
    }

    /// <summary>The Dice coefficient of a class (its F₁ score): twice the right pixels over those of both masks together.</summary>
    /// <param name="class">The class.</param>
    /// <returns>0 to 1; NaN if no pixel has the class or was given it.</returns>
    public double Dice(int @class)
    {
        (long right, long had, long given) = Count(@class);
        return 2.0 * right / (had + given);
    }

    /// <summary>The mean of <see cref="IntersectionOverUnion"/> over the classes that have pixels or were given.</summary>
    /// <returns>0 to 1; NaN without pixels.</returns>
    public double MeanIntersectionOverUnion() => Mean(IntersectionOverUnion);

    /// <summary>The mean of <see cref="Dice"/> over the classes that have pixels or were given.</summary>
    /// <returns>0 to 1; NaN without pixels.</returns>
    public double MeanDice() => Mean(Dice);

    private double Mean(Func<int, double> measure)
    {
        double sum = 0;
        int count = 0;
        for (int c = 0; c < Classes; c++)
        {
            if (measure(c) is var value && !double.IsNaN(value))
            {
                sum += value;
                count++;
            }
        }

        return sum / count;
    }

    private (long Right, long Had, long Given) Count(int @class)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(@class);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(@class, Classes);
        long had = 0, given = 0;
        for (int c = 0; c < Classes; c++)
        {
            had += _counts[@class, c];
            given += _counts[c, @class];
        }

        return (_counts[@class, @class], had, given);
    }
}
