using System;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Translation;

namespace Strata.Onnx.Saving;

/// <summary>
/// Poolings to a size. Along axes with windows of one size, they are a pooling. Others are taken one after the other: averages as products
/// with a matrix, maxima of gathered elements.
/// </summary>
internal static class AdaptivePoolForm
{
    public static string Average(LayerNodes nodes) => Of(nodes, "GlobalAveragePool", "AveragePool", AverageAlong);

    public static string Max(LayerNodes nodes) => Of(nodes, "GlobalMaxPool", "MaxPool", MaxAlong);

    private static string Of(LayerNodes nodes, string whole, string even, Func<LayerNodes, string, int[], int, string> along)
    {
        (int Before, int After)[] extents = [.. nodes.Layer.InputShape.Zip(nodes.Layer.OutputShape).Skip(1)];
        if (extents.All(extent => extent.After == 1))
        {
            return nodes.Node(whole, nodes.Input);
        }

        int[] kernel = [.. extents.Select(extent => extent.Before % extent.After == 0 ? extent.Before / extent.After : 1)];
        string tensor = kernel.All(size => size == 1) ? nodes.Input : nodes.Node(
            even, nodes.Input, NodeAttribute.Of("kernel_shape", kernel), NodeAttribute.Of("strides", kernel));
        int[] shape = [nodes.Layer.Channels, .. extents.Zip(kernel, (extent, size) => extent.Before / size)];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (shape[axis + 1] != extents[axis].After)
            {
                tensor = along(nodes, tensor, shape, axis);
                shape[axis + 1] = extents[axis].After;
            }
        }

        return tensor;
    }

    private static string AverageAlong(LayerNodes nodes, string tensor, int[] shape, int axis)
    {
        int before = shape[axis + 1], after = nodes.Layer.OutputShape[axis + 1];
        string means = nodes.Floats("means", AdaptivePools.Means(before, after), [after, before]);
        switch (nodes.Layer.Dimensions - axis)
        {
            case 1:
                return nodes.Node("MatMul", [tensor, nodes.Transpose(means, 1, 0)]);
            case 2:
                return nodes.Node("MatMul", [means, tensor]);
            default:
                // Planes, whose pixels become one axis.
                string rows = nodes.Reshape(tensor, shape[0], before, Extents.Product(shape.Skip(2)));
                return nodes.Reshape(nodes.Node("MatMul", [means, rows]), [shape[0], after, .. shape.Skip(2)]);
        }
    }

    private static string MaxAlong(LayerNodes nodes, string tensor, int[] shape, int axis)
    {
        int before = shape[axis + 1], after = nodes.Layer.OutputShape[axis + 1];
        long[] indices = AdaptivePools.Indices(before, after);
        string gathered = nodes.Node(
            "Gather", [tensor, nodes.Graph.AddIntegers($"{nodes.Layer.Name}/indices", indices, [after, indices.Length / after])],
            NodeAttribute.Of("axis", axis + 2));
        return nodes.Reduce("ReduceMax", gathered, [axis + 3], keepAxes: false);
    }
}
