using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Emission;

/// <summary>Rounds a weight to 8 bits with a sign, with a scale for each output channel.</summary>
/// <param name="Key">The weight's key.</param>
/// <param name="Axis">The axis of the output channels; of those in a group, in a transposed convolution.</param>
/// <param name="Groups">The groups of a transposed convolution, along its first axis; 1 elsewhere.</param>
internal sealed record WeightRounding(string Key, int Axis, int Groups)
{
    /// <summary>The largest integer. −128 is left out, so that the range is the same on both sides.</summary>
    private const int Most = sbyte.MaxValue;

    /// <summary>
    /// The weight of a convolution or a dense layer, or that of the layer whose parameters it uses; null for other layers, and where two
    /// layers read a weight along different axes.
    /// </summary>
    public static WeightRounding? Of(NetworkInfo network, LayerInfo layer)
    {
        if (!IsWeighted(network, layer) || layer.Tied.Length > 0 || network.Layers.Any(other => other.Tied == layer.Name))
        {
            return null;
        }

        return OperatorSet.FindBuiltIn(layer.Kind) is ConvTransposeOperator
            ? new WeightRounding(KeyOf(layer), 1, layer.Argument<int>("Groups")) : new WeightRounding(KeyOf(layer), 0, 1);
    }

    /// <summary>Whether a layer is a convolution or a dense layer, which inference computes.</summary>
    public static bool IsWeighted(NetworkInfo network, LayerInfo layer) =>
        layer is { Function.Length: 0, TrainingOnly: false }
        && OperatorSet.FindBuiltIn(layer.Kind) is LayerOperator { Family: OperatorFamily.Convolution }
        && (layer.Tied.Length > 0 || network.Parameters.Any(parameter => parameter.Key == KeyOf(layer)));

    /// <summary>Whether no integers are multiplied for a layer: <c>ProductsOfIntegers</c> computes none of its kind.</summary>
    public static bool IsOfFloats(LayerInfo layer) => OperatorSet.FindBuiltIn(layer.Kind) is ConvTransposeOperator
        || layer.OutputShape.Count >= Graph.Shape.VolumeRank || layer.Values.Any(value => value is { Name: "Groups", Value: int and > 1 });

    /// <summary>Rounds weights in place.</summary>
    /// <param name="weights">The weights, in row-major order.</param>
    /// <param name="shape">Their shape.</param>
    /// <returns>The sums of squares of the weights and of their errors.</returns>
    public (double Signal, double Noise) Round(Span<float> weights, IReadOnlyList<int> shape)
    {
        float[] integers = weights.ToArray(), scales = Integers(integers, shape);
        Func<int, int> channel = ChannelOf(weights.Length, shape);
        (double signal, double noise) = (0, 0);
        for (int i = 0; i < weights.Length; i++)
        {
            float rounded = integers[i] * scales[channel(i)];
            signal += (double)weights[i] * weights[i];
            noise += Math.Pow((double)weights[i] - rounded, 2);
            weights[i] = rounded;
        }

        return (signal, noise);
    }

    /// <summary>Makes integers of weights.</summary>
    /// <param name="weights">The weights, in row-major order; integers from −127 to 127 afterwards.</param>
    /// <param name="shape">Their shape.</param>
    /// <returns>
    /// A scale for each channel of each group: not finite if a weight of it is not, so that the weights, 0 times it, are NaN.
    /// </returns>
    public float[] Integers(Span<float> weights, IReadOnlyList<int> shape)
    {
        float[] scales = new float[Groups * shape[Axis]];
        Func<int, int> channel = ChannelOf(weights.Length, shape);
        for (int i = 0; i < weights.Length; i++)
        {
            ref float largest = ref scales[channel(i)];
            largest = Math.Max(largest, Math.Abs(weights[i]));
        }

        foreach (ref float scale in scales.AsSpan())
        {
            scale /= Most;
        }

        // Among the least floats, scales are so coarse that a quotient may be beyond the range.
        for (int i = 0; i < weights.Length; i++)
        {
            float scale = scales[channel(i)];
            weights[i] = scale > 0 && float.IsFinite(scale) ? Math.Clamp(MathF.Round(weights[i] / scale), -Most, Most) : 0;
        }

        return scales;
    }

    /// <summary>The shape of the scales of a weight that has one group: one extent of the weight's, and 1 elsewhere.</summary>
    public int[] ScaleShape(IReadOnlyList<int> shape) => [.. shape.Select((extent, axis) => axis == Axis ? extent : 1)];

    /// <summary>The channel of each element.</summary>
    private Func<int, int> ChannelOf(int length, IReadOnlyList<int> shape)
    {
        int inner = shape.Skip(Axis + 1).Aggregate(1, (product, extent) => product * extent);
        int channels = shape[Axis], perGroup = length / Groups;
        return i => (i / perGroup * channels) + (i / inner % channels);
    }

    private static string KeyOf(LayerInfo layer) => $"{(layer.Weights.Length > 0 ? layer.Weights : layer.Name)}.weight";
}
