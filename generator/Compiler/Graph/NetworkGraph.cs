using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Graph;

/// <summary>One layer of the network with its operation and shape.</summary>
/// <param name="Name">PyTorch's key of the layer (<c>conv1</c>). It is unique, and empty for the input.</param>
/// <param name="Identifier">The C# property of the layer (<c>Conv1</c>).</param>
/// <param name="Kind">The attribute's name (<c>Conv2D</c>), as the user wrote it.</param>
/// <param name="Formula">How the shape was computed: <c>(28 + 2·2 − 5)/1 + 1 = 28</c>. Empty if the shape does not change.</param>
/// <param name="Inputs">Indices of the nodes whose outputs this node reads.</param>
/// <param name="Shape">The output's shape.</param>
internal sealed record Node(
    int Index,
    string Name,
    string Identifier,
    string Kind,
    Operation Operation,
    EquatableArray<int> Inputs,
    Shape Shape,
    string Formula)
{
    /// <summary>
    /// The layer that this node is a part of; null if the node is a layer itself. Example: the padding of a convolution is a node without a
    /// layer name.
    /// </summary>
    public string? PartOf { get; init; }

    /// <summary>
    /// Indices of the nodes that a layer of several inputs and several parts reads, in the order of its arguments; else empty. Its parts
    /// read them, each in an order of its own.
    /// </summary>
    public EquatableArray<int> ReadByParts { get; init; } = EquatableArray<int>.Empty;

    /// <summary>The name of the layer that has its parameters.</summary>
    public string Layer => PartOf ?? Name;

    /// <summary>
    /// The arguments that the layer's declaration writes, as a user would: <c>64, 3, Stride = 2</c>. People read this text, in pictures of
    /// networks for example; <see cref="Values"/> and <see cref="Windows"/> are for code, and have the arguments that are left out.
    /// </summary>
    public string Arguments { get; init; } = "";

    /// <summary>The values of its arguments, without those of its window.</summary>
    public EquatableArray<ArgumentValue> Values { get; init; }

    /// <summary>The axes of the window that its arguments declare, slowest first; empty if it has none.</summary>
    public EquatableArray<LayerWindow> Windows { get; init; }

    /// <summary>Whether a project declares its operator, and not Strata.</summary>
    public bool IsDeclared { get; init; }

    /// <summary>
    /// Whether training leaves its parameters unchanged. A frozen layer has no gradients, and batch norm uses its running statistics.
    /// </summary>
    public bool Frozen { get; init; }

    /// <summary>The index of the node whose parameters it uses; null if it has its own.</summary>
    public int? Owner { get; init; }

    /// <summary>The index of the node whose weight it uses in the opposite direction; null if its weight is not tied.</summary>
    public int? TiedTo { get; init; }
}

/// <summary>A tensor that the network returns to callers.</summary>
/// <param name="Name">Empty if it is the only output.</param>
internal sealed record NetworkOutput(string Name, int Node);

/// <summary>A loss on a tensor.</summary>
/// <param name="Weight">The factor of this loss in the sum of all losses.</param>
/// <param name="TargetOffset">The offset of its target within the classes, or within the values, of a sample.</param>
internal sealed record NetworkLoss(Loss Loss, int Node, double Weight, int TargetOffset)
{
    /// <summary>The values of its arguments.</summary>
    public EquatableArray<ArgumentValue> Values { get; init; }

    /// <summary>Whether a project declares it, and not Strata.</summary>
    public bool IsDeclared { get; init; }
}

/// <summary>
/// A valid network, with nodes in topological order. A sample holds all inputs one after the other, in the order of their nodes. The
/// outputs of a sample are concatenated in the same way. Every front end produces a graph, and all later stages read it.
/// </summary>
internal sealed record NetworkGraph(
    EquatableArray<Node> Nodes, EquatableArray<NetworkOutput> Outputs, EquatableArray<NetworkLoss> Losses, NetworkSettings Settings)
{
    /// <summary>Whether the caller computes a loss outside of the network.</summary>
    public bool HasExternalLoss { get; init; }

    /// <summary>Whether the network has training programs.</summary>
    public bool IsTrainable => HasExternalLoss || Losses.Count > 0;

    /// <summary>The nodes that users see as layers. Inputs and parts of layers are not among them.</summary>
    public IEnumerable<Node> Layers => Nodes.Where(n => n.Inputs.Count > 0 && n.PartOf is null);

    public IEnumerable<Node> Inputs => Nodes.Where(n => n.Inputs.Count == 0);

    /// <summary>How many floats the inputs of a sample have.</summary>
    public int InputLength => Inputs.Sum(n => n.Shape.Length);

    public int OutputLength => Outputs.Sum(o => Nodes[o.Node].Shape.Length);

    /// <summary>How many class indices, or how many values, the target of a sample has.</summary>
    public int TargetLength(bool classes) => Losses.Where(l => l.Loss.TakesClasses == classes)
        .Select(l => l.TargetOffset + l.Loss.TargetLength(Nodes[l.Node].Shape)).DefaultIfEmpty().Max();

    public Node Input => Nodes[0];

    public Node Output => Nodes[Outputs[0].Node];

    /// <summary>Whether training computes a loss and its layer as one function.</summary>
    public bool IsFused(NetworkLoss loss) => loss.Loss.IsFusedWith(Nodes[loss.Node].Operation);

    /// <summary>Whether a tensor has a loss that is not fused with its layer. Such a loss reads the tensor itself.</summary>
    public bool HasPlainLoss(int node) => Losses.Any(loss => loss.Node == node && !IsFused(loss));

    /// <summary>The offset of an output within the outputs of a sample.</summary>
    public int OffsetOf(NetworkOutput output) => Outputs.TakeWhile(o => o != output).Sum(o => Nodes[o.Node].Shape.Length);

    /// <summary>The offset of an input within a sample.</summary>
    public int OffsetOf(Node input) => Inputs.TakeWhile(i => i.Index != input.Index).Sum(i => i.Shape.Length);

    /// <summary>The offset of a layer's activations within the observations of a sample. These hold all layers in order.</summary>
    public int ObservationOf(Node layer) => checked(Layers.TakeWhile(n => n.Index != layer.Index).Sum(n => n.Shape.Length));

    /// <summary>
    /// The layers that a program needs: those that the outputs depend on. Training also needs those that losses depend on, such as
    /// auxiliary heads.
    /// </summary>
    public HashSet<int> Needed(bool training)
    {
        var needed = new HashSet<int>(Exits(training));
        for (int i = Nodes.Count - 1; i >= 0; i--)
        {
            Cancellation.ThrowIfRequested();
            if (needed.Contains(i))
            {
                needed.UnionWith(Nodes[i].Inputs);
            }
        }

        return needed;
    }

    /// <summary>The tensors that are read from outside of the network: outputs, and in training the tensors with losses.</summary>
    public IEnumerable<int> Exits(bool training) =>
        Outputs.Select(o => o.Node).Concat(training ? Losses.Select(l => l.Node) : []).Distinct();
}
