using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Reading;

/// <summary>What a node is called, and the names that it reads.</summary>
internal static class NodeNames
{
    /// <summary>Longer names are cut in messages and in front of others.</summary>
    private const int MaximumLength = 160;

    /// <summary>Its own name, else that of its first output.</summary>
    public static string Of(NodeProto node) =>
        Short(node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(output => output.Length > 0) ?? node.OpType);

    public static string Describe(NodeProto node) => $"node '{Of(node)}' ({Short(node.OpType)})";

    /// <summary>The end of a name that is too long: in paths it says most.</summary>
    public static string Short(string name) => name.Length <= MaximumLength ? name : name[^MaximumLength..];

    /// <summary>A name behind the name of what it stands in.</summary>
    public static string Within(string prefix, string name) => prefix.Length == 0 ? name : Short(prefix) + Short(name);

    /// <summary>Its inputs, and what the graphs inside of it read from outside.</summary>
    public static IEnumerable<string> Reads(NodeProto node)
    {
        bool nested = node.Attribute.Any(attribute => attribute.G is not null || attribute.Graphs.Count > 0);
        return nested ? [.. ReadsOf(node)] : node.Input.Where(name => name.Length > 0);
    }

    private static HashSet<string> ReadsOf(NodeProto node)
    {
        HashSet<string> names = [.. node.Input.Where(name => name.Length > 0)];
        foreach (AttributeProto attribute in node.Attribute)
        {
            IEnumerable<GraphProto> graphs = attribute.G is null ? attribute.Graphs : [attribute.G, .. attribute.Graphs];
            foreach (GraphProto graph in graphs)
            {
                names.UnionWith(ReadsOf(graph));
            }
        }

        return names;
    }

    private static HashSet<string> ReadsOf(GraphProto graph)
    {
        HashSet<string> names = [.. graph.Output.Select(output => output.Name)];
        foreach (NodeProto node in graph.Node)
        {
            names.UnionWith(ReadsOf(node));
        }

        names.ExceptWith(graph.Node.SelectMany(node => node.Output));
        names.ExceptWith(graph.Initializer.Select(tensor => tensor.Name));
        names.ExceptWith(graph.Input.Select(input => input.Name));
        return names;
    }
}
