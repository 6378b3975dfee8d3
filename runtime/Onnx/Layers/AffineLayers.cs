using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Layers;

/// <summary>
/// Where a multiplication by constants and an addition of constants go: into the layer before, which is a convolution, a dense layer or a
/// norm; behind the input into <c>[Normalize]</c>; else into a layer of their own. A factor that is a parameter of the exported module
/// stays one.
/// </summary>
internal static class AffineLayers
{
    public static View Apply(LayerBuilder layers, View view, AffineMap map)
    {
        if (!map.Multiplies && !map.Adds)
        {
            return view;
        }

        LayerTensor tensor = view.Tensor;
        int channels = tensor.Shape[0];
        LayerTensor? folded = layers.IsShared(tensor) || !map.IsPerChannel(channels) ? null : tensor switch
        {
            InputTensor input => Normalized(layers, input, map),
            Layer { Kind: "Normalize" } layer => Renormalized(layers, layer, map),
            Layer layer => Folded(layers, layer, map),
            _ => null,
        };
        return view.Of(folded ?? Own(layers, tensor, map));
    }

    /// <summary>A layer that does nothing else.</summary>
    private static Layer Own(LayerBuilder layers, LayerTensor tensor, AffineMap map)
    {
        if (map.IsScalar && !map.MultipliesByParameter && !map.AddsParameter)
        {
            return layers.Add("Affine", tensor, [new(null, Number(map.Factors[0])), new(null, Number(map.Shifts[0]))]);
        }

        bool isPerChannel = map.IsPerChannel(tensor.Shape[0]);
        int count = isPerChannel ? tensor.Shape[0] : Extents.Product(tensor.Shape);
        IReadOnlyList<int> shape = isPerChannel ? [count] : tensor.Shape;
        bool isParameter = map.MultipliesByParameter || map.AddsParameter;

        // A parameter of the module around the layer has the whole key, and the shape that is broadcast.
        bool isWholeKey = map.MultipliesByParameter && !map.Adds && isPerChannel && !ModulePath.HasSuffix(map.Factor!.Key);
        bool isGamma = map.MultipliesByParameter && !map.Adds && map.Factor!.Key.EndsWith(".gamma", StringComparison.Ordinal);
        string suffix = isWholeKey ? "" : isGamma ? "gamma" : "weight";
        IReadOnlyList<int> whole = isWholeKey ? [count, .. tensor.Shape.Skip(1).Select(_ => 1)] : shape;
        var parameters = new List<LayerParameter>
        {
            new(suffix, whole, () => [.. Enumerable.Range(0, count).Select(map.FactorAt)], map.Factor?.Key ?? ""),
        };
        if (map.Adds)
        {
            parameters.Add(new("bias", shape, () => [.. Enumerable.Range(0, count).Select(map.ShiftAt)], map.Shift?.Key ?? ""));
        }

        LayerArgument[] arguments =
        [
            new("Bias", map.Adds), new("PerElement", !isPerChannel), new("Key", suffix), new("Frozen", !isParameter),
        ];
        Warn(layers, map, count, isParameter);
        return layers.Add("Scale", tensor, arguments, parameters, map.Factor, map.Shift);
    }

    private static void Warn(LayerBuilder layers, AffineMap map, int count, bool isParameter)
    {
        if (!isParameter)
        {
            layers.Warnings.Frozen(layers.Node);
            return;
        }

        if (map.MultipliesByParameter && map.Factors.Length < count)
        {
            layers.Warnings.Spread(map.Factor!);
        }

        if (map.AddsParameter && map.Shifts.Length < count)
        {
            layers.Warnings.Spread(map.Shift!);
        }

        if (!map.Multiplies)
        {
            layers.Warnings.Added(map.Shift!);
        }
    }

    private static Layer? Normalized(LayerBuilder layers, InputTensor input, AffineMap map) =>
        layers.Inputs.Count > 1 || input.Shape.Count == 1 || !HasDeviations(map)
            ? null : layers.Add("Normalize", input, Statistics(map, input.Shape[0]));

