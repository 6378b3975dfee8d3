using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Strata.Training;

/// <summary>
/// Samples that are read while training is at work: a worker goes through the data, epoch by epoch, copies its samples into the memory of steps to come, and waits
/// when enough of them are full.
/// </summary>
internal sealed class StreamSource : StepSource
{
    private readonly IAsyncEnumerable<SampleBatch> _data;
    private readonly CompiledNetwork _network;
    private readonly TargetRules _rules;
    private readonly BatchAugmentation? _augmentation;
    private readonly int _samplesPerStep;
    private readonly int _epochs;
    private readonly int _readAhead;
    private readonly bool _dropLast;
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<Step> _free = Channel.CreateUnbounded<Step>();

    // Null ends an epoch.
    private readonly Channel<Step?> _full = Channel.CreateUnbounded<Step?>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private Task? _worker;
    private int[] _order = [];

    // Steps that have memory.
    private int _made;
    private Step? _current;
    private int _step;

    /// <param name="data">The data, which each epoch goes through from the beginning.</param>
    /// <param name="network">The network.</param>
    /// <param name="rules">Which targets it takes.</param>
    /// <param name="augmentation">Whose range the samples must keep.</param>
    /// <param name="samplesPerStep">Samples of a step, but for the last one of an epoch.</param>
    /// <param name="options">Epochs, their length, and how far to read ahead.</param>
    public StreamSource(
        IAsyncEnumerable<SampleBatch> data, CompiledNetwork network, TargetRules rules, BatchAugmentation? augmentation, int samplesPerStep, FitOptions options)
    {
        _data = data;
        _network = network;
        _rules = rules;
        _augmentation = augmentation;
        _samplesPerStep = samplesPerStep;
        _epochs = options.Epochs;
        _readAhead = options.ReadAhead;
        _dropLast = options.DropLast;
        StepsPerEpoch = options.StepsPerEpoch;
        int longest = int.Max(network.InputLength, int.Max(rules.Classes, rules.Values));
        if (samplesPerStep > Array.MaxLength / longest)
        {
            throw new ArgumentOutOfRangeException(
                "options.Accumulate", options.Accumulate,
                $"A step of data that are read piece by piece has at most {Array.MaxLength / longest} samples of {network.Info.Name}; this would have {samplesPerStep}.");
        }
    }

    /// <inheritdoc/>
    public override int Samples => 0;

    /// <inheritdoc/>
    public override int? StepsPerEpoch { get; }

    /// <inheritdoc/>
    public override void Begin(int epoch, int step)
    {
        _step = step;
        _order = new int[_samplesPerStep];
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        _worker = Task.Run(() => ReadAsync(epoch, step, _end.Token));
    }

