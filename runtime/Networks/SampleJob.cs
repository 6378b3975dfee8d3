using System;
using System.Runtime.InteropServices;
using System.Threading;
using Strata.CompilerServices;

namespace Strata;

/// <summary>
/// One or several samples on several threads. All of them walk the same stages: of each, whoever is free takes the next piece, and the one that
/// ends the last piece opens the next stage. Nobody waits for a thread that has not come: a helper that wakes up late finds what is left. Half of the
/// threads take the first piece that is left, the others the last one, so that most of what a thread reads is what it wrote in the stage before.
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

    private Position _position;

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
            Volatile.Write(ref _position.Value, Position.Of(StepCount));
            throw;
        }
    }

    /// <summary>Takes pieces, and with each says that the one before it has ended: threads that are far apart pay for each word they exchange.</summary>
    private void Walk(int participant)
    {
        int stepCount = StepCount, step = -1, ended = 0, spins = 0;
        long end = participant % 2 == 0 ? Position.Front : Position.Back;
        Stage stage = default;
        while (true)
        {
            long position = Volatile.Read(ref _position.Value);
            if (Position.StepOf(position) != step)
            {
                step = Position.StepOf(position);
                if (step >= stepCount)
                {
                    return;
                }

                stage = StageFrom(step);
            }

            (int front, int back) = (Position.FrontOf(position), Position.BackOf(position));
            bool takes = front + back < stage.Pieces;
            if (!takes && ended == 0)
            {
                Wait(ref spins);
            }
            else if (Interlocked.CompareExchange(ref _position.Value, position + (takes ? end : 0) + ended, position) != position)
            {
                // Another thread was faster; look again.
            }
            else if (takes)
            {
                RunPiece(step, stage, end == Position.Front ? front : stage.Pieces - 1 - back, participant);
                ended = 1;
                spins = 0;
            }
            else
            {
                ended = 0;
                if (Position.EndedOf(position) + 1 == stage.Pieces)
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
                break;
            }

            for (int piece = 0; piece < stage.Pieces; piece++)
            {
                RunPiece(step, stage, piece, participant);
            }

            step = stage.End;
        }

        Volatile.Write(ref _position.Value, Position.Of(step));
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

    /// <summary>
    /// Where the threads are, in one number: the first step of the stage, how many of its pieces have been taken from its front and from its back, and how many have
    /// ended. It stands alone in its lines of the cache, so that a thread that changes it takes nothing else from the others.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 3 * Apart)]
    private struct Position
    {
        /// <summary>A piece more that has been taken. One that has ended counts 1.</summary>
        public const long Front = 1L << (2 * Bits), Back = 1L << Bits;

        /// <summary>Two lines, which processors often fetch together.</summary>
        private const int Apart = 128;

        /// <summary>Enough: pieces are some for each thread and sample, or as many as a step's weights fill caches.</summary>
        private const int Bits = 16;

        [FieldOffset(Apart)]
        public long Value;

        public static long Of(int step) => (long)step << (3 * Bits);

        public static int StepOf(long position) => (int)(position >> (3 * Bits));

        public static int FrontOf(long position) => (ushort)(position >> (2 * Bits));

        public static int BackOf(long position) => (ushort)(position >> Bits);

        public static int EndedOf(long position) => (ushort)position;
    }
}
