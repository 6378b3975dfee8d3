using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// How a trainer computes gradients: all blocks forward and backward; then the weight gradients over all blocks. Each of the two
/// is cut into pieces in the same way for any number of threads, and sums are added in the order of the blocks, so that the results
/// are the same to the bit.
/// </summary>
internal sealed unsafe class TrainingPass : ParallelJob, IDisposable
{
    // Gradients that the blocks summed by themselves are added up in pieces of so many floats.
    private const int SumRange = 4096;

    // So many numbers are added one after the other: the error of a sum of n is 64·⌈log₆₄ n⌉·2⁻²⁴ of Σ|terms| at most.
    private const int MostTerms = 64;

    // And so many samples' products in registers.
    private const int MostProducts = 960;

    // Forward and backward take about three times the multiply-adds of forward.
    private const int TrainingCost = 3;

    private readonly NetworkProgram _program;
    private readonly CompiledNetwork _network;
    private readonly AlignedMemory _parameters;
    private readonly AlignedMemory _gradients;
    private readonly AlignedMemory _slots;
    private readonly AlignedMemory _shared;
    private readonly int _slotStride;
    private readonly int _lanes;
    private readonly int _classes;
    private readonly int _targetValues;
    private readonly double[] _losses;
    private readonly double[] _blockValues;
    private readonly double[] _values;

    // One of each for every thread that takes part: scratch of a block's pass, its input's gradient, and a block's gathered data.
    private AlignedMemory[] _arenas = [];
    private AlignedMemory[] _inputGradients = [];
    private AlignedMemory[] _inputs = [];
    private AlignedMemory[] _targets = [];
    private AlignedMemory[] _augmented = [];

    // Weight gradients over parts of a batch that is too long for one sum; empty until there is one.
    private AlignedMemory[] _partGradients = [];

    // One for every block of a batch, where passes of several blocks alternate: between Forward and Backward, and with batch norm.
    private AlignedMemory[] _blockArenas = [];

    private Work _work;
    private AlignedMemory _products;
    private int _firstBlock;
    private int _blocks;
    private int _phase;
    private TrainingBatch _batch;
    private long _number;
    private float* _outputs;
    private float* _outputGradient;
    private float* _inputGradient;

    /// <summary>The memory of the gradients is the caller's and outlives this object. Calls hold shares of the trainer and the network.</summary>
    public TrainingPass(CompiledNetwork network, int batchSize, AlignedMemory gradients)
    {
        _network = network;
        _program = network.Program;
        _lanes = (int)_program.Isa;
        (_classes, _targetValues) = (network.Info.ClassTargetLength, network.Info.ValueTargetLength);
        int blocks = Blocks(batchSize);
        _losses = new double[blocks];
        _values = new double[network.Info.Losses.Count];
        _blockValues = new double[blocks * _values.Length];
        _slotStride = (int)AlignedMemory.RoundUp(_program.SlotLength);
        _gradients = _products = gradients;
        (_slots, _shared) = AlignedMemory.Pair((long)blocks * _slotStride, _program.SharedLength);
        _parameters = network.Memory;
    }

    /// <summary>What the threads do with an item.</summary>
    private enum Work
    {
        Blocks,
        ForwardPhase,
        LastForwardPhase,
        BackwardPhase,
        Forward,
        Backward,
        WeightGradients,
        Sums,
    }

    /// <summary>What each loss came to in the last <see cref="ComputeGradients"/>, or since they were cleared, before its weight.</summary>
    public Span<double> Values => _values;

