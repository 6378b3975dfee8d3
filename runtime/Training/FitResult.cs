using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Training;

/// <summary>What <c>Fit</c> did.</summary>
/// <param name="Epochs">The last report of each epoch that was completed.</param>
/// <param name="Cancelled">Whether it was ended early by its cancellation token.</param>
/// <param name="StoppedEarly">Whether <see cref="FitOptions.EarlyStopping"/> ended it.</param>
/// <param name="BestEpoch">
/// Number of the epoch after which <see cref="FitOptions.Monitor"/> was best; 0 where none was completed. With
/// <see cref="EarlyStopping.MinDelta"/> the last one that was better than the best before it by more than that.
/// </param>
public sealed record FitResult(IReadOnlyList<FitProgress> Epochs, bool Cancelled, bool StoppedEarly = false, int BestEpoch = 0)
{
    /// <summary>What <see cref="FitOptions.OnWarning"/> was told.</summary>
    public IReadOnlyList<TrainingWarning> Warnings { get; init; } = [];

    /// <summary>Draws loss and accuracy by epochs, with a mark at the best one, as <see cref="LearningCurves"/> does.</summary>
    /// <param name="title">What stands above; null (the default) for nothing. Of a long one the first 80 characters are shown.</param>
    /// <returns>An SVG document.</returns>
    public string ToSvg(string? title = null) => LearningCurves.Draw(Epochs, BestEpoch, title);

    /// <summary>Writes what <see cref="ToSvg"/> draws as a file, which appears complete or not at all.</summary>
    /// <param name="path">The file, which is replaced if it exists: <c>curves.svg</c>.</param>
    /// <param name="title">What stands above; null (the default) for nothing. Of a long one the first 80 characters are shown.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="System.IO.IOException">The file cannot be written. What was there stays.</exception>
    public void SaveSvg(string path, string? title = null) => LearningCurves.Save(path, ToSvg(title));

    /// <summary>How training ended, and a line for each epoch.</summary>
    public override string ToString()
    {
        string end = $"{Epochs.Count} {(Epochs.Count == 1 ? "epoch" : "epochs")}"
            + (BestEpoch > 0 ? $", the best is number {BestEpoch}" : "")
            + (Cancelled ? ", cancelled" : "")
            + (StoppedEarly ? ", stopped early" : "");
        return string.Join('\n', Epochs.Select(epoch => epoch.ToString()).Prepend(end));
    }
}
