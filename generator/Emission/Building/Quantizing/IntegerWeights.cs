using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Emission;

/// <summary>A network's parameters as a file has them whose weights are integers.</summary>
internal static class IntegerWeights
{
    /// <summary>The tensors, in the order of the parameters; each weight behind its scales.</summary>
    public static IEnumerable<SafetensorsTensor> Tensors(CompiledNetwork network)
    {
        IReadOnlyDictionary<string, WeightRounding> weights = Of(network.Info);
        foreach (Parameter parameter in network.Parameters)
        {
            // One tensor at a time is in memory.
            (float[] Integers, float[] Scales) Rounded(WeightRounding weight)
            {
                float[] values = Copy(parameter);
                float[] scales = weight.Integers(values, parameter.Shape);
                return (values, scales);
            }

            if (weights.TryGetValue(parameter.Key, out WeightRounding? weight))
            {
                yield return new SafetensorsTensor(
                    parameter.Key + WeightScales.Suffix, weight.ScaleShape(parameter.Shape), () => Rounded(weight).Scales);
                yield return new SafetensorsTensor(parameter.Key, parameter.Shape, () => Rounded(weight).Integers) { Int8 = true };
            }
            else
            {
                yield return new SafetensorsTensor(parameter.Key, parameter.Shape, () => Copy(parameter));
            }
        }
    }

    /// <summary>
    /// The weights of layers behind <c>[FakeQuantize]</c>, by their keys. Those of groups that are transposed stay floats.
    /// </summary>
    public static IReadOnlyDictionary<string, WeightRounding> Of(NetworkInfo network)
    {
        HashSet<string> roundings = [.. network.Layers.Where(layer => layer.Kind == nameof(NetworkBuilder.FakeQuantize))
            .Select(layer => layer.Name)];
        Dictionary<string, string> inputs = DescribedNetwork.FirstInputs(network, network.Layers);

        // A weight that another layer uses, too, is rounded only if that reads rounded numbers as well.
        return network.Layers
            .Select(layer => (Layer: layer, Weight: WeightRounding.Of(network, layer)))
            .Where(one => one.Weight is not null)
            .GroupBy(one => one.Weight!.Key)
            .Where(uses => uses.All(use => use.Weight!.Groups == 1 && roundings.Contains(inputs[use.Layer.Name])))
            .ToDictionary(uses => uses.Key, uses => uses.First().Weight!);
    }

    private static float[] Copy(Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }
}