    /// <summary>Loss and gradients of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="number">Number of the forward pass, by which dropout draws.</param>
    /// <returns>The batch's loss.</returns>
    public double ComputeGradients(in TrainingBatch batch, long number)
    {
        _batch = batch;
        _number = number;
        _inputGradient = null;
        int blocks = Blocks(batch.Samples);
        int threads = BlockThreads(batch.Samples);
        EnsureScratch(threads);
        if (IsPhased)
        {
            AlignedMemory.Ensure(ref _blockArenas, blocks, _program.TrainingArenaLength);
        }
        else
        {
            AlignedMemory.Ensure(ref _arenas, threads, _program.TrainingArenaLength);
        }

        if (batch.Order != null)
        {
            AlignedMemory.Ensure(ref _inputs, threads, (long)_lanes * _network.InputLength);
            AlignedMemory.Ensure(ref _targets, threads, (long)_lanes * (_classes + _targetValues));
        }

        if (batch.Augmentation is not null)
        {
            AlignedMemory.Ensure(ref _augmented, threads, _network.InputLength);
        }

        if (IsPhased)
        {
            RunForwardPhases(blocks, threads);
            RunAll(Work.LastForwardPhase, blocks, threads);
            RunBackwardPhases(blocks, threads);
        }
        else
        {
            RunAll(Work.Blocks, blocks, threads);
        }

        SumGradients();
        double loss = 0;
        Values.Clear();
        for (int block = 0; block < blocks; block++)
        {
            loss += _losses[block];
            AddValues(block);
        }

        return loss;
    }

    /// <summary>The share that some outputs of inference have in the loss of a larger batch, in which they begin at a sample.</summary>
    /// <param name="outputs">Outputs of the batch's samples, one after the other.</param>
    /// <param name="batch">The targets of these outputs, but the number of samples and the divisors of the whole batch.</param>
    /// <param name="samples">Number of these outputs.</param>
    public double LossOfOutputs(float* outputs, in TrainingBatch batch, int samples)
    {
        AlignedMemory.Ensure(ref _arenas, 1, _program.TrainingArenaLength);
        var step = new StepContext(_network.Seed, 0, 0, batch.Samples) { Divisors = batch.Divisors, Values = _blockValues };
        Array.Clear(_blockValues);
        ref float arena = ref *_arenas[0].Pointer;
        double loss = 0;
        for (int first = 0; first < samples; first += _lanes)
        {
            int count = int.Min(_lanes, samples - first);
            ref float output = ref outputs[(nint)first * _network.OutputLength];
            int* classes = batch.Classes + ((nint)first * _classes);
            float* values = batch.Values + ((nint)first * _targetValues);
            loss += _program.LossOfOutputs(ref output, in *classes, in *values, count, ref arena, in step);
            AddValues(block: 0);
        }

        return loss;
    }

    /// <summary>
    /// Goes forward again over the batch of the last <see cref="ComputeGradients"/>, whose data must still be pinned, and finds the first
    /// layer's output that holds numbers that are not finite. Running statistics move once more.
    /// </summary>
    /// <returns>Its index in <see cref="NetworkProgram.TrainingTensors"/>; −1 where none is seen.</returns>
    public int FindNonFinite()
    {
        int blocks = Blocks(_batch.Samples), first = int.MaxValue;

        // The blocks are visited one by one: where they do not wait for one another, one arena does for all.
        if (IsPhased)
        {
            AlignedMemory.Ensure(ref _blockArenas, blocks, _program.TrainingArenaLength);
            RunForwardPhases(blocks, BlockThreads(_batch.Samples));
        }
        else
        {
            AlignedMemory.Ensure(ref _arenas, 1, _program.TrainingArenaLength);
        }

        IReadOnlyList<TrainingTensor> tensors = _program.TrainingTensors;
        for (int block = 0; block < blocks; block++)
        {
            StepContext step = Context(block);
            int samples = Samples(block);
            ref float arena = ref *(IsPhased ? _blockArenas[block] : _arenas[0]).Pointer;
            float* inputs = BlockData(block, samples, participant: 0).Inputs;
            _program.ForwardPhase(
                _program.ForwardPhases - 1, in *inputs, samples, in *_parameters.Pointer, ref arena, ref Slot(block),
                in *_shared.Pointer, in step);
            for (int i = 0; i < int.Min(first, tensors.Count); i++)
            {
                TrainingTensor tensor = tensors[i];
                if (!IsFinite(in Unsafe.Add(ref tensor.InSlot ? ref Slot(block) : ref arena, tensor.Offset), tensor.Length, samples))
                {
                    first = i;
                }
            }
        }

        return first < tensors.Count ? first : -1;
    }

