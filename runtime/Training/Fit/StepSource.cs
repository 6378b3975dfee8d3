using System;
using System.Threading;
using System.Threading.Tasks;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>The samples of a step of <c>Fit</c>.</summary>
/// <param name="Inputs">Samples. The order says which of them belong to the step.</param>
/// <param name="Targets">Their targets.</param>
/// <param name="Order">The numbers of the step's samples among these.</param>
/// <param name="First">The position, in the epoch's data, of the first of these samples.</param>
internal readonly record struct StepSamples(ReadOnlyMemory<float> Inputs, TargetMemory Targets, ReadOnlyMemory<int> Order, int First);

/// <summary>Provides the samples of each step of <c>Fit</c>, epoch by epoch.</summary>
internal abstract class StepSource : IDisposable
{
    /// <summary>Samples of an epoch; 0 if the number is known only at its end.</summary>
    public abstract int Samples { get; }

    /// <summary>Steps of an epoch; null if the number is known only at its end.</summary>
    public abstract int? StepsPerEpoch { get; }

    /// <summary>The size of the smallest batch; null if it is known only when the data are read.</summary>
    public abstract int? FewestSamples { get; }

    /// <summary>Whether the inputs of all samples are there, not only those of this process's own.</summary>
    public virtual bool HasAllInputs => true;

    /// <summary>A hash of data in memory, to compare them with those of other processes; null for data that are read meanwhile.</summary>
    public virtual ulong? Hash() => null;

    /// <summary>Sets where training begins. Called once.</summary>
    /// <param name="epoch">Number of the first epoch, counted from 1.</param>
    /// <param name="step">Steps of this epoch that are done already.</param>
    public abstract void Begin(int epoch, int step);

    /// <summary>
    /// Gives the samples of the next step, which are valid until the next call. Returns false once at the end of each epoch.
    /// </summary>
    public abstract bool TryNext(out StepSamples samples);

    /// <summary>
    /// The number of steps for some samples. The last step may have fewer samples than the others. It can be dropped then, unless it is the
    /// only one.
    /// </summary>
    public static long StepsOf(long samples, int samplesPerStep, bool dropLast)
    {
        (long whole, long rest) = Math.DivRem(samples, samplesPerStep);
        return rest > 0 && (whole == 0 || !dropLast) ? whole + 1 : whole;
    }

    /// <summary>Waits until <see cref="TryNext"/> need not wait. Cancellation ends the wait without an exception.</summary>
    public virtual void Wait(CancellationToken cancellationToken)
    {
    }

    /// <summary>
    /// Ends reading. The task ends when the data are no longer in use. Exceptions of the data are ignored from now on.
    /// <see cref="Dispose"/> does the same, and waits.
    /// </summary>
    public virtual ValueTask EndAsync() => default;

    public abstract void Dispose();
}

/// <summary>Samples in memory, shuffled in each epoch if the options ask for it.</summary>
internal sealed class MemorySource : StepSource
{
    private readonly ReadOnlyMemory<float> _inputs;
    private readonly TargetMemory _targets;
    private readonly ulong _seed;
    private readonly bool _shuffle;
    private readonly int _samplesPerStep;
    private readonly int _steps;
    private readonly int[] _order;
    private int _epoch;
    private int _step;

    /// <summary>Creates the source. The caller has checked the targets.</summary>
    public MemorySource(ReadOnlyMemory<float> inputs, TargetMemory targets, int samples, int samplesPerStep,
        long batchSize, FitOptions options)
    {
        _inputs = inputs;
        _targets = targets;
        (_seed, _shuffle) = (options.Seed, options.Shuffle);
        _order = new int[samples];
        _samplesPerStep = int.Min(samplesPerStep, samples);
        _steps = (int)StepsOf(samples, _samplesPerStep, options.DropLast);
        int last = (int)long.Min(_samplesPerStep, samples - ((_steps - 1L) * _samplesPerStep));
        FewestSamples = int.Min(FewestOf(_samplesPerStep), FewestOf(last));

        int FewestOf(int step) => (int)(step > batchSize && step % batchSize is > 0 and long rest ? rest : long.Min(step, batchSize));
    }

    public override int Samples => _order.Length;

    public override int? StepsPerEpoch => _steps;

    public override int? FewestSamples { get; }

    public override ulong? Hash()
    {
        var hash = new DataHash();
        hash.Add(_inputs.Span, _inputs.Length / int.Max(1, _order.Length), _targets.Targets);
        return hash.Value;
    }

    public override void Begin(int epoch, int step)
    {
        (_epoch, _step) = (epoch, step);
        Arrange();
    }

    public override bool TryNext(out StepSamples samples)
    {
        if (_step == _steps)
        {
            (_epoch, _step) = (_epoch + 1, 0);
            Arrange();
            samples = default;
            return false;
        }

        int first = _step++ * _samplesPerStep;
        samples = new StepSamples(_inputs, _targets, _order.AsMemory(first, int.Min(_samplesPerStep, _order.Length - first)), 0);
        return true;
    }

    public override void Dispose()
    {
    }

    // The shuffle of Fisher and Yates. The random numbers depend on the seed, the epoch and the place.
    private void Arrange()
    {
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        for (int i = _order.Length - 1; i > 0 && _shuffle; i--)
        {
            (uint low, uint high) = Threefry.Next((uint)_seed, (uint)(_seed >> 32), (uint)i, (uint)_epoch);
            int other = (int)Math.BigMul(((ulong)high << 32) | low, (ulong)i + 1, out _);
            (_order[i], _order[other]) = (_order[other], _order[i]);
        }
    }
}
