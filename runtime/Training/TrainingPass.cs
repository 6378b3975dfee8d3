using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// Computes the gradients of a batch. The batch is divided into blocks of as many samples as a vector has lanes. All blocks go forward and
/// backward. Then <see cref="BatchGradients"/> adds up their gradients. If there are enough blocks, threads divide the work by blocks.
/// Otherwise they divide it by samples or by items of each step. The results are the same to the bit. A block's memory consists of its
/// arena and its slot, which outlives the block's pass.
/// </summary>
internal sealed unsafe partial class TrainingPass : StageJob, IDisposable
{
    private readonly NetworkProgram _program;
    private readonly CompiledNetwork _network;
    private readonly AlignedMemory _parameters;
    private readonly AlignedMemory _blockSlots;
    private readonly float* _slots;
    private readonly AlignedMemory _shared;
    private readonly BatchGradients _batchGradients;
    private readonly int _slotStride;
    private readonly int _lanes;

    private readonly TrainingMemory _memory;
    private readonly int _samplesFrom;
    private readonly int _classes;
    private readonly int _targetValues;
    private readonly BatchData _data;
    private readonly double[] _losses;
    private readonly double[] _blockValues;
    private readonly double[] _values;

    // Arenas: one per block if all blocks are in memory at once, otherwise one per thread.
    private AlignedMemory[] _arenas = [];

    // An arena for the losses of given outputs, so that those of the batch are not overwritten.
    private AlignedMemory? _outputArena;

    // One of each per thread. The last are the loss's gradients for the samples' own classes, while those of the mixed ones are computed.
    private AlignedMemory[] _inputGradients = [];
    private AlignedMemory[] _scratch = [];
    private float[][] _gradientsOfOwn = [];

    private TrainingStages _stages;
    private TrainingWorld _world = TrainingWorld.Alone;
    private TrainingBatch _batch;
    private long _passNumber;
    private int _blocks;
    private bool _keepsBlocks;

    // Whether the pass sums batch norm's numbers over all processes, and whether it sums the buckets of gradients.
    private bool _sharesStatistics, _sumsBuckets;

    // The pieces of a bucket that are done.
    private int _piecesDone;
    private OutputWork _outputWork;
    private float* _outputs;
    private float* _outputGradient;
    private float* _inputGradient;

    /// <summary>
    /// Creates a pass. The gradients' memory belongs to the caller and must outlive this object. With a single block, it is also the
    /// block's slot. Then it has room for <see cref="NetworkProgram.SlotFrontLength"/> floats before the gradients. Whoever calls a method
    /// holds a <see cref="Lifetime.Hold"/> of the trainer and one of the network.
    /// </summary>
    public TrainingPass(CompiledNetwork network, TrainingMemory memory, DenseProducts products, AlignedMemory gradients)
        : base(team: null)
    {
        _network = network;
        _program = network.Program;
        _lanes = _program.Isa.Lanes();
        _stages = new TrainingStages(_program);
        (_memory, _samplesFrom) = (memory, memory.SamplesFrom);
        (_classes, _targetValues) = (network.Info.ClassTargetLength, network.Info.ValueTargetLength);
        _losses = new double[memory.Blocks];
        _values = new double[network.Info.Losses.Count];
        _blockValues = new double[memory.Blocks * _values.Length];
        _slotStride = memory.SlotStride;
        (_blockSlots, _shared) = AlignedMemory.Pair(memory.BlockSlots, memory.Shared);
        _slots = memory.HasBlockSlots ? _blockSlots.Pointer + _program.SlotFrontLength : gradients.Pointer;
        _parameters = network.Memory;
        _batchGradients = new BatchGradients(_program, products, gradients);
        _data = new BatchData(network, _lanes);
        Times = _program.ProfiledSteps.Count > 0 ? new StepTimes(_program) : null;
        _batchGradients.Times = Times;
    }

    /// <summary>What the step between forward and backward does.</summary>
    private enum OutputWork
    {
        Loss,
        Output,
        OutputGradient,
    }

    /// <summary>Measures the time of the steps; null if the network is not profiled.</summary>
    public StepTimes? Times { get; }

