using System;
using System.Threading;
using Strata.CompilerServices;

namespace Strata;

/// <summary>
/// One or several samples on several threads. All of them walk the same stages: of each, whoever is free takes the next piece, and the one that
/// ends the last piece opens the next stage. Nobody waits for a thread that has not come: a helper that wakes up late finds what is left.
/// </summary>
/// <remarks>
/// <para>
/// A stage is a step whose weights outweigh the samples' tensors, cut into chunks of items that a thread does for all samples, so that weights are
/// read once; or all steps up to the next such one, which a thread does for a sample, so that its tensors stay in the cache. Where the samples do
/// not divide among the threads, these steps are cut as those of a single sample are.
/// </para>
/// <para>Who does what changes no bit: every output is computed whole in one item.</para>
/// </remarks>
internal sealed unsafe class SampleJob(NetworkProgram program, int inputLength, int outputLength) : ParallelJob
{
    /// <summary>Pieces of a stage for each thread, so that one that was held up leaves the rest to the others.</summary>
    private const int PiecesPerThread = 4;

    /// <summary>The same, where each piece has to make something ready.</summary>
    private const int PartsPerThread = 2;

    /// <summary>One of so many runs' time may be lost, where they do not divide evenly.</summary>
    private const int MostIdle = 8;

    /// <summary>Looks at the position before a thread gives way to others.</summary>
    private const int SpinsBeforeYield = 200;

    private float* _inputs, _outputs, _parameters, _arenas;
    private int _samples, _arenaStride, _threads;
    private AlignedMemory[] _scratch = [];

    /// <summary>First step of the stage in the upper half, its next piece in the lower one.</summary>
    private long _position;

    /// <summary>Pieces of the stage that have not ended.</summary>
    private int _unfinished;

    /// <summary>Whether the program has steps that several threads may share.</summary>
    public bool HasSteps { get; } = !program.SampleSteps.IsEmpty;

    private int StepCount => program.SampleSteps.Length / 2;

    /// <summary>Computes samples on up to <paramref name="threads"/> threads, the caller's included.</summary>
    /// <param name="inputs">The samples, one after the other.</param>
    /// <param name="outputs">Receives their outputs, one after the other.</param>
    /// <param name="samples">1 or more.</param>
    /// <param name="parameters">The packed parameters.</param>
    /// <param name="arenas">Memory for each sample, which the threads share.</param>
    /// <param name="arenaStride">Floats from one sample's arena to the next one's.</param>
    /// <param name="scratch">A piece for each of the threads.</param>
    /// <param name="threads">1 or more.</param>
    public void Infer(
        float* inputs, float* outputs, int samples, float* parameters, float* arenas, int arenaStride, AlignedMemory[] scratch, int threads)
    {
        _inputs = inputs;
        _outputs = outputs;
        _samples = samples;
        _parameters = parameters;
        _arenas = arenas;
        _arenaStride = arenaStride;
        _scratch = scratch;
        _threads = threads;
        Open(0, participant: 0);
        RunAll(threads, threads);
    }

    /// <summary>Takes part until all stages have ended. A participant who comes later finds nothing to do.</summary>
    protected override void Run(int item, int participant)
    {
        try
        {
            Walk(participant);
        }
        catch
        {
            // Nobody is to wait for a stage that does not end.
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
            (int step, int piece) = ((int)(position >> 32), (int)position);
            if (step >= stepCount)
            {
                return;
            }

            Stage stage = StageFrom(step);
            if (piece >= stage.Pieces)
            {
                Wait(ref spins);
            }
            else if (Interlocked.CompareExchange(ref _position, position + 1, position) == position)
            {
                RunPiece(step, stage, piece, participant);
                spins = 0;
                if (Interlocked.Decrement(ref _unfinished) == 0)
                {
                    Open(stage.End, participant);
                }
            }
        }
    }

