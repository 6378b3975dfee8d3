using System;

namespace Strata.Training;

/// <summary>
/// A file that holds the whole state of <c>Fit</c>: parameters, running statistics, the optimizer's state, schedule, random state, place in
/// the epoch, best epoch, averages of parameters. If training continues from it, the results have the same bits as without an interruption.
/// </summary>
/// <remarks>
/// It is written at the end of each epoch and when <c>Fit</c> is cancelled. If a write is interrupted, the earlier file stays as it was.
/// The network's <c>Load</c> can read the parameters from it.
/// </remarks>
public sealed record FitCheckpoint
{
    /// <summary>Creates the settings.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public FitCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>
    /// Also writes the file within an epoch, whenever <see cref="Trainer.Steps"/> is a multiple of this. 0 (the default) writes it only at
    /// the end of an epoch and on cancellation.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int EverySteps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(EverySteps));
            field = value;
        }
    }

    /// <summary>
    /// Whether <c>Fit</c> continues from the file if it exists. Default false: training starts from the beginning and replaces the file.
    /// Data, network, optimizer and options must be the same as before; only <see cref="FitOptions.Epochs"/> may be larger. <c>Fit</c>
    /// compares the number of samples, the batch size, the optimizer's settings without the rate, and the options that change the results.
    /// If one differs, it throws <see cref="WeightsFormatException"/> before anything has changed.
    /// If the number of epochs sets the schedule's length, more epochs make the learning rate jump. A <see cref="TrainingWarning"/> says
    /// so.
    /// Data that are read piece by piece are read again from the beginning of the epoch; steps that were already done are skipped.
    /// </summary>
    public bool Resume { get; init; }
}
