using System;
using System.Linq;

namespace Strata.Training;

/// <summary>Keeps a copy of batch normalisation's running statistics from before a step. If the step fails, it restores them.</summary>
internal sealed class RunningStatistics
{
    private readonly CompiledNetwork _network;
    private readonly Parameter[] _moving;

    // Memory for the longest parameter.
    private readonly float[] _scratch;
    private Snapshot _before;
    private Snapshot _other;

    public RunningStatistics(CompiledNetwork network)
    {
        _network = network;
        _moving = [.. network.Parameters.Where(p => p.IsMovedByPasses)];
        int length = _moving.Sum(p => p.Length);
        _scratch = new float[length > 0 ? _moving.Max(p => p.Length) : 0];
        (_before, _other) = (new Snapshot(length), new Snapshot(length));
        Keep();
    }

    /// <summary>Whether the statistics were replaced since they were kept. The kept ones are of no use then.</summary>
    public bool WereReplaced => _before.Version != _network.StatisticsVersion;

    /// <summary>
    /// Keeps the statistics at the beginning of a step, for <see cref="Restore"/>. The copy before is put aside for <see cref="Swap"/>.
    /// </summary>
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

    /// <summary>Exchanges the last copy with the one that was put aside.</summary>
    public void Swap() => (_before, _other) = (_other, _before);

    /// <summary>Restores the statistics from before the step, unless they were replaced in the meantime.</summary>
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

    /// <summary>The number of statistics.</summary>
    public int Length => _other.Values.Length;

    /// <summary>Writes all statistics, each times a weight.</summary>
    public void Write(Span<double> numbers, double weight)
    {
        int start = 0;
        foreach (Parameter parameter in _moving)
        {
            Span<float> values = _scratch.AsSpan(0, parameter.Length);
            parameter.Gather(_network.Memory, 0, values);
            foreach (float value in values)
            {
                numbers[start++] = weight * value;
            }
        }
    }

    /// <summary>Replaces all statistics.</summary>
    public void Read(ReadOnlySpan<double> numbers)
    {
        int start = 0;
        foreach (Parameter parameter in _moving)
        {
            Span<float> values = _scratch.AsSpan(0, parameter.Length);
            foreach (ref float value in values)
            {
                value = (float)numbers[start++];
            }

            parameter.Scatter(values, 0, _network.Memory);
        }

        _network.StatisticsMoved();
    }

    /// <summary>The first statistic that is not finite, with its value and place; null if all are finite.</summary>
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

        /// <summary>The network's <see cref="CompiledNetwork.StatisticsVersion"/> when the copy was made.</summary>
        public long Version { get; set; }
    }
}
