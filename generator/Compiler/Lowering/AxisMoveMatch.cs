using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Lowering;

/// <summary>
/// Layers that only move axes, in a row: reshapes and transpositions. In inference, one step moves each element from where it was computed
/// to where the next layer reads it.
/// </summary>
internal sealed class AxisMoveMatch(LayerReaders readers)
{
    private readonly Dictionary<int, Row?> _rows = [];
    private readonly Dictionary<int, bool> _passedOn = [];

    /// <summary>Whether a layer is not computed, since a layer behind it moves the elements of its input itself.</summary>
    public bool IsPassedOn(Node node)
    {
        var passed = new List<Node>();
        bool isPassedOn = false;
        for (Node last = node; !isPassedOn && readers.SoleReader(last) is { } next && RowTo(next) is { } row; last = next)
        {
            if (row.Before?.Index != last.Index)
            {
                break;
            }

            Cancellation.ThrowIfRequested();
            passed.Add(last);
            isPassedOn = !row.IsView || (_passedOn.TryGetValue(next.Index, out bool known) && known);
        }

        passed.ForEach(layer => _passedOn[layer.Index] = isPassedOn);
        return isPassedOn;
    }

    /// <summary>The group of the last layer of a row, which moves the elements of the row's input; null for other layers.</summary>
    public LayerGroup? GroupOf(Node node)
    {
        // A view by itself costs nothing.
        if (RowTo(node) is not { IsView: false } row)
        {
            return null;
        }

        List<Node> layers = [node];
        for (Row? one = row; one?.Before is { } before; one = RowTo(before))
        {
            layers.Insert(0, before);
        }

        Node source = readers.Graph.Nodes[layers[0].Inputs[0]];
        var move = new AxisMove(row.Axes, source.Shape.Rank == 1 || node.Shape.Rank == 1);
        Node head = node with { Operation = move, Inputs = layers[0].Inputs };
        string label = string.Join(" + ", layers.Where(layer => layer == node || !layer.Operation.IsView).Select(layer => layer.Name));
        return new LayerGroup(head, [source], null, null, null, null, head, label);
    }

    private Row? RowTo(Node node)
    {
        if (!_rows.TryGetValue(node.Index, out Row? row))
        {
            row = readers.Kind.Trains || node.Inputs.Count != 1 ? null : Find(node);
            _rows.Add(node.Index, row);
        }

        return row;
    }

    private Row? Find(Node node)
    {
        Node input = readers.Graph.Nodes[node.Inputs[0]];
        if (node.Operation.AxisOrder(input.Shape, node.Shape) is not { } order)
        {
            return null;
        }

        Row? Behind(Row before, Node? own) => before.Moves.Then(order) is { } moves
            && moves.Between(before.Source, node.Shape) is { } axes
                ? new Row(before.Source, moves, axes, own, node.Operation.IsView && before.IsView) : null;

        Row? longer = readers.SoleReader(input) == node && RowTo(input) is { } row ? Behind(row, input) : null;
        return longer ?? Behind(new Row(input.Shape, AxisMoves.Of(input.Shape), default, null, true), null);
    }

    /// <summary>Layers one behind the other.</summary>
    /// <param name="Source">The shape of what the first one reads.</param>
    /// <param name="Axes">The axes along which elements move to the last one.</param>
    /// <param name="Before">The layer before the last one; null if that is the first.</param>
    /// <param name="IsView">Whether all are views.</param>
    private sealed record Row(Shape Source, AxisMoves Moves, EquatableArray<MovedAxis> Axes, Node? Before, bool IsView);
}
