using System;
using System.Runtime.CompilerServices;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// Computes the gradients of a batch. The batch is divided into blocks of as many samples as a vector has lanes. All blocks go forward and
/// backward. Then <see cref="BatchGradients"/> adds up their gradients. If there are enough blocks, threads divide the work by blocks.
/// Otherwise they divide it by samples or by items of each step. The results are the same to the bit.
/// </summary>
internal sealed unsafe partial class TrainingPass : StageJob, IDisposable
{
    private readonly CompiledNetwork _network;
    private readonly NetworkProgram _program;
    private readonly int _lanes;
    private readonly PassMemory _memory;
    private readonly BatchGradients _batchGradients;
    private readonly BatchData _data;
    private readonly BlockLosses _losses;

    private TrainingStages _stages;
    private TrainingWorld _world = TrainingWorld.Alone;

    // Set by the caller's thread only, before the threads begin.
    private TrainingCall _call;

    /// <summary>
    /// Creates a pass. The gradients' memory belongs to the caller and must outlive this object. With a single block, it is also the
    /// block's slot. Then it has room for <see cref="NetworkProgram.SlotFrontLength"/> floats before the gradients. Whoever calls a method
    /// holds a <see cref="Lifetime.Hold"/> of the trainer and one of the network.
    /// </summary>
    public TrainingPass(CompiledNetwork network, TrainingMemory memory, DenseProducts products, AlignedMemory gradients)
        : base(team: null)
    {
        (_network, _program) = (network, network.Program);
        _lanes = _program.Isa.Lanes();
        _stages = new TrainingStages(_program);
        _memory = new PassMemory(_program, memory, gradients);
        _losses = new BlockLosses(memory.Blocks, network.Info.Losses.Count);
        _batchGradients = new BatchGradients(_program, products, gradients);
        _data = new BatchData(network, _lanes);
        Times = _program.ProfiledSteps.Count > 0 ? new StepTimes(_program) : null;
        _batchGradients.Times = Times;
    }

    /// <summary>Measures the time of the steps; null if the network is not profiled.</summary>
    public StepTimes? Times { get; }

    /// <summary>
    /// The value of each loss, without its weight. <see cref="ComputeGradients"/> sets them; <see cref="LossOfOutputs"/> adds to them.
    /// </summary>
    public Span<double> Values => _losses.Values;

    /// <summary>Computes the loss and the gradients of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="pass">The number of forward passes before this one. Dropout draws other random numbers in each.</param>
    /// <param name="mayDefer">
    /// Whether gradients of large weights may be deferred until they are used. Those that processes sum are not.
    /// </param>
    /// <param name="sumsBuckets">Whether the gradients' sums over all processes are begun.</param>
    /// <returns>The loss of this process's samples.</returns>
    public double ComputeGradients(in TrainingBatch batch, long pass, bool mayDefer, bool sumsBuckets)
    {
        var call = new TrainingCall
        {
            Batch = batch,
            Number = pass,
            KeepsBlocks = _stages.IsCut,
            MayDefer = mayDefer,
            SumsBuckets = sumsBuckets && _world.Buckets is not null,
        };
        int threads = Begin(in call);
        WalkBackward(batch.Order == null ? TrainingStages.FirstForward : TrainingStages.Gathering, threads);
        return _losses.Sum(_call.Blocks);
    }

    /// <summary>Computes what some outputs of inference contribute to the loss of a larger batch.</summary>
    /// <param name="outputs">The outputs, one sample after the other.</param>
    /// <param name="batch">The targets of these outputs, with the number of samples and the divisors of the whole batch.</param>
    /// <param name="samples">The number of samples that these are the outputs of.</param>
    public double LossOfOutputs(float* outputs, in TrainingBatch batch, int samples)
    {
        StepContext step = new(_network.Seed, 0, 0, batch.Samples)
        {
            Divisors = batch.Divisors,
            Values = _losses.ClearBlocks(),
        };
        ref float arena = ref *_memory.OutputArena();
        double loss = 0;
        for (int first = 0; first < samples; first += _lanes)
        {
            int count = int.Min(_lanes, samples - first);
            ref float output = ref outputs[(nint)first * _network.OutputLength];
            int* classes = batch.Classes + ((nint)first * _data.ClassesOfSample);
            float* values = batch.Values + ((nint)first * _data.ValuesOfSample);
            using (Denormals.Flush())
            {
                loss += _program.LossOfOutputs(ref output, in *classes, in *values, count, ref arena, in step);
            }

            _losses.AddValues(block: 0);
        }

        return loss;
    }

    /// <summary>Does a forward pass in training mode, which keeps what <see cref="Backward"/> needs.</summary>
    public void Forward(float* inputs, float* outputs, int samples, int firstSample, long pass)
    {
        var call = new TrainingCall
        {
            Batch = new TrainingBatch { Inputs = inputs, Samples = samples, FirstSample = firstSample },
            Number = pass,
            KeepsBlocks = true,
            Work = OutputWork.Output,
            Outputs = outputs,
        };
        Walk(TrainingStages.FirstForward, _stages.OutputStep + 1, Begin(in call));
        AfterForward();
    }

