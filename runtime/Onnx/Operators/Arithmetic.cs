using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;
using Expression = Strata.Compiler.KernelLanguage.Expression;

namespace Strata.Onnx.Operators;

/// <summary>Sums, products and their kind, of two tensors or of a tensor and constants.</summary>
internal static class Arithmetic
{
    /// <summary>The largest of limits that differ from element to element.</summary>
    private const float LargestLimit = 1000;

    /// <summary>Nodes that compare, or choose by a comparison. Their layers have their names.</summary>
    private static readonly string[] Comparisons = ["Greater", "Less", "Equal", "GreaterOrEqual", "LessOrEqual", "Where"];

    /// <summary>Nodes of truth values. Their layers have their names.</summary>
    private static readonly string[] Connectives = ["And", "Or", "Xor"];

    /// <summary>Nodes that become layers.</summary>
    public static readonly Dictionary<string, NodeForm> In = new(
        [.. Comparisons.Concat(Connectives).Select(
            kind => KeyValuePair.Create<string, NodeForm>(kind, (layers, node) => Join(layers, node, kind)))],
        StringComparer.Ordinal)
    {
        ["Add"] = (layers, node) => Combine(layers, node, "Add", (values, _, source) => new AffineMap([1], values, null, source)),
        ["Sub"] = (layers, node) => Combine(layers, node, "Subtract", (values, isLeft, source) => isLeft
            ? new AffineMap([-1], values, null, source) : new AffineMap([1], [.. values.Select(value => -value)])),
        ["Mul"] = (layers, node) => Combine(layers, node, "Multiply", (values, _, source) => new AffineMap(values, [0], source)),
        ["Div"] = Divide,
        ["Pow"] = Power,
        ["Mod"] = (layers, node) => Remainder(layers, node, node.Integer("fmod") != 0),
        ["Max"] = (layers, node) => Limit(layers, node, "Maximum", "Min"),
        ["Min"] = (layers, node) => Limit(layers, node, "Minimum", "Max"),
        ["Neg"] = (layers, node) => Map(layers, node, new AffineMap([-1], [0])),
        ["Not"] = (layers, node) => Same(layers, node, layers.ViewOf(node.Input), "Not"),
        ["IsNaN"] = (layers, node) =>
            Join(layers, node, [node.Input, node.Input], inputs => layers.Add("Not", layers.Add("Equal", inputs))),
        ["Cast"] = Cast,
    };

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out =>
    [
        ("Add", nodes => Chain(nodes, "Add")),
        ("Subtract", nodes => Chain(nodes, "Sub")),
        ("Multiply", nodes => Chain(nodes, "Mul")),
        ("Divide", nodes => Chain(nodes, "Div")),
        ("Maximum", nodes => nodes.Node("Max", nodes.Inputs)),
        ("Minimum", nodes => nodes.Node("Min", nodes.Inputs)),
        .. Comparisons.SkipLast(1).Select<string, (string, LayerForm)>(
            kind => (kind, nodes => Numbers(nodes, nodes.Node(kind, nodes.Inputs)))),
        .. Connectives.Select<string, (string, LayerForm)>(
            kind => (kind, nodes => Numbers(nodes, nodes.Node(kind, nodes.Inputs.Select(input => Truth(nodes, input)))))),
        ("Not", nodes => Numbers(nodes, nodes.Node("Not", Truth(nodes, nodes.Input)))),
        ("Where", nodes => nodes.Node("Where", [Truth(nodes, nodes.Input), .. nodes.Inputs.Skip(1)])),
    ];

