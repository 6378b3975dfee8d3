using System;
using System.Linq;
using Strata.Onnx.Model;

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

    /// <summary>The elements from the first of a window to the one behind its last.</summary>
    private static (int From, int To) Window(int at, int before, int after) =>
        (at * before / after, ((((at + 1) * before) - 1) / after) + 1);

    private static string AverageAlong(LayerNodes nodes, string tensor, int axis)
    {
        int before = nodes.Layer.InputShape[axis + 1], after = nodes.Layer.OutputShape[axis + 1];
        float[] weights = new float[before * after];
        for (int i = 0; i < after; i++)
        {
            (int from, int to) = Window(i, before, after);
            weights.AsSpan((i * before) + from, to - from).Fill(1f / (to - from));
        }

        // The axes before this one have been pooled, those behind it not yet.
        int[] shape = [.. nodes.Layer.OutputShape.Take(axis + 1), after, .. nodes.Layer.InputShape.Skip(axis + 2)];
        int behind = Extents.Product(shape.Skip(axis + 2));
        string rows = nodes.Reshape(tensor, Extents.Product(shape.Take(axis + 1)), before, behind);
        return nodes.Reshape(nodes.Node("MatMul", [nodes.Floats("means", weights, [after, before]), rows]), shape);
    }

    private static string MaxAlong(LayerNodes nodes, string tensor, int axis)
    {
        int before = nodes.Layer.InputShape[axis + 1], after = nodes.Layer.OutputShape[axis + 1];
        (int From, int To)[] windows = [.. Enumerable.Range(0, after).Select(at => Window(at, before, after))];
        int longest = windows.Max(window => window.To - window.From);

        // In shorter windows, the last element stands several times.
        long[] indices = [.. windows.SelectMany(
            window => Enumerable.Range(window.From, longest).Select(at => (long)int.Min(at, window.To - 1)))];
        string gathered = nodes.Node(
            "Gather", [tensor, nodes.Graph.AddIntegers($"{nodes.Layer.Name}/indices", indices, [after, longest])],
            NodeAttribute.Of("axis", axis + 2));
        return nodes.Reduce("ReduceMax", gathered, [axis + 3], keepAxes: false);
    }
}
