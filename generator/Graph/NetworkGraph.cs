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
    string Formula);

/// <summary>
/// A valid network: nodes in topological order, node 0 is the input, the last one is the output.
/// Whatever the front end was, everything after it begins here.
/// </summary>
/// <param name="InputGradient">Whether the training program computes the gradient of the network's input.</param>
internal sealed record NetworkGraph(EquatableArray<Node> Nodes, Loss? Loss, bool InputGradient)
{
    public Node Input => Nodes[0];

    public Node Output => Nodes[Nodes.Count - 1];

    /// <summary>The layer that is one function with the loss in training; null where there is none.</summary>
    public Node? FusedWithLoss => Loss is { } loss && loss.IsFusedWith(Output.Operation) ? Output : null;
}