    public static IEnumerable<PageRow> InRows =>
    [
        new(
            "`Add`, `Sub`, `Mul`, `Div`, `Max`, `Min` of two tensors",
            "`[Add]`, `[Subtract]`, `[Multiply]`, `[Divide]`, `[Maximum]`, `[Minimum]`"),
        new(
            "`Add`, `Sub`, `Mul`, `Div` with a number, or with one for each channel",
            "in the weights of the layer before; behind the input `[Normalize]`; else `[Affine]` or `[Scale]`"),
        new(
            "`Greater`, `Less`, `Equal`, `GreaterOrEqual`, `LessOrEqual`, `And`, `Or`, `Xor`, `Not`, `Where` of several tensors, and "
            + "`Cast` of truth values to floats",
            "the layers of these names, on floats of 0 and 1"),
        new("`IsNaN`", "`[Equal]` of the tensor and itself, and `[Not]`"),
        new("`Cast` to integers", "an `ElementwiseAttribute` of the network's own, which leaves fractions away"),
        new("`Div`, `Mod` of integers", "the same with the divisor in it, else `[Divide]`, `[Multiply]`, `[Subtract]` and such a one"),
        new(
            "`Max`, `Min` with constants",
            "`[Clip]`, or `[ReLU]` between two `[Affine]`"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new(
            "`[Add]`, `[Subtract]`, `[Multiply]`, `[Divide]`, `[Maximum]`, `[Minimum]`",
            "`Add`, `Sub`, `Mul`, `Div`, `Max`, `Min`"),
        new(
            "`[Greater]`, `[Less]`, `[Equal]`, `[GreaterOrEqual]`, `[LessOrEqual]`, `[And]`, `[Or]`, `[Xor]`, `[Not]`, `[Where]`",
            "the operators of these names, with `Cast`s"),
    ];

    /// <summary>Whether a node compares, chooses by a comparison, or makes a number of its result.</summary>
    public static bool IsComparison(OnnxNode node) => node.Operator == "Cast"
        || Comparisons.Contains(node.Operator) || Connectives.Contains(node.Operator) || node.Operator is "Not" or "IsNaN";

    /// <summary>A node that multiplies by a number and adds another.</summary>
    public static NodeForm Affine(float factor, float shift) => (layers, node) => Map(layers, node, new AffineMap([factor], [shift]));

    private static void Combine(
        LayerBuilder layers, OnnxNode node, string join, Func<float[], bool, OnnxConstant, AffineMap> mapOf)
    {
        if (Constant(node) is not var (constant, isLeft))
        {
            Join(layers, node, join);
            return;
        }

        View view = layers.ViewOf(node.Inputs[isLeft ? 1 : 0]!);
        if (HasNumberForEachElement(view, constant))
        {
            Join(layers, node, join);
            return;
        }

        Map(layers, node, mapOf(AffineMap.Broadcast(view, constant), isLeft, constant));
    }

    /// <summary>Whether a constant is more than a number for all elements or for each channel.</summary>
    private static bool HasNumberForEachElement(View view, OnnxConstant constant) =>
        constant.Count > Extents.Product(view.Shape)
        || constant.Shape.Reverse().Where((extent, back) => extent != 1 && view.Shape.Reverse().ElementAtOrDefault(back) is 0 or 1).Any()
        || (AffineMap.Broadcast(view, constant).Length is > 1 and var count && count != view.Tensor.Shape[0]);

    /// <summary>Truth values are floats of 0 and 1 here, integers are whole floats.</summary>
    private static void Cast(LayerBuilder layers, OnnxNode node)
    {
        if (node.Input.Type == ElementType.Float && node.Output.Type == ElementType.Integer)
        {
            Activations.OfFormula(ElementFormulas.Truncated)(layers, node);
            return;
        }

        layers.Set(node.Output, layers.ViewOf(node.Input));
    }

    /// <summary>
    /// A function of integers up to 2²⁴ and of their quotient, which is rounded to a whole number only if it is one. One number as the
    /// divisor is in the formula: its reciprocal would be rounded.
    /// </summary>
    private static void OfIntegers(
        LayerBuilder layers, OnnxNode node, Func<LayerTensor, Layer, LayerTensor, Layer> layerOf, Func<float, Expression> formulaOf)
    {
        if (Constant(node) is (var constant, false) && Array.TrueForAll(constant.Floats, one => one.Equals(constant.Floats[0]))
            && constant.Count <= Extents.Product(node.Inputs[0]!.Shape))
        {
            float divisor = constant.Floats[0] != 0 ? constant.Floats[0] : throw new UnsupportedException("it divides by 0");
            Activations.OfFormula(formulaOf(divisor))(layers, node);
            return;
        }

        Join(layers, node, [.. node.Inputs.OfType<OnnxValue>()], inputs => layerOf(inputs[0], layers.Add("Divide", inputs), inputs[1]));
    }

    private static void Remainder(LayerBuilder layers, OnnxNode node, bool isOfDividend) => OfIntegers(
        layers, node,
        (x, quotient, y) => layers.Add("Subtract", [x, layers.Add(
            "Multiply",
            [Activations.Applied(layers, quotient, isOfDividend ? ElementFormulas.Truncated : ElementFormulas.Floored), y])]),
        isOfDividend ? ElementFormulas.Fmod : ElementFormulas.Mod);

    /// <summary>Multiplies a tensor by a constant, which may repeat it.</summary>
    public static void Multiply(LayerBuilder layers, OnnxNode node, OnnxConstant factors) =>
        Join(layers, node, "Multiply", [node.Input, new OnnxValue("", factors.Shape) { Constant = factors }]);

    private static string Numbers(LayerNodes nodes, string truth) =>
        nodes.Node("Cast", truth, NodeAttribute.Create("to", (int)DataType.Float));

    /// <summary>Whether a tensor's elements are not 0.</summary>
    private static string Truth(LayerNodes nodes, string number) =>
        nodes.Node("Cast", number, NodeAttribute.Create("to", (int)DataType.Bool));

    /// <summary>The constant operand, and whether it stands on the left; null if both are tensors.</summary>
    private static (OnnxConstant Constant, bool IsLeft)? Constant(OnnxNode node) =>
        node.Inputs[0]!.Constant is { } left ? (left, true) : node.Inputs[1]!.Constant is { } right ? (right, false) : null;

    /// <summary>Applies a map to the only tensor that a node reads.</summary>
    public static void Map(LayerBuilder layers, OnnxNode node, AffineMap map)
    {
        OnnxValue input = node.Inputs.OfType<OnnxValue>().First(value => value.Constant is null);
        View view = layers.ViewOf(input), result = AffineLayers.Apply(layers, view, map);
        layers.SetReshaped(node.Output, result);
    }

    private static void Divide(LayerBuilder layers, OnnxNode node)
    {
        if (node.Output.Type == ElementType.Integer)
        {
            OfIntegers(
                layers, node, (_, quotient, _) => Activations.Applied(layers, quotient, ElementFormulas.Truncated),
                ElementFormulas.Quotient);
            return;
        }

        if (Constant(node) is not var (constant, isLeft))
        {
            Join(layers, node, "Divide");
            return;
        }

        View view = layers.ViewOf(node.Inputs[isLeft ? 1 : 0]!);
        float[] values = AffineMap.Broadcast(view, constant);
        if (!isLeft)
        {
            Map(layers, node, new AffineMap([.. values.Select(value => 1 / value)], [0]));
            return;
        }

        View inverse = view.Of(layers.Add("Pow", view.Tensor, [new(null, -1d)]));
        View result = AffineLayers.Apply(layers, inverse, new AffineMap(values, [0]));
        layers.SetReshaped(node.Output, result);
    }

    private static void Power(LayerBuilder layers, OnnxNode node)
    {
        if (Constant(node) is not var (constant, isLeft))
        {
            throw new UnsupportedException("both the base and the exponent depend on the input");
        }

        View view = layers.ViewOf(node.Inputs[isLeft ? 1 : 0]!);
        float[] values = AffineMap.Broadcast(view, constant);
        if (isLeft ? Array.Exists(values, value => value <= 0) : values.Length > 1)
        {
            throw new UnsupportedException(isLeft ? "its base is not above 0" : "its exponents differ");
        }

        if (isLeft)
        {
            View exponent = AffineLayers.Apply(layers, view, new AffineMap([.. values.Select(value => MathF.Log(value))], [0]));
            Same(layers, node, exponent, "Exp");
        }
        else if (values[0] == 0.5f)
        {
            Same(layers, node, view, "Sqrt");
        }
        else if (values[0] == 0)
        {
            Map(layers, node, new AffineMap([0], [1]));
        }
        else if (values[0] == 1)
        {
            layers.SetReshaped(node.Output, view);
        }
        else
        {
            Same(layers, node, view, "Pow", [new(null, AffineLayers.Number(values[0]))]);
        }
    }

    private static void Limit(LayerBuilder layers, OnnxNode node, string join, string limit)
    {
        if (Constant(node) is not var (constant, isLeft))
        {
            Join(layers, node, join);
            return;
        }

        View view = layers.ViewOf(node.Inputs[isLeft ? 1 : 0]!);
        float[] values = AffineMap.Broadcast(view, constant);
        if (values.Length > 1)
        {
            Limit(layers, node, view, values, isMaximum: limit == "Min");
        }
        else if (limit == "Min" && values[0] == 0)
        {
            Same(layers, node, view, "ReLU");
        }
        else
        {
            Same(layers, node, view, "Clip", [new(limit, AffineLayers.Number(values[0]))]);
        }
    }

    /// <summary>Limits that differ: max(x, c) = relu(x − c) + c, and min(x, c) = c − relu(c − x).</summary>
    private static void Limit(LayerBuilder layers, OnnxNode node, View view, float[] limits, bool isMaximum)
    {
        // Behind a large limit nothing would be left of the digits of x.
        if (Array.Exists(limits, limit => !(MathF.Abs(limit) <= LargestLimit)))
        {
            throw new UnsupportedException($"its limits differ, and some are above {LargestLimit}");
        }

        int sign = isMaximum ? 1 : -1;
        View difference = AffineLayers.Apply(layers, view, new AffineMap([sign], [.. limits.Select(limit => -sign * limit)]));
        View above = difference.Of(layers.Add("ReLU", difference.Tensor));
        View result = AffineLayers.Apply(layers, above, new AffineMap([sign], limits));
        layers.SetReshaped(node.Output, result);
    }

    /// <summary>A layer that keeps the shape.</summary>
    public static void Same(
        LayerBuilder layers, OnnxNode node, View view, string kind, IReadOnlyList<LayerArgument>? arguments = null)
    {
        View result = view.Of(layers.Add(kind, view.Tensor, arguments));
        layers.SetReshaped(node.Output, result);
    }

    /// <summary>A layer of all that a node reads.</summary>
    private static void Join(LayerBuilder layers, OnnxNode node, string kind) =>
        Join(layers, node, kind, [.. node.Inputs.OfType<OnnxValue>()]);

    /// <summary>A layer of some tensors, whose result is a node's.</summary>
    public static void Join(LayerBuilder layers, OnnxNode node, string kind, OnnxValue[] values) =>
        Join(layers, node, values, inputs => Chained(layers, kind, inputs));

    /// <summary>Layers of tensors, which may repeat each other along axes of extent 1. Constants are layers, too.</summary>
    private static void Join(LayerBuilder layers, OnnxNode node, OnnxValue[] values, Func<LayerTensor[], Layer> layerOf)
    {
        IReadOnlyList<int> shape = node.Output.Shape;
        View beside = values.Where(value => value.Constant is null).Select(layers.ViewOf).First();
        View[] views = [.. values.Select(value => value.Constant is { } constant
            ? Sources.Add(layers, constant, beside.Tensor) : layers.ViewOf(value))];

        // The layout of the largest one; if each repeats another one, all are in the graph's own order.
        View? model = Array.Find(views, view => IsWhole(view, shape));
        bool hasBatch = shape is [1, ..] or [];
        LayerTensor[] inputs = [.. views.Select((view, i) => model is null
            ? Raised(layers, view, values[i].Shape, shape) : Aligned(layers, view, model, shape))];
        model ??= hasBatch ? View.Standard(inputs[0]) : new View(inputs[0], [.. Enumerable.Range(0, shape.Count)]);
        int[] extents = [.. Enumerable.Range(0, inputs[0].Shape.Count).Select(axis => inputs.Max(input => input.Shape[axis]))];
        View full = new(new InputTensor("", extents), model.Axes);
        View result = full.Of(layerOf(inputs));
        if (result.Shape.SequenceEqual(shape))
        {
            layers.Set(node.Output, result);
        }
        else
        {
            layers.SetReshaped(node.Output, result);
        }
    }

    /// <summary>A join. Sums of sums, and products of products, are one with more inputs.</summary>
    private static Layer Chained(LayerBuilder layers, string kind, LayerTensor[] inputs)
    {
        if (kind is "Add" or "Multiply" && inputs[0] is Layer { IsJoin: true } before && before.Kind == kind && !layers.IsShared(before)
            && !ReferenceEquals(before, inputs[1]) && inputs[1].Shape.SequenceEqual(before.Shape)
            && before.Inputs.All(input => input.Shape.SequenceEqual(before.Shape)))
        {
            layers.Remove(before);
            inputs = [.. before.Inputs, inputs[1]];
        }

        return layers.Add(kind, inputs);
    }

    private static bool IsWhole(View view, IReadOnlyList<int> shape) =>
        view.Shape.Where(extent => extent != 1).SequenceEqual(shape.Where(extent => extent != 1));

    private static LayerTensor Raised(LayerBuilder layers, View view, IReadOnlyList<int> own, IReadOnlyList<int> shape)
    {
        int[] raised = [.. Enumerable.Repeat(1, shape.Count - own.Count), .. own];
        View whole = view.Reshaped(raised)!;
        return shape is [1, ..] or [] ? layers.Standard(whole, raised) : layers.Shaped(layers.Ordered(whole, whole.Axes), raised);
    }

    /// <summary>A tensor with its axes where another one has them.</summary>
    private static LayerTensor Aligned(LayerBuilder layers, View view, View model, IReadOnlyList<int> shape)
    {
        if (ReferenceEquals(view, model))
        {
            return view.Tensor;
        }

        // From the last axis on, as broadcasting goes.
        int rank = model.Tensor.Shape.Count;
        int[] axes = [.. Enumerable.Repeat(-1, rank)];
        for (int back = 1; back <= shape.Count; back++)
        {
            if (back <= view.Axes.Count && view.Axes[^back] >= 0 && view.Tensor.Shape[view.Axes[^back]] != 1)
            {
                axes[model.Axes[^back]] = view.Axes[^back];
            }
        }

        LayerTensor ordered = layers.Ordered(view, axes);
        return layers.Shaped(ordered, [.. axes.Select(axis => axis < 0 ? 1 : view.Tensor.Shape[axis])]);
    }

    private static string Chain(LayerNodes nodes, string type) =>
        nodes.Inputs.Skip(1).Aggregate(nodes.Input, (left, right) => nodes.Node(type, [left, right]));
}