    private static Layer? Renormalized(LayerBuilder layers, Layer layer, AffineMap map)
    {
        double[] means = (double[])layer.Arguments[0].Value, deviations = (double[])layer.Arguments[1].Value;
        var before = new AffineMap(
            [.. deviations.Select(deviation => (float)(1 / deviation))],
                [.. means.Zip(deviations, (mean, deviation) => (float)(-mean / deviation))]);
        AffineMap all = before.Then(map);
        return HasDeviations(all) ? layers.Replace(
            layer, LayerMaker.Make(layer.Kind, layer.Inputs, Statistics(all, layer.Shape[0]), [], layer.Path)) : null;
    }

    /// <summary>Whether the map is (x − mean)/deviation: deviations are above 0, and have all digits of a float.</summary>
    private static bool HasDeviations(AffineMap map) => Array.TrueForAll(map.Factors, factor => factor > 0 && float.IsNormal(1 / factor));

    /// <summary>(x − mean)/deviation for a·x + b.</summary>
    private static LayerArgument[] Statistics(AffineMap map, int channels) =>
    [
        new(null, Enumerable.Range(0, channels).Select(c => Number(-map.ShiftAt(c) / map.FactorAt(c))).ToArray()),
        new(null, Enumerable.Range(0, channels).Select(c => Number(1 / map.FactorAt(c))).ToArray()),
    ];

    private static Layer? Folded(LayerBuilder layers, Layer layer, AffineMap map)
    {
        bool isNorm = layer.Kind is "BatchNorm" or "Scale";
        bool isProduct = layer.Kind == "Dense" || layer.Kind.StartsWith("Conv", StringComparison.Ordinal) && layer.Kind != "Concat";
        LayerParameter? bias = layer.Parameters.FirstOrDefault(parameter => parameter.Suffix == "bias");
        if ((!isNorm && !isProduct) || layer.Parameters.Count == 0 || map.MultipliesByParameter)
        {
            return null;
        }

        if (layer.Kind == "Scale" && layer.Parameters[0] is not { Suffix: "weight", Shape.Count: 1 })
        {
            return null;
        }

        if (map.Multiplies || bias is not null)
        {
            layers.Warnings.Folded(layer);
        }

        int channels = layer.Shape[0];
        LayerParameter[] parameters = [.. layer.Parameters.Select(parameter => parameter.Suffix switch
        {
            "weight" when map.Multiplies => parameter with { Values = () => Scaled(layer, parameter, map) },
            "bias" => parameter with { Values = () => Moved(parameter.Values(), map), Key = map.Multiplies ? "" : parameter.Key },
            _ => parameter,
        })];
        if (bias is not null || !map.Adds)
        {
            return layers.Replace(layer, layer.With(parameters: parameters));
        }

        // The addition becomes the bias that the layer did not have.
        var added = new LayerParameter("bias", [channels], () => [.. Enumerable.Range(0, channels).Select(map.ShiftAt)], map.Shift?.Key
            ?? "");
        return layers.Replace(layer, LayerMaker.Make(
            layer.Kind, layer.Inputs, [.. layer.Arguments.Where(argument => argument.Name != "Bias")],
            [parameters[0], added, .. parameters.Skip(1)], layer.Path));
    }

    private static float[] Moved(float[] values, AffineMap map) =>
        [.. values.Select((value, c) => (value * map.FactorAt(c)) + map.ShiftAt(c))];

    /// <summary>A layer's weights, each times the factor of its output channel.</summary>
    private static float[] Scaled(Layer layer, LayerParameter weight, AffineMap map)
    {
        float[] values = [.. weight.Values()];
        bool isTransposed = layer.Kind.StartsWith("ConvTranspose", StringComparison.Ordinal);
        int outputs = layer.Shape[0], perOutput = values.Length / outputs;
        if (isTransposed)
        {
            // Filters are I × O/groups × taps.
            int inputs = weight.Shape[0], inGroup = weight.Shape[1], groups = outputs / inGroup, taps = values.Length / inputs / inGroup;
            for (int i = 0; i < values.Length; i++)
            {
                int input = i / (inGroup * taps), group = input / (inputs / groups);
                values[i] *= map.FactorAt((group * inGroup) + (i / taps % inGroup));
            }

            return values;
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= map.FactorAt(i / perOutput);
        }

        return values;
    }

    /// <summary>A float as the shortest number that gives it back: 0.1, not 0.10000000149.</summary>
    public static double Number(float value) => double.Parse(
        value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
