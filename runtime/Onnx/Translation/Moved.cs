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
    /// <param name="tensor">The tensor.</param>
    /// <param name="passed">The layers on the way are added to it.</param>
    public static Moved Follow(LayerTensor tensor, HashSet<Layer> passed)
    {
        if (tensor is not Layer { Inputs: [var input] } layer || IndicesOf(layer, input.Shape) is not { } indices)
        {
            return new Moved(tensor, [.. Enumerable.Range(0, Extents.Product(tensor.Shape))], 1);
        }

        passed.Add(layer);
        Moved before = Follow(input, passed);
        double scale = layer.Kind == "Affine" ? (double)layer.Arguments[0].Value : 1;
        return new Moved(before.Source, Array.ConvertAll(indices, index => before.Indices[index]), before.Scale * scale);
    }

    /// <summary>The place of the one axis that an argument names; -1 if it names several.</summary>
    public static int AxisOf(Layer layer, string argument)
    {
        var axes = (Axes)(layer.Arguments.FirstOrDefault(one => one.Name == argument)?.Value ?? Axes.Channels);
        return Reductions.AxesOf(layer.Shape.Count, axes) is [var axis] ? axis - 1 : -1;
    }

    /// <summary>The places that a layer takes its elements from; null if it does not only move them.</summary>
    private static int[]? IndicesOf(Layer layer, IReadOnlyList<int> input) => layer.Kind switch
    {
        "Reshape" or "Flatten" => [.. Enumerable.Range(0, Extents.Product(input))],
        "Affine" when layer.Arguments is [{ Value: double }, { Value: 0d }] => [.. Enumerable.Range(0, Extents.Product(input))],
        "Transpose" => Places(layer.Shape, Strides(input, [.. layer.Arguments.Select(argument => (int)argument.Value - 1)]), 0),
        "Slice" when layer.Arguments is [{ Value: int and >= 0 and var start }, ..] && AxisOf(layer, "Axis") is >= 0 and var axis =>
            Places(layer.Shape, Strides(input, [.. Enumerable.Range(0, input.Count)]), start * Strides(input, [axis])[0]),
        _ => null,
    };

    /// <summary>By how much an index of each of these axes moves.</summary>
    private static int[] Strides(IReadOnlyList<int> shape, int[] axes) =>
        [.. axes.Select(axis => Extents.Product([.. shape.Skip(axis + 1)]))];

    /// <summary>The places of all elements of a shape, in order.</summary>
    private static int[] Places(IReadOnlyList<int> shape, int[] strides, int first)
    {
        int[] places = [first];
        for (int axis = 0; axis < shape.Count; axis++)
        {
            int extent = shape[axis], stride = strides[axis];
            places = [.. places.SelectMany(place => Enumerable.Range(0, extent).Select(i => place + (i * stride)))];
        }

        return places;
    }
}
