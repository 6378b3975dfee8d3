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
        int[] kernel = node.Integers("kernel_shape"), pads = node.Integers("pads");
        var arguments = new LayerArguments();
        arguments.AddKernel(kernel);
        arguments.AddAxes("Stride", node.Integers("strides"), kernel);
        arguments.AddPads("Padding", pads);
        arguments.AddAxes("Dilation", node.Integers("dilations"), 1);
        arguments.Add("CeilMode", node.Integer("ceil_mode") != 0, false);
        if (kind == "AveragePool" && pads.Any(pad => pad != 0))
        {
            arguments.Add("CountIncludePad", node.Integer("count_include_pad") != 0, true);
        }

        translation.Set(node.Output, translation.Add(
            Convolutions.Kind(kind, Convolutions.Rank(node)), translation.Standard(node.Input), [.. node.Output.Shape.Skip(1)],
            (LayerArgument[])arguments));
    }

    private static void Global(Translation translation, OnnxNode node, string kind) => translation.Set(
        node.Output, translation.Add(
            Convolutions.Kind(kind, Convolutions.Rank(node)), translation.Standard(node.Input), [.. node.Output.Shape.Skip(1)]));

    private static void GlobalL2(Translation translation, OnnxNode node)
    {
        CheckOrder(node, "L2Pool");
        var arguments = new LayerArguments();
        arguments.AddKernel([.. node.Input.Shape.Skip(2)]);
        translation.Set(node.Output, translation.Add(
            Convolutions.Kind("L2Pool", Convolutions.Rank(node)), translation.Standard(node.Input), [.. node.Output.Shape.Skip(1)],
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
