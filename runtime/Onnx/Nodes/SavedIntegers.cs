using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Strata.Compiler.Emission;

namespace Strata.Onnx.Nodes;

/// <summary>
/// The weights that a file has as integers of 8 bits, since they are such integers times scales already, and the batch norms that go into
/// them: engines multiply integers where no layer is between a convolution and the roundings around it.
/// </summary>
internal sealed class SavedIntegers
{
    private readonly CompiledNetwork? _network;
    private readonly Dictionary<string, WeightRounding> _weights = new(StringComparer.Ordinal);

    /// <summary>The norms that go into the layers before them, by the names of these.</summary>
    private readonly Dictionary<string, SavedLayer> _norms = new(StringComparer.Ordinal);

    /// <param name="network">The network. One that multiplies no integers has none in the file; null has none, too.</param>
    /// <param name="graph">Its layers.</param>
    public SavedIntegers(CompiledNetwork? network, SavedGraph graph)
    {
        _network = network;
        if (network is not { Info.Int8: true })
        {
            return;
        }

        foreach ((string key, WeightRounding weight) in IntegerWeights.Of(network.Info))
        {
            // What is not rounded yet stays as it is: whether inference rounds it depends on the processor.
            if (IsExact(weight))
            {
                _weights.Add(key, weight);
            }
        }

        foreach (SavedLayer layer in graph.Inferred.Where(one => IsAlone(graph, one)))
        {
            SavedLayer[] readers = [.. graph.Inferred.Where(one => one.Inputs.Contains(layer.Name))];
            if (readers is [{ Kind: "BatchNorm" } norm] && !network.Info.Outputs.Any(output => output.Layer == layer.Name))
            {
                _norms.Add(layer.Name, norm);
            }
        }
    }

    /// <summary>Whether a parameter is a weight of integers.</summary>
    public bool Has(string key) => _weights.ContainsKey(key);

    /// <summary>The axis along which a weight has scales.</summary>
    public int AxisOf(string key) => _weights[key].Axis;

    /// <summary>The norm that goes into a layer; null if none does.</summary>
    public SavedLayer? NormBehind(SavedLayer layer) => _norms.GetValueOrDefault(layer.Name);

    /// <summary>Whether a norm goes into the layer before it.</summary>
    public bool IsFolded(SavedLayer norm) => _norms.TryGetValue(norm.Inputs[0], out SavedLayer? own) && own == norm;

    /// <summary>A weight's integers, a byte each, and its scales.</summary>
    public (byte[] Integers, float[] Scales) Rounded(string key)
    {
        float[] values = ValuesOf(key);
        float[] scales = _weights[key].Integers(values, ParameterOf(key).Shape);
        byte[] integers = [.. values.Select(value => (byte)(sbyte)value)];
        if (_norms.TryGetValue(key[..^".weight".Length], out SavedLayer? norm))
        {
            (double[] factors, _) = Map(norm);
            int perChannel = integers.Length / scales.Length;
            for (int c = 0; c < scales.Length; c++)
            {
                scales[c] = (float)(scales[c] * Math.Abs(factors[c]));
                foreach (ref byte integer in integers.AsSpan(c * perChannel, perChannel))
                {
                    // −128 is not among them.
                    integer = factors[c] < 0 ? (byte)-(sbyte)integer : integer;
                }
            }
        }

        return (integers, scales);
    }

    /// <summary>The bias of a layer that a norm goes into.</summary>
    public byte[] BiasOf(SavedLayer layer)
    {
        (double[] factors, double[] shifts) = Map(_norms[layer.Name]);
        float[] own = layer.Parameters.TryGetValue("bias", out ParameterInfo? bias) ? ValuesOf(bias.Key) : new float[factors.Length];
        float[] folded = [.. own.Select((value, c) => (float)((value * factors[c]) + shifts[c]))];
        return MemoryMarshal.AsBytes<float>(folded).ToArray();
    }

    /// <summary>What a norm multiplies by and adds.</summary>
    private (double[] Factors, double[] Shifts) Map(SavedLayer norm)
    {
        float[]? Values(string suffix) => norm.Parameters.TryGetValue(suffix, out ParameterInfo? own) ? ValuesOf(own.Key) : null;
        float[] means = Values("running_mean")!, variances = Values("running_var")!;
        float[]? weight = Values("weight"), bias = Values("bias");
        double epsilon = norm.Argument<double>("Epsilon");

        // An infinite variance gives NaN, as in the layer: a factor of 0 would look like a result.
        double[] roots = [.. variances.Select(variance => Math.Sqrt(variance + epsilon + (variance - variance)))];
        double[] factors = [.. roots.Select((root, c) => (weight?[c] ?? 1) / root)];
        return (factors, [.. means.Select((mean, c) => (bias?[c] ?? 0) - (mean * factors[c]))]);
    }

    private Parameter ParameterOf(string key) => _network!.FindParameter(key)!;

    private float[] ValuesOf(string key)
    {
        Parameter parameter = ParameterOf(key);
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    /// <summary>Whether a weight is made of integers of 8 bits already.</summary>
    private bool IsExact(WeightRounding weight)
    {
        float[] values = ValuesOf(weight.Key), rounded = [.. values];
        weight.Round(rounded, ParameterOf(weight.Key).Shape);
        return values.AsSpan().SequenceEqual(rounded);
    }

    /// <summary>Whether a layer has a weight of integers that no other layer has, with an output for each of its first axis.</summary>
    private bool IsAlone(SavedGraph graph, SavedLayer layer) =>
        layer.Parameters.TryGetValue("weight", out ParameterInfo? weight) && Has(weight.Key) && AxisOf(weight.Key) == 0
        && weight.Key == layer.Name + ".weight" && layer.Info is { Tied.Length: 0, Weights.Length: 0 }
        && (layer.Kind == "Conv" || layer.InputShape.Count == 1) && layer.OutputShape[0] == weight.Shape[0]
        && !graph.Layers.Any(other => other != layer && other.Parameters.Values.Any(own => own.Key == weight.Key));
}
