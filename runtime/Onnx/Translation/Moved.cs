using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Operators;
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
    /// <summary>Patterns leave larger tensors as they are, so that a file cannot ask for much memory here.</summary>
    public const int MostElements = 1 << 24;

    /// <summary>The error of a scale of 1/√d, of numbers that were rounded to single precision.</summary>
    public const double ScaleTolerance = 1e-6;

    /// <summary>Follows a tensor's elements back through all layers that only move them, or multiply all by one number.</summary>
    /// <param name="tensor">
    /// The tensor. Memory is taken for its elements, and for those of a concatenation on the way, but for no other larger tensor.
    /// </param>
    /// <param name="passed">The layers on the way are added to it.</param>
    /// <param name="end">Where it ends, at the latest; null for as far as possible.</param>
    public static Moved Follow(LayerTensor tensor, HashSet<Layer> passed, LayerTensor? end = null)
    {
        int[] indices = [.. Enumerable.Range(0, Extents.Product(tensor.Shape))];
        double scale = 1;
        while (tensor is Layer layer && !ReferenceEquals(layer, end))
        {
            if (layer.Inputs is [var input] && PlaceIn(layer, input.Shape) is { } placeOf)
            {
                passed.Add(layer);
                indices = Array.ConvertAll(indices, placeOf);
                (tensor, scale) = (input, scale * (FactorOf(layer) ?? 1));
            }
            else if (layer.Kind == "Concat" && Joined(layer, passed, end) is { } joined)
            {
                indices = Array.ConvertAll(indices, place => joined.Indices[place]);
                tensor = joined.Source;
            }
            else
            {
                break;
            }
        }

        return new Moved(tensor, indices, scale);
    }

    /// <summary>Parts of one tensor that are put together, such as those of a rolled image; null if they are of several.</summary>
    private static Moved? Joined(Layer concat, HashSet<Layer> passed, LayerTensor? end)
    {
        var own = new HashSet<Layer> { concat };
        int axis = AxisOf(concat, "Axis"), inner = axis < 0 ? 0 : StrideOf(concat.Shape, axis);
        if (axis < 0 || !IsSmall(concat)
            || !concat.Inputs.All(input => input is Layer { Kind: "Crop1D" or "Crop2D" or "Crop3D" or "Slice" }))
        {
            return null;
        }

        Moved[] parts = [.. concat.Inputs.Select(input => Follow(input, own, end))];
        if (parts.Any(part => !ReferenceEquals(part.Source, parts[0].Source) || part.Scale != 1))
        {
            return null;
        }

        passed.UnionWith(own);
        int[] rows = [.. concat.Inputs.Select(input => input.Shape[axis] * inner)];
        int row = rows.Sum();
        return new Moved(
            parts[0].Source,
            [.. Enumerable.Range(0, Extents.Product(concat.Shape)).Select(place =>
            {
                int part = 0, at = place % row;
                for (; at >= rows[part]; part++)
                {
                    at -= rows[part];
                }

                return parts[part].Indices[(place / row * rows[part]) + at];
            })],
            1);
    }

    /// <summary>Whether the elements are few enough for a pattern.</summary>
    public static bool IsSmall(LayerTensor tensor) => tensor.Shape.Aggregate(1.0, (product, extent) => product * extent) <= MostElements;

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
            case "Crop1D" or "Crop2D" or "Crop3D" when layer.Made?.Operation is Cropping crop:
                CroppedAxis[] axes = [.. new[] { crop.Depth, crop.Vertical, crop.Horizontal }.Skip(4 - input.Count)];
                return Strided(
                    layer.Shape, [StrideOf(input, 0), .. axes.Select((axis, i) => axis.Stride * StrideOf(input, i + 1))],
                    axes.Select((axis, i) => axis.Before * StrideOf(input, i + 1)).Sum());
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
