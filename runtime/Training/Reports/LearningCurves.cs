using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Strata.Training;

/// <summary>
/// Draws learning curves as SVG: training and validation loss over the epochs, and on the right the validation accuracy if there is one.
/// </summary>
/// <remarks>
/// The picture has no scripts, is the same to the byte for the same numbers, and follows the viewer's dark mode. Each point has its number
/// as a title, which viewers show as a tooltip. A value that is not finite, or beyond ±10³⁰⁰, is a cross at the upper end, and the curve
/// has a gap there.
/// </remarks>
public static class LearningCurves
{
    /// <summary>Draws the curves. <see cref="FitResult.ToSvg"/> marks the best epoch, too.</summary>
    /// <param name="epochs">The last report of each epoch, in order: <see cref="FitResult.Epochs"/>.</param>
    /// <param name="title">The title above the panels; null (the default) for none. A title is cut after 80 characters.</param>
    /// <returns>An SVG document.</returns>
    /// <exception cref="ArgumentException">An epoch does not come after the one before it in the list.</exception>
    public static string ToSvg(IReadOnlyList<FitProgress> epochs, string? title = null) => Draw(epochs, best: 0, title);

    /// <summary>Writes the curves as an SVG file. <see cref="FitResult.SaveSvg"/> marks the best epoch, too.</summary>
    /// <remarks>
    /// The file appears complete or not at all: it is written beside its place, flushed to the disk, and renamed. Links are followed, and
    /// permissions are kept.
    /// </remarks>
    /// <param name="path">The file, which is replaced if it exists.</param>
    /// <param name="epochs">The last report of each epoch, in order: <see cref="FitResult.Epochs"/>.</param>
    /// <param name="title">The title above the panels; null (the default) for none. A title is cut after 80 characters.</param>
    /// <exception cref="ArgumentException">The path is empty, or an epoch does not come after the one before it in the list.</exception>
    /// <exception cref="IOException">
    /// The file cannot be written, for example without permission or on a full disk. An existing file is unchanged.
    /// </exception>
    public static void Save(string path, IReadOnlyList<FitProgress> epochs, string? title = null) => Save(path, ToSvg(epochs, title));

    internal static void Save(string path, string svg) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(svg)));

    /// <summary>
    /// Draws the curves as <see cref="ToSvg"/> does, with a mark at the epoch <c>best</c>, the best one by a metric; 0 for no mark.
    /// </summary>
    internal static string Draw(IReadOnlyList<FitProgress> epochs, int best, string? title, FitMetric? monitor = null)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        for (int i = 1; i < epochs.Count; i++)
        {
            if (epochs[i].Epoch <= epochs[i - 1].Epoch)
            {
                throw new ArgumentException(
                    $"Epoch {epochs[i].Epoch} stands behind epoch {epochs[i - 1].Epoch}; each must be there once, in order.",
                    nameof(epochs));
            }
        }

        Curve training = Of("training", epoch => epoch.Loss), validation = Of("validation", epoch => epoch.ValidationLoss);
        Curve accuracy = Of("validation", epoch => 100 * epoch.ValidationAccuracy);
        bool hasAccuracy = accuracy.Points.Count > 0;
        var sheet = new CurveSheet(hasAccuracy ? 2 : 1, title, [.. epochs.Select(epoch => epoch.Epoch)], best);
        Curve loss = validation.Points.Count > 0 ? validation : training;
        Curve monitored = monitor switch
        {
            FitMetric.Loss => training,
            FitMetric.ValidationLoss => validation,
            FitMetric.ValidationAccuracy => accuracy,
            _ => loss,
        };
        sheet.Draw(
            "Loss", ReferenceEquals(loss, training) ? [training] : [training, validation],
            ReferenceEquals(monitored, training) ? training : loss, monitored);
        if (hasAccuracy)
        {
            sheet.Draw("Accuracy", [accuracy], accuracy, monitored, unit: " %", limit: 100);
        }

        return sheet.ToString();

        Curve Of(string name, Func<FitProgress, double?> value) =>
            new(name, [.. epochs.Where(epoch => value(epoch) is not null).Select(epoch => (epoch.Epoch, value(epoch)!.Value))]);
    }
}
