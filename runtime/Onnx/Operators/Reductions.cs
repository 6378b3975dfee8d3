using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Operators;

/// <summary>Means, sums, maxima and their indices over axes, and softmax.</summary>
internal static class Reductions
{
    /// <summary>Nodes that become layers.</summary>
    public static readonly Dictionary<string, NodeForm> In = new(StringComparer.Ordinal)
    {
        ["ReduceMean"] = (layers, node) => Reduce(layers, node, "Mean", Same, Same),
        ["ReduceSum"] = (layers, node) => Reduce(layers, node, "Sum", Same, Same),
        ["ReduceMax"] = (layers, node) => Reduce(layers, node, "Max", Same, Same),
        ["ReduceMin"] = (layers, node) => Reduce(layers, node, "Max", Negative, Negative),
        ["ReduceL1"] = (layers, node) => Reduce(layers, node, "Sum", Function("Abs"), Same),
        ["ReduceL2"] = (layers, node) => Reduce(layers, node, "Sum", Square, Function("Sqrt")),
        ["ReduceSumSquare"] = (layers, node) => Reduce(layers, node, "Sum", Square, Same),
        ["ReduceLogSum"] = (layers, node) => Reduce(layers, node, "Sum", Same, Function("Log")),
        ["ReduceLogSumExp"] = LogSumExp,
        ["Softmax"] = (layers, node) => Softmax(layers, node, "Softmax"),
        ["LogSoftmax"] = (layers, node) => Softmax(layers, node, "LogSoftmax"),
        ["ArgMax"] = Index,
        ["ArgMin"] = Index,
    };

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out =>
    [
        ("Mean", nodes => Reduce(nodes, "ReduceMean")),
        ("Max", nodes => Reduce(nodes, "ReduceMax")),
        ("Sum", nodes => Reduce(nodes, "ReduceSum")),
        ("Softmax", nodes => Softmax(nodes, "Softmax")),
        ("LogSoftmax", nodes => Softmax(nodes, "LogSoftmax")),
        ("ArgMax", nodes => Index(nodes, "ArgMax")),
        ("ArgMin", nodes => Index(nodes, "ArgMin")),
    ];

    public static IEnumerable<PageRow> InRows =>
    [
        new(
            "`ReduceMean`, `ReduceMax`, `ReduceMin`, `ReduceSum`, `ReduceL1`, `ReduceL2`, `ReduceSumSquare`, `ReduceLogSum`, "
            + "`ReduceLogSumExp`",
            "`[Mean]`, `[Max]`, `[Sum]`, global poolings"),
        new("`Softmax`, `LogSoftmax`", "the layers of these names"),
        new(
            "`ArgMax`, `ArgMin`",
            "`[ArgMax]`, `[ArgMin]`: the index as a float; the axis is reversed before it if the last of equals counts"),
        new("`Hardmax`, `OneHot`, `IsInf`", "`[Equal]`, with an index from `[ArgMax]` or from the file"),
        new("`ReduceProd` of up to 64 elements along an axis, `CumSum`", "`[Multiply]`; a product with a constant matrix"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new("`[Softmax]`, `[LogSoftmax]`", "the operators of these names; along several axes, `Transpose` and `Reshape` around them"),
        new("`[Mean]`, `[Max]`, `[Sum]`", "`ReduceMean`, `ReduceMax`, `ReduceSum`"),
        new(
            "`[ArgMax]`, `[ArgMin]`",
            "the operators of these names, and `Cast` to floats; ONNX Runtime passes over NaN, except in the first place of the axis"),
    ];

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

        Axes[] own = OwnAxes(rank);
        return axes.Aggregate(Axes.None, (all, axis) => all | own[axis]);
    }

    /// <summary>The axes of a tensor that are normalised together.</summary>
    public static int[] Normalised(View view, IEnumerable<int> axes) => view.AxesOf(axes) is { Length: > 0 } some ? some
        : throw new UnsupportedException("it normalises single numbers, each of which becomes the same one");

