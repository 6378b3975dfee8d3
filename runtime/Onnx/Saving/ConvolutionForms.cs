using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Operators;
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
    public static IEnumerable<AttributeProto> Window(IReadOnlyList<SavedAxis> axes) =>
    [
        NodeAttribute.Of("kernel_shape", axes.Select(axis => axis.Kernel)),
        NodeAttribute.Of("strides", axes.Select(axis => axis.Stride)),
        NodeAttribute.Of("pads", axes.Select(axis => axis.Before).Concat(axes.Select(axis => axis.After))),
        NodeAttribute.Of("dilations", axes.Select(axis => axis.Dilation)),
    ];

    private static string Convolution(LayerNodes nodes)
    {
        (string input, IReadOnlyList<SavedAxis> axes) = Padded(nodes);
        return nodes.Node(
            "Conv", [input, .. nodes.Parameters("weight", "bias")],
            [.. Window(axes), NodeAttribute.Of("group", nodes.Layer.Argument<int>("Groups"))]);
    }

    /// <summary>The input and the window. Margins that are not zeros are nodes before the convolution.</summary>
    private static (string Input, IReadOnlyList<SavedAxis> Axes) Padded(LayerNodes nodes)
    {
        IReadOnlyList<SavedAxis> axes = nodes.Layer.Axes;
        PaddingMode mode = nodes.Layer.Argument<PaddingMode>("PaddingMode");
        return mode == PaddingMode.Zeros ? (nodes.Input, axes)
            : (Margins.Add(nodes, nodes.Input, nodes.Layer.Margins, mode), [.. axes.Select(axis => axis.Padded(0, 0))]);
    }

    private static string Transposed(LayerNodes nodes)
    {
        // ONNX Runtime wants an output padding below the stride; PyTorch allows more with dilation. A zero behind the input makes the
        // output longer by a stride.
        IReadOnlyList<SavedAxis> axes = nodes.Layer.Axes;
        string input = Margins.Add(nodes, nodes.Input, [.. axes.Select(axis => (0, axis.OutputPadding / axis.Stride))]);
        return nodes.Node(
            "ConvTranspose", [input, .. nodes.Parameters("weight", "bias")],
            [.. Window(axes), NodeAttribute.Of("group", nodes.Layer.Argument<int>("Groups")),
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
        IReadOnlyList<double> kernel = Filter2DDefinition.KernelOf(
            (Compiler.Operators.Filter)nodes.Layer.Argument<Filter>("filter"));
        (string input, IReadOnlyList<SavedAxis> axes) = Padded(nodes);
        int channels = nodes.Layer.Channels;
        float[] weights = [.. Enumerable.Repeat(kernel.Select(weight => (float)weight), channels).SelectMany(weight => weight)];
        return nodes.Node(
            "Conv", [input, nodes.Floats("filter", weights, [channels, 1, .. axes.Select(axis => axis.Kernel)])],
            [.. Window(axes), NodeAttribute.Of("group", channels)]);
    }
}
