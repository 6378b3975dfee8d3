using System;

namespace Strata.CompilerServices;

/// <summary>
/// Sums numbers over all processes that share a batch, so that batch norm's statistics are those of the whole batch. One thread at a time
/// uses it, and all processes use it in the same steps.
/// </summary>
internal abstract class RankSums
{
    private double[] _numbers = [];

    /// <summary>Memory for some numbers, whose content is unspecified.</summary>
    public Span<double> Take(int count)
    {
        if (_numbers.Length < count)
        {
            _numbers = new double[count];
        }

        return _numbers.AsSpan(0, count);
    }

    /// <summary>Replaces the first numbers of <see cref="Take"/>'s memory by their sums over all processes.</summary>
    public void Sum(int count)
    {
        // Kernels call it, with denormal numbers as 0. What exchanges the numbers is code of others.
        using Denormals.Scope keep = Denormals.Keep();
        Sum(_numbers.AsMemory(0, count));
    }

    /// <summary>Replaces the numbers by their sums over all processes, which receive the same bits.</summary>
    protected abstract void Sum(Memory<double> numbers);
}
