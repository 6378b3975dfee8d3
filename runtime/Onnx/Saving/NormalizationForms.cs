using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Saving;

/// <summary>Normalisations, and what scales channels.</summary>
internal static class NormalizationForms
{
    public static IEnumerable<(string Kind, LayerForm Form)> All =>
    [
        ("BatchNorm", BatchNorm),
        ("InstanceNorm", InstanceNorm),
        ("GroupNorm", GroupNorm),
        ("LayerNorm", LayerNorm),
        ("LocalResponseNorm", LocalResponseNorm),
        ("Normalize", Normalize),
        ("Scale", Scale),
    ];

    private static double Epsilon(LayerNodes nodes) => nodes.Layer.Argument<double>("Epsilon");

    private static string BatchNorm(LayerNodes nodes)
    {
        int channels = nodes.Layer.Channels;
        return nodes.Node(
            "BatchNormalization",
            [nodes.Input, nodes.ParameterOr("weight", 1, [channels]), nodes.ParameterOr("bias", 0, [channels]),
                .. nodes.Parameters("running_mean", "running_var")],
            NodeAttribute.Of("epsilon", Epsilon(nodes)),
            NodeAttribute.Of("momentum", 1 - nodes.Layer.Argument<double>("Momentum")));
    }

    private static string InstanceNorm(LayerNodes nodes)
    {
        int channels = nodes.Layer.Channels;
        return nodes.Node(
            "InstanceNormalization",
            [nodes.Input, nodes.ParameterOr("weight", 1, [channels]), nodes.ParameterOr("bias", 0, [channels])],
            NodeAttribute.Of("epsilon", Epsilon(nodes)));
    }

    private static string GroupNorm(LayerNodes nodes)
    {
        int groups = nodes.Layer.Argument<int>("groups"), channels = nodes.Layer.Channels;
        if (nodes.Opset >= 21)
        {
            return nodes.Node(
                "GroupNormalization",
                [nodes.Input, nodes.ParameterOr("weight", 1, [channels]), nodes.ParameterOr("bias", 0, [channels])],
                NodeAttribute.Of("num_groups", groups), NodeAttribute.Of("epsilon", Epsilon(nodes)));
        }

        // Each group as a channel.
        string normalized = nodes.Node(
            "InstanceNormalization",
            [nodes.Reshape(nodes.Input, groups, -1), nodes.Repeated("scale", 1, [groups]), nodes.Repeated("shift", 0, [groups])],
            NodeAttribute.Of("epsilon", Epsilon(nodes)));
        return Affine(nodes, nodes.Reshape(normalized, nodes.Layer.InputShape), nodes.OverPixels(channels));
    }

    private static string LayerNorm(LayerNodes nodes)
    {
        IReadOnlyList<int> sample = nodes.Layer.InputShape;
        IReadOnlyList<int> axes = ReductionForms.AxesOf(
            sample.Count, nodes.Layer.Argument<bool>("OverChannels") ? Axes.Channels : nodes.Layer.Argument<Axes>("Axes"));
        int[] shape = [.. axes.Select(axis => sample[axis - 1])];
        if (nodes.Opset < 17)
        {
            return Affine(nodes, Standardize(nodes, axes), [.. sample.Select((extent, i) => axes.Contains(i + 1) ? extent : 1)]);
        }

        // The operator normalises the last axes.
        int[] order = [.. Enumerable.Range(0, sample.Count + 1).Except(axes), .. axes];
        string normalized = nodes.Node(
            "LayerNormalization",
            [nodes.Transpose(nodes.Input, order), nodes.ParameterOr("weight", 1, shape), .. nodes.Parameters("bias")],
            NodeAttribute.Of("axis", -axes.Count), NodeAttribute.Of("epsilon", Epsilon(nodes)));
        return nodes.Transpose(normalized, [.. Enumerable.Range(0, order.Length).Select(axis => Array.IndexOf(order, axis))]);
    }

    private static string Scale(LayerNodes nodes)
    {
        SavedLayer layer = nodes.Layer;
        IReadOnlyList<int> shape = layer.Argument<bool>("PerElement") ? layer.InputShape : nodes.OverPixels(layer.Channels);
        string scaled = nodes.Node("Mul", [nodes.Input, nodes.Parameter(layer.Argument<string>("Key"), shape)]);
        return nodes.Has("bias") ? nodes.Node("Add", [scaled, nodes.Parameter("bias", shape)]) : scaled;
    }

    /// <summary>Moves the mean to 0 and the variance to 1, for operator sets without layer normalisation.</summary>
    private static string Standardize(LayerNodes nodes, IReadOnlyList<int> axes)
    {
        string centered = nodes.Node("Sub", [nodes.Input, nodes.Reduce("ReduceMean", nodes.Input, axes, keepAxes: true)]);
        string variance = nodes.Reduce("ReduceMean", nodes.Node("Mul", [centered, centered]), axes, keepAxes: true);
        string deviation = nodes.Node("Sqrt", nodes.Node("Add", [variance, nodes.Scalar("epsilon", Epsilon(nodes))]));
        return nodes.Node("Div", [centered, deviation]);
    }

    /// <summary>Multiplies by the weights and adds the biases, if the layer has them.</summary>
    private static string Affine(LayerNodes nodes, string tensor, IReadOnlyList<int> shape)
    {
        tensor = nodes.Has("weight") ? nodes.Node("Mul", [tensor, nodes.Parameter("weight", shape)]) : tensor;
        return nodes.Has("bias") ? nodes.Node("Add", [tensor, nodes.Parameter("bias", shape)]) : tensor;
    }

    private static string LocalResponseNorm(LayerNodes nodes)
    {
        SavedLayer layer = nodes.Layer;
        int size = layer.Argument<int>("size");
        double alpha = layer.Argument<double>("Alpha"), beta = layer.Argument<double>("Beta"), k = layer.Argument<double>("K");
        IReadOnlyList<int> sample = nodes.Layer.InputShape;
        if (size % 2 == 1 && sample.Count == 3)
        {
            return nodes.Node(
                "LRN", nodes.Input, NodeAttribute.Of("size", size), NodeAttribute.Of("alpha", alpha), NodeAttribute.Of("beta", beta),
                NodeAttribute.Of("bias", k));
        }

        // ONNX's windows of an even size begin one channel later, and runtimes take images only. The channels become rows.
        string rows = nodes.Reshape(nodes.Node("Mul", [nodes.Input, nodes.Input]), 1, sample[0], -1);
        string means = nodes.Node(
            "AveragePool", rows, NodeAttribute.Of("kernel_shape", [size, 1]), NodeAttribute.Of("strides", [1, 1]),
            NodeAttribute.Of("pads", [size / 2, 0, (size - 1) / 2, 0]), NodeAttribute.Of("count_include_pad", true));
        string scaled = nodes.Node("Mul", [nodes.Reshape(means, sample), nodes.Scalar("alpha", alpha)]);
        string divisor = nodes.Node("Pow", [nodes.Node("Add", [scaled, nodes.Scalar("k", k)]), nodes.Scalar("beta", beta)]);
        return nodes.Node("Div", [nodes.Input, divisor]);
    }

    private static string Normalize(LayerNodes nodes)
    {
        string Constants(string name)
        {
            double[] values = nodes.Layer.Argument<double[]>(name);
            return nodes.Floats(name, [.. values.Select(value => (float)value)], nodes.OverPixels(values.Length));
        }

        return nodes.Node("Div", [nodes.Node("Sub", [nodes.Input, Constants("means")]), Constants("deviations")]);
    }
}