    /// <summary>
    /// The value of each loss, without its weight. <see cref="ComputeGradients"/> sets them; <see cref="LossOfOutputs"/> adds to them.
    /// </summary>
    public Span<double> Values => _values;

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
        int threads = Begin(in batch, pass, keepsBlocks: _stages.IsCut);
        _inputGradient = null;
        _outputWork = OutputWork.Loss;
        WalkBackward(
            batch.Order == null ? TrainingStages.FirstForward : TrainingStages.Gathering, threads, mayDefer, sumsBuckets,
            afterForward: true);
        double loss = 0;
        Values.Clear();
        for (int block = 0; block < _blocks; block++)
        {
            loss += _losses[block];
            AddValues(block);
        }

        return loss;
    }

    /// <summary>Computes what some outputs of inference contribute to the loss of a larger batch.</summary>
    /// <param name="outputs">The outputs, one sample after the other.</param>
    /// <param name="batch">The targets of these outputs, with the number of samples and the divisors of the whole batch.</param>
    /// <param name="samples">The number of samples that these are the outputs of.</param>
    public double LossOfOutputs(float* outputs, in TrainingBatch batch, int samples)
    {
        AlignedMemory.Ensure(ref _outputArena, _program.TrainingArenaLength);
        var step = new StepContext(_network.Seed, 0, 0, batch.Samples) { Divisors = batch.Divisors, Values = _blockValues };
        Array.Clear(_blockValues);
        ref float arena = ref *_outputArena.Pointer;
        double loss = 0;
        for (int first = 0; first < samples; first += _lanes)
        {
            int count = int.Min(_lanes, samples - first);
            ref float output = ref outputs[(nint)first * _network.OutputLength];
            int* classes = batch.Classes + ((nint)first * _classes);
            float* values = batch.Values + ((nint)first * _targetValues);
            using (Denormals.Flush())
            {
                loss += _program.LossOfOutputs(ref output, in *classes, in *values, count, ref arena, in step);
            }

            AddValues(block: 0);
        }

        return loss;
    }

    /// <summary>Does a forward pass in training mode, which keeps what <see cref="Backward"/> needs.</summary>
    public void Forward(float* inputs, float* outputs, int samples, int firstSample, long pass)
    {
        int threads = Begin(
            new TrainingBatch { Inputs = inputs, Samples = samples, FirstSample = firstSample }, pass, keepsBlocks: true);
        _outputs = outputs;
        _outputWork = OutputWork.Output;
        Walk(TrainingStages.FirstForward, _stages.OutputStep + 1, threads);
        AfterForward();
    }

    /// <summary>Computes the gradients of the batch of the last <see cref="Forward"/>.</summary>
    public void Backward(float* outputGradient, float* inputGradient)
    {
        _outputGradient = outputGradient;
        _inputGradient = inputGradient;
        _outputWork = OutputWork.OutputGradient;
        WalkBackward(_stages.OutputStep, Threads, mayDefer: false, sumsBuckets: true, afterForward: false);
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
        _blockSlots.Dispose();
        _shared.Dispose();
        AlignedMemory.DisposeAll(_arenas);
        _outputArena?.Dispose();
        _data.Dispose();
        AlignedMemory.DisposeAll(_inputGradients);
        AlignedMemory.DisposeAll(_scratch);
    }

    /// <inheritdoc/>
    protected override Stage StageFrom(int step)
    {
        Stage stage = _stages.From(step, End);
        return stage.Kind != PieceKind.Bucket ? stage
            : stage with { Pieces = _sumsBuckets ? BatchGradients.PiecesOf(_world.Buckets![_stages.BucketOf(step)]) : 0 };
    }

    /// <inheritdoc/>
    protected override void RunPiece(int step, Stage stage, int piece, int participant)
    {
        switch (stage.Kind)
        {
            case PieceKind.ForAllSamples:
                RunProgram(step, 0, 1, block: 0, participant);
                break;
            case PieceKind.Bucket:
                RunBucket(_stages.BucketOf(step), piece, participant);
                break;
            case PieceKind.WholeSamples:
                RunSample(step, stage.End, piece / _lanes, piece % _lanes, participant);
                break;
            case PieceKind.WholeBlocks:
                for (int block = piece * stage.Size; block < int.Min((piece + 1) * stage.Size, _blocks); block++)
                {
                    RunSteps(step, stage.End, block, participant);
                }

                break;
            default:
                (int of, int chunk) = int.DivRem(piece, stage.Pieces / _blocks);
                (int first, int last) = _stages.ItemsOf(step, chunk);
                RunItems(step, first, last, of, participant);
                break;
        }
    }

    /// <summary>Prepares the steps for a batch. Returns the number of threads.</summary>
    private int Begin(in TrainingBatch batch, long pass, bool keepsBlocks)
    {
        int threads = TrainingStages.ThreadsFor(_network, batch.Samples);
        _network.Derive();
        _stages.Begin(batch.Samples, threads);
        (_batch, _passNumber, _blocks) = (batch, pass, _stages.Blocks);
        _sharesStatistics = true;
        _keepsBlocks = keepsBlocks || !_stages.BlocksStayWhole;

        // A process without a sample of the batch does the combining steps, which are given an arena.
        int arenas = int.Max(1, _keepsBlocks ? _blocks : int.Min(threads, _blocks));
        AlignedMemory.Ensure(ref _arenas, arenas, _memory.Arena);
        if (_program.TrainingSampleLength > 0)
        {
            AlignedMemory.Ensure(ref _scratch, threads, _memory.Scratch);
        }

        _data.Begin(in batch, arenas, threads);
        Times?.Begin(batch.Samples, _blocks, threads);
        if (batch.IsMixed && _gradientsOfOwn.Length < threads)
        {
            _gradientsOfOwn = new float[threads][];
        }

        if (_program.HasInputGradient)
        {
            AlignedMemory.Ensure(ref _inputGradients, threads, _memory.InputGradient);
        }

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

    /// <summary>Goes backward from a step on, and adds up the blocks' gradients.</summary>
    private void WalkBackward(int first, int threads, bool mayDefer, bool sumsBuckets, bool afterForward)
    {
        _sumsBuckets = sumsBuckets && _world.Buckets is not null;
        if (_sumsBuckets)
        {
            _batchGradients.Begin(_slots, _slotStride, _batch.Samples, mayDefer: false);
            _piecesDone = 0;
        }

        Walk(first, _stages.StepCount, threads);
        if (afterForward)
        {
            AfterForward();
        }

        if (!_sumsBuckets)
        {
            SumGradients(mayDefer);
        }
    }

    private void SumGradients(bool mayDefer)
    {
        bool share = WorkSize.IsWorthSharing(_network.CostOfSample * _batch.Samples, _lanes)
            || (long)_program.SummedParametersLength * _blocks >= WorkSize.MinimumFloats;
        _batchGradients.Compute(_slots, _slotStride, _batch.Samples, share ? _network.Threads : 1, mayDefer);
    }

    /// <summary>Does a piece of the work for a bucket of gradients. After the last piece, the sum over all processes begins.</summary>
    private void RunBucket(int bucket, int piece, int participant)
    {
        GradientBucket gradients = _world.Buckets![bucket];
        _batchGradients.RunPiece(gradients, piece, participant);
        int done = Interlocked.Increment(ref _piecesDone);
        if (done == BatchGradients.PiecesOf(gradients))
        {
            // The next bucket's pieces begin after all threads have met.
            _piecesDone = 0;
            _world.Buckets.Begin(bucket);
        }
    }

    private StepContext Context(int block) =>
        new(_network.Seed, _passNumber, _batch.FirstSample + (block * _lanes), _batch.Samples)
        {
            Divisors = _batch.Divisors,
            Values = _blockValues,
            FirstValue = block * _values.Length,
            Ranks = _sharesStatistics ? _world.Statistics : null,
        };

    private void AddValues(int block)
    {
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] += _blockValues[(block * _values.Length) + i];
        }
    }

    private int Samples(int block) => int.Min(_lanes, _batch.Samples - (block * _lanes));

    /// <summary>The index of a block's arena. If not all blocks are in memory at once, each thread has an arena.</summary>
    private int ArenaOf(int block, int participant) => _keepsBlocks ? block : participant;

    private float* Slot(int block) => _slots + ((nint)block * _slotStride);

    /// <summary>Does some steps in a row for a block.</summary>
    private void RunSteps(int step, int end, int block, int participant)
    {
        for (int behind; step < end; step = behind)
        {
            behind = _stages.EndOfRow(step, end);
            if (behind == step + 1)
            {
                RunItems(step, 0, _stages.ItemsOf(step), block, participant);
                continue;
            }

            for (int sample = 0; sample < Samples(block); sample++)
            {
                RunSample(step, behind, block, sample, participant);
            }
        }
    }

    /// <summary>
    /// Does several steps in a row for one sample, so that what one step writes is in the cache when the next one reads it.
    /// </summary>
    private void RunSample(int step, int end, int block, int sample, int participant)
    {
        for (; step < end; step++)
        {
            int items = _stages[step].Items;
            RunProgram(step, sample * items, (sample + 1) * items, block, participant);
        }
    }

    /// <summary>Does some items of a step for a block. The step may be one of the two that are not the program's.</summary>
    private void RunItems(int step, int first, int end, int block, int participant)
    {
        if (step == TrainingStages.Gathering)
        {
            long start = StepTimes.Now;
            _data.Gather(block, ArenaOf(block, participant), participant);
            Times?.AddGathering(participant, start);
        }
        else if (step == _stages.OutputStep)
        {
            long start = StepTimes.Now;
            RunOutputs(block, participant);
            Times?.AddLoss(participant, start);
        }
        else
        {
            RunProgram(step, first, end, block, participant);
        }
    }

    /// <summary>Does some items of a step of the program, and measures their time if the network is profiled.</summary>
    private void RunProgram(int step, int first, int end, int block, int participant)
    {
        if (Times is null)
        {
            TrainItems(step, first, end, block, participant);
            return;
        }

        long start = StepTimes.Now;
        TrainItems(step, first, end, block, participant);
        Times.AddStep(participant, _stages.IndexInProgram(step), start);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TrainItems(int step, int first, int end, int block, int participant)
    {
        // If the caller has not asked for the gradient of the inputs, it goes to scratch memory. Only backward writes it.
        float* inputGradient = step < _stages.OutputStep ? null
            : _inputGradient != null ? _inputGradient + ((nint)block * _lanes * _network.InputLength)
            : _program.HasInputGradient ? _inputGradients[participant].Pointer : null;
        StepContext context = Context(block);

        // Backward reads no inputs, which may not be pinned any more by then.
        float* inputs = step < _stages.OutputStep ? _data.Of(block, ArenaOf(block, participant)).Inputs : null;
        float* arena = _arenas[ArenaOf(block, participant)].Pointer, scratch = _scratch.Length > participant
            ? _scratch[participant].Pointer : null;
        float* parameters = _parameters.Pointer, slot = Slot(block), shared = _shared.Pointer;
        StepInfo info = _stages[step];
        int index = _stages.IndexInProgram(step), items = info.Items, count = Samples(block), inputLength = _network.InputLength;
        int sampleLength = _program.TrainingSampleLength;
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
            index, from, to, in inputs[(nint)sample * inputLength], samples, ref *parameters, ref *arena, ref *slot, _slotStride,
            ref *shared, ref *SampleOf(arena, sample, sampleLength), ref *scratch, ref *inputGradient,
            context with { FirstSample = context.FirstSample + sample });
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* SampleOf(float* arena, int sample, int length) => arena + _samplesFrom + ((nint)sample * length);

    /// <summary>Does the step between forward and backward: the end of the one, or the beginning of the other.</summary>
    private void RunOutputs(int block, int participant)
    {
        ref float arena = ref *_arenas[ArenaOf(block, participant)].Pointer;
        nint outputs = (nint)block * _lanes * _network.OutputLength;
        int samples = Samples(block);
        if (_outputWork == OutputWork.Loss)
        {
            BlockOfBatch data = _data.Of(block, ArenaOf(block, participant));
            _losses[block] = LossOf(block, data.Classes, in data, ref arena);
            if (_batch.IsMixed && _classes > 0)
            {
                MixLoss(block, participant, in data);
            }

            return;
        }

        using Denormals.Scope flush = Denormals.Flush();
        if (_outputWork == OutputWork.Output)
        {
            _program.Output(ref arena, samples, ref _outputs[outputs]);
        }
        else
        {
            _program.OutputGradient(in _outputGradient[outputs], samples, ref arena);
        }
    }

    /// <summary>A block's share of the loss. Its gradients stay in the arena.</summary>
    private double LossOf(int block, int* classes, in BlockOfBatch data, ref float arena)
    {
        StepContext context = Context(block);
        int samples = Samples(block);
        float* values = data.Values;
        using Denormals.Scope flush = Denormals.Flush();
        return _program.Loss(in *classes, in *values, samples, ref arena, in context);
    }
}
