using System;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Translation;

namespace Strata.Onnx.Saving;

/// <summary>
/// Poolings to a size. Windows of one size are a pooling. Others are taken along one axis after the other: averages as products with a
/// matrix, maxima of gathered elements.
/// </summary>
internal static class AdaptivePoolForm
{
    public static string Average(LayerNodes nodes) => Of(nodes, "GlobalAveragePool", "AveragePool", AverageAlong);

    public static string Max(LayerNodes nodes) => Of(nodes, "GlobalMaxPool", "MaxPool", MaxAlong);

    private static string Of(LayerNodes nodes, string whole, string even, Func<LayerNodes, string, int, string> along)
    {
        (int Before, int After)[] extents = [.. nodes.Layer.InputShape.Zip(nodes.Layer.OutputShape).Skip(1)];
        if (extents.All(extent => extent.After == 1))
        {
            return nodes.Node(whole, nodes.Input);
        }

        if (extents.All(extent => extent.Before % extent.After == 0))
        {
            int[] kernel = [.. extents.Select(extent => extent.Before / extent.After)];
            return nodes.Node(even, nodes.Input, NodeAttribute.Of("kernel_shape", kernel), NodeAttribute.Of("strides", kernel));
        }

        return Enumerable.Range(0, extents.Length).Where(axis => extents[axis].Before != extents[axis].After)
            .Aggregate(nodes.Input, (tensor, axis) => along(nodes, tensor, axis));
    }

    private static string AverageAlong(LayerNodes nodes, string tensor, int axis)
    {
        int before = nodes.Layer.InputShape[axis + 1], after = nodes.Layer.OutputShape[axis + 1];
        string means = nodes.Floats("means", AdaptivePools.Means(before, after), [after, before]);
        switch (nodes.Layer.Dimensions - axis)
        {
            case 1:
                return nodes.Node("MatMul", [tensor, nodes.Transpose(means, 1, 0)]);
            case 2:
                return nodes.Node("MatMul", [means, tensor]);
            default:
                // Planes, whose pixels become one axis.
                int channels = nodes.Layer.Channels;
                int[] plane = [.. nodes.Layer.InputShape.Skip(2)];
                string rows = nodes.Reshape(tensor, channels, before, Extents.Product(plane));
                return nodes.Reshape(nodes.Node("MatMul", [means, rows]), [channels, after, .. plane]);
        }
    }

    private static string MaxAlong(LayerNodes nodes, string tensor, int axis)
    {
        int before = nodes.Layer.InputShape[axis + 1], after = nodes.Layer.OutputShape[axis + 1];
        long[] indices = AdaptivePools.Indices(before, after);
        string gathered = nodes.Node(
            "Gather", [tensor, nodes.Graph.AddIntegers($"{nodes.Layer.Name}/indices", indices, [after, indices.Length / after])],
            NodeAttribute.Of("axis", axis + 2));
        return nodes.Reduce("ReduceMax", gathered, [axis + 3], keepAxes: false);
    }
}
