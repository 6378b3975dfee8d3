using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Strata.Benchmarks.Own;

/// <summary>x − tanh(βx); the twin of Tanhshrink for β = 1.</summary>
public sealed class BetaShrinkAttribute : ElementwiseAttribute
{
    private const double Beta = 1;

    public BetaShrinkAttribute(double beta = Beta)
    {
    }

    public static float Value(float x) => x - MathF.Tanh((float)Beta * x);
}

/// <summary>x between 0 and a limit, with kinks at both; the twin of ReLU6 for 6.</summary>
public sealed class ClipAttribute : ElementwiseAttribute
{
    private const double Limit = 6;

    public ClipAttribute(double limit = Limit)
    {
    }

    public static float Value(float x) => MathF.Min(MathF.Max(x, 0), (float)Limit);
}

/// <summary>Two straight pieces; the twin of LeakyReLU.</summary>
public sealed class BentAttribute : ElementwiseAttribute
{
    public static float Value(float x) => x > 0 ? x : 0.01f * x;
}

/// <summary>x·relu6(x + 3)/6, which calls another operator; the twin of HardSwish.</summary>
public sealed class ClippedSwishAttribute : ElementwiseAttribute
{
    public static float Value(float x) => x * ClipAttribute.Value(x + 3) / 6;
}

/// <summary>A slope for each channel; the twin of PReLU(PerChannel = true).</summary>
public sealed class SlopesAttribute : ElementwiseAttribute
{
    [Trained(PerChannel = true)] private const double Slope = 0.25;

    public static float Value(float x) => x > 0 ? x : (float)Slope * x;
}

/// <summary>The twin of Add.</summary>
public sealed class TotalAttribute : ElementwiseAttribute
{
    public static float Value(float a, float b) => a + b;
}

/// <summary>The twin of Multiply.</summary>
public sealed class TimesAttribute : ElementwiseAttribute
{
    public static float Value(float a, float b) => a * b;
}

/// <summary>a·σ(b); the twin of Sigmoid and Multiply.</summary>
public sealed class GateAttribute : ElementwiseAttribute
{
    public static float Value(float a, float b) => a * Functions.Sigmoid(b);
}

/// <summary>The twin of Huber for a threshold of 1.</summary>
public sealed class BowlAttribute : ElementwiseLossAttribute
{
    private const double Threshold = 1;

    public BowlAttribute(double threshold = Threshold)
    {
    }

    public static float Value(float output, float target)
    {
        float distance = MathF.Abs(output - target);
        return distance <= (float)Threshold
            ? 0.5f * distance * distance
            : (float)Threshold * (distance - (0.5f * (float)Threshold));
    }
}

/// <summary>Adam (Kingma and Ba 2015, algorithm 1), as one would write it; the twin of <see cref="Training.Adam"/>.</summary>
/// <param name="vectors">Whether it is written with <see cref="Vector{T}"/>.</param>
public sealed class OwnAdam(bool vectors) : Training.Optimizer(learningRate: 1e-3)
{
    private const double Beta1 = 0.9, Beta2 = 0.999;

    protected override IReadOnlyList<string> SlotNames => ["exp_avg", "exp_avg_sq"];

    protected override void Update(Training.UpdateContext context)
    {
        Span<float> p = context.Parameter, m = context.Slot(0), v = context.Slot(1);
        ReadOnlySpan<float> g = context.Gradient;
        double correction = 1 - Math.Pow(Beta1, context.Step);
        float rate = (float)(context.LearningRate / correction), scale = (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, context.Step)));
        float b1 = (float)Beta1, b2 = (float)Beta2;
        if (!vectors)
        {
            for (int i = 0; i < p.Length; i++)
            {
                m[i] = (b1 * m[i]) + ((1 - b1) * g[i]);
                v[i] = (b2 * v[i]) + ((1 - b2) * g[i] * g[i]);
                p[i] -= rate * m[i] / ((MathF.Sqrt(v[i]) * scale) + 1e-8f);
            }

            return;
        }

        Span<Vector<float>> ps = MemoryMarshal.Cast<float, Vector<float>>(p), ms = MemoryMarshal.Cast<float, Vector<float>>(m),
            vs = MemoryMarshal.Cast<float, Vector<float>>(v);
        ReadOnlySpan<Vector<float>> gs = MemoryMarshal.Cast<float, Vector<float>>(g);
        for (int i = 0; i < ps.Length; i++)
        {
            ms[i] = (b1 * ms[i]) + ((1 - b1) * gs[i]);
            vs[i] = (b2 * vs[i]) + ((1 - b2) * gs[i] * gs[i]);
            ps[i] -= rate * ms[i] / ((Vector.SquareRoot(vs[i]) * scale) + new Vector<float>(1e-8f));
        }
    }
}
