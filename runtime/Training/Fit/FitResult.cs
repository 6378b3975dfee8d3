using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Training;

/// <summary>The result of <c>Fit</c>.</summary>
/// <param name="Epochs">The last report of each epoch that was completed.</param>
/// <param name="Cancelled">Whether the cancellation token ended it early.</param>
/// <param name="StoppedEarly">Whether <see cref="FitOptions.EarlyStopping"/> ended it.</param>
/// <param name="BestEpoch">
/// Number of the epoch after which <see cref="FitOptions.Monitor"/> was best; 0 if none was completed. Gains of at most
/// <see cref="EarlyStopping.MinDelta"/> don't count.
/// </param>
public sealed record FitResult(IReadOnlyList<FitProgress> Epochs, bool Cancelled, bool StoppedEarly = false, int BestEpoch = 0)
{
    /// <summary>
    /// The metric by which <see cref="BestEpoch"/> is the best. Null, as in a result that you create, means the validation loss, or the
    /// training loss if there is none.
    /// </summary>
    public FitMetric? Monitor { get; init; }

    /// <summary>All warnings: what <see cref="FitOptions.OnWarning"/> received.</summary>
    public IReadOnlyList<TrainingWarning> Warnings { get; init; } = [];

    /// <summary>
    /// Draws the curves of loss and accuracy over the epochs, as <see cref="LearningCurves"/> does, and marks the best epoch. Only the
    /// panel with the metric that was monitored calls it the best: another epoch may be better by the other metric.
    /// </summary>
    /// <param name="title">The title above the panels; null (the default) for none. A title is cut after 80 characters.</param>
    /// <returns>An SVG document.</returns>
    public string ToSvg(string? title = null) => LearningCurves.Draw(Epochs, BestEpoch, title, Monitor);

    /// <summary>Saves what <see cref="ToSvg"/> draws. The file appears complete or not at all.</summary>
    /// <param name="path">The file, which is replaced if it exists: <c>curves.svg</c>.</param>
    /// <param name="title">The title above the panels; null (the default) for none. A title is cut after 80 characters.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="System.IO.IOException">The file cannot be written. An existing file is unchanged.</exception>
    public void SaveSvg(string path, string? title = null) => LearningCurves.Save(path, ToSvg(title));

    /// <summary>How training ended, and a line for each epoch.</summary>
    public override string ToString()
    {
        string end = $"{MessageText.Count(Epochs.Count, "epoch")}"
            + (BestEpoch > 0 ? $", the best is number {BestEpoch}" : "")
            + (Cancelled ? ", cancelled" : "")
            + (StoppedEarly ? ", stopped early" : "");
        return string.Join('\n', Epochs.Select(epoch => epoch.ToString()).Prepend(end));
    }
}
