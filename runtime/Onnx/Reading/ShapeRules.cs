using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Operators that change a tensor's shape and not its elements, or repeat them.</summary>
internal static class ShapeRules
{
    /// <summary>More are no concatenation in any network.</summary>
    private const int MostRepeats = 64;

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("Reshape", Reshape),
        KeyValuePair.Create<string, Rule>("Flatten", Flatten),
        KeyValuePair.Create<string, Rule>("Squeeze", Squeeze),
        KeyValuePair.Create<string, Rule>("Unsqueeze", Unsqueeze),
        KeyValuePair.Create<string, Rule>("Transpose", Transpose),
        KeyValuePair.Create<string, Rule>("Expand", Expand),
        KeyValuePair.Create<string, Rule>("Tile", Tile),
        KeyValuePair.Create<string, Rule>("DepthToSpace", DepthToSpace),
        KeyValuePair.Create<string, Rule>("SpaceToDepth", SpaceToDepth),
    ];

    /// <summary>What the page about normal form says of the nodes that come of these rules.</summary>
    public static IEnumerable<NormalRow> Rows =>
    [
        new("`Reshape`", "x", "", "the output's shape says it; also `Flatten`, `Squeeze`, `Unsqueeze`, and `Transpose` that moves extents "
            + "of 1 only"),
        new("`Transpose`", "x", "`perm`"),
        new("`Expand`", "x", "[`layer` (`Param`, `Buffer`)]", "the output's shape says it; x is constant where it was a layer of Strata"),
        new("`Tile`", "x", "`repeats`"),
        new("`DepthToSpace`, `SpaceToDepth`", "x", "`blocksize`, `mode` (`DCR`, `CRD`)"),
    ];

    /// <summary>What these rules leave out.</summary>
    public static IEnumerable<string> Gone => ["`Expand` to the same shape", "`Transpose` that moves no extent other than 1"];

    private static bool Reshape(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        long[] target = node.Integers("shape", 1) ?? throw new ReadingException("it has no shape");
        bool zeroIsZero = node.Attributes.Integer("allowzero") != 0;
        int count = Shapes.Count(node.X.Shape);
        long[] copied = zeroIsZero ? target : [.. target.Select((extent, axis) => extent == 0 ? Copied(node, axis) : extent)];
        int[]? shape = Resolved(copied, count);
        if (node.FileBatch > 1 && node.X.Constant is null)
        {
            shape = ForOneSample(copied, count, node.FileBatch) ?? shape;
        }

        return node.Give(node.Reshaped(node.X, shape
            ?? throw new ReadingException($"the shape {Shapes.Text(node.X.Shape)} cannot become {Shapes.Text(target)}")));
    }

    private static int Copied(NodeReading node, int axis) => axis < node.Rank
        ? node.X.Shape[axis]
        : throw new ReadingException($"axis {axis} of {Shapes.Text(node.X.Shape)} does not exist");

    /// <summary>The shape with its open extent, or null if the elements do not fit.</summary>
    private static int[]? Resolved(long[] target, int count)
    {
        int open = Array.IndexOf(target, -1);
        if (target.Any(extent => extent < -1) || (open >= 0 && Array.LastIndexOf(target, -1) != open))
        {
            return null;
        }

        int[] known = Shapes.Checked([.. target.Where(extent => extent >= 0)]);
        int product = Shapes.Count(known);
        if (open < 0)
        {
            return product == count ? known : null;
        }

        return product > 0 && count % product == 0
            ? [.. target.Select(extent => extent < 0 ? count / product : (int)extent)]
            : null;
    }

    /// <summary>
    /// The shape for one sample, of a target that was written for a whole batch: the first extent that counts samples has them no more.
    /// Null if the target does not count samples.
    /// </summary>
    private static int[]? ForOneSample(long[] target, int count, int batch)
    {
        if (target.Length == 0)
        {
            return null;
        }

        bool isOpen = target.Contains(-1);
        if (isOpen ? target[0] != batch : Resolved(target, count) is not null)
        {
            return null;
        }

        for (int axis = 0; axis < target.Length; axis++)
        {
            if (target[axis] > 0 && target[axis] % batch == 0
                && Resolved([.. target.Select((extent, index) => index == axis ? extent / batch : extent)], count) is { } shape)
            {
                return shape;
            }
        }

        return null;
    }

    private static bool Flatten(NodeReading node)
    {
        int axis = Shapes.Axis(node.Attributes.Integer("axis", 1), node.Rank, rankAllowed: true);
        return node.Give(node.Reshaped(
            node.X, [Shapes.Product(node.X.Shape, 0, axis), Shapes.Product(node.X.Shape, axis, node.Rank)]));
    }

    private static bool Squeeze(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        // Without axes, the batch goes if the file says that it is 1.
        bool isBatchOne = node.X.Constant is not null || node.FileBatch == 1;
        HashSet<int> removed = node.Integers("axes", 1) is { } given
            ? [.. Shapes.Axes(given, node.Rank)]
            : [.. Enumerable.Range(0, node.Rank).Where(axis => node.X.Shape[axis] == 1 && (axis > 0 || isBatchOne))];
        if (removed.FirstOrDefault(axis => node.X.Shape[axis] != 1, -1) is >= 0 and int wrong)
        {
            throw new ReadingException($"axis {wrong} of {Shapes.Text(node.X.Shape)} is not 1");
        }

        return node.Give(node.Reshaped(node.X, [.. node.X.Shape.Where((_, axis) => !removed.Contains(axis))]));
    }

    private static bool Unsqueeze(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        long[] given = node.Integers("axes", 1) ?? throw new ReadingException("it has no axes");
        int rank = node.Rank + given.Length;
        int[] axes = Shapes.Axes(given, rank);
        if (axes.Length < given.Length || rank > Shapes.MaximumRank)
        {
            throw new ReadingException($"the axes {Shapes.Text(given)}");
        }

        List<int> shape = [.. node.X.Shape];
        foreach (int axis in axes)
        {
            shape.Insert(axis, 1);
        }

        return node.Give(node.Reshaped(node.X, shape));
    }

    private static bool Transpose(NodeReading node)
    {
        long[] given = node.Attributes.Integers("perm") ?? [.. Enumerable.Range(0, node.Rank).Reverse().Select(axis => (long)axis)];
        int[] permutation = [.. given.Select(axis => Shapes.Axis(axis, node.Rank))];
        if (permutation.Length != node.Rank || permutation.Distinct().Count() != node.Rank)
        {
            throw new ReadingException($"{Shapes.Text(given)} is no permutation of {node.Rank} axes");
        }

        return node.Give(Transposed(node, node.X, permutation));
    }

    public static OnnxValue Transposed(NodeReading node, OnnxValue x, int[] permutation)
    {
        // Two in a row are one.
        if (x.Constant is null && x.Producer is { Operator: "Transpose", Domain: "" } before)
        {
            int[] first = before.Integers("perm");
            (x, permutation) = (before.Input, [.. permutation.Select(axis => first[axis])]);
        }

        int[] shape = [.. permutation.Select(axis => x.Shape[axis])];
        int[] moved = [.. permutation.Where(axis => x.Shape[axis] != 1)];
        return moved.SequenceEqual(moved.Order())
            ? node.Reshaped(x, shape)
            : node.Emit("Transpose", [x], shape, new() { { "perm", permutation } });
    }

    private static bool Expand(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        int[] target = Shapes.Checked(node.Integers(1) ?? throw new ReadingException("it has no shape"));
        if (node.FileBatch > 1 && target.Length > 0 && target[0] == node.FileBatch
            && (target.Length > node.Rank || node.X.Shape[^target.Length] == 1))
        {
            target[0] = 1;
        }

        int[] shape = Shapes.Broadcast(node.X.Shape, target);
        if (node.X.Constant is { IsFloat: true } && SourceComment.KindIn(node.Comment) is { } kind)
        {
            // A layer of a network that Strata saved. It stays one, with its key.
            var tensor = new OnnxValue("", shape);
            node.Emitter.Add("Expand", node, [node.X], [tensor], new() { { "layer", kind } });
            return node.Give(tensor);
        }

        return node.Give(Expanded(node, node.X, shape));
    }

    /// <summary>The tensor repeated so that it has the shape.</summary>
    public static OnnxValue Expanded(NodeReading node, OnnxValue x, int[] shape) =>
        Shapes.Count(x.Shape) == Shapes.Count(shape) ? node.Reshaped(x, shape) : node.Emit("Expand", [x], shape);

    private static bool Tile(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        long[] repeats = node.Integers(1) ?? throw new ReadingException("it has no repeats");
        if (repeats.Length != node.Rank)
        {
            throw new ReadingException($"{repeats.Length} repeats for {node.Rank} dimensions");
        }

        int[] shape = Shapes.Checked([.. node.X.Shape.Select((extent, axis) => Times(extent, repeats[axis]))]);
        if (repeats.All(repeat => repeat == 1))
        {
            return node.Give(node.X);
        }

        // What repeats axes of 1 only is what Expand does.
        bool isExpand = node.X.Shape.Zip(repeats).All(pair => pair.First == 1 || pair.Second == 1);
        return node.Give(isExpand ? Expanded(node, node.X, shape)
            : node.X.Constant is not null || repeats.Max() > MostRepeats
                ? node.Emit("Tile", [node.X], shape, new() { { "repeats", repeats } }) : Tiled(node, shape));
    }

    /// <summary>The tensor beside itself.</summary>
    private static OnnxValue Tiled(NodeReading node, int[] shape)
    {
        int[] expanded = [.. node.X.Shape.Zip(shape, (one, all) => one == 1 ? all : one)];
        OnnxValue x = Expanded(node, node.X, expanded);
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] != expanded[axis])
            {
                expanded = [.. expanded.Select((extent, index) => index == axis ? shape[axis] : extent)];
                OnnxValue[] copies = [.. Enumerable.Repeat(x, shape[axis] / x.Shape[axis])];
                x = node.Emit("Concat", copies, [.. expanded], new() { { "axis", axis } });
            }
        }

        return x;
    }

    private static long Times(int extent, long repeat) => repeat is < 0 or > int.MaxValue
        ? throw new ReadingException($"{repeat} repeats")
        : extent * repeat;

    private static bool DepthToSpace(NodeReading node)
    {
        int block = Block(node);
        int[] shape = [.. node.X.Shape];
        if (shape[1] % ((long)block * block) != 0)
        {
            throw new ReadingException($"{shape[1]} channels in blocks of {block}×{block}");
        }

        string mode = node.Attributes.Choice("mode", "DCR", "CRD");
        int[] result = Shapes.Checked([shape[0], shape[1] / (block * block), (long)shape[2] * block, (long)shape[3] * block]);
        return node.Give(node.Emit("DepthToSpace", [node.X], result, new() { { "blocksize", block }, { "mode", mode } }));
    }

    private static bool SpaceToDepth(NodeReading node)
    {
        int block = Block(node);
        int[] shape = [.. node.X.Shape];
        if (shape[2] % block != 0 || shape[3] % block != 0)
        {
            throw new ReadingException($"{shape[2]}×{shape[3]} pixels in blocks of {block}×{block}");
        }

        int[] result = Shapes.Checked([shape[0], (long)shape[1] * block * block, shape[2] / block, shape[3] / block]);
        string mode = node.Attributes.Choice("mode", "DCR", "CRD");
        return node.Give(node.Emit("SpaceToDepth", [node.X], result, new() { { "blocksize", block }, { "mode", mode } }));
    }

    private static int Block(NodeReading node)
    {
        long block = node.Attributes.Integer("blocksize");
        return node.Rank == 4 && block is > 0 and < 1 << 15
            ? (int)block
            : throw new ReadingException($"blocks of {block} and a tensor of {node.Rank} dimensions");
    }
}
