using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Operators;

/// <summary>Poolings and unpooling.</summary>
internal static class Poolings
{
    /// <summary>Old operator sets have no dilation of averages.</summary>
    private const string Dilations = "dilations";

    /// <summary>Nodes that become layers.</summary>
    public static readonly Dictionary<string, NodeForm> In = new(StringComparer.Ordinal)
    {
        ["MaxPool"] = (layers, node) => Pool(layers, node, "MaxPool"),
        ["AveragePool"] = (layers, node) => Pool(layers, node, "AveragePool"),
        ["LpPool"] = (layers, node) => Pool(layers, node, "L2Pool"),
        ["GlobalMaxPool"] = (layers, node) => Global(layers, node, "GlobalMaxPool"),
        ["GlobalAveragePool"] = (layers, node) => Global(layers, node, "GlobalAveragePool"),
        ["GlobalLpPool"] = GlobalL2,
        ["MaxUnpool"] = Unpool,
    };

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out =>
    [
        ("MaxPool", Max),
        ("MaxUnpool", Unpool),
        ("AveragePool", Average),
        ("L2Pool", Norm),
        ("LogSumExpPool", LogSumExp),
        ("GlobalAveragePool", nodes => nodes.Node("GlobalAveragePool", nodes.Input)),
        ("GlobalMaxPool", nodes => nodes.Node("GlobalMaxPool", nodes.Input)),
    ];

