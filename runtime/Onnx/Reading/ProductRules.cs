using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Products of matrices.</summary>
internal static class ProductRules
{
    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("Gemm", Gemm),
        KeyValuePair.Create<string, Rule>("MatMul", node => node.Give(Product(node, node.X, node.Required(1)))),
        KeyValuePair.Create<string, Rule>("Einsum", Einsum.Read),
    ];

    /// <summary>What these rules leave out.</summary>
    public static IEnumerable<string> Gone => ["`Einsum`, which is a `MatMul` or a `Mul` between `Transpose`s"];

    /// <summary>What the page about normal form says of the nodes that come of these rules.</summary>
    public static IEnumerable<NormalRow> Rows =>
    [
        new("`Gemm`", "a, b, [c]", "`alpha`, `beta`, `transA`, `transB`"),
        new("`MatMul`", "a, b", "", "a constant has at least two axes"),
    ];

    private static bool Gemm(NodeReading node) => node.Give(Multiplied(node));

    public static OnnxValue Multiplied(NodeReading node)
    {
        OnnxValue a = node.X, b = node.Required(1);
        OnnxValue? c = node.Optional(2);
        bool transA = node.Attributes.Integer("transA") != 0, transB = node.Attributes.Integer("transB") != 0;
        if (a.Shape.Count != 2 || b.Shape.Count != 2 || a.Shape[transA ? 0 : 1] != b.Shape[transB ? 1 : 0])
        {
            throw Mismatch(a, b);
        }

        int[] shape = [a.Shape[transA ? 1 : 0], b.Shape[transB ? 0 : 1]];
        if (c is not null && (c.Shape.Count > 2 || !Shapes.Broadcast(shape, c.Shape).SequenceEqual(shape)))
        {
            throw new ReadingException($"a product of the shape {Shapes.Text(shape)}, to which {Shapes.Text(c.Shape)} is added");
        }

        Attributes attributes = new()
        {
            { "alpha", node.Attributes.Float("alpha", 1) },
            { "beta", node.Attributes.Float("beta", 1) },
            { "transA", transA },
            { "transB", transB },
        };
        if (c is not { Constant: null })
        {
            return node.Emit("Gemm", [a, b, c], shape, attributes);
        }

        float beta = node.Attributes.Float("beta", 1);
        c = beta.Equals(1f) ? c : ElementwiseRules.Pair(node, "Mul", c, NodeReading.Known([], beta));
        return ElementwiseRules.Pair(node, "Add", node.Emit("Gemm", [a, b], shape, attributes), c);
    }

    /// <summary>A product of matrices, or of stacks of them.</summary>
    public static OnnxValue Product(NodeReading node, OnnxValue a, OnnxValue b)
    {
        if (a.Shape.Count == 0 || b.Shape.Count == 0)
        {
            throw Mismatch(a, b);
        }

        int[] left = a.Shape.Count == 1 ? [1, .. a.Shape] : [.. a.Shape], right = b.Shape.Count == 1 ? [.. b.Shape, 1] : [.. b.Shape];
        if (left[^1] != right[^2])
        {
            throw Mismatch(a, b);
        }

        List<int> shape = [.. Shapes.Broadcast(left[..^2], right[..^2])];
        if (a.Shape.Count > 1)
        {
            shape.Add(left[^2]);
        }

        if (b.Shape.Count > 1)
        {
            shape.Add(right[^1]);
        }

        Shapes.Count(shape);
        if (a.Constant is null == b.Constant is null || (a.Constant ?? b.Constant)!.Shape.Count > 1)
        {
            return node.Emit("MatMul", [a, b], shape);
        }

        // A constant vector is a matrix of one row, or of one column.
        (a, b) = a.Constant is null ? (a, node.Reshaped(b, right)) : (node.Reshaped(a, left), b);
        int[] product = [.. Shapes.Broadcast(left[..^2], right[..^2]), .. a.Shape.Count > 1 ? [left[^2]] : (int[])[],
            .. b.Shape.Count > 1 ? [right[^1]] : (int[])[]];
        return node.Reshaped(node.Emit("MatMul", [a, b], product), shape);
    }

    private static ReadingException Mismatch(OnnxValue a, OnnxValue b) =>
        new($"a product of {Shapes.Text(a.Shape)} and {Shapes.Text(b.Shape)} does not exist");
}
