using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Strata.Training;

/// <summary>The trainers of a network at all sizes. They are kept as long as the network keeps these sizes.</summary>
/// <param name="first">The trainer that was created; its sizes end with it.</param>
internal sealed class TrainerSizes(Trainer first)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CompiledNetwork, Trainer> _trainers = [];
    private readonly int[] _own = new InputSize(first.Network.Info).Extents;

    /// <summary>The trainer that was created.</summary>
    public Trainer First => first;

    /// <summary>The trainer at a size, which is created when it first comes.</summary>
    public Trainer At(ReadOnlySpan<int> extents)
    {
        if (extents.SequenceEqual(_own))
        {
            return first;
        }

        first.Calls.ThrowIfEnded();
        CompiledNetwork network = first.Network.At(extents);
        lock (_lock)
        {
            if (!_trainers.TryGetValue(network, out Trainer? trainer))
            {
                trainer = Trainer.Create(network, first.BatchSize, first.Optimizer, first);
                first.Ranks.Admit(trainer);
                DropOthers();
                _trainers.Add(network, trainer);
            }

            return trainer;
        }
    }

    /// <summary>Checks that a trainer may join other processes: its sizes join them as they come.</summary>
    /// <exception cref="InvalidOperationException">It has sizes already, or is one.</exception>
    public void CheckNone(Trainer trainer)
    {
        if (trainer != first || _trainers.Count > 0)
        {
            throw new InvalidOperationException(
                $"The trainer of {first.Network.Info.Name} has several sizes already. Call {nameof(Trainer.Distribute)} of the trainer "
                + $"that was created, before the first call of {nameof(Trainer.At)}: the sizes then join the other processes, too.");
        }
    }

    /// <summary>The trainers at other sizes than that of the first one.</summary>
    public IEnumerable<Trainer> Others => _trainers.Values;

    /// <summary>Drops the trainers of sizes that the network has dropped. They go on for whoever has them.</summary>
    private void DropOthers()
    {
        foreach (CompiledNetwork network in _trainers.Keys.Where(one => !first.Network.AllSizes!.Keeps(one)).ToArray())
        {
            _trainers.Remove(network);
        }
    }
}
