using System;
using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Strata.Training;

/// <summary>A value that an update would make infinite or NaN.</summary>
/// <param name="State">PyTorch's name of the state; null for the parameter itself.</param>
/// <param name="Place">The index among the packed parameters.</param>
/// <param name="Value">The infinite value or NaN.</param>
/// <param name="Gradient">The gradient at this index, clipped.</param>
internal readonly record struct Overflow(string? State, int Place, float Value, float Gradient);

/// <summary>
/// Before each update, checks whether it would make a number infinite or NaN. There are three checks, each more expensive and much rarer
/// than the one before:
/// - An upper bound of all numbers is computed from the bound of the update before. It nearly always suffices.
/// - If the bound is too large, the largest numbers are measured, and the bound is computed from them.
/// - If it is still too large, the update is done on copies first.
/// </summary>
/// <param name="network">The network that is trained.</param>
/// <param name="optimizer">The optimizer.</param>
/// <param name="ranges">The ranges of the parameters.</param>
/// <param name="gradients">Their gradients.</param>
/// <param name="state">The optimizer's state.</param>
/// <param name="stride">Floats between the first and the second state value of a parameter.</param>
internal sealed unsafe class OverflowGuard(
    CompiledNetwork network, Optimizer optimizer, ParameterRange[] ranges, AlignedMemory gradients, AlignedMemory state,
    int stride) : ParallelJob
{
    /// <summary>A little less than the largest float.</summary>
    private const double Largest = 3.4e38;

    /// <summary>A factor that covers the rounding of one update.</summary>
    private const double Rounding = 1 + 1e-6;

    private readonly int _states = optimizer.StateNames.Count;

    // Upper bounds of the magnitudes of parameters and of each state, now and after the next update.
    private double[] _most = new double[1 + optimizer.StateNames.Count];
    private double[] _next = new double[1 + optimizer.StateNames.Count];
    private readonly double[] _trial = new double[1 + optimizer.StateNames.Count];

    // The network's ParametersVersion to which the bounds belong.
    private long _version = -1;

    // For each range: the largest magnitudes, or what the update would make infinite.
    private double[] _magnitudes = [];
    private Overflow?[] _overflows = [];
    private long _step;
    private GradientClipping _clipping = new();
    private bool _measures;

    // Whether _next holds the bounds after the next update.
    private bool _isBound;

    /// <summary>Whether no number of an update can leave the range of floats.</summary>
    public bool IsSafe(in GradientClipping clipping, long step)
    {
        if (_version != network.ParametersVersion)
        {
            Measure();
        }

        _isBound = StaysBelow(clipping.Most, step);
        if (!_isBound)
        {
            // The bounds grow faster than the numbers: measure these.
            Measure();
            _isBound = StaysBelow(clipping.Most, step);
        }

        return _isBound;
    }

    /// <summary>Tries an update on copies. All gradients must have been computed, the deferred ones too.</summary>
    /// <returns>What it would make infinite or NaN; null if all stays finite.</returns>
    public Overflow? Rehearse(in GradientClipping clipping, long step)
    {
        (_clipping, _step, _measures) = (clipping, step, false);
        _overflows = new Overflow?[ranges.Length];
        RunAll();
        return Array.Find(_overflows, overflow => overflow is not null);
    }

    /// <summary>Says that an update was done. If its bounds are known, the next update begins with them.</summary>
    public void Updated()
    {
        (_most, _next) = (_next, _most);
        _version = _isBound ? network.ParametersVersion : -1;
        _isBound = false;
    }

    /// <summary>Says that the state was replaced: the bounds must be measured again.</summary>
    public void Forget() => _version = -1;

    protected override void Run(int item, int participant)
    {
        if (_measures)
        {
            MeasureRange(item);
        }
        else
        {
            RehearseRange(item);
        }
    }

    private bool StaysBelow(double gradient, long step)
    {
        double largest = 0;
        Array.Clear(_next);
        for (int i = 0; i < ranges.Length; i++)
        {
            // Neighbouring ranges mostly have the same settings: compute their bound once.
            ParameterRange range = ranges[i];
            if (i > 0 && (range.RateMultiplier, range.WeightDecay) == (ranges[i - 1].RateMultiplier, ranges[i - 1].WeightDecay))
            {
                continue;
            }

            _most.CopyTo(_trial, 0);
            var own = new OptimizerStep(step, optimizer.LearningRate * range.RateMultiplier, range.WeightDecay);
            largest = double.Max(largest, optimizer.Bound(_trial, gradient, own));
            for (int k = 0; k < _next.Length; k++)
            {
                _next[k] = double.Max(_next[k], _trial[k] * Rounding);
            }
        }

        // The comparisons are false for NaN, too.
        return largest <= Largest && Array.TrueForAll(_next, most => most <= Largest);
    }

    private void Measure()
    {
        _measures = true;
        _magnitudes = _magnitudes.Length > 0 ? _magnitudes : new double[ranges.Length * (1 + _states)];
        RunAll();
        Array.Clear(_most);
        for (int i = 0; i < _magnitudes.Length; i++)
        {
            _most[i % _most.Length] = double.Max(_most[i % _most.Length], _magnitudes[i]);
        }

        _version = network.ParametersVersion;
    }

    private void RunAll() => RunAll(ranges.Length, stride >= WorkSize.MinimumFloats ? network.Threads : 1);

    private void MeasureRange(int item)
    {
        ParameterRange range = ranges[item];
        Span<double> magnitudes = _magnitudes.AsSpan(item * (1 + _states), 1 + _states);
        magnitudes[0] = Magnitude(new ReadOnlySpan<uint>(network.Memory.Pointer + range.Start, range.Length), signs: true);
        for (int k = 0; k < _states; k++)
        {
            magnitudes[1 + k] = Magnitude(
                new ReadOnlySpan<uint>(state.Pointer + ((nint)k * stride) + range.Start, range.Length), signs: k != optimizer.SquaresAt);
        }
    }

    /// <summary>The largest magnitude of some floats; infinite if one is NaN, or negative where it must not be.</summary>
    private static double Magnitude(ReadOnlySpan<uint> bits, bool signs)
    {
        var mask = new Vector<uint>(signs ? (uint)int.MaxValue : uint.MaxValue);
        Vector<uint> most = default;
        foreach (Vector<uint> vector in MemoryMarshal.Cast<uint, Vector<uint>>(bits))
        {
            most = Vector.Max(most, vector & mask);
        }

        uint largest = 0;
        for (int lane = 0; lane < Vector<uint>.Count; lane++)
        {
            largest = uint.Max(largest, most[lane]);
        }

        float value = BitConverter.UInt32BitsToSingle(largest);
        return float.IsFinite(value) && value >= 0 ? value : double.PositiveInfinity;
    }

    private void RehearseRange(int item)
    {
        ParameterRange range = ranges[item];
        float[] copies = ArrayPool<float>.Shared.Rent((2 + _states) * range.Length);
        try
        {
            Span<float> parameters = copies.AsSpan(0, range.Length), gradient = copies.AsSpan(range.Length, range.Length);
            Span<float> states = copies.AsSpan(2 * range.Length, _states * range.Length);
            new ReadOnlySpan<float>(network.Memory.Pointer + range.Start, range.Length).CopyTo(parameters);
            new ReadOnlySpan<float>(gradients.Pointer + range.Start, range.Length).CopyTo(gradient);
            for (int k = 0; k < _states; k++)
            {
                new ReadOnlySpan<float>(state.Pointer + ((nint)k * stride) + range.Start, range.Length)
                    .CopyTo(states[(k * range.Length)..]);
            }

            _clipping.Apply(gradient);
            optimizer.Update(
                new OptimizerRange(parameters, gradient, states, range.Length),
                new OptimizerStep(_step, optimizer.LearningRate * range.RateMultiplier, range.WeightDecay));

            // Look at the state first, then at the parameter: if both are infinite, the state is the cause.
            for (int k = 0; k <= _states && _overflows[item] is null; k++)
            {
                ReadOnlySpan<float> values = k < _states ? states.Slice(k * range.Length, range.Length) : parameters;
                int place = IndexOfNonFinite(values);
                if (place >= 0)
                {
                    string? name = k < _states ? optimizer.StateNames[k] : null;
                    _overflows[item] = new Overflow(name, range.Start + place, values[place], gradient[place]);
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(copies);
        }
    }

    private static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
