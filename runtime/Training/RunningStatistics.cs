using System;
using System.Linq;

namespace Strata.CompilerServices;

/// <summary>
/// The running statistics that passes of training move (batch normalisation's), as they were before the step: a step that fails gives
/// them back.
/// </summary>
internal sealed class RunningStatistics
{
    private readonly CompiledNetwork _network;
    private readonly Parameter[] _moving;
    private readonly float[] _before;

    public RunningStatistics(CompiledNetwork network)
    {
        _network = network;
        _moving = [.. network.Parameters.Where(p => p.IsMovedByPasses)];
        _before = new float[_moving.Sum(p => p.Length)];
        Keep();
    }

    /// <summary>A step begins: what <see cref="Restore"/> goes back to.</summary>
    public void Keep()
    {
        int start = 0;
        foreach (Parameter parameter in _moving)
        {
            parameter.Gather(_network.Memory, 0, _before.AsSpan(start, parameter.Length));
            start += parameter.Length;
        }
    }

    /// <summary>The statistics are those before the step.</summary>
    public void Restore()
    {
        int start = 0;
        foreach (Parameter parameter in _moving)
        {
            parameter.Scatter(_before.AsSpan(start, parameter.Length), 0, _network.Memory);
            start += parameter.Length;
        }

        if (_moving.Length > 0)
        {
            _network.Derive();
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
}
