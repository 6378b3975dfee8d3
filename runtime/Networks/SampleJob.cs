using System;
using System.Runtime.InteropServices;
using System.Threading;
using Strata.CompilerServices;

namespace Strata;

/// <summary>
/// One or several samples on several threads. All of them walk the same stages, each of which is cut into pieces: of these, each thread has some in a row of its own,
/// so that most of what it reads is what it wrote in the stage before, and whoever has done his takes others' from their ends. Nobody waits for a thread that has
/// not come: a helper that wakes up late finds what is left.
/// </summary>
/// <remarks>
/// <para>
/// A stage is a step whose weights outweigh the samples' tensors, cut into chunks of items that a thread does for all samples, so that weights are
/// read once; or all steps up to the next such one, which a thread does for a sample, so that its tensors stay in the cache. Where the samples do
/// not divide among the threads, these steps are cut as those of a single sample are: a stage is a step then, or several in a row that depend on nothing of
/// one another.
/// </para>
/// <para>
/// Where a thread is stands in a word of its own, so that as long as all have pieces of their own, no word goes from one core to another; that takes 20 ns
/// between neighbours and half a microsecond between cores that are far apart.
/// </para>
/// <para>Who does what changes no bit: every output is computed whole in one item.</para>
/// </remarks>
internal sealed unsafe class SampleJob(NetworkProgram program, int inputLength, int outputLength, WorkerTeam? team = null) : ParallelJob(team)
{
    /// <summary>Pieces of a stage for each thread, so that one that was held up leaves the rest to the others.</summary>
    private const int PiecesPerThread = 4;

    /// <summary>The same, where each piece has to make something ready.</summary>
    private const int PartsPerThread = 2;

    /// <summary>One of so many runs' time may be lost, where they do not divide evenly.</summary>
    private const int MostIdle = 8;

    /// <summary>Looks at the positions before a thread gives way to others.</summary>
    private const int SpinsBeforeYield = 200;

    private float* _inputs, _outputs, _parameters, _arenas;
    private int _samples, _arenaStride, _threads;
    private AlignedMemory[] _scratch = [];

    private Position[] _positions = [];

    /// <summary>Whether the program has steps that several threads may share.</summary>
    public bool HasSteps { get; } = !program.SampleSteps.IsEmpty;

    private int StepCount => program.SampleSteps.Length / 2;

    /// <summary>Those of all threads of a call.</summary>
    private Span<Position> Positions => _positions.AsSpan(0, _threads);

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
        if (_positions.Length < threads)
        {
            _positions = new Position[threads];
        }

