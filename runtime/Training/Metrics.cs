using System;

namespace Strata;

/// <summary>How well a network classifies.</summary>
/// <param name="Loss">Mean loss of the samples (of cross-entropy, in nats).</param>
/// <param name="ConfusionMatrix">Counts of actual and predicted classes.</param>
public sealed record ClassificationMetrics(double Loss, ConfusionMatrix ConfusionMatrix)
{
    /// <summary>Share of rightly classified samples, 0 to 1.</summary>
    public double Accuracy => ConfusionMatrix.Accuracy;
}

/// <summary>How well a network approximates values.</summary>
/// <param name="Loss">Mean loss over all output values; with <see cref="Reduction.Sum"/> the mean of the samples' sums.</param>
public sealed record RegressionMetrics(double Loss);

/// <summary>How often each class was taken for each other one.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[] _counts;

    /// <summary>Creates a matrix of zeros.</summary>
    /// <param name="classes">Number of classes, 1 or more.</param>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        Classes = classes;
        _counts = new int[checked(classes * classes)];
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

    /// <summary>Number of samples of class <paramref name="actual"/> that were taken for class <paramref name="predicted"/>.</summary>
    /// <param name="actual">The label.</param>
    /// <param name="predicted">The class with the largest output.</param>
    public int this[int actual, int predicted] => _counts[Index(actual, predicted)];

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
