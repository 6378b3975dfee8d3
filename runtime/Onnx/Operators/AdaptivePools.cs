using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>
/// Poolings to a size whose windows differ. ONNX has none: maxima of gathered elements, and products with a matrix of means, stand for
/// them.
/// </summary>
internal static class AdaptivePools
{
    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out =>
    [
        ("AdaptiveAveragePool", nodes => Pooled(nodes, "GlobalAveragePool", "AveragePool", AverageAlong)),
        ("AdaptiveMaxPool", nodes => Pooled(nodes, "GlobalMaxPool", "MaxPool", MaxAlong)),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new(
            "`[AdaptiveAveragePool1D]` …, `[AdaptiveMaxPool1D]` …",
            "`AveragePool`, `MaxPool`; windows of different sizes: `MatMul`, or `Gather` and `ReduceMax`"),
    ];

    /// <summary>A node that takes the maxima of windows along an axis.</summary>
    public static NodeForm Maximum(int axis) => (layers, node) => layers.Set(
        node.Output, Along(layers, layers.ViewOf(node.Input), axis, "AdaptiveMaxPool", node.Output.Shape[axis])
            ?? throw new UnsupportedException($"its axis {axis} has no pixels"));

    /// <summary>The elements from the first of a window to the one behind its last (PyTorch's <c>AdaptiveAvgPool2d</c>).</summary>
    public static (int From, int To) Window(int at, int before, int after) =>
        (at * before / after, ((((at + 1) * before) - 1) / after) + 1);

    /// <summary>For each window as many elements as the longest has: in shorter ones, the last element stands several times.</summary>
    public static long[] Indices(int before, int after)
    {
        (int From, int To)[] windows = [.. Enumerable.Range(0, after).Select(at => Window(at, before, after))];
        int longest = windows.Max(window => window.To - window.From);
        return [.. windows.SelectMany(
            window => Enumerable.Range(window.From, longest).Select(at => (long)int.Min(at, window.To - 1)))];
    }

    /// <summary>The matrix of <paramref name="after"/> × <paramref name="before"/> that computes the means of windows.</summary>
    public static float[] Means(int before, int after)
    {
        float[] weights = new float[before * after];
        for (int i = 0; i < after; i++)
        {
            (int from, int to) = Window(i, before, after);
            weights.AsSpan((i * before) + from, to - from).Fill(1f / (to - from));
        }

        return weights;
    }

    /// <summary>A product with a matrix that computes means; null if it is another.</summary>
    public static View? Average(LayerBuilder layers, View view, int axis, int units, int inputs, float[] matrix) =>
        view.Axes[axis] > 0 && units != inputs && matrix.AsSpan().SequenceEqual(Means(inputs, units))
            ? Along(layers, view, axis, "AdaptiveAveragePool", units) : null;

    /// <summary>Pools along one axis; null if that is none of pixels. The same along another axis becomes one layer with it.</summary>
    private static View? Along(LayerBuilder layers, View view, int axis, string stem, int size)
    {
        int place = view.Axes[axis], rank = view.Tensor.Shape.Count - 1;
        if (place < 1 || rank > 3)
        {
            return null;
        }

        string kind = Convolutions.Kind(stem, rank);
        int[] shape = [.. view.Tensor.Shape.Select((extent, i) => i == place ? size : extent)];
        LayerTensor input = view.Tensor;
        if (input is Layer before && before.Kind == kind && !layers.IsShared(before)
            && before.Shape[place] == before.Inputs[0].Shape[place])
        {
            input = before.Inputs[0];
            layers.Remove(before);
        }

        string[] names = rank == 3 ? ["Depth", "Height", "Width"] : ["Height", "Width"];
        LayerArgument[] others = rank == 1 ? []
            : [.. shape.Skip(2).Select((extent, i) => new LayerArgument(names[i + 1], extent)).Where(one => !one.Value.Equals(shape[1]))];
        return view.Of(layers.Add(kind, input, [new(null, shape[1]), .. others]));
    }

    private static string Pooled(LayerNodes nodes, string whole, string even, Func<LayerNodes, string, int[], int, string> along)
    {
        (int Before, int After)[] extents = [.. nodes.Layer.InputShape.Zip(nodes.Layer.OutputShape).Skip(1)];
        if (extents.All(extent => extent.After == 1))
        {
            return nodes.Node(whole, nodes.Input);
        }

        int[] kernel = [.. extents.Select(extent => extent.Before % extent.After == 0 ? extent.Before / extent.After : 1)];
        string tensor = kernel.All(size => size == 1) ? nodes.Input : nodes.Node(
            even, nodes.Input, NodeAttribute.Create("kernel_shape", kernel), NodeAttribute.Create("strides", kernel));
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
            NodeAttribute.Create("axis", axis + 2));
        return nodes.Reduce("ReduceMax", gathered, [axis + 3], keepAxes: false);
    }
}
