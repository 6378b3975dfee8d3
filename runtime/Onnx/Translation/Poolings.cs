using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>Poolings.</summary>
internal static class Poolings
{
    public static readonly Dictionary<string, Action<Translation, OnnxNode>> Operators = new(StringComparer.Ordinal)
    {
        ["MaxPool"] = (t, node) => Pool(t, node, "MaxPool"),
        ["AveragePool"] = (t, node) => Pool(t, node, "AveragePool"),
        ["LpPool"] = (t, node) => Pool(t, node, "L2Pool"),
        ["GlobalMaxPool"] = (t, node) => Global(t, node, "GlobalMaxPool"),
        ["GlobalAveragePool"] = (t, node) => Global(t, node, "GlobalAveragePool"),
        ["GlobalLpPool"] = GlobalL2,
        ["MaxUnpool"] = Unpool,
    };

    private static void Pool(Translation translation, OnnxNode node, string kind)
    {
        CheckOrder(node, kind);
        int[] kernel = node.Integers("kernel_shape"), dilations = node.Integers("dilations"), pads = node.Integers("pads");
        if (kind != "MaxPool" && dilations.Any(dilation => dilation != 1))
        {
            throw new UnsupportedException($"its windows are dilated by {string.Join(", ", dilations)}; only [MaxPool] dilates");
        }

        LayerTensor input = translation.Standard(node.Input);
        bool ceil = node.Integer("ceil_mode") != 0;
        if (pads.Where((pad, i) => pad > Span(node, i % kernel.Length) / 2).Any())
        {
            input = Padded(translation, node, kind, input, pads);
            (pads, ceil) = ([.. pads.Select(_ => 0)], false);
        }

        string layer = Convolutions.Kind(kind, Convolutions.Rank(node));
        var arguments = new LayerArguments(layer);
        arguments.AddKernel(kernel);
        arguments.AddAxes("Stride", node.Integers("strides"), kernel);
        arguments.AddPads("Padding", pads);
        if (kind == "MaxPool")
        {
            arguments.AddAxes("Dilation", dilations);
        }

        arguments.Add("CeilMode", ceil);
        if (kind == "AveragePool" && pads.Any(pad => pad != 0))
        {
            arguments.Add("CountIncludePad", node.Integer("count_include_pad") != 0);
        }

        translation.Set(node.Output, translation.Add(layer, input, [.. node.Output.Shape.Skip(1)], (LayerArgument[])arguments));
    }

    /// <summary>How far a window reaches along an axis.</summary>
    private static int Span(OnnxNode node, int axis) =>
        (node.Integers("dilations")[axis] * (node.Integers("kernel_shape")[axis] - 1)) + 1;

    /// <summary>
    /// The input with a border, for a pooling that pads by more than half of its windows. The border of a maximum repeats the outermost
    /// pixels: each window that reaches out has them, too.
    /// </summary>
    private static LayerTensor Padded(Translation translation, OnnxNode node, string kind, LayerTensor input, int[] pads)
    {
        int[] strides = node.Integers("strides");
        int rank = strides.Length;
        int[] around = [.. pads];
        for (int axis = 0; axis < rank; axis++)
        {
            // As far as the last window reaches: ceil mode may go beyond the pads, and floor mode may leave some out.
            int reach = ((node.Output.Shape[2 + axis] - 1) * strides[axis]) + Span(node, axis);
            around[rank + axis] = Math.Max(0, reach - node.Input.Shape[2 + axis] - pads[axis]);
        }

        bool isBeyond = Enumerable.Range(0, rank).Any(axis => around[rank + axis] > pads[rank + axis]);
        if (kind == "MaxPool" ? node.Integers("dilations").Any(dilation => dilation != 1)
            : kind == "AveragePool" && (node.Integer("count_include_pad") == 0 || isBeyond))
        {
            throw new UnsupportedException($"its pads {string.Join(", ", pads)} are more than half of its windows");
        }

        return Moves.Padded(translation, input, around, kind == "MaxPool" ? "edge" : "constant", 0);
    }

    private static void Global(Translation translation, OnnxNode node, string kind) => translation.Set(
        node.Output, translation.Add(
            Convolutions.Kind(kind, Convolutions.Rank(node)), translation.Standard(node.Input), [.. node.Output.Shape.Skip(1)]));

    private static void GlobalL2(Translation translation, OnnxNode node)
    {
        CheckOrder(node, "L2Pool");
        string layer = Convolutions.Kind("L2Pool", Convolutions.Rank(node));
        var arguments = new LayerArguments(layer);
        arguments.AddKernel([.. node.Input.Shape.Skip(2)]);
        translation.Set(node.Output, translation.Add(
            layer, translation.Standard(node.Input), [.. node.Output.Shape.Skip(1)],
            (LayerArgument[])arguments));
    }

    private static void CheckOrder(OnnxNode node, string kind)
    {
        if (kind == "L2Pool" && node.Integer("p", 2) != 2)
        {
            throw new UnsupportedException($"its p is {node.Integer("p")}; Strata's is 2");
        }
    }

    private static void Unpool(Translation translation, OnnxNode node)
    {
        OnnxNode? pool = node.Inputs[1]?.Producer;
        if (pool?.Operator != "MaxPool" || !ReferenceEquals(pool.Outputs.ElementAtOrDefault(1), node.Inputs[1])
            || translation.ViewOf(pool.Output).Tensor is not Layer layer)
        {
            throw new UnsupportedException("its indices are not those of a max pooling");
        }

        if (!node.Output.Shape.SequenceEqual(pool.Input.Shape))
        {
            throw new UnsupportedException("its output has not the shape of the pooling's input");
        }

        translation.Set(node.Output, translation.Add(
            Convolutions.Kind("MaxUnpool", Convolutions.Rank(node)), [translation.Standard(node.Input), layer],
            [.. node.Output.Shape.Skip(1)]));
    }
}
