using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>Products of two tensors, and the attention that is made of them.</summary>
internal static class Attentions
{
    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out =>
        [("MatMul", MatMul), ("Attention", Attention), ("ScaledDotProductAttention", DotProducts)];

    public static IEnumerable<PageRow> InRows =>
    [
        new("`MatMul` of two tensors, or with a constant of several matrices", "`[MatMul]`"),
        new("several nodes that are attention, however they move their elements", "`[ScaledDotProductAttention]`"),
        new(
            "`Attention` without earlier keys and values",
            "`[ScaledDotProductAttention]` where the features stand before the tokens, else `[MatMul]` and `[Softmax]`"),
        new("attention between products of its tokens with weights", "`[Attention]`"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new("`[MatMul]`", "`MatMul`"),
        new("`[Attention]`", "products with the weights, and for each head `MatMul`, `Softmax`, `MatMul`"),
        new(
            "`[ScaledDotProductAttention]`",
            "for each head `MatMul`, `Softmax`, `MatMul`; a mask is added between the first two, and `Where` hides later keys"),
    ];

    /// <summary>A product of matrices. Both depend on the input, or several are constant.</summary>
    public static void Multiply(LayerBuilder layers, OnnxNode node)
    {
        View beside = layers.ViewOf(node.Inputs.First(input => input!.Constant is null)!);
        View[] views = [.. node.Inputs.Select(input => input!.Constant is { } constant
            ? Sources.Add(layers, constant, beside.Tensor) : layers.ViewOf(input))];
        if (views.Any(view => view.Axes.Count < 2))
        {
            throw new UnsupportedException("one of its tensors is a vector");
        }

        // The first axis is the batch, unless a matrix has only two.
        int before = views.Max(view => view.Axes.Count) - 2;
        int batch = before > 0 && views.All(view => view.Axes.Count - 2 < before || view.Axes[0] < 0) ? before - 1 : before;
        (LayerTensor Tensor, bool IsTransposed)[] operands = [.. views.Select(view => Operand(layers, view, batch))];
        int[] leading = [.. operands[0].Tensor.Shape.Take(batch)];
        bool isMany = batch + 2 > LayerBuilder.MostAxes;
        if (isMany)
        {
            // The axes before the matrices become one.
            operands = operands.All(operand => operand.Tensor.Shape.Take(batch).SequenceEqual(leading))
                ? [.. operands.Select(operand => operand with
                {
                    Tensor = layers.Shaped(operand.Tensor, [Extents.Product(leading), .. operand.Tensor.Shape.Skip(batch)]),
                })]
                : throw new UnsupportedException(
                    $"its matrices have {batch} axes before them, which differ; more than {LayerBuilder.MostAxes - 2} have to be the same");
        }

        Layer product = layers.Add(
            "MatMul", [.. operands.Select(operand => operand.Tensor)],
            [new("TransposeA", operands[0].IsTransposed), new("TransposeB", operands[1].IsTransposed)]);
        int[] axes = [.. Enumerable.Repeat(-1, before - batch), .. Enumerable.Range(0, batch + 2)];
        LayerTensor result = isMany ? new SplitTensor(product, [.. leading, .. product.Shape.Skip(1)]) : product;
        layers.SetReshaped(node.Output, new View(result, axes));
    }

    /// <summary>A tensor whose last two axes are the matrix, and whether they are exchanged.</summary>
    private static (LayerTensor Tensor, bool IsTransposed) Operand(LayerBuilder layers, View view, int batch)
    {
        int[] leading = [.. Enumerable.Range(0, batch).Select(i => view.Axes.Count - 2 - batch + i).Select(i => i < 0 ? -1 : view.Axes[i])];
        int[] order = [.. leading, view.Axes[^2], view.Axes[^1]], exchanged = [.. leading, view.Axes[^1], view.Axes[^2]];
        bool isTransposed = !LayerBuilder.IsInOrder(view, order) && LayerBuilder.IsInOrder(view, exchanged);
        int[] used = isTransposed ? exchanged : order;
        int[] shape = [.. used.Select(axis => axis < 0 ? 1 : view.Tensor.Shape[axis])];
        return (layers.Shaped(layers.Ordered(view, used), shape), isTransposed);
    }

    private static string MatMul(LayerNodes nodes)
    {
        int rank = nodes.Layer.OutputShape.Count + 1;
        int[] exchanged = [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2];
        string Operand(int input, string argument) =>
            nodes.Layer.Argument<bool>(argument) ? nodes.Transpose(nodes.Inputs[input], exchanged) : nodes.Inputs[input];
        return nodes.Node("MatMul", [Operand(0, "TransposeA"), Operand(1, "TransposeB")]);
    }

    private static string Attention(LayerNodes nodes)
    {
        int features = nodes.Layer.Channels, length = nodes.Layer.InputShape[1];
        if (nodes.Inputs.Count > 1)
        {
            int context = nodes.Layer.InputShapes[1][1], heads = nodes.Layer.Argument<int>("heads");
            return Product(
                nodes,
                OfHeads(
                    nodes, heads, Of(0, nodes.Input, length), Of(1, nodes.Inputs[1], context), Of(2, nodes.Inputs[1], context),
                    Mask(nodes, 2)),
                "out_proj.weight", "out_proj.bias");
        }

        Tokens Of(int part, string tokens, int count)
        {
            string Rows(string parameter) => nodes.Slice(parameter, [0], [part * features], [(part + 1) * features]);
            string product = nodes.Node("MatMul", [Rows(nodes.Parameter("in_proj_weight")), tokens]);
            return new(
                nodes.Has("in_proj_bias") ? nodes.Node("Add", [product, Rows(nodes.ForChannels("in_proj_bias"))]) : product, features,
                count);
        }

        string all = Product(nodes, nodes.Input, "in_proj_weight", "in_proj_bias");
        Tokens Part(int part) => new(nodes.Slice(all, [1], [part * features], [(part + 1) * features]), features, length);
        string values = OfHeads(nodes, nodes.Layer.Argument<int>("heads"), Part(0), Part(1), Part(2), mask: null);
        return Product(nodes, values, "out_proj.weight", "out_proj.bias");
    }

    private static string DotProducts(LayerNodes nodes)
    {
        IReadOnlyList<IReadOnlyList<int>> shapes = nodes.Layer.InputShapes;
        Tokens Part(int part) => new(nodes.Inputs[part], shapes[part][0], shapes[part][1]);
        return OfHeads(
            nodes, nodes.Layer.Argument<int>("Heads"), Part(0), Part(1), Part(2), Mask(nodes, 3));
    }

    /// <summary>
    /// The layer's input of this number as a mask: one matrix or one for each head, whose one row may be for all queries. Null if there is
    /// no such input.
    /// </summary>
    private static string? Mask(LayerNodes nodes, int input) => nodes.Inputs.Count <= input ? null
        : nodes.Reshape(nodes.Inputs[input], nodes.Layer.InputShapes[input] is [_, _, _] and var heads ? heads
            : [1, .. nodes.Layer.InputShapes[input]]);

    /// <summary>For each head, the values weighted by the softmax of the products of queries and keys.</summary>
    private static string OfHeads(LayerNodes nodes, int heads, Tokens queries, Tokens keys, Tokens values, string? mask)
    {
        string Split(Tokens tokens) => nodes.Reshape(tokens.Tensor, heads, tokens.Features / heads, tokens.Count);
        string query = nodes.Node("Mul", [Split(queries), nodes.Scalar("scale", 1 / Math.Sqrt(queries.Features / heads))]);
        string scores = nodes.Node("MatMul", [nodes.Transpose(query, 0, 1, 3, 2), Split(keys)]);
        if (mask is not null)
        {
            scores = nodes.Node("Add", [scores, mask]);
        }

        if (nodes.Layer.Argument<bool>("Causal"))
        {
            // Nothing of what is hidden is read: a mask may have infinities there.
            string seen = nodes.Graph.AddShared(
                $"seen_{queries.Count}x{keys.Count}",
                () => [.. Enumerable.Range(0, queries.Count * keys.Count).Select(i => i % keys.Count <= i / keys.Count)],
                [queries.Count, keys.Count]);
            scores = nodes.Node("Where", [seen, scores, nodes.Scalar("hidden", double.NegativeInfinity)]);
        }

        string weights = nodes.Node("Softmax", scores, NodeAttribute.Create("axis", -1));
        string result = nodes.Node("MatMul", [Split(values), nodes.Transpose(weights, 0, 1, 3, 2)]);
        return nodes.Reshape(result, values.Features, queries.Count);
    }

    /// <summary>Tokens whose features come first.</summary>
    private readonly record struct Tokens(string Tensor, int Features, int Count);

    /// <summary>A matrix times the features of each token.</summary>
    private static string Product(LayerNodes nodes, string tokens, string weight, string bias)
    {
        string product = nodes.Node("MatMul", [nodes.Parameter(weight), tokens]);
        return nodes.Has(bias) ? nodes.Node("Add", [product, nodes.ForChannels(bias)]) : product;
    }
}
