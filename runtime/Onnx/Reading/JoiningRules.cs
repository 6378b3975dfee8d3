using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Concatenation, and padding as its relative.</summary>
internal static class JoiningRules
{
    /// <summary>A message lists so many shapes.</summary>
    private const int MostShapes = 10;

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("Concat", Concat),
        KeyValuePair.Create<string, Rule>("Pad", Pad),
    ];

    /// <summary>What the page about normal form says of the nodes that come of these rules.</summary>
    public static IEnumerable<NormalRow> Rows =>
    [
        new("`Pad`", "x", "`pads` (all axes, begins, then ends), `mode` (`constant`, `reflect`, `edge`, `wrap`), `value`"),
        new("`Concat`", "x, y, …", "`axis`"),
    ];

    /// <summary>What these rules leave out.</summary>
    public static IEnumerable<string> Gone => ["`Pad` by 0", "`Concat` of one tensor"];

    private static bool Concat(NodeReading node)
    {
        if (node.Inputs.Length == 0 || node.Inputs.Any(input => input is null))
        {
            throw new ReadingException("an input is missing");
        }

        return node.Give(Joined(
            node, node.Inputs!, Shapes.Axis(node.Attributes.Integer("axis", node.Opset < 4 ? 1 : 0), node.Rank)));
    }

    /// <summary>Tensors one behind the other along an axis.</summary>
    public static OnnxValue Joined(NodeReading node, OnnxValue[] values, int axis)
    {
        OnnxValue first = values[0];
        long[] extents = [.. first.Shape.Select(extent => (long)extent)];
        extents[axis] = 0;
        foreach (OnnxValue input in values)
        {
            if (input.Shape.Count != first.Shape.Count
                || input.Shape.Where((extent, index) => index != axis && extent != first.Shape[index]).Any())
            {
                string shapes = string.Join(", ", values.Take(MostShapes).Select(one => Shapes.Text(one.Shape)));
                throw new ReadingException($"the shapes {shapes} do not fit along axis {axis}");
            }

            NodeReading.CheckAlike(first, input);
            extents[axis] += input.Shape[axis];
        }

        int[] shape = Shapes.Checked(extents);
        OnnxValue[] parts = [.. values.Where(input => input.Shape[axis] > 0)];
        return parts.Length switch
        {
            0 => first,
            1 => parts[0],
            _ => node.Emit("Concat", parts, shape, new() { { "axis", axis } }),
        };
    }

    /// <summary>Tensors of one shape side by side along a new axis.</summary>
    public static OnnxValue Stacked(NodeReading node, OnnxValue[] values, long at)
    {
        int axis = Shapes.Axis(at, values[0].Shape.Count + 1);
        return Joined(
            node, [.. values.Select(one => node.Reshaped(one, [.. one.Shape.Take(axis), 1, .. one.Shape.Skip(axis)]))], axis);
    }

    private static bool Pad(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1) || !node.IsConstantOrAbsent(2) || !node.IsConstantOrAbsent(3))
        {
            return false;
        }

        long[] given = node.Attributes.Integers("paddings") ?? node.Integers("pads", 1) ?? throw new ReadingException("it has no pads");
        int[] axes = node.Integers(3) is { } list
            ? [.. list.Select(axis => Shapes.Axis(axis, node.Rank))]
            : [.. Enumerable.Range(0, node.Rank)];
        if (given.Length != 2 * axes.Length || given.Any(pad => pad is < int.MinValue or > int.MaxValue))
        {
            throw new ReadingException($"the pads {Shapes.Text(given)} for {axes.Length} axes");
        }

        long[] pads = new long[2 * node.Rank];
        for (int index = 0; index < axes.Length; index++)
        {
            pads[axes[index]] = given[index];
            pads[node.Rank + axes[index]] = given[axes.Length + index];
        }

        string mode = node.Attributes.Choice("mode", "constant", "reflect", "edge", "wrap");
        OnnxValue x = node.X;
        if (pads.Any(pad => pad < 0))
        {
            if (mode != "constant" || Cropped(node, x, pads) is not { } rest)
            {
                return node.Refuse($"its pads {Shapes.Text(given)} take elements away, in mode '{mode}'");
            }

            x = rest;
        }

        float value = node.Attributes.Has("value") ? node.Attributes.Float("value")
            : node.Optional(2)?.Constant?.Floats is [float one, ..] ? one
            : 0;
        return node.Give(Padded(node, x, pads, mode, value));
    }

    /// <summary>A tensor with margins.</summary>
    public static OnnxValue Padded(NodeReading node, OnnxValue x, long[] pads, string mode, float value)
    {
        int[] shape = Shapes.Checked([.. x.Shape.Select((extent, axis) => extent + pads[axis] + pads[x.Shape.Count + axis])]);
        if (pads.All(pad => pad == 0))
        {
            node.Emitter.CountFolded(node.Operator);
            return x;
        }

        return node.Emit("Pad", [x], shape, new() { { "pads", pads }, { "mode", mode }, { "value", value } });
    }

    /// <summary>Negative pads take margins away; then they are 0.</summary>
    private static OnnxValue? Cropped(NodeReading node, OnnxValue x, long[] pads)
    {
        var part = new Part(x.Shape);
        for (int axis = 0; axis < node.Rank; axis++)
        {
            long begin = -long.Min(pads[axis], 0), end = x.Shape[axis] + long.Min(pads[node.Rank + axis], 0);
            if (end < begin)
            {
                return null;
            }

            part.Cut(axis, begin, end, 1);
            (pads[axis], pads[node.Rank + axis]) = (long.Max(pads[axis], 0), long.Max(pads[node.Rank + axis], 0));
        }

        return SelectionRules.Sliced(node, x, part);
    }
}
