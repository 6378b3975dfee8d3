using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>Constants that are joined with tensors: they are the same for all samples.</summary>
internal static class Sources
{
    /// <summary>Up to here each integer is a float.</summary>
    private const long MostExact = 1 << 24;

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out => [("Param", Repeat), ("Buffer", Repeat)];

    public static IEnumerable<PageRow> InRows =>
    [
        new(
            "`Concat` with a constant; `Add`, `Sub`, `Mul`, `Div`, comparisons and `Where` with one that has a number for each element",
            "`[Param]` if the constant has a name of its own, else `[Buffer]`; then the join"),
    ];

    public static IEnumerable<PageRow> OutRows => [new("`[Param]`, `[Buffer]`", "an initializer and `Expand`, for the batch")];

    /// <summary>A constant as a layer. It stands behind <paramref name="beside"/>, a tensor that it is joined with.</summary>
    public static View Add(LayerBuilder layers, OnnxConstant constant, LayerTensor beside)
    {
        if (!constant.IsFloat && Array.Exists(constant.Integers, value => value is < -MostExact or > MostExact))
        {
            throw new UnsupportedException($"one of its tensors is a constant of integers beyond {MostExact}, which are no floats");
        }

        IReadOnlyList<int> shape = constant.Shape.Count == 0 ? [1] : constant.Shape;
        bool hasBatch = shape.Count > 1 && shape[0] == 1;
        string kind = constant.IsFloat && ModulePath.IsOwn(constant.Key) ? "Param" : "Buffer";
        Layer layer = Add(layers, kind, constant, shape, hasBatch, beside);
        return hasBatch ? View.Standard(layer) : new View(layer, [.. Enumerable.Range(0, layer.Shape.Count)]);
    }

    /// <summary>Whether a node is a layer that Strata saved.</summary>
    public static bool IsLayer(OnnxNode node) => node.Has("layer");

    /// <summary>A layer that Strata saved.</summary>
    public static void Restore(LayerBuilder layers, OnnxNode node)
    {
        OnnxConstant constant = node.Input.Constant!;

        // It stands behind the tensor that it is joined with, if it is joined with one.
        LayerTensor beside = layers.Inputs[0];
        for (OnnxValue moved = node.Output; moved.Readers is [{ } reader]; moved = reader.Output)
        {
            if (reader.Inputs.FirstOrDefault(input => input is not null && layers.IsKnown(input)) is { } joined)
            {
                beside = layers.ViewOf(joined).Tensor;
                break;
            }
        }

        layers.Set(node.Output, Add(
            layers, node.Text("layer"), constant, constant.Shape, constant.Shape.Count == node.Output.Shape.Count, beside));
    }

    private static Layer Add(
        LayerBuilder layers, string kind, OnnxConstant constant, IReadOnlyList<int> shape, bool hasBatch, LayerTensor beside)
    {
        IEnumerable<int> sample = hasBatch ? shape.Skip(1) : shape;
        LayerArgument[] arguments = [.. sample.Select(extent => new LayerArgument(null, extent)), new("BatchAxis", hasBatch)];
        if (arguments.Length - 1 > LayerBuilder.MostAxes)
        {
            throw new UnsupportedException($"a constant of {string.Join('×', shape)} has more than {LayerBuilder.MostAxes} axes");
        }

        return layers.Add(
            kind, beside, arguments, [new LayerParameter("", shape, () => [.. constant.Floats], constant)], constant);
    }

    private static string Repeat(LayerNodes nodes)
    {
        IReadOnlyList<int> shape = nodes.Layer.OutputShape;
        string tensor = nodes.Node("Expand", [nodes.Parameter(""), nodes.WholeShape(nodes.Input, shape)]);
        nodes.Graph.Comment(tensor, SourceComment.Of(nodes.Layer.Kind));
        return tensor;
    }
}
