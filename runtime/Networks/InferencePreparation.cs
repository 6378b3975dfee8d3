using System;
using Strata.CompilerServices;

namespace Strata;

/// <summary>Computes the forms of parameters that only inference reads, such as transformed filters, on several threads.</summary>
internal sealed unsafe class InferencePreparation(NetworkProgram program, AlignedMemory parameters) : ParallelJob
{
    /// <summary>Chunks of each step per thread: more than one, so that the others can take over from a thread that is held up.</summary>
    private const int ChunksPerThread = 2;

    private int _chunks;

    /// <summary>Does all steps on up to <paramref name="threads"/> threads, the caller's included.</summary>
    public void Run(int threads)
    {
        _chunks = threads == 1 ? 1 : threads * ChunksPerThread;
        RunAll(_chunks * program.PreparationItems.Length, threads);
    }

    protected override void Run(int piece, int participant)
    {
        (int step, int chunk) = Math.DivRem(piece, _chunks);
        int items = program.PreparationItems[step], first = (int)((long)items * chunk / _chunks),
            end = (int)((long)items * (chunk + 1) / _chunks);
        if (first < end)
        {
            float* memory = parameters.Pointer;
            using Denormals.Scope flush = Denormals.Flush();
            program.PrepareInferenceStep(step, first, end, ref *memory);
        }
    }
}
