using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text.Json.Serialization;
using System.Threading;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>One call of <c>Fit</c>: epochs of steps, and what happens between them.</summary>
internal sealed class FitLoop
{
    private readonly Trainer _trainer;
    private readonly ReadOnlyMemory<float> _inputs;
    private readonly TargetMemory _targets;
    private readonly FitOptions _options;
    private readonly Func<(double Loss, double? Accuracy)>? _validate;
    private readonly IProgress<FitProgress>? _progress;
    private readonly FitMetric _monitor;
    private readonly LearningRateScheduler? _scheduler;
    private readonly BatchAugmentation? _augmentation;
    private readonly int[] _order;
    private readonly double[] _divisors;
    private readonly int _samplesPerStep;
    private readonly int _stepsPerEpoch;
    private FitState _state;
    private AlignedMemory? _best;

    /// <summary>The targets and the validation samples were checked.</summary>
    public FitLoop(
        Trainer trainer,
        ReadOnlyMemory<float> inputs,
        TargetMemory targets,
        FitOptions options,
        Func<(double Loss, double? Accuracy)>? validate,
        IProgress<FitProgress>? progress)
    {
        int samples = trainer.Network.CountSamples(inputs.Length, nameof(inputs));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1, "options.Epochs");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Accumulate, 1, "options.Accumulate");
        if (samples == 0)
        {
            throw new ArgumentException("There are no samples.", nameof(inputs));
        }

        _trainer = trainer;
        _inputs = inputs;
        _targets = targets;
        _options = options;
        _validate = validate;
        _progress = progress;
        _order = new int[samples];
        _divisors = new double[trainer.Losses.Infos.Length];
        _samplesPerStep = (int)long.Min((long)trainer.BatchSize * options.Accumulate, samples);
        _stepsPerEpoch = (samples + _samplesPerStep - 1) / _samplesPerStep;
        if (options.Monitor is { } metric && !Enum.IsDefined(metric))
        {
            throw new ArgumentOutOfRangeException(nameof(options), metric, "There is no such metric to monitor.");
        }

        _monitor = options.Monitor ?? (validate is null ? FitMetric.Loss : FitMetric.ValidationLoss);
        _state = new FitState
        {
            Samples = samples,
            BatchSize = trainer.BatchSize,
            Accumulate = options.Accumulate,
            Seed = options.Seed,
            Shuffle = options.Shuffle,
            RestoreBest = options.RestoreBest,
            Augmentation = Describe(options.Augmentation),
            Schedule = Describe(options.Schedule),
            Optimizer = Describe(trainer.Optimizer.Settings),
            Monitor = Describe(_monitor),
            LossSums = new double[trainer.Losses.Infos.Length],
            Divisors = new double[trainer.Losses.Infos.Length],
        };
        if (_monitor != FitMetric.Loss && validate is null)
        {
            throw new ArgumentException($"There are no validation samples to monitor {_monitor} on.", nameof(options));
        }

        if (_monitor == FitMetric.ValidationAccuracy && trainer.Losses.Scored is null)
        {
            throw new ArgumentException($"{trainer.Network.Info.Name} does not classify, so that there is no accuracy.", nameof(options));
        }

        if (options.Augmentation is { } augmentation)
        {
            _augmentation = new BatchAugmentation(augmentation, trainer.Network, inputs.Span, options.Seed);
        }

        if (options.Schedule is { } schedule)
        {
            if (schedule is { NeedsMetric: true, Unit: ScheduleUnit.Step })
            {
                throw new ArgumentException("A schedule on plateaus counts epochs, since the metric is that of an epoch.", nameof(options));
            }

            long total = schedule.Unit == ScheduleUnit.Epoch ? options.Epochs : (long)options.Epochs * _stepsPerEpoch;
            if (schedule.FindImpossibleRate(trainer.Optimizer.LearningRate, total, total) is var (time, rate))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"The schedule's rate would be {rate} at time {time} of {total}."), nameof(options));
            }

            _scheduler = new LearningRateScheduler(trainer.Optimizer, schedule, total);
        }
    }

    private bool Maximizes => _monitor == FitMetric.ValidationAccuracy;

    public FitResult Run(CancellationToken cancellationToken)
    {
        try
        {
            Resume();
            bool stopped = false;
            while (_state.Epochs.Count < _options.Epochs && !(stopped = IsPatienceExhausted()))
            {
                if (!RunEpoch(cancellationToken))
                {
                    SaveCheckpoint();
                    return Finish(cancelled: true, stopped: false);
                }

                SaveCheckpoint();
            }

            return Finish(cancelled: false, stopped);
        }
        finally
        {
            _scheduler?.Undo();
            _best?.Dispose();
        }
    }

    /// <returns>Whether the epoch was completed.</returns>
    private bool RunEpoch(CancellationToken cancellationToken)
    {
        int epoch = _state.Epochs.Count + 1, trained = 0;
        Arrange(epoch);
        _augmentation?.Epoch = epoch;
        long start = Stopwatch.GetTimestamp();
        FitProgress now = default;
        while (_state.Step < _stepsPerEpoch)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return false;
            }

            trained += RunStep();
            now = new FitProgress(
                epoch,
                _options.Epochs,
                _state.Step,
                _stepsPerEpoch,
                MeanLoss(),
                _trainer.Optimizer.LearningRate,
                trained / Stopwatch.GetElapsedTime(start).TotalSeconds,
                ValidationLoss: null,
                ValidationAccuracy: null,
                EpochCompleted: false);
            _progress?.Report(now);
            if (_scheduler is { Schedule.Unit: ScheduleUnit.Step })
            {
                _scheduler.Step();
            }

            if (_options.Checkpoint is { EverySteps: > 0 and int every } && _trainer.Steps % every == 0 && _state.Step < _stepsPerEpoch)
            {
                SaveCheckpoint();
            }
        }

        (double Loss, double? Accuracy)? validation = _validate?.Invoke();
        now = now with
        {
            ValidationLoss = validation?.Loss,
            ValidationAccuracy = validation?.Accuracy,
            EpochCompleted = true,
        };
        CompleteEpoch(now);
        _progress?.Report(now);
        return true;
    }

    /// <returns>Number of samples.</returns>
    private int RunStep()
    {
        _trainer.Losses.DropParts();
        int first = _state.Step * _samplesPerStep, end = int.Min(first + _samplesPerStep, _order.Length);

        // All parts of the step divide by what the whole of it divides by, so that their gradients add up to those of one batch.
        _trainer.Losses.Divide(_targets.Targets, _order.AsSpan(first, end - first), end - first, _divisors, _augmentation);
        for (int i = first; i < end; i += _trainer.BatchSize)
        {
            ReadOnlySpan<int> batch = _order.AsSpan(i, int.Min(_trainer.BatchSize, end - i));
            _trainer.RunStep(
                _inputs.Span,
                _targets.Targets,
                batch,
                batch.Length,
                accumulate: true,
                update: i + batch.Length == end,
                _divisors,
                _augmentation);
            for (int k = 0; k < _divisors.Length; k++)
            {
                _state.LossSums[k] += _trainer.Losses.Sums[k];
            }

            _trainer.Losses.AddDivisors(batch.Length, _state.Divisors);
        }

        _state.Step++;
        return end - first;
    }

    /// <summary>The weighted sum of the losses of the epoch so far.</summary>
    private double MeanLoss()
    {
        double loss = 0;
        for (int i = 0; i < _divisors.Length; i++)
        {
            loss += _state.Divisors[i] > 0 ? _trainer.Losses.Infos[i].Weight * _state.LossSums[i] / _state.Divisors[i] : 0;
        }

        return loss;
    }

    private void CompleteEpoch(FitProgress now)
    {
        double metric = _monitor switch
        {
            FitMetric.Loss => now.Loss,
            FitMetric.ValidationLoss => now.ValidationLoss!.Value,
            _ => now.ValidationAccuracy!.Value,
        };
        double gain = Maximizes ? metric - _state.Best : _state.Best - metric;
        if (_state.BestEpoch == 0 ? !double.IsNaN(metric) : gain > (_options.EarlyStopping?.MinDelta ?? 0))
        {
            _state.Best = metric;
            _state.BestEpoch = now.Epoch;
            if (_options.RestoreBest)
            {
                using Lifetime.Share share = _trainer.Network.Enter();
                _best ??= new AlignedMemory(_trainer.Network.Memory.Length);
                _best.CopyFrom(_trainer.Network.Memory);
            }
        }

        if (_scheduler is { Schedule.Unit: ScheduleUnit.Epoch })
        {
            _scheduler.Advance(metric, Maximizes);
        }

        _state.Epochs.Add(now);
        _state.Step = 0;
        Array.Clear(_state.LossSums);
        Array.Clear(_state.Divisors);
    }

    private bool IsPatienceExhausted() =>
        _options.EarlyStopping is { } rule && _state.Epochs.Count - _state.BestEpoch >= rule.Patience;

    private FitResult Finish(bool cancelled, bool stopped)
    {
        if (_best is not null && !cancelled && _state.BestEpoch < _state.Epochs.Count)
        {
            using Lifetime.Share share = _trainer.Network.Enter();
            _trainer.Network.Memory.CopyFrom(_best);
            _trainer.Network.TakeOver();
        }

        return new FitResult(_state.Epochs, cancelled, stopped, _state.BestEpoch);
    }

    private void SaveCheckpoint()
    {
        if (_options.Checkpoint is { } checkpoint)
        {
            _state.HasBest = _best is not null;
            _state.Scheduler = _scheduler?.Save();
            _trainer.SaveCheckpoint(checkpoint.Path, _state, _best);
        }
    }

    private void Resume()
    {
        if (_options.Checkpoint is not { Resume: true, Path: string path } || !File.Exists(path))
        {
            return;
        }

        (FitState? state, _best) = _trainer.LoadCheckpoint(path, data => Check(data, path));
        _state = state!;
        if (_state.Scheduler is { } scheduler)
        {
            _scheduler!.Restore(scheduler);
        }
    }

    private void Check(CheckpointData data, string path)
    {
        if (data.Fit is not { } saved)
        {
            throw new WeightsFormatException(path, null, "the checkpoint is none of Fit; load it with LoadCheckpoint.");
        }

        Checkpoint.Compare(path, "a number of samples of", saved.Samples, _state.Samples);
        Checkpoint.Compare(path, "a batch size of", saved.BatchSize, _state.BatchSize);
        Checkpoint.Compare(path, "Accumulate =", saved.Accumulate, _state.Accumulate);
        Checkpoint.Compare(path, "Seed =", saved.Seed, _state.Seed);
        Checkpoint.Compare(path, "Shuffle =", saved.Shuffle, _state.Shuffle);
        Checkpoint.Compare(path, "RestoreBest =", saved.RestoreBest, _state.RestoreBest);
        Checkpoint.Compare(path, "Monitor =", saved.Monitor, _state.Monitor);
        Checkpoint.Compare(path, "Augmentation =", saved.Augmentation, _state.Augmentation);
        Checkpoint.Compare(path, "Schedule =", saved.Schedule, _state.Schedule);
        Checkpoint.Compare(path, "the optimizer's settings", saved.Optimizer, _state.Optimizer);
        if (ProblemOf(saved) is { } problem)
        {
            throw Checkpoint.Damaged(path, problem);
        }
    }

    /// <summary>What cannot be where training stands, with this data and these options.</summary>
    private string? ProblemOf(FitState saved)
    {
        if (saved.LossSums.Length != _divisors.Length)
        {
            return CheckpointData.Impossible("lossSums", $"the sums of {saved.LossSums.Length} losses");
        }

        if (saved.Step >= _stepsPerEpoch)
        {
            return CheckpointData.Impossible("step", saved.Step);
        }

        if (saved.Scheduler is null != _scheduler is null)
        {
            return CheckpointData.Impossible("scheduler", saved.Scheduler is null ? "missing" : "there without a schedule");
        }

        if (saved.Scheduler is not { } state)
        {
            return null;
        }

        long time = _scheduler!.Schedule.Unit == ScheduleUnit.Epoch
            ? saved.Epochs.Count : ((long)saved.Epochs.Count * _stepsPerEpoch) + saved.Step;
        return state.Time != time ? CheckpointData.Impossible("time", state.Time)
            : !_scheduler.Fits(state) ? CheckpointData.Impossible("initialRate", state.InitialRate)
            : null;
    }

    /// <summary>Options as text that can be compared, in whatever country.</summary>
    private static string Describe(object? options)
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return options?.ToString() ?? "none";
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    // Fisher and Yates; the random numbers are a function of the seed, the epoch and the place.
    private void Arrange(int epoch)
    {
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        for (int i = _order.Length - 1; i > 0 && _options.Shuffle; i--)
        {
            (uint low, uint high) = Threefry.Next((uint)_options.Seed, (uint)(_options.Seed >> 32), (uint)i, (uint)epoch);
            int other = (int)Math.BigMul(((ulong)high << 32) | low, (ulong)i + 1, out _);
            (_order[i], _order[other]) = (_order[other], _order[i]);
        }
    }
}

