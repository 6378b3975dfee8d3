using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Translation;

/// <summary>Several layers that others stand for.</summary>
/// <param name="Core">The layers. Nothing else may read them.</param>
/// <param name="Moving">Layers that nothing may read then.</param>
/// <param name="Sources">What the layers read.</param>
/// <param name="Make">Makes the layer, behind others that it needs, from what the sources are now.</param>
internal sealed record FoldedLayers(
    HashSet<Layer> Core, HashSet<Layer> Moving, IReadOnlyList<LayerTensor> Sources,
    Func<Func<LayerTensor, LayerTensor>, IReadOnlyList<Layer>> Make)
{
    /// <summary>One layer that reads one tensor.</summary>
    public static FoldedLayers ToOne(HashSet<Layer> core, LayerTensor source, Func<LayerTensor, Layer> make) =>
        new(core, [], [source], now => [make(now(source))]);
}

/// <summary>Puts one layer in the place of several.</summary>
internal static class LayerFolding
{
    /// <param name="graph">The layers.</param>
    /// <param name="find">The layers that end with one; null if one does not end a pattern.</param>
    public static LayerGraph Fold(LayerGraph graph, Func<Layer, FoldedLayers?> find)
    {
        if (graph.Layers.Any(layer => layer.Arguments.Any(argument => argument.Value is Layer)))
        {
            return graph;
        }

        var readers = graph.Layers.Where(layer => !layer.IsSource).SelectMany(layer => layer.Inputs.Select(input => (input, layer)))
            .ToLookup(pair => pair.input, pair => pair.layer);
        HashSet<LayerTensor> kept = [.. graph.Outputs.Select(output => output.Tensor)];
        var found = new Dictionary<Layer, FoldedLayers>();
        HashSet<Layer> gone = [];
        foreach (Layer last in graph.Layers)
        {
            if (find(last) is { } match && !match.Core.Any(gone.Contains)
                && match.Sources.OfType<Layer>().All(source => found.ContainsKey(source) || !gone.Contains(source))
                && match.Core.All(part => part == last || (!kept.Contains(part) && readers[part].All(match.Core.Contains))))
            {
                found.Add(last, match);
                gone.UnionWith(match.Core);
            }
        }

        // What moves elements on the way, or is a constant, stays if something else reads it.
        HashSet<Layer> moving = [.. found.Values.SelectMany(match => match.Moving)];
        kept.UnionWith(found.Values.SelectMany(match => match.Sources));
        gone.UnionWith(found.Keys);
        foreach (Layer layer in graph.Layers.Reverse().Where(layer => moving.Contains(layer) && !kept.Contains(layer)))
        {
            gone.UnionWith(readers[layer].All(gone.Contains) ? [layer] : []);
        }

        var now = new Dictionary<LayerTensor, LayerTensor>();
        LayerTensor Now(LayerTensor tensor) => now.TryGetValue(tensor, out LayerTensor? made) ? made
            : tensor is Layer layer && gone.Contains(layer) ? Now(layer.Inputs[0]) : tensor;
        var layers = new List<Layer>();
        foreach (Layer layer in graph.Layers)
        {
            if (found.TryGetValue(layer, out FoldedLayers? match))
            {
                layers.AddRange(match.Make(Now));
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
