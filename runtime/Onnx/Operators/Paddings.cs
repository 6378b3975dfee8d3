using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>Padding as a layer and as a node of its own.</summary>
internal static class Paddings
{
    /// <summary>Nodes that become layers.</summary>
    public static readonly Dictionary<string, NodeForm> In = new(StringComparer.Ordinal) { ["Pad"] = Pad };

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out =>
        [("Pad", nodes => Add(nodes, nodes.Input, nodes.Layer.Margins, nodes.Layer.Argument<PaddingMode>("Mode")))];

    public static IEnumerable<PageRow> InRows =>
    [
        new("`Pad`", "the padding of the convolution behind it, or `[Pad2D]`"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new("`[Pad1D]` …", "`Pad`; circular before version 19: `Slice` and `Concat`"),
    ];

    /// <summary>The zeros that a layer puts around maps, begins and then ends; null if it does something else.</summary>
    public static int[]? PadsOf(Layer layer) => layer.Kind == Convolutions.Kind("Pad", layer.Shape.Count - 1)
        && layer.Arguments.All(argument => argument.Name != "Mode")
        ? [.. layer.Made!.Windows.Select(window => window.Axis.PadBefore), .. layer.Made.Windows.Select(window => window.Axis.PadAfter)]
        : null;

    private static void Pad(LayerBuilder layers, OnnxNode node)
    {
        View view = layers.ViewOf(node.Input);
        int count = node.Input.Shape.Count, rank = view.Tensor.Shape.Count - 1;
        int[] pads = node.Integers("pads"), around = new int[2 * rank], channels = [0, 0];
        if (Array.Exists(pads, pad => pad < 0))
        {
            throw new UnsupportedException($"its pads {string.Join(", ", pads)} take elements away on one side");
        }

        for (int i = 0; i < count; i++)
        {
            if (pads[i] == 0 && pads[count + i] == 0)
            {
                continue;
            }

            switch (view.Axes[i])
            {
                case < 0:
                    throw new UnsupportedException("it pads an axis that the tensor does not have");
                case 0:
                    channels = [pads[i], pads[count + i]];
                    break;
                case var axis:
                    (around[axis - 1], around[rank + axis - 1]) = (pads[i], pads[count + i]);
                    break;
            }
        }

        string mode = node.Text("mode");
        LayerTensor tensor = Padded(layers, view.Tensor, around, mode, node.Float("value"));
        layers.Set(node.Output, view.Of(channels is [0, 0] ? tensor
            : Widened(layers, tensor, channels, mode, node.Float("value"), isVolume: node.Input.Shape is [1, 1, _, _, ..])));
    }

    public static LayerTensor Padded(LayerBuilder layers, LayerTensor tensor, int[] around, string mode, float value)
    {
        if (around.All(pad => pad == 0))
        {
            return tensor;
        }

        int rank = around.Length / 2;
        bool isShifted = mode == "constant" && !value.Equals(0f);
        if (isShifted && float.IsNaN(value))
        {
            throw new UnsupportedException($"it pads with {value}");
        }

        var arguments = new LayerArguments(Convolutions.Kind("Pad", rank));
        arguments.AddPads("Padding", around, isPositional: true);
        arguments.Add("Mode", mode switch
        {
            "constant" => PaddingMode.Zeros,
            "reflect" => PaddingMode.Reflect,
            "edge" => PaddingMode.Replicate,
            "wrap" => PaddingMode.Circular,
            _ => throw new UnsupportedException($"its mode is '{mode}'"),
        });

        // Padding by v is padding x − v by 0, and adding v; but beside a large v, nothing would be left of the digits of x.
        bool isLarge = isShifted && MathF.Abs(value) > 1;
        LayerTensor input = isShifted && !isLarge ? Shifted(layers, tensor, -value) : tensor;
        Layer padded = layers.Add(Convolutions.Kind("Pad", rank), input, (LayerArgument[])arguments);
        return isLarge ? Filled(layers, padded, around, value) : isShifted ? Shifted(layers, padded, value) : padded;
    }

    /// <summary>Adds a value to the margins, which are 0.</summary>
    private static Layer Filled(LayerBuilder layers, Layer padded, int[] around, float value)
    {
        IReadOnlyList<int> shape = padded.Shape;
        int count = Extents.Product(shape), rank = around.Length / 2;
        float Margin(int element)
        {
            for (int axis = rank; axis > 0; axis--)
            {
                int place = element % shape[axis];
                if (place < around[axis - 1] || place >= shape[axis] - around[rank + axis - 1])
                {
                    return value;
                }

                element /= shape[axis];
            }

            return 0;
        }

        layers.Warnings.Frozen(layers.Node);
        return layers.Add(
            "Scale", padded, [new("PerElement", true), new("Frozen", true)],
            [
                new("weight", shape, () => [.. Enumerable.Repeat(1f, count)], ""),
                new("bias", shape, () => [.. Enumerable.Range(0, count).Select(Margin)], ""),
            ]);
    }

    private static Layer Shifted(LayerBuilder layers, LayerTensor tensor, float value) =>
        layers.Add("Affine", tensor, [new(null, 1d), new(null, AffineLayers.Number(value))]);

    /// <summary>
    /// Channels of one number before and behind, as the shortcuts of small ResNets have them: 0 times some of the channels. Where there are
    /// too few of these, or the file itself has a reshape for it, the channels are the planes of a volume, which any pad widens.
    /// </summary>
    private static LayerTensor Widened(
        LayerBuilder layers, LayerTensor tensor, int[] channels, string mode, float value, bool isVolume)
    {
        if (tensor.Shape.Count < LayerBuilder.MostAxes && (isVolume || mode != "constant" || channels.Max() > tensor.Shape[0]))
        {
            int[] around = new int[2 * tensor.Shape.Count];
            (around[0], around[tensor.Shape.Count]) = (channels[0], channels[1]);
            LayerTensor volume = Padded(layers, layers.Shaped(tensor, [1, .. tensor.Shape]), around, mode, value);
            return layers.Shaped(volume, [.. volume.Shape.Skip(1)]);
        }

        if (mode != "constant" || channels.Max() > tensor.Shape[0] || !float.IsFinite(value))
        {
            throw new UnsupportedException($"it pads {tensor.Shape[0]} channels by {channels[0]} and {channels[1]} with mode '{mode}'");
        }

        IEnumerable<LayerTensor> Zeros(int count) => count == 0 ? [] :
        [
            layers.Add(
                "Affine", layers.Add("Slice", tensor, [new(null, 0), new(null, count)]),
                [new(null, 0d), new(null, AffineLayers.Number(value))]),
        ];

        LayerTensor[] parts = [.. Zeros(channels[0]), tensor, .. Zeros(channels[1])];
        return layers.Add("Concat", parts);
    }

    /// <summary>Pads the pixels of a tensor.</summary>
    /// <param name="nodes">The layer.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="margins">How much is added before and behind each axis of pixels.</param>
    /// <param name="mode">What is added.</param>
    /// <param name="value">What is added in the mode <see cref="PaddingMode.Zeros"/>.</param>
    public static string Add(
        LayerNodes nodes, string tensor, IReadOnlyList<(int Before, int After)> margins, PaddingMode mode = PaddingMode.Zeros,
        float value = 0)
    {
        if (margins.All(margin => margin is (0, 0)))
        {
            return tensor;
        }

        if (mode == PaddingMode.Circular && nodes.Opset < 19)
        {
            return AddCopies(nodes, tensor, margins);
        }

        string type = mode switch
        {
            PaddingMode.Zeros => "constant",
            PaddingMode.Reflect => "reflect",
            PaddingMode.Replicate => "edge",
            PaddingMode.Circular => "wrap",
            _ => throw nodes.NoForm($"Its padding mode {mode} is unknown."),
        };
        int[] none = [0, 0];
        string pads = nodes.Integers(
            "pads", [.. none, .. margins.Select(margin => margin.Before), .. none, .. margins.Select(margin => margin.After)]);
        return nodes.Node(
            "Pad", value == 0 ? [tensor, pads] : [tensor, pads, nodes.Scalar("padding", value)], NodeAttribute.Create("mode", type));
    }

    /// <summary>Adds, along one axis after the other, copies of the opposite end.</summary>
    private static string AddCopies(LayerNodes nodes, string tensor, IReadOnlyList<(int Before, int After)> margins)
    {
        for (int i = 0; i < margins.Count; i++)
        {
            (int before, int after) = margins[i];
            int axis = i + 2;
            string end = before > 0 ? nodes.Slice(tensor, [axis], [-before], [int.MaxValue]) : "";
            string start = after > 0 ? nodes.Slice(tensor, [axis], [0], [after]) : "";
            tensor = before + after == 0 ? tensor : nodes.Node(
                "Concat", new[] { end, tensor, start }.Where(part => part.Length > 0), NodeAttribute.Create("axis", axis));
        }

        return tensor;
    }
}
