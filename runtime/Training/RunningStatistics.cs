using System;
using System.Linq;

namespace Strata.Training;

/// <summary>
/// The running statistics that passes of training move (batch normalisation's), as they were before the step: a step that fails gives
/// them back.
/// </summary>
internal sealed class RunningStatistics
{
    private readonly CompiledNetwork _network;
    private readonly Parameter[] _moving;
    private Snapshot _before;
    private Snapshot _other;

    public RunningStatistics(CompiledNetwork network)
    {
        _network = network;
        _moving = [.. network.Parameters.Where(p => p.IsMovedByPasses)];
        int length = _moving.Sum(p => p.Length);
        (_before, _other) = (new Snapshot(length), new Snapshot(length));
        Keep();
    }

    /// <summary>Whether the statistics were replaced since they were kept: what was kept is of no use any more.</summary>
    public bool WereReplaced => _before.Version != _network.StatisticsVersion;

    /// <summary>A step begins: what <see cref="Restore"/> goes back to. What was kept before is put aside.</summary>
    public void Keep()
    {
        Swap();
        int start = 0;
        foreach (Parameter parameter in _moving)
        {
            parameter.Gather(_network.Memory, 0, _before.Values.AsSpan(start, parameter.Length));
            start += parameter.Length;
        }

        _before.Version = _network.StatisticsVersion;
    }

    /// <summary>Exchanges what was kept last and what was put aside.</summary>
    public void Swap() => (_before, _other) = (_other, _before);

    /// <summary>The statistics are those before the step; where they were replaced since, they stay.</summary>
    public void Restore()
    {
        if (WereReplaced)
        {
            return;
        }

        int start = 0;
        foreach (Parameter parameter in _moving)
        {
            parameter.Scatter(_before.Values.AsSpan(start, parameter.Length), 0, _network.Memory);
            start += parameter.Length;
        }

        if (_moving.Length > 0)
        {
            _network.StatisticsMoved();
        }
    }

    /// <summary>The first one that is not finite, and its value and place; null where all are.</summary>
    public (Parameter Parameter, string Found)? FindNonFinite()
    {
        foreach (Parameter parameter in _moving)
        {
            if (NonFiniteSearch.Find(parameter, _network.Memory) is { } found)
            {
                return (parameter, found);
            }
        }

        return null;
    }

    private sealed class Snapshot(int length)
    {
        public float[] Values { get; } = new float[length];

        /// <summary>The network's <see cref="CompiledNetwork.StatisticsVersion"/> then.</summary>
        public long Version { get; set; }
    }
}
