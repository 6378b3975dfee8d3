using System;
using Strata.Data;

namespace Strata.Training;

/// <summary>Options of <c>Fit</c>.</summary>
public sealed record FitOptions
{
    /// <summary>Passes over the data, 1 or more. Default 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>
    /// Seed of the order of the samples, of <see cref="Augmentation"/> and of <see cref="MixUp"/>. The order in an epoch depends only on
    /// the seed and the epoch's number.
    /// </summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Steps per epoch, 1 or more, for data that are read piece by piece. An epoch ends after this many steps and ignores the rest of the
    /// data; if there are fewer, <c>Fit</c> throws. Schedules that count steps need it. Null (the default) takes all data. Without effect
    /// for samples in memory.
    /// </summary>
    public int? StepsPerEpoch { get; init; }

    /// <summary>
    /// How many steps are read ahead of the one that is trained, 1 or more, for data that are read piece by piece. Memory holds the samples
    /// of all these steps. Default 2.
    /// </summary>
    public int ReadAhead { get; init; } = 2;

    /// <summary>Whether the samples are shuffled in each epoch. Default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Whether to leave out an epoch's last step if it has fewer samples than the others, unless it is the only one. Default false. Set it
    /// if batch norm follows a dense layer or global pooling: such a batch norm cannot train on one sample.
    /// </summary>
    public bool DropLast { get; init; }

    /// <summary>Samples on which the network is evaluated after each epoch; empty (the default) for none.</summary>
    public ReadOnlyMemory<float> ValidationInputs { get; init; }

    /// <summary>The classes of the validation samples, for losses that take classes.</summary>
    public ReadOnlyMemory<int> ValidationTargets { get; init; }

    /// <summary>The target values of the validation samples, for losses that take values.</summary>
    public ReadOnlyMemory<float> ValidationValues { get; init; }

    /// <summary>
    /// How the learning rate changes, beginning with the optimizer's rate. When <c>Fit</c> ends, the optimizer has its first rate again.
    /// Null (the default) does not change the rate.
    /// </summary>
    public Schedule? Schedule { get; init; }

    /// <summary>
    /// How many batches make one step, 1 or more. Default 1. One update follows, with the gradients of the mean loss over all their
    /// samples, as if they were one batch. Only batch normalisation sees one batch at a time.
    /// </summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>
    /// Random changes of the training samples, drawn anew in each epoch from <see cref="Seed"/>. Validation samples are not changed. Null
    /// (the default) for none.
    /// </summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>
    /// α of MixUp (Zhang et al. 2018; torchvision's <c>RandomMixup</c>), more than 0, at most 1,000; 0.2 is common. Null (the default) for
    /// no MixUp. Each sample becomes λ·x + (1 − λ)·x′, where x′ is the sample before it in its batch. Its loss becomes λ·L(y) + (1 −
    /// λ)·L(y′); target values are mixed as the samples are. λ is drawn from Beta(α, α), once per batch. The reported loss is that of the
    /// mixed samples.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of this range.</exception>
    public double? MixUp
    {
        get;
        init => field = value is null or (> 0 and <= 1000)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MixUp), value,
                $"{nameof(MixUp)} must be more than 0 and at most 1,000, or null.");
    }

    /// <summary>
    /// The metric of <see cref="Strata.Training.Schedule.OnPlateau"/>, <see cref="EarlyStopping"/> and <see cref="RestoreBest"/>. Null (the
    /// default) is the validation loss, or the training loss if there are no validation samples.
    /// </summary>
    public FitMetric? Monitor { get; init; }

    /// <summary>
    /// The decay of an <see cref="ExponentialMovingAverage"/> of the parameters, at least 0 and less than 1; 0.999 is common. Null (the
    /// default) for no averages. Validation and <see cref="RestoreBest"/> use the averages, and the network has them when <c>Fit</c> ends
    /// or is cancelled.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of this range.</exception>
    public double? AverageDecay
    {
        get;
        init => field = value is { } decay ? ExponentialMovingAverage.Check(decay, nameof(AverageDecay)) : null;
    }

    /// <summary>
    /// When training ends before its last epoch; null (the default) for never. Its <see cref="Strata.Training.EarlyStopping.MinDelta"/>
    /// also decides which epoch is the best one.
    /// </summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>
    /// Whether the network has the parameters of its best epoch when <c>Fit</c> ends, instead of those of the last one. Default false. They
    /// are not restored if training is cancelled or ends with an exception; a checkpoint holds them (load it with
    /// <see cref="WeightsLoadOptions.Prefix"/> <c>best/</c>). <see cref="Strata.Training.EarlyStopping.MinDelta"/> also decides which epoch
    /// is the best one.
    /// </summary>
    public bool RestoreBest { get; init; }

    /// <summary>
    /// The file to which the state of training is written, so that training can continue after an interruption. Null (the default) for
    /// none.
    /// </summary>
    public FitCheckpoint? Checkpoint { get; init; }

    /// <summary>
    /// Receives warnings about what is allowed but looks like a mistake (<see cref="TrainingWarningKind"/>). Examples: samples of 0 to 255
    /// where 0 to 1 is expected, or a schedule that ends early. Each comes once, on the thread that trains. Null (the default) writes a
    /// line to the standard error stream; <c>_ => { }</c> ignores them. <see cref="FitResult.Warnings"/> lists them all.
    /// </summary>
    public Action<TrainingWarning>? OnWarning { get; init; }

    /// <summary>The settings as text, the same in every culture.</summary>
    public override string ToString() => InvariantText.Format(nameof(FitOptions), PrintMembers);
}
