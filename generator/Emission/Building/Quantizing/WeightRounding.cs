using System;
using System.Collections.Generic;

namespace Strata.Compiler.Emission;

/// <summary>Rounds weights to 8 bits with a sign, with a scale for each output channel.</summary>
internal static class WeightRounding
{
    /// <summary>The largest integer. −128 is left out, so that the range is the same on both sides.</summary>
    private const int Most = sbyte.MaxValue;

    /// <summary>Rounds weights in place.</summary>
    /// <param name="weights">The weights, in row-major order.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="channels">The axis of the output channels.</param>
    /// <returns>The sums of squares of the weights and of their errors.</returns>
    public static (double Signal, double Noise) Round(Span<float> weights, IReadOnlyList<int> shape, int channels)
    {
        int inner = 1;
        for (int axis = channels + 1; axis < shape.Count; axis++)
        {
            inner *= shape[axis];
        }

        float[] most = new float[shape[channels]];
        for (int i = 0; i < weights.Length; i++)
        {
            ref float largest = ref most[i / inner % most.Length];
            largest = Math.Max(largest, Math.Abs(weights[i]));
        }

        (double signal, double noise) = (0, 0);
        for (int i = 0; i < weights.Length; i++)
        {
            float scale = most[i / inner % most.Length] / Most;
            float rounded = scale > 0 ? MathF.Round(weights[i] / scale) * scale : 0;
            signal += (double)weights[i] * weights[i];
            noise += Math.Pow((double)weights[i] - rounded, 2);
            weights[i] = rounded;
        }

        return (signal, noise);
    }
}
