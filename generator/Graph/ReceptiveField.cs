using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Operators;

namespace Strata.Generator.Graph;

/// <summary>
/// How many rows and columns of the network's input an element of a tensor depends on, at most (Araujo, Norris and Sim 2019).
/// </summary>
/// <param name="Fields">Extents along depth, height and width.</param>
/// <param name="Jumps">Distances, in the input, of the fields of neighbours.</param>
internal sealed record ReceptiveField(double[] Fields, double[] Jumps)
{
    /// <summary>The fields of all nodes along the axes of the first input; none where it is flat.</summary>
    public static IReadOnlyList<int[]> Of(NetworkGraph graph)
    {
        Shape first = graph.Input.Shape;
        int axes = first.Rank - 1;
        int[] whole = Axes(first);
        var fields = new List<ReceptiveField>();
        foreach (Node node in graph.Nodes)
        {
            fields.Add(node.Inputs.Count == 0
                ? new ReceptiveField([1, 1, 1], [1, 1, 1])
                : Behind(node, graph.Nodes[node.Inputs[0]].Shape, Union(node.Inputs.Select(i => fields[i]).ToList()), whole));
        }

        return fields.Select(f => f.Fields.Select(
            (extent, axis) => (int)Math.Min(Math.Ceiling(extent), whole[axis])).Skip(3 - axes).ToArray()).ToList();
    }

    private static ReceptiveField Union(List<ReceptiveField> fields) => new(
        [.. Enumerable.Range(0, 3).Select(axis => fields.Max(f => f.Fields[axis]))],
        [.. Enumerable.Range(0, 3).Select(axis => fields.Max(f => f.Jumps[axis]))]);

    private static ReceptiveField Behind(Node node, Shape input, ReceptiveField before, int[] whole)
    {
        WindowAxis[]? windows = node.Operation switch
        {
            Convolution convolution => [convolution.Depth, convolution.Vertical, convolution.Horizontal],
            Pooling pooling => [pooling.Depth, pooling.Vertical, pooling.Horizontal],
            L2Pooling pooling => [pooling.Depth, pooling.Vertical, pooling.Horizontal],
            _ => null,
        };
        if (windows is not null)
        {
            return new ReceptiveField(
                [.. windows.Select((w, axis) => before.Fields[axis] + ((w.Span - 1) * before.Jumps[axis]))],
                [.. windows.Select((w, axis) => before.Jumps[axis] * w.Stride)]);
        }

        if (node.Operation is Dense or SampleNormalization)
        {
            return new ReceptiveField([.. whole.Select(extent => (double)extent)], before.Jumps);
        }

        // Means over parts of an image, and whatever spreads its elements; a view has other axes but the same elements.
        int[] from = Axes(input), to = Axes(node.Shape);
        if (node.Operation is Flatten or Unflattening or Pad)
        {
            return before;
        }

        double[] ratios = [.. Enumerable.Range(0, 3).Select(axis => (double)from[axis] / to[axis])];
        return new ReceptiveField(
            [.. ratios.Select((ratio, axis) => before.Fields[axis] + (Math.Max(0, Math.Ceiling(ratio) - 1) * before.Jumps[axis]))],
            [.. ratios.Select((ratio, axis) => before.Jumps[axis] * ratio)]);
    }

    private static int[] Axes(Shape shape) => [shape.Depth, shape.Height, shape.Width];
}