    /// <summary>Goes through stages that stay whole, and opens the next one that does not. No other thread can take anything meanwhile.</summary>
    private void Open(int step, int participant)
    {
        int stepCount = StepCount;
        while (step < stepCount)
        {
            Stage stage = StageFrom(step);
            if (_threads > 1 && stage.Pieces > 1)
            {
                _unfinished = stage.Pieces;
                break;
            }

            for (int piece = 0; piece < stage.Pieces; piece++)
            {
                RunPiece(step, stage, piece, participant);
            }

            step = stage.End;
        }

        Volatile.Write(ref _position, (long)step << 32);
    }

    /// <summary>The stage that begins with a step: the same, whoever asks.</summary>
    private Stage StageFrom(int step)
    {
        ReadOnlySpan<int> steps = program.SampleSteps, together = program.BatchItems;
        (int items, int fewest) = (steps[2 * step], steps[(2 * step) + 1]);
        int pieces = _threads * PiecesPerThread;
        if (_samples > 1 && IsTogether(together, step))
        {
            int size = int.Min(together[step], int.Max(Quotient(fewest, _samples), Quotient(items, pieces)));
            return new Stage(step + 1, Quotient(items, size), size, IsTogether: true);
        }

        if (_samples > 1 && (_samples % _threads == 0 || _samples >= pieces))
        {
            int end = step + 1;
            while (end < steps.Length / 2 && !IsTogether(together, end))
            {
                end++;
            }

            return new Stage(end, _samples, Size: 0);
        }

        int chunk = int.Min(items, int.Max(fewest, Quotient((long)items * _samples, pieces)));
        int run = program.SampleRuns.IsEmpty ? 1 : program.SampleRuns[step];
        if (run > 1)
        {
            chunk = ChunkOfRuns(chunk, items, run);
        }

        return new Stage(step + 1, _samples * Quotient(items, chunk), chunk);

        static bool IsTogether(ReadOnlySpan<int> together, int step) => step < together.Length && together[step] > 0;
    }

    /// <summary>Whole runs, where they divide among the threads; or few parts of them, each of which makes the same ready once more.</summary>
    private int ChunkOfRuns(int chunk, int items, int run)
    {
        long all = (long)items * _samples;
        int runs = Quotient(all, run), rounds = Quotient(runs, _threads);
        return rounds * _threads <= runs + (runs / MostIdle) ? Quotient(chunk, run) * run : int.Max(chunk, Quotient(all, _threads * PartsPerThread));
    }

    private void RunPiece(int step, Stage stage, int piece, int participant)
    {
        ReadOnlySpan<int> steps = program.SampleSteps;
        int items = steps[2 * step];
        if (stage.IsTogether)
        {
            (int first, int end) = (piece * stage.Size, int.Min((piece + 1) * stage.Size, items));
            if (_samples >= program.LeastBatch && program.InferBatchStep(step, first, end, _samples, _arenaStride, in *_parameters, ref *_arenas))
            {
                return;
            }

            for (int sample = 0; sample < _samples; sample++)
            {
                RunItems(step, first, end, sample, participant);
            }
        }
        else if (stage.Size == 0)
        {
            for (; step < stage.End; step++)
            {
                RunItems(step, 0, steps[2 * step], sample: piece, participant);
            }
        }
        else
        {
            (int sample, int chunk) = int.DivRem(piece, stage.Pieces / _samples);
            RunItems(step, chunk * stage.Size, int.Min((chunk + 1) * stage.Size, items), sample, participant);
        }
    }

    private void RunItems(int step, int first, int end, int sample, int participant) => program.InferSampleStep(
        step, first, end, in _inputs[(nint)sample * inputLength], ref _outputs[(nint)sample * outputLength], in *_parameters,
        ref _arenas[(nint)sample * _arenaStride], ref *_scratch[participant].Pointer);

    private static int Quotient(long dividend, int divisor) => (int)((dividend + divisor - 1) / divisor);

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

    /// <summary>What is done between two meetings of the threads.</summary>
    /// <param name="End">The step behind it.</param>
    /// <param name="Pieces">Into how many pieces it is cut.</param>
    /// <param name="Size">Items of its one step in a piece; 0 where a piece is all steps of a sample.</param>
    /// <param name="IsTogether">Whether a piece does its items for all samples.</param>
    private readonly record struct Stage(int End, int Pieces, int Size, bool IsTogether = false);
}
