using System.Collections.Generic;
using System.Globalization;

namespace Strata.Training;

/// <summary>How well a network classifies.</summary>
/// <param name="Loss">
/// Mean loss over the targets (cross-entropy: in nats); with <see cref="Reduction.Sum"/>, the mean of the samples' sums. With several
/// losses, their weighted sum without auxiliary heads, which inference does not compute.
/// </param>
/// <param name="ConfusionMatrix">
/// Counts of actual and predicted classes, for the first loss on an output. Ignored targets don't count.
/// </param>
public sealed record ClassificationMetrics(double Loss, ConfusionMatrix ConfusionMatrix)
{
    /// <summary>Each loss by its name (<see cref="Trainer.LossNames"/>), without its weight.</summary>
    public IReadOnlyDictionary<string, double> Losses { get; init; } = new Dictionary<string, double>();

    /// <summary>Share of rightly classified samples, 0 to 1. It counts pixels if each pixel has a class.</summary>
    public double Accuracy => ConfusionMatrix.Accuracy;

    /// <summary>Loss and accuracy, and the confusion matrix below.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{LossText.Format(Loss, Losses)}, accuracy {Accuracy:F4}\n{ConfusionMatrix}");
}
