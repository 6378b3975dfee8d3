using System;
using System.Threading;

namespace Strata.Training;

/// <summary>Which calls of a trainer may run at the same time: one, and no second <c>Fit</c> until the first has ended.</summary>
/// <param name="trainer">The trainer, for messages.</param>
/// <param name="network">Its network.</param>
/// <param name="steps">Its steps, which may have to catch up with those of other sizes.</param>
/// <param name="free">Frees the trainer's memory.</param>
/// <param name="first">
/// The calls of the trainer from which this one came (<see cref="Trainer.At"/>): those of all its sizes count together.
/// </param>
internal sealed class TrainerCalls(
    Trainer trainer, CompiledNetwork network, TrainerSteps steps, Action free, TrainerCalls? first = null)
{
    private readonly Lifetime _lifetime = new(trainer, free, first?._lifetime);

    // Running calls of Fit: 0 or 1.
    private int _fits;

    private ref int Fits => ref first is null ? ref _fits : ref first._fits;

    /// <summary>
    /// Begins a call. Until it ends, the memory of trainer and network is not freed, and calls of other threads are refused.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The trainer or its network was disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the trainer or the network.</exception>
    public Holds Enter() => new(_lifetime, network, steps, changes: true);

    /// <summary>Begins a call that does not change the network. Other threads may read the network in the meantime.</summary>
    /// <exception cref="ObjectDisposedException">The trainer or its network was disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the trainer, or changes the network.</exception>
    public Holds EnterToRead() => new(_lifetime, network, steps, changes: false);

    /// <summary>Throws if the trainer was disposed of.</summary>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    public void ThrowIfEnded() => _lifetime.ThrowIfEnded();

    /// <summary>Refuses further calls, and frees the memory when a call that is running has ended. May be called more than once.</summary>
    public void End() => _lifetime.End();

    /// <exception cref="InvalidOperationException">A <c>Fit</c> of this trainer is running.</exception>
    public void CheckNoFit()
    {
        if (Volatile.Read(ref Fits) > 0)
        {
            throw SecondFit();
        }
    }

    /// <summary>Marks that a <c>Fit</c> is running.</summary>
    /// <exception cref="InvalidOperationException">Another <c>Fit</c> of this trainer is running.</exception>
    public void BeginFit()
    {
        if (Interlocked.CompareExchange(ref Fits, 1, 0) > 0)
        {
            throw SecondFit();
        }
    }

    public void EndFit() => Volatile.Write(ref Fits, 0);

    private InvalidOperationException SecondFit() =>
        new($"A Fit of this trainer of {network.Info.Name} is at work; wait for its end, or leave its loop, before the next one begins.");

    /// <summary>A call's holds of the trainer and of its network.</summary>
    public readonly ref struct Holds
    {
        private readonly Lifetime.Hold _trainer;
        private readonly Lifetime.Hold _network;

        public Holds(Lifetime trainer, CompiledNetwork network, TrainerSteps steps, bool changes)
        {
            _trainer = trainer.EnterAlone();
            try
            {
                _network = changes ? network.EnterAlone() : network.Enter();
            }
            catch
            {
                _trainer.Dispose();
                throw;
            }

            steps.CatchUp();
        }

        /// <summary>Ends the call.</summary>
        public void Dispose()
        {
            _network.Dispose();
            _trainer.Dispose();
        }
    }
}
