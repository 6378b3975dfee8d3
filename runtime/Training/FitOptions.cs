using System;
using Strata.Data;

namespace Strata.Training;

/// <summary>Options of <c>Fit</c>.</summary>
public sealed record FitOptions
{
    /// <summary>Passes over the data, 1 or more. Default 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>
    /// Seed of the order of the samples, of <see cref="Augmentation"/> and of <see cref="MixUp"/>. The order of an epoch depends on the
    /// seed and the epoch's number alone.
    /// </summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Steps of an epoch, 1 or more, where data are read piece by piece: an epoch ends after so many and leaves the rest of the data; where
    /// there are fewer, <c>Fit</c> throws. Schedules that count steps need it. Null (the default) takes all there are. Samples in memory
    /// have their own number of steps.
    /// </summary>
    public int? StepsPerEpoch { get; init; }

    /// <summary>
    /// How many steps are read ahead of the one that is trained, 1 or more, where data are read piece by piece. The samples of these steps
    /// and of that one are in memory. Default 2.
    /// </summary>
    public int ReadAhead { get; init; } = 2;

    /// <summary>Whether each epoch takes the samples in another order. Default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Whether an epoch leaves out its last step where that has fewer samples than the others, unless it is the only one: batch norm of a
    /// vector, or behind global pooling, cannot train on one sample. Default false.
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
    /// α of MixUp, more than 0, at most 1,000 (0.2, say): each sample becomes λ·x + (1 − λ)·x′, where x′ is the sample before it in its
    /// batch, and its loss λ·L(y) + (1 − λ)·L(y′); values of targets are mixed as the samples are. Each batch has another λ, from the
    /// distribution Beta(α, α) (Zhang et al. 2018; torchvision's <c>RandomMixup</c>). The reported loss is that of the mixed samples. Null
    /// (the default) for none.
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
    /// What <see cref="Strata.Training.Schedule.OnPlateau"/>, <see cref="EarlyStopping"/> and <see cref="RestoreBest"/> look at. Null (the
    /// default) is the validation's loss, or the training's where nothing is validated.
    /// </summary>
    public FitMetric? Monitor { get; init; }

    /// <summary>
    /// The decay of an exponential moving average of the parameters, at least 0 and less than 1 (0.999, say): validation and
    /// <see cref="RestoreBest"/> look at the averages, and the network has them when <c>Fit</c> ends or is cancelled. Null (the default)
    /// for none. See <see cref="ExponentialMovingAverage"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of this range.</exception>
    public double? AverageDecay
    {
        get;
        init => field = value is { } decay ? ExponentialMovingAverage.Check(decay, nameof(AverageDecay)) : null;
    }

    /// <summary>
    /// When training ends before its last epoch; null (the default) for never. Its <see cref="Strata.Training.EarlyStopping.MinDelta"/>
    /// also says which epoch is the best one.
    /// </summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>
    /// Whether the network has the parameters of its best epoch in the end, instead of the last one's. With
    /// <see cref="Strata.Training.EarlyStopping.MinDelta"/> an epoch that is better by no more than that is not the best one. Default
    /// false. Where training ends by an exception, or is cancelled, the best ones do not come back; a checkpoint has them
    /// (<see cref="WeightsLoadOptions.Prefix"/> <c>best/</c>).
    /// </summary>
    public bool RestoreBest { get; init; }

    /// <summary>Where the state of training is written on the way, so that it can go on after an interruption. Default nowhere.</summary>
    public FitCheckpoint? Checkpoint { get; init; }

    /// <summary>
    /// Is told of what is allowed but looks like a mistake, once each: samples of 0 to 255 where 0 to 1 are expected, a schedule that ends
    /// early (<see cref="TrainingWarningKind"/>). On the thread that trains. Null (the default) writes a line to the standard error stream;
    /// <c>_ => { }</c> says nothing. <see cref="FitResult.Warnings"/> has them all.
    /// </summary>
    public Action<TrainingWarning>? OnWarning { get; init; }

    /// <summary>The settings as text, the same in every country.</summary>
    public override string ToString() => InvariantText.Of(nameof(FitOptions), PrintMembers);
}
