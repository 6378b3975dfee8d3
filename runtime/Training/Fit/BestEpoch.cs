using System;

namespace Strata.Training;

/// <summary>Finds the best epoch of a call of <c>Fit</c>, and keeps its parameters if the options ask for it.</summary>
/// <param name="network">The network that is trained.</param>
/// <param name="metric">The metric by which epochs are compared.</param>
/// <param name="options">The rule for when an epoch is better, and whether its parameters are kept.</param>
internal sealed class BestEpoch(CompiledNetwork network, FitMetric metric, FitOptions options) : IDisposable
{
    /// <summary>The metric by which epochs are compared.</summary>
    public FitMetric Metric => metric;

    /// <summary>Whether larger values are better.</summary>
    public bool Maximizes => metric == FitMetric.ValidationAccuracy;

    /// <summary>The parameters of the best epoch, in the network's layout; null if they are not kept.</summary>
    public AlignedMemory? Parameters { get; private set; }

    /// <summary>Takes over the parameters of a checkpoint, and owns them from now on.</summary>
    public void GoOn(AlignedMemory? parameters) => Parameters = parameters;

    /// <summary>Compares the epoch that has just ended with the best one.</summary>
    /// <returns>The epoch's metric.</returns>
    public double Look(FitProgress epoch, FitState state)
    {
        double value = metric switch
        {
            FitMetric.Loss => epoch.Loss,
            FitMetric.ValidationLoss => epoch.ValidationLoss!.Value,
            _ => epoch.ValidationAccuracy!.Value,
        };
        double gain = Maximizes ? value - state.Best : state.Best - value;
        if (state.BestEpoch == 0 ? !double.IsNaN(value) : gain > (options.EarlyStopping?.MinDelta ?? 0))
        {
            (state.Best, state.BestEpoch) = (value, epoch.Epoch);
            if (options.RestoreBest)
            {
                using Lifetime.Hold hold = network.Enter();
                Parameters ??= new AlignedMemory(network.Memory.Length);
                Parameters.CopyFrom(network.Memory);
            }
        }

        return value;
    }

    /// <summary>Whether there were too many epochs without an improvement.</summary>
    public bool IsPatienceExhausted(FitState state) =>
        options.EarlyStopping is { } rule && state.Epochs.Count - state.BestEpoch >= rule.Patience;

    /// <summary>Gives the network the best epoch's parameters, if they are kept and the last epoch is not the best.</summary>
    /// <returns>Whether the network's parameters were replaced.</returns>
    public bool Restore(FitState state)
    {
        if (Parameters is null || state.BestEpoch == state.Epochs.Count)
        {
            return false;
        }

        using Lifetime.Hold hold = network.EnterAlone();
        network.Memory.CopyFrom(Parameters);
        network.TakeOver();
        return true;
    }

    public void Dispose() => Parameters?.Dispose();
}
