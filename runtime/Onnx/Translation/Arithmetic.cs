using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>Sums, products and their kind, of two tensors or of a tensor and constants.</summary>
internal static class Arithmetic
{
    /// <summary>The largest of limits that differ from element to element.</summary>
    private const float LargestLimit = 1000;

    public static readonly Dictionary<string, Action<Translation, OnnxNode>> Operators = new(StringComparer.Ordinal)
    {
        ["Add"] = (t, node) => Combine(t, node, "Add", (values, _, source) => new AffineMap([1], values, null, source)),
        ["Sub"] = (t, node) => Combine(t, node, "Subtract", (values, isLeft, source) => isLeft
            ? new AffineMap([-1], values, null, source) : new AffineMap([1], [.. values.Select(value => -value)])),
        ["Mul"] = (t, node) => Combine(t, node, "Multiply", (values, _, source) => new AffineMap(values, [0], source)),
        ["Div"] = Divide,
        ["Pow"] = Power,
        ["Max"] = (t, node) => Limit(t, node, "Maximum", "Min"),
        ["Min"] = (t, node) => Limit(t, node, "Minimum", "Max"),
        ["Neg"] = (t, node) => Map(t, node, new AffineMap([-1], [0])),
        ["Affine"] = (t, node) => Map(t, node, new AffineMap([node.Float("alpha")], [node.Float("beta")])),
    };

    private static void Combine(
        Translation translation, OnnxNode node, string join, Func<float[], bool, OnnxConstant, AffineMap> mapOf)
    {
        if (Constant(node) is not var (constant, isLeft))
        {
            Join(translation, node, join);
            return;
        }

        View view = translation.ViewOf(node.Inputs[isLeft ? 1 : 0]!);
        Map(translation, node, mapOf(AffineMap.Broadcast(view, constant), isLeft, constant));
    }

    /// <summary>The constant operand, and whether it stands on the left; null if both are tensors.</summary>
    private static (OnnxConstant Constant, bool IsLeft)? Constant(OnnxNode node) =>
        node.Inputs[0]!.Constant is { } left ? (left, true) : node.Inputs[1]!.Constant is { } right ? (right, false) : null;

    /// <summary>Applies a map to the only tensor that a node reads.</summary>
    public static void Map(Translation translation, OnnxNode node, AffineMap map)
    {
        OnnxValue input = node.Inputs.OfType<OnnxValue>().First(value => value.Constant is null);
        View view = translation.ViewOf(input), result = AffineLayers.Apply(translation, view, map);
        translation.SetReshaped(node.Output, result);
    }

    private static void Divide(Translation translation, OnnxNode node)
    {
        if (Constant(node) is not var (constant, isLeft))
        {
            Join(translation, node, "Divide");
            return;
        }

        View view = translation.ViewOf(node.Inputs[isLeft ? 1 : 0]!);
        float[] values = AffineMap.Broadcast(view, constant);
        if (!isLeft)
        {
            Map(translation, node, new AffineMap([.. values.Select(value => 1 / value)], [0]));
            return;
        }

        View inverse = view.Of(translation.Add("Pow", view.Tensor, view.Tensor.Shape, [new(null, -1d)]));
        View result = AffineLayers.Apply(translation, inverse, new AffineMap(values, [0]));
        translation.SetReshaped(node.Output, result);
    }

    private static void Power(Translation translation, OnnxNode node)
    {
        if (Constant(node) is not var (constant, isLeft))
        {
            throw new UnsupportedException("both the base and the exponent depend on the input");
        }

        View view = translation.ViewOf(node.Inputs[isLeft ? 1 : 0]!);
        float[] values = AffineMap.Broadcast(view, constant);
        if (isLeft ? Array.Exists(values, value => value <= 0) : values.Length > 1)
        {
            throw new UnsupportedException(isLeft ? "its base is not above 0" : "its exponents differ");
        }

        if (isLeft)
        {
            View exponent = AffineLayers.Apply(translation, view, new AffineMap([.. values.Select(value => MathF.Log(value))], [0]));
            Same(translation, node, exponent, "Exp");
        }
        else if (values[0] == 0.5f)
        {
            Same(translation, node, view, "Sqrt");
        }
        else if (values[0] == 0)
        {
            Map(translation, node, new AffineMap([0], [1]));
        }
        else if (values[0] == 1)
        {
            translation.SetReshaped(node.Output, view);
        }
        else
        {
            Same(translation, node, view, "Pow", [new(null, AffineLayers.Number(values[0]))]);
        }
    }

