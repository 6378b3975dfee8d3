using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Saving;

/// <summary>Poolings and unpooling.</summary>
internal static class PoolingForms
{
    /// <summary>Old operator sets have no dilation of averages.</summary>
    private const string Dilations = "dilations";

    public static IEnumerable<(string Kind, LayerForm Form)> All =>
    [
        ("MaxPool", Max),
        ("MaxUnpool", Unpool),
        ("AveragePool", Average),
        ("L2Pool", Norm),
        ("LogSumExpPool", LogSumExp),
        ("GlobalAveragePool", nodes => nodes.Node("GlobalAveragePool", nodes.Input)),
        ("GlobalMaxPool", nodes => nodes.Node("GlobalMaxPool", nodes.Input)),
        ("AdaptiveAveragePool", AdaptivePoolForm.Average),
        ("AdaptiveMaxPool", AdaptivePoolForm.Max),
    ];

    private static IEnumerable<AttributeProto> Undilated(IReadOnlyList<SavedAxis> axes) =>
        ConvolutionForms.Window(axes).Where(attribute => attribute.Name != Dilations);

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
            [.. ConvolutionForms.Window(isCut && !ceils ? Reached(axes) : axes), NodeAttribute.Of("ceil_mode", ceils)]);
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
                "AveragePool", nodes.Input, [.. Undilated(axes), NodeAttribute.Of("count_include_pad", countsPadding)]);
        }

        // What is beyond the padded input does not count.
        string input = nodes.Input;
        if (countsPadding)
        {
            input = Margins.Add(nodes, input, [.. axes.Select(axis => (axis.Before, axis.After))]);
            axes = [.. axes.Select(axis => axis.Padded(0, 0) with { Input = axis.Input + axis.Before + axis.After })];
        }

        return CeilModeFits(axes)
            ? nodes.Node("AveragePool", input, [.. Undilated(axes), NodeAttribute.Of("ceil_mode", true)])
            : nodes.Node("AveragePool", input, Undilated(Reached(axes)));
    }

    private static string Norm(LayerNodes nodes)
    {
        IReadOnlyList<SavedAxis> axes = nodes.Layer.Axes;
        if (axes.All(axis => axis.Overhang == 0))
        {
            return nodes.Node("LpPool", nodes.Input, [.. Undilated(axes), NodeAttribute.Of("p", 2)]);
        }

        // What the last windows reach beyond may be more than a pooling pads.
        string padded = Margins.Add(
            nodes, nodes.Input, [.. axes.Select(axis => (axis.Before, axis.After + axis.Overhang))]);
        string norm = nodes.Node(
            "LpPool", padded, [.. Undilated([.. axes.Select(axis => axis.Padded(0, 0))]), NodeAttribute.Of("p", 2)]);

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
        string padded = Margins.Add(
            nodes, nodes.Input, [.. axes.Select(axis => (axis.Before, axis.After + axis.Overhang))], value: float.MinValue);
        float[] picks = new float[channels * elements * elements];
        for (int i = 0; i < channels * elements; i++)
        {
            picks[(i * elements) + (i % elements)] = (float)sharpness;
        }

        string windows = nodes.Node(
            "Conv", [padded, nodes.Floats("windows", picks, [channels * elements, 1, .. kernel])],
            [.. ConvolutionForms.Window([.. axes.Select(axis => axis.Padded(0, 0))]),
                NodeAttribute.Of("group", channels)]);
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
