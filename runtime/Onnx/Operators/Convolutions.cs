using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Compiler.Operators;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Operators;

/// <summary>Convolutions, also transposed ones, and fixed filters.</summary>
internal static class Convolutions
{
    /// <summary>Nodes that become layers.</summary>
    public static readonly Dictionary<string, NodeForm> In = new(StringComparer.Ordinal)
    {
        ["Conv"] = Conv,
        ["ConvTranspose"] = ConvTranspose,
    };

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out =>
    [
        ("Conv", Convolution),
        ("ConvTranspose", Transposed),
        ("Filter", Filter),
    ];

    public static IEnumerable<PageRow> InRows =>
    [
        new("`Conv`, `ConvTranspose`", "`[Conv2D]`, `[ConvTranspose2D]`; for sequences `1D`, for volumes `3D`"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new("`[Conv1D]`, `[Conv2D]`, `[Conv3D]`", "`Conv`; `Pad` before it if the padding is not zeros"),
        new("`[ConvTranspose1D]` …", "`ConvTranspose`"),
        new("`[Filter2D]`", "`Conv` with constant weights"),
    ];

    private static void Conv(LayerBuilder layers, OnnxNode node)
    {
        OnnxConstant weight = Weight(node);
        int rank = Rank(node);
        LayerTensor input = layers.Standard(node.Input);
        int[] pads = node.Integers("pads");
        if (input is Layer layer && Paddings.PadsOf(layer) is { } padded && !layers.IsShared(layer))
        {
            // Zeros around the input are the convolution's own padding.
            layers.Remove(layer);
            input = layer.Inputs[0];
            pads = [.. pads.Zip(padded, (own, more) => own + more)];
        }

        OnnxConstant? bias = Bias(node);
        string kind = Kind("Conv", rank);
        var arguments = new LayerArguments(kind) { weight.Shape[0] };
        arguments.AddKernel([.. weight.Shape.Skip(2)]);
        arguments.AddAxes("Stride", node.Integers("strides"));
        arguments.AddPads("Padding", pads);
        arguments.AddAxes("Dilation", node.Integers("dilations"));
        arguments.Add("Groups", node.Integer("group"));
        arguments.Add("Bias", bias is not null);
        Add(layers, node, kind, input, arguments, weight, bias);
    }

    private static void ConvTranspose(LayerBuilder layers, OnnxNode node)
    {
        OnnxConstant weight = Weight(node);
        OnnxConstant? bias = Bias(node);
        string kind = Kind("ConvTranspose", Rank(node));
        var arguments = new LayerArguments(kind) { weight.Shape[1] * node.Integer("group") };
        arguments.AddKernel([.. weight.Shape.Skip(2)]);
        arguments.AddAxes("Stride", node.Integers("strides"));
        arguments.AddPads("Padding", node.Integers("pads"));
        arguments.AddAxes("OutputPadding", node.Integers("output_padding"));
        arguments.AddAxes("Dilation", node.Integers("dilations"));
        arguments.Add("Groups", node.Integer("group"));
        arguments.Add("Bias", bias is not null);
        Add(layers, node, kind, layers.Standard(node.Input), arguments, weight, bias);
    }

    private static void Add(
        LayerBuilder layers, OnnxNode node, string kind, LayerTensor input, LayerArguments arguments, OnnxConstant weight,
        OnnxConstant? bias)
    {
        if (IsCount(weight))
        {
            arguments.Add("Frozen", true);
            layers.Warnings.Frozen(node);
        }

        var parameters = new List<LayerParameter> { new("weight", weight.Shape, () => weight.Floats, weight) };
        if (bias is not null)
        {
            parameters.Add(new("bias", [bias.Floats.Length], () => bias.Floats, bias));
        }

        layers.Set(node.Output, layers.Add(
            kind, input, (LayerArgument[])arguments, parameters, weight, bias));
    }

    /// <summary>Whether the weights are 0, 1, 2, …: the bins of a detector, whose mean its convolution computes.</summary>
    private static bool IsCount(OnnxConstant weight)
    {
        const int Few = 3, Many = 4096;
        return weight.Shape[0] == 1 && Extents.Product(weight.Shape) is >= Few and <= Many and var count
            && weight.Floats.SequenceEqual(Enumerable.Range(0, count).Select(i => (float)i));
    }

    /// <summary>The name of a layer for a number of axes: <c>Conv2D</c>.</summary>
    public static string Kind(string stem, int rank) => rank is >= 1 and <= 3
        ? string.Create(CultureInfo.InvariantCulture, $"{stem}{rank}D")
        : throw new UnsupportedException($"[{stem}] is along 1 to 3 axes; here it would be along {rank}");

    /// <summary>The number of axes on which windows move.</summary>
    public static int Rank(OnnxNode node) => node.Input.Shape.Count - 2;

    private static OnnxConstant Weight(OnnxNode node) =>
        node.Inputs[1]!.Constant ?? throw new UnsupportedException("its weights depend on the input");

    private static OnnxConstant? Bias(OnnxNode node) => node.Inputs.Count < 3 || node.Inputs[2] is not { } bias
        ? null : bias.Constant ?? throw new UnsupportedException("its bias depends on the input");

    /// <summary>The attributes of a window.</summary>
    public static IEnumerable<AttributeProto> Window(IReadOnlyList<SavedAxis> axes) =>
    [
        NodeAttribute.Create("kernel_shape", axes.Select(axis => axis.Kernel)),
        NodeAttribute.Create("strides", axes.Select(axis => axis.Stride)),
        NodeAttribute.Create("pads", axes.Select(axis => axis.Before).Concat(axes.Select(axis => axis.After))),
        NodeAttribute.Create("dilations", axes.Select(axis => axis.Dilation)),
    ];

    private static string Convolution(LayerNodes nodes)
    {
        (string input, IReadOnlyList<SavedAxis> axes) = Padded(nodes);
        return nodes.Node(
            "Conv", [input, .. nodes.WeightAndBias()],
            [.. Window(axes), NodeAttribute.Create("group", nodes.Layer.Argument<int>("Groups"))]);
    }

    /// <summary>The input and the window. Margins that are not zeros are nodes before the convolution.</summary>
    private static (string Input, IReadOnlyList<SavedAxis> Axes) Padded(LayerNodes nodes)
    {
        IReadOnlyList<SavedAxis> axes = nodes.Layer.Axes;
        PaddingMode mode = nodes.Layer.Argument<PaddingMode>("PaddingMode");
        return mode == PaddingMode.Zeros ? (nodes.Input, axes)
            : (Paddings.Add(nodes, nodes.Input, nodes.Layer.Margins, mode), [.. axes.Select(axis => axis.Padded(0, 0))]);
    }

    private static string Transposed(LayerNodes nodes)
    {
        // ONNX Runtime wants an output padding below the stride; PyTorch allows more with dilation. A zero behind the input makes the
        // output longer by a stride.
        IReadOnlyList<SavedAxis> axes = nodes.Layer.Axes;
        string input = Paddings.Add(nodes, nodes.Input, [.. axes.Select(axis => (0, axis.OutputPadding / axis.Stride))]);
        return nodes.Node(
            "ConvTranspose", [input, .. nodes.Parameters("weight", "bias")],
            [.. Window(axes), NodeAttribute.Create("group", nodes.Layer.Argument<int>("Groups")),
                NodeAttribute.Create("output_padding", axes.Select(axis => axis.OutputPadding % axis.Stride))]);
    }

    private static string Filter(LayerNodes nodes)
    {
        IReadOnlyList<double> kernel = Filter2DDefinition.KernelOf(
            (Compiler.Operators.Filter)nodes.Layer.Argument<Filter>("filter"));
        (string input, IReadOnlyList<SavedAxis> axes) = Padded(nodes);
        int channels = nodes.Layer.Channels;
        float[] weights = [.. Enumerable.Repeat(kernel.Select(weight => (float)weight), channels).SelectMany(weight => weight)];
        return nodes.Node(
            "Conv", [input, nodes.Floats("filter", weights, [channels, 1, .. axes.Select(axis => axis.Kernel)])],
            [.. Window(axes), NodeAttribute.Create("group", channels)]);
    }
}
