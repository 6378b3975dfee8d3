using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>Convolutions, also transposed ones.</summary>
internal static class Convolutions
{
    public static readonly Dictionary<string, Action<Translation, OnnxNode>> Operators = new(StringComparer.Ordinal)
    {
        ["Conv"] = Conv,
        ["ConvTranspose"] = ConvTranspose,
    };

    private static void Conv(Translation translation, OnnxNode node)
    {
        OnnxConstant weight = Weight(node);
        int rank = Rank(node);
        LayerTensor input = translation.Standard(node.Input);
        int[] pads = node.Integers("pads");
        if (input is Layer layer && Moves.PadsOf(layer) is { } padded && !translation.IsShared(layer))
        {
            // Zeros around the input are the convolution's own padding.
            translation.Remove(layer);
            input = layer.Inputs[0];
            pads = [.. pads.Zip(padded, (own, more) => own + more)];
        }

        Refuse(pads);
        OnnxConstant? bias = Bias(node);
        string kind = Kind("Conv", rank);
        var arguments = new LayerArguments(kind) { weight.Shape[0] };
        arguments.AddKernel([.. weight.Shape.Skip(2)]);
        arguments.AddAxes("Stride", node.Integers("strides"));
        arguments.AddPads("Padding", pads);
        arguments.AddAxes("Dilation", node.Integers("dilations"));
        arguments.Add("Groups", node.Integer("group"));
        arguments.Add("Bias", bias is not null);
        Add(translation, node, kind, input, arguments, weight, bias);
    }

    private static void ConvTranspose(Translation translation, OnnxNode node)
    {
        OnnxConstant weight = Weight(node);
        int[] pads = node.Integers("pads");
        Refuse(pads);
        int[] more = node.Integers("output_padding"), strides = node.Integers("strides"), dilations = node.Integers("dilations");
        if (more.Where((padding, i) => padding > 0 && padding >= Math.Max(strides[i], dilations[i])).Any())
        {
            throw new UnsupportedException(
                $"its output_padding {string.Join(", ", more)} is not below its strides {string.Join(", ", strides)} or its dilations");
        }

        OnnxConstant? bias = Bias(node);
        string kind = Kind("ConvTranspose", Rank(node));
        var arguments = new LayerArguments(kind) { weight.Shape[1] * node.Integer("group") };
        arguments.AddKernel([.. weight.Shape.Skip(2)]);
        arguments.AddAxes("Stride", strides);
        arguments.AddPads("Padding", pads);
        arguments.AddAxes("OutputPadding", more);
        arguments.AddAxes("Dilation", dilations);
        arguments.Add("Groups", node.Integer("group"));
        arguments.Add("Bias", bias is not null);
        Add(translation, node, kind, translation.Standard(node.Input), arguments, weight, bias);
    }

    private static void Add(
        Translation translation, OnnxNode node, string kind, LayerTensor input, LayerArguments arguments, OnnxConstant weight,
        OnnxConstant? bias)
    {
        if (IsCount(weight))
        {
            arguments.Add("Frozen", true);
            translation.Warnings.Frozen(node);
        }

        var parameters = new List<LayerParameter> { new("weight", weight.Shape, () => weight.Floats, weight.Key) };
        if (bias is not null)
        {
            parameters.Add(new("bias", [bias.Floats.Length], () => bias.Floats, bias.Key));
        }

        translation.Set(node.Output, translation.Add(
            kind, input, [.. node.Output.Shape.Skip(1)], (LayerArgument[])arguments, parameters, weight, bias));
    }

    /// <summary>Whether the weights are 0, 1, 2, …: the bins of a detector, whose mean its convolution computes.</summary>
    private static bool IsCount(OnnxConstant weight)
    {
        const int Few = 3, Many = 4096;
        return weight.Shape[0] == 1 && Extents.Product(weight.Shape) is >= Few and <= Many and var count
            && weight.Floats.SequenceEqual(Enumerable.Range(0, count).Select(i => (float)i));
    }

    /// <summary>The name of a layer for a number of axes: <c>Conv2D</c>.</summary>
    public static string Kind(string stem, int rank) => string.Create(CultureInfo.InvariantCulture, $"{stem}{rank}D");

    /// <summary>The number of axes on which windows move: 1 to 3.</summary>
    public static int Rank(OnnxNode node)
    {
        int rank = node.Input.Shape.Count - 2;
        return rank is >= 1 and <= 3
            ? rank : throw new UnsupportedException($"its windows move along {rank} axes; Strata's move along 1 to 3");
    }

    private static OnnxConstant Weight(OnnxNode node) =>
        node.Inputs[1]!.Constant ?? throw new UnsupportedException("its weights depend on the input");

    private static OnnxConstant? Bias(OnnxNode node) => node.Inputs.Count < 3 || node.Inputs[2] is not { } bias
        ? null : bias.Constant ?? throw new UnsupportedException("its bias depends on the input");

    private static void Refuse(int[] pads)
    {
        if (Array.Exists(pads, pad => pad < 0))
        {
            throw new UnsupportedException($"its pads {string.Join(", ", pads)} take elements away");
        }
    }
}
