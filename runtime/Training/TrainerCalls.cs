using System;
using System.Threading;

namespace Strata.Training;

/// <summary>Which calls of a trainer may run at the same time: one, and no second <c>Fit</c> until the first has ended.</summary>
/// <param name="trainer">The trainer, for messages.</param>
/// <param name="network">Its network.</param>
/// <param name="free">Frees the trainer's memory.</param>
internal sealed class TrainerCalls(Trainer trainer, CompiledNetwork network, Action free)
{
    private readonly Lifetime _lifetime = new(trainer, free);

    // Running calls of Fit: 0 or 1.
    private int _fits;

    /// <summary>
    /// Begins a call. Until it ends, the memory of trainer and network is not freed, and calls of other threads are refused.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The trainer or its network was disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the trainer or the network.</exception>
    public Holds Enter() => new(_lifetime, network, changes: true);

    /// <summary>Begins a call that does not change the network. Other threads may read the network in the meantime.</summary>
    /// <exception cref="ObjectDisposedException">The trainer or its network was disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the trainer, or changes the network.</exception>
    public Holds EnterToRead() => new(_lifetime, network, changes: false);

    /// <summary>Refuses further calls, and frees the memory when a call that is running has ended. May be called more than once.</summary>
    public void End() => _lifetime.End();

    /// <exception cref="InvalidOperationException">A <c>Fit</c> of this trainer is running.</exception>
    public void CheckNoFit()
    {
        if (Volatile.Read(ref _fits) > 0)
        {
            throw SecondFit();
        }
    }

    /// <summary>Marks that a <c>Fit</c> is running.</summary>
    /// <exception cref="InvalidOperationException">Another <c>Fit</c> of this trainer is running.</exception>
    public void BeginFit()
    {
        if (Interlocked.CompareExchange(ref _fits, 1, 0) > 0)
        {
            throw SecondFit();
        }
    }

    public void EndFit() => Volatile.Write(ref _fits, 0);

    private InvalidOperationException SecondFit() =>
        new($"A Fit of this trainer of {network.Info.Name} is at work; wait for its end, or leave its loop, before the next one begins.");

    /// <summary>A call's holds of the trainer and of its network.</summary>
    public readonly ref struct Holds
    {
        private readonly Lifetime.Hold _trainer;
        private readonly Lifetime.Hold _network;

        public Holds(Lifetime trainer, CompiledNetwork network, bool changes)
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
        }

        /// <summary>Ends the call.</summary>
        public void Dispose()
        {
            _network.Dispose();
            _trainer.Dispose();
        }
    }
}
