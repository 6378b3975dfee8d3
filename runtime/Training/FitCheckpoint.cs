using System;

namespace Strata.Training;

/// <summary>
/// A file that holds the whole state of <c>Fit</c>: parameters, running statistics, what the optimizer remembers, schedule, random
/// state, place in the epoch, best epoch, averages of parameters. Training that goes on from it gives the same bits as training that was
/// not interrupted.
/// </summary>
/// <remarks>
/// It is written at the end of each epoch and when <c>Fit</c> is cancelled, complete or not at all. The network's <c>Load</c> reads the
/// parameters out of it.
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

    /// <summary>After how many steps it is written within an epoch, too; 0 (the default) for never.</summary>
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
    /// Whether <c>Fit</c> goes on from the file where it exists: with the same data, network, optimizer and options (more epochs are
    /// allowed; where the schedule's length follows them, and the rate would jump, a <see cref="TrainingWarning"/> says so). The number of
    /// samples, the batch size, the optimizer's settings but for the rate, and the options that change the numbers are compared; where one
    /// differs, <c>Fit</c> throws <see cref="WeightsFormatException"/> before anything has changed. Data that are read piece by piece are
    /// read again from the beginning of the epoch, and those before the place are left out. Default false: it begins
    /// anew and replaces the file.
    /// </summary>
    public bool Resume { get; init; }
}
