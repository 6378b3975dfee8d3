using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Strata;

/// <summary>
/// Steps that several threads share, stage by stage. A stage is cut into pieces, and each thread owns some neighbouring ones. So a thread
/// mostly reads what it wrote in the stage before. A thread that has done its own pieces takes pieces of other threads, from the end. No
/// thread waits for a helper that has not woken up: a late helper does what is left.
/// </summary>
/// <remarks>
/// Each thread's position is a separate number. While all threads do their own pieces, no position moves between cores. Such a move takes
/// 20 ns between neighbouring cores and half a microsecond between distant ones.
/// </remarks>
/// <param name="team">The workers that help; null for those that the process shares.</param>
internal abstract class StageJob(WorkerTeam? team) : ParallelJob(team)
{
    /// <summary>Pieces of a stage per thread: several, so that others can take over from a thread that is held up.</summary>
    public const int PiecesPerThread = 4;

    /// <summary>How often a waiting thread reads the positions before it yields the processor.</summary>
    private const int SpinsBeforeYield = 200;

    private Position[] _positions = [];

    /// <summary>Threads of the walk, the caller's included.</summary>
    protected int Threads { get; private set; }

    /// <summary>The step after the last one of the walk.</summary>
    protected int End { get; private set; }

    /// <summary>The positions of all threads of a walk.</summary>
    private Span<Position> Positions => _positions.AsSpan(0, Threads);

    /// <summary>Into how many chunks the items of a step are cut, for each sample or block.</summary>
    /// <param name="items">Its items.</param>
    /// <param name="leastItems">The fewest items that are worth starting a thread for.</param>
    /// <param name="samples">Number of samples, or blocks.</param>
    /// <param name="threads">The threads that share the items.</param>
    public static int ChunksOf(int items, int leastItems, int samples, int threads) => EachAsMany(
        int.Min(Quotient(items, leastItems), Quotient(threads * PiecesPerThread, samples)), samples, threads);

    /// <summary>As many chunks, or so many fewer that threads own equal numbers of those of a single sample.</summary>
    public static int EachAsMany(int chunks, int samples, int threads) =>
        samples == 1 && chunks > threads ? chunks - (chunks % threads) : chunks;

    /// <summary>The items of a chunk. Chunks differ by at most one item.</summary>
    public static (int First, int End) ItemsOf(int chunk, int chunks, int items) =>
        ((int)((long)items * chunk / chunks), (int)((long)items * (chunk + 1) / chunks));

    /// <summary>The quotient, rounded up.</summary>
    public static int Quotient(long dividend, int divisor) => (int)((dividend + divisor - 1) / divisor);

    /// <summary>Does all steps from <paramref name="first"/> to <paramref name="end"/> − 1.</summary>
    /// <param name="first">The first step.</param>
    /// <param name="end">The step after the last one.</param>
    /// <param name="threads">1 or more.</param>
    protected void Walk(int first, int end, int threads)
    {
        (End, Threads) = (end, threads);
        if (_positions.Length < threads)
        {
            _positions = new Position[threads];
        }

        Positions.Fill(new Position { Value = Position.Beginning(first) });
        RunAll(threads, threads);
    }

    /// <summary>The stage that begins with a step. Every thread gets the same answer.</summary>
    protected abstract Stage StageFrom(int step);

    /// <summary>Does a piece of a stage.</summary>
    /// <param name="step">The first step of the stage.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="piece">0 to <see cref="Stage.Pieces"/> − 1.</param>
    /// <param name="participant">Number of the thread within this call: 0 for the caller.</param>
    protected abstract void RunPiece(int step, Stage stage, int piece, int participant);

    /// <summary>
    /// Takes part until all stages have ended. A participant that arrives later finds nothing to do. To <see cref="ParallelJob"/>, a piece
    /// is one thread's part in the whole walk. The pieces of stages are taken below.
    /// </summary>
    protected sealed override void Run(int piece, int participant)
    {
        try
        {
            TakePart(participant);
        }
        catch
        {
            // After an exception, no other thread must wait for this one's stage.
            Volatile.Write(ref _positions[participant].Value, Position.Beginning(End));
            throw;
        }
    }

