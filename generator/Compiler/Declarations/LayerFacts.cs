using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Declarations;

/// <summary>What is known of the layers of a valid network. Editors show it at the layers, if a project asks for it.</summary>
internal static class LayerFacts
{
    /// <summary>The facts of each attribute of a network that is a layer, or a block of layers.</summary>
    /// <param name="sources">Where each node of the graph comes from.</param>
    public static EquatableArray<Problem> Of(NetworkDeclaration declaration, NetworkGraph graph, IReadOnlyList<LayerSource> sources)
    {
        IReadOnlyList<LayerDescription> layers = new NetworkDescription(graph).Layers;
        return layers.GroupBy(layer => sources[layer.Node.Index].Site.Attribute)
            .Where(attribute => attribute.Key >= 0)
            .Select(attribute => OfAttribute(
                attribute.Key, declaration.Attributes[attribute.Key].Kind, [.. attribute], graph, sources))
            .ToEquatableArray();
    }

    private static Problem OfAttribute(
        int attribute, string kind, LayerDescription[] layers, NetworkGraph graph, IReadOnlyList<LayerSource> sources)
    {
        LayerDescription last = layers[layers.Length - 1];
        bool isLayer = layers.Length == 1 && sources[last.Node.Index].Site.Inside.Count == 0;
        string inputs = string.Join(", ", graph.Nodes
            .Where(node => sources[node.Index].Site.Attribute == attribute)
            .SelectMany(node => node.Inputs)
            .Distinct()
            .Where(input => sources[input].Site.Attribute != attribute)
            .Select(input => graph.Nodes[input].Shape));
        string text = isLayer ? last.Text
            : $"{last.Node.Shape}; {Arithmetic.Count(layers.Length, "layer")}"
                + LayerDescription.CostText(
                    layers.Sum(layer => (long)layer.ParameterCount), layers.Sum(layer => layer.MultiplyAdds),
                    layers.Sum(layer => layer.Bytes));
        return LayerProblems.Shape(
            new Subject(new Site(attribute, ""), isLayer ? sources[last.Node.Index].Label : $"[{kind}]"), inputs, text);
    }
}
