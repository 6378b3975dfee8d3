using System;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Strata.Training;

/// <summary>
/// Does a trainer's updates, and owns its gradients and its optimizer's state. The results are the same to the bit for any number of
/// threads: the parameters are always cut into the same ranges, and sums are added in the order of the ranges. A piece of an update is a
/// range or, where gradients of large weights are deferred, a slice of these.
/// </summary>
internal sealed unsafe class OptimizerPass : ParallelJob, IDisposable
{
    private readonly OptimizerMemory _memory;
    private readonly Optimizer _optimizer;
    private readonly DenseProducts _products;
    private readonly ProductNorms _productNorms;
    private readonly OverflowGuard _guard;
    private readonly GuardedUpdate _guarded;

    // Ranges whose gradients may be deferred come last. The ranges before them, whose gradients are never deferred, are the present ones.
    private readonly ParameterRange[] _ranges;
    private readonly int _presentRanges;
    private readonly ParameterRange[] _rangeOfLayer;
    private readonly double[] _squares;

    // The gradients of a batch's earlier parts. Empty until there are some.
    private AlignedMemory[] _earlier = [];

    // Memory of each thread for one slice of the deferred gradients.
    private AlignedMemory[] _sliceMemory = [];

    private Work _work;
    private long _update;
    private GradientClipping _clipping = new();
    private float? _share;

    /// <summary>
    /// Allocates gradients and state. In front of the gradients are <paramref name="front"/> floats for the front of a block's slot
    /// (<see cref="CompilerServices.NetworkProgram.SlotFrontLength"/>). If the network is another size of that of the
    /// <paramref name="first"/> pass, the two share what they can.
    /// </summary>
    public OptimizerPass(
        CompiledNetwork network, Optimizer optimizer, DenseProducts products, int front = 0, OptimizerPass? first = null)
    {
        _memory = new OptimizerMemory(network, optimizer, products, front, first?._memory);
        _optimizer = optimizer;
        _products = products;
        _productNorms = new ProductNorms(products);
        _ranges = _memory.Ranges;
        _presentRanges = _ranges.Count(range => !range.MayDefer);
        _rangeOfLayer = [.. network.Program.DenseGradients.Select(gradient => _ranges.First(range => range.Holds(gradient.Weight)))];
        _squares = new double[_ranges.Length];
        _guard = new OverflowGuard(_memory);
        _guarded = new GuardedUpdate(_memory);
    }

    /// <summary>What the threads do with a piece.</summary>
    private enum Work
    {
        Measure,
        Update,
        Join,
        Complete,
    }

    /// <summary>Measures the time of updates; null if the network is not profiled.</summary>
    public StepTimes? Times
    {
        get;
        set => field = _guarded.Times = value;
    }

    /// <summary>Whether gradients of large weights may be deferred. This requires that updates never have to be undone.</summary>
    public bool MayDefer => _memory.Info.HasBound;

    /// <summary>A factor of the learning rate.</summary>
    public double RateFactor
    {
        set => _memory.RateFactor = value;
    }

    /// <summary>The learning rate, with the factor.</summary>
    public double LearningRate => _optimizer.LearningRate * _memory.RateFactor;

    /// <summary>The gradients, in the parameters' layout.</summary>
    public AlignedMemory Gradients => _memory.Gradients;

    /// <summary>
    /// The optimizer's state: the first slot of all parameters, then the second one, and so on, each with the layout of the parameters.
    /// </summary>
    public AlignedMemory State => _memory.Slots;

    /// <summary>The optimizer's properties when the trainer was created.</summary>
    public OptimizerInfo Info => _memory.Info;

    /// <summary>Floats from one of a parameter's slots to the next.</summary>
    public long StateStride => _memory.Stride;

    /// <summary>The L2 norm of all gradients together; not finite if one of them is not.</summary>
    public double GradientNorm()
    {
        _clipping = new GradientClipping();
        RunAll(Work.Measure, _products.AreDeferred ? _presentRanges + _productNorms.Pieces : _ranges.Length);
        double sum = 0;
        if (_products.AreDeferred)
        {
            if (_productNorms.SumOfSquares() is not { } squares)
            {
                Complete();
                return GradientNorm();
            }

            sum = squares;
        }

        // In double precision, no finite float's square overflows. So the sum is finite exactly if all gradients are.
        for (int range = 0; range < (_products.AreDeferred ? _presentRanges : _ranges.Length); range++)
        {
            sum += _squares[range];
        }

        return Math.Sqrt(sum);
    }

    /// <summary>Does one update, with the optimizer's clipping. Deferred gradients are computed, used and dropped slice by slice.</summary>
    /// <param name="norm">The result of <see cref="GradientNorm"/>.</param>
    /// <param name="step">The number of updates before this one.</param>
    /// <returns>The value that the update would make infinite or NaN; the update was then not done. Null if it was done.</returns>
    public Overflow? Update(double norm, long step)
    {
        _update = step + 1;
        var clipping = new GradientClipping(_optimizer, norm);
        if (!_guard.IsSafe(in clipping, _update))
        {
            // The guarded update clips all gradients. These must not be clipped before.
            Complete();
            if (_guarded.Run(in clipping, _update) is { } overflow)
            {
                return overflow;
            }
        }
        else
        {
            _clipping = clipping;
            if (_products.AreDeferred)
            {
                AlignedMemory.Ensure(ref _sliceMemory, _memory.Network.Threads, _products.LongestLargeSlice);
            }

            RunAll(Work.Update, _products.AreDeferred ? _presentRanges + LargeSlices : _ranges.Length);
        }

        _memory.Network.ParametersChanged();
        _guard.Updated();
        return null;
    }

