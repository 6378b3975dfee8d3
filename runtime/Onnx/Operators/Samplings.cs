using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Operators;

/// <summary>The largest elements, elements at indices, and elements at points.</summary>
internal static class Samplings
{
    /// <summary>The first operator set that has <c>GridSample</c>, and the first where its modes have other names.</summary>
    private const int HasGridSample = 16, HasVolumes = 20;

    /// <summary>Nodes that become layers.</summary>
    public static readonly Dictionary<string, NodeForm> In = new(StringComparer.Ordinal)
    {
        ["TopK"] = TopK,
        ["GatherElements"] = Gather,
        ["GridSample"] = Sample,
        ["Embedding"] = Embedding,
    };

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out =>
        [("TopK", TopK), ("Gather", Gather), ("GridSample", Sample), ("Embedding", Embedding)];

    public static IEnumerable<PageRow> InRows =>
    [
        new("`TopK`", "`[TopK]`; the values at indices that are read, too, by `[Gather]`. They are sorted also if `sorted` is 0"),
        new("`GatherElements`", "`[Gather]`; NaN where there is no such element, where ONNX Runtime stops"),
        new("`GridSample`", "`[GridSample]`"),
        new(
            "`Gather` of rows of a constant table by numbers of the input (`Embedding` in normal form)",
            "`[Embedding]`; NaN where there is no such row, where ONNX Runtime stops"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new("`[TopK]`", "`TopK`, and `Cast` of indices to floats; ONNX does not say where NaN stands"),
        new("`[Gather]`", "`Cast` of indices to integers, `GatherElements`"),
        new("`[GridSample]`", "`GridSample`, from operator set 16 on, and of volumes from 20 on"),
        new("`[Embedding]`", "`Cast` of indices to integers, `Squeeze`, `Gather` of rows of the table, `Transpose`"),
    ];

    private static void TopK(LayerBuilder layers, OnnxNode node)
    {
        View view = layers.ViewOf(node.Input);
        bool indices = node.Integer("indices") != 0;
        if (view.AxesOf([node.Integer("axis")]) is not [var along])
        {
            // Of one element, along an axis that only the file has: its index is 0.
            layers.Set(node.Output, indices ? view.Of(layers.Add("Greater", [view.Tensor, view.Tensor])) : view);
            return;
        }

        Axes axis = Reductions.AxisAt(view.Tensor.Shape.Count, along);
        OnnxNode? places = indices ? null : node.Input.Readers.FirstOrDefault(other => other.Operator == "TopK"
            && other.Integer("indices") != 0 && other.Integer("k") == node.Integer("k") && other.Integer("axis") == node.Integer("axis")
            && other.Integer("largest") == node.Integer("largest") && layers.IsKnown(other.Output));
        Layer layer = places is not null
            ? layers.Add("Gather", [view.Tensor, layers.ViewOf(places.Output).Tensor], [new("Axis", axis)])
            : layers.Add("TopK", view.Tensor,
            [
                new(null, node.Integer("k")), new("Axis", axis), new("Largest", node.Integer("largest") != 0), new("Indices", indices),
            ]);
        layers.Set(node.Output, view.Of(layer));
    }

    private static void Gather(LayerBuilder layers, OnnxNode node)
    {
        int axis = node.Integer("axis");
        if (axis == 0)
        {
            throw new UnsupportedException("it takes samples of the batch");
        }

        LayerTensor[] inputs = Standard(layers, node);
        layers.Set(node.Output, layers.Add("Gather", inputs, [new("Axis", Reductions.AxisAt(inputs[0].Shape.Count, axis - 1))]));
    }

    private static void Sample(LayerBuilder layers, OnnxNode node)
    {
        GridSampleMode mode = node.Text("mode") switch
        {
            "nearest" => GridSampleMode.Nearest,
            "cubic" => GridSampleMode.Bicubic,
            _ => GridSampleMode.Bilinear,
        };
        GridPaddingMode padding = node.Text("padding_mode") switch
        {
            "border" => GridPaddingMode.Border,
            "reflection" => GridPaddingMode.Reflection,
            _ => GridPaddingMode.Zeros,
        };
        layers.Set(node.Output, layers.Add(
            "GridSample", Standard(layers, node),
            [new("Mode", mode), new("PaddingMode", padding), new("AlignCorners", node.Integer("align_corners") != 0)]));
    }

    private static void Embedding(LayerBuilder layers, OnnxNode node)
    {
        OnnxConstant table = node.Inputs[1]!.Constant!;
        View view = layers.ViewOf(node.Input);
        int[] batch = view.Shape is [1, ..] ? [-1] : [], sample = [.. view.Shape.Skip(batch.Length)];

        // The layer reads a flat tensor, or one channel.
        LayerTensor indices = layers.Ordered(view, view.Axes);
        if (indices.Shape is not ([_] or [1, ..]))
        {
            indices = layers.Shaped(indices, sample.Length < LayerBuilder.MostAxes ? [1, .. sample] : [Extents.Product(sample)]);
        }

        Layer rows = layers.Add(
            "Embedding", indices, [new(null, table.Shape[0]), new(null, table.Shape[1])],
            [new LayerParameter("weight", table.Shape, () => [.. table.Floats], table)], table);
        int[] order = [.. batch, .. Enumerable.Range(1, rows.Shape.Count - 1), 0];
        if (new View(rows, order).Reshaped(node.Output.Shape) is { } result)
        {
            layers.Set(node.Output, result);
            return;
        }

        // Single numbers need no axis.
        bool isRow = table.Shape[1] > 1;
        LayerTensor shaped = layers.Shaped(rows, isRow ? [table.Shape[1], .. sample] : sample);
        layers.Set(node.Output, new View(shaped, [.. batch, .. sample.Select((_, axis) => isRow ? axis + 1 : axis), isRow ? 0 : -1]));
    }

    /// <summary>Both tensors in the order of the file. One of them may be constant.</summary>
    private static LayerTensor[] Standard(LayerBuilder layers, OnnxNode node)
    {
        LayerTensor beside = layers.ViewOf(node.Inputs.First(input => input!.Constant is null)!).Tensor;
        return [.. node.Inputs.Select(input => input!.Constant is { } constant
            ? layers.Standard(Sources.Add(layers, constant, beside), input.Shape) : layers.Standard(input))];
    }

    private static int AxisOf(LayerNodes nodes) =>
        Reductions.AxesOf(nodes.Layer.InputShape.Count, nodes.Layer.Argument<Axes>("Axis")).Single();

    private static string TopK(LayerNodes nodes)
    {
        string values = nodes.Node(
            "TopK", [nodes.Input, nodes.Integers("k", nodes.Layer.Argument<int>("k"))], NodeAttribute.Create("axis", AxisOf(nodes)),
            NodeAttribute.Create("largest", nodes.Layer.Argument<bool>("Largest")));
        string indices = nodes.Graph.AddOutput(values, $"{nodes.Layer.Name}/indices");
        return !nodes.Layer.Argument<bool>("Indices") ? values
            : nodes.Node("Cast", indices, NodeAttribute.Create("to", (int)DataType.Float));
    }

    private static string Gather(LayerNodes nodes)
    {
        string indices = nodes.Node("Cast", nodes.Inputs[1], NodeAttribute.Create("to", (int)DataType.Int64));
        IReadOnlyList<int> own = nodes.Layer.InputShapes[1], whole = nodes.Layer.OutputShape;
        if (!own.SequenceEqual(whole))
        {
            indices = nodes.Node("Expand", [indices, nodes.WholeShape(nodes.Input, whole)]);
        }

        return nodes.Node("GatherElements", [nodes.Input, indices], NodeAttribute.Create("axis", AxisOf(nodes)));
    }

    private static string Embedding(LayerNodes nodes)
    {
        string indices = nodes.Node("Cast", nodes.Input, NodeAttribute.Create("to", (int)DataType.Int64));
        int axes = nodes.Layer.InputShape.Count;
        if (axes > 1)
        {
            axes--;
            indices = nodes.Opset >= 13 ? nodes.Node("Squeeze", [indices, nodes.Integers("axes", 1)])
                : nodes.Node("Squeeze", indices, NodeAttribute.Create("axes", [1]));
        }

        string rows = nodes.Node("Gather", [nodes.Parameter("weight"), indices]);
        return nodes.Transpose(rows, [0, axes + 1, .. Enumerable.Range(1, axes)]);
    }

    private static string Sample(LayerNodes nodes)
    {
        bool isVolume = nodes.Layer.InputShape.Count == 4;
        int least = isVolume ? HasVolumes : HasGridSample;
        if (nodes.Opset < least)
        {
            throw new NotSupportedException(
                $"GridSample '{nodes.Layer.Name}' {(isVolume ? "of a volume " : "")}needs operator set {least}, but OpsetVersion is "
                + $"{nodes.Opset}.");
        }

        bool isNew = nodes.Opset >= HasVolumes;
        string mode = nodes.Layer.Argument<GridSampleMode>("Mode") switch
        {
            GridSampleMode.Nearest => "nearest",
            GridSampleMode.Bicubic => isNew ? "cubic" : "bicubic",
            _ => isNew ? "linear" : "bilinear",
        };
        string padding = nodes.Layer.Argument<GridPaddingMode>("PaddingMode") switch
        {
            GridPaddingMode.Border => "border",
            GridPaddingMode.Reflection => "reflection",
            _ => "zeros",
        };
        return nodes.Node(
            "GridSample", nodes.Inputs, NodeAttribute.Create("mode", mode), NodeAttribute.Create("padding_mode", padding),
            NodeAttribute.Create("align_corners", nodes.Layer.Argument<bool>("AlignCorners")));
    }
}
