using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>Means, sums and maxima over axes, and softmax.</summary>
internal static class Reductions
{
    public static readonly Dictionary<string, Action<Translation, OnnxNode>> Operators = new(StringComparer.Ordinal)
    {
        ["ReduceMean"] = (t, node) => Reduce(t, node, "Mean", Same, Same),
        ["ReduceSum"] = (t, node) => Reduce(t, node, "Sum", Same, Same),
        ["ReduceMax"] = (t, node) => Reduce(t, node, "Max", Same, Same),
        ["ReduceMin"] = (t, node) => Reduce(t, node, "Max", Negative, Negative),
        ["ReduceL1"] = (t, node) => Reduce(t, node, "Sum", Function("Abs"), Same),
        ["ReduceL2"] = (t, node) => Reduce(t, node, "Sum", Square, Function("Sqrt")),
        ["ReduceSumSquare"] = (t, node) => Reduce(t, node, "Sum", Square, Same),
        ["ReduceLogSum"] = (t, node) => Reduce(t, node, "Sum", Same, Function("Log")),
        ["ReduceLogSumExp"] = LogSumExp,
        ["Softmax"] = (t, node) => Softmax(t, node, "Softmax"),
        ["LogSoftmax"] = (t, node) => Softmax(t, node, "LogSoftmax"),
    };

    /// <summary>The axes of a tensor of layers by the names of the language: <c>Axes.Height | Axes.Width</c>.</summary>
    public static Axes Names(IReadOnlyList<int> axes, int rank)
    {
        if (rank > 1 && axes.Count == rank)
        {
            return Axes.All;
        }

        if (rank > 1 && axes.Count == rank - 1 && !axes.Contains(0))
        {
            return Axes.Pixels;
        }

        Axes[] pixels = [Axes.Depth, Axes.Height, Axes.Width];
        Axes[] own = [Axes.Channels, .. pixels.TakeLast(rank - 1)];
        return axes.Aggregate(Axes.None, (all, axis) => all | own[axis]);
    }

    private static LayerTensor Same(Translation translation, LayerTensor tensor) => tensor;

    private static Func<Translation, LayerTensor, LayerTensor> Function(string kind) => (t, tensor) => t.Add(kind, tensor, tensor.Shape);

    private static LayerTensor Negative(Translation translation, LayerTensor tensor) =>
        translation.Add("Affine", tensor, tensor.Shape, [new(null, -1d), new(null, 0d)]);

    private static LayerTensor Square(Translation translation, LayerTensor tensor) =>
        translation.Add("Pow", tensor, tensor.Shape, [new(null, 2d)]);

    private static void Reduce(
        Translation translation, OnnxNode node, string kind, Func<Translation, LayerTensor, LayerTensor> before,
        Func<Translation, LayerTensor, LayerTensor> behind)
    {
        View view = translation.ViewOf(node.Input);
        LayerTensor tensor = before(translation, view.Tensor);
        int[] axes = view.AxesOf(node.Integers("axes"));
        if (axes.Length > 0)
        {
            tensor = Reduced(translation, tensor, kind, axes);
        }

        View result = view.Of(behind(translation, tensor));
        translation.SetReshaped(node.Output, result);
    }

    /// <summary>Over all pixels it is a global pooling. The axes stay, with extent 1.</summary>
    private static Layer Reduced(Translation translation, LayerTensor tensor, string kind, int[] axes)
    {
        int rank = tensor.Shape.Count;
        int[] shape = [.. tensor.Shape.Select((extent, axis) => axes.Contains(axis) ? 1 : extent)];
        bool isOverPixels = rank > 1 && axes.Length == rank - 1 && axes[0] == 1;
        return isOverPixels && kind is "Mean" or "Max"
            ? translation.Add(Convolutions.Kind(kind == "Mean" ? "GlobalAveragePool" : "GlobalMaxPool", rank - 1), tensor, shape)
            : translation.Add(kind, tensor, shape, [new(null, Names(axes, rank)), new("KeepAxes", true)]);
    }

    /// <summary>m + ln Σ e^(x − m) with the maximum m, so that nothing overflows.</summary>
    private static void LogSumExp(Translation translation, OnnxNode node)
    {
        View view = translation.ViewOf(node.Input);
        LayerTensor x = view.Tensor;
        int[] axes = view.AxesOf(node.Integers("axes"));
        if (axes.Length > 0)
        {
            Layer most = Reduced(translation, x, "Max", axes);
            Layer differences = translation.Add("Subtract", [x, most], x.Shape);
            Layer sum = Reduced(translation, translation.Add("Exp", differences, x.Shape), "Sum", axes);
            x = translation.Add("Add", [translation.Add("Log", sum, sum.Shape), most], sum.Shape);
        }

        translation.SetReshaped(node.Output, view.Of(x));
    }

    private static void Softmax(Translation translation, OnnxNode node, string kind)
    {
        View view = translation.ViewOf(node.Input);
        int[] axes = view.AxesOf(node.Integers("axes"));
        if (axes.Length == 0)
        {
            throw new UnsupportedException("it normalises single numbers, each of which becomes the same one");
        }

        LayerArgument[] arguments = axes is [0] ? [] : [new("Axes", Names(axes, view.Tensor.Shape.Count))];
        Arithmetic.Same(translation, node, view, kind, arguments);
    }
}
