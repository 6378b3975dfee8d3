using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Saving;

/// <summary>Layers that move elements: other shapes, padding, parts, shuffles.</summary>
internal static class MovingForms
{
    public static IEnumerable<(string Kind, LayerForm Form)> All =>
    [
        ("Flatten", nodes => nodes.Layer.InputShape.Count == 1
            ? nodes.Input : nodes.Node("Flatten", nodes.Input, NodeAttribute.Of("axis", 1))),
        ("Reshape", nodes => nodes.Reshape(nodes.Input, nodes.Layer.OutputShape)),
        ("Pad", nodes => Margins.Add(
            nodes, nodes.Input, nodes.Layer.Margins, nodes.Layer.Argument<PaddingMode>("Mode"))),
        ("PixelShuffle", nodes => nodes.Node(
            "DepthToSpace", nodes.Input, NodeAttribute.Of("blocksize", Factor(nodes)),
            NodeAttribute.Of("mode", ChannelsFirst(nodes) ? "CRD" : "DCR"))),
        ("PixelUnshuffle", Unshuffle),
        ("ChannelShuffle", ShuffleChannels),
        ("Transpose", nodes => nodes.Transpose(
            nodes.Input, [0, .. nodes.Layer.Info.Values.Select(axis => (int)axis.Value)])),
        ("Slice", Slice),
        ("Split", Slice),
        ("Crop", Crop),
    ];

    private static int Factor(LayerNodes nodes) => nodes.Layer.Argument<int>("factor");

    private static bool ChannelsFirst(LayerNodes nodes) => nodes.Layer.Argument<PixelOrder>("Order") == PixelOrder.ChannelsFirst;

    private static string Slice(LayerNodes nodes) => nodes.Slice(
        nodes.Input, [1], [nodes.Layer.FirstChannel], [nodes.Layer.FirstChannel + nodes.Layer.OutputShape[0]]);

    private static string Crop(LayerNodes nodes)
    {
        IReadOnlyList<SavedAxis> axes = nodes.Layer.Axes;
        int[] strides = [.. axes.Select(axis => axis.Stride)];
        return nodes.Slice(
            nodes.Input, nodes.PixelAxes, axes.Select(axis => -axis.Before), axes.Select(axis => axis.Input + axis.After),
            strides.All(stride => stride == 1) ? null : strides);
    }

    private static string Unshuffle(LayerNodes nodes)
    {
        int factor = Factor(nodes);
        IReadOnlyList<int> output = nodes.Layer.OutputShape;
        if (!ChannelsFirst(nodes))
        {
            return nodes.Node("SpaceToDepth", nodes.Input, NodeAttribute.Of("blocksize", factor));
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
