using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Strata;

/// <summary>
/// Steps that several threads walk through together, in stages, each of which is cut into pieces: of these, each thread has
/// some in a row of its own, so that most of what it reads is what it wrote in the stage before, and whoever has done his takes
/// others' from their ends. Nobody waits for a thread that has not come: a helper that wakes up late finds what is left.
/// </summary>
/// <remarks>
/// Where a thread is stands in a word of its own, so that as long as all have pieces of their own, no word goes from one core
/// to another; that takes 20 ns between neighbours and half a microsecond between cores that are far apart.
/// </remarks>
/// <param name="team">Whose workers help; null for those that the process shares.</param>
internal abstract class StageJob(WorkerTeam? team) : ParallelJob(team)
{
    /// <summary>Pieces of a stage for each thread, so that one that was held up leaves the rest to the others.</summary>
    public const int PiecesPerThread = 4;

    /// <summary>Looks at the positions before a thread gives way to others.</summary>
    private const int SpinsBeforeYield = 200;

    private Position[] _positions = [];

    /// <summary>Threads of the walk, the caller's included.</summary>
    protected int Threads { get; private set; }

    /// <summary>The step behind the last one of the walk.</summary>
    protected int End { get; private set; }

    /// <summary>Those of all threads of a walk.</summary>
    private Span<Position> Positions => _positions.AsSpan(0, Threads);

    /// <summary>Items of a step that a thread does at a time, of those of several samples or blocks.</summary>
    /// <param name="items">Its items.</param>
    /// <param name="fewest">The fewest of them that are worth a thread's while.</param>
    /// <param name="samples">Number of samples, or blocks.</param>
    /// <param name="threads">Those that share them.</param>
    public static int ChunkOf(int items, int fewest, int samples, int threads) =>
        int.Min(items, int.Max(fewest, Quotient((long)items * samples, threads * PiecesPerThread)));

    /// <summary>The quotient, rounded up.</summary>
    public static int Quotient(long dividend, int divisor) => (int)((dividend + divisor - 1) / divisor);

    /// <summary>Does some steps in a row.</summary>
    /// <param name="first">The first step.</param>
    /// <param name="end">The first step that is not done any more.</param>
    /// <param name="threads">1 or more.</param>
    protected void Walk(int first, int end, int threads)
    {
        (End, Threads) = (end, threads);
        if (_positions.Length < threads)
        {
            _positions = new Position[threads];
        }

        Positions.Fill(new Position { Value = Position.Of(first) });
        RunAll(threads, threads);
    }

    /// <summary>The stage that begins with a step: the same, whoever asks.</summary>
    protected abstract Stage StageFrom(int step);

    /// <summary>Does a piece of a stage.</summary>
    /// <param name="step">The first step of the stage.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="piece">0 to <see cref="Stage.Pieces"/> − 1.</param>
    /// <param name="participant">Number of the thread within this call: 0 for the caller.</param>
    protected abstract void RunPiece(int step, Stage stage, int piece, int participant);

    /// <summary>Takes part until all stages have ended. A participant who comes later finds nothing to do.</summary>
    protected sealed override void Run(int item, int participant)
    {
        try
        {
            Walk(participant);
        }
        catch
        {
            // Nobody is to wait for a stage that does not end.
            Volatile.Write(ref _positions[participant].Value, Position.Of(End));
            throw;
        }
    }

    /// <summary>Takes part in all stages from that one on at which another thread is.</summary>
    private void Walk(int participant)
    {
        Span<Position> positions = Positions;
        int step = 0;
        foreach (ref Position position in positions)
        {
            step = int.Max(step, Position.StepOf(Volatile.Read(ref position.Value)));
        }

        while (step < End)
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
        Volatile.Write(ref positions[participant].Value, Position.Of(End));
    }

    /// <summary>The pieces that a thread begins with; the caller has the first of them.</summary>
    private (int First, int End) PiecesOf(int participant, Stage stage) =>
        (Quotient((long)stage.Pieces * participant, Threads), Quotient((long)stage.Pieces * (participant + 1), Threads));

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

    /// <summary>
    /// Where a thread is, in one number: the first step of a stage, how many of the thread's pieces have been taken from their
    /// front and from their back, and how many pieces the thread itself has ended, whosever they were. Where it stands at an
    /// earlier stage than others, none of its pieces of theirs has been taken. It is alone in its lines of the cache.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 2 * Apart)]
    private struct Position
    {
        /// <summary>A piece more that has been taken. One that has ended counts 1.</summary>
        private const long Front = 1L << (2 * Bits), Back = 1L << Bits;

        /// <summary>Two lines, which processors often fetch together.</summary>
        private const int Apart = 128;

        /// <summary>
        /// Enough: a stage of 8 steps has at most 8 × (4 × 1,024 threads + 16 samples) pieces, one of whole blocks 16,384, one
        /// of parts of blocks less than 8 × 1,024, and one of single samples, of which there are blocks for less than 4 × 1,024
        /// threads, less than 65,536.
        /// </summary>
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

/// <summary>What is done between two meetings of the threads.</summary>
/// <param name="End">The step behind it.</param>
/// <param name="Pieces">Into how many pieces it is cut.</param>
/// <param name="Form">What a piece is.</param>
internal readonly record struct Stage(int End, int Pieces, StageForm Form)
{
    /// <summary>Items of a piece that does them for all samples.</summary>
    public int Size { get; init; }
}

/// <summary>What a piece of a stage is.</summary>
internal enum StageForm
{
    /// <summary>Some items of one of its steps, for one sample.</summary>
    Chunks,

    /// <summary>Some items of its one step, for all samples.</summary>
    ForAllSamples,

    /// <summary>All of its steps, for one sample.</summary>
    WholeSamples,

    /// <summary>All of its steps, for some blocks of samples.</summary>
    WholeBlocks,
}
