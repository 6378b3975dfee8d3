using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Strata.Training;

/// <summary>
/// Samples that are read during training. Another thread reads some steps ahead, then waits. If the system gives no thread, each step is
/// read when it is needed.
/// </summary>
internal sealed class StreamSource : StepSource
{
    private readonly StepReader _reader;
    private readonly StepQueue _queue;
    private readonly Func<StepMemory> _create;
    private readonly Action<Thread>? _start;
    private readonly CancellationTokenSource _end = new();
    private readonly int[] _order;

    // Used if there is no reading thread: the enumerated steps, whether the next step was read, and memory for another step.
    private IEnumerator<StepMemory?>? _own;
    private bool _hasRead;
    private StepMemory? _spare;

    private bool _hasBegun;
    private StepMemory? _current;
    private int _step;

    /// <param name="data">The data, which each epoch goes through from the beginning.</param>
    /// <param name="network">The network.</param>
    /// <param name="rules">The targets that the network takes.</param>
    /// <param name="augmentation">The augmentation; the samples must be within its range. Null for none.</param>
    /// <param name="samplesPerStep">Samples of a step. The last step of an epoch may have fewer.</param>
    /// <param name="batchSize">Samples of a batch.</param>
    /// <param name="options">Epochs, their length, and how far to read ahead.</param>
    /// <param name="start">Starts the thread that reads. Only tests set it; null for the usual way.</param>
    /// <param name="world">The processes that train together; null for this one alone.</param>
    public StreamSource(
        IAsyncEnumerable<SampleBatch> data,
        CompiledNetwork network,
        TargetRules rules,
        BatchAugmentation? augmentation,
        int samplesPerStep,
        long batchSize,
        FitOptions options,
        Action<Thread>? start = null,
        TrainingWorld? world = null)
    {
        int longest = int.Max(network.InputLength, int.Max(rules.Classes, rules.Values));
        if (samplesPerStep > Array.MaxLength / longest)
        {
            throw new ArgumentOutOfRangeException(
                "options.Accumulate", options.Accumulate,
                $"A step of data that are read piece by piece has at most {Array.MaxLength / longest} samples of {network.Info.Name}; "
                + $"this would have {samplesPerStep}.");
        }

        StepsPerEpoch = options.StepsPerEpoch;
        HasAllInputs = data is not ISkippableSamples;

        // If StepsPerEpoch is not set, the last batch of an epoch may have any number of samples.
        FewestSamples = options.StepsPerEpoch is not null || batchSize == 1 ? (int)long.Min(batchSize, samplesPerStep) : null;
        _reader = new StepReader(data, network, rules, augmentation, samplesPerStep, options, world is not { Size: > 1 } ? null
            : (samples, skipped) => new OwnSamples(world, samples, samplesPerStep, batchSize, options.MixUp is not null)
            {
                Skipped = skipped,
            });
        _create = () => new StepMemory(samplesPerStep, network.InputLength, rules);
        _queue = new StepQueue((int)long.Min(options.ReadAhead + 1L, int.MaxValue), _create);
        _order = new int[samplesPerStep];
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        _start = start;
    }

    /// <inheritdoc/>
    public override int Samples => 0;

    /// <inheritdoc/>
    public override int? StepsPerEpoch { get; }

    /// <inheritdoc/>
    public override int? FewestSamples { get; }

    /// <inheritdoc/>
    public override bool HasAllInputs { get; }

    /// <inheritdoc/>
    public override void Begin(int epoch, int step)
    {
        _step = step;
        _hasBegun = true;
        if (!BackgroundThread.TryStart("Strata reader", () => ReadAhead(epoch, step), _start))
        {
            _own = _reader.Read(epoch, step, TakeSpare, _end.Token).GetEnumerator();
        }
    }

    /// <inheritdoc/>
    public override void Wait(CancellationToken cancellationToken)
    {
        if (_own is not null)
        {
            ReadNext(cancellationToken);
        }
        else
        {
            _queue.Wait(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override bool TryNext(out StepSamples samples)
    {
        if (_own is null)
        {
            if (_current is not null)
            {
                _queue.GiveBack(_current);
                _current = null;
            }

            _current = _queue.Take();
        }
        else
        {
            ReadNext(CancellationToken.None);
            (_spare, _current) = (_current, _own.Current);
            _hasRead = false;
        }

        if (_current is not { } step)
        {
            samples = default;
            _step = 0;
            return false;
        }

        samples = new StepSamples(step.Inputs, step.Targets, _order.AsMemory(0, step.Samples), unchecked(_step++ * _order.Length));
        return true;
    }

    /// <inheritdoc/>
    public override async ValueTask EndAsync()
    {
        if (Stop())
        {
            await _queue.End.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (Stop())
        {
            _queue.WaitForEnd();
        }

        _end.Dispose();
    }

    /// <summary>The work of the reading thread.</summary>
    private void ReadAhead(int epoch, int skippedSteps)
    {
        try
        {
            foreach (StepMemory? step in _reader.Read(epoch, skippedSteps, _queue.TakeFree, _end.Token))
            {
                _queue.Add(step);
            }

            _queue.Complete(failure: null);
        }
        catch (Exception e)
        {
            _queue.Complete(e);
        }
    }

    /// <summary>Reads a step on the calling thread, unless the next step was already read.</summary>
    private void ReadNext(CancellationToken cancellationToken)
    {
        if (_hasRead)
        {
            return;
        }

        // Remove the synchronization context. Asynchronous data would otherwise continue in it, on this thread, which waits for the data: a
        // deadlock.
        SynchronizationContext? context = SynchronizationContext.Current;
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), _end);
        try
        {
            SynchronizationContext.SetSynchronizationContext(null);
            _hasRead = _own!.MoveNext();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller checks the token.
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private StepMemory TakeSpare()
    {
        StepMemory step = _spare ?? _create();
        _spare = null;
        return step.Clear();
    }

    /// <summary>Asks the reader to end. Exceptions of the data are ignored from now on.</summary>
    /// <returns>Whether there is a reading thread, whose end the caller can wait for.</returns>
    private bool Stop()
    {
        if (!_hasBegun)
        {
            return false;
        }

        _queue.Stop();
        try
        {
            if (_own is not null || !_queue.End.IsCompleted)
            {
                _end.Cancel();
            }

            _own?.Dispose();
        }
        catch (Exception)
        {
        }

        return _own is null;
    }
}
