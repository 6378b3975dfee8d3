using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Reading;

/// <summary>
/// Where a detector ends by itself: before boxes are chosen, since it depends on the picture how many are left. Nothing that is learned
/// stands behind that.
/// </summary>
internal static class Suppression
{
    /// <summary>Nodes whose results have as many elements as they find.</summary>
    private static readonly string[] Choosing = ["NonMaxSuppression", "NonZero"];

    /// <summary>Nodes that compute with weights, and those that look at the picture again.</summary>
    private static readonly HashSet<string> Learned =
        ["Conv", "ConvTranspose", "Gemm", "MatMul", "LSTM", "GRU", "RNN", "RoiAlign", "MaxRoiPool"];

    /// <summary>The tensors at which it ends, and the first node behind them; none if it has no such end.</summary>
    public static (IReadOnlyList<string> Ends, NodeProto? Before) Find(GraphProto graph)
    {
        if (!graph.Node.Any(node => Choosing.Contains(node.OpType)))
        {
            return ([], null);
        }

        ILookup<string, NodeProto> readers = graph.Node.SelectMany(node => NodeNames.Reads(node).Select(name => (Name: name, Node: node)))
            .ToLookup(read => read.Name, read => read.Node);
        HashSet<string> inputs = [.. graph.Input.Select(input => input.Name).Except(graph.Initializer.Select(tensor => tensor.Name))];

        // Shapes are known: what follows from them alone depends on no input.
        HashSet<string> depending = [.. inputs];
        depending.UnionWith(Behind(inputs, readers, node => node.OpType is not ("Shape" or "Size")).SelectMany(node => node.Output));
        NodeProto[] first = [.. graph.Node.Where(node => Choosing.Contains(node.OpType) && Opsets.IsStandard(node.Domain)
            && NodeNames.Reads(node).Any(depending.Contains))];
        HashSet<NodeProto> left = Behind(first.SelectMany(node => node.Output), readers, _ => true);
        left.UnionWith(first);
        HashSet<string> lost = [.. left.SelectMany(node => node.Output)];
        if (left.Any(node => Learned.Contains(node.OpType)) || !graph.Output.Any(output => lost.Contains(output.Name)))
        {
            return ([], null);
        }

        string[] ends = [.. graph.Node.Where(left.Contains).SelectMany(NodeNames.Reads)
            .Where(name => depending.Contains(name) && !lost.Contains(name) && !inputs.Contains(name))];
        return ends.Length == 0 ? ([], null)
            : ([.. ends.Concat(graph.Output.Select(output => output.Name).Where(name => !lost.Contains(name))).Distinct()], first[0]);
    }

    /// <summary>The nodes that some tensors lead to.</summary>
    private static HashSet<NodeProto> Behind(
        IEnumerable<string> names, ILookup<string, NodeProto> readers, Predicate<NodeProto> passes)
    {
        // Nodes are compared as objects: as messages, two of the same contents would be one.
        var found = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var open = new Stack<string>(names);
        while (open.TryPop(out string? name))
        {
            foreach (NodeProto node in readers[name].Where(node => passes(node) && found.Add(node)))
            {
                foreach (string output in node.Output)
                {
                    open.Push(output);
                }
            }
        }

        return found;
    }
}