        Positions.Clear();
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
            Volatile.Write(ref _positions[participant].Value, Position.Of(StepCount));
            throw;
        }
    }

    /// <summary>Takes part in all stages from that one on at which another thread is.</summary>
    private void Walk(int participant)
    {
        Span<Position> positions = Positions;
        int stepCount = StepCount, step = 0;
        foreach (ref Position position in positions)
        {
            step = int.Max(step, Position.StepOf(Volatile.Read(ref position.Value)));
        }

        while (step < stepCount)
        {
            Stage stage = StageFrom(step);
            int ended = 0;
            for (int i = 0; i < positions.Length; i++)
            {
                int owner = (participant + i) % positions.Length;
                (int first, int end) = PiecesOf(owner, stage);
                while (positions[owner].TryTake(step, end - first, fromFront: i == 0, out int piece))
                {
                    RunPiece(step, stage, first + piece, participant);
                    ended++;
                }
            }

            if (ended > 0)
            {
                positions[participant].AddEnded(step, ended);
            }

            step = NextStep(step, stage);
        }

        // Who comes now finds nothing to do.
        Volatile.Write(ref positions[participant].Value, Position.Of(stepCount));
    }

    /// <summary>The pieces that a thread begins with; the caller has the first of them.</summary>
    private (int First, int End) PiecesOf(int participant, Stage stage) =>
        (Quotient((long)stage.Pieces * participant, _threads), Quotient((long)stage.Pieces * (participant + 1), _threads));

    /// <summary>Waits until all pieces of a stage have ended.</summary>
    /// <returns>The step behind it, or that of a stage at which another thread is already.</returns>
    private int NextStep(int step, Stage stage)
    {
        for (int spins = 0; ; Wait(ref spins))
        {
            int ended = 0;
            foreach (ref Position other in Positions)
            {
                long position = Volatile.Read(ref other.Value);
                int otherStep = Position.StepOf(position);
                if (otherStep > step)
                {
                    return otherStep;
                }

                ended += otherStep == step ? Position.EndedOf(position) : 0;
            }

            if (ended == stage.Pieces)
            {
                return stage.End;
            }
        }
    }

    /// <summary>The stage that begins with a step: the same, whoever asks.</summary>
    private Stage StageFrom(int step)
    {
        ReadOnlySpan<int> steps = program.SampleSteps, together = program.BatchItems;
        (int items, int fewest) = (steps[2 * step], steps[(2 * step) + 1]);
        int pieces = _threads * PiecesPerThread;
        if (IsTogether(together, step))
        {
            int size = int.Min(together[step], int.Max(Quotient(fewest, _samples), Quotient(items, pieces)));
            return new Stage(step + 1, Quotient(items, size), StageForm.ForAllSamples) { Size = size };
        }

        if (_samples > 1 && (_samples % _threads == 0 || _samples >= pieces))
        {
            int end = step + 1;
            while (end < steps.Length / 2 && !IsTogether(together, end))
            {
                end++;
            }

            return new Stage(end, _samples, StageForm.WholeSamples);
        }

        (int behind, int chunks) = ChunksFrom(step);
        if (_samples * chunks > 1)
        {
            return new Stage(behind, _samples * chunks, StageForm.Chunks);
        }

        // Stages in a row that stay whole are one.
        while (behind < steps.Length / 2 && ChunksFrom(behind) is (int next, 1))
        {
            behind = next;
        }

        return new Stage(behind, 1, StageForm.WholeSamples);
    }

    private bool IsTogether(ReadOnlySpan<int> together, int step) => _samples > 1 && step < together.Length && together[step] > 0;

    /// <summary>The step behind those that depend on nothing of one another, and into how many chunks these are cut for each sample.</summary>
    private (int Behind, int Chunks) ChunksFrom(int step)
    {
        int behind = step + 1, chunks = ChunksOf(step);
        for (int left = program.SampleStages.IsEmpty ? 1 : program.SampleStages[step]; left > 1 && !IsTogether(program.BatchItems, behind); left--)
        {
            chunks += ChunksOf(behind++);
        }

        return (behind, chunks);
    }

    private int ChunksOf(int step) => Quotient(program.SampleSteps[2 * step], ChunkOf(step));

    /// <summary>Items of a step that a thread does at a time.</summary>
    private int ChunkOf(int step)
    {
        (int items, int fewest) = (program.SampleSteps[2 * step], program.SampleSteps[(2 * step) + 1]);
        int chunk = int.Min(items, int.Max(fewest, Quotient((long)items * _samples, _threads * PiecesPerThread)));
        int run = program.SampleRuns.IsEmpty ? 1 : program.SampleRuns[step];
        return run > 1 ? ChunkOfRuns(chunk, items, run) : chunk;
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
        if (stage.Form == StageForm.ForAllSamples)
        {
            int items = steps[2 * step];
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
        else if (stage.Form == StageForm.WholeSamples)
        {
            for (; step < stage.End; step++)
            {
                RunItems(step, 0, steps[2 * step], sample: piece, participant);
            }
        }
        else
        {
            (int sample, int chunk) = int.DivRem(piece, stage.Pieces / _samples);
            for (int chunks; chunk >= (chunks = ChunksOf(step)); step++)
            {
                chunk -= chunks;
            }

            int size = ChunkOf(step);
            RunItems(step, chunk * size, int.Min((chunk + 1) * size, steps[2 * step]), sample, participant);
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
    /// <param name="Form">What a piece is.</param>
    private readonly record struct Stage(int End, int Pieces, StageForm Form)
    {
        /// <summary>Items of a piece that does them for all samples.</summary>
        public int Size { get; init; }
    }

    /// <summary>What a piece of a stage is.</summary>
    private enum StageForm
    {
        /// <summary>Some items of one of its steps, for one sample.</summary>
        Chunks,

        /// <summary>Some items of its one step, for all samples.</summary>
        ForAllSamples,

        /// <summary>All of its steps, for one sample.</summary>
        WholeSamples,
    }

    /// <summary>
    /// Where a thread is, in one number: the first step of a stage, how many of the thread's pieces have been taken from their front and from their back, and how many
    /// pieces the thread itself has ended, whosever they were. Where it stands at an earlier stage than others, none of its pieces of theirs has been taken. It is alone in its
    /// lines of the cache.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 2 * Apart)]
    private struct Position
    {
        /// <summary>A piece more that has been taken. One that has ended counts 1.</summary>
        private const long Front = 1L << (2 * Bits), Back = 1L << Bits;

        /// <summary>Two lines, which processors often fetch together.</summary>
        private const int Apart = 128;

        /// <summary>Enough: a stage of 8 steps has at most 8 × (4 × 1,024 threads + 16 samples) pieces.</summary>
        private const int Bits = 16;

        [FieldOffset(Apart)]
        public long Value;

        public static long Of(int step) => (long)step << (3 * Bits);

        public static int StepOf(long position) => (int)(position >> (3 * Bits));

        public static int EndedOf(long position) => (ushort)position;

        /// <summary>Takes the first or the last of the thread's pieces that are left in a stage.</summary>
        /// <param name="step">The first step of the stage.</param>
        /// <param name="pieces">Those that the thread has in it.</param>
        /// <param name="fromFront">Whether the thread itself takes it.</param>
        /// <param name="piece">Its number among the thread's.</param>
        /// <returns>False where none is left, or the stage is over.</returns>
        public bool TryTake(int step, int pieces, bool fromFront, out int piece)
        {
            while (true)
            {
                long seen = Volatile.Read(ref Value), position = At(step, seen);
                (int front, int back) = ((ushort)(position >> (2 * Bits)), (ushort)(position >> Bits));
                piece = fromFront ? front : pieces - 1 - back;
                if (StepOf(position) > step || front + back >= pieces)
                {
                    return false;
                }

                if (Interlocked.CompareExchange(ref Value, position + (fromFront ? Front : Back), seen) == seen)
                {
                    return true;
                }
            }
        }

        /// <summary>Says that the thread has done so many pieces more.</summary>
        public void AddEnded(int step, int pieces)
        {
            long seen = Volatile.Read(ref Value);
            for (long now; StepOf(seen) <= step; seen = now)
            {
                now = Interlocked.CompareExchange(ref Value, At(step, seen) + pieces, seen);
                if (now == seen)
                {
                    return;
                }
            }
        }

        /// <summary>A position in a stage, which may have been left in one before it.</summary>
        private static long At(int step, long position) => StepOf(position) < step ? Of(step) : position;
    }
}