    /// <summary>Computes the gradients of the batch of the last <see cref="Forward"/>.</summary>
    public void Backward(float* outputGradient, float* inputGradient)
    {
        _call.Work = OutputWork.OutputGradient;
        _call.OutputGradient = outputGradient;
        _call.InputGradient = inputGradient;
        _call.SumsBuckets = _world.Buckets is not null;
        WalkBackward(_stages.OutputStep, Threads);
    }

    /// <summary>Says with which other processes this one trains.</summary>
    public void Join(TrainingWorld world)
    {
        _world = world;
        _stages = new TrainingStages(_program, world.Buckets);
    }

    public void Dispose()
    {
        _batchGradients.Dispose();
        _memory.Dispose();
        _data.Dispose();
    }

    /// <inheritdoc/>
    protected override Stage StageFrom(int step)
    {
        Stage stage = _stages.From(step, End);
        return stage.Kind != PieceKind.Bucket ? stage
            : stage with { Pieces = _call.SumsBuckets ? BatchGradients.PiecesOf(_world.Buckets![_stages.BucketOf(step)]) : 0 };
    }

    /// <inheritdoc/>
    protected override void RunPiece(int step, Stage stage, int piece, int participant)
    {
        switch (stage.Kind)
        {
            case PieceKind.ForAllSamples:
                RunStep(step, 0, 1, block: 0, participant);
                break;
            case PieceKind.Bucket:
                int bucket = _stages.BucketOf(step);
                _batchGradients.RunPiece(_world.Buckets![bucket], piece, participant);
                _world.Buckets.EndPiece(bucket);
                break;
            case PieceKind.WholeSamples:
                (int blockOfSample, int sample) = int.DivRem(piece, _lanes);
                RunSteps(step, stage.End, blockOfSample, sample, sample + 1, participant);
                break;
            case PieceKind.WholeBlocks:
                for (int block = piece * stage.Size; block < int.Min((piece + 1) * stage.Size, _call.Blocks); block++)
                {
                    RunSteps(step, stage.End, block, 0, _call.SamplesOf(block, _lanes), participant);
                }

                break;
            default:
                (int of, int chunk) = int.DivRem(piece, stage.Pieces / _call.Blocks);
                (int first, int end) = _stages.ItemsOf(step, chunk);
                RunStep(step, first, end, of, participant);
                break;
        }
    }

    /// <summary>Prepares the steps for a call. Returns the number of threads.</summary>
    private int Begin(in TrainingCall call)
    {
        int samples = call.Batch.Samples, threads = TrainingStages.ThreadsFor(_network, samples);
        _network.Derive();
        _stages.Begin(samples, threads);
        _call = call;
        _call.Blocks = _stages.Blocks;
        _call.SharesStatistics = true;
        _call.KeepsBlocks |= !_stages.BlocksStayWhole;

        // A process without a sample of the batch does the combining steps, which are given an arena.
        int arenas = int.Max(1, _call.KeepsBlocks ? _call.Blocks : int.Min(threads, _call.Blocks));
        _memory.Ensure(arenas, threads, call.Batch.IsMixed);
        _data.Begin(in _call.Batch, arenas, threads);
        Times?.Begin(samples, _call.Blocks, threads);
        return threads;
    }

    private void AfterForward()
    {
        if (TrainingStages.Combines(_program))
        {
            // The running statistics have moved.
            _network.StatisticsMoved();
        }
    }

    /// <summary>Goes from a step on to the end of backward, and adds up the blocks' gradients.</summary>
    private void WalkBackward(int first, int threads)
    {
        int samples = _call.Batch.Samples;
        if (_call.SumsBuckets)
        {
            _batchGradients.Begin(_memory.Slots, _memory.SlotStride, samples, mayDefer: false);
            _world.Buckets!.Prepare();
        }

        Walk(first, _stages.StepCount, threads);
        if (first < _stages.OutputStep)
        {
            AfterForward();
        }

        if (!_call.SumsBuckets)
        {
            bool share = WorkSize.IsWorthSharing(_network.CostOfSample * samples, _lanes)
                || (long)_program.SummedParametersLength * _call.Blocks >= WorkSize.MinimumFloats;
            _batchGradients.Compute(_memory.Slots, _memory.SlotStride, samples, share ? _network.Threads : 1, _call.MayDefer);
        }
    }

    private StepContext Context(int block) =>
        new(_network.Seed, _call.Number, _call.Batch.FirstSample + (block * _lanes), _call.Batch.Samples)
        {
            Divisors = _call.Batch.Divisors,
            Values = _losses.ValuesOfBlocks,
            FirstValue = _losses.FirstValueOf(block),
            Ranks = _call.SharesStatistics ? _world.Statistics : null,
        };

