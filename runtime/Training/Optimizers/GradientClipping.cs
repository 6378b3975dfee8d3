using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Strata.Training;

/// <summary>How the gradients of one update are clipped: <see cref="Optimizer.ClipNorm"/> or <see cref="Optimizer.ClipValue"/>.</summary>
internal readonly struct GradientClipping
{
    /// <summary>Smaller factors are applied in two steps, since a float may not hold them.</summary>
    private const double LeastFactor = 1e-30;

    private readonly float _first = 1;
    private readonly float _second = 1;
    private readonly float _limit = float.PositiveInfinity;

    /// <summary>No clipping.</summary>
    public GradientClipping() => Most = double.PositiveInfinity;

    /// <param name="optimizer">The settings.</param>
    /// <param name="norm">The norm of all gradients.</param>
    public GradientClipping(Optimizer optimizer, double norm)
    {
        double scale = optimizer.ClipNorm is { } most ? double.Min(1, most / (norm + 1e-6)) : 1;
        (_first, _second) = scale >= LeastFactor ? ((float)scale, 1) : ((float)Math.Sqrt(scale), (float)Math.Sqrt(scale));
        _limit = (float?)optimizer.ClipValue ?? float.PositiveInfinity;
        Most = double.Min(double.Min(norm, optimizer.ClipNorm ?? norm), _limit);
    }

    /// <summary>The largest magnitude of a gradient after clipping.</summary>
    public double Most { get; }

    /// <summary>Clips some gradients.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(Span<float> gradients)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        using Denormals.Scope flush = Denormals.Flush();
        if (_first != 1 || _second != 1)
        {
            foreach (ref Vector<float> vector in vectors)
            {
                vector = vector * _first * _second;
            }
        }
        else if (_limit < float.PositiveInfinity)
        {
            var limit = new Vector<float>(_limit);
            foreach (ref Vector<float> vector in vectors)
            {
                vector = Vector.Min(Vector.Max(vector, -limit), limit);
            }
        }
    }
}
