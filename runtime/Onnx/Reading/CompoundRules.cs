using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Reading;

/// <summary>Operators that are several others.</summary>
internal static class CompoundRules
{
    /// <summary>More factors are no product of any network.</summary>
    private const int MostFactors = 64;

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("Attention", Attention),
        KeyValuePair.Create<string, Rule>("RotaryEmbedding", RotaryEmbedding),
        KeyValuePair.Create<string, Rule>("CumSum", CumulativeSum),
        KeyValuePair.Create<string, Rule>("IsInf", IsInfinite),
        KeyValuePair.Create<string, Rule>("OneHot", OneHot),
    ];

    /// <summary>What these rules leave out.</summary>
    public static IEnumerable<string> Gone =>
    [
        "`Attention`, which is two `MatMul` with a `Softmax` between them",
        "`RotaryEmbedding`, which is arithmetic", "`CumSum`, which is a `MatMul` with a constant",
        "`IsInf`, `OneHot` and `Hardmax`, which are `Equal`", "`ReduceProd`, which is a chain of `Mul`",
        "`ArgMax` and `ArgMin` that take the last of equal elements: they turn the axis round",
    ];

    /// <summary>The first of the largest elements is 1, the others are 0.</summary>
    public static OnnxValue Hardmax(NodeReading node, int[] axes)
    {
        // Several axes, which stand side by side but for those of one element, are one.
        IEnumerable<int> before = node.X.Shape.Take(axes[0]), behind = axes.Length > 1 ? [] : node.X.Shape.Skip(axes[0] + 1);
        OnnxValue x = node.Reshaped(node.X, [.. before, Shapes.Product(node.X.Shape, axes[0], axes[^1] + 1), .. behind]);
        int[] shape = [.. x.Shape], reduced = [.. shape.Select((extent, axis) => axis == axes[0] ? 1 : extent)];
        OnnxValue largest = node.Emit(
            "ArgMax", [x], reduced, new() { { "axis", axes[0] }, { "keepdims", true } }, ElementType.Integer);
        return node.Reshaped(Number(node, Equal(node, largest, Places(node, shape, axes[0]))), node.X.Shape);
    }

    /// <summary>The place of the last of the largest or smallest elements: the first, if the axis is turned round.</summary>
    public static OnnxValue LastPlace(NodeReading node, int axis, int[] shape, Attributes attributes)
    {
        OnnxValue place = node.Emit(
            node.Operator, [SelectionRules.Turned(node, node.X, axis)], shape, attributes, ElementType.Integer);
        return ElementwiseRules.Pair(node, "Sub", NodeReading.Known([], (long)node.X.Shape[axis] - 1), place);
    }

    /// <summary>The product of the elements along axes; null if they are too many.</summary>
    public static OnnxValue? Product(NodeReading node, int[] axes, int[] shape)
    {
        OnnxValue x = node.X;
        foreach (int axis in axes)
        {
            if (x.Shape[axis] > MostFactors)
            {
                return null;
            }

            OnnxValue[] elements =
                [.. Enumerable.Range(0, x.Shape[axis]).Select(place => SelectionRules.Element(node, x, axis, place, keeps: true))];
            x = elements.Aggregate((product, factor) => ElementwiseRules.Pair(node, "Mul", product, factor));
        }

        return node.Reshaped(x, shape);
    }

    private static bool Attention(NodeReading node)
    {
        string? refusal =
            (node.Optional(4) ?? node.Optional(5)) is not null ? "it reads keys and values of earlier calls (past_key, past_value)"
            : node.Optional(6) is not null ? "its keys have lengths of their own (nonpad_kv_seqlen)"
            : node.IsRead.Skip(1).Any(read => read) ? "another output than its first is read" : null;
        if (refusal is not null)
        {
            return node.Refuse(refusal);
        }

        OnnxValue[] parts = [.. Enumerable.Range(0, 3).Select(index => OfHeads(
            node, index, index == 0 ? "q_num_heads" : "kv_num_heads"))];
        (IReadOnlyList<int> q, IReadOnlyList<int> k, IReadOnlyList<int> v) = (parts[0].Shape, parts[1].Shape, parts[2].Shape);
        if (q[1] != k[1] && k[1] == v[1] && q[1] % k[1] == 0)
        {
            // Heads of queries share those of keys, one behind the other.
            parts = [parts[0], .. parts.Skip(1).Select(part => Repeated(node, part, q[1] / k[1]))];
            (k, v) = (parts[1].Shape, parts[2].Shape);
        }

        if (q[1] != k[1] || k[1] != v[1] || k[2] != v[2] || q[3] != k[3])
        {
            throw new ReadingException($"queries of {Shapes.Text(q)}, keys of {Shapes.Text(k)} and values of {Shapes.Text(v)}");
        }

        float scale = node.Attributes.Float("scale", (float)(1 / Math.Sqrt(q[3])));
        OnnxValue scores = ProductRules.Product(node, parts[0], ShapeRules.Transposed(node, parts[1], [0, 1, 3, 2]));
        scores = ElementwiseRules.Pair(node, "Mul", scores, NodeReading.Known([], scale));
        if (node.Attributes.Float("softcap", 0) is var cap and not 0)
        {
            OnnxValue inner = ElementwiseRules.Pair(node, "Div", scores, NodeReading.Known([], cap));
            scores = ElementwiseRules.Pair(node, "Mul", node.Emit("Tanh", [inner], inner.Shape), NodeReading.Known([], cap));
        }

        if (node.Optional(3) is { } mask)
        {
            scores = mask.Type == ElementType.Boolean ? Kept(node, mask, scores) : ElementwiseRules.Pair(node, "Add", scores, mask);
        }

        if (node.Attributes.Integer("is_causal") != 0)
        {
            if (SelectionRules.Triangle(node, q[2], k[2], place => place <= 0) is not { } seen)
            {
                return false;
            }

            scores = Kept(node, seen, scores);
        }

        if (!scores.Shape.SequenceEqual([q[0], q[1], q[2], k[2]]))
        {
            throw new ReadingException($"its mask has the shape {Shapes.Text(node.Required(3).Shape)}");
        }

        OnnxValue weights = node.Emit("Softmax", [scores], scores.Shape, new() { { "axes", (int[])[3] } });
        OnnxValue result = ProductRules.Product(node, weights, parts[2]);
        return node.Give(node.Rank == 4 ? result
            : node.Reshaped(ShapeRules.Transposed(node, result, [0, 2, 1, 3]), [q[0], q[2], q[1] * v[3]]));
    }

    /// <summary>An input as batch, heads, tokens, features.</summary>
    private static OnnxValue OfHeads(NodeReading node, int index, string attribute)
    {
        OnnxValue value = node.Required(index);
        long heads = node.Attributes.Integer(attribute);
        return value.Shape is [_, _, _, _] ? value
            : value.Shape is [var batch, var tokens, var features] && heads > 0 && features % heads == 0
                ? ShapeRules.Transposed(
                    node, node.Reshaped(value, [batch, tokens, (int)heads, (int)(features / heads)]), [0, 2, 1, 3])
            : throw new ReadingException($"{heads} heads of {Shapes.Text(value.Shape)}");
    }

    /// <summary>Each head several times.</summary>
    private static OnnxValue Repeated(NodeReading node, OnnxValue x, int times) => JoiningRules.Joined(
        node,
        [.. Enumerable.Range(0, x.Shape[1]).SelectMany(head => Enumerable.Repeat(SelectionRules.Run(node, x, 1, head, 1), times))],
        1);

    /// <summary>Features are turned by angles that grow with the place, in pairs.</summary>
    private static bool RotaryEmbedding(NodeReading node)
    {
        if (node.Optional(3) is { Constant: null } || node.Required(1).Constant is null || node.Required(2).Constant is null)
        {
            return node.Refuse("its angles or its places depend on the input");
        }

        OnnxValue x = node.Rank == 3 ? OfHeads(node, 0, "num_heads") : node.X;
        (int batch, int heads, int tokens, int features) = x.Shape is [var b, var h, var t, var f] ? (b, h, t, f)
            : throw new ReadingException($"its input has the shape {Shapes.Text(node.X.Shape)}");
        long given = node.Attributes.Integer("rotary_embedding_dim");
        int turned = given > 0 && given <= features ? (int)given : features, half = turned / 2;

        // A row of angles for each token; by the places, of each sample.
        OnnxValue Angles(int input)
        {
            OnnxValue table = node.Required(input);
            if (node.Optional(3) is not null && table.Shape.Count != 2)
            {
                throw new ReadingException($"its angles have the shape {Shapes.Text(table.Shape)}");
            }

            OnnxValue rows = node.Optional(3) is { } places
                ? SelectionRules.Gathered(node, table, 0, node.Integers(3)!, places.Shape) : table;
            return rows.Shape is [_, var steps, var columns] && steps == tokens && columns == half
                ? node.Reshaped(rows, [rows.Shape[0], 1, tokens, half])
                : throw new ReadingException($"its angles have the shape {Shapes.Text(rows.Shape)}");
        }

        OnnxValue Pair(string @operator, OnnxValue one, OnnxValue other) => ElementwiseRules.Pair(node, @operator, one, other);
        OnnxValue cosine = Angles(1), sine = Angles(2), rest = SelectionRules.Run(node, x, 3, 0, turned);
        bool isInterleaved = node.Attributes.Integer("interleaved") != 0;
        OnnxValue pairs = node.Reshaped(rest, isInterleaved ? [batch, heads, tokens, half, 2] : [batch, heads, tokens, 2, half]);
        int axis = isInterleaved ? 4 : 3;
        OnnxValue real = SelectionRules.Element(node, pairs, axis, 0, keeps: false);
        OnnxValue imaginary = SelectionRules.Element(node, pairs, axis, 1, keeps: false);
        OnnxValue both = JoiningRules.Stacked(
            node, [Pair("Sub", Pair("Mul", real, cosine), Pair("Mul", imaginary, sine)),
            Pair("Add", Pair("Mul", real, sine), Pair("Mul", imaginary, cosine))], axis);
        OnnxValue result = node.Reshaped(both, [batch, heads, tokens, turned]);
        result = turned == features ? result
            : JoiningRules.Joined(node, [result, SelectionRules.Run(node, x, 3, turned, features - turned)], 3);
        return node.Give(node.Rank == 4 ? result
            : node.Reshaped(ShapeRules.Transposed(node, result, [0, 2, 1, 3]), node.X.Shape));
    }

    /// <summary>Scores where a mask is true, and −∞ elsewhere.</summary>
    private static OnnxValue Kept(NodeReading node, OnnxValue mask, OnnxValue scores) => node.Emit(
        "Where", [mask, scores, NodeReading.Known([], float.NegativeInfinity)], Shapes.Broadcast(mask.Shape, scores.Shape),
        type: ElementType.Float);

    private static bool CumulativeSum(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1))
        {
            return false;
        }

        int axis = Shapes.Axis(node.Integers(1) is [var given, ..] ? given : 0, node.Rank), extent = node.X.Shape[axis];
        bool turns = node.Attributes.Integer("reverse") != 0, leaves = node.Attributes.Integer("exclusive") != 0;
        if (node.X.Type != ElementType.Float || SelectionRules.Triangle(
            node, extent, extent, place => (turns ? -place : place) >= (leaves ? 1 : 0)) is not { } kept)
        {
            return node.X.Type == ElementType.Float ? false : node.Refuse("it adds integers");
        }

        // The axis last, and at least a row.
        OnnxValue x = node.Rank > 1 ? node.X : node.Reshaped(node.X, [1, extent]);
        int[] order = [.. Enumerable.Range(0, x.Shape.Count)];
        (order[axis + x.Shape.Count - node.Rank], order[^1]) = (order[^1], order[axis + x.Shape.Count - node.Rank]);
        OnnxValue sums = ProductRules.Product(node, ShapeRules.Transposed(node, x, order), Number(node, kept));
        return node.Give(node.Reshaped(ShapeRules.Transposed(node, sums, order), node.X.Shape));
    }

    private static bool IsInfinite(NodeReading node)
    {
        bool above = node.Attributes.Integer("detect_positive", 1) != 0, below = node.Attributes.Integer("detect_negative", 1) != 0;
        if (!above && !below)
        {
            return node.Refuse("it finds neither ∞ nor −∞");
        }

        OnnxValue x = above && below ? node.Emit("Abs", [node.X], node.X.Shape) : node.X;
        return node.Give(Equal(node, x, NodeReading.Known([], above ? float.PositiveInfinity : float.NegativeInfinity)));
    }

    private static bool OneHot(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1) || !node.IsConstantOrAbsent(2))
        {
            return false;
        }

        if (node.Floats(1) is not [var given] || node.Floats(2) is not [var off, var on])
        {
            throw new ReadingException("it has no depth, or not two values");
        }

        int depth = Shapes.Checked([(long)given])[0], axis = Shapes.Axis(node.Attributes.Integer("axis", -1), node.Rank + 1);
        OnnxValue Of(float value) =>
            node.Required(2).Type == ElementType.Float ? NodeReading.Known([], value) : NodeReading.Known([], (long)value);
        return node.Give(Chosen(node, node.X, depth, axis, Of(off), Of(on)));
    }

    /// <summary>Along a new axis, one number at the place that an index says, and another elsewhere.</summary>
    private static OnnxValue Chosen(NodeReading node, OnnxValue x, int depth, int axis, OnnxValue off, OnnxValue on)
    {
        OnnxValue index = node.Reshaped(x, [.. x.Shape.Take(axis), 1, .. x.Shape.Skip(axis)]);
        int[] shape = [.. x.Shape.Take(axis), depth, .. x.Shape.Skip(axis)];

        // Indices below 0 count from the end.
        OnnxValue places = Places(node, shape, axis), ends = Places(node, shape, axis, -depth);
        if (index.Type == ElementType.Float)
        {
            (places, ends) = (Number(node, places), Number(node, ends));
        }

        OnnxValue isPlace = node.Emit("Or", [Equal(node, index, places), Equal(node, index, ends)], shape, type: ElementType.Boolean);
        return node.Emit("Where", [isPlace, on, off], shape, type: on.Type);
    }

    private static OnnxValue Equal(NodeReading node, OnnxValue x, OnnxValue y) =>
        node.Emit("Equal", [x, y], Shapes.Broadcast(x.Shape, y.Shape), type: ElementType.Boolean);

    /// <summary>Truth values or integers as floats.</summary>
    private static OnnxValue Number(NodeReading node, OnnxValue value) =>
        node.Emit("Cast", [value], value.Shape, new() { { "to", (long)DataType.Float } }, ElementType.Float);

    /// <summary>The places along an axis, from a first one on, as a tensor that is broadcast.</summary>
    private static OnnxValue Places(NodeReading node, int[] shape, int axis, int first = 0) =>
        node.Emitter.Budget.Spend(sizeof(long) * (long)shape[axis]) ? NodeReading.Known(
            [shape[axis], .. shape.Skip(axis + 1).Select(_ => 1)],
            [.. Enumerable.Range(first, shape[axis]).Select(place => (long)place)])
        : throw new ReadingException($"its {shape[axis]} places are more than what is computed while reading");
}
