using System;

namespace Strata;

/// <content>The calls that use a network's memory, and the changes of its parameters.</content>
public abstract partial class CompiledNetwork
{
    /// <summary>Which of the changes of the parameters, by any size, this network has seen.</summary>
    private int _seen;

    /// <summary>The calls of this network, and of its other sizes.</summary>
    internal Lifetime Lifetime => _lifetime;

    /// <summary>
    /// Begins a call that uses the network's native memory. The memory is not freed before the hold is disposed of. Every public member
    /// that uses this memory calls it first.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another thread changes the parameters.</exception>
    internal Lifetime.Hold Enter()
    {
        Lifetime.Hold hold = _lifetime.Enter();
        AllSizes?.Parameters.CatchUp(this, ref _seen);
        return hold;
    }

    /// <summary>As <see cref="Enter"/>, for a call that changes parameters.</summary>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses the network.</exception>
    internal Lifetime.Hold EnterAlone()
    {
        Lifetime.Hold hold = _lifetime.EnterAlone();
        AllSizes?.Parameters.CatchUp(this, ref _seen);
        return hold;
    }

    /// <summary>Notes that parameters have changed. What is derived from them is computed again when it is next read.</summary>
    internal void ParametersChanged()
    {
        ParametersVersion++;
        StatisticsMoved();
    }

    /// <summary>As <see cref="ParametersChanged"/>, if a training pass has changed only running statistics.</summary>
    internal void StatisticsMoved()
    {
        _derived.Expire();
        AllSizes?.Parameters.Changed(this, ref _seen);
    }

    /// <summary>How often parameters were changed. Changes of running statistics by training passes don't count.</summary>
    internal long ParametersVersion { get; private set; }

    /// <summary>How often running statistics were replaced. Changes by training passes don't count.</summary>
    internal long StatisticsVersion { get; private set; }

    /// <summary>As <see cref="ParametersChanged"/>, if all parameters and running statistics were replaced, but not by training.</summary>
    internal void TakeOver()
    {
        StatisticsVersion++;
        ParametersChanged();
    }

    /// <summary>Takes over the parameters of another size, which have changed.</summary>
    internal void TakeOverFrom(CompiledNetwork newest)
    {
        if (newest._memory != _memory)
        {
            _parameters.CopyFromSize(newest._parameters);
        }

        _seed = newest._seed;
        StatisticsVersion++;
        ParametersVersion++;
        _derived.Expire();
    }

    /// <summary>
    /// Computes what inference and training derive from parameters, if these have changed. The caller holds a <see cref="Lifetime.Hold"/>.
    /// </summary>
    internal void Derive() => _derived.Derive();

    /// <summary>Throws if the weights have 16 bits: rounding them would lose the small steps of training.</summary>
    /// <exception cref="InvalidOperationException">The weights of dense layers are bfloat16.</exception>
    internal void CheckWeightsAreFloats()
    {
        if (WeightStorage != WeightStorage.Float32)
        {
            throw new InvalidOperationException(
                $"{Info.Name} keeps its weights as {WeightStorage}, too coarse for the steps of training. Train an instance with "
                + $"WeightStorage.{nameof(WeightStorage.Float32)}, "
                + $"and take its parameters over with {nameof(CopyParametersFrom)}.");
        }
    }

    /// <summary>Frees the memory. No call uses it.</summary>
    internal void Free()
    {
        // Null if the constructor has failed.
        _pool?.Dispose();
        _observer?.Dispose();
        _derivedValues?.Dispose();
        if (AllSizes?.First is not { } first || first == this || first._memory != _memory)
        {
            _memory.Dispose();
        }

        AllSizes?.Free(this);
    }
}
