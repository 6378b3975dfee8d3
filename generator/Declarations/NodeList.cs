using System;
using System.Collections.Generic;
using Strata.Generator.Graph;

namespace Strata.Generator.Declarations;

/// <summary>The nodes of a graph while it is built, with the item of the declaration that each comes from.</summary>
/// <param name="freezeUntil">The first layer that is trained; null if all are.</param>
internal sealed class NodeList(string? freezeUntil)
{
    public List<Node> Nodes { get; } = [];

    /// <summary>The item of each node.</summary>
    public List<StackItem> Sources { get; } = [];

    /// <summary>Whether the layer that <c>FreezeUntil</c> names is still to come.</summary>
    public bool IsFreezing { get; private set; } = freezeUntil is not null;

    /// <param name="hidden">The last part of the name, for a node without a name of its own in the language.</param>
    public Tensor Add(
        StackItem item, string kind, Operation operation, EquatableArray<int> inputs, Shape shape, string formula, string? hidden = null)
    {
        Cancellation.Look();
        string identifier = item.Identifier.Length > 0 ? item.Identifier : "Input";
        Nodes.Add(new Node(
            Nodes.Count,
            hidden is null ? item.Name : $"{item.Name}.{hidden}",
            hidden is null ? identifier : identifier + LayerNames.PropertyOf(hidden),
            kind, operation, inputs, shape, formula)
        {
            PartOf = hidden is null ? null : item.Name,
            Frozen = IsFreezing || item.IsFrozen,
            Arguments = inputs.Count == 0 || hidden is not null ? "" : ArgumentText.Of(item.Attribute),
        });
        Sources.Add(item);
        return new Tensor(Nodes.Count - 1, shape);
    }

    /// <summary>Called at the beginning of each item: from the one that <c>FreezeUntil</c> names on, layers are trained.</summary>
    public void Unfreeze(StackItem item)
    {
        if (IsFreezing && ((item.Name.Length > 0 && item.Name == freezeUntil)
            || item.Name.StartsWith(freezeUntil + ".", StringComparison.Ordinal)))
        {
            IsFreezing = false;
        }
    }

    /// <summary>Finds the layer that last changed an extent of a tensor, on the way from the beginning of its branch.</summary>
    public Func<Func<Shape, int>, string?> LastChange(Tensor end, Tensor? start) => extent =>
    {
        int node = end.Node;
        while (node != start?.Node && Nodes[node].Inputs.Count > 0)
        {
            int before = Nodes[node].Inputs[0];
            if (extent(Nodes[before].Shape) != extent(Nodes[node].Shape))
            {
                return Sources[node].Label;
            }

            node = before;
        }

        return null;
    };
}
