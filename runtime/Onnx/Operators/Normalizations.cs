using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>Normalisations, and what scales channels.</summary>
internal static class Normalizations
{
    /// <summary>Nodes that become layers.</summary>
    public static readonly Dictionary<string, NodeForm> In = new(StringComparer.Ordinal)
    {
        ["BatchNormalization"] = BatchNorm,
        ["InstanceNormalization"] = InstanceNorm,
        ["GroupNormalization"] = GroupNorm,
        ["LayerNormalization"] = LayerNorm,
        ["MeanVarianceNormalization"] = MeanVariance,
        ["LRN"] = LocalResponseNorm,
    };

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out =>
    [
        ("BatchNorm", BatchNorm),
        ("InstanceNorm", InstanceNorm),
        ("GroupNorm", GroupNorm),
        ("LayerNorm", LayerNorm),
        ("LocalResponseNorm", LocalResponseNorm),
        ("Normalize", Normalize),
        ("Scale", Scale),
    ];

    public static IEnumerable<PageRow> InRows =>
    [
        new(
            "`BatchNormalization`, `InstanceNormalization`, `GroupNormalization`, `LayerNormalization`, `LRN`",
            "the layers of these names, also where an exporter took them apart"),
        new("`MeanVarianceNormalization` over the pixels", "`[InstanceNorm]`"),
        new(
            "`MeanVarianceNormalization` over other axes, `RMSNormalization`, `LpNormalization`, `RotaryEmbedding`",
            "the arithmetic that they are"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new("`[BatchNorm]`, `[InstanceNorm]`", "`BatchNormalization`, `InstanceNormalization`"),
        new(
            "`[LayerNorm]`",
            "`LayerNormalization` from version 17 on, else `ReduceMean` and arithmetic; `Transpose` around it for `OverChannels`"),
        new("`[GroupNorm]`", "`GroupNormalization` from version 21 on, else `InstanceNormalization` of the groups"),
        new("`[LocalResponseNorm]`", "`LRN`; even sizes, sequences and volumes: `AveragePool` over the channels"),
        new("`[Normalize]`", "`Sub`, `Div`"),
        new("`[Scale]`", "`Mul`, `Add`"),
    ];

    private static void BatchNorm(LayerBuilder layers, OnnxNode node)
    {
        View view = OfChannels(layers, node);
        string[] suffixes = ["weight", "bias", "running_mean", "running_var"];
        LayerArgument[] arguments = [.. Epsilon(node), .. Momentum(layers, node)];
        layers.Set(node.Output, view.Of(layers.Add(
            "BatchNorm", view.Tensor, arguments, [.. suffixes.Select((suffix, i) => Parameter(node, suffix, i + 1))],
            node.Inputs.Skip(1).Select(input => input?.Constant))));
    }

    /// <summary>ONNX's momentum is the share of the old statistics, PyTorch's that of the batch.</summary>
    private static LayerArgument[] Momentum(LayerBuilder layers, OnnxNode node)
    {
        const int Digits = 7;
        double share = Math.Round(1 - AffineLayers.Number(node.Float("momentum", 0.9f)), Digits);
        if (share is not (>= 0 and <= 1))
        {
            layers.Warnings.Momentum(node);
            return [];
        }

        return [new("Momentum", share)];
    }

    private static void InstanceNorm(LayerBuilder layers, OnnxNode node)
    {
        View view = OfChannels(layers, node);
        bool isAffine = !(IsAll(node.Inputs[1], 1) && IsAll(node.Inputs[2], 0));
        LayerArgument[] arguments = [.. Epsilon(node), new("Affine", isAffine)];
        layers.Set(node.Output, view.Of(layers.Add(
            "InstanceNorm", view.Tensor, arguments,
            isAffine ? [Parameter(node, "weight", 1), Parameter(node, "bias", 2)] : [],
                node.Inputs.Skip(1).Select(input => input?.Constant))));
    }

    private static void GroupNorm(LayerBuilder layers, OnnxNode node)
    {
        View view = OfChannels(layers, node);
        bool isAffine = node.Inputs.Count > 1;
        int channels = view.Tensor.Shape[0];
        LayerParameter bias = node.Inputs.Count > 2 && node.Inputs[2] is not null
            ? Parameter(node, "bias", 2) : new LayerParameter("bias", [channels], () => new float[channels], "");
        LayerArgument[] arguments =
            [new(null, node.Integer("num_groups")), .. Epsilon(node), new("Affine", isAffine)];
        layers.Set(node.Output, view.Of(layers.Add(
            "GroupNorm", view.Tensor, arguments,
            isAffine ? [Parameter(node, "weight", 1), bias] : [],
                node.Inputs.Skip(1).Select(input => input?.Constant))));
    }

    private static void LayerNorm(LayerBuilder layers, OnnxNode node)
    {
        View view = layers.ViewOf(node.Input);
        int rank = view.Tensor.Shape.Count;
        IEnumerable<int> normalised = node.Has("axes")
            ? node.Integers("axes") : Enumerable.Range(node.Integer("axis"), node.Input.Shape.Count - node.Integer("axis"));
        int[] axes = Reductions.Normalised(view, normalised);
        bool isOverChannels = axes is [0] && rank > 1, isOverAll = axes.Length == rank;
        int[] shape = [.. axes.Select(axis => view.Tensor.Shape[axis])];
        bool isAffine = node.Inputs.Count > 1 && node.Inputs[1] is not null;
        LayerArgument[] arguments =
        [
            .. Epsilon(node), new("OverChannels", isOverChannels),
            new("Axes", isOverChannels || isOverAll ? Axes.All : Reductions.Names(axes, rank)), new("Affine", isAffine),
        ];
        var parameters = new List<LayerParameter>();
        if (isAffine)
        {
            parameters.Add(Elements(view, axes, node.Inputs[1]!, "weight"));
            parameters.Add(node.Inputs.Count > 2 && node.Inputs[2] is { } bias
                ? Elements(view, axes, bias, "bias") : new LayerParameter("bias", shape, () =>
                    new float[Extents.Product(shape)], ""));
        }

        layers.Set(node.Output, view.Of(layers.Add(
            "LayerNorm", view.Tensor, arguments, parameters,
            node.Inputs.Skip(1).Select(input => input?.Constant))));
    }

    /// <summary>A parameter of the normalised elements, in the order in which the tensor has its axes.</summary>
    private static LayerParameter Elements(View view, int[] axes, OnnxValue value, string suffix)
    {
        int[] shape = [.. axes.Select(axis => view.Tensor.Shape[axis])];
        OnnxConstant constant = value.Constant ?? throw new UnsupportedException($"its {suffix} depends on the input");
        return new LayerParameter(suffix, shape, () => Values(view, axes, shape, constant), constant.Key);
    }

    private static float[] Values(View view, int[] axes, int[] shape, OnnxConstant constant)
    {
        int count = Extents.Product(shape);
        if (axes.Length == 1 && constant.Floats.Length == count)
        {
            return constant.Floats;
        }

        // The parameter says nothing of the axes that are not normalised: their first place has all of it.
        IReadOnlyList<int> extents = view.Tensor.Shape;
        float[] broadcast = AffineMap.Broadcast(view, constant);
        bool isPerChannel = broadcast.Length == extents[0];
        int[] strides = [.. extents.Select((_, axis) => broadcast.Length == 1 ? 0
            : isPerChannel ? axis == 0 ? 1 : 0 : Extents.Product(extents.Skip(axis + 1)))];
        float[] values = new float[count];
        for (int element = 0; element < count; element++)
        {
            int rest = element, place = 0;
            for (int i = axes.Length - 1; i >= 0; i--)
            {
                place += rest % shape[i] * strides[axes[i]];
                rest /= shape[i];
            }

            values[element] = broadcast[place];
        }

        return values;
    }

    private static void MeanVariance(LayerBuilder layers, OnnxNode node)
    {
        View view = layers.ViewOf(node.Input);
        int rank = view.Tensor.Shape.Count;
        int[] axes = view.AxesOf(node.Integers("axes"));
        if (rank == 1 || axes.Length != rank - 1 || axes[0] != 1)
        {
            throw new UnsupportedException("it does not normalise the pixels of each channel");
        }

        Arithmetic.Same(layers, node, view, "InstanceNorm", [new("Epsilon", 1e-9)]);
    }

    private static void LocalResponseNorm(LayerBuilder layers, OnnxNode node)
    {
        View view = OfChannels(layers, node);
        LayerArgument[] arguments =
        [
            new(null, node.Integer("size")), new("Alpha", AffineLayers.Number(node.Float("alpha"))),
            new("Beta", AffineLayers.Number(node.Float("beta"))), new("K", AffineLayers.Number(node.Float("bias"))),
        ];
        Arithmetic.Same(layers, node, view, "LocalResponseNorm", arguments);
    }

    /// <summary>x/√Σx² along an axis.</summary>
    /// <summary>The input with the axis that ONNX calls channels as its channels.</summary>
    private static View OfChannels(LayerBuilder layers, OnnxNode node)
    {
        View view = layers.ViewOf(node.Input);
        return view.Axes.Count > 1 && view.Axes[1] == 0 ? view : View.Standard(layers.Standard(node.Input));
    }

    private static LayerArgument[] Epsilon(OnnxNode node) =>
        [new("Epsilon", AffineLayers.Number(node.Float("epsilon", 1e-5f)))];

    private static LayerParameter Parameter(OnnxNode node, string suffix, int input)
    {
        OnnxConstant constant = node.Inputs[input]!.Constant ?? throw new UnsupportedException($"its {suffix} depends on the input");
        return new LayerParameter(suffix, [constant.Floats.Length], () => constant.Floats, constant.Key);
    }

    private static bool IsAll(OnnxValue? value, float number) =>
        value?.Constant is { } constant && !ModulePath.IsGiven(constant.Key)
            && Array.TrueForAll(constant.Floats, one => one.Equals(number));

    private static double Epsilon(LayerNodes nodes) => nodes.Layer.Argument<double>("Epsilon");

    private static string BatchNorm(LayerNodes nodes)
    {
        if (nodes.Graph.Network.Integers.IsFolded(nodes.Layer))
        {
            return nodes.Input;
        }

        int channels = nodes.Layer.Channels;
        return nodes.Node(
            "BatchNormalization",
            [nodes.Input, nodes.ParameterOr("weight", 1, [channels]), nodes.ParameterOr("bias", 0, [channels]),
                .. nodes.Parameters("running_mean", "running_var")],
            NodeAttribute.Create("epsilon", Epsilon(nodes)),
            NodeAttribute.Create("momentum", 1 - nodes.Layer.Argument<double>("Momentum")));
    }

    private static string InstanceNorm(LayerNodes nodes)
    {
        int channels = nodes.Layer.Channels;
        return nodes.Node(
            "InstanceNormalization",
            [nodes.Input, nodes.ParameterOr("weight", 1, [channels]), nodes.ParameterOr("bias", 0, [channels])],
            NodeAttribute.Create("epsilon", Epsilon(nodes)));
    }

    private static string GroupNorm(LayerNodes nodes)
    {
        int groups = nodes.Layer.Argument<int>("groups"), channels = nodes.Layer.Channels;
        if (nodes.Opset >= 21)
        {
            return nodes.Node(
                "GroupNormalization",
                [nodes.Input, nodes.ParameterOr("weight", 1, [channels]), nodes.ParameterOr("bias", 0, [channels])],
                NodeAttribute.Create("num_groups", groups), NodeAttribute.Create("epsilon", Epsilon(nodes)));
        }

        // Each group as a channel.
        string normalized = nodes.Node(
            "InstanceNormalization",
            [nodes.Reshape(nodes.Input, groups, -1), nodes.Repeated("scale", 1, [groups]), nodes.Repeated("shift", 0, [groups])],
            NodeAttribute.Create("epsilon", Epsilon(nodes)));
        return Affine(nodes, nodes.Reshape(normalized, nodes.Layer.InputShape), nodes.OverPixels(channels));
    }

    private static string LayerNorm(LayerNodes nodes)
    {
        IReadOnlyList<int> sample = nodes.Layer.InputShape;
        IReadOnlyList<int> axes = Reductions.AxesOf(
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
            NodeAttribute.Create("axis", -axes.Count), NodeAttribute.Create("epsilon", Epsilon(nodes)));
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
                "LRN", nodes.Input, NodeAttribute.Create("size", size), NodeAttribute.Create("alpha", alpha),
                NodeAttribute.Create("beta", beta), NodeAttribute.Create("bias", k));
        }

        // ONNX's windows of an even size begin one channel later, and runtimes take images only. The channels become rows.
        string rows = nodes.Reshape(nodes.Node("Mul", [nodes.Input, nodes.Input]), 1, sample[0], -1);
        string means = nodes.Node(
            "AveragePool", rows, NodeAttribute.Create("kernel_shape", [size, 1]), NodeAttribute.Create("strides", [1, 1]),
            NodeAttribute.Create("pads", [size / 2, 0, (size - 1) / 2, 0]), NodeAttribute.Create("count_include_pad", true));
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