    /// <summary>Forward pass in training mode that keeps what <see cref="Backward"/> needs.</summary>
    public void Forward(float* inputs, float* outputs, int samples, long number)
    {
        _batch = new TrainingBatch { Inputs = inputs, Samples = samples };
        _outputs = outputs;
        _number = number;
        AlignedMemory.Ensure(ref _blockArenas, Blocks(samples), _program.TrainingArenaLength);
        RunForwardPhases(Blocks(samples), BlockThreads(samples));
        RunAll(Work.Forward, Blocks(samples), BlockThreads(samples));
    }

    /// <summary>Gradients of the batch of the last <see cref="Forward"/>.</summary>
    public void Backward(float* outputGradient, float* inputGradient)
    {
        _outputGradient = outputGradient;
        _inputGradient = inputGradient;
        int threads = BlockThreads(_batch.Samples);
        EnsureScratch(threads);
        RunAll(Work.Backward, Blocks(_batch.Samples), threads);
        RunBackwardPhases(Blocks(_batch.Samples), threads);
        SumGradients();
    }

    public void Dispose()
    {
        _slots.Dispose();
        _shared.Dispose();
        AlignedMemory.DisposeAll(_arenas);
        AlignedMemory.DisposeAll(_inputGradients);
        AlignedMemory.DisposeAll(_inputs);
        AlignedMemory.DisposeAll(_targets);
        AlignedMemory.DisposeAll(_augmented);
        AlignedMemory.DisposeAll(_partGradients);
        AlignedMemory.DisposeAll(_blockArenas);
    }

    protected override void Run(int item, int participant)
    {
        switch (_work)
        {
            case Work.Blocks:
                RunBlock(item, participant);
                break;
            case Work.ForwardPhase:
                RunForwardPhase(item, participant);
                break;
            case Work.LastForwardPhase:
                RunLastForwardPhase(item, participant);
                break;
            case Work.BackwardPhase:
                RunBackwardPhase(item, participant);
                break;
            case Work.Forward:
                ForwardBlock(item);
                break;
            case Work.Backward:
                BackwardBlock(item, participant);
                break;
            case Work.WeightGradients when item >= _program.WeightGradientParts:
                SumPart(item - _program.WeightGradientParts);
                break;
            case Work.WeightGradients:
                _program.WeightGradients(
                    item, in *(_slots.Pointer + ((nint)_firstBlock * _slotStride)), _slotStride, _blocks, ref *_products.Pointer);
                break;
            default:
                SumPart(item);
                break;
        }
    }

    /// <summary>sum ← sum + values.</summary>
    private static void Add(Span<float> sum, ReadOnlySpan<float> values)
    {
        values = values[..sum.Length];
        Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        ReadOnlySpan<Vector<float>> addends = MemoryMarshal.Cast<float, Vector<float>>(values)[..sums.Length];
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += addends[i];
        }

