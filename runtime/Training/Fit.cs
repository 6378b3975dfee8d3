using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Data;

namespace Strata.Training;

/// <summary>What tells how good a network is after an epoch.</summary>
public enum FitMetric
{
    /// <summary>Mean training loss of the epoch.</summary>
    Loss,

    /// <summary>Mean loss of the validation samples.</summary>
    ValidationLoss,

    /// <summary>Share of the validation samples that are classified rightly; larger is better.</summary>
    ValidationAccuracy,
}

/// <summary>Options of <c>Fit</c>.</summary>
public sealed record FitOptions
{
    /// <summary>Passes over the data, 1 or more. Default 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Seed of the order of the samples, of <see cref="Augmentation"/> and of <see cref="MixUp"/>. The order of an epoch depends on the seed and the epoch's number alone.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Steps of an epoch, 1 or more, where data are read piece by piece: an epoch ends after so many and leaves the rest of the data; where there are fewer, <c>Fit</c>
    /// throws. Schedules that count steps need it. Null (the default) takes all there are. Samples in memory have their own number of steps.
    /// </summary>
    public int? StepsPerEpoch { get; init; }

    /// <summary>
    /// How many steps are read ahead of the one that is trained, 1 or more, where data are read piece by piece. The samples of these steps and of that one are in
    /// memory. Default 2.
    /// </summary>
    public int ReadAhead { get; init; } = 2;

    /// <summary>Whether each epoch takes the samples in another order. Default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Whether an epoch leaves out its last step where that has fewer samples than the others, unless it is the only one: batch norm of a vector, or behind global pooling, cannot train on
    /// one sample. Default false.
    /// </summary>
    public bool DropLast { get; init; }

    /// <summary>Samples on which the network is evaluated after each epoch; empty (the default) for none.</summary>
    public ReadOnlyMemory<float> ValidationInputs { get; init; }

    /// <summary>The classes of the validation samples, where losses take classes.</summary>
    public ReadOnlyMemory<int> ValidationTargets { get; init; }

    /// <summary>The wanted values of the validation samples, where losses take values.</summary>
    public ReadOnlyMemory<float> ValidationValues { get; init; }

    /// <summary>
    /// How the learning rate changes, from the optimizer's rate on, which it has again when <c>Fit</c> ends. Null (the default) leaves
    /// the rate alone.
    /// </summary>
    public Schedule? Schedule { get; init; }

    /// <summary>
    /// How many batches make one step, 1 or more: their gradients become that of the mean loss over all their samples, and one update
    /// follows, as if they had been one batch (but for batch normalisation, which sees one batch at a time). Default 1.
    /// </summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>
    /// Random changes of the samples, other ones in each epoch; they depend on <see cref="Seed"/>. Validation sees the samples as they are.
    /// Null (the default) for none.
    /// </summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>
    /// α of MixUp, more than 0, at most 1,000 (0.2, say): each sample becomes λ·x + (1 − λ)·x′, where x′ is the sample before it in its batch, and its loss λ·L(y) + (1 − λ)·L(y′); values
    /// of targets are mixed as the samples are. Each batch has another λ, from the distribution Beta(α, α) (Zhang et al. 2018; torchvision's <c>RandomMixup</c>). The
    /// reported loss is that of the mixed samples. Null (the default) for none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of this range.</exception>
    public double? MixUp
    {
        get;
        init => field = value is null or (> 0 and <= 1000)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MixUp), value, $"{nameof(MixUp)} must be more than 0 and at most 1,000, or null.");
    }

    /// <summary>
    /// What <see cref="Strata.Training.Schedule.OnPlateau"/>, <see cref="EarlyStopping"/> and <see cref="RestoreBest"/> look at. Null (the default)
    /// is the validation's loss, or the training's where nothing is validated.
    /// </summary>
    public FitMetric? Monitor { get; init; }

    /// <summary>
    /// The decay of an exponential moving average of the parameters, at least 0 and less than 1 (0.999, say): validation and <see cref="RestoreBest"/> look at the
    /// averages, and the network has them when <c>Fit</c> ends or is cancelled. Null (the default) for none. See <see cref="ExponentialMovingAverage"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of this range.</exception>
    public double? AverageDecay
    {
        get;
        init => field = value is { } decay ? ExponentialMovingAverage.Check(decay, nameof(AverageDecay)) : null;
    }

    /// <summary>
    /// When training ends before its last epoch; null (the default) for never. Its <see cref="Strata.Training.EarlyStopping.MinDelta"/> also says which epoch is the best one.
    /// </summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>
    /// Whether the network has the parameters of its best epoch in the end, instead of the last one's. With <see cref="Strata.Training.EarlyStopping.MinDelta"/> an epoch that is better by
    /// no more than that is not the best one. Default false. Where training ends by an exception, or is cancelled, the best ones do not come back; a checkpoint has them
    /// (<see cref="WeightsLoadOptions.Prefix"/> <c>best/</c>).
    /// </summary>
    public bool RestoreBest { get; init; }

    /// <summary>Where the state of training is written on the way, so that it can go on after an interruption. Default nowhere.</summary>
    public FitCheckpoint? Checkpoint { get; init; }
}

