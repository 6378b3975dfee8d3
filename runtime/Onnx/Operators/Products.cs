using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>Products with matrices of constants: dense layers, and convolutions of one tap where there are several pixels.</summary>
internal static class Products
{
    /// <summary>Nodes that become layers.</summary>
    public static readonly Dictionary<string, NodeForm> In = new(StringComparer.Ordinal)
    {
        ["Gemm"] = Gemm,
        ["MatMul"] = MatMul,
    };

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out => [("Dense", Dense)];

    public static IEnumerable<PageRow> InRows =>
    [
        new("`Gemm`, `MatMul` with a constant, and an `Add` behind them", "`[Dense]`; with several pixels a convolution of 1×1"),
        new("`Einsum`", "`[Transpose]`, `[Sum]`, and what `MatMul` or `Mul` become"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new("`[Dense]`", "`Gemm`; `MatMul` and `Add` between `Transpose`s for `OverChannels`"),
    ];

    /// <summary>A matrix of units × inputs, whose rows may stand apart in its constant.</summary>
    private sealed record Matrix(OnnxConstant Constant, int Units, int Inputs, bool IsTransposed, float Factor)
    {
        public float[] Values()
        {
            float[] values = Constant.Floats;
            if (!IsTransposed && Factor.Equals(1f))
            {
                return values;
            }

            float[] result = new float[values.Length];
            for (int unit = 0; unit < Units; unit++)
            {
                for (int input = 0; input < Inputs; input++)
                {
                    result[(unit * Inputs) + input] = Factor * values[IsTransposed ? (input * Units) + unit : (unit * Inputs) + input];
                }
            }

            return result;
        }
    }

    private static void Gemm(LayerBuilder layers, OnnxNode node)
    {
        if (node.Inputs[1]!.Constant is not { } constant || node.Input.Constant is not null)
        {
            throw new UnsupportedException("the matrix depends on the input");
        }

        bool isTransposed = node.Integer("transB") == 0;
        (int units, int inputs) = isTransposed ? (constant.Shape[1], constant.Shape[0]) : (constant.Shape[0], constant.Shape[1]);
        View view = layers.ViewOf(node.Input);
        int axis = node.Integer("transA") != 0 ? 0 : 1;
        View result = Multiply(
            layers, view, node.Input.Shape, axis, new Matrix(constant, units, inputs, isTransposed, node.Float("alpha", 1)));
        if (axis == 0)
        {
            result = result.Transposed([1, 0]);
        }

        if (node.Inputs.Count > 2 && node.Inputs[2] is { } added)
        {
            OnnxConstant bias = added.Constant ?? throw new UnsupportedException("its C depends on the input");
            float beta = node.Float("beta", 1);
            float[] values = [.. AffineMap.Broadcast(result, bias).Select(value => beta * value)];
            if (values.Length is 1)
            {
                values = [.. Enumerable.Repeat(values[0], units)];
            }

            result = AffineLayers.Apply(layers, result, new AffineMap([1], values, null, beta.Equals(1f) ? bias : null));
        }

        layers.Set(node.Output, result);
    }

    private static void MatMul(LayerBuilder layers, OnnxNode node)
    {
        OnnxValue left = node.Inputs[0]!, right = node.Inputs[1]!;
        if ((left.Constant ?? right.Constant) is not { } constant || constant.Shape.SkipLast(2).Any(extent => extent != 1))
        {
            Attentions.Multiply(layers, node);
            return;
        }

        // x·B contracts the last axis of x; A·x contracts the one before it.
        bool isRight = right.Constant is not null;
        OnnxValue input = isRight ? left : right;
        (int rows, int columns) = (constant.Shape[^2], constant.Shape[^1]);
        var matrix = isRight ? new Matrix(constant, columns, rows, true, 1) : new Matrix(constant, rows, columns, false, 1);
        int axis = input.Shape.Count - (isRight || input.Shape.Count == 1 ? 1 : 2);
        View view = layers.ViewOf(input);
        View result = AdaptivePools.Average(layers, view, axis, matrix.Units, matrix.Inputs, matrix.Values())
            ?? Multiply(layers, view, input.Shape, axis, matrix);
        layers.SetReshaped(node.Output, result);
    }

    /// <summary>Contracts one axis with a matrix.</summary>
    private static View Multiply(LayerBuilder layers, View view, IReadOnlyList<int> shape, int axis, Matrix matrix)
    {
        View result = Layers(layers, view, shape, axis, matrix);
        if (!matrix.Factor.Equals(1f))
        {
            layers.Warnings.Folded((Layer)result.Tensor);
        }

        return result;
    }

    private static View Layers(LayerBuilder layers, View view, IReadOnlyList<int> shape, int axis, Matrix matrix)
    {
        (int units, int inputs) = (matrix.Units, matrix.Inputs);
        int[] others = [.. Enumerable.Range(0, shape.Count).Where(i => i != axis && shape[i] != 1)];
        if (others.Length == 0)
        {
            LayerTensor flat = layers.Shaped(view.Tensor, [inputs]);
            Layer dense = layers.Add(
                "Dense", flat, [new(null, units), new("Bias", false)],
                [new("weight", [units, inputs], matrix.Values, matrix.Constant)], matrix.Constant);
            return new View(dense, [.. Enumerable.Range(0, shape.Count).Select(i => i == axis ? 0 : -1)]);
        }

        // Several pixels: the contracted axis becomes the channels.
        int[] order = [view.Axes[axis], .. others.Select(i => view.Axes[i]).Order()];
        if (order[0] < 0 || others.Length > 3)
        {
            throw new UnsupportedException($"it multiplies a tensor of {string.Join('×', shape)}");
        }

        LayerTensor input = layers.Shaped(
            layers.Ordered(view, order), [.. order.Select(place => view.Tensor.Shape[place])]);
        Layer convolution = layers.Add(
            Convolutions.Kind("Conv", others.Length), input,
            [new(null, units), new(null, 1), new("Bias", false)],
            [new("weight", [units, inputs, .. Enumerable.Repeat(1, others.Length)], matrix.Values, matrix.Constant)], matrix.Constant);
        int[] axes = [.. Enumerable.Range(0, shape.Count)
            .Select(i => i == axis ? 0 : shape[i] == 1 ? -1 : Array.IndexOf(order, view.Axes[i]))];
        return new View(convolution, axes);
    }

    private static string Dense(LayerNodes nodes)
    {
        // A tied weight is that of the layer in the opposite direction: (F, units).
        bool isTied = nodes.Layer.Info.Tied.Length > 0;
        int rank = nodes.Layer.InputShape.Count + 1;
        if (rank == 2)
        {
            return nodes.Node(
                "Gemm", [nodes.Input, .. nodes.WeightAndBias()], NodeAttribute.Create("transB", isTied ? 0 : 1));
        }

        // Over the channels, which MatMul wants last.
        string last = nodes.Transpose(nodes.Input, [0, .. Enumerable.Range(2, rank - 2), 1]);
        string weight = nodes.Parameter("weight");
        string product = nodes.Node("MatMul", [last, isTied ? weight : nodes.Transpose(weight, 1, 0)]);
        string sum = nodes.Has("bias") ? nodes.Node("Add", [product, nodes.Parameter("bias")]) : product;
        return nodes.Transpose(sum, [0, rank - 1, .. Enumerable.Range(1, rank - 2)]);
    }
}
