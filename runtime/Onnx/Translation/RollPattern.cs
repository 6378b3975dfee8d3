using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Operators;

namespace Strata.Onnx.Translation;

/// <summary>Two parts of a tensor that are put together the other way round: a roll along an axis.</summary>
internal static class RollPattern
{
    public static LayerGraph Fold(LayerGraph graph) => LayerFolding.Fold(graph, Find);

    private static FoldedLayers? Find(Layer last)
    {
        if (last is not { Kind: "Concat", Inputs: [Layer { Inputs: [var source] } first, Layer { Inputs: [var other] }] }
            || !ReferenceEquals(source, other) || !source.Shape.SequenceEqual(last.Shape) || !Moved.IsSmall(last))
        {
            return null;
        }

        var parts = new HashSet<Layer>();
        Moved moved = Moved.Follow(last, parts, source);
        int axis = Moved.AxisOf(last, "Axis"), extent = axis < 0 ? 0 : last.Shape[axis];
        if (axis < 0 || !ReferenceEquals(moved.Source, source))
        {
            return null;
        }

        int inner = Extents.Product(last.Shape.Skip(axis + 1)), shift = first.Shape[axis];
        bool isRoll = Enumerable.Range(0, moved.Indices.Length).All(to =>
        {
            int place = to / inner % extent;
            return moved.Indices[to] == to + ((((place + extent - shift) % extent) - place) * inner);
        });

        // By less than half of the extent, in either direction.
        int by = 2 * shift > extent ? shift - extent : shift;
        LayerArgument[] arguments = [new(null, by), new("Axis", Reductions.AxisAt(last.Shape.Count, axis))];
        return isRoll ? FoldedLayers.ToOne(parts, source, tensor => LayerMaker.Make("Roll", [tensor], arguments, [], last.Path)) : null;
    }
}
