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
        int inner = shape.Skip(Axis + 1).Aggregate(1, (product, extent) => product * extent);
        int channels = shape[Axis], perGroup = weights.Length / Groups;
        int Channel(int i) => (i / perGroup * channels) + (i / inner % channels);
        float[] most = new float[Groups * channels];
        for (int i = 0; i < weights.Length; i++)
        {
            ref float largest = ref most[Channel(i)];
            largest = Math.Max(largest, Math.Abs(weights[i]));
        }

        (double signal, double noise) = (0, 0);
        for (int i = 0; i < weights.Length; i++)
        {
            float scale = most[Channel(i)] / Most;
            float rounded = scale > 0 ? MathF.Round(weights[i] / scale) * scale : 0;
            signal += (double)weights[i] * weights[i];
            noise += Math.Pow((double)weights[i] - rounded, 2);
            weights[i] = rounded;
        }

        return (signal, noise);
    }

    private static string KeyOf(LayerInfo layer) => $"{(layer.Weights.Length > 0 ? layer.Weights : layer.Name)}.weight";
}
