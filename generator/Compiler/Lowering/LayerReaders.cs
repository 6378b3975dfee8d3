using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Lowering;

/// <summary>Which layers of a network a program computes, and which layers read the output of each.</summary>
internal sealed class LayerReaders
{
    private readonly ILookup<int, Node> _readers;
    private readonly HashSet<int> _exits, _fusedWithLoss;

    /// <param name="fusedWithLoss">The layers that are fused with a loss.</param>
    public LayerReaders(NetworkGraph graph, ProgramKind kind, HashSet<int> fusedWithLoss)
    {
        (Graph, Kind, _exits, _fusedWithLoss) = (graph, kind, [.. graph.Exits(kind.Trains)], fusedWithLoss);
        HashSet<int> needed = graph.Needed(kind.Trains);
        Layers = graph.Nodes.Where(n => needed.Contains(n.Index)).ToList();
        _readers = Layers.WithCancellation().SelectMany(n => n.Inputs.Select(i => (Input: i, Node: n))).ToLookup(r => r.Input, r => r.Node);
    }

    public NetworkGraph Graph { get; }

    public ProgramKind Kind { get; }

    /// <summary>The layers that the program computes, in the graph's order.</summary>
    public IReadOnlyList<Node> Layers { get; }

    public bool IsFusedWithLoss(Node node) => _fusedWithLoss.Contains(node.Index);

    /// <summary>The layers that read a layer's output, if callers and losses do not read it; otherwise none.</summary>
    public IEnumerable<Node> ReadersInside(Node node) => _exits.Contains(node.Index) ? [] : _readers[node.Index];

    /// <summary>The only reader of a layer's output, which may then be computed together with the layer; null if there is none.</summary>
    public Node? SoleReader(Node node) => Kind.Fuses && _readers[node.Index].Count() == 1 && !_exits.Contains(node.Index)
        ? _readers[node.Index].First() : null;

    /// <summary>The layers after another one that do nothing in inference, such as dropout. Fusion skips them.</summary>
    public List<Node> IdleBehind(Node node)
    {
        var idle = new List<Node>();
        for (Node? reader = SoleReader(node); reader is not null && IsIdle(reader); reader = SoleReader(reader))
        {
            Cancellation.ThrowIfRequested();
            idle.Add(reader);
        }

        return idle;
    }

    /// <summary>The layer itself, or the one before it if it does nothing in inference.</summary>
    public Node BeforeIdle(Node node)
    {
        while (IsIdle(node) && Graph.Nodes[node.Inputs[0]] is var input && SoleReader(input) == node)
        {
            node = input;
        }

        return node;
    }

    /// <summary>
    /// Whether a layer's output comes directly from registers: the layer computes tiles, or it is a batch norm after such a layer.
    /// </summary>
    public bool IsOfTiles(Node node) => node.Operation.ComputesTiles
        || (node.Operation.AsChannelScale is not null && Graph.Nodes[node.Inputs[0]] is { Operation.ComputesTiles: true } before
            && SoleReader(before) == node);

    private bool IsIdle(Node node) => !Kind.Trains && node.Operation.IsForTraining;
}
