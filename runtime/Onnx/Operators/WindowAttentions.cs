using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>Attention within windows of an image.</summary>
internal static class WindowAttentions
{
    public static IEnumerable<(string Kind, LayerForm Form)> Out => [("ShiftedWindowAttention", Write)];

    public static IEnumerable<PageRow> InRows =>
        [new("attention in the windows of an image, as in torchvision's Swin", "`[ShiftedWindowAttention]`")];

    public static IEnumerable<PageRow> OutRows =>
        [new("`[ShiftedWindowAttention]`", "products with the weights; moves to windows, `MatMul`, `Softmax`, `MatMul`, moves back")];

    private static string Write(LayerNodes nodes)
    {
        var image = Shape.Image(nodes.Layer.Channels, nodes.Layer.InputShape[1], nodes.Layer.InputShape[2]);
        int window = nodes.Layer.Argument<int>("window");
        Shape padded = WindowGrid.Whole(image, window);
        var grid = WindowGrid.Of(padded, window, nodes.Layer.Argument<int>("Shift"));
        string wide = Paddings.Add(nodes, nodes.Input, [(0, padded.Height - image.Height), (0, padded.Width - image.Width)]);
        string apart = Apart(nodes, grid, Rolled(nodes, wide, -grid.ShiftDown, -grid.ShiftRight), image.Channels);
        string values = OfHeads(nodes, grid, image.Channels, Product(nodes, apart, "qkv."));
        string together = Together(nodes, grid, Product(nodes, values, "proj."), padded);
        string result = Rolled(nodes, together, grid.ShiftDown, grid.ShiftRight);
        return padded == image ? result : nodes.Slice(result, nodes.PixelAxes, [0, 0], [image.Height, image.Width]);
    }

    /// <summary>A matrix times the channels of each pixel.</summary>
    private static string Product(LayerNodes nodes, string tensor, string prefix)
    {
        IReadOnlyList<int> shape = nodes.Layer.Parameters[prefix + "weight"].Shape;
        return nodes.Node(
            "Conv", [tensor, nodes.Parameter(prefix + "weight", [.. shape, 1, 1]), .. nodes.Parameters(prefix + "bias")]);
    }

    private static string Rolled(LayerNodes nodes, string tensor, int down, int right) =>
        Slices.Rolled(nodes, Slices.Rolled(nodes, tensor, 2, down), 3, right);

    /// <summary>A row for the pixels of each window.</summary>
    private static string Apart(LayerNodes nodes, WindowGrid grid, string tensor, int channels)
    {
        string rows = nodes.Reshape(tensor, channels * grid.Rows, grid.Window, grid.Columns, grid.Window);
        return nodes.Reshape(nodes.Transpose(rows, 0, 1, 3, 2, 4), channels, grid.Count, grid.Tokens);
    }

    /// <summary>An image of the rows of its windows.</summary>
    private static string Together(LayerNodes nodes, WindowGrid grid, string tensor, Shape image)
    {
        string rows = nodes.Reshape(tensor, image.Channels * grid.Rows, grid.Columns, grid.Window, grid.Window);
        return nodes.Reshape(nodes.Transpose(rows, 0, 1, 3, 2, 4), image.Extents);
    }

    /// <summary>For each head and window, the values weighted by the softmax of the products of queries and keys.</summary>
    private static string OfHeads(LayerNodes nodes, WindowGrid grid, int channels, string all)
    {
        int heads = nodes.Layer.Argument<int>("heads"), features = channels / heads;
        string Part(int part) => nodes.Reshape(
            nodes.Slice(all, [1], [part * channels], [(part + 1) * channels]), heads, features, grid.Count, grid.Tokens);
        string query = nodes.Node("Mul", [Part(0), nodes.Scalar("scale", 1 / Math.Sqrt(features))]);
        string scores = nodes.Node("MatMul", [nodes.Transpose(query, 0, 1, 3, 4, 2), nodes.Transpose(Part(1), 0, 1, 3, 2, 4)]);
        scores = nodes.Node("Add", [scores, Biases(nodes, grid, heads)]);
        if (grid.Kinds > 1)
        {
            scores = nodes.Node("Add", [scores, nodes.Floats("hidden", Hidden(grid), [grid.Count, grid.Tokens, grid.Tokens])]);
        }

        string weights = nodes.Node("Softmax", scores, NodeAttribute.Create("axis", -1));
        string values = nodes.Node("MatMul", [nodes.Transpose(Part(2), 0, 1, 3, 2, 4), nodes.Transpose(weights, 0, 1, 2, 4, 3)]);
        return nodes.Reshape(nodes.Transpose(values, 0, 1, 3, 2, 4), channels, grid.Count, grid.Tokens);
    }

    /// <summary>For each head, the biases of all pairs of a query and a key.</summary>
    private static string Biases(LayerNodes nodes, WindowGrid grid, int heads)
    {
        int tokens = grid.Tokens, window = grid.Window;
        IEnumerable<int> places = Enumerable.Range(0, tokens * tokens).Select(pair => grid.Distance(
            (pair / tokens / window) - (pair % tokens / window), (pair / tokens % window) - (pair % window)));
        string table = nodes.Node("Gather", [nodes.Parameter(WindowBias.Table), nodes.Integers("distances", places)]);
        string byHead = nodes.Transpose(table, 1, 0);
        return nodes.Node("Reshape", [byHead, nodes.Integers("pairs", heads, 1, tokens, tokens)]);
    }

    /// <summary>What is added to pairs of pixels on opposite sides of the image.</summary>
    private static float[] Hidden(WindowGrid grid) =>
    [
        .. from window in Enumerable.Range(0, grid.Count)
           from query in Enumerable.Range(0, grid.Tokens)
           from key in Enumerable.Range(0, grid.Tokens)
           select grid.IsHidden(window, query, key) ? (float)WindowBias.Hidden : 0,
    ];
}
