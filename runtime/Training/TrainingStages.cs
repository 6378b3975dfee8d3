using System;
using System.Collections.Generic;
using System.Linq;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// Divides the steps of a training pass among threads: by whole blocks of samples if there are enough of them, otherwise by samples or by
/// items of each step. The steps are those of the program, plus one before forward (<see cref="Gathering"/>) and one before backward
/// (<see cref="OutputStep"/>). If several processes train together, there is also one for each bucket of gradients, after the step of
/// backward that finishes it. Here an index of a step counts all of these as well.
/// </summary>
internal sealed class TrainingStages
{
    /// <summary>The step before forward: choosing, augmenting and mixing samples.</summary>
    public const int Gathering = 0;

    /// <summary>The first step of forward.</summary>
    public const int FirstForward = 1;

    // Forward and backward together take about three times the multiply-adds of forward.
    private const int TrainingCost = 3;

    /// <summary>The most pieces of a stage whose pieces are whole blocks.</summary>
    private const int MostPieces = 16_384;

    // A step that is not the program's. It is done for a whole block.
    private static readonly StepInfo Whole = new(Items: 1, LeastItems: 1);

    // A step for a bucket of gradients, which combines what the blocks have left in their slots.
    private static readonly StepInfo OfBucket = new(Items: 1, LeastItems: 1) { Combines = true };

    // Gathering, forward, the output step (for example the loss), backward with the steps for buckets.
    private readonly StepInfo[] _steps;

    // For each step, its index in the program, or −1; and the bucket that it is for, or −1.
    private readonly int[] _indices, _buckets;

    private readonly NetworkProgram _program;
    private readonly int _lanes;
    private int _samples, _threads;

    // Samples of a full block of this batch.
    private int _blockSamples;

    // Whether threads divide the samples of steps that are done sample by sample. They do not if some threads would get less work.
    private bool _shareSamples;

    /// <param name="program">The network's program.</param>
    /// <param name="buckets">The buckets of gradients; null if the process trains alone.</param>
    public TrainingStages(NetworkProgram program, GradientBuckets? buckets = null)
    {
        (_program, _lanes) = (program, program.Isa.Lanes());
        List<(StepInfo Step, int Index, int Bucket)> steps = [(Whole, -1, -1)];
        for (int i = 0, bucket = 0; i < program.TrainingSteps.Length; i++)
        {
            if (i == program.ForwardSteps)
            {
                steps.Add((Whole, -1, -1));
            }

            steps.Add((program.TrainingSteps[i], i, -1));
            for (; bucket < buckets?.Count && buckets[bucket].Step == i; bucket++)
            {
                IsCut |= i + 1 < program.TrainingSteps.Length;
                steps.Add((OfBucket, -1, bucket));
            }
        }

        _steps = [.. steps.Select(step => step.Step)];
        (_indices, _buckets) = ([.. steps.Select(step => step.Index)], [.. steps.Select(step => step.Bucket)]);
        IsCut |= Combines(program);
    }

    /// <summary>Whether all blocks meet before the end of the pass. They must then be in memory at once.</summary>
    public bool IsCut { get; }

    /// <summary>Blocks of the batch.</summary>
    public int Blocks { get; private set; }

    /// <summary>Whether threads divide blocks, not steps.</summary>
    public bool BlocksStayWhole { get; private set; }

    /// <summary>
    /// The step between forward and backward. It computes the loss and its gradients, or the outputs, or takes the caller's gradient of the
    /// outputs.
    /// </summary>
    public int OutputStep => FirstForward + _program.ForwardSteps;

    /// <summary>The number of steps.</summary>
    public int StepCount => _steps.Length;

    /// <summary>The number of blocks for some samples.</summary>
    public static int BlocksOf(NetworkProgram program, int samples) => StageJob.Quotient(samples, program.Isa.Lanes());

    /// <summary>How many of a batch's blocks are in memory at once.</summary>
    public static int BlocksInMemory(NetworkProgram program, int blocks, int threads) =>
        Combines(program) ? blocks : int.Min(threads, blocks);

    /// <summary>The most threads that a batch of this size is divided among.</summary>
    public static int ThreadsFor(CompiledNetwork network, int samples)
    {
        int lanes = network.Program.Isa.Lanes();
        return !WorkSize.IsWorthSharing(TrainingCost * network.CostOfSample * samples, lanes) ? 1
            : SharesSteps(network.Program) ? network.Threads : int.Min(network.Threads, BlocksOf(network.Program, samples));
    }