    public static IEnumerable<PageRow> InRows =>
    [
        new(
            "`MaxPool`, `AveragePool`, `LpPool` (p = 2, or 1 without ceil mode), `GlobalMaxPool`, `GlobalAveragePool`, `GlobalLpPool`, "
            + "`MaxUnpool`",
            "the layers of these names"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new("`[MaxPool1D]` …", "`MaxPool`"),
        new("`[MaxUnpool1D]` …", "`MaxUnpool`, with the indices of its `MaxPool`"),
        new("`[AveragePool1D]` …", "`AveragePool`; `Pad` before it if ceil mode cuts windows whose padding counts"),
        new("`[L2Pool1D]` …", "`LpPool`; `Mul` behind it if ceil mode cuts windows"),
        new("`[LogSumExpPool1D]` …", "`Conv`, which gathers the windows, and `ReduceLogSumExp`"),
        new("`[GlobalAveragePool1D]`, `[GlobalMaxPool1D]` …", "`GlobalAveragePool`, `GlobalMaxPool`"),
    ];

    private static void Pool(LayerBuilder layers, OnnxNode node, string kind)
    {
        CheckOrder(node, kind);
        int[] kernel = node.Integers("kernel_shape"), dilations = node.Integers("dilations"), pads = node.Integers("pads");
        if (kind != "MaxPool" && dilations.Any(dilation => dilation != 1))
        {
            throw new UnsupportedException($"its windows are dilated by {string.Join(", ", dilations)}; only [MaxPool] dilates");
        }

        LayerTensor input = layers.Standard(node.Input);
        bool ceil = node.Integer("ceil_mode") != 0;
        if (pads.Where((pad, i) => pad > Span(node, i % kernel.Length) / 2).Any())
        {
            input = Padded(layers, node, kind, input, pads);
            (pads, ceil) = ([.. pads.Select(_ => 0)], false);
        }

        string layer = Convolutions.Kind(kind, Convolutions.Rank(node));
        var arguments = new LayerArguments(layer);
        arguments.AddKernel(kernel);
        arguments.AddAxes("Stride", node.Integers("strides"), kernel);
        arguments.AddPads("Padding", pads);
        if (kind == "MaxPool")
        {
            arguments.AddAxes("Dilation", dilations);
        }

        arguments.Add("CeilMode", ceil);
        if (kind == "AveragePool" && pads.Any(pad => pad != 0))
        {
            arguments.Add("CountIncludePad", node.Integer("count_include_pad") != 0);
        }

        layers.Set(node.Output, layers.Add(layer, input, (LayerArgument[])arguments));
    }

    /// <summary>How far a window reaches along an axis.</summary>
    private static int Span(OnnxNode node, int axis) =>
        (node.Integers("dilations")[axis] * (node.Integers("kernel_shape")[axis] - 1)) + 1;

    /// <summary>
    /// The input with a border, for a pooling that pads by more than half of its windows. The border of a maximum repeats the outermost
    /// pixels: each window that reaches out has them, too.
    /// </summary>
    private static LayerTensor Padded(LayerBuilder layers, OnnxNode node, string kind, LayerTensor input, int[] pads)
    {
        int[] strides = node.Integers("strides");
        int rank = strides.Length;
        int[] around = [.. pads];
        for (int axis = 0; axis < rank; axis++)
        {
            // As far as the last window reaches: ceil mode may go beyond the pads, and floor mode may leave some out.
            int reach = ((node.Output.Shape[2 + axis] - 1) * strides[axis]) + Span(node, axis);
            around[rank + axis] = Math.Max(0, reach - node.Input.Shape[2 + axis] - pads[axis]);
        }

        bool isBeyond = Enumerable.Range(0, rank).Any(axis => around[rank + axis] > pads[rank + axis]);
        if (kind == "MaxPool" ? node.Integers("dilations").Any(dilation => dilation != 1)
            : kind == "AveragePool" && (node.Integer("count_include_pad") == 0 || isBeyond))
        {
            throw new UnsupportedException($"its pads {string.Join(", ", pads)} are more than half of its windows");
        }

        return Paddings.Padded(layers, input, around, kind == "MaxPool" ? "edge" : "constant", 0);
    }

    private static void Global(LayerBuilder layers, OnnxNode node, string kind) => layers.Set(
        node.Output, layers.Add(
            Convolutions.Kind(kind, Convolutions.Rank(node)), layers.Standard(node.Input)));

    private static void GlobalL2(LayerBuilder layers, OnnxNode node)
    {
        CheckOrder(node, "L2Pool");
        string layer = Convolutions.Kind("L2Pool", Convolutions.Rank(node));
        var arguments = new LayerArguments(layer);
        arguments.AddKernel([.. node.Input.Shape.Skip(2)]);
        layers.Set(node.Output, layers.Add(
            layer, layers.Standard(node.Input), (LayerArgument[])arguments));
    }

    private static void CheckOrder(OnnxNode node, string kind)
    {
        if (kind == "L2Pool" && node.Integer("p", 2) != 2)
        {
            throw new UnsupportedException($"its p is {node.Integer("p")}; Strata's is 2");
        }
    }

    private static void Unpool(LayerBuilder layers, OnnxNode node)
    {
        OnnxNode? pool = node.Inputs[1]?.Producer;
        if (pool?.Operator != "MaxPool" || !ReferenceEquals(pool.Outputs.ElementAtOrDefault(1), node.Inputs[1])
            || layers.ViewOf(pool.Output).Tensor is not Layer layer)
        {
            throw new UnsupportedException("its indices are not those of a max pooling");
        }

        if (!node.Output.Shape.SequenceEqual(pool.Input.Shape))
        {
            throw new UnsupportedException("its output has not the shape of the pooling's input");
        }

        layers.Set(node.Output, layers.Add(
            Convolutions.Kind("MaxUnpool", Convolutions.Rank(node)), [layers.Standard(node.Input), layer]));
    }

    private static IEnumerable<AttributeProto> Undilated(IReadOnlyList<SavedAxis> axes) =>
        Convolutions.Window(axes).Where(attribute => attribute.Name != Dilations);

    /// <summary>Adds what the last windows reach beyond the padded input to the padding.</summary>
    private static IReadOnlyList<SavedAxis> Reached(IReadOnlyList<SavedAxis> axes) =>
        [.. axes.Select(axis => axis.Padded(axis.Before, axis.After + axis.Overhang))];

    /// <summary>Whether ONNX's ceil mode, which knows no last window that begins in the padding, gives the layer's shape.</summary>
    private static bool CeilModeFits(IReadOnlyList<SavedAxis> axes) => axes.All(axis => axis.CeilingOutput == axis.Output);

    private static string Max(LayerNodes nodes)
    {
        IReadOnlyList<SavedAxis> axes = nodes.Layer.Axes;
        bool isCut = axes.Any(axis => axis.Overhang > 0), ceils = isCut && CeilModeFits(axes);
        string result = nodes.Node(
            "MaxPool", nodes.Input,
            [.. Convolutions.Window(isCut && !ceils ? Reached(axes) : axes), NodeAttribute.Create("ceil_mode", ceils)]);
        if (nodes.Graph.Pooled.Contains(nodes.Layer.Name))
        {
            nodes.Graph.AddOutput(result, IndicesOf(nodes.Layer.Name));
        }

        return result;
    }

    private static string IndicesOf(string pool) => pool + "/indices";

    private static string Unpool(LayerNodes nodes)
    {
        SavedLayer pool = nodes.Graph.Network.Find(nodes.Layer.Inputs[1])!;
        string read = nodes.Inputs[2];
        string shape = nodes.Graph.BatchSize is null ? nodes.Node("Shape", read) : nodes.WholeShape(read, nodes.Layer.OutputShape);
        return nodes.Node("MaxUnpool", [nodes.Input, IndicesOf(pool.Name), shape], Undilated(pool.Axes));
    }

    private static string Average(LayerNodes nodes)
    {
        IReadOnlyList<SavedAxis> axes = nodes.Layer.Axes;
        bool countsPadding = nodes.Layer.Argument<bool>("CountIncludePad") && axes.Any(axis => axis.Before + axis.After > 0);
        if (axes.All(axis => axis.Overhang == 0))
        {
            return nodes.Node(
                "AveragePool", nodes.Input, [.. Undilated(axes), NodeAttribute.Create("count_include_pad", countsPadding)]);
        }

        // What is beyond the padded input does not count.
        string input = nodes.Input;
        if (countsPadding)
        {
            input = Paddings.Add(nodes, input, [.. axes.Select(axis => (axis.Before, axis.After))]);
            axes = [.. axes.Select(axis => axis.Padded(0, 0) with { Input = axis.Input + axis.Before + axis.After })];
        }

        return CeilModeFits(axes)
            ? nodes.Node("AveragePool", input, [.. Undilated(axes), NodeAttribute.Create("ceil_mode", true)])
            : nodes.Node("AveragePool", input, Undilated(Reached(axes)));
    }

    private static string Norm(LayerNodes nodes)
    {
        IReadOnlyList<SavedAxis> axes = nodes.Layer.Axes;
        if (axes.All(axis => axis.Overhang == 0))
        {
            return nodes.Node("LpPool", nodes.Input, [.. Undilated(axes), NodeAttribute.Create("p", 2)]);
        }

        // What the last windows reach beyond may be more than a pooling pads.
        string padded = Paddings.Add(
            nodes, nodes.Input, [.. axes.Select(axis => (axis.Before, axis.After + axis.Overhang))]);
        string norm = nodes.Node(
            "LpPool", padded, [.. Undilated([.. axes.Select(axis => axis.Padded(0, 0))]), NodeAttribute.Create("p", 2)]);

        // A window that is clipped is scaled as if it were whole.
        double[] shares = PerWindow(axes, (axis, start) => (double)axis.Kernel / int.Min(axis.Kernel, axis.Input + axis.After - start));
        float[] factors = Array.ConvertAll(shares, share => (float)Math.Sqrt(share));
        return nodes.Node("Mul", [norm, nodes.Floats("factors", factors, [1, .. axes.Select(axis => axis.Output)])]);
    }

    private static string LogSumExp(LayerNodes nodes)
    {
        double sharpness = nodes.Layer.Argument<double>("Sharpness");
        IReadOnlyList<SavedAxis> axes = nodes.Layer.Axes;
        int channels = nodes.Layer.Channels;
        int[] kernel = [.. axes.Select(axis => axis.Kernel)];
        int elements = Extents.Product(kernel);

        // A convolution moves the elements of each window to channels. The padding is so low that its exponential is 0.
        string padded = Paddings.Add(
            nodes, nodes.Input, [.. axes.Select(axis => (axis.Before, axis.After + axis.Overhang))], value: float.MinValue);
        float[] picks = new float[channels * elements * elements];
        for (int i = 0; i < channels * elements; i++)
        {
            picks[(i * elements) + (i % elements)] = (float)sharpness;
        }

        string windows = nodes.Node(
            "Conv", [padded, nodes.Floats("windows", picks, [channels * elements, 1, .. kernel])],
            [.. Convolutions.Window([.. axes.Select(axis => axis.Padded(0, 0))]),
                NodeAttribute.Create("group", channels)]);
        string sums = nodes.Reduce("ReduceLogSumExp", nodes.Reshape(windows, channels, elements, -1), [2], keepAxes: false);
        string shaped = nodes.Reshape(sums, nodes.Layer.OutputShape);
        double[] elementsOf = PerWindow(axes, (axis, start) => int.Min(start + axis.Kernel, axis.Input) - int.Max(start, 0));
        float[] counts = Array.ConvertAll(elementsOf, count => (float)Math.Log(count));
        string means = nodes.Node("Sub", [shaped, counts.Distinct().Count() == 1
            ? nodes.Scalar("count", counts[0]) : nodes.Floats("counts", counts, [1, .. axes.Select(axis => axis.Output)])]);
        return sharpness == 1 ? means : nodes.Node("Div", [means, nodes.Scalar("sharpness", sharpness)]);
    }

    /// <summary>A number for each window: the product of numbers that depend on where it begins along each axis.</summary>
    private static double[] PerWindow(IReadOnlyList<SavedAxis> axes, Func<SavedAxis, int, double> number)
    {
        IEnumerable<double> products = [1.0];
        foreach (SavedAxis axis in axes)
        {
            products = products.SelectMany(
                _ => Enumerable.Range(0, axis.Output), (product, at) => product * number(axis, (at * axis.Stride) - axis.Before));
        }

        return [.. products];
    }
}
