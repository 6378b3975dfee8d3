using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Saving;

/// <summary>Convolutions, dense layers and fixed filters.</summary>
internal static class ConvolutionForms
{
    public static IEnumerable<(string Kind, LayerForm Form)> All =>
    [
        ("Conv", Convolution),
        ("ConvTranspose", Transposed),
        ("Dense", Dense),
        ("Filter", Filter),
    ];

    /// <summary>The attributes of a window.</summary>
    public static IEnumerable<AttributeProto> Window(IReadOnlyList<LayerAxis> axes) =>
    [
        NodeAttribute.Of("kernel_shape", axes.Select(axis => axis.Kernel)),
        NodeAttribute.Of("strides", axes.Select(axis => axis.Stride)),
        NodeAttribute.Of("pads", axes.Select(axis => axis.Before).Concat(axes.Select(axis => axis.After))),
        NodeAttribute.Of("dilations", axes.Select(axis => axis.Dilation)),
    ];

    private static string Convolution(LayerNodes nodes)
    {
        string input = nodes.Input, mode = nodes.Layer.Arguments.Choice("Zeros", "PaddingMode");
        IReadOnlyList<LayerAxis> axes = nodes.Layer.Axes;
        if (mode != "Zeros")
        {
            input = Margins.Add(nodes, input, [.. axes.Select(axis => (axis.Before, axis.After))], mode);
            axes = [.. axes.Select(axis => axis with { Before = 0, After = 0 })];
        }

        return nodes.Node(
            "Conv", [input, .. nodes.Parameters("weight", "bias")],
            [.. Window(axes), NodeAttribute.Of("group", nodes.Layer.Groups)]);
    }

    private static string Transposed(LayerNodes nodes)
    {
        // ONNX Runtime wants an output padding below the stride; PyTorch allows more with dilation. A zero behind the input makes the
        // output longer by a stride.
        IReadOnlyList<LayerAxis> axes = nodes.Layer.Axes;
        string input = Margins.Add(nodes, nodes.Input, [.. axes.Select(axis => (0, axis.OutputPadding / axis.Stride))], "Zeros");
        return nodes.Node(
            "ConvTranspose", [input, .. nodes.Parameters("weight", "bias")],
            [.. Window(axes), NodeAttribute.Of("group", nodes.Layer.Groups),
                NodeAttribute.Of("output_padding", axes.Select(axis => axis.OutputPadding % axis.Stride))]);
    }

    private static string Dense(LayerNodes nodes)
    {
        int rank = nodes.Layer.InputShape.Count + 1;
        if (rank == 2)
        {
            return nodes.Node("Gemm", [nodes.Input, .. nodes.Parameters("weight", "bias")], NodeAttribute.Of("transB", 1));
        }

        // Over the channels, which MatMul wants last.
        string last = nodes.Transpose(nodes.Input, [0, .. Enumerable.Range(2, rank - 2), 1]);
        string product = nodes.Node("MatMul", [last, nodes.Transpose(nodes.Parameter("weight"), 1, 0)]);
        string sum = nodes.Has("bias") ? nodes.Node("Add", [product, nodes.Parameter("bias")]) : product;
        return nodes.Transpose(sum, [0, rank - 1, .. Enumerable.Range(1, rank - 2)]);
    }

    private static string Filter(LayerNodes nodes)
    {
        const int Size = 3;
        float[] kernel = nodes.Layer.Arguments.Choice("", "0") switch
        {
            "Edge" => [-1, -1, -1, -1, 8, -1, -1, -1, -1],
            "SobelX" => [-1, 0, 1, -2, 0, 2, -1, 0, 1],
            "SobelY" => [-1, -2, -1, 0, 0, 0, 1, 2, 1],
            "BoxBlur" => [.. Enumerable.Repeat(1 / 9f, Size * Size)],
            "GaussianBlur" => [1 / 16f, 1 / 8f, 1 / 16f, 1 / 8f, 1 / 4f, 1 / 8f, 1 / 16f, 1 / 8f, 1 / 16f],
            "Sharpen" => [0, -1, 0, -1, 5, -1, 0, -1, 0],
            "Emboss" => [-2, -1, 0, -1, 1, 1, 0, 1, 2],
            var other => throw nodes.NoForm($"Its filter {other} is unknown."),
        };
        int channels = nodes.Layer.Channels, padding = nodes.Layer.Arguments.Integer(0, "Padding");
        string mode = nodes.Layer.Arguments.Choice("Zeros", "PaddingMode"), input = nodes.Input;
        if (mode != "Zeros")
        {
            input = Margins.Add(nodes, input, [(padding, padding), (padding, padding)], mode);
            padding = 0;
        }

        string weights = nodes.Floats(
            "filter", [.. Enumerable.Repeat(kernel, channels).SelectMany(weight => weight)], [channels, 1, Size, Size]);
        return nodes.Node(
            "Conv", [input, weights], NodeAttribute.Of("kernel_shape", [Size, Size]),
            NodeAttribute.Of("pads", Enumerable.Repeat(padding, 4)), NodeAttribute.Of("group", channels));
    }
}
