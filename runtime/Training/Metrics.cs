using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>How well a network classifies.</summary>
/// <param name="Loss">
/// Mean loss of the targets (of cross-entropy, in nats); with <see cref="Reduction.Sum"/> the mean of the samples' sums. Of several losses
/// the weighted sum, without those that inference has no output for (auxiliary heads).
/// </param>
/// <param name="ConfusionMatrix">
/// Counts of actual and predicted classes of the first loss that is on an output, without the targets that do not count.
/// </param>
public sealed record ClassificationMetrics(double Loss, ConfusionMatrix ConfusionMatrix)
{
    /// <summary>Each of the losses by its name (<see cref="Trainer.LossNames"/>), before its weight.</summary>
    public IReadOnlyDictionary<string, double> Losses { get; init; } = new Dictionary<string, double>();

    /// <summary>Share of rightly classified samples (or pixels, where each has a class of its own), 0 to 1.</summary>
    public double Accuracy => ConfusionMatrix.Accuracy;
}

/// <summary>How well a network approximates values.</summary>
/// <param name="Loss">
/// Mean loss over all output values; with <see cref="Reduction.Sum"/> the mean of the samples' sums. Of several losses the weighted sum,
/// without those that inference has no output for (auxiliary heads).
/// </param>
public sealed record RegressionMetrics(double Loss)
{
    /// <summary>Each of the losses by its name (<see cref="Trainer.LossNames"/>), before its weight.</summary>
    public IReadOnlyDictionary<string, double> Losses { get; init; } = new Dictionary<string, double>();
}

/// <summary>How often each class was taken for each other one.</summary>
public sealed class ConfusionMatrix
{
    private readonly long[] _counts;

    /// <summary>Creates a matrix of zeros.</summary>
    /// <param name="classes">Number of classes, 1 or more.</param>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        Classes = classes;
        _counts = new long[checked(classes * classes)];
    }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Number of all samples.</summary>
    public long Total { get; private set; }

    /// <summary>Share of the samples on the diagonal, 0 to 1; 0 where there are no samples.</summary>
    public double Accuracy
    {
        get
        {
            long right = 0;
            for (int i = 0; i < Classes; i++)
            {
                right += this[i, i];
            }

            return Total == 0 ? 0 : (double)right / Total;
        }
    }

    /// <summary>
    /// Mean over the classes that occur, as labels or as predictions, of right ones ÷ (labels + predictions − right ones): what segmenters
    /// are compared by, 0 to 1; 0 where there are no samples.
    /// </summary>
    public double MeanIntersectionOverUnion
    {
        get
        {
            double sum = 0;
            int occurring = 0;
            for (int c = 0; c < Classes; c++)
            {
                long union = -this[c, c];
                for (int other = 0; other < Classes; other++)
                {
                    union += this[c, other] + this[other, c];
                }

                sum += union > 0 ? (double)this[c, c] / union : 0;
                occurring += union > 0 ? 1 : 0;
            }

            return occurring == 0 ? 0 : sum / occurring;
        }
    }

    /// <summary>Number of samples of class <paramref name="actual"/> that were taken for class <paramref name="predicted"/>.</summary>
    /// <param name="actual">The label.</param>
    /// <param name="predicted">The class with the largest output.</param>
    public long this[int actual, int predicted] => _counts[Index(actual, predicted)];

    /// <summary>Counts one sample.</summary>
    /// <param name="actual">The label.</param>
    /// <param name="predicted">The class that was predicted.</param>
    public void Add(int actual, int predicted)
    {
        _counts[Index(actual, predicted)]++;
        Total++;
    }

    private int Index(int actual, int predicted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)actual, (uint)Classes, nameof(actual));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Classes, nameof(predicted));
        return (actual * Classes) + predicted;
    }
}
