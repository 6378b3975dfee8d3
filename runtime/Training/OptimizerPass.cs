using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Strata.Training;

/// <summary>
/// The gradients of one trainer, its optimizer's state, and the updates. The parameters are cut into the same ranges for any number of
/// threads, and sums are added in the order of the ranges, so that the results are the same to the bit.
/// </summary>
internal sealed unsafe class OptimizerPass : ParallelJob, IDisposable
{
    private readonly CompiledNetwork _network;
    private readonly Optimizer _optimizer;
    private readonly int _length;
    private readonly int _states;
    private readonly DenseProducts _products;
    private readonly ProductNorms _productNorms;
    private readonly OverflowGuard _guard;

    // Ranges whose gradients may be deferred come last.
    private readonly ParameterRange[] _ranges;
    private readonly int _presentRanges;
    private readonly ParameterRange[] _rangeOfLayer;
    private readonly double[] _squares;

    // Gradients of earlier parts of a batch; empty until there are some.
    private AlignedMemory[] _earlier = [];

    // Memory of each thread for a part of the deferred gradients.
    private AlignedMemory[] _parts = [];

    private Work _work;
    private long _step;
    private GradientClipping _clipping = new();
    private float? _share;

    /// <summary>
    /// Allocates gradients and state. <paramref name="front"/> floats before the gradients are for the front of a slot
    /// (<see cref="CompilerServices.NetworkProgram.SlotFrontLength"/>).
    /// </summary>
    public OptimizerPass(CompiledNetwork network, Optimizer optimizer, DenseProducts products, int front = 0)
    {
        optimizer.Validate();
        _network = network;
        _optimizer = optimizer;
        _length = (int)AlignedMemory.RoundUp(network.Program.TrainableLength);
        StateNames = optimizer.StateNames;
        _states = StateNames.Count;
        _products = products;
        _productNorms = new ProductNorms(products);
        ParameterRange[] ranges = ParameterRange.Cut(network, optimizer, products, _length);
        _ranges = [.. ranges.OrderBy(range => range.MayWait)];
        _presentRanges = ranges.Count(range => !range.MayWait);
        _rangeOfLayer =
            [.. network.Program.DenseGradients.Select(gradient => ranges.First(range => gradient.Weight < range.Start + range.Length))];
        _squares = new double[_ranges.Length];
        (Gradients, State) = AlignedMemory.Pair(_length, (long)_length * _states, front);
        _guard = new OverflowGuard(network, optimizer, _ranges, Gradients, State, _length);
    }

    /// <summary>What the threads do with a range.</summary>
    private enum Work
    {
        Measure,
        Update,
        Join,
        Complete,
    }

    /// <summary>Measures the time of updates; null if the network is not profiled.</summary>
    public StepTimes? Times { get; set; }

    /// <summary>The gradients, laid out as the parameters are.</summary>
    public AlignedMemory Gradients { get; }

    /// <summary>
    /// The optimizer's state: the first value of all parameters, then the second one, and so on, each with the layout of the parameters.
    /// </summary>
    public AlignedMemory State { get; }

    /// <summary>PyTorch's names of the state.</summary>
    public IReadOnlyList<string> StateNames { get; }

    /// <summary>Floats from a parameter's first state value to its second one.</summary>
    public long StateStride => _length;

    /// <summary>The L2 norm of all gradients together; not finite if one of them is not.</summary>
    public double GradientNorm()
    {
        _clipping = new GradientClipping();
        RunAll(Work.Measure, _products.AreWaiting ? _presentRanges + _productNorms.Pieces : _ranges.Length);
        double sum = 0;
        if (_products.AreWaiting)
        {
            if (_productNorms.SumOfSquares() is not { } squares)
            {
                Complete();
                return GradientNorm();
            }

            sum = squares;
        }

        // In double precision no finite float's square overflows, so that the sum tells whether all gradients are finite.
        for (int range = 0; range < (_products.AreWaiting ? _presentRanges : _ranges.Length); range++)
        {
            sum += _squares[range];
        }

        return Math.Sqrt(sum);
    }

    /// <summary>Finds what an update would make infinite or NaN; null if all stays finite. Changes nothing.</summary>
    /// <param name="norm">What <see cref="GradientNorm"/> gave.</param>
    /// <param name="step">Number of the update, counted from 0.</param>
    public Overflow? FindOverflow(double norm, long step)
    {
        var clipping = new GradientClipping(_optimizer, norm);
        if (_guard.IsSafe(in clipping, step))
        {
            return null;
        }

        Complete();
        return _guard.Rehearse(in clipping, step);
    }

