using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights.Tests;

/// <summary>
/// A network's weights in Keras' order, element by element: shares no code with what reads them. For layers of images, dense ones and
/// normalisations.
/// </summary>
internal static class KerasExport
{
    /// <summary>The layers and their weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="nameOf">What the file calls a layer.</param>
    public static List<(string Name, IReadOnlyList<(string Name, int[] Shape, float[] Values)> Weights)> LayersOf(
        CompiledNetwork network, Func<string, string> nameOf) =>
    [
        .. Layers(network).Select(one => (nameOf(one.Layer.Name), (IReadOnlyList<(string, int[], float[])>)
            [.. one.Parameters.Select(parameter => Export(one.Layer, parameter, one.Flattened))])),
    ];

    /// <summary>The layers that have parameters, these, and the shape that is flattened before a dense layer; empty if none is.</summary>
    public static IEnumerable<(LayerInfo Layer, Parameter[] Parameters, IReadOnlyList<int> Flattened)> Layers(CompiledNetwork network)
    {
        NetworkInfo info = network.Info;
        IReadOnlyList<int> shape = info.InputShape, flattened = [];
        foreach (LayerInfo layer in info.Layers)
        {
            // Only dense layers behind [Flatten], one after the other, read flat tensors here.
            flattened = layer.Kind == "Flatten" ? shape : layer.Kind is "Dense" or "ReLU" or "Dropout" ? flattened : [];
            Parameter[] own = [.. network.Parameters.Where((_, i) => info.Parameters[i].Layer == layer.Name)];
            if (own.Length > 0)
            {
                yield return (layer, own, flattened);
            }

            flattened = layer.Kind == "Dense" ? [] : flattened;
            shape = layer.OutputShape;
        }
    }

    /// <summary>The last part of a parameter's key.</summary>
    public static string SuffixOf(Parameter parameter) => parameter.Key[(parameter.Key.LastIndexOf('.') + 1)..];

    private static (string Name, int[] Shape, float[] Values) Export(LayerInfo layer, Parameter parameter, IReadOnlyList<int> flattened)
    {
        string suffix = SuffixOf(parameter);
        float[] values = KerasGolden.Values(parameter);
        int[] shape = [.. parameter.Shape];
        if (layer.Kind == "BatchNorm")
        {
            return (suffix switch
            {
                "weight" => "gamma",
                "bias" => "beta",
                "running_mean" => "moving_mean",
                _ => "moving_variance",
            }, shape, values);
        }

        return suffix == "bias" ? ("bias", shape, values)
            : layer.Kind == "Dense" ? ("kernel", [shape[1], shape[0]], Dense(values, shape, flattened))
            : shape[1] == 1 && layer.Argument<int>("Groups") is > 1 and var groups
                ? ("depthwise_kernel", [shape[2], shape[3], groups, shape[0] / groups], Moved(values, shape))
                : ("kernel", [shape[2], shape[3], shape[1], shape[0]], Moved(values, shape));
    }

    /// <summary>(out, in, rows, columns) as (rows, columns, in, out). One input is not seen: so is (channels · multiplier).</summary>
    private static float[] Moved(float[] values, int[] shape)
    {
        float[] result = new float[values.Length];
        int next = 0;
        for (int o = 0; o < shape[0]; o++)
        {
            for (int i = 0; i < shape[1]; i++)
            {
                for (int m = 0; m < shape[2]; m++)
                {
                    for (int n = 0; n < shape[3]; n++)
                    {
                        result[(((((m * shape[3]) + n) * shape[1]) + i) * shape[0]) + o] = values[next++];
                    }
                }
            }
        }

        return result;
    }

    private static float[] Dense(float[] values, int[] shape, IReadOnlyList<int> flattened)
    {
        float[] result = new float[values.Length];
        (int channels, int places) = flattened.Count == 3 ? (flattened[0], flattened[1] * flattened[2]) : (shape[1], 1);
        for (int o = 0; o < shape[0]; o++)
        {
            for (int c = 0; c < channels; c++)
            {
                for (int p = 0; p < places; p++)
                {
                    result[(((p * channels) + c) * shape[0]) + o] = values[(((o * channels) + c) * places) + p];
                }
            }
        }

        return result;
    }
}