/// <summary>
/// A file that holds the whole state of <c>Fit</c>: parameters, running statistics, what the optimizer remembers, schedule, random
/// state, place in the epoch, best epoch, averages of parameters. Training that goes on from it gives the same bits as training that was not interrupted.
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
    /// allowed). The number of samples, the batch size, the optimizer's settings but for the rate, and the options that change the numbers
    /// are compared; where one differs, <c>Fit</c> throws <see cref="WeightsFormatException"/> before anything has changed. Data that are
    /// read piece by piece are read again from the beginning of the epoch, and those before the place are left out. Default false: it
    /// begins anew and replaces the file.
    /// </summary>
    public bool Resume { get; init; }
}

/// <summary>Ends training when <see cref="FitOptions.Monitor"/> no longer improves.</summary>
public sealed record EarlyStopping
{
    /// <summary>Creates the rule.</summary>
    /// <param name="patience">Epochs without improvement after which training ends, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The patience is less than 1.</exception>
    public EarlyStopping(int patience)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        Patience = patience;
    }

    /// <summary>Epochs without improvement after which training ends.</summary>
    public int Patience { get; }

    /// <summary>
    /// An epoch counts as better only where its metric is better than that of the best one by more than this, as in Keras; for <see cref="FitOptions.RestoreBest"/> and
    /// <see cref="FitResult.BestEpoch"/>, too: a gain that is no larger leaves the earlier epoch the best. 0 or more. Default 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public double MinDelta
    {
        get;
        init => field = double.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MinDelta), value, $"{nameof(MinDelta)} must be 0 or more and finite.");
    }
}

/// <summary>How far <c>Fit</c> has come. Reported after every step, and once more when an epoch's validation is done.</summary>
/// <param name="Epoch">Number of the epoch, counted from 1.</param>
/// <param name="Epochs">Number of epochs.</param>
/// <param name="Step">Steps done in this epoch, counted from 1.</param>
/// <param name="StepsPerEpoch">Steps of an epoch; 0 in the first one of data that are read piece by piece, where that shows only at its end.</param>
/// <param name="Loss">Mean loss of the epoch's samples so far.</param>
/// <param name="LearningRate">The rate of the last step.</param>
/// <param name="SamplesPerSecond">Training speed in this epoch: waiting for data counts, validation, checkpoints and what is done with reports do not.</param>
/// <param name="ValidationLoss">Mean loss of the validation samples, when the epoch is complete and there are some.</param>
/// <param name="ValidationAccuracy">Share of the validation samples that were classified rightly, likewise.</param>
/// <param name="EpochCompleted">Whether this is the report at the end of the epoch.</param>
public readonly record struct FitProgress(
    int Epoch,
    int Epochs,
    int Step,
    int StepsPerEpoch,
    double Loss,
    double LearningRate,
    double SamplesPerSecond,
    double? ValidationLoss,
    double? ValidationAccuracy,
    bool EpochCompleted)
{
    /// <summary>Updates of the parameters so far, those before a checkpoint included: <see cref="Trainer.Steps"/>.</summary>
    public long Updates { get; init; }

    /// <summary>One line: where training stands, and how good it is.</summary>
    public override string ToString()
    {
        string place = EpochCompleted ? $"epoch {Epoch} of {Epochs}" : $"epoch {Epoch} of {Epochs}, step {Step}" + (StepsPerEpoch > 0 ? $" of {StepsPerEpoch}" : "");
        string line = string.Create(
            CultureInfo.InvariantCulture, $"{place}: loss {Loss:G4}, learning rate {LearningRate:G4}, {SamplesPerSecond:N0} samples/s");
        line += ValidationLoss is { } loss ? string.Create(CultureInfo.InvariantCulture, $", validation loss {loss:G4}") : "";
        return line + (ValidationAccuracy is { } accuracy ? string.Create(CultureInfo.InvariantCulture, $", validation accuracy {accuracy:F4}") : "");
    }
}

/// <summary>What <c>Fit</c> did.</summary>
/// <param name="Epochs">The last report of each epoch that was completed.</param>
/// <param name="Cancelled">Whether it was ended early by its cancellation token.</param>
/// <param name="StoppedEarly">Whether <see cref="FitOptions.EarlyStopping"/> ended it.</param>
/// <param name="BestEpoch">
/// Number of the epoch after which <see cref="FitOptions.Monitor"/> was best; 0 where none was completed. With <see cref="EarlyStopping.MinDelta"/> the last one that was better than the best
/// before it by more than that.
/// </param>
public sealed record FitResult(IReadOnlyList<FitProgress> Epochs, bool Cancelled, bool StoppedEarly = false, int BestEpoch = 0)
{
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
