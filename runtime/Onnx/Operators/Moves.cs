using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>What moves elements, and computes nothing.</summary>
internal static class Moves
{
    /// <summary>Nodes that become layers.</summary>
    public static readonly Dictionary<string, NodeForm> In = new(StringComparer.Ordinal)
    {
        ["Reshape"] = Reshape,
        ["Transpose"] = (layers, node) => layers.Set(node.Output, layers.ViewOf(node.Input).Transposed(node.Integers("perm"))),
        ["Expand"] = (layers, node) => Repeat(layers, node, node.Output.Shape),
        ["Tile"] = (layers, node) => Repeat(layers, node, node.Output.Shape),
        ["DepthToSpace"] = (layers, node) => Shuffle(layers, node, "PixelShuffle", node.Text("mode") == "CRD"),
        ["SpaceToDepth"] = (layers, node) => Shuffle(layers, node, "PixelUnshuffle", node.Text("mode", "DCR") == "CRD"),
    };

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out =>
    [
        ("Flatten", nodes => nodes.Layer.InputShape.Count == 1
            ? nodes.Input : nodes.Node("Flatten", nodes.Input, NodeAttribute.Create("axis", 1))),
        ("Reshape", nodes => nodes.Reshape(nodes.Input, nodes.Layer.OutputShape)),
        ("PixelShuffle", nodes => nodes.Node(
            "DepthToSpace", nodes.Input, NodeAttribute.Create("blocksize", Factor(nodes)),
            NodeAttribute.Create("mode", ChannelsFirst(nodes) ? "CRD" : "DCR"))),
        ("PixelUnshuffle", Unshuffle),
        ("ChannelShuffle", ShuffleChannels),
        ("Transpose", nodes => nodes.Transpose(
            nodes.Input, [0, .. nodes.Layer.Info.Values.Select(axis => (int)axis.Value)])),
    ];

