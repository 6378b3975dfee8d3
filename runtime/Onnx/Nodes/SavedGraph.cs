using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Nodes;

/// <summary>
/// The layers of a network with their inputs looked up. All of it comes from the network's public description, but which weights are
/// integers.
/// </summary>
internal sealed class SavedGraph
{
    /// <param name="info">What a network says of itself.</param>
    /// <param name="network">The network, which tells which weights are integers; null if none shall be.</param>
    public SavedGraph(NetworkInfo info, CompiledNetwork? network = null)
    {
        Info = info;
        Dictionary<string, IReadOnlyList<int>> shapes = info.Inputs.ToDictionary(input => input.Layer, input => input.Shape);
        ILookup<string, ParameterInfo> parameters = info.Parameters.ToLookup(parameter => parameter.Layer);
        var layers = new List<SavedLayer>();
        string before = info.Inputs[0].Layer;
        foreach (LayerInfo layer in info.Layers)
        {
            IReadOnlyList<string> inputs = layer.Inputs.Count > 0 ? layer.Inputs : [before];
            layers.Add(new SavedLayer(
                layer, inputs, [.. inputs.Select(input => shapes[input])],
                parameters[layer.Weights.Length > 0 ? layer.Weights : layer.Name]
                    .Concat(layer.Tied.Length > 0 ? parameters[layer.Tied].Where(parameter => parameter.Role == ParameterRole.Weight) : [])
                    .ToDictionary(SuffixOf, StringComparer.Ordinal)));
            shapes.Add(layer.Name, layer.OutputShape);
            before = layer.Name;
        }

        Layers = layers;
        Integers = new SavedIntegers(network, this);
    }

    public NetworkInfo Info { get; }

    public IReadOnlyList<SavedLayer> Layers { get; }

    /// <summary>The weights that are integers in the file.</summary>
    public SavedIntegers Integers { get; }

    /// <summary>Those that inference computes, without auxiliary heads.</summary>
    public IEnumerable<SavedLayer> Inferred => Layers.Where(layer => !layer.Info.TrainingOnly);

    /// <summary>The layer of that name; null if it is an input.</summary>
    public SavedLayer? Find(string name) => Layers.FirstOrDefault(layer => layer.Name == name);

    /// <summary>What follows the layer's name in the key; empty if the name is the key.</summary>
    private static string SuffixOf(ParameterInfo parameter) =>
        parameter.Key.Length == parameter.Layer.Length ? "" : parameter.Key[(parameter.Layer.Length + 1)..];
}
