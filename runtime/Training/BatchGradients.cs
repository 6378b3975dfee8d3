using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// Computes the gradients of a batch from what its blocks of samples have left in their slots. The results are the same to the bit for any
/// number of threads: the work is always cut into the same pieces, and sums are added in the order of the blocks.
/// </summary>
internal sealed unsafe class BatchGradients : ParallelJob, IDisposable
{
    // Floats of a piece of work, for gradients that each block has already summed over its samples.
    private const int SumRange = 4096;

    // The most numbers that are added one after the other. The error of a sum of n numbers is then at most 64·⌈log₆₄ n⌉·2⁻²⁴·Σ|terms|.
    private const int MostTerms = 64;

    // The most samples whose products are summed in registers.
    public const int MostProducts = 960;

    private readonly NetworkProgram _program;
    private readonly DenseProducts _products;
    private readonly AlignedMemory _gradients;
    private readonly int _lanes;

    // Weight gradients of the sections of a batch that is too long for one sum. Empty until such a batch comes.
    private AlignedMemory[] _sectionGradients = [];

    private float* _slots;
    private int _slotStride, _batchBlocks;

    // The products that are being computed, and where their sums go.
    private AlignedMemory _target;
    private int _firstBlock, _samples, _slices;

    /// <summary>The gradients' memory belongs to the caller, and must outlive this object.</summary>
    public BatchGradients(NetworkProgram program, DenseProducts products, AlignedMemory gradients)
    {
        (_program, _products, _gradients, _target) = (program, products, gradients, gradients);
        _lanes = program.Isa.Lanes();
    }

    /// <summary>Measures the time of the pieces; null if the network is not profiled.</summary>
    public StepTimes? Times { get; set; }

    /// <summary>Computes the gradients, except those of deferred products.</summary>
    /// <param name="slots">
    /// The first block's slot. If there is only one block, its slot may be the gradients' memory. The sums are then already in place.
    /// </param>
    /// <param name="slotStride">Floats from one slot to the next.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="threads">The most threads, including the caller's.</param>
    /// <param name="mayDefer">Whether gradients of large weights may be deferred until they are used.</param>
    public void Compute(float* slots, int slotStride, int samples, int threads, bool mayDefer)
    {
        Times?.Ensure(threads);
        Begin(slots, slotStride, samples, mayDefer);
        if (samples == 0)
        {
            // A process that has no sample of a batch.
            new Span<float>(_gradients.Pointer, _program.TrainableLength).Clear();
            return;
        }

        int sums = slots == _gradients.Pointer ? 0 : (_program.SummedParametersLength + SumRange - 1) / SumRange;
        int slices = _products.AreDeferred ? _products.SmallSlices : _products.Slices;
        if (slices == 0 || samples <= MostProducts)
        {
            (_target, _firstBlock, _samples, _slices) = (_gradients, 0, samples, slices);
            RunAll(_slices + sums, threads);
            return;
        }

        SumProducts(_gradients, 0, samples, 0, threads);
        _slices = 0;
        RunAll(sums, threads);
    }

    /// <summary>Begins a batch, for <see cref="Compute"/> or for one bucket after the other.</summary>
    /// <inheritdoc cref="Compute" path="/param"/>
    public void Begin(float* slots, int slotStride, int samples, bool mayDefer)
    {
        _products.Begin(slots, slotStride, samples, mayDefer);
        _slots = slots;
        (_slotStride, _samples) = (slotStride, samples);
        _batchBlocks = TrainingStages.BlocksOf(_program, samples);
    }

    /// <summary>The number of pieces of the work for a bucket of gradients: its slices, then ranges of its sums.</summary>
    public static int PiecesOf(GradientBucket bucket) =>
        bucket.Slices.Length > 0 ? bucket.Slices.Length : (bucket.Length + SumRange - 1) / SumRange;