/// <summary>Where a call of <c>Fit</c> stands, as checkpoints hold it.</summary>
internal sealed class FitState
{
    /// <summary>What must be the same where training goes on.</summary>
    public required int Samples { get; init; }

    /// <summary>Samples of a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Batches of a step.</summary>
    public required int Accumulate { get; init; }

    /// <summary>Seed of the order.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Whether the order changes.</summary>
    public required bool Shuffle { get; init; }

    /// <summary>Whether the best epoch's parameters are kept.</summary>
    public required bool RestoreBest { get; init; }

    /// <summary>What tells which epoch is the best.</summary>
    public required string Monitor { get; init; }

    /// <summary>What becomes of the samples.</summary>
    public required string Augmentation { get; init; }

    /// <summary>What the learning rate follows.</summary>
    public required string Schedule { get; init; }

    /// <summary>The optimizer's settings, but for the rate.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The reports of the completed epochs.</summary>
    [JsonRequired]
    public List<FitProgress> Epochs { get; init; } = [];

    /// <summary>Steps done in the epoch that is not completed.</summary>
    [JsonRequired]
    public int Step { get; set; }

    /// <summary>Sum of each of its losses so far.</summary>
    public required double[] LossSums { get; init; }

    /// <summary>What these sums are to be divided by.</summary>
    public required double[] Divisors { get; init; }

