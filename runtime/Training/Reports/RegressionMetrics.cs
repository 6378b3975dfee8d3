using System.Collections.Generic;

namespace Strata.Training;

/// <summary>How well a network predicts values.</summary>
/// <param name="Loss">
/// Mean loss over all output values; with <see cref="Reduction.Sum"/>, the mean of the samples' sums. With several losses, their weighted
/// sum without auxiliary heads, which inference does not compute.
/// </param>
public sealed record RegressionMetrics(double Loss)
{
    /// <summary>Each loss by its name (<see cref="Trainer.LossNames"/>), without its weight.</summary>
    public IReadOnlyDictionary<string, double> Losses { get; init; } = new Dictionary<string, double>();

    /// <summary>The loss; if there are several, each of them, too.</summary>
    public override string ToString() => LossText.Format(Loss, Losses);
}
