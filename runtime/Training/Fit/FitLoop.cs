using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Strata.Training;

/// <summary>One call of <c>Fit</c>: epochs of steps, and what happens between them.</summary>
internal sealed class FitLoop : IDisposable
{
    private readonly Trainer _trainer;
    private readonly TrainingWorld _world;
    private readonly FitOptions _options;
    private readonly Func<(double Loss, double? Accuracy)>? _validate;
    private readonly FitChecks _checks;
    private readonly FitWarnings _warnings;
    private readonly TrainingWatch _watch;
    private readonly BestEpoch _best;
    private readonly LearningRateScheduler? _scheduler;
    private readonly BatchAugmentation? _augmentation;
    private readonly MixUp? _mixUp;
    private readonly StepSource _source;
    private readonly double[] _divisors;
    private FitState _state;
    private ExponentialMovingAverage? _average;

    // The number of steps in the previous epoch. With data that are read piece by piece, the current epoch's number is known only at its
    // end.
    private int _stepsPerEpoch;

    /// <summary>Creates the loop. The caller has checked the validation samples.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="sourceOf">
    /// Creates the source of samples. Takes the samples per step, and the augmentation, which checks the samples' range.
    /// </param>
    /// <param name="options">The options, which are checked here.</param>
    /// <param name="validate">Evaluates the network on the validation samples; null if there are none.</param>
    public FitLoop(
        Trainer trainer, Func<int, BatchAugmentation?, StepSource> sourceOf, FitOptions options,
        Func<(double Loss, double? Accuracy)>? validate)
    {
        _checks = new FitChecks(trainer, options);
        _checks.CheckNumbers();
        trainer.Calls.CheckNoFit();
        _trainer = trainer;
        _options = options;
        _validate = validate;
        _warnings = new FitWarnings(() => options.OnWarning ?? trainer.OnWarning);
        _watch = new TrainingWatch(trainer, _warnings);
        FitMetric metric = _checks.MetricOf(validates: validate is not null);
        _best = new BestEpoch(trainer.Network, metric, options);
        _augmentation = options.Augmentation is { } augmentation
            ? new BatchAugmentation(augmentation, trainer.Network, options.Seed) : null;
        _mixUp = options.MixUp is { } alpha ? new MixUp(alpha, options.Seed) : null;
        _world = trainer.Ranks.World;
        _source = sourceOf((int)long.Min(trainer.Ranks.GlobalBatchSize * options.Accumulate, int.MaxValue), _augmentation);
        _checks.CheckBatches(_source);
        _stepsPerEpoch = _source.StepsPerEpoch ?? 0;
        _divisors = new double[trainer.Losses.Infos.Length];
        _scheduler = _checks.SchedulerOf(_source);
        _state = FitState.Begin(trainer, options, metric, _source.Samples);
    }

    /// <summary>The result. It is set when training has ended.</summary>
    public FitResult? Result { get; private set; }

    public FitResult Run(IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            foreach (FitProgress? now in Steps(cancellationToken))
            {
                if (now is { } report && _world.IsFirst)
                {
                    progress?.Report(report);
                }
            }
        }
        catch (Exception e) when (!_world.IsCommon(e))
        {
            _world.Abort(e);
            throw;
        }

