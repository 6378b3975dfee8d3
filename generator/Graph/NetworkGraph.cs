using System.Collections.Generic;
using System.Linq;

namespace Strata.Generator.Graph;

/// <summary>
/// One layer of the network with its resolved operation and shape.
/// </summary>
/// <param name="Name">PyTorch's key of the layer (<c>conv1</c>); unique; empty for the input.</param>
/// <param name="Identifier">The C# property of the layer (<c>Conv1</c>).</param>
/// <param name="Kind">The attribute's name (<c>Conv2D</c>), as the user wrote it.</param>
/// <param name="Formula">The shape's arithmetic: <c>(28 + 2·2 − 5)/1 + 1 = 28</c>; empty where the shape is unchanged.</param>
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
    /// <summary>For a part of a layer that the language has no name for, such as its padding: the layer. Null for a layer.</summary>
    public string? PartOf { get; init; }

    /// <summary>The layer's arguments as one would write them: <c>64, 3, Stride = 2</c>.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>Whether its parameters keep their values: they have no gradients, and batch norm uses its running statistics.</summary>
    public bool Frozen { get; init; }
}

/// <summary>A tensor that callers receive.</summary>
/// <param name="Name">Empty where it is the only one.</param>
internal sealed record NetworkOutput(string Name, int Node);

/// <summary>A loss on a tensor.</summary>
/// <param name="Weight">Its factor in the sum of all losses.</param>
/// <param name="TargetOffset">Where its target begins in the classes, or in the values, of a sample.</param>
internal sealed record NetworkLoss(Loss Loss, int Node, double Weight, int TargetOffset);

/// <summary>
/// A valid network: nodes in topological order. A sample is all inputs one behind the other, in the order of their nodes, and so
/// are its outputs. Every front end ends here, and everything after it begins here.
/// </summary>
internal sealed record NetworkGraph(
    EquatableArray<Node> Nodes, EquatableArray<NetworkOutput> Outputs, EquatableArray<NetworkLoss> Losses, NetworkSettings Settings)
{
    /// <summary>Whether the caller computes a loss.</summary>
    public bool HasExternalLoss { get; init; }

    /// <summary>Whether there are training programs.</summary>
    public bool IsTrainable => HasExternalLoss || Losses.Count > 0;

    /// <summary>What users know as layers: no inputs, and no parts of layers.</summary>
    public IEnumerable<Node> Layers => Nodes.Where(n => n.Inputs.Count > 0 && n.PartOf is null);

    public IEnumerable<Node> Inputs => Nodes.Where(n => n.Inputs.Count == 0);

    /// <summary>Floats of a sample.</summary>
    public int InputLength => Inputs.Sum(n => n.Shape.Length);

    public int OutputLength => Outputs.Sum(o => Nodes[o.Node].Shape.Length);

    /// <summary>Class indices, or values, in the target of a sample.</summary>
    public int TargetLength(bool classes) => Losses.Where(l => l.Loss.TakesClasses == classes)
        .Select(l => l.TargetOffset + l.Loss.TargetLength(Nodes[l.Node].Shape)).DefaultIfEmpty().Max();

    public Node Input => Nodes[0];

    public Node Output => Nodes[Outputs[0].Node];

    /// <summary>Whether a loss and the layer that it is on are one function in training.</summary>
    public bool IsFused(NetworkLoss loss) => loss.Loss.IsFusedWith(Nodes[loss.Node].Operation);

    /// <summary>Whether a tensor has a loss that is no function together with its layer, and reads the tensor itself.</summary>
    public bool HasPlainLoss(int node) => Losses.Any(loss => loss.Node == node && !IsFused(loss));

    /// <summary>Where an output begins in the outputs of a sample.</summary>
    public int OffsetOf(NetworkOutput output) => Outputs.TakeWhile(o => o != output).Sum(o => Nodes[o.Node].Shape.Length);

    /// <summary>Where an input begins in a sample.</summary>
    public int OffsetOf(Node input) => Inputs.TakeWhile(i => i.Index != input.Index).Sum(i => i.Shape.Length);

    /// <summary>Where a layer's activations begin in the observations of a sample, which hold all layers in order.</summary>
    public int ObservationOf(Node layer) => checked(Layers.TakeWhile(n => n.Index != layer.Index).Sum(n => n.Shape.Length));

    /// <summary>
    /// The layers that a program needs: those that outputs are computed from, and in training those of losses as well, such as
    /// auxiliary heads.
    /// </summary>
    public HashSet<int> Needed(bool training)
    {
        var needed = new HashSet<int>(Exits(training));
        for (int i = Nodes.Count - 1; i >= 0; i--)
        {
            Cancellation.Look();
            if (needed.Contains(i))
            {
                needed.UnionWith(Nodes[i].Inputs);
            }
        }

        return needed;
    }

    /// <summary>The tensors that are read from outside: outputs, and in training losses.</summary>
    public IEnumerable<int> Exits(bool training) =>
        Outputs.Select(o => o.Node).Concat(training ? Losses.Select(l => l.Node) : []).Distinct();
}
