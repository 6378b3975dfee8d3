using System;
using System.Numerics;
using System.Runtime.InteropServices;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// The gradients of a batch from what its blocks left in their slots. It is cut into pieces in the same way for any number of threads, and sums are added in the order
/// of the blocks, so that the results are the same to the bit.
/// </summary>
internal sealed unsafe class BatchGradients : ParallelJob, IDisposable
{
    // Gradients that the blocks summed by themselves are added up in pieces of so many floats.
    private const int SumRange = 4096;

    // So many numbers are added one after the other: the error of a sum of n is 64·⌈log₆₄ n⌉·2⁻²⁴ of Σ|terms| at most.
    private const int MostTerms = 64;

    // And so many samples' products in registers.
    private const int MostProducts = 960;

    private readonly NetworkProgram _program;
    private readonly AlignedMemory _gradients;
    private readonly int _lanes;

    // Weight gradients over parts of a batch that is too long for one sum; empty until there is one.
    private AlignedMemory[] _partGradients = [];

    private float* _slots;
    private int _slotStride, _batchBlocks;

    // What is multiplied now, and where to.
    private AlignedMemory _products;
    private int _firstBlock, _blocks, _parts;

    /// <summary>The memory of the gradients is the caller's and outlives this object.</summary>
    public BatchGradients(NetworkProgram program, AlignedMemory gradients)
    {
        (_program, _gradients, _products) = (program, gradients, gradients);
        _lanes = (int)program.Isa;
    }

    /// <summary>What the parts take; null where the network is not profiled.</summary>
    public StepTimes? Times { get; set; }

    /// <summary>Fills the gradients.</summary>
    /// <param name="slots">The first block's slot; that of a single block may be the gradients' own memory, which then has its sums already.</param>
    /// <param name="slotStride">Floats from one slot to the next.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="threads">The most threads, the caller's included.</param>
    public void Compute(float* slots, int slotStride, int blocks, int threads)
    {
        Times?.Ensure(threads);
        _slots = slots;
        _slotStride = slotStride;
        _batchBlocks = blocks;
        int sums = slots == _gradients.Pointer ? 0 : (_program.SummedParametersLength + SumRange - 1) / SumRange;
        if (_program.WeightGradientParts == 0 || blocks <= MostProducts / _lanes)
        {
            (_products, _firstBlock, _blocks, _parts) = (_gradients, 0, blocks, _program.WeightGradientParts);
            RunAll(_parts + sums, threads);
            return;
        }

        SumProducts(_gradients, 0, blocks, 0, threads);
        _parts = 0;
        RunAll(sums, threads);
    }

    public void Dispose() => AlignedMemory.DisposeAll(_partGradients);

    /// <summary>A part of the products, or a range of the sums behind them.</summary>
    protected override void Run(int item, int participant)
    {
        long begin = StepTimes.Now;
        if (item < _parts)
        {
            _program.WeightGradients(item, in *(_slots + ((nint)_firstBlock * _slotStride)), _slotStride, _blocks, ref *_products.Pointer);
            Times?.AddPart(participant, item, begin);
            return;
        }

        int start = (item - _parts) * SumRange;
        int count = int.Min(SumRange, _program.SummedParametersLength - start);
        SumBlocks(new Span<float>(_gradients.Pointer + start, count), start, 0, _batchBlocks);
        Times?.AddSum(participant, begin);
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

    /// <summary>Weight gradients of dense layers over some blocks: those of long batches are sums of parts, as in <see cref="SumBlocks"/>.</summary>
    private void SumProducts(AlignedMemory target, int first, int blocks, int level, int threads)
    {
        int most = MostProducts / _lanes;
        if (blocks <= most)
        {
            (_products, _firstBlock, _blocks, _parts) = (target, first, blocks, _program.WeightGradientParts);
            RunAll(_parts, threads);
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

    /// <summary>Up to <see cref="MostTerms"/> blocks are added one after the other; sums of more are sums of so many parts.</summary>
    private void SumBlocks(Span<float> sum, int start, int first, int blocks)
    {
        if (blocks <= MostTerms)
        {
            new ReadOnlySpan<float>(_slots + ((nint)first * _slotStride) + start, sum.Length).CopyTo(sum);
            for (int block = first + 1; block < first + blocks; block++)
            {
                Add(sum, new ReadOnlySpan<float>(_slots + ((nint)block * _slotStride) + start, sum.Length));
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