    /// <summary>Number of the best epoch; 0 where none was completed.</summary>
    [JsonRequired]
    public int BestEpoch { get; set; }

    /// <summary>What was monitored after that epoch; not a number where there is none.</summary>
    [JsonRequired]
    public double Best { get; set; } = double.NaN;

    /// <summary>Whether its parameters are in the file.</summary>
    [JsonRequired]
    public bool HasBest { get; set; }

    /// <summary>Where the schedule stands, if there is one.</summary>
    [JsonRequired]
    public SchedulerState? Scheduler { get; set; }

    /// <summary>What cannot be, with whatever data; null where all can.</summary>
    [JsonIgnore]
    public string? Problem
    {
        get
        {
            for (int i = 0; i < Epochs.Count; i++)
            {
                if (Epochs[i].Epoch != i + 1)
                {
                    return CheckpointData.Impossible("epochs", $"a list with epoch {Epochs[i].Epoch} in place {i + 1}");
                }
            }

            return Step < 0 ? CheckpointData.Impossible("step", Step)
                : LossSums.Length != Divisors.Length || !Array.TrueForAll(LossSums, double.IsFinite)
                    ? CheckpointData.Impossible("lossSums", string.Join(", ", LossSums))
                : !Array.TrueForAll(Divisors, d => double.IsFinite(d) && d >= 0)
                    ? CheckpointData.Impossible("divisors", string.Join(", ", Divisors))
                : BestEpoch < 0 || BestEpoch > Epochs.Count ? CheckpointData.Impossible("bestEpoch", BestEpoch)
                : BestEpoch == 0 != double.IsNaN(Best) ? CheckpointData.Impossible("best", Best)
                : HasBest != (RestoreBest && BestEpoch > 0) ? CheckpointData.Impossible("hasBest", HasBest)
                : Scheduler?.Problem;
        }
    }
}
