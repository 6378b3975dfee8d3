using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Operators that read or write single places of a tensor, where the places are constant.</summary>
internal static class PlacingRules
{
    private const int WorkPerPlace = 4;

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("GatherND", GatherPoints),
        KeyValuePair.Create<string, Rule>("GatherElements", GatherElements),
        KeyValuePair.Create<string, Rule>("ScatterND", ScatterPoints),
        KeyValuePair.Create<string, Rule>("ScatterElements", ScatterElements),
        KeyValuePair.Create<string, Rule>("Scatter", ScatterElements),
        KeyValuePair.Create<string, Rule>("Compress", Compress),
        KeyValuePair.Create<string, Rule>("ReverseSequence", Reverse),
        KeyValuePair.Create<string, Rule>("EyeLike", Diagonal),
        KeyValuePair.Create<string, Rule>("CenterCropPad", Centered),
    ];

    /// <summary>What these rules leave out.</summary>
    public static IEnumerable<string> Gone =>
    [
        "`GatherND`, `GatherElements` and `Compress` with constant places, which are `Gather`",
        "`ScatterND` and `ScatterElements` that replace a block, which are `Concat` of `Slice`",
        "`ReverseSequence` of one length, which is `Concat` of `Slice`", "`CenterCropPad`, which is `Slice` and `Pad`",
    ];

    /// <summary>Whether an input is constant places, and few enough to be looked at one by one; else it is said why not.</summary>
    private static bool HasPlaces(NodeReading node) => node.IsConstantOrAbsent(1)
        && (node.Emitter.Budget.Spend(0, WorkPerPlace * (node.Rank + 1L) * Shapes.Count(node.Required(1).Shape))
            || node.Refuse("its places are more than what is looked at while reading"));

    private static bool GatherPoints(NodeReading node)
    {
        if (!HasPlaces(node))
        {
            return false;
        }

        OnnxValue places = node.Required(1);
        int batches = (int)Math.Clamp(node.Attributes.Integer("batch_dims"), 0, int.MaxValue);
        int depth = places.Shape.Count > batches ? places.Shape[^1] : 0;
        if (depth < 1 || batches + depth > node.Rank || !node.X.Shape.Take(batches).SequenceEqual(places.Shape.Take(batches)))
        {
            throw new ReadingException($"indices of {Shapes.Text(places.Shape)} do not fit {Shapes.Text(node.X.Shape)}");
        }

        int[] extents = [.. node.X.Shape.Skip(batches).Take(depth)], form = [.. places.Shape.Skip(batches).SkipLast(1)];
        long[] flat = Flat(node.Integers(1)!, extents);
        int count = Shapes.Count(form), samples = Shapes.Product(node.X.Shape, 0, batches);
        if (Enumerable.Range(0, flat.Length).Any(i => flat[i] != flat[i % count]))
        {
            return node.Refuse($"it takes other places of each of {samples} tensors");
        }

        OnnxValue x = node.Reshaped(
            node.X, [.. node.X.Shape.Take(batches), Shapes.Count(extents), .. node.X.Shape.Skip(batches + depth)]);
        return Give(node, x, batches, flat[..count], form, null);
    }

    private static bool GatherElements(NodeReading node)
    {
        OnnxValue places = node.Required(1);
        if (places.Constant is null)
        {
            return SamplingRules.Gather(node);
        }

        if (!HasPlaces(node))
        {
            return false;
        }

        int axis = Shapes.Axis(node.Attributes.Integer("axis"), node.Rank);
        CheckElements(node, places, axis);
        long[] indices = [.. node.Integers(1)!.Select(place => Place(place, node.X.Shape[axis]))];
        OnnxValue x = node.X;
        for (int other = 0; other < node.Rank; other++)
        {
            x = other == axis || x.Shape[other] == places.Shape[other] ? x : SelectionRules.Run(node, x, other, 0, places.Shape[other]);
        }

        // The axes by which the places differ, and what lies between them, are one.
        int[] strides = Shapes.Strides(places.Shape);
        bool Varies(int one) => one == axis || Enumerable.Range(0, indices.Length).Any(i =>
            indices[i] != indices[i - (i / strides[one] % places.Shape[one] * strides[one])]);
        int[] varying = [.. Enumerable.Range(0, node.Rank).Where(Varies)];
        int first = varying[0], end = varying[^1] + 1;
        int[] extents = [.. x.Shape.Skip(first).Take(end - first)], form = [.. places.Shape.Skip(first).Take(end - first)];
        int[] own = Shapes.Strides(extents);
        int inner = strides[end - 1];
        long[] flat = [.. Enumerable.Range(0, Shapes.Count(form)).Select(i => Enumerable.Range(first, end - first).Sum(one =>
            (one == axis ? indices[i * inner] : i * inner / strides[one] % places.Shape[one]) * own[one - first]))];
        x = node.Reshaped(x, [.. x.Shape.Take(first), Shapes.Count(extents), .. x.Shape.Skip(end)]);
        return Give(node, x, first, flat, [flat.Length], places.Shape);
    }

    private static bool Compress(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        OnnxValue x = node.Attributes.Has("axis") ? node.X : node.Reshaped(node.X, [Shapes.Count(node.X.Shape)]);
        int axis = Shapes.Axis(node.Attributes.Integer("axis"), x.Shape.Count);
        long[] kept = node.Integers(1) ?? throw new ReadingException("it has no condition");
        if (kept.Length > x.Shape[axis])
        {
            throw new ReadingException($"{kept.Length} truth values for {x.Shape[axis]} elements");
        }

        long[] places = [.. Enumerable.Range(0, kept.Length).Where(i => kept[i] != 0).Select(i => (long)i)];
        return Give(node, x, axis, places, [places.Length], null);
    }

    private static bool Give(
        NodeReading node, OnnxValue x, int axis, long[] places, IReadOnlyList<int> form, IReadOnlyList<int>? shape)
    {
        if (places.Length == 0 && node.X.Constant is null)
        {
            return node.Refuse(SelectionRules.Empty);
        }

        OnnxValue result = SelectionRules.Gathered(node, x, axis, places, form);
        return node.Give(shape is null ? result : node.Reshaped(result, shape));
    }

    /// <summary>Writes parts of a tensor: of a constant in any order, of another one where the parts are a block.</summary>
    private static bool ScatterPoints(NodeReading node)
    {
        if (!HasPlaces(node))
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
        int[] extents = [.. node.X.Shape.Take(depth)];
        long[] flat = Flat(node.Integers(1)!, extents);
        if (node.X.Constant is not null && updates.Constant is not null && node.Attributes.Text("reduction", "none") == "none")
        {
            return node.Give(node.Emit("ScatterND", [node.X, indices, updates], node.X.Shape, type: node.X.Type));
        }

        return Block(flat, extents) is var (starts, lengths)
            ? Give(node, starts, [.. lengths, .. node.X.Shape.Skip(depth)], updates)
            : node.Refuse("the places that it writes are no block in the order of their elements");
    }

    private static bool ScatterElements(NodeReading node)
    {
        if (!HasPlaces(node))
        {
            return false;
        }

        (OnnxValue indices, OnnxValue updates) = (node.Required(1), node.Required(2));
        int axis = Shapes.Axis(node.Attributes.Integer("axis"), node.Rank);
        CheckElements(node, indices, axis);
        if (!updates.Shape.SequenceEqual(indices.Shape))
        {
            throw new ReadingException($"indices of {Shapes.Text(indices.Shape)} and updates of {Shapes.Text(updates.Shape)}");
        }

        NodeReading.CheckAlike(node.X, updates);
        long[] places = [.. node.Integers(1)!.Select(place => Place(place, node.X.Shape[axis]))];
        int stride = Shapes.Strides(indices.Shape)[axis];
        int[] starts = new int[node.Rank];
        starts[axis] = places.Length > 0 ? (int)places[0] : 0;
        return Enumerable.Range(0, places.Length).All(i => places[i] == starts[axis] + (i / stride % indices.Shape[axis]))
            ? Give(node, starts, indices.Shape, updates)
            : node.Refuse("the places that it writes are no block in the order of their elements");
    }

    /// <summary>The tensor with a block of it written.</summary>
    private static bool Give(NodeReading node, int[] starts, IReadOnlyList<int> lengths, OnnxValue updates)
    {
        string reduction = node.Attributes.Choice("reduction", "none", "add", "mul", "max", "min");
        OnnxValue Written(OnnxValue x, int axis)
        {
            if (axis == node.Rank)
            {
                OnnxValue block = node.Reshaped(updates, lengths);
                return reduction == "none" ? block
                    : ElementwiseRules.Pair(node, $"{char.ToUpperInvariant(reduction[0])}{reduction[1..]}", x, block);
            }

            int start = axis < starts.Length ? starts[axis] : 0, length = lengths[axis], rest = x.Shape[axis] - start - length;
            if (start == 0 && rest == 0)
            {
                return Written(x, axis + 1);
            }

            OnnxValue written = Written(SelectionRules.Run(node, x, axis, start, length), axis + 1);
            OnnxValue[] before = start > 0 ? [SelectionRules.Run(node, x, axis, 0, start)] : [];
            OnnxValue[] behind = rest > 0 ? [SelectionRules.Run(node, x, axis, start + length, rest)] : [];
            return JoiningRules.Joined(node, [.. before, written, .. behind], axis);
        }

        return lengths.Contains(0) ? node.Give(node.X) : node.Give(Written(node.X, 0));
    }

    /// <summary>Where a block of places starts, and its extents; null if the places are none, each of them once and in order.</summary>
    private static (int[] Starts, int[] Lengths)? Block(long[] flat, int[] extents)
    {
        int[] strides = Shapes.Strides(extents), starts = new int[extents.Length], lengths = new int[extents.Length];
        if (flat.Length == 0)
        {
            return (starts, lengths);
        }

        for (int axis = 0; axis < extents.Length; axis++)
        {
            long From(long place) => place / strides[axis] % extents[axis];
            starts[axis] = (int)flat.Min(From);
            lengths[axis] = (int)flat.Max(From) - starts[axis] + 1;
        }

        if (lengths.Aggregate(1L, (a, b) => a * b) != flat.Length)
        {
            return null;
        }

        int[] own = Shapes.Strides(lengths);
        bool isBlock = Enumerable.Range(0, flat.Length).All(i => flat[i] == Enumerable.Range(0, extents.Length).Sum(axis =>
            (long)(starts[axis] + (i / own[axis] % lengths[axis])) * strides[axis]));
        return isBlock ? (starts, lengths) : null;
    }

    /// <summary>Places in several axes as places in one.</summary>
    private static long[] Flat(long[] places, int[] extents)
    {
        int[] strides = Shapes.Strides(extents);
        return [.. Enumerable.Range(0, places.Length / extents.Length).Select(i => Enumerable.Range(0, extents.Length).Sum(axis =>
            Place(places[(i * extents.Length) + axis], extents[axis]) * strides[axis]))];
    }

    private static long Place(long place, int extent) => place >= -extent && place < extent ? (place + extent) % extent
        : throw new ReadingException($"an index in an extent of {extent} is {place}");

    public static void CheckElements(NodeReading node, OnnxValue places, int axis)
    {
        if (places.Shape.Count != node.Rank || places.Shape.Where((extent, other) => other != axis && extent > node.X.Shape[other]).Any())
        {
            throw new ReadingException($"indices of {Shapes.Text(places.Shape)} do not fit {Shapes.Text(node.X.Shape)}");
        }
    }

    private static bool Reverse(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        int steps = Shapes.Axis(node.Attributes.Integer("time_axis"), node.Rank);
        long[] lengths = node.Integers(1) ?? throw new ReadingException("it has no lengths");
        if (lengths.Length == 0 || lengths.Distinct().Count() > 1)
        {
            return node.Refuse("its sequences have different lengths");
        }

        int length = lengths[0] > 0 && lengths[0] <= node.X.Shape[steps] ? (int)lengths[0]
            : throw new ReadingException($"a length of {lengths[0]} in {Shapes.Text(node.X.Shape)}");
        OnnxValue turned = SelectionRules.Turned(node, SelectionRules.Run(node, node.X, steps, 0, length), steps);
        return node.Give(length == node.X.Shape[steps] ? turned : JoiningRules.Joined(
            node, [turned, SelectionRules.Run(node, node.X, steps, length, node.X.Shape[steps] - length)], steps));
    }

    private static bool Diagonal(NodeReading node)
    {
        if (node.Rank != 2)
        {
            throw new ReadingException($"its input has the shape {Shapes.Text(node.X.Shape)}");
        }

        long place = node.Attributes.Integer("k"), to = node.Attributes.Integer("dtype");
        ElementType type = !node.Attributes.Has("dtype") ? node.X.Type
            : Tensors.TypeOf((int)Math.Clamp(to, 0, int.MaxValue)) ?? throw new ReadingException($"elements of the type {to}");
        if (SelectionRules.Triangle(node, node.X.Shape[0], node.X.Shape[1], at => at == place) is not { } ones)
        {
            return false;
        }

        long target = type == ElementType.Float ? 1 : type == ElementType.Boolean ? 9 : 7;
        return node.Give(type == ElementType.Boolean ? ones : node.Emit("Cast", [ones], ones.Shape, new() { { "to", target } }, type));
    }

    private static bool Centered(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        int[] target = Shapes.Checked(node.Integers(1) ?? throw new ReadingException("it has no shape"));
        int[] axes = node.Attributes.Integers("axes") is { } given ? [.. given.Select(axis => Shapes.Axis(axis, node.Rank))]
            : [.. Enumerable.Range(0, node.Rank)];
        if (axes.Length != target.Length || axes.Distinct().Count() != axes.Length)
        {
            throw new ReadingException($"{target.Length} extents for the axes {Shapes.Text(axes)}");
        }

        long[] pads = new long[2 * node.Rank];
        OnnxValue x = node.X;
        foreach ((int axis, int extent) in axes.Zip(target))
        {
            int more = extent - x.Shape[axis];
            (pads[axis], pads[node.Rank + axis]) = (Math.Max(more, 0) / 2, (Math.Max(more, 0) + 1) / 2);
            x = more < 0 && extent > 0 ? SelectionRules.Run(node, x, axis, -more / 2, extent) : x;
        }

        return target.Contains(0) ? node.Refuse(SelectionRules.Empty) : node.Give(JoiningRules.Padded(node, x, pads, "constant", 0));
    }
}