    public static IEnumerable<PageRow> InRows =>
    [
        new(
            "`Reshape`, `Flatten`, `Squeeze`, `Unsqueeze`, `Transpose`",
            "nothing where only axes of one element move, else `[Flatten]`, `[Reshape]`, `[Transpose]`"),
        new(
            "`DepthToSpace`, `SpaceToDepth`, reshapes that shuffle, and YOLOv5's focus",
            "`[PixelShuffle]`, `[PixelUnshuffle]`, `[ChannelShuffle]`"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new("`[Transpose]`", "`Transpose`"),
        new("`[Flatten]`, `[Reshape]`", "`Flatten`, `Reshape`"),
        new("`[PixelShuffle]`", "`DepthToSpace`"),
        new("`[PixelUnshuffle]`", "`Reshape`, `Transpose`, `Reshape`; in TensorFlow's order, `SpaceToDepth`"),
        new("`[ChannelShuffle]`", "`Reshape`, `Transpose`, `Reshape`"),
    ];

    /// <summary>A node that shuffles channels.</summary>
    public static NodeForm ChannelShuffle(int groups) => (layers, node) => layers.Set(
        node.Output, layers.Add("ChannelShuffle", layers.Standard(node.Input), [new(null, groups)]));

    private static void Reshape(LayerBuilder layers, OnnxNode node)
    {
        View view = layers.ViewOf(node.Input);
        IReadOnlyList<int> shape = node.Output.Shape;
        if (view.Reshaped(shape) is { } same)
        {
            layers.Set(node.Output, same);
            return;
        }

        // Without the batch; of more axes, those of extent 1 are left out.
        bool hasBatch = shape[0] == 1 && shape.Count > 1;
        int[] sample = hasBatch ? [.. shape.Skip(1)] : [.. shape];
        if (sample.Length > LayerBuilder.MostAxes)
        {
            sample = [.. sample.Where(extent => extent != 1)];
        }

        if ((SplitTensor.Of(view.Tensor) is not null || sample.Length > LayerBuilder.MostAxes)
            && SplitTensor.Reshaped(layers, view, shape) is { } split)
        {
            layers.Set(node.Output, split);
            return;
        }

        LayerTensor tensor = layers.Shaped(SplitTensor.InOrder(layers, view), sample);
        layers.Set(node.Output, hasBatch && sample.Length == shape.Count - 1
            ? View.Standard(tensor) : new View(tensor, [.. Enumerable.Range(0, sample.Length)]).Reshaped(shape)!);
    }

    /// <summary>Repeats pixels of maps that have one along an axis.</summary>
    private static void Repeat(LayerBuilder layers, OnnxNode node, IReadOnlyList<int> shape)
    {
        OnnxValue value = node.Input;
        if (Sources.IsLayer(node))
        {
            Sources.Restore(layers, node);
            return;
        }

        if (node.Operator == "Tile")
        {
            throw new UnsupportedException($"it repeats {string.Join('×', value.Shape)} more often than a concatenation does");
        }

        int[] own = [.. Enumerable.Repeat(1, shape.Count - value.Shape.Count), .. value.Shape];
        int rank = own.Length - 2;
        if (rank is < 1 or > 3 || own[0] != shape[0] || own[1] != shape[1] || own.Skip(2).Zip(shape.Skip(2), (one, other) => one != 1
            && one != other).Any(differs => differs))
        {
            // What is no map is repeated beside ones.
            int[] ones = [.. own.Zip(shape, (one, all) => one == all ? 1 : all)];
            Arithmetic.Multiply(layers, node, new OnnxConstant(ones, new Lazy<float[]>(
                () => [.. Enumerable.Repeat(1f, Extents.Product(ones))]), ""));
            return;
        }

        LayerTensor tensor = layers.Standard(layers.ViewOf(value).Reshaped(own)!, own);

        layers.Set(node.Output, layers.Add(
            Convolutions.Kind("Upsample", rank), tensor, Resizing.Sizes([.. shape.Skip(2)])));
    }

    private static void Shuffle(LayerBuilder layers, OnnxNode node, string kind, bool isChannelsFirst)
    {
        if (node.Input.Shape.Count != 4)
        {
            throw new UnsupportedException(
                $"it moves pixels of {string.Join('×', node.Input.Shape)}; only maps have pixels in two directions");
        }

        LayerArgument[] arguments =
            [new(null, node.Integer("blocksize")), new("Order", isChannelsFirst ? PixelOrder.ChannelsFirst : PixelOrder.PixelsFirst)];
        layers.Set(node.Output, layers.Add(
            kind, layers.Standard(node.Input), arguments));
    }

    private static int Factor(LayerNodes nodes) => nodes.Layer.Argument<int>("factor");

    private static bool ChannelsFirst(LayerNodes nodes) => nodes.Layer.Argument<PixelOrder>("Order") == PixelOrder.ChannelsFirst;

    private static string Unshuffle(LayerNodes nodes)
    {
        int factor = Factor(nodes);
        IReadOnlyList<int> output = nodes.Layer.OutputShape;
        if (!ChannelsFirst(nodes))
        {
            return nodes.Node("SpaceToDepth", nodes.Input, NodeAttribute.Create("blocksize", factor));
        }

        // C, row, row in the square, column, column in the square; ONNX's SpaceToDepth puts the channels last.
        string apart = nodes.Reshape(nodes.Input, nodes.Layer.Channels, output[1], factor, output[2], factor);
        return nodes.Reshape(nodes.Transpose(apart, 0, 1, 3, 5, 2, 4), output);
    }

    private static string ShuffleChannels(LayerNodes nodes)
    {
        int groups = nodes.Layer.Argument<int>("groups");
        string apart = nodes.Reshape(nodes.Input, groups, nodes.Layer.Channels / groups, -1);
        return nodes.Reshape(nodes.Transpose(apart, 0, 2, 1, 3), nodes.Layer.OutputShape);
    }
}