    /// <summary>Does a piece of the work for a bucket.</summary>
    public void RunPiece(GradientBucket bucket, int piece, int participant)
    {
        long begin = StepTimes.Now;
        if (bucket.Slices.Length > 0)
        {
            DenseSlice slice = _products[bucket.Slices[piece]];
            ComputeOrClear(in slice);
            Times?.AddProduct(participant, slice.Layer, begin);
            return;
        }

        int start = bucket.Start + (piece * SumRange), count = int.Min(SumRange, bucket.End - start);
        var sum = new Span<float>(_gradients.Pointer + start, count);
        if (_samples == 0)
        {
            sum.Clear();
        }
        else if (_slots != _gradients.Pointer)
        {
            SumBlocks(sum, start, 0, _batchBlocks);
        }

        Times?.AddSum(participant, begin);
    }

    public void Dispose() => AlignedMemory.DisposeAll(_sectionGradients);

    private void ComputeOrClear(ref readonly DenseSlice slice)
    {
        float* target = _gradients.Pointer + slice.Start;
        if (_samples == 0)
        {
            new Span<float>(target, slice.Length).Clear();
        }
        else
        {
            _products.Compute(in slice, 0, _samples, target);
        }
    }

    /// <summary>Does a slice of the products, or a range of the sums that follow them.</summary>
    protected override void Run(int piece, int participant)
    {
        long begin = StepTimes.Now;
        if (piece < _slices)
        {
            DenseSlice slice = _products[piece];
            _products.Compute(in slice, _firstBlock, _samples, _target.Pointer + slice.Start);
            Times?.AddProduct(participant, slice.Layer, begin);
            return;
        }

        int start = (piece - _slices) * SumRange;
        int count = int.Min(SumRange, _program.SummedParametersLength - start);
        SumBlocks(new Span<float>(_gradients.Pointer + start, count), start, 0, _batchBlocks);
        Times?.AddSum(participant, begin);
    }

    /// <summary>sum ← sum + values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(Span<float> sum, ReadOnlySpan<float> values)
    {
        values = values[..sum.Length];
        Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        ReadOnlySpan<Vector<float>> addends = MemoryMarshal.Cast<float, Vector<float>>(values)[..sums.Length];
        using Denormals.Scope flush = Denormals.Flush();
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += addends[i];
        }

        for (int i = sums.Length * Vector<float>.Count; i < sum.Length; i++)
        {
            sum[i] += values[i];
        }
    }

    /// <summary>
    /// Computes the weight gradients of dense layers over the samples, beginning at a block. For long batches they are sums of sections, as
    /// in <see cref="SumBlocks"/>.
    /// </summary>
    private void SumProducts(AlignedMemory target, int firstBlock, int samples, int level, int threads)
    {
        if (samples <= MostProducts)
        {
            (_target, _firstBlock, _samples, _slices) = (target, firstBlock, samples, _products.Slices);
            RunAll(_slices, threads);
            return;
        }

        int section = MostProducts;
        while (section / _lanes * (long)MostTerms < ((samples - 1) / _lanes) + 1)
        {
            section *= MostTerms;
        }

        int start = _program.SummedParametersLength, count = _program.TrainableLength - start;
        AlignedMemory.Ensure(ref _sectionGradients, level + 1, _gradients.Length);
        SumProducts(target, firstBlock, section, level + 1, threads);
        for (int done = section; done < samples; done += section)
        {
            SumProducts(_sectionGradients[level], firstBlock + (done / _lanes), int.Min(section, samples - done), level + 1, threads);
            Add(new Span<float>(target.Pointer + start, count), new ReadOnlySpan<float>(_sectionGradients[level].Pointer + start, count));
        }
    }

    /// <summary>
    /// Adds up blocks. Up to <see cref="MostTerms"/> blocks are added one after the other. If there are more, they are divided into at most
    /// that many sections, and the sections' sums are added.
    /// </summary>
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

        int section = MostTerms;
        while (section * (long)MostTerms < blocks)
        {
            section *= MostTerms;
        }

        Span<float> sectionSum = stackalloc float[SumRange];
        sectionSum = sectionSum[..sum.Length];
        SumBlocks(sum, start, first, section);
        for (int done = section; done < blocks; done += section)
        {
            SumBlocks(sectionSum, start, first + done, int.Min(section, blocks - done));
            Add(sum, sectionSum);
        }
    }
}
