using System;
using System.Threading;
using Strata.CompilerServices;

namespace Strata;

/// <summary>
/// The arenas of one network. Each call borrows a set and gives it back; meanwhile it holds the network (<see cref="Lifetime.Hold"/>).
/// Usually borrowing and giving back take one atomic exchange each. The pool has as many sets as there were calls at the same time.
/// </summary>
internal sealed class InferencePool : IDisposable
{
    private readonly NetworkProgram _program;
    private readonly AlignedMemory _parameters;
    private readonly int _inputLength;
    private readonly int _outputLength;
    private readonly int _threads;
    private readonly InferenceLease?[] _others = new InferenceLease?[Math.Max(16, 2 * Environment.ProcessorCount)];
    private InferenceLease? _first;

    public InferencePool(
        NetworkProgram program, AlignedMemory parameters, int inputLength, int outputLength, int threads, long costOfSample)
    {
        _program = program;
        _parameters = parameters;
        _inputLength = inputLength;
        _outputLength = outputLength;
        _threads = threads;
        CostOfSample = costOfSample;
    }

    /// <summary>Multiply-adds of one sample, which decide what is shared among threads.</summary>
    public long CostOfSample { get; }

    /// <summary>Takes a set of arenas; it must be given back by <see cref="Return"/>.</summary>
    public InferenceLease Rent() => Interlocked.Exchange(ref _first, null) ?? RentOther();

    public void Return(InferenceLease lease)
    {
        if (Interlocked.CompareExchange(ref _first, lease, null) is not null)
        {
            ReturnOther(lease);
        }
    }

    /// <summary>Frees the arenas. All must have been given back.</summary>
    public void Dispose()
    {
        _first?.Dispose();
        foreach (InferenceLease? lease in _others)
        {
            lease?.Dispose();
        }
    }

    private InferenceLease RentOther()
    {
        for (int i = 0; i < _others.Length; i++)
        {
            if (Volatile.Read(ref _others[i]) is not null && Interlocked.Exchange(ref _others[i], null) is { } lease)
            {
                return lease;
            }
        }

        return new InferenceLease(_program, _parameters, _inputLength, _outputLength, _threads, CostOfSample);
    }

    private void ReturnOther(InferenceLease lease)
    {
        for (int i = 0; i < _others.Length; i++)
        {
            if (Volatile.Read(ref _others[i]) is null && Interlocked.CompareExchange(ref _others[i], lease, null) is null)
            {
                return;
            }
        }

        lease.Dispose();
    }
}
