using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Sums, means and maxima over axes, and softmax.</summary>
internal static class ReductionRules
{
    private static readonly string[] Reductions =
    [
        "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp",
        "ReduceSumSquare",
    ];

    private static readonly string[] LeavesOne = ["ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd"];

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        .. Reductions.Select(name => KeyValuePair.Create<string, Rule>(name, Reduce)),
        KeyValuePair.Create<string, Rule>("ArgMax", ArgMax),
        KeyValuePair.Create<string, Rule>("ArgMin", ArgMax),
        KeyValuePair.Create<string, Rule>("Softmax", Softmax),
        KeyValuePair.Create<string, Rule>("LogSoftmax", Softmax),
        KeyValuePair.Create<string, Rule>("Hardmax", Softmax),
    ];

    /// <summary>What the page about normal form says of the nodes that come of these rules.</summary>
    public static IEnumerable<NormalRow> Rows =>
    [
        new(NormalRow.Listed(Reductions.Where(name => name != "ReduceProd")), "x", "`axes`, `keepdims`", "all axes that are reduced"),
        new("`ArgMax`, `ArgMin`", "x", "`axis`, `keepdims`"),
        new("`Softmax`, `LogSoftmax`", "x", "`axes`", "those that are normalised together; before operator set 13, all from "
            + "`axis` on; axes of extent 1 are left out, but one axis stays"),
    ];

    private static bool Reduce(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        long[] given = node.Integers("axes", 1) ?? [];
        if (given.Length == 0 && node.Attributes.Integer("noop_with_empty_axes") != 0)
        {
            return LeavesOne.Contains(node.Operator) ? node.Give(node.X) : node.Refuse("it reduces no axis");
        }

        if (NodeReading.IsQuantized(node.X) && node.Operator is not ("ReduceMax" or "ReduceMin"))
        {
            return node.Refuse("it computes with integers of few bits");
        }

        if (node.Operator == "ReduceMean" && node.X is { Constant: null, Type: ElementType.Integer })
        {
            return node.Refuse("it divides integers, and leaves the fraction away");
        }

        int[] axes = given.Length > 0 ? Shapes.Axes(given, node.Rank) : [.. Enumerable.Range(0, node.Rank)];
        bool keep = node.Attributes.Integer("keepdims", 1) != 0;
        int[] shape = Reduced(node.X.Shape, axes, keep);
        return node.Operator != "ReduceProd" || node.X.Constant is not null
            ? node.Give(Reduced(node, node.Operator, node.X, axes, shape, keep))
            : CompoundRules.Product(node, axes, shape) is { } product ? node.Give(product) : node.Refuse("it multiplies many numbers");
    }

    public static OnnxValue Reduced(NodeReading node, string @operator, OnnxValue x, int[] axes, int[] shape, bool keep) =>
        axes.All(axis => x.Shape[axis] == 1) && LeavesOne.Contains(@operator) ? node.Reshaped(x, shape)
            : node.Emit(@operator, [x], shape, new() { { "axes", axes }, { "keepdims", keep } });

    private static int[] Reduced(IReadOnlyList<int> shape, int[] axes, bool keep) =>
    [
        .. shape.Select((extent, axis) => (Extent: axes.Contains(axis) ? 1 : extent, IsLeft: keep || !axes.Contains(axis)))
            .Where(one => one.IsLeft).Select(one => one.Extent),
    ];

    private static bool ArgMax(NodeReading node)
    {
        int axis = Shapes.Axis(node.Attributes.Integer("axis"), node.Rank);
        bool keep = node.Attributes.Integer("keepdims", 1) != 0, last = node.Attributes.Integer("select_last_index") != 0;
        Attributes attributes = new() { { "axis", axis }, { "keepdims", keep } };
        int[] shape = Reduced(node.X.Shape, [axis], keep);
        return node.Give(last && node.X.Shape[axis] > 1 ? CompoundRules.LastPlace(node, axis, shape, attributes)
            : node.Emit(node.Operator, [node.X], shape, attributes, ElementType.Integer));
    }

    private static bool Softmax(NodeReading node)
    {
        if (node.Rank == 0)
        {
            return node.Refuse("its input is one number");
        }

        bool isOld = node.Opset < 13;
        int first = Shapes.Axis(node.Attributes.Integer("axis", isOld ? 1 : -1), node.Rank, rankAllowed: isOld);
        int end = isOld ? node.Rank : first + 1;
        int[] axes = [.. Enumerable.Range(first, Math.Max(0, end - first)).Where(axis => node.X.Shape[axis] != 1)];
        if (axes.Length == 0)
        {
            axes = [Math.Min(first, node.Rank - 1)];
        }

        return node.Give(node.Operator == "Hardmax" ? CompoundRules.Hardmax(node, axes)
            : node.Emit(node.Operator, [node.X], node.X.Shape, new() { { "axes", axes } }));
    }
}
