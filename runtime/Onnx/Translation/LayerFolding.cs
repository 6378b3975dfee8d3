using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Translation;

/// <summary>Several layers that one layer stands for.</summary>
/// <param name="Input">What it reads.</param>
/// <param name="Parts">The layers. Only they read one another, but for the last.</param>
/// <param name="Make">Makes the one layer.</param>
internal sealed record FoldedLayers(LayerTensor Input, HashSet<Layer> Parts, Func<LayerTensor, Layer> Make);

/// <summary>Puts one layer in the place of several.</summary>
internal static class LayerFolding
{
    /// <param name="graph">The layers.</param>
    /// <param name="find">The layers that end with one; null if one does not end a pattern.</param>
    public static LayerGraph Fold(LayerGraph graph, Func<Layer, FoldedLayers?> find)
    {
        var readers = graph.Layers.SelectMany(layer => layer.Inputs.Select(input => (input, layer))).ToLookup(
            pair => pair.input, pair => pair.layer);
        HashSet<LayerTensor> outputs = [.. graph.Outputs.Select(output => output.Tensor)];
        bool IsOwn(HashSet<Layer> part, Layer layer) => !outputs.Contains(layer) && readers[layer].All(part.Contains);

        var found = new Dictionary<Layer, FoldedLayers>();
        foreach (Layer last in graph.Layers)
        {
            if (find(last) is { } match && match.Parts.All(part => part == last || IsOwn(match.Parts, part)))
            {
                found.Add(last, match);
            }
        }

        bool namesLayers = graph.Layers.Any(layer => layer.Arguments.Any(argument => argument.Value is Layer));
        return found.Count == 0 || namesLayers ? graph : Replace(graph, found);
    }

    private static LayerGraph Replace(LayerGraph graph, Dictionary<Layer, FoldedLayers> found)
    {
        HashSet<Layer> gone = [.. found.Values.SelectMany(match => match.Parts)];
        var now = new Dictionary<LayerTensor, LayerTensor>();
        LayerTensor Now(LayerTensor tensor) => now.GetValueOrDefault(tensor, tensor);
        var layers = new List<Layer>();
        foreach (Layer layer in graph.Layers)
        {
            if (found.TryGetValue(layer, out FoldedLayers? match))
            {
                layers.Add(match.Make(Now(match.Input)));
                now.Add(layer, layers[^1]);
            }
            else if (!gone.Contains(layer))
            {
                bool isSame = layer.Inputs.All(input => ReferenceEquals(Now(input), input));
                layers.Add(isSame ? layer : layer.With([.. layer.Inputs.Select(Now)]));
                now.Add(layer, layers[^1]);
            }
        }

        return graph with { Layers = layers, Outputs = [.. graph.Outputs.Select(output => (output.Name, Now(output.Tensor)))] };
    }
}
