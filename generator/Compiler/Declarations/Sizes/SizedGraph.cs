using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Declarations;

/// <summary>The graph of a network at one size of its inputs.</summary>
/// <param name="Extents">The extents of all inputs without channels, one after the other.</param>
internal sealed record SizedGraph(EquatableArray<int> Extents, NetworkGraph Graph) : ISizedLayers
{
    public SizedGraph(NetworkGraph graph)
        : this(graph.Inputs.SelectMany(input => input.Shape.Extents.Skip(1)).ToEquatableArray(), graph)
    {
    }

    public string Size => SizedNetwork.Text(Extents);

    public IEnumerable<(string Key, string Layer, IReadOnlyList<int> Shape)> Parameters =>
        new NetworkDescription(Graph).Parameters.Select(
            one => (one.Parameter.KeyOf(one.Node.Layer), one.Node.Layer, (IReadOnlyList<int>)one.Parameter.Extents));

    public (string Name, IReadOnlyList<int> Shape, string Formula) ReadBy(string layer)
    {
        Node read = Graph.Nodes[Graph.Nodes.First(node => node.Name == layer).Inputs[0]];
        return (read.Name.Length > 0 ? read.Name : "input", read.Shape.Extents, read.Formula);
    }
}
