using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Strata.Training;

/// <summary>
/// The gradients of one trainer, what its optimizer remembers, and the updates. The parameters are cut into ranges in the same way for
/// any number of threads, and sums are added in their order, so that the results are the same to the bit.
/// </summary>
internal sealed unsafe class OptimizerPass : ParallelJob, IDisposable
{
    private const int MaximumRange = 16_384;

    private readonly CompiledNetwork _network;
    private readonly Optimizer _optimizer;
    private readonly int _length;
    private readonly int _states;
    private readonly Range[] _ranges;
    private readonly double[] _squares;

    // Gradients of earlier parts of a batch; empty until there are some.
    private AlignedMemory[] _earlier = [];

    private Work _work;
    private long _step;
    private float _scale;
    private float? _share;

    /// <summary>In front of the gradients may be floats for the front of a slot (<see cref="CompilerServices.NetworkProgram.SlotFrontLength"/>).</summary>
    public OptimizerPass(CompiledNetwork network, Optimizer optimizer, int front = 0)
    {
        optimizer.Validate();
        _network = network;
        _optimizer = optimizer;
        _length = (int)AlignedMemory.RoundUp(network.Program.TrainableLength);
        StateNames = optimizer.StateNames;
        _states = StateNames.Count;
        _ranges = Cut(network, optimizer, _length);
        _squares = new double[_ranges.Length];
        (Gradients, State) = AlignedMemory.Pair(_length, (long)_length * _states, front);
    }

    /// <summary>What the threads do with an item.</summary>
    private enum Work
    {
        Measure,
        Update,
        Join,
    }

    /// <summary>The gradients, laid out as the parameters are.</summary>
    public AlignedMemory Gradients { get; }

    /// <summary>What is remembered: the first value of all parameters, then the second one, …, each laid out as the parameters are.</summary>
    public AlignedMemory State { get; }

    /// <summary>PyTorch's names of these values.</summary>
    public IReadOnlyList<string> StateNames { get; }

    /// <summary>Floats from the first of these values to the second one.</summary>
    public long StateStride => _length;

    /// <summary>The L2 norm of all gradients together; not finite where one of them is not.</summary>
    public double GradientNorm()
    {
        RunAll(Work.Measure);

        // In double precision no finite float's square overflows, so that the sum tells whether all gradients are finite.
        double sum = 0;
        foreach (double square in _squares)
        {
            sum += square;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>One update, with the gradients clipped as the optimizer says.</summary>
    /// <param name="norm">What <see cref="GradientNorm"/> gave.</param>
    /// <param name="step">Number of the update, counted from 0.</param>
    public void Update(double norm, long step)
    {
        _step = step;
        _scale = _optimizer.ClipNorm is { } limit ? (float)double.Min(1, limit / (norm + 1e-6)) : 1;
        RunAll(Work.Update);
        _network.ParametersChanged();
    }

    /// <summary>Puts the gradients aside; <see cref="Join"/> brings them back.</summary>
    public void PutAside()
    {
        AlignedMemory.Ensure(ref _earlier, 1, _length);
        new Span<float>(Gradients.Pointer, _length).CopyTo(new Span<float>(_earlier[0].Pointer, _length));
    }

    /// <summary>The gradients become a + s·(g − a), where a was put aside.</summary>
    /// <param name="share">s; where it is null, they become a + g.</param>
    public void Join(double? share)
    {
        _share = (float?)share;
        RunAll(Work.Join);
    }

    public void Dispose()
    {
        Gradients.Dispose();
        State.Dispose();
        AlignedMemory.DisposeAll(_earlier);
    }

    protected override void Run(int item, int participant)
    {
        Range range = _ranges[item];
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

    private void RunAll(Work work)
    {
        _work = work;
        RunAll(_ranges.Length, _length >= WorkSize.MinimumFloats ? _network.Threads : 1);
    }

    private void UpdateRange(Range range, Span<float> gradients)
    {
        Clip(gradients);
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

    private void Clip(Span<float> gradients)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        if (_scale != 1)
        {
            foreach (ref Vector<float> vector in vectors)
            {
                vector *= _scale;
            }
        }
        else if (_optimizer.ClipValue is { } limit)
        {
            var most = new Vector<float>((float)limit);
            foreach (ref Vector<float> vector in vectors)
            {
                vector = Vector.Min(Vector.Max(vector, -most), most);
            }
        }
    }

    /// <summary>Neighbours with the same settings form one range, up to the size that is worth a piece of work.</summary>
    private static Range[] Cut(CompiledNetwork network, Optimizer optimizer, int length)
    {
        Parameter[] parameters = [.. network.Parameters.Where(p => p.IsTrainable).OrderBy(p => p.Layout.Offset)];
        var used = new HashSet<ParameterGroup>(ReferenceEqualityComparer.Instance);
        var ranges = new List<Range>();
        for (int i = 0; i < parameters.Length; i++)
        {
            int start = parameters[i].Layout.Offset, end = i + 1 < parameters.Length ? parameters[i + 1].Layout.Offset : length;
            Range range = Settings(parameters[i], optimizer, used);
            if (ranges.Count > 0 && ranges[^1] is { } last && (last with { Start = 0, Length = 0 }) == range)
            {
                start = last.Start;
                ranges.RemoveAt(ranges.Count - 1);
            }

            for (; start < end; start += MaximumRange)
            {
                ranges.Add(range with { Start = start, Length = int.Min(MaximumRange, end - start) });
            }
        }

        foreach (ParameterGroup group in optimizer.Groups)
        {
            if (!used.Contains(group))
            {
                throw new ArgumentException(
                    $"No trainable parameter of {network.Info.Name} belongs to the group '{group.Pattern}'; "
                    + $"they are {MessageText.List([.. parameters.Select(p => p.Key)], "none")}.",
                    nameof(optimizer));
            }
        }

        return [.. ranges];
    }

    private static Range Settings(Parameter parameter, Optimizer optimizer, HashSet<ParameterGroup> used)
    {
        ParameterGroup? group = optimizer.Groups.FirstOrDefault(g => g.Matches(parameter.Key));
        if (group is not null)
        {
            used.Add(group);
        }

        double decay = group?.WeightDecay ?? (optimizer.DecayBiasesAndNorms || parameter.Info.Role == ParameterRole.Weight ? optimizer.WeightDecay : 0);
        return new Range(0, 0, group?.RateMultiplier ?? 1, decay);
    }

    private readonly record struct Range(int Start, int Length, double RateMultiplier, double WeightDecay);
}
