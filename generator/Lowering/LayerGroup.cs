using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>
/// Nodes that one step computes: a layer with the activation and the pooling that can be done while its results are in
/// registers.
/// </summary>
/// <param name="Head">The layer.</param>
/// <param name="Input">The tensor it reads: the output of a node.</param>
/// <param name="Activation">A fused activation, applied before pooling.</param>
/// <param name="Pool">Fused pooling.</param>
/// <param name="Last">The node whose output the group's result is.</param>
/// <param name="Label">The names of its layers: <c>conv1 + relu1 + pool1</c>.</param>
internal sealed record LayerGroup(Node Head, Node Input, Activation? Activation, FusedPool? Pool, Node Last, string Label)
{
    public Operation Operation => Head.Operation;

    /// <summary>
    /// Splits a network into groups, in order.
    /// </summary>
    /// <param name="training">
    /// Whether backward follows. It needs the activations themselves in front of average pooling, and the inputs of some
    /// activations, so that these are not fused then.
    /// </param>
    public static List<LayerGroup> Of(NetworkGraph graph, bool training)
    {
        int[] consumers = new int[graph.Nodes.Count];
        foreach (int input in graph.Nodes.SelectMany(n => n.Inputs))
        {
            consumers[input]++;
        }

        // Topological order: the next node is the one that may be fused, if it is the only reader.
        Node? Next(Node node) => node.Index + 1 < graph.Nodes.Count && consumers[node.Index] == 1
            && graph.Nodes[node.Index + 1].Inputs.SequenceEqual([node.Index]) ? graph.Nodes[node.Index + 1] : null;

        var groups = new List<LayerGroup>();
        for (int i = 1; i < graph.Nodes.Count; i++)
        {
            Node head = graph.Nodes[i], last = head, input = graph.Nodes[head.Inputs[0]];
            Activation? activation = null;
            FusedPool? pool = null;
            if (head.Operation is Convolution or Dense or Pooling && Next(last) is { Operation: Activation act } next
                && !(training && act.NeedsInput))
            {
                (activation, last) = (act, next);
            }

            if (head.Operation is Convolution && Next(last) is { Operation: Pooling pooling } pooled)
            {
                PoolingWindow window = WindowOf(pooling, last.Shape, pooled.Shape);
                if (window.IsDisjoint && IsExact(window) && !window.Clips && window.AsTile.Area is > 1 and <= 9
                    && (pooling.Kind == PoolingKind.Max || !training)
                    && !(training && activation is { IsIncreasing: false }))
                {
                    (pool, last) = (window.AsTile, pooled);
                }
            }

            groups.Add(new LayerGroup(
                head, input, activation, pool, last,
                string.Join(" + ", graph.Nodes.Skip(head.Index).Take(last.Index - head.Index + 1).Select(n => n.Name))));
            i = last.Index;
        }

        return groups;
    }

    private static bool IsExact(PoolingWindow window) =>
        window.Vertical.Stride == window.Vertical.Kernel && window.Horizontal.Stride == window.Horizontal.Kernel;

    public static PoolingWindow WindowOf(Pooling pooling, Shape input, Shape output)
    {
        // The only element of a window is its maximum and its mean; the mean needs no index.
        PoolingKind kind = pooling.Vertical.Kernel * pooling.Horizontal.Kernel == 1 ? PoolingKind.Average : pooling.Kind;
        return new PoolingWindow(
            kind, pooling.Vertical, pooling.Horizontal, pooling.CountIncludePad, input.Height, input.Width, output.Height, output.Width);
    }
}