    private static LayerTensor Same(LayerBuilder layers, LayerTensor tensor) => tensor;

    private static Func<LayerBuilder, LayerTensor, LayerTensor> Function(string kind) => (layers, tensor) => layers.Add(kind, tensor);

    private static LayerTensor Negative(LayerBuilder layers, LayerTensor tensor) =>
        layers.Add("Affine", tensor, [new(null, -1d), new(null, 0d)]);

    private static LayerTensor Square(LayerBuilder layers, LayerTensor tensor) =>
        layers.Add("Pow", tensor, [new(null, 2d)]);

    private static void Reduce(
        LayerBuilder layers, OnnxNode node, string kind, Func<LayerBuilder, LayerTensor, LayerTensor> before,
        Func<LayerBuilder, LayerTensor, LayerTensor> behind)
    {
        View view = layers.ViewOf(node.Input);
        LayerTensor tensor = before(layers, view.Tensor);
        int[] axes = view.AxesOf(node.Integers("axes"));
        IEnumerable<int[]> runs = axes.Length == 0 ? [] : SplitTensor.Of(tensor) is null ? [axes] : Runs(axes);
        foreach (int[] run in runs)
        {
            tensor = SplitTensor.Along(layers, tensor, run, (one, along) => Reduced(layers, one, kind, along));
        }

        View result = SplitTensor.Settled(layers, view.Of(behind(layers, tensor)));
        layers.SetReshaped(node.Output, result);
    }

    /// <summary>Neighbours among some axes. A mean of means of equally many is the mean, and so are maxima and sums.</summary>
    private static IEnumerable<int[]> Runs(int[] axes) =>
        axes.Select((axis, i) => (Axis: axis, Run: axis - i)).GroupBy(one => one.Run, one => one.Axis, (_, run) => run.ToArray());

    /// <summary>Over all pixels it is a global pooling. The axes stay, with extent 1.</summary>
    private static Layer Reduced(LayerBuilder layers, LayerTensor tensor, string kind, int[] axes)
    {
        int rank = tensor.Shape.Count;
        bool isOverPixels = rank > 1 && axes.Length == rank - 1 && axes[0] == 1;
        return isOverPixels && kind is "Mean" or "Max"
            ? layers.Add(Convolutions.Kind(kind == "Mean" ? "GlobalAveragePool" : "GlobalMaxPool", rank - 1), tensor)
            : layers.Add(kind, tensor, [new(null, Names(axes, rank)), new("KeepAxes", true)]);
    }

    /// <summary>m + ln Σ e^(x − m) with the maximum m, so that nothing overflows.</summary>
    private static void LogSumExp(LayerBuilder layers, OnnxNode node)
    {
        View view = layers.ViewOf(node.Input);
        int[] axes = view.AxesOf(node.Integers("axes"));
        LayerTensor result = axes.Length == 0 ? view.Tensor : SplitTensor.Along(layers, view.Tensor, axes, (x, along) =>
        {
            Layer most = Reduced(layers, x, "Max", along);
            Layer differences = layers.Add("Subtract", [x, most]);
            Layer sum = Reduced(layers, layers.Add("Exp", differences), "Sum", along);
            return layers.Add("Add", [layers.Add("Log", sum), most]);
        });
        layers.SetReshaped(node.Output, SplitTensor.Settled(layers, view.Of(result)));
    }

    private static void Softmax(LayerBuilder layers, OnnxNode node, string kind)
    {
        View view = layers.ViewOf(node.Input);
        int[] axes = Normalised(view, node.Integers("axes"));
        layers.SetReshaped(node.Output, view.Of(SplitTensor.Along(layers, view.Tensor, axes, (tensor, along) => layers.Add(
            kind, tensor, along is [0] ? [] : [new("Axes", Names(along, tensor.Shape.Count))]))));
    }