    /// <summary>Must be called when the state was replaced.</summary>
    public void StateReplaced() => _guard.Forget();

    /// <summary>Takes over the state of another size of the network.</summary>
    public void TakeOver(OptimizerPass newest)
    {
        _memory.TakeOver(newest._memory);
        StateReplaced();
    }

    /// <summary>Computes the deferred gradients. After an update, they are clipped in the same way as by the update.</summary>
    public void Complete()
    {
        if (_products.AreDeferred)
        {
            RunAll(Work.Complete, LargeSlices);
            _products.ClearDeferred();
        }
    }

    /// <summary>Copies the gradients, for <see cref="Join"/> with those of the batch's next part.</summary>
    public void PutAside()
    {
        AlignedMemory.Ensure(ref _earlier, 1, _memory.Stride);
        new Span<float>(Gradients.Pointer, _memory.Stride).CopyTo(new Span<float>(_earlier[0].Pointer, _memory.Stride));
    }

    /// <summary>Joins the gradients g with the copy a of those of the batch's earlier parts: g ← a + s·(g − a).</summary>
    /// <param name="share">s; null for g ← a + g.</param>
    public void Join(double? share)
    {
        _share = (float?)share;
        RunAll(Work.Join, _ranges.Length);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _guarded.Dispose();
        AlignedMemory.DisposeAll(_earlier);
        AlignedMemory.DisposeAll(_sliceMemory);
    }

    protected override void Run(int piece, int participant)
    {
        long begin = StepTimes.Now;
        if (_work == Work.Complete)
        {
            DenseSlice slice = _products[_products.SmallSlices + piece];
            _clipping.Apply(Product(in slice, Gradients.Pointer + slice.Start, participant));
            return;
        }

        if (_products.AreDeferred && piece >= _presentRanges)
        {
            RunDeferred(piece - _presentRanges, participant);
            return;
        }

        ParameterRange range = _ranges[piece];
        Span<float> gradients = _memory.Gradient(range);
        switch (_work)
        {
            case Work.Measure:
                _squares[piece] = SumOfSquares(gradients);
                break;
            case Work.Update:
                UpdateRange(range, gradients);
                break;
            default:
                JoinRange(gradients, new ReadOnlySpan<float>(_earlier[0].Pointer + range.Start, range.Length));
                break;
        }

        Times?.AddUpdate(participant, begin);
    }

    /// <summary>Does a piece of the deferred gradients. These pieces come after those of the other gradients.</summary>
    private void RunDeferred(int piece, int participant)
    {
        if (_work == Work.Measure)
        {
            long start = StepTimes.Now;
            _productNorms.Measure(piece);
            Times?.AddUpdate(participant, start);
            return;
        }

        DenseSlice slice = _products[_products.SmallSlices + piece];
        Span<float> gradients = Product(in slice, _sliceMemory[participant].Pointer, participant);
        long begin = StepTimes.Now;
        UpdateRange(_rangeOfLayer[slice.Layer] with { Start = slice.Start, Length = slice.Length }, gradients);
        Times?.AddUpdate(participant, begin);
    }

    private Span<float> Product(ref readonly DenseSlice slice, float* target, int participant)
    {
        long begin = StepTimes.Now;
        _products.Compute(in slice, 0, _products.Samples, target);
        Times?.AddProduct(participant, slice.Layer, begin);
        return new Span<float>(target, slice.Length);
    }

    /// <summary>The sum of squares. Each square is exact in double precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double SumOfSquares(ReadOnlySpan<float> values)
    {
        using Denormals.Scope flush = Denormals.Flush();
        Vector<double> low = default, high = default;
        foreach (Vector<float> vector in MemoryMarshal.Cast<float, Vector<float>>(values))
        {
            Vector.Widen(vector, out Vector<double> first, out Vector<double> second);
            low = Vector.MultiplyAddEstimate(first, first, low);
            high = Vector.MultiplyAddEstimate(second, second, high);
        }

        return Vector.Sum(low + high);
    }

    private int LargeSlices => _products.Slices - _products.SmallSlices;

    private void RunAll(Work work, int pieces)
    {
        _work = work;
        Times?.Ensure(_memory.Network.Threads);
        RunAll(pieces, _memory.Threads);
    }

    private void UpdateRange(ParameterRange range, Span<float> gradients)
    {
        _clipping.Apply(gradients);
        _optimizer.Run(_memory.Context(range, gradients, _update));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void JoinRange(Span<float> gradients, ReadOnlySpan<float> earlier)
    {
        Span<Vector<float>> g = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        ReadOnlySpan<Vector<float>> a = MemoryMarshal.Cast<float, Vector<float>>(earlier)[..g.Length];
        var share = new Vector<float>(_share ?? 1);
        using Denormals.Scope flush = Denormals.Flush();
        for (int i = 0; i < g.Length; i++)
        {
            g[i] = _share is null ? a[i] + g[i] : Vector.MultiplyAddEstimate(share, g[i] - a[i], a[i]);
        }
    }
}