    /// <summary>
    /// Does some steps in a row for some samples of a block. Steps that are done sample by sample follow one another for each sample, so
    /// that what one step writes is in the cache when the next one reads it.
    /// </summary>
    private void RunSteps(int step, int end, int block, int firstSample, int endSample, int participant)
    {
        for (int behind; step < end; step = behind)
        {
            behind = _stages.EndOfRow(step, end);
            if (behind == step + 1)
            {
                RunStep(step, 0, _stages.ItemsOf(step), block, participant);
                continue;
            }

            for (int sample = firstSample; sample < endSample; sample++)
            {
                for (int ofRow = step; ofRow < behind; ofRow++)
                {
                    int items = _stages[ofRow].Items;
                    RunStep(ofRow, sample * items, (sample + 1) * items, block, participant);
                }
            }
        }
    }

    /// <summary>
    /// Does some items of a step for a block, and measures their time if the network is profiled. The step may be one of the two that are
    /// not the program's.
    /// </summary>
    private void RunStep(int step, int first, int end, int block, int participant)
    {
        long start = Times is null ? 0 : StepTimes.Now;
        if (step == TrainingStages.Gathering)
        {
            _data.Gather(block, _call.ArenaOf(block, participant), participant);
            Times?.AddGathering(participant, start);
        }
        else if (step == _stages.OutputStep)
        {
            ComputeOutputs(block, participant);
            Times?.AddLoss(participant, start);
        }
        else
        {
            TrainItems(step, first, end, block, participant);
            Times?.AddStep(participant, _stages.IndexInProgram(step), start);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TrainItems(int step, int first, int end, int block, int participant)
    {
        // If the caller has not asked for the gradient of the inputs, it goes to scratch memory. Only backward writes it.
        float* inputGradient = step < _stages.OutputStep ? null
            : _call.InputGradient != null ? _call.InputGradient + ((nint)block * _lanes * _network.InputLength)
            : _memory.InputGradient(participant);
        StepContext context = Context(block);

        // Backward reads no inputs, which may not be pinned any more by then.
        int arenaOfBlock = _call.ArenaOf(block, participant);
        float* inputs = step < _stages.OutputStep ? _data.BlockAt(block, arenaOfBlock).Inputs : null;
        float* arena = _memory.Arena(arenaOfBlock), samplesMemory = _memory.SampleOf(arena, 0), scratch = _memory.Scratch(participant);
        float* parameters = _network.Memory.Pointer, slot = _memory.Slot(block), shared = _memory.Shared;
        StepInfo info = _stages[step];
        int index = _stages.IndexInProgram(step), items = info.Items, count = _call.SamplesOf(block, _lanes);
        int inputLength = _network.InputLength, sampleLength = _program.TrainingSampleLength, slotStride = _memory.SlotStride;
        using Denormals.Scope flush = Denormals.Flush();
        if (!info.IsOfSample)
        {
            Run(first, end, 0, count);
            return;
        }

        // Items go sample by sample.
        for (int sample = first / items; sample < count && sample * items < end; sample++)
        {
            int start = sample * items;
            Run(int.Max(first - start, 0), int.Min(end - start, items), sample, 1);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        void Run(int from, int to, int sample, int samples) => _program.TrainStep(
            index, from, to, in inputs[(nint)sample * inputLength], samples, ref *parameters, ref *arena, ref *slot, slotStride,
            ref *shared, ref samplesMemory[(nint)sample * sampleLength], ref *scratch, ref *inputGradient,
            context with { FirstSample = context.FirstSample + sample });
    }

    /// <summary>Does the step between forward and backward: the end of the one, or the beginning of the other.</summary>
    private void ComputeOutputs(int block, int participant)
    {
        int arenaOfBlock = _call.ArenaOf(block, participant), samples = _call.SamplesOf(block, _lanes);
        ref float arena = ref *_memory.Arena(arenaOfBlock);
        nint outputs = (nint)block * _lanes * _network.OutputLength;
        if (_call.Work == OutputWork.Loss)
        {
            BlockOfBatch data = _data.BlockAt(block, arenaOfBlock);
            _losses.OfBlocks[block] = LossOf(block, data.Classes, in data, ref arena);
            if (_call.Batch.IsMixed && _data.ClassesOfSample > 0)
            {
                MixLoss(block, participant, in data);
            }

            return;
        }

        using Denormals.Scope flush = Denormals.Flush();
        if (_call.Work == OutputWork.Output)
        {
            _program.Output(ref arena, samples, ref _call.Outputs[outputs]);
        }
        else
        {
            _program.OutputGradient(in _call.OutputGradient[outputs], samples, ref arena);
        }
    }

    /// <summary>A block's share of the loss. Its gradients stay in the arena.</summary>
    private double LossOf(int block, int* classes, in BlockOfBatch data, ref float arena)
    {
        StepContext context = Context(block);
        int samples = _call.SamplesOf(block, _lanes);
        float* values = data.Values;
        using Denormals.Scope flush = Denormals.Flush();
        return _program.Loss(in *classes, in *values, samples, ref arena, in context);
    }
}