    /// <summary>
    /// Whether some step combines the results of all blocks, as batch norm does for the statistics of the batch. All blocks must then be
    /// in memory at once.
    /// </summary>
    public static bool Combines(NetworkProgram program) => Array.Exists(program.TrainingSteps, step => step.Combines);

    /// <summary>Begins a batch.</summary>
    public void Begin(int samples, int threads)
    {
        (_samples, _threads, Blocks) = (samples, threads, BlocksOf(_program, samples));
        _blockSamples = int.Min(_lanes, samples);
        BlocksStayWhole = StayWhole();
        _shareSamples = samples % threads == 0 || samples >= threads * StageJob.PiecesPerThread;
    }

    /// <summary>The stage that begins with a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="walkEnd">The step after the last one.</param>
    public Stage From(int step, int walkEnd)
    {
        int end = step + 1;
        if (_steps[step].Combines)
        {
            return new Stage(end, 1, _buckets[step] < 0 ? PieceKind.ForAllSamples : PieceKind.Bucket);
        }

        if (BlocksStayWhole)
        {
            while (end < walkEnd && !_steps[end].Combines)
            {
                end++;
            }

            int size = int.Max(1, StageJob.Quotient(Blocks, MostPieces));
            return new Stage(end, StageJob.Quotient(Blocks, size), PieceKind.WholeBlocks) { Size = size };
        }

        if (_shareSamples && EndOfRow(step, walkEnd) is int behind && behind > end)
        {
            return new Stage(behind, _samples, PieceKind.WholeSamples);
        }

        if (Blocks * ChunksOf(step) is int pieces and > 1)
        {
            return new Stage(end, pieces, PieceKind.Chunks);
        }

        // With one block: neighbouring steps that are not cut are one stage.
        while (end < walkEnd && ChunksOf(end) == 1 && !_steps[end].Combines)
        {
            end++;
        }

        return new Stage(end, 1, PieceKind.WholeBlocks) { Size = 1 };
    }

    /// <summary>A step.</summary>
    public ref readonly StepInfo this[int step] => ref _steps[step];

    /// <summary>The items of a step for a whole block: those of all its samples, one sample after the other.</summary>
    public int ItemsOf(int step) => _steps[step].IsOfSample ? _steps[step].Items * _blockSamples : _steps[step].Items;

    /// <summary>The index of the step among the program's steps; −1 if it is not one of the program's.</summary>
    public int IndexInProgram(int step) => _indices[step];

    /// <summary>The bucket of gradients that the step is for; −1 if it is not for a bucket.</summary>
    public int BucketOf(int step) => _buckets[step];

    /// <summary>The items of a chunk of a step.</summary>
    public (int First, int End) ItemsOf(int step, int chunk) => StageJob.ItemsOf(chunk, ChunksOf(step), ItemsOf(step));

    /// <summary>
    /// The end of the row of steps, from this one on, that are done sample by sample before the next sample. If this step is not such a
    /// step, its end.
    /// </summary>
    public int EndOfRow(int step, int end)
    {
        int behind = step;
        while (_program.GoesBySample && behind < end && _steps[behind].IsOfSample)
        {
            behind++;
        }

        return int.Max(behind, step + 1);
    }

    /// <summary>Whether threads may share a block's steps.</summary>
    private static bool SharesSteps(NetworkProgram program) => Array.Exists(program.TrainingSteps, step => step.Items > 1);

    /// <summary>
    /// Whether threads divide blocks, not steps. More blocks than threads are in memory at once only if they must be. A last block with
    /// fewer samples takes as long as the others if samples are in lanes, and less time if each sample has its own memory.
    /// </summary>
    private bool StayWhole()
    {
        bool areEqual = Blocks % _threads == 0 && (_program.TrainingSampleLength == 0 || _samples % _lanes == 0);
        return _threads == 1 || !SharesSteps(_program) || areEqual
            || Blocks >= (IsCut ? _threads * StageJob.PiecesPerThread : _threads + 1);
    }

    private int ChunksOf(int step) => StageJob.ChunksOf(ItemsOf(step), _steps[step].LeastItems, Blocks, _threads);
}
