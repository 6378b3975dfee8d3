using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Strata.Training;

/// <summary>
/// Proves before an update that it will make no number infinite or NaN. There are two ways; the second one is more expensive and much
/// rarer:
/// - An upper bound of all numbers is computed from the bound of the update before. It nearly always suffices.
/// - If the bound is too large, the largest numbers are measured, and the bound is computed from them.
/// If both fail, or the optimizer has no bound, <see cref="GuardedUpdate"/> does the update.
/// </summary>
/// <param name="memory">What is updated.</param>
internal sealed class OverflowGuard(OptimizerMemory memory) : ParallelJob
{
    /// <summary>A little less than the largest float.</summary>
    private const double Largest = 3.4e38;

    /// <summary>A factor that covers the rounding of one update.</summary>
    private const double Rounding = 1 + 1e-6;

    private readonly Optimizer _optimizer = memory.Optimizer;
    private readonly ParameterRange[] _ranges = memory.Ranges;
    private readonly int _slots = memory.SlotNames.Length;

    // Upper bounds of the magnitudes of parameters and of each slot, now and after the next update.
    private double[] _most = new double[1 + memory.SlotNames.Length];
    private double[] _next = new double[1 + memory.SlotNames.Length];
    private readonly double[] _trial = new double[1 + memory.SlotNames.Length];

    // The network's ParametersVersion to which the bounds belong.
    private long _version = -1;

    // The largest magnitudes of each range.
    private double[] _magnitudes = [];

    // Whether _next holds the bounds after the next update.
    private bool _isBound;

    /// <summary>Whether all numbers of an update are sure to be finite floats.</summary>
    /// <param name="clipping">How gradients are clipped.</param>
    /// <param name="number">Number of the update, counted from 1.</param>
    public bool IsSafe(in GradientClipping clipping, long number)
    {
        if (!memory.Info.HasBound)
        {
            return false;
        }

        if (_version != memory.Network.ParametersVersion)
        {
            Measure();
        }

        _isBound = StaysBelow(clipping.Most, number);
        if (!_isBound)
        {
            // The bounds grow faster than the actual numbers. Measure the numbers.
            Measure();
            _isBound = StaysBelow(clipping.Most, number);
        }

        return _isBound;
    }

    /// <summary>Must be called after an update. If its bounds are known, the next update begins with them.</summary>
    public void Updated()
    {
        (_most, _next) = (_next, _most);
        _version = _isBound ? memory.Network.ParametersVersion : -1;
        _isBound = false;
    }

    /// <summary>Must be called when the state was replaced. The bounds are then measured again.</summary>
    public void Forget() => _version = -1;

    protected override void Run(int piece, int participant)
    {
        ParameterRange range = _ranges[piece];
        Span<double> magnitudes = _magnitudes.AsSpan(piece * (1 + _slots), 1 + _slots);
        magnitudes[0] = Magnitude(memory.Parameters(range), signs: true);
        for (int k = 0; k < _slots; k++)
        {
            magnitudes[1 + k] = Magnitude(memory.Slot(range, k), signs: k != _optimizer.SquaresAt);
        }
    }

    private bool StaysBelow(double gradient, long number)
    {
        double largest = 0;
        Array.Clear(_next);
        for (int i = 0; i < _ranges.Length; i++)
        {
            // Consecutive ranges usually have the same settings. Compute their bound only once.
            ParameterRange range = _ranges[i];
            if (i > 0 && (range.RateMultiplier, range.WeightDecay) == (_ranges[i - 1].RateMultiplier, _ranges[i - 1].WeightDecay))
            {
                continue;
            }

            _most.CopyTo(_trial, 0);
            var own = new OptimizerStep(number, memory.RateOf(range), range.WeightDecay);
            largest = double.Max(largest, _optimizer.Bound(_trial, gradient, own));
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
        _magnitudes = _magnitudes.Length > 0 ? _magnitudes : new double[_ranges.Length * (1 + _slots)];
        RunAll(_ranges.Length, memory.Threads);
        Array.Clear(_most);
        for (int i = 0; i < _magnitudes.Length; i++)
        {
            _most[i % _most.Length] = double.Max(_most[i % _most.Length], _magnitudes[i]);
        }

        _version = memory.Network.ParametersVersion;
    }

    /// <summary>The largest magnitude of some floats; infinite if one is NaN, or if one is negative but must not be.</summary>
    private static double Magnitude(ReadOnlySpan<float> values, bool signs)
    {
        var mask = new Vector<uint>(signs ? (uint)int.MaxValue : uint.MaxValue);
        Vector<uint> most = default;
        foreach (Vector<uint> vector in MemoryMarshal.Cast<float, Vector<uint>>(values))
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
}
