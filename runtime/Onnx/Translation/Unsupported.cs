using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>The message about nodes that cannot be said.</summary>
internal static class Unsupported
{
    private const int MostShown = 50;

    private const string Loss = "it is a loss, which compares with labels; end the network before it, and import it with --loss";

    private const string Measured =
        "it is of a dynamic quantization, whose scale each input has anew; quantise with constant scales, or export the floats";

    /// <summary>Operators of which users ask why, and the answer.</summary>
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["NonMaxSuppression"] = "its result has no fixed size; cut the network before it",
        ["NonZero"] = "its result has no fixed size; cut the network before it",
        ["RoiAlign"] = "it reads boxes; cut the network before it",
        ["NegativeLogLikelihoodLoss"] = Loss,
        ["SoftmaxCrossEntropyLoss"] = Loss,
        ["ConvInteger"] = Measured,
        ["MatMulInteger"] = Measured,
        ["DynamicQuantizeLinear"] = Measured,
    };

    public static string Reason(OnnxNode node) =>
        node.Reason ?? (node.Domain.Length > 0 ? $"operators of the domain '{node.Domain}' are not known"
            : Reasons.GetValueOrDefault(node.Operator, "Strata has no such layer"));

    public static UnsupportedNode DescribeNode(OnnxNode node, string reason)
    {
        string inputs = string.Join(", ", node.Inputs.OfType<OnnxValue>()
            .Select(input => input.Constant is null ? Named(input) : Constant(input.Shape)).Take(4));
        string readers = string.Join(", ", node.Outputs.SelectMany(output => output.Readers).Select(reader => reader.ToString())
            .Distinct().Take(4));
        return new UnsupportedNode(
            node.Name.Length > 0 ? node.Name : node.Output.Name, node.Operator, node.Domain,
            $"reads {(inputs.Length > 0 ? inputs : "nothing")}; {(readers.Length > 0 ? $"read by {readers}" : "is an output")}", reason);
    }

    public static UnsupportedOnnxException Describe(OnnxGraph graph, List<UnsupportedNode> nodes, LayerBuilder layers)
    {
        var text = new StringBuilder();
        text.Append(nodes.Count == 1 ? "1 node has" : $"{nodes.Count} nodes have").Append(" no words in Strata:");
        foreach (UnsupportedNode node in nodes.Take(MostShown))
        {
            text.Append("\n  ").Append(node.Domain.Length > 0 ? $"{node.Domain}." : "").Append(node.Operator).Append(" '").Append(node.Name)
                .Append("': ").Append(node.Reason).Append("; it ").Append(node.Surroundings).Append('.');
        }

        if (nodes.Count > MostShown)
        {
            text.Append("\n  … and ").Append(nodes.Count - MostShown).Append(" more.");
        }

        string[] cuts = [.. Frontier(graph, layers).Take(8)];
        if (cuts.Length > 0)
        {
            text.Append("\nEnd the network before them with ").AppendJoin(' ', cuts.Select(cut => $"--until \"{cut}\"")).Append('.');
        }

        return new UnsupportedOnnxException(text.ToString(), nodes);
    }

    /// <summary>The tensors that can be said, and that a node reads which cannot.</summary>
    private static IEnumerable<string> Frontier(OnnxGraph graph, LayerBuilder layers) => graph.Nodes
        .SelectMany(node => node.Outputs)
        .Where(value => layers.IsKnown(value) && (graph.Outputs.Contains(value)
            || value.Readers.Any(reader => reader.Outputs.All(output => !layers.IsKnown(output))
                && IsLost(graph, reader, layers))))
        .Select(value => value.Name);

    /// <summary>Whether a node is not only part of a pattern that could be said.</summary>
    private static bool IsLost(OnnxGraph graph, OnnxNode node, LayerBuilder layers)
    {
        var open = new Stack<OnnxNode>([node]);
        var seen = new HashSet<OnnxNode>();
        while (open.Count > 0 && seen.Count < 64)
        {
            OnnxNode next = open.Pop();
            if (next.Outputs.Any(layers.IsKnown))
            {
                continue;
            }

            if (next.Outputs.Any(output => graph.Outputs.Contains(output)))
            {
                return true;
            }

            if (seen.Add(next))
            {
                foreach (OnnxNode reader in next.Outputs.SelectMany(output => output.Readers))
                {
                    open.Push(reader);
                }
            }
        }

        return seen.Count >= 64;
    }

    private static string Constant(IReadOnlyList<int> shape) =>
        shape.Count == 0 ? "a constant number" : $"a constant of {string.Join('×', shape)}";

    private static string Named(OnnxValue value) => value.IsUnknown ? $"'{value.Name}'"
        : $"'{value.Name}' of {string.Join('×', value.Shape)}";
}