        for (int i = sums.Length * Vector<float>.Count; i < sum.Length; i++)
        {
            sum[i] += values[i];
        }
    }

    // Lanes without a sample hold anything.
    private bool IsFinite(ref readonly float values, int length, int samples)
    {
        for (int i = 0; i < length; i++)
        {
            if (i % _lanes < samples && !float.IsFinite(Unsafe.Add(ref Unsafe.AsRef(in values), i)))
            {
                return false;
            }
        }

        return true;
    }

    private static int Ranges(int length, int range) => (length + range - 1) / range;

    private int Blocks(int samples) => (int)(((long)samples + _lanes - 1) / _lanes);

    private int BlockThreads(int samples) => WorkSize.IsWorthSharing(TrainingCost * _network.CostOfSample * samples, _lanes)
        ? int.Min(_network.Threads, Blocks(samples))
        : 1;

    private void EnsureScratch(int threads)
    {
        if (_program.HasInputGradient)
        {
            AlignedMemory.Ensure(ref _inputGradients, threads, (long)_lanes * _network.InputLength);
        }
    }

    /// <summary>Whether blocks wait for one another: batch norm normalises by the statistics of the whole batch.</summary>
    private bool IsPhased => _program.ForwardPhases > 1 || _program.BackwardPhases > 1;

    /// <summary>All phases of forward but the last, each followed by what all blocks need to know.</summary>
    private void RunForwardPhases(int blocks, int threads)
    {
        for (_phase = 0; _phase < _program.ForwardPhases - 1; _phase++)
        {
            RunAll(Work.ForwardPhase, blocks, threads);
            StepContext step = Context(0);
            _program.CombineForward(_phase, in *_slots.Pointer, _slotStride, ref *_parameters.Pointer, ref *_shared.Pointer, in step);
        }

        if (_phase > 0)
        {
            // The running statistics have moved.
            _network.Derive();
        }
    }

    /// <summary>All phases of backward but the first.</summary>
    private void RunBackwardPhases(int blocks, int threads)
    {
        for (_phase = 1; _phase < _program.BackwardPhases; _phase++)
        {
            StepContext step = Context(0);
            _program.CombineBackward(_phase - 1, in *_slots.Pointer, _slotStride, ref *_parameters.Pointer, ref *_shared.Pointer, in step);
            RunAll(Work.BackwardPhase, blocks, threads);
        }
    }

    private void RunAll(Work work, int items, int threads)
    {
        _work = work;
        RunAll(items, threads);
    }

    private void SumGradients()
    {
        bool share = WorkSize.IsWorthSharing(_network.CostOfSample * _batch.Samples, _lanes)
            || (long)_program.SummedParametersLength * Blocks(_batch.Samples) >= WorkSize.MinimumFloats;
        int threads = share ? _network.Threads : 1;
        int products = _program.WeightGradientParts, sums = Ranges(_program.SummedParametersLength, SumRange), blocks = Blocks(_batch.Samples);
        if (products == 0 || blocks <= MostProducts / _lanes)
        {
            (_products, _firstBlock, _blocks) = (_gradients, 0, blocks);
            RunAll(Work.WeightGradients, products + sums, threads);
            return;
        }

        SumProducts(_gradients, 0, blocks, 0, threads);
        RunAll(Work.Sums, sums, threads);
    }

    private StepContext Context(int block) => new(_network.Seed, _number, block * _lanes, _batch.Samples)
    {
        Divisors = _batch.Divisors,
        Values = _blockValues,
        FirstValue = block * _values.Length,
    };

    private void AddValues(int block)
    {
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] += _blockValues[(block * _values.Length) + i];
        }
    }

    private int Samples(int block) => int.Min(_lanes, _batch.Samples - (block * _lanes));

    private ref float Slot(int block) => ref *(_slots.Pointer + ((nint)block * _slotStride));

    // The program only writes an input's gradient where it has one.
    private float* InputGradientScratch(int participant) =>
        _program.HasInputGradient ? _inputGradients[participant].Pointer : null;

    private void RunBlock(int block, int participant)
    {
        StepContext step = Context(block);
        int samples = Samples(block);
        ref readonly float parameters = ref *_parameters.Pointer;
        ref float arena = ref *_arenas[participant].Pointer;
        BlockOfBatch data = BlockData(block, samples, participant);
        _program.Forward(in *data.Inputs, samples, in parameters, ref arena, ref Slot(block), in step);
        _losses[block] = _program.Loss(in *data.Classes, in *data.Values, samples, ref arena, in step);
        _program.Backward(samples, in parameters, ref arena, ref Slot(block), ref *InputGradientScratch(participant), in step);
    }

    private void RunForwardPhase(int block, int participant)
    {
        StepContext step = Context(block);
        int samples = Samples(block);
        float* inputs = _phase == 0 ? BlockData(block, samples, participant).Inputs : _batch.Inputs;
        _program.ForwardPhase(
            _phase, in *inputs, samples, in *_parameters.Pointer, ref *_blockArenas[block].Pointer, ref Slot(block), in *_shared.Pointer, in step);
    }

    private void RunLastForwardPhase(int block, int participant)
    {
        StepContext step = Context(block);
        int samples = Samples(block);
        ref readonly float parameters = ref *_parameters.Pointer;
        ref float arena = ref *_blockArenas[block].Pointer;
        BlockOfBatch data = BlockData(block, samples, participant, withInputs: _program.ForwardPhases == 1);
        _program.ForwardPhase(
            _program.ForwardPhases - 1, in *data.Inputs, samples, in parameters, ref arena, ref Slot(block), in *_shared.Pointer, in step);
        _losses[block] = _program.Loss(in *data.Classes, in *data.Values, samples, ref arena, in step);
        _program.BackwardPhase(
            0, samples, in parameters, ref arena, ref Slot(block), in *_shared.Pointer, ref *InputGradientScratch(participant), in step);
    }

    private void RunBackwardPhase(int block, int participant)
    {
        StepContext step = Context(block);
        _program.BackwardPhase(
            _phase, Samples(block), in *_parameters.Pointer, ref *_blockArenas[block].Pointer, ref Slot(block), in *_shared.Pointer,
            ref *BlockInputGradient(block, participant), in step);
    }

    /// <summary>Where the caller wants the input's gradient of a block, if so.</summary>
    private float* BlockInputGradient(int block, int participant) => _inputGradient != null
        ? _inputGradient + ((nint)block * _lanes * _network.InputLength)
        : InputGradientScratch(participant);

    /// <summary>The block's samples and targets: where they stand, or gathered by the batch's order, and augmented.</summary>
    /// <param name="block">Number of the block.</param>
    /// <param name="samples">Its samples.</param>
    /// <param name="participant">Who gathers them.</param>
    /// <param name="withInputs">Whether the samples are wanted; targets always are.</param>
    private BlockOfBatch BlockData(int block, int samples, int participant, bool withInputs = true)
    {
        int first = block * _lanes, inputLength = _network.InputLength;
        if (_batch.Order == null)
        {
            return new BlockOfBatch(
                _batch.Inputs + ((nint)first * inputLength),
                _batch.Classes + ((nint)first * _classes),
                _batch.Values + ((nint)first * _targetValues));
        }

        float* inputs = _inputs[participant].Pointer, values = _targets[participant].Pointer;
        int* classes = (int*)(values + (_lanes * _targetValues));
        for (int s = 0; s < samples; s++)
        {
            nint sample = _batch.Order[first + s];
            var input = new ReadOnlySpan<float>(_batch.Inputs + (sample * inputLength), inputLength);
            Span<float> chosenInput = new(inputs + (s * inputLength), inputLength);
            Span<int> chosenClasses = new(classes + (s * _classes), _classes);
            new ReadOnlySpan<int>(_batch.Classes + (sample * _classes), _classes).CopyTo(chosenClasses);
            new ReadOnlySpan<float>(_batch.Values + (sample * _targetValues), _targetValues)
                .CopyTo(new Span<float>(values + (s * _targetValues), _targetValues));
            if (_batch.Augmentation is { } moving)
            {
                moving.MoveTarget((int)sample, chosenClasses, _augmented[participant].Pointer);
            }

            if (!withInputs)
            {
                continue;
            }

            if (_batch.Augmentation is { } augmentation)
            {
                augmentation.Apply((int)sample, input, chosenInput, _augmented[participant].Pointer);
            }
            else
            {
                input.CopyTo(chosenInput);
            }
        }

        return new BlockOfBatch(inputs, classes, values);
    }

    private void ForwardBlock(int block)
    {
        StepContext step = Context(block);
        int samples = Samples(block);
        nint first = (nint)block * _lanes;
        ref float arena = ref *_blockArenas[block].Pointer;
        _program.ForwardPhase(
            _program.ForwardPhases - 1, in *(_batch.Inputs + (first * _network.InputLength)), samples, in *_parameters.Pointer, ref arena,
            ref Slot(block), in *_shared.Pointer, in step);
        _program.Output(ref arena, samples, ref *(_outputs + (first * _network.OutputLength)));
    }

    private void BackwardBlock(int block, int participant)
    {
        StepContext step = Context(block);
        int samples = Samples(block);
        nint first = (nint)block * _lanes;
        ref float arena = ref *_blockArenas[block].Pointer;
        _program.OutputGradient(in *(_outputGradient + (first * _network.OutputLength)), samples, ref arena);
        _program.BackwardPhase(
            0, samples, in *_parameters.Pointer, ref arena, ref Slot(block), in *_shared.Pointer, ref *BlockInputGradient(block, participant), in step);
    }

    /// <summary>Weight gradients of dense layers over some blocks: those of long batches are sums of parts, as in <see cref="SumBlocks"/>.</summary>
    private void SumProducts(AlignedMemory target, int first, int blocks, int level, int threads)
    {
        int most = MostProducts / _lanes;
        if (blocks <= most)
        {
            (_products, _firstBlock, _blocks) = (target, first, blocks);
            RunAll(Work.WeightGradients, _program.WeightGradientParts, threads);
            return;
        }

        int part = most;
        while (part * (long)MostTerms < blocks)
        {
            part *= MostTerms;
        }

        int start = _program.SummedParametersLength, count = _program.TrainableLength - start;
        AlignedMemory.Ensure(ref _partGradients, level + 1, _gradients.Length);
        SumProducts(target, first, part, level + 1, threads);
        for (int done = part; done < blocks; done += part)
        {
            SumProducts(_partGradients[level], first + done, int.Min(part, blocks - done), level + 1, threads);
            Add(new Span<float>(target.Pointer + start, count), new ReadOnlySpan<float>(_partGradients[level].Pointer + start, count));
        }
    }

    private void SumPart(int item)
    {
        int start = item * SumRange;
        int count = int.Min(SumRange, _program.SummedParametersLength - start);
        var sum = new Span<float>(_gradients.Pointer + start, count);
        SumBlocks(sum, start, 0, Blocks(_batch.Samples));
    }

    /// <summary>Up to <see cref="MostTerms"/> blocks are added one after the other; sums of more are sums of so many parts.</summary>
    private void SumBlocks(Span<float> sum, int start, int first, int blocks)
    {
        if (blocks <= MostTerms)
        {
            new ReadOnlySpan<float>(_slots.Pointer + ((nint)first * _slotStride) + start, sum.Length).CopyTo(sum);
            for (int block = first + 1; block < first + blocks; block++)
            {
                Add(sum, new ReadOnlySpan<float>(_slots.Pointer + ((nint)block * _slotStride) + start, sum.Length));
            }

            return;
        }

        int part = MostTerms;
        while (part * (long)MostTerms < blocks)
        {
            part *= MostTerms;
        }

        Span<float> partSum = stackalloc float[SumRange];
        partSum = partSum[..sum.Length];
        SumBlocks(sum, start, first, part);
        for (int done = part; done < blocks; done += part)
        {
            SumBlocks(partSum, start, first + done, int.Min(part, blocks - done));
            Add(sum, partSum);
        }
    }
}

/// <summary>A block's samples and targets.</summary>
internal readonly unsafe struct BlockOfBatch(float* inputs, int* classes, float* values)
{
    public float* Inputs { get; } = inputs;

    public int* Classes { get; } = classes;

    public float* Values { get; } = values;
}

/// <summary>The data of one step. The caller has pinned it.</summary>
internal unsafe struct TrainingBatch
{
    /// <summary>Samples, one after the other.</summary>
    public float* Inputs;

    /// <summary>Class indices, one sample after the other; null where no loss takes them.</summary>
    public int* Classes;

    /// <summary>Values, likewise.</summary>
    public float* Values;

    /// <summary>What each loss divides its sum by.</summary>
    public double[]? Divisors;

    /// <summary>Which samples and targets form the batch; null for the first ones.</summary>
    public int* Order;

    /// <summary>What becomes of the samples that <see cref="Order"/> chooses; null for nothing.</summary>
    public BatchAugmentation? Augmentation;

    public int Samples;
}