    /// <inheritdoc/>
    public override void Wait(CancellationToken cancellationToken)
    {
        // Most of the time there is something.
        if (!_full.Reader.TryPeek(out _))
        {
            WaitAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (_worker is null)
        {
            return;
        }

        try
        {
            await _full.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller looks at the token.
        }
    }

    /// <inheritdoc/>
    public override bool TryNext(out StepSamples samples)
    {
        if (_current is not null)
        {
            _free.Writer.TryWrite(_current);
            _current = null;
        }

        if (!_full.Reader.TryRead(out _current))
        {
            // Nothing comes any more, since the worker has failed: this throws what it threw.
            _worker!.GetAwaiter().GetResult();
            throw new InvalidOperationException("The data have ended before the last epoch.");
        }

        if (_current is not { } step)
        {
            samples = default;
            _step = 0;
            return false;
        }

        samples = new StepSamples(step.Inputs, step.Targets, _order.AsMemory(0, step.Samples), unchecked(_step++ * _samplesPerStep));
        return true;
    }

    /// <inheritdoc/>
    public override async ValueTask EndAsync()
    {
        if (_worker is { } worker)
        {
            // It may have ended by itself. What it threw then has come out already, or is not told: here it counts as seen.
            if (!worker.IsCompleted)
            {
                await _end.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await worker.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        EndAsync().AsTask().GetAwaiter().GetResult();
        _end.Dispose();
    }

    private async Task ReadAsync(int epoch, int skippedSteps, CancellationToken cancellationToken)
    {
        try
        {
            for (; epoch <= _epochs; epoch++)
            {
                await ReadEpochAsync(epoch, skippedSteps, cancellationToken).ConfigureAwait(false);
                skippedSteps = 0;
                _full.Writer.TryWrite(null);
            }

            _full.Writer.Complete();
        }
        catch (Exception e)
        {
            _full.Writer.Complete(e);
            throw;
        }
    }

    private async Task ReadEpochAsync(int epoch, int skippedSteps, CancellationToken cancellationToken)
    {
        Step? step = null;
        long read = 0, skipped = (long)skippedSteps * _samplesPerStep;
        long most = StepsPerEpoch is { } steps ? (long)steps * _samplesPerStep : long.MaxValue;
        await foreach (SampleBatch batch in _data.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            // What ends without looking at the token ends here.
            cancellationToken.ThrowIfCancellationRequested();
            int samples = _network.CountSamples(batch.Inputs.Length, "data");
            _rules.Check(batch.Targets.Targets, samples);
            _augmentation?.CheckRange(batch.Inputs.Span, "data");
            int first = (int)long.Min(samples, long.Max(0, skipped - read));
            int end = (int)long.Min(samples, most - read);
            read += samples;
            while (first < end)
            {
                step ??= await NextFreeAsync(cancellationToken).ConfigureAwait(false);
                int count = int.Min(end - first, _samplesPerStep - step.Samples);
                step.Add(batch, first, count);
                first += count;
                if (step.Samples == _samplesPerStep)
                {
                    _full.Writer.TryWrite(step);
                    step = null;
                }
            }

            if (read >= most)
            {
                break;
            }
        }

        long taken = long.Min(read, most), stepsRead = StepsOf(taken, _samplesPerStep, _dropLast);
        if (step is not null && stepsRead * _samplesPerStep < taken)
        {
            // It is left out, and its memory is free again.
            _free.Writer.TryWrite(step);
        }
        else if (step is not null)
        {
            _full.Writer.TryWrite(step);
        }

        if (read == 0)
        {
            throw new ArgumentException($"There are no samples in epoch {epoch} of the data.");
        }

        if (stepsRead < skippedSteps)
        {
            throw new ArgumentException(
                $"The data of epoch {epoch} end after {MessageText.Count(stepsRead, "step")}; the checkpoint was written after {skippedSteps}.");
        }

        if (StepsPerEpoch is { } wanted && stepsRead < wanted)
        {
            throw new ArgumentException(
                $"The data of epoch {epoch} end after {MessageText.Count(stepsRead, "step")}; {nameof(FitOptions.StepsPerEpoch)} is {wanted}.");
        }
    }

    /// <summary>Memory for a step: of the steps ahead and the one that is trained, as many as the data need.</summary>
    private async ValueTask<Step> NextFreeAsync(CancellationToken cancellationToken)
    {
        if (!_free.Reader.TryRead(out Step? step))
        {
            if (_made > _readAhead)
            {
                step = await _free.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                step = new Step(_samplesPerStep, _network.InputLength, _rules);
                _made++;
            }
        }

        return step.Clear();
    }

    /// <summary>The memory of a step.</summary>
    private sealed class Step(int samples, int inputLength, TargetRules rules)
    {
        private readonly float[] _inputs = new float[samples * inputLength];
        private readonly int[] _classes = new int[samples * rules.Classes];
        private readonly float[] _values = new float[samples * rules.Values];

        public int Samples { get; private set; }

        public ReadOnlyMemory<float> Inputs => _inputs.AsMemory(0, Samples * inputLength);

        public TargetMemory Targets => new(_classes.AsMemory(0, Samples * rules.Classes), _values.AsMemory(0, Samples * rules.Values));

        public Step Clear()
        {
            Samples = 0;
            return this;
        }

        public void Add(SampleBatch batch, int first, int count)
        {
            batch.Inputs.Slice(first * inputLength, count * inputLength).CopyTo(_inputs.AsMemory(Samples * inputLength));
            batch.Classes.Slice(first * rules.Classes, count * rules.Classes).CopyTo(_classes.AsMemory(Samples * rules.Classes));
            batch.Values.Slice(first * rules.Values, count * rules.Values).CopyTo(_values.AsMemory(Samples * rules.Values));
            Samples += count;
        }
    }
}
