using System;
using System.Threading;
using Strata.CompilerServices;

namespace Strata;

/// <summary>
/// One sample on several threads. All of them walk the same steps: of each, whoever is free takes the next chunk of items, and the one that
/// ends the last chunk opens the next step. Nobody waits for a thread that has not come: a helper that wakes up late finds what is left.
/// </summary>
/// <remarks>Which thread takes which items changes no bit: every output is computed whole in one item.</remarks>
internal sealed unsafe class SampleJob(NetworkProgram program) : ParallelJob
{
    /// <summary>Chunks of a step for each thread, so that one that was held up leaves the rest to the others.</summary>
    private const int ChunksPerThread = 4;

    /// <summary>Looks at the position before a thread gives way to others.</summary>
    private const int SpinsBeforeYield = 200;

    private float* _input, _output, _parameters, _arena;
    private AlignedMemory[] _scratch = [];
    private int _threads;

    /// <summary>Step in the upper half, the next of its chunks in the lower one.</summary>
    private long _position;

    /// <summary>Chunks of the step that have not ended.</summary>
    private int _unfinished;

    /// <summary>Whether the program has steps that several threads may share.</summary>
    public bool HasSteps { get; } = !program.SampleSteps.IsEmpty;

    private int StepCount => program.SampleSteps.Length / 2;

    /// <summary>Computes a sample on up to <paramref name="threads"/> threads, the caller's included.</summary>
    /// <param name="input">The sample.</param>
    /// <param name="output">Receives its output.</param>
    /// <param name="parameters">The packed parameters.</param>
    /// <param name="arena">The sample's memory, which the threads share.</param>
    /// <param name="scratch">A piece for each of the threads.</param>
    /// <param name="threads">1 or more.</param>
    public void Infer(float* input, float* output, float* parameters, float* arena, AlignedMemory[] scratch, int threads)
    {
        _input = input;
        _output = output;
        _parameters = parameters;
        _arena = arena;
        _scratch = scratch;
        _threads = threads;
        Open(0, participant: 0);
        RunAll(threads, threads);
    }

    /// <summary>Takes part until all steps have ended. A participant who comes later finds nothing to do.</summary>
    protected override void Run(int item, int participant)
    {
        try
        {
            Walk(participant);
        }
        catch
        {
            // Nobody is to wait for a step that does not end.
            Volatile.Write(ref _position, (long)StepCount << 32);
            throw;
        }
    }

    private void Walk(int participant)
    {
        int stepCount = StepCount, spins = 0;
        while (true)
        {
            long position = Volatile.Read(ref _position);
            (int step, int chunk) = ((int)(position >> 32), (int)position);
            if (step >= stepCount)
            {
                return;
            }

            (int items, int size) = Cut(step);
            if (chunk * size >= items)
            {
                Wait(ref spins);
            }
            else if (Interlocked.CompareExchange(ref _position, position + 1, position) == position)
            {
                RunItems(step, chunk * size, int.Min((chunk + 1) * size, items), participant);
                spins = 0;
                if (Interlocked.Decrement(ref _unfinished) == 0)
                {
                    Open(step + 1, participant);
                }
            }
        }
    }

    /// <summary>Goes through steps that stay whole, and opens the next one that does not. No other thread can take anything meanwhile.</summary>
    private void Open(int step, int participant)
    {
        int stepCount = StepCount;
        for (; step < stepCount; step++)
        {
            (int items, int size) = Cut(step);
            if (size < items)
            {
                _unfinished = (items + size - 1) / size;
                break;
            }

            RunItems(step, 0, items, participant);
        }

        Volatile.Write(ref _position, (long)step << 32);
    }

    /// <summary>The items of a step, and how many of them a thread takes at a time.</summary>
    private (int Items, int Size) Cut(int step)
    {
        ReadOnlySpan<int> steps = program.SampleSteps;
        (int items, int fewest) = (steps[2 * step], steps[(2 * step) + 1]);
        int chunks = _threads * ChunksPerThread;
        return (items, int.Max(fewest, (items + chunks - 1) / chunks));
    }

    private void RunItems(int step, int first, int end, int participant) =>
        program.InferSampleStep(step, first, end, in *_input, ref *_output, in *_parameters, ref *_arena, ref *_scratch[participant].Pointer);

    private static void Wait(ref int spins)
    {
        if (++spins < SpinsBeforeYield)
        {
            Thread.SpinWait(4);
        }
        else
        {
            Thread.Yield();
        }
    }
}