    /// <summary>An index is a whole float. Along an axis that only the file has, it is 0.</summary>
    private static void Index(LayerBuilder layers, OnnxNode node)
    {
        int axis = node.Integer("axis");
        View view = layers.ViewOf(node.Input);
        int[] axes = view.AxesOf([axis]);
        LayerTensor index = axes.Length == 0 ? layers.Add("Greater", [view.Tensor, view.Tensor])
            : SplitTensor.Along(layers, view.Tensor, axes, (tensor, along) => layers.Add(
                node.Operator, tensor, along is [0] ? [] : [new("Axis", AxisAt(tensor.Shape.Count, along[0]))]));
        layers.SetReshaped(node.Output, SplitTensor.Settled(layers, view.Of(index)));
    }

    /// <summary>The axis of a sample at a place, counted from the channels.</summary>
    public static Axes AxisAt(int rank, int place) => OwnAxes(rank)[place];

    private static Axes[] OwnAxes(int rank) => rank > LayerBuilder.MostAxes
        ? throw new UnsupportedException($"its input has {rank} axes; a tensor has at most {LayerBuilder.MostAxes}")
        : [Axes.Channels, .. new[] { Axes.Depth, Axes.Height, Axes.Width }.TakeLast(rank - 1)];

    /// <summary>The axes of the file for some of a sample's axes.</summary>
    /// <param name="rank">How many axes a sample has.</param>
    /// <param name="axes">The axes, of which a sample may not have all.</param>
    public static IReadOnlyList<int> AxesOf(int rank, Axes axes)
    {
        Axes[] pixels = [Axes.Depth, Axes.Height, Axes.Width];
        Axes[] own = [Axes.Channels, .. pixels.TakeLast(rank - 1)];
        return [.. Enumerable.Range(0, rank).Where(axis => axes.HasFlag(own[axis])).Select(axis => axis + 1)];
    }

    private static string Reduce(LayerNodes nodes, string type)
    {
        int rank = nodes.Layer.InputShape.Count;
        IReadOnlyList<int> axes = AxesOf(rank, nodes.Layer.Argument<Axes>("axes"));
        bool keeps = nodes.Layer.Argument<bool>("KeepAxes") || axes.Count == 0;

        // A sample of which nothing else is left still has one axis.
        string reduced = nodes.Reduce(type, nodes.Input, axes, keeps);
        return !keeps && axes.Count == rank ? nodes.Reshape(reduced, 1) : reduced;
    }

    private static string Index(LayerNodes nodes, string type)
    {
        int axis = AxesOf(nodes.Layer.InputShape.Count, nodes.Layer.Argument<Axes>("Axis")).Single();
        return nodes.Node("Cast", nodes.Node(type, nodes.Input, NodeAttribute.Create("axis", axis)),
            NodeAttribute.Create("to", (int)DataType.Float));
    }

    private static string Softmax(LayerNodes nodes, string type)
    {
        IReadOnlyList<int> sample = nodes.Layer.InputShape;
        IReadOnlyList<int> axes = AxesOf(sample.Count, nodes.Layer.Argument<Axes>("Axes"));
        if (axes.Count == 1)
        {
            return nodes.Node(type, nodes.Input, NodeAttribute.Create("axis", axes[0]));
        }

        // The operator has one axis: the others are moved to the end, and become one with it.
        int[] order = [.. Enumerable.Range(0, sample.Count + 1).Except(axes), .. axes];
        int[] moved = [.. order.Skip(1).Select(axis => sample[axis - 1])];
        int kept = order.Length - axes.Count - 1;
        string rows = nodes.Reshape(nodes.Transpose(nodes.Input, order), [.. moved.Take(kept), -1]);
        string result = nodes.Reshape(nodes.Node(type, rows, NodeAttribute.Create("axis", -1)), moved);
        return nodes.Transpose(result, [.. Enumerable.Range(0, order.Length).Select(axis => Array.IndexOf(order, axis))]);
    }
}
