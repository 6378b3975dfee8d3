using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Operators;

namespace Strata.Onnx.Translation;

/// <summary>A tensor whose elements are those of another one in other places, all times one number.</summary>
/// <param name="Source">The other tensor.</param>
/// <param name="Indices">The place in it for each element.</param>
/// <param name="Scale">The number.</param>
internal sealed record Moved(LayerTensor Source, int[] Indices, double Scale)
{
    /// <summary>Follows a tensor's elements back through all layers that only move them, or multiply all by one number.</summary>
    /// <param name="tensor">The tensor. Memory is taken for its elements only, not for those of larger tensors on the way.</param>
    /// <param name="passed">The layers on the way are added to it.</param>
    public static Moved Follow(LayerTensor tensor, HashSet<Layer> passed)
    {
        int[] indices = [.. Enumerable.Range(0, Extents.Product(tensor.Shape))];
        double scale = 1;
        while (tensor is Layer { Inputs: [var input] } layer && PlaceIn(layer, input.Shape) is { } placeOf)
        {
            passed.Add(layer);
            indices = Array.ConvertAll(indices, placeOf);
            (tensor, scale) = (input, scale * (FactorOf(layer) ?? 1));
        }

        return new Moved(tensor, indices, scale);
    }

    /// <summary>The number that a layer multiplies all elements by, if it does nothing else.</summary>
    public static double? FactorOf(Layer layer) =>
        layer is { Kind: "Affine", Arguments: [{ Value: double factor }, { Value: 0d }] } ? factor : null;

    /// <summary>The place of the one axis that an argument names; -1 if it names several.</summary>
    public static int AxisOf(Layer layer, string argument)
    {
        var axes = (Axes)(layer.Arguments.FirstOrDefault(one => one.Name == argument)?.Value ?? Axes.Channels);
        return Reductions.AxesOf(layer.Shape.Count, axes) is [var axis] ? axis - 1 : -1;
    }

    /// <summary>Where a layer takes each of its elements from; null if it does not only move them.</summary>
    private static Converter<int, int>? PlaceIn(Layer layer, IReadOnlyList<int> input)
    {
        switch (layer.Kind)
        {
            case "Reshape" or "Flatten":
            case "Affine" when FactorOf(layer) is not null:
                return place => place;
            case "Transpose":
                return Strided(layer.Shape, [.. layer.Arguments.Select(argument => StrideOf(input, (int)argument.Value - 1))], 0);
            case "Slice" when layer.Arguments is [{ Value: int and >= 0 and var start }, ..] && AxisOf(layer, "Axis") is >= 0 and var axis:
                return Strided(layer.Shape, [.. input.Select((_, i) => StrideOf(input, i))], start * StrideOf(input, axis));
            default:
                return null;
        }
    }

    /// <summary>By how much an index of an axis moves.</summary>
    private static int StrideOf(IReadOnlyList<int> shape, int axis) => Extents.Product(shape.Skip(axis + 1));

    /// <summary>Places that move by a stride for each axis of a shape.</summary>
    private static Converter<int, int> Strided(IReadOnlyList<int> shape, int[] strides, int first) => place =>
    {
        int moved = first;
        for (int axis = shape.Count - 1; axis >= 0; axis--)
        {
            moved += place % shape[axis] * strides[axis];
            place /= shape[axis];
        }

        return moved;
    };
}