    /// <summary>Does one update, with the optimizer's clipping. Deferred gradients are computed, used and forgotten part by part.</summary>
    /// <param name="norm">What <see cref="GradientNorm"/> gave.</param>
    /// <param name="step">Number of the update, counted from 0.</param>
    public void Update(double norm, long step)
    {
        _step = step;
        _clipping = new GradientClipping(_optimizer, norm);
        if (_products.AreWaiting)
        {
            AlignedMemory.Ensure(ref _parts, _network.Threads, _products.LongestLargePart);
        }

        RunAll(Work.Update, _products.AreWaiting ? _presentRanges + LargeParts : _ranges.Length);
        _network.ParametersChanged();
        _guard.Updated();
    }

    /// <summary>Says that the state was replaced.</summary>
    public void StateReplaced() => _guard.Forget();

    /// <summary>Computes the deferred gradients. After an update, they are clipped as the update clipped them.</summary>
    public void Complete()
    {
        if (_products.AreWaiting)
        {
            RunAll(Work.Complete, LargeParts);
            _products.EndWait();
        }
    }

    /// <summary>Puts the gradients aside for <see cref="Join"/>.</summary>
    public void PutAside()
    {
        AlignedMemory.Ensure(ref _earlier, 1, _length);
        new Span<float>(Gradients.Pointer, _length).CopyTo(new Span<float>(_earlier[0].Pointer, _length));
    }

    /// <summary>Makes the gradients a + s·(g − a), where a are those that were put aside.</summary>
    /// <param name="share">s; null makes them a + g.</param>
    public void Join(double? share)
    {
        _share = (float?)share;
        RunAll(Work.Join, _ranges.Length);
    }

    public void Dispose()
    {
        Gradients.Dispose();
        State.Dispose();
        AlignedMemory.DisposeAll(_earlier);
        AlignedMemory.DisposeAll(_parts);
    }

    protected override void Run(int item, int participant)
    {
        long begin = StepTimes.Now;
        if (_work == Work.Complete)
        {
            DensePart part = _products[_products.SmallParts + item];
            _clipping.Apply(Product(in part, Gradients.Pointer + part.Start, participant));
            return;
        }

        if (_products.AreWaiting && item >= _presentRanges)
        {
            RunWaiting(item - _presentRanges, participant);
            return;
        }

        ParameterRange range = _ranges[item];
        var gradients = new Span<float>(Gradients.Pointer + range.Start, range.Length);
        switch (_work)
        {
            case Work.Measure:
                _squares[item] = SumOfSquares(gradients);
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

    /// <summary>Does an item of deferred gradients. These items follow those of the other gradients.</summary>
    private void RunWaiting(int item, int participant)
    {
        if (_work == Work.Measure)
        {
            long start = StepTimes.Now;
            _productNorms.Measure(item);
            Times?.AddUpdate(participant, start);
            return;
        }

        DensePart part = _products[_products.SmallParts + item];
        Span<float> gradients = Product(in part, _parts[participant].Pointer, participant);
        long begin = StepTimes.Now;
        UpdateRange(_rangeOfLayer[part.Layer] with { Start = part.Start, Length = part.Length }, gradients);
        Times?.AddUpdate(participant, begin);
    }

    private Span<float> Product(ref readonly DensePart part, float* target, int participant)
    {
        long begin = StepTimes.Now;
        _products.Compute(in part, 0, _products.Samples, target);
        Times?.AddProduct(participant, part.Layer, begin);
        return new Span<float>(target, part.Length);
    }

    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        Vector<double> low = default, high = default;
        foreach (Vector<float> vector in MemoryMarshal.Cast<float, Vector<float>>(values))
        {
            Vector.Widen(vector, out Vector<double> first, out Vector<double> second);
            low = Vector.MultiplyAddEstimate(first, first, low);
            high = Vector.MultiplyAddEstimate(second, second, high);
        }

        return Vector.Sum(low + high);
    }

    private int LargeParts => _products.Parts - _products.SmallParts;

    private void RunAll(Work work, int items)
    {
        _work = work;
        Times?.Ensure(_network.Threads);
        RunAll(items, _length >= WorkSize.MinimumFloats ? _network.Threads : 1);
    }

    private void UpdateRange(ParameterRange range, Span<float> gradients)
    {
        _clipping.Apply(gradients);
        var parameters = new Span<float>(_network.Memory.Pointer + range.Start, range.Length);
        var state = new Span<float>(State.Pointer + range.Start, _states == 0 ? 0 : ((_states - 1) * _length) + range.Length);
        _optimizer.Update(
            new OptimizerRange(parameters, gradients, state, _length),
            new OptimizerStep(_step, _optimizer.LearningRate * range.RateMultiplier, range.WeightDecay));
    }

    private void JoinRange(Span<float> gradients, ReadOnlySpan<float> earlier)
    {
        Span<Vector<float>> g = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        ReadOnlySpan<Vector<float>> a = MemoryMarshal.Cast<float, Vector<float>>(earlier)[..g.Length];
        var share = new Vector<float>(_share ?? 1);
        for (int i = 0; i < g.Length; i++)
        {
            g[i] = _share is null ? a[i] + g[i] : Vector.MultiplyAddEstimate(share, g[i] - a[i], a[i]);
        }
    }
}
