using System;

namespace Strata.Training;

/// <summary>
/// A file that holds the whole state of <c>Fit</c>: parameters, running statistics, the optimizer's state, schedule, random state, place in
/// the epoch, best epoch, averages of parameters. Training that goes on from it gives the same bits as training without an interruption.
/// </summary>
/// <remarks>
/// It is written at the end of each epoch and when <c>Fit</c> is cancelled. An interrupted write leaves the earlier file as it was. The
/// network's <c>Load</c> reads the parameters out of it.
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
    /// Within an epoch, it is also written whenever the number of steps so far is a multiple of this; 0 (the default) for never.
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
    /// Whether <c>Fit</c> goes on from the file if it exists. Default false: training begins anew and replaces the file.
    /// Data, network, optimizer and options must be the same as before; only <see cref="FitOptions.Epochs"/> may be larger. <c>Fit</c>
    /// compares the number of samples, the batch size, the optimizer's settings without the rate, and the options that change the numbers.
    /// If one differs, it throws <see cref="WeightsFormatException"/> before anything has changed. A <see cref="TrainingWarning"/> says
    /// where more epochs make the schedule, and so the rate, jump.
    /// Data that are read piece by piece are read again from the beginning of the epoch; what was trained before is skipped.
    /// </summary>
    public bool Resume { get; init; }
}