    private static void Limit(Translation translation, OnnxNode node, string join, string limit)
    {
        if (Constant(node) is not var (constant, isLeft))
        {
            Join(translation, node, join);
            return;
        }

        View view = translation.ViewOf(node.Inputs[isLeft ? 1 : 0]!);
        float[] values = AffineMap.Broadcast(view, constant);
        if (values.Length > 1)
        {
            Limit(translation, node, view, values, isMaximum: limit == "Min");
        }
        else if (limit == "Min" && values[0] == 0)
        {
            Same(translation, node, view, "ReLU");
        }
        else
        {
            Same(translation, node, view, "Clip", [new(limit, AffineLayers.Number(values[0]))]);
        }
    }

    /// <summary>Limits that differ: max(x, c) = relu(x − c) + c, and min(x, c) = c − relu(c − x).</summary>
    private static void Limit(Translation translation, OnnxNode node, View view, float[] limits, bool isMaximum)
    {
        // Behind a large limit nothing would be left of the digits of x.
        if (Array.Exists(limits, limit => !(MathF.Abs(limit) <= LargestLimit)))
        {
            throw new UnsupportedException($"its limits differ, and some are above {LargestLimit}");
        }

        int sign = isMaximum ? 1 : -1;
        View difference = AffineLayers.Apply(translation, view, new AffineMap([sign], [.. limits.Select(limit => -sign * limit)]));
        View above = difference.Of(translation.Add("ReLU", difference.Tensor, difference.Tensor.Shape));
        View result = AffineLayers.Apply(translation, above, new AffineMap([sign], limits));
        translation.SetReshaped(node.Output, result);
    }

    /// <summary>A layer that keeps the shape.</summary>
    public static void Same(
        Translation translation, OnnxNode node, View view, string kind, IReadOnlyList<LayerArgument>? arguments = null)
    {
        View result = view.Of(translation.Add(kind, view.Tensor, view.Tensor.Shape, arguments));
        translation.SetReshaped(node.Output, result);
    }

    /// <summary>A layer of two tensors, which may repeat each other along axes of extent 1.</summary>
    private static void Join(Translation translation, OnnxNode node, string kind)
    {
        IReadOnlyList<int> shape = node.Output.Shape;
        OnnxValue left = node.Inputs[0]!, right = node.Inputs[1]!;
        View one = translation.ViewOf(left), other = translation.ViewOf(right);
        View? model = IsWhole(one, shape) ? one : IsWhole(other, shape) ? other : null;
        LayerTensor[] inputs;
        if (model is null)
        {
            // Each repeats the other: both in the graph's own order.
            inputs = [Raised(translation, left, shape), Raised(translation, right, shape)];
            model = View.Standard(inputs[0]);
        }
        else
        {
            inputs = [Aligned(translation, one, model, shape), Aligned(translation, other, model, shape)];
        }

        int[] extents = [.. inputs[0].Shape.Zip(inputs[1].Shape, Math.Max)];
        View full = new(new InputTensor("", extents), model.Axes);
        if (inputs[0] is Layer { IsJoin: true } before && before.Kind == kind && kind is "Add" or "Multiply"
            && inputs[0] is Layer join && !translation.IsShared(join) && !ReferenceEquals(inputs[0], inputs[1])
            && join.Inputs.All(input => input.Shape.SequenceEqual(extents)) && inputs[1].Shape.SequenceEqual(extents))
        {
            translation.Remove(join);
            inputs = [.. join.Inputs, inputs[1]];
        }

        View result = full.Of(translation.Add(kind, inputs, extents));
        if (result.Shape.SequenceEqual(shape))
        {
            translation.Set(node.Output, result);
        }
        else
        {
            translation.SetReshaped(node.Output, result);
        }
    }

    private static bool IsWhole(View view, IReadOnlyList<int> shape) =>
        view.Shape.Where(extent => extent != 1).SequenceEqual(shape.Where(extent => extent != 1));

    private static LayerTensor Raised(Translation translation, OnnxValue value, IReadOnlyList<int> shape)
    {
        int[] own = [.. Enumerable.Repeat(1, shape.Count - value.Shape.Count), .. value.Shape];
        View view = translation.ViewOf(value).Reshaped(own)!;
        return translation.Standard(view, own);
    }

    /// <summary>A tensor with its axes where another one has them.</summary>
    private static LayerTensor Aligned(Translation translation, View view, View model, IReadOnlyList<int> shape)
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

        LayerTensor ordered = translation.Ordered(view, axes);
        return translation.Shaped(ordered, [.. axes.Select(axis => axis < 0 ? 1 : view.Tensor.Shape[axis])]);
    }
}
