using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>
/// Lets a concatenation that begins with the tensors of an earlier one read that one: Concat(x, a, b) becomes Concat(Concat(x, a), b). So
/// exporters' dense blocks become branches again.
/// </summary>
internal static class ConcatChains
{
    private const string Concat = "Concat";

    /// <summary>The graph with chains of concatenations; the graph itself if there are none.</summary>
    public static LayerGraph In(LayerGraph graph)
    {
        if (graph.Layers.Count(layer => layer.Kind == Concat) < 2)
        {
            return graph;
        }

        // A tree of the first tensors of all concatenations. The number of a node that ends a concatenation leads to it.
        var children = new Dictionary<(int Node, LayerTensor Tensor), int>();
        var ends = new Dictionary<int, LayerTensor>();
        var replaced = new Dictionary<LayerTensor, LayerTensor>(ReferenceEqualityComparer.Instance);
        List<Layer> layers = [];
        foreach (Layer layer in graph.Layers)
        {
            IReadOnlyList<LayerTensor> inputs = [.. layer.Inputs.Select(input => replaced.GetValueOrDefault(input, input))];
            if (layer.Kind == Concat && layer.Arguments.Count == 0)
            {
                inputs = Shortened(inputs, children, ends, out int end);
                Layer added = Add(layer, inputs);
                ends.TryAdd(end, added);
            }
            else
            {
                Add(layer, inputs);
            }
        }

        return graph with
        {
            Layers = layers,
            Shared = [.. graph.Shared.Select(same => same.Select(layer => (Layer)replaced[layer]).ToArray())],
            Outputs = [.. graph.Outputs.Select(output => (output.Name, replaced.GetValueOrDefault(output.Tensor, output.Tensor)))],
        };

        Layer Add(Layer layer, IReadOnlyList<LayerTensor> inputs)
        {
            Layer copy = inputs.SequenceEqual(layer.Inputs) ? layer : layer.With(inputs);
            copy.TiedTo = layer.TiedTo is { } owner ? (Layer)replaced[owner] : null;
            replaced.Add(layer, copy);
            layers.Add(copy);
            return copy;
        }
    }

    private static IReadOnlyList<LayerTensor> Shortened(
        IReadOnlyList<LayerTensor> inputs, Dictionary<(int Node, LayerTensor Tensor), int> children, Dictionary<int, LayerTensor> ends,
        out int end)
    {
        LayerTensor? longest = null;
        int length = 0;
        end = 0;
        for (int i = 0; i < inputs.Count; i++)
        {
            if (!children.TryGetValue((end, inputs[i]), out int child))
            {
                child = children.Count + 1;
                children.Add((end, inputs[i]), child);
            }

            end = child;
            if (i + 1 < inputs.Count && ends.TryGetValue(end, out LayerTensor? earlier))
            {
                (longest, length) = (earlier, i + 1);
            }
        }

        return longest is null ? inputs : [longest, .. inputs.Skip(length)];
    }
}
