using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Saving;

/// <summary>Means, maxima, sums and softmax along any axes.</summary>
internal static class ReductionForms
{
    public static IEnumerable<(string Kind, LayerForm Form)> All =>
    [
        ("Mean", nodes => Reduce(nodes, "ReduceMean")),
        ("Max", nodes => Reduce(nodes, "ReduceMax")),
        ("Sum", nodes => Reduce(nodes, "ReduceSum")),
        ("Softmax", nodes => Softmax(nodes, "Softmax")),
        ("LogSoftmax", nodes => Softmax(nodes, "LogSoftmax")),
    ];

    /// <summary>The axes of the file for some of a sample's axes.</summary>
    /// <param name="rank">How many axes a sample has.</param>
    /// <param name="axes">The axes, of which a sample may not have all.</param>
    public static IReadOnlyList<int> AxesOf(int rank, Axes axes)
    {
        Axes[] pixels = [Axes.Depth, Axes.Height, Axes.Width];
        Axes[] own = [Axes.Channels, .. pixels.TakeLast(rank - 1)];
        return [.. Enumerable.Range(0, rank).Where(axis => axes.HasFlag(own[axis])).Select(axis => axis + 1)];
    }

    private static string Reduce(LayerNodes nodes, string type)
    {
        int rank = nodes.Layer.InputShape.Count;
        IReadOnlyList<int> axes = AxesOf(rank, nodes.Layer.Argument<Axes>("axes"));
        bool keeps = nodes.Layer.Argument<bool>("KeepAxes") || axes.Count == 0;

        // A sample of which nothing else is left still has one axis.
        string reduced = nodes.Reduce(type, nodes.Input, axes, keeps);
        return !keeps && axes.Count == rank ? nodes.Reshape(reduced, 1) : reduced;
    }

    private static string Softmax(LayerNodes nodes, string type)
    {
        IReadOnlyList<int> sample = nodes.Layer.InputShape;
        IReadOnlyList<int> axes = AxesOf(sample.Count, nodes.Layer.Argument<Axes>("Axes"));
        if (axes.Count == 1)
        {
            return nodes.Node(type, nodes.Input, NodeAttribute.Of("axis", axes[0]));
        }

        // The operator has one axis: the others are moved to the end, and become one with it.
        int[] order = [.. Enumerable.Range(0, sample.Count + 1).Except(axes), .. axes];
        int[] moved = [.. order.Skip(1).Select(axis => sample[axis - 1])];
        int kept = order.Length - axes.Count - 1;
        string rows = nodes.Reshape(nodes.Transpose(nodes.Input, order), [.. moved.Take(kept), -1]);
        string result = nodes.Reshape(nodes.Node(type, rows, NodeAttribute.Of("axis", -1)), moved);
        return nodes.Transpose(result, [.. Enumerable.Range(0, order.Length).Select(axis => Array.IndexOf(order, axis))]);
    }
}
