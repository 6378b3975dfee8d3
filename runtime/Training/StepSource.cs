using System;
using System.Threading;
using System.Threading.Tasks;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>The samples of a step of <c>Fit</c>.</summary>
/// <param name="Inputs">Samples, of which the order chooses.</param>
/// <param name="Targets">Their targets.</param>
/// <param name="Order">The numbers of the step's samples among these.</param>
/// <param name="First">The number in the epoch's data of the sample that is number 0 among these.</param>
internal readonly record struct StepSamples(ReadOnlyMemory<float> Inputs, TargetMemory Targets, ReadOnlyMemory<int> Order, int First);

/// <summary>Where the samples of the steps of <c>Fit</c> come from, epoch by epoch.</summary>
internal abstract class StepSource : IDisposable
{
    /// <summary>Samples of an epoch; 0 where that shows only at its end.</summary>
    public abstract int Samples { get; }

    /// <summary>Steps of an epoch; null where that shows only at its end.</summary>
    public abstract int? StepsPerEpoch { get; }

    /// <summary>The fewest samples of a batch; null where that shows only when data are read.</summary>
    public abstract int? FewestSamples { get; }

    /// <summary>Says where training begins. Called once.</summary>
    /// <param name="epoch">Number of the first epoch, counted from 1.</param>
    /// <param name="step">Steps of it that are done already.</param>
    public abstract void Begin(int epoch, int step);

    /// <summary>Gives the samples of the next step, which stay until the next call; false, once, at the end of each epoch.</summary>
    public abstract bool TryNext(out StepSamples samples);

    /// <summary>
    /// The steps that some samples make: a last one may have fewer of them, and may then be left out, unless it is the only one.
    /// </summary>
    public static long StepsOf(long samples, int samplesPerStep, bool dropLast)
    {
        (long whole, long rest) = Math.DivRem(samples, samplesPerStep);
        return rest > 0 && (whole == 0 || !dropLast) ? whole + 1 : whole;
    }

    /// <summary>Waits until <see cref="TryNext"/> would not have to, or for the cancellation, which throws nothing.</summary>
    public virtual void Wait(CancellationToken cancellationToken)
    {
    }

    /// <summary>
    /// Ends when <see cref="TryNext"/> would not have to wait, or at the cancellation, which throws nothing; at once before
    /// <see cref="Begin"/>.
    /// </summary>
    public virtual ValueTask WaitAsync(CancellationToken cancellationToken) => default;

    /// <summary>
    /// Ends reading; done when the data are no longer in use. What they throw now is not told. <see cref="Dispose"/>
    /// does the same, and waits.
    /// </summary>
    public virtual ValueTask EndAsync() => default;

    public abstract void Dispose();
}

/// <summary>Samples in memory, in another order in each epoch.</summary>
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

    /// <summary>The targets were checked.</summary>
    public MemorySource(ReadOnlyMemory<float> inputs, TargetMemory targets, int samples, int samplesPerStep,
        int batchSize, FitOptions options)
    {
        _inputs = inputs;
        _targets = targets;
        (_seed, _shuffle) = (options.Seed, options.Shuffle);
        _order = new int[samples];
        _samplesPerStep = int.Min(samplesPerStep, samples);
        _steps = (int)StepsOf(samples, _samplesPerStep, options.DropLast);
        int last = (int)long.Min(_samplesPerStep, samples - ((_steps - 1L) * _samplesPerStep));
        FewestSamples = int.Min(FewestOf(_samplesPerStep), FewestOf(last));

        int FewestOf(int step) => step > batchSize && step % batchSize is > 0 and int rest ? rest : int.Min(step, batchSize);
    }

    public override int Samples => _order.Length;

    public override int? StepsPerEpoch => _steps;

    public override int? FewestSamples { get; }

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

    // Fisher and Yates; the random numbers are a function of the seed, the epoch and the place.
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
