using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Operators that take parts of a tensor.</summary>
internal static class SelectionRules
{
    public const string Empty = "nothing is left of its input";

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("Slice", Slice),
        KeyValuePair.Create<string, Rule>("Split", Split),
        KeyValuePair.Create<string, Rule>("Gather", Gather),
        KeyValuePair.Create<string, Rule>("Trilu", Triangle),
    ];

    /// <summary>What the page about normal form says of the nodes that come of these rules.</summary>
    public static IEnumerable<NormalRow> Rows =>
    [
        new("`Slice`", "x", "`starts`, `ends`, `steps`", "one for each axis; 0 ≤ start < end ≤ extent, or with a negative step "
            + "start > end ≥ −1; `Split` becomes one for each output, `Gather` by one index or by indices in arithmetic progression "
            + "becomes one (and a `Reshape`)"),
        new("`Gather`", "x, indices (constant)", "`axis`", "indices without such an order"),
    ];

    /// <summary>What these rules leave out.</summary>
    public static IEnumerable<string> Gone => ["`Slice` of everything", "`Trilu`, which is a `Where` with a constant"];

    /// <summary>Takes the elements above or below a diagonal, and 0 elsewhere.</summary>
    private static bool Triangle(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        if (node.Rank < 2)
        {
            throw new ReadingException($"its input has the shape {Shapes.Text(node.X.Shape)}, and no diagonal");
        }

        bool isUpper = node.Attributes.Integer("upper", 1) != 0;
        long diagonal = node.Integers(1) is [var given, ..] ? given : 0;
        if (Triangle(node, node.X.Shape[^2], node.X.Shape[^1], place => isUpper ? place >= diagonal : place <= diagonal) is not { } mask)
        {
            return false;
        }

        OnnxValue zero = node.X.Type == ElementType.Float ? NodeReading.Known([], 0f) : NodeReading.Known([], 0L);
        return node.Give(node.Emit("Where", [mask, node.X, zero], node.X.Shape, type: node.X.Type));
    }

    /// <summary>Truth values of a matrix by how far right of the diagonal they stand; null if it is refused, because it is large.</summary>
    public static OnnxValue? Triangle(NodeReading node, int rows, int columns, Predicate<int> isTrue)
    {
        if (!node.Emitter.Budget.Spend(sizeof(long) * (long)rows * columns))
        {
            node.Refuse($"its mask of {rows}×{columns} elements is larger than what is computed while reading");
            return null;
        }

        long[] values = [.. Enumerable.Range(0, rows * columns).Select(at => isTrue((at % columns) - (at / columns)) ? 1L : 0)];
        var elements = new OnnxConstant([rows, columns], values, "");
        return new OnnxValue("", elements.Shape) { Constant = elements, Type = ElementType.Boolean };
    }

    private static bool Slice(NodeReading node)
    {
        if (!Enumerable.Range(1, 4).All(node.IsConstantOrAbsent))
        {
            return false;
        }

        long[] starts = node.Integers("starts", 1) ?? throw new ReadingException("it has no starts");
        long[] ends = node.Integers("ends", 2) ?? throw new ReadingException("it has no ends");
        long[] axes = node.Integers("axes", 3) ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        long[] steps = node.Integers("steps", 4) ?? [.. starts.Select(_ => 1L)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
        {
            throw new ReadingException($"{starts.Length} starts, {ends.Length} ends, {axes.Length} axes, {steps.Length} steps");
        }

        var part = new Part(node.X.Shape);
        for (int index = 0; index < axes.Length; index++)
        {
            part.Cut(Shapes.Axis(axes[index], node.Rank), starts[index], ends[index], steps[index]);
        }

        if (Sliced(node, node.X, part) is { } value)
        {
            return node.Give(value);
        }

        // Nothing does not depend on the input. PyTorch rolls by 0 with such a part, which its Concat leaves out.
        return node.X.Type == ElementType.Float ? node.Give(NodeReading.Known(part.Shape, Array.Empty<float>())) : node.Refuse(Empty);
    }

    /// <summary>The part of a tensor, or null if it is empty and not constant.</summary>
    public static OnnxValue? Sliced(NodeReading node, OnnxValue x, Part part)
    {
        if (part.IsWhole)
        {
            return x;
        }

        if (Shapes.Count(part.Shape) == 0 && x.Constant is null)
        {
            return null;
        }

        // A part of a part.
        while (x.Constant is null && x.Producer is { Operator: "Slice", Domain: "" } before && part.Within(before) is { } whole)
        {
            (x, part) = (before.Input, whole);
        }

        return node.Emit("Slice", [x], part.Shape, new() { { "starts", part.Starts }, { "ends", part.Ends }, { "steps", part.Steps } });
    }

    /// <summary>Some elements in a row along an axis.</summary>
    public static OnnxValue Run(NodeReading node, OnnxValue x, int axis, int start, int count)
    {
        if (start < 0 || count < 1 || start > x.Shape[axis] - count)
        {
            throw new ReadingException($"elements {start} to {start + count - 1} along axis {axis} of {Shapes.Text(x.Shape)}");
        }

        var part = new Part(x.Shape);
        part.CutExactly(axis, start, start + count, 1, count);
        return Sliced(node, x, part) ?? throw new ReadingException($"{Empty} of {Shapes.Text(x.Shape)}");
    }

    /// <summary>One element along an axis, which stays with an extent of 1, or goes.</summary>
    public static OnnxValue Element(NodeReading node, OnnxValue x, int axis, int place, bool keeps)
    {
        OnnxValue one = Run(node, x, axis, place, 1);
        return keeps ? one : node.Reshaped(one, [.. x.Shape.Where((_, index) => index != axis)]);
    }

    /// <summary>The elements of an axis in the opposite order.</summary>
    public static OnnxValue Turned(NodeReading node, OnnxValue x, int axis)
    {
        var part = new Part(x.Shape);
        part.Cut(axis, -1, long.MinValue / 2, -1);
        return Sliced(node, x, part)!;
    }

    private static bool Split(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        int axis = Shapes.Axis(node.Attributes.Integer("axis"), node.Rank), extent = node.X.Shape[axis], count = node.IsRead.Length;
        long each = count == 0 ? 0 : (extent + count - 1) / count;
        long[] sizes = node.Integers("split", 1)
            ?? [.. Enumerable.Range(0, count).Select(index => Math.Clamp(extent - (index * each), 0, each))];
        if (sizes.Length < count || sizes.Any(size => size < 0 || size > extent) || sizes.Sum() != extent)
        {
            throw new ReadingException($"an extent of {extent} in parts of {Shapes.Text(sizes)}");
        }

        OnnxValue[] parts = new OnnxValue[count];
        long start = 0;
        for (int index = 0; index < count; index++)
        {
            var part = new Part(node.X.Shape);
            part.Cut(axis, start, start + sizes[index], 1);
            start += sizes[index];
            if (Sliced(node, node.X, part) is not { } value)
            {
                return node.Refuse(Empty);
            }

            parts[index] = value;
        }

        return node.Give(parts);
    }

    private static bool Gather(NodeReading node)
    {
        int axis = Shapes.Axis(node.Attributes.Integer("axis"), node.Rank);
        if (node.Required(1).Constant is null && node.X.Constant is { IsFloat: true } && axis == 0)
        {
            return SamplingRules.Embedding(node);
        }

        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        long[] given = node.Integers(1) ?? throw new ReadingException("it has no indices");
        return given.Length > 0 || node.X.Constant is not null
            ? node.Give(Gathered(node, node.X, axis, given, node.Required(1).Shape)) : node.Refuse(Empty);
    }

    /// <summary>Elements along an axis, in the form of the indices.</summary>
    public static OnnxValue Gathered(NodeReading node, OnnxValue x, int axis, long[] given, IReadOnlyList<int> form)
    {
        int extent = x.Shape[axis];
        long[] indices = Array.ConvertAll(given, index => index < 0 ? index + extent : index);
        int wrong = Array.FindIndex(indices, index => index < 0 || index >= extent);
        if (wrong >= 0)
        {
            throw new ReadingException($"an index in an extent of {extent} is {given[wrong]}");
        }

        int[] shape = [.. x.Shape.Take(axis), .. form, .. x.Shape.Skip(axis + 1)];
        if (shape.Length > Shapes.MaximumRank)
        {
            throw new ReadingException($"its output has {shape.Length} dimensions");
        }

        Shapes.Count(shape);
        if (Progression(indices) is (long start, long step))
        {
            var part = new Part(x.Shape);
            long end = start + (indices.Length * step);
            part.CutExactly(axis, (int)start, (int)Math.Clamp(end, -1, extent), (int)step, indices.Length);
            return node.Reshaped(Sliced(node, x, part)!, shape);
        }

        return node.Emit("Gather", [x, NodeReading.Known(form, indices)], shape, new() { { "axis", axis } });
    }

    /// <summary>Start and step of indices in arithmetic progression.</summary>
    private static (long Start, long Step)? Progression(long[] indices)
    {
        if (indices.Length == 0)
        {
            return null;
        }

        long step = indices.Length > 1 ? indices[1] - indices[0] : 1;
        if (step == 0)
        {
            return null;
        }

        for (int index = 1; index < indices.Length; index++)
        {
            if (indices[index] - indices[index - 1] != step)
            {
                return null;
            }
        }

        return (indices[0], step);
    }
}