        return Result!;
    }

    /// <summary>Trains. Each step is done when the caller asks for its report, and on another thread than the caller's.</summary>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public async IAsyncEnumerable<FitProgress> StepsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IEnumerator<FitProgress?> steps = Steps(cancellationToken).GetEnumerator();
        var thread = new AwaitedThread("Strata training");
        try
        {
            while (await thread.RunAsync(() => Next(steps, cancellationToken)).ConfigureAwait(false) is { } now)
            {
                yield return now;
            }
        }
        finally
        {
            thread.End();

            // Wait asynchronously. The thread that has left the loop early may be the one that the data need to come to their end.
            await _source.EndAsync().ConfigureAwait(false);
        }

        if (Result!.Cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// Restores the optimizer's rate and frees the memory. May be called before the loop has begun or after it has ended.
    /// </summary>
    public void Dispose()
    {
        _scheduler?.Undo();
        _best.Dispose();
        _average?.Dispose();
        _source.Dispose();
    }

    /// <summary>The next report; null after the last one.</summary>
    private FitProgress? Next(IEnumerator<FitProgress?> steps, CancellationToken cancellationToken)
    {
        while (steps.MoveNext())
        {
            if (steps.Current is { } now)
            {
                return now;
            }

            _source.Wait(cancellationToken);
        }

        return null;
    }

    /// <summary>
    /// Trains step by step, as reports are asked for. There is one report after each step, and one more at the end of each epoch. Null
    /// means that data are needed next, so that the caller may wait for them. By then, all work that follows the previous report is done.
    /// </summary>
    private IEnumerable<FitProgress?> Steps(CancellationToken cancellationToken)
    {
        _trainer.Calls.BeginFit();
        try
        {
            Begin();
            bool stopped = false;
            while (_state.Epochs.Count < _options.Epochs && !(stopped = _best.IsPatienceExhausted(_state)))
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
                    if ((cancelled = IsCancelled(cancellationToken)) || !TryNext(out StepSamples samples))
                    {
                        break;
                    }

                    FitStep(epoch, samples);
                    trained += samples.Order.Length;
                    seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
                    now = ProgressOf(epoch, trained / seconds);
                    yield return now;
                    EndStep();
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
                _trainer.Calls.EndFit();
            }
        }
    }

    /// <summary>Warns of what the options may have wrong, and goes on from the checkpoint if there is one.</summary>
    private void Begin()
    {
        _world.RequireSame(_state.SettingsOfRanks(_world.Size, _options));
        _world.RequireSameData(HashOfMemory);
        _checks.CheckFiles();
        _checks.Warn(_warnings, _source);
        Resume();
        if (_options.AverageDecay is { } decay)
        {
            _average ??= new ExponentialMovingAverage(_trainer.Network, decay);
        }

        _source.Begin(_state.Epochs.Count + 1, _state.Step);
    }

    /// <summary>A hash of the samples in memory, and of those for validation.</summary>
    private ulong HashOfMemory()
    {
        var hash = new DataHash();
        hash.Add(_options.ValidationInputs.Span, _trainer.Network.InputLength,
            new Targets(_options.ValidationTargets.Span, _options.ValidationValues.Span));
        return hash.Value ^ (_source.Hash() ?? 0);
    }

    /// <summary>A hash of a step's samples. All processes read the targets of all samples, but perhaps only their own inputs.</summary>
    private ulong HashOf(StepSamples samples)
    {
        var hash = new DataHash();
        hash.Add(_source.HasAllInputs ? samples.Inputs.Span : default, _trainer.Network.InputLength, samples.Targets.Targets);
        return hash.Value;
    }

    /// <summary>What follows the report of a step. The last step of an epoch has no checkpoint of its own: the epoch has one.</summary>
    private void EndStep()
    {
        if (_scheduler is { Schedule.Unit: ScheduleUnit.Step })
        {
            _scheduler.Step();
        }

        if (_options.Checkpoint is { EverySteps: > 0 and int every } && _trainer.Steps % every == 0
            && _state.Step != _source.StepsPerEpoch)
        {
            SaveCheckpoint();
        }
    }

    /// <summary>
    /// Waits for the next samples, and returns whether training was cancelled. If all steps of an epoch are done, it waits without the
    /// token, so that the epoch is completed.
    /// </summary>
    private bool IsCancelled(CancellationToken cancellationToken)
    {
        CancellationToken token = _source.StepsPerEpoch == _state.Step ? CancellationToken.None : cancellationToken;
        _source.Wait(token);
        return _world.Stops(token.IsCancellationRequested);
    }

    /// <summary>The samples of the next step; false at the end of an epoch.</summary>
    private bool TryNext(out StepSamples samples)
    {
        bool isThere = _source.TryNext(out samples);
        if (_source.Samples == 0)
        {
            // Each rank reads the data by itself, and learns only now how many samples there are.
            _world.RequireSame("a number of samples of the next step of", isThere ? samples.Order.Length : 0);
            if (isThere && _state.Step == 0)
            {
                RequireSame(samples);
            }
        }

        return isThere;
    }

    /// <summary>Its closure is made here, so that other steps make none.</summary>
    private void RequireSame(StepSamples first) => _world.RequireSameData(() => HashOf(first));

    private FitProgress ProgressOf(int epoch, double samplesPerSecond) => new(
        epoch,
        _options.Epochs,
        _state.Step,
        _stepsPerEpoch,
        MeanLoss(),
        _trainer.Optimizer.LearningRate * _trainer.Ranks.RateFactor,
        samplesPerSecond,
        ValidationLoss: null,
        ValidationAccuracy: null,
        EpochCompleted: false)
    {
        Updates = _trainer.Steps,
    };

    private void FitStep(int epoch, in StepSamples samples)
    {
        Trainer trainer = _trainer;
        trainer.Losses.DropParts();
        _watch.LookAt(samples.Inputs.Span);
        _watch.LookAtRate();
        _augmentation?.First = samples.First;
        ReadOnlySpan<int> order = samples.Order.Span;

        // Samples in memory were checked at the beginning, but may have changed since. Check the classes again, because kernels use them as
        // indices.
        trainer.Targets.CheckClasses(samples.Targets.Targets, order);

        // All parts of the step use the divisors of the whole step, so that their gradients add up to those of one batch.
        trainer.Losses.Divide(samples.Targets.Targets, order, order.Length, _divisors, _augmentation);
        int most = (int)long.Min(trainer.Ranks.GlobalBatchSize, order.Length);
        double loss = 0;
        for (int i = 0; i < order.Length; i += most)
        {
            ReadOnlySpan<int> batch = order.Slice(i, int.Min(most, order.Length - i));
            (int first, int count) = _world.ShareOf(batch.Length).GetOffsetAndLength(batch.Length);
            var data = new StepData(samples.Inputs.Span, samples.Targets.Targets, batch.Slice(first, count), count)
            {
                Divisors = most < order.Length ? _divisors : null,
                Augmentation = _augmentation,
                Share = _mixUp?.ShareOf(epoch, (_state.Step * _options.Accumulate) + (i / most)) ?? 1,
                First = samples.First,
                Batch = batch,
                FirstSample = first,
                Before = batch[(first > 0 ? first : batch.Length) - 1],
            };
            loss += trainer.Train(in data, accumulate: true, update: i + batch.Length == order.Length);
            for (int k = 0; k < _divisors.Length; k++)
            {
                _state.LossSums[k] += trainer.Losses.Sums[k];
            }

            trainer.Losses.AddDivisors(batch.Length, _state.Divisors);
        }

        _watch.LookAtLoss(loss);
        _average?.Update();
        _state.Step++;
    }

    /// <summary>The weighted sum of the losses over the epoch so far.</summary>
    private double MeanLoss()
    {
        double loss = 0;
        for (int i = 0; i < _divisors.Length; i++)
        {
            loss += _state.Divisors[i] > 0 ? _trainer.Losses.Infos[i].Weight * _state.LossSums[i] / _state.Divisors[i] : 0;
        }

        return loss;
    }

    /// <summary>Ends an epoch: validates the network, compares the epoch with the best one, runs the schedule.</summary>
    private FitProgress CompleteEpoch(FitProgress now)
    {
        // If there are averages, validate the network with them instead of the parameters.
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
        double metric = _best.Look(now, _state);
        if (_scheduler is { Schedule.Unit: ScheduleUnit.Epoch })
        {
            _scheduler.Advance(metric, _best.Maximizes);
        }

        _state.Epochs.Add(now);
        _stepsPerEpoch = _state.Step;
        _state.Step = 0;
        Array.Clear(_state.LossSums);
        Array.Clear(_state.Divisors);
    }

    private void Finish(bool cancelled, bool stopped)
    {
        if (cancelled || !_best.Restore(_state))
        {
            _average?.Swap();
        }

        Result = new FitResult(_state.Epochs, cancelled, stopped, _state.BestEpoch) { Monitor = _best.Metric, Warnings = _warnings.All };
    }

    private void SaveCheckpoint()
    {
        if (_options.Checkpoint is { } checkpoint)
        {
            _state.HasBest = _best.Parameters is not null;
            _state.Scheduler = _scheduler?.Save();
            _state.AverageUpdates = _average?.Updates ?? 0;
            _world.OnFirst(() =>
            {
                _trainer.State.Save(checkpoint.Path, _state, new FitMemory(_best.Parameters, _average?.Memory));
                return "";
            });
        }
    }

    private void Resume()
    {
        if (new FitResumption(_state, _source, _scheduler).GoOn(_trainer, _options.Checkpoint, _warnings) is not var (state, memory))
        {
            return;
        }

        _state = state;
        _best.GoOn(memory.Best);
        if (_source.StepsPerEpoch is null && _state.Epochs.Count > 0)
        {
            _stepsPerEpoch = _state.Epochs[^1].Step;
        }

        if (memory.Average is { } average)
        {
            _average = new ExponentialMovingAverage(_trainer.Network, _options.AverageDecay!.Value, average, _state.AverageUpdates);
        }
    }
}
