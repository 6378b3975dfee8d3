using System;
using Strata.CompilerServices;

namespace Strata;

/// <summary>Computes on several threads what only inference reads of parameters in another form.</summary>
internal sealed unsafe class InferencePreparation(NetworkProgram program, AlignedMemory parameters) : ParallelJob
{
    /// <summary>Chunks of each step for a thread, so that one that was held up leaves the rest to the others.</summary>
    private const int ChunksPerThread = 2;

    private int _chunks;

    /// <summary>Does all steps on up to <paramref name="threads"/> threads, the caller's included.</summary>
    public void Run(int threads)
    {
        _chunks = threads == 1 ? 1 : threads * ChunksPerThread;
        RunAll(_chunks * program.PreparationItems.Length, threads);
    }

    protected override void Run(int item, int participant)
    {
        (int step, int chunk) = Math.DivRem(item, _chunks);
        int items = program.PreparationItems[step], first = (int)((long)items * chunk / _chunks),
            end = (int)((long)items * (chunk + 1) / _chunks);
        if (first < end)
        {
            program.PrepareInferenceStep(step, first, end, ref *parameters.Pointer);
        }
    }
}