    /// <summary>Takes part in all stages, beginning with the one that the other threads have reached.</summary>
    private void TakePart(int participant)
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

        // A thread that arrives now finds nothing to do.
        Volatile.Write(ref positions[participant].Value, Position.Beginning(End));
    }

    /// <summary>The pieces that a thread owns. The caller owns the first ones.</summary>
    private (int First, int End) PiecesOf(int participant, Stage stage) =>
        (Quotient((long)stage.Pieces * participant, Threads), Quotient((long)stage.Pieces * (participant + 1), Threads));

    /// <summary>Waits until all pieces of a stage have ended.</summary>
    /// <returns>The step after the stage, or the beginning of a later stage if another thread is there already.</returns>
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
    /// A thread's position as one number with four parts:
    /// <list type="bullet">
    /// <item><description>the first step of the stage</description></item>
    /// <item><description>how many of the thread's pieces have been taken from the front</description></item>
    /// <item><description>how many of them have been taken from the back</description></item>
    /// <item><description>how many pieces the thread has ended, its own and others'</description></item>
    /// </list>
    /// If the thread is at an earlier stage than others, none of its pieces of their stage has been taken yet. No other data share its
    /// cache lines.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 2 * Apart)]
    private struct Position
    {
        /// <summary>What a piece adds when it is taken from the front or the back. A piece that has ended adds 1.</summary>
        private const long Front = 1L << (2 * Bits), Back = 1L << Bits;

        /// <summary>Two cache lines, since processors often fetch them in pairs.</summary>
        private const int Apart = 128;

        /// <summary>
        /// Enough for the pieces of any stage:
        /// <list type="bullet">
        /// <item><description>8 steps: at most 8 × (4 × 1,024 threads + 16 samples)</description></item>
        /// <item><description>whole blocks: 16,384</description></item>
        /// <item><description>chunks of blocks: less than 8 × 1,024</description></item>
        /// <item><description>single samples: less than 65,536, since there are fewer than 4 × 1,024 blocks of 16</description></item>
        /// </list>
        /// </summary>
        private const int Bits = 16;

        [FieldOffset(Apart)]
        public long Value;

        public static long Beginning(int step) => (long)step << (3 * Bits);

        public static int StepOf(long position) => (int)(position >> (3 * Bits));

        public static int EndedOf(long position) => (ushort)position;

        /// <summary>Takes the first or the last of the thread's pieces that are left in a stage.</summary>
        /// <param name="step">The first step of the stage.</param>
        /// <param name="pieces">The number of pieces that the thread owns in it.</param>
        /// <param name="fromFront">Whether the thread itself takes it; others take from the back.</param>
        /// <param name="piece">Its number among the thread's pieces.</param>
        /// <returns>False if none is left, or the stage is over.</returns>
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

        /// <summary>Says that the thread has ended some more pieces.</summary>
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

        /// <summary>The position in a stage. If the number belongs to an earlier stage, it is the beginning of this one.</summary>
        private static long At(int step, long position) => StepOf(position) < step ? Beginning(step) : position;
    }
}

/// <summary>The steps between two points at which the threads wait for each other.</summary>
/// <param name="End">The step after its last one.</param>
/// <param name="Pieces">The number of its pieces.</param>
/// <param name="Kind">What a piece is.</param>
internal readonly record struct Stage(int End, int Pieces, PieceKind Kind)
{
    /// <summary>
    /// Items per piece for <see cref="PieceKind.ForAllSamples"/>, blocks per piece for <see cref="PieceKind.WholeBlocks"/>.
    /// </summary>
    public int Size { get; init; }
}

/// <summary>What a piece of a stage is.</summary>
internal enum PieceKind
{
    /// <summary>Some items of one of the stage's steps, for one sample; in training, for one block of samples.</summary>
    Chunks,

    /// <summary>Some items of the stage's only step, for all samples.</summary>
    ForAllSamples,

    /// <summary>All steps of the stage, for one sample.</summary>
    WholeSamples,

    /// <summary>All steps of the stage, for some blocks of samples.</summary>
    WholeBlocks,
    /// <summary>In training: a part of the work for a bucket of gradients.</summary>
    Bucket,
}
