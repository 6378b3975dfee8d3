using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Operators that take parts of a tensor.</summary>
internal static class SelectionRules
{
    private const string Empty = "nothing is left of its input";

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("Slice", Slice),
        KeyValuePair.Create<string, Rule>("Split", Split),
        KeyValuePair.Create<string, Rule>("Gather", Gather),
        KeyValuePair.Create<string, Rule>("Trilu", Triangle),
        KeyValuePair.Create<string, Rule>("ScatterND", Scatter),
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
        int axis = Shapes.Axis(node.Attributes.Integer("axis"), node.Rank), extent = node.X.Shape[axis];
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        long[] given = node.Integers(1) ?? throw new ReadingException("it has no indices");
        IReadOnlyList<int> form = node.Required(1).Shape;
        long[] indices = Array.ConvertAll(given, index => index < 0 ? index + extent : index);
        int wrong = Array.FindIndex(indices, index => index < 0 || index >= extent);
        if (wrong >= 0)
        {
            throw new ReadingException($"an index in an extent of {extent} is {given[wrong]}");
        }

        int[] shape = [.. node.X.Shape.Take(axis), .. form, .. node.X.Shape.Skip(axis + 1)];
        if (shape.Length > Shapes.MaximumRank)
        {
            throw new ReadingException($"its output has {shape.Length} dimensions");
        }

        Shapes.Count(shape);
        if (Progression(indices) is (long start, long step))
        {
            var part = new Part(node.X.Shape);
            long end = start + (indices.Length * step);
            part.CutExactly(axis, (int)start, (int)Math.Clamp(end, -1, extent), (int)step, indices.Length);
            return Sliced(node, node.X, part) is { } value ? node.Give(node.Reshaped(value, shape)) : node.Refuse(Empty);
        }

        OnnxValue known = NodeReading.Known(form, indices);
        return indices.Length > 0 || node.X.Constant is not null
            ? node.Give(node.Emit("Gather", [node.X, known], shape, new() { { "axis", axis } })) : node.Refuse(Empty);
    }

    /// <summary>Writes parts of a constant, such as the regions of a mask. A tensor that depends on the input stays as it is.</summary>
    private static bool Scatter(NodeReading node)
    {
        if (node.X.Constant is null || !node.IsConstantOrAbsent(1) || !node.IsConstantOrAbsent(2)
            || node.Attributes.Text("reduction", "none") != "none")
        {
            return false;
        }

        (OnnxValue indices, OnnxValue updates) = (node.Required(1), node.Required(2));
        int depth = indices.Shape.Count > 0 ? indices.Shape[^1] : 0;
        if (depth < 1 || depth > node.Rank || !updates.Shape.SequenceEqual(indices.Shape.SkipLast(1).Concat(node.X.Shape.Skip(depth))))
        {
            throw new ReadingException(
                $"indices of {Shapes.Text(indices.Shape)} and updates of {Shapes.Text(updates.Shape)} do not fit "
                + Shapes.Text(node.X.Shape));
        }

        NodeReading.CheckAlike(node.X, updates);
        long[] places = node.Integers(1)!;
        int wrong = Array.FindIndex(
            [.. places.Select((place, i) => place < -node.X.Shape[i % depth] || place >= node.X.Shape[i % depth])], isWrong => isWrong);
        if (wrong >= 0)
        {
            throw new ReadingException($"an index in an extent of {node.X.Shape[wrong % depth]} is {places[wrong]}");
        }

        return node.Give(node.Emit("ScatterND", [node.X, indices, updates], node.X.Shape, type: node.X.Type));
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
