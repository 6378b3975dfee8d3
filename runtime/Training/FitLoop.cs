using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Threading;
using System.Threading.Tasks;

namespace Strata.Training;

/// <summary>One call of <c>Fit</c>: epochs of steps, and what happens between them.</summary>
internal sealed class FitLoop : IDisposable
{
    private readonly Trainer _trainer;
    private readonly FitOptions _options;
    private readonly Func<(double Loss, double? Accuracy)>? _validate;
    private readonly FitMetric _monitor;
    private readonly LearningRateScheduler? _scheduler;
    private readonly BatchAugmentation? _augmentation;
    private readonly MixUp? _mixUp;
    private readonly StepSource _source;
    private readonly double[] _divisors;
    private FitState _state;
    private AlignedMemory? _best;
    private ExponentialMovingAverage? _average;

    // Of the epoch before, where an epoch's steps show at its end.
    private int _stepsPerEpoch;

    /// <summary>The validation samples were checked.</summary>
    /// <param name="trainer">What trains.</param>
    /// <param name="inputs">The samples, where they are in memory, whose range augmentation looks at.</param>
    /// <param name="sourceOf">Where samples come from, so many for each step.</param>
    /// <param name="options">The options, which are checked here.</param>
    /// <param name="validate">Evaluates the network on the validation samples; null where there are none.</param>
    public FitLoop(
        Trainer trainer,
        ReadOnlySpan<float> inputs,
        Func<int, BatchAugmentation?, StepSource> sourceOf,
        FitOptions options,
        Func<(double Loss, double? Accuracy)>? validate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1, "options.Epochs");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Accumulate, 1, "options.Accumulate");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.StepsPerEpoch ?? 1, 1, "options.StepsPerEpoch");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ReadAhead, 1, "options.ReadAhead");
        trainer.CheckNoFit();
        _trainer = trainer;
        _options = options;
        _validate = validate;
        _divisors = new double[trainer.Losses.Infos.Length];
        if (options.Monitor is { } metric && !Enum.IsDefined(metric))
        {
            throw new ArgumentOutOfRangeException(nameof(options), metric, "There is no such metric to monitor.");
        }

        _monitor = options.Monitor ?? (validate is null ? FitMetric.Loss : FitMetric.ValidationLoss);
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
            _augmentation = new BatchAugmentation(augmentation, trainer.Network, inputs, options.Seed);
        }

        _mixUp = options.MixUp is { } alpha ? new MixUp(alpha, options.Seed) : null;
        _source = sourceOf((int)long.Min((long)trainer.BatchSize * options.Accumulate, int.MaxValue), _augmentation);
        _stepsPerEpoch = _source.StepsPerEpoch ?? 0;
        if (options.Schedule is { } schedule)
        {
            _scheduler = SchedulerOf(schedule, options);
        }

        _state = new FitState
        {
            Samples = _source.Samples,
            BatchSize = trainer.BatchSize,
            Accumulate = options.Accumulate,
            Seed = options.Seed,
            Shuffle = options.Shuffle,
            DropLast = options.DropLast,
            RestoreBest = options.RestoreBest,
            StepsPerEpoch = options.StepsPerEpoch,
            AverageDecay = options.AverageDecay,
            MixUp = options.MixUp,
            Augmentation = Describe(options.Augmentation),
            Schedule = Describe(options.Schedule),
            Optimizer = Describe(trainer.Optimizer.Settings),
            Monitor = Describe(_monitor),
            LossSums = new double[_divisors.Length],
            Divisors = new double[_divisors.Length],
        };
    }

    /// <summary>What training came to. Set when it has ended.</summary>
    public FitResult? Result { get; private set; }

    private bool Maximizes => _monitor == FitMetric.ValidationAccuracy;

    public FitResult Run(IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (FitProgress? now in Steps(cancellationToken))
        {
            if (now is { } report)
            {
                progress?.Report(report);
            }
        }

        return Result!;
    }

    /// <summary>Trains, each step on a thread of the pool, when it is asked for.</summary>
    /// <exception cref="OperationCanceledException">The cancellation was asked for.</exception>
    public async IAsyncEnumerable<FitProgress> StepsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IEnumerator<FitProgress?> steps = Steps(cancellationToken).GetEnumerator();
        try
        {
            while (await Task.Run(() => NextAsync(steps, cancellationToken), CancellationToken.None).ConfigureAwait(false) is { } now)
            {
                yield return now;
            }
        }
        finally
        {
            // Who leaves the loop early may be a thread that the data need for their end.
            await _source.EndAsync().ConfigureAwait(false);
        }

        if (Result!.Cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Nothing was begun, or the loop has ended.</summary>
    public void Dispose()
    {
        _scheduler?.Undo();
        _best?.Dispose();
        _average?.Dispose();
        _source.Dispose();
    }

    /// <summary>The next report; null behind the last one.</summary>
    private async Task<FitProgress?> NextAsync(IEnumerator<FitProgress?> steps, CancellationToken cancellationToken)
    {
        while (steps.MoveNext())
        {
            if (steps.Current is { } now)
            {
                return now;
            }

            await _source.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    private LearningRateScheduler SchedulerOf(Schedule schedule, FitOptions options)
    {
        if (schedule is { NeedsMetric: true, Unit: ScheduleUnit.Step })
        {
            throw new ArgumentException("A schedule on plateaus counts epochs, since the metric is that of an epoch.", nameof(options));
        }

        if (schedule.Unit == ScheduleUnit.Step && _source.StepsPerEpoch is null)
        {
            throw new ArgumentException(
                $"The schedule counts steps; set {nameof(FitOptions.StepsPerEpoch)}, since data that are read piece by piece do not tell how many an epoch has.",
                nameof(options));
        }

        long total = schedule.Unit == ScheduleUnit.Epoch ? options.Epochs : (long)options.Epochs * _stepsPerEpoch;
        double initial = _trainer.Optimizer.LearningRate;
        return schedule.FindImpossibleRate(initial, total, total) is var (time, rate)
            ? throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The schedule's rate would be {rate} at time {time} of {total}."), nameof(options))
            : new LearningRateScheduler(_trainer.Optimizer, schedule, total);
    }

    /// <summary>
    /// Trains as far as reports are asked for: one after each step, and one at the end of each epoch. Null says that data are needed next, for which one may wait; what is due behind
    /// the report before has been done then.
    /// </summary>
    private IEnumerable<FitProgress?> Steps(CancellationToken cancellationToken)
    {
        _trainer.BeginFit();
        try
        {
            Resume();
            if (_options.AverageDecay is { } decay)
            {
                _average ??= new ExponentialMovingAverage(_trainer.Network, decay);
            }

            _source.Begin(_state.Epochs.Count + 1, _state.Step);
            bool stopped = false;
            while (_state.Epochs.Count < _options.Epochs && !(stopped = IsPatienceExhausted()))
            {
                int epoch = _state.Epochs.Count + 1, trained = 0;
                _augmentation?.Epoch = epoch;
                double seconds = 0;
                bool cancelled;
                FitProgress now = ProgressOf(epoch, samplesPerSecond: 0);
                while (true)
                {
                    long start = Stopwatch.GetTimestamp();
                    yield return null;
                    if ((cancelled = IsCancelled(cancellationToken)) || !_source.TryNext(out StepSamples samples))
                    {
                        break;
                    }

                    RunStep(epoch, samples);
                    trained += samples.Order.Length;
                    seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
                    now = ProgressOf(epoch, trained / seconds);
                    yield return now;
                    if (_scheduler is { Schedule.Unit: ScheduleUnit.Step })
                    {
                        _scheduler.Step();
                    }

                    if (_options.Checkpoint is { EverySteps: > 0 and int every } && _trainer.Steps % every == 0 && _state.Step != _source.StepsPerEpoch)
                    {
                        SaveCheckpoint();
                    }
                }

                if (cancelled)
                {
                    SaveCheckpoint();
                    Finish(cancelled: true, stopped: false);
                    yield break;
                }

                now = CompleteEpoch(now);
                yield return now;
                SaveCheckpoint();
            }

            Finish(cancelled: false, stopped);
        }
        finally
        {
            try
            {
                Dispose();
            }
            finally
            {
                _trainer.EndFit();
            }
        }
    }

    /// <summary>Waits for the next samples. An epoch that has done all of its steps is completed nevertheless: then its end is waited for.</summary>
    private bool IsCancelled(CancellationToken cancellationToken)
    {
        CancellationToken token = _source.StepsPerEpoch == _state.Step ? CancellationToken.None : cancellationToken;
        _source.Wait(token);
        return token.IsCancellationRequested;
    }

    private FitProgress ProgressOf(int epoch, double samplesPerSecond) => new(
        epoch,
        _options.Epochs,
        _state.Step,
        _stepsPerEpoch,
        MeanLoss(),
        _trainer.Optimizer.LearningRate,
        samplesPerSecond,
        ValidationLoss: null,
        ValidationAccuracy: null,
        EpochCompleted: false)
    {
        Updates = _trainer.Steps,
    };

    private void RunStep(int epoch, in StepSamples samples)
    {
        Trainer trainer = _trainer;
        trainer.Losses.DropParts();
        _augmentation?.First = samples.First;
        ReadOnlySpan<int> order = samples.Order.Span;

        // Samples in memory were checked once, and may have changed; kernels find places by their classes.
        trainer.Targets.CheckClasses(samples.Targets.Targets, order);

        // All parts of the step divide by what the whole of it divides by, so that their gradients add up to those of one batch.
        trainer.Losses.Divide(samples.Targets.Targets, order, order.Length, _divisors, _augmentation);
        for (int i = 0; i < order.Length; i += trainer.BatchSize)
        {
            int number = (_state.Step * _options.Accumulate) + (i / trainer.BatchSize);
            ReadOnlySpan<int> batch = order.Slice(i, int.Min(trainer.BatchSize, order.Length - i));
            trainer.RunStep(
                samples.Inputs.Span,
                samples.Targets.Targets,
                batch,
                batch.Length,
                accumulate: true,
                update: i + batch.Length == order.Length,
                _divisors,
                _augmentation,
                _mixUp?.ShareOf(epoch, number) ?? 1,
                samples.First);
            for (int k = 0; k < _divisors.Length; k++)
            {
                _state.LossSums[k] += trainer.Losses.Sums[k];
            }

            trainer.Losses.AddDivisors(batch.Length, _state.Divisors);
        }

        _average?.Update();
        _state.Step++;
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

    /// <summary>Validates, and takes stock.</summary>
    private FitProgress CompleteEpoch(FitProgress now)
    {
        // What counts is the network of the averages, where there are some.
        _average?.Swap();
        try
        {
            (double Loss, double? Accuracy)? validation = _validate?.Invoke();
            now = now with
            {
                ValidationLoss = validation?.Loss,
                ValidationAccuracy = validation?.Accuracy,
                EpochCompleted = true,
            };
            TakeStock(now);
        }
        finally
        {
            _average?.Swap();
        }

        return now;
    }

    private void TakeStock(FitProgress now)
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
        _stepsPerEpoch = _state.Step;
        _state.Step = 0;
        Array.Clear(_state.LossSums);
        Array.Clear(_state.Divisors);
    }

    private bool IsPatienceExhausted() =>
        _options.EarlyStopping is { } rule && _state.Epochs.Count - _state.BestEpoch >= rule.Patience;

    private void Finish(bool cancelled, bool stopped)
    {
        if (_best is not null && !cancelled && _state.BestEpoch < _state.Epochs.Count)
        {
            using Lifetime.Share share = _trainer.Network.Enter();
            _trainer.Network.Memory.CopyFrom(_best);
            _trainer.Network.TakeOver();
        }
        else
        {
            _average?.Swap();
        }

        Result = new FitResult(_state.Epochs, cancelled, stopped, _state.BestEpoch);
    }

    private void SaveCheckpoint()
    {
        if (_options.Checkpoint is { } checkpoint)
        {
            _state.HasBest = _best is not null;
            _state.Scheduler = _scheduler?.Save();
            _state.AverageUpdates = _average?.Updates ?? 0;
            _trainer.SaveCheckpoint(checkpoint.Path, _state, new FitMemory(_best, _average?.Memory));
        }
    }

    private void Resume()
    {
        if (_options.Checkpoint is not { Resume: true, Path: string path } || !File.Exists(path))
        {
            return;
        }

        (FitState? state, FitMemory memory) = _trainer.LoadCheckpoint(path, data => Check(data, path));
        (_state, _best) = (state!, memory.Best);
        if (_source.StepsPerEpoch is null && _state.Epochs.Count > 0)
        {
            _stepsPerEpoch = _state.Epochs[^1].Step;
        }

        if (memory.Average is { } average)
        {
            _average = new ExponentialMovingAverage(_trainer.Network, _options.AverageDecay!.Value, average, _state.AverageUpdates);
        }

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
        Checkpoint.Compare(path, "DropLast =", saved.DropLast, _state.DropLast);
        Checkpoint.Compare(path, "RestoreBest =", saved.RestoreBest, _state.RestoreBest);
        Checkpoint.Compare(path, "Monitor =", saved.Monitor, _state.Monitor);
        Checkpoint.Compare(path, "StepsPerEpoch =", saved.StepsPerEpoch, _state.StepsPerEpoch);
        Checkpoint.Compare(path, "AverageDecay =", saved.AverageDecay, _state.AverageDecay);
        Checkpoint.Compare(path, "MixUp =", saved.MixUp, _state.MixUp);
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

        if (saved.Step >= (_source.StepsPerEpoch ?? int.MaxValue))
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
}

/// <summary>Where a call of <c>Fit</c> stands, as checkpoints hold it.</summary>
internal sealed class FitState
{
    /// <summary>What must be the same where training goes on. 0 where samples are read piece by piece.</summary>
    public required int Samples { get; init; }

    /// <summary>The option of this name.</summary>
    [JsonRequired]
    public int? StepsPerEpoch { get; init; }

    /// <summary>The option of this name.</summary>
    [JsonRequired]
    public double? AverageDecay { get; init; }

    /// <summary>The option of this name.</summary>
    [JsonRequired]
    public double? MixUp { get; init; }

    /// <summary>Samples of a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Batches of a step.</summary>
    public required int Accumulate { get; init; }

    /// <summary>Seed of the order.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Whether the order changes.</summary>
    public required bool Shuffle { get; init; }

    /// <summary>Whether a last step of fewer samples is left out.</summary>
    public required bool DropLast { get; init; }

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

    /// <summary>How often the averages of the parameters, which are in the file, were moved; 0 where there are none.</summary>
    [JsonRequired]
    public long AverageUpdates { get; set; }

    /// <summary>Whether they are in the file.</summary>
    [JsonIgnore]
    public bool HasAverage => AverageDecay is not null;

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
                : AverageDecay is not (null or (>= 0 and < 1)) ? CheckpointData.Impossible("averageDecay", AverageDecay)
                : !CheckpointData.IsCount(AverageUpdates) ? CheckpointData.Impossible("averageUpdates", AverageUpdates)
                : HasBest != (RestoreBest && BestEpoch > 0) ? CheckpointData.Impossible("hasBest", HasBest)
                : Scheduler?.Problem;
        }
    }
}
