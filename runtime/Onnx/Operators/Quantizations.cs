using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Operators;

/// <summary>Numbers that integers of few bits can stand for.</summary>
internal static class Quantizations
{
    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out => [("FakeQuantize", Write)];

    public static IEnumerable<PageRow> InRows =>
    [
        new(
            "`QuantizeLinear` and `DequantizeLinear` of activations: integers of 8 or 16 bits, one scale or one for each channel",
            "`[FakeQuantize]`"),
        new("`DequantizeLinear` of weights", "nothing: they are computed"),
        new(
            "`QLinearConv`, `QLinearMatMul`; ONNX Runtime's `QGemm`, `QLinearAdd`, `QLinearMul`, `QLinearConcat`, `QLinearSigmoid`, "
            + "`QLinearLeakyRelu`, `QLinearAveragePool`, `QLinearGlobalAveragePool`",
            "the layer of the same numbers, between `[FakeQuantize]`s"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new(
            "`[FakeQuantize]`",
            "`QuantizeLinear`, `DequantizeLinear` where its range is that of an integer type, else `Div`, `Round`, `Clip` and arithmetic"),
        new(
            "rounded weights of convolutions and `[Dense]` behind `[FakeQuantize]`, in a network that multiplies integers",
            "`DequantizeLinear` of integers of 8 bits, with the `[BatchNorm]` behind the layer in them and in the bias"),
    ];

    /// <summary>A layer of the numbers for which integers of a range can stand.</summary>
    public static NodeForm Of(OnnxConstant scale, OnnxConstant? zero, float least, float most) => (layers, node) =>
        layers.Set(node.Output, Rounded(layers, layers.ViewOf(node.Input), scale, zero, least, most));

    /// <summary>
    /// The integers themselves, where channels have scales of their own: numbers that are rounded before they are multiplied by 1/s. So the
    /// rounding of this product cannot lead to another integer.
    /// </summary>
    public static NodeForm IntegersOf(OnnxConstant scale, OnnxConstant? zero, float least, float most) => (layers, node) =>
    {
        View rounded = Rounded(layers, layers.ViewOf(node.Input), scale, zero, least, most);
        float[] scales = AffineMap.Broadcast(rounded, scale), zeros = zero is null ? [0] : AffineMap.Broadcast(rounded, zero);
        View integers = AffineLayers.Apply(layers, rounded, new AffineMap([.. scales.Select(one => 1 / one)], zeros));
        layers.Set(node.Output, integers.Of(layers.Add("Round", integers.Tensor)));
    };

    private static View Rounded(LayerBuilder layers, View view, OnnxConstant scale, OnnxConstant? zero, float least, float most)
    {
        float[] scales = AffineMap.Broadcast(view, scale), zeros = zero is null ? [0] : AffineMap.Broadcast(view, zero);
        int count = Math.Max(scales.Length, zeros.Length), channels = view.Tensor.Shape[0];
        if (count != 1 && count != channels)
        {
            throw new UnsupportedException("its scales are not those of channels");
        }

        LayerArgument[] arguments =
        [
            .. least.Equals(0f) ? (LayerArgument[])[] : [new("QuantMin", (int)least)],
            .. most.Equals(255f) ? (LayerArgument[])[] : [new("QuantMax", (int)most)],
            .. count == 1 ? (LayerArgument[])[] : [new("PerChannel", true)],
        ];
        LayerParameter Parameter(string suffix, float[] values, OnnxConstant? constant) => constant is null
            ? new(suffix, [count], () => new float[count], "")
            : new(suffix, [count], () => [.. Enumerable.Range(0, count).Select(c => values[values.Length == 1 ? 0 : c])], constant);
        return view.Of(layers.Add(
            "FakeQuantize", view.Tensor, arguments, [Parameter("scale", scales, scale), Parameter("zero_point", zeros, zero)]));
    }

    /// <summary>The nodes of integers if their type has the layer's range, else arithmetic.</summary>
    private static string Write(LayerNodes nodes)
    {
        int least = nodes.Layer.Argument<int>("QuantMin"), most = nodes.Layer.Argument<int>("QuantMax");
        bool perChannel = nodes.Layer.Argument<bool>("PerChannel");
        (DataType Type, int Since)? form = (least, most) switch
        {
            (byte.MinValue, byte.MaxValue) => (DataType.Uint8, 10),
            (sbyte.MinValue, sbyte.MaxValue) => (DataType.Int8, 10),
            (ushort.MinValue, ushort.MaxValue) => (DataType.Uint16, 21),
            (short.MinValue, short.MaxValue) => (DataType.Int16, 21),
            _ => null,
        };
        if (form is var (type, since) && nodes.Opset >= (perChannel ? Math.Max(since, 13) : since))
        {
            IReadOnlyList<int>? shape = perChannel ? null : [];
            string scale = nodes.Parameter("scale", shape);
            string zero = nodes.Node("Cast", nodes.Parameter("zero_point", shape), NodeAttribute.Create("to", (int)type));
            return nodes.Node("DequantizeLinear", [nodes.Node("QuantizeLinear", [nodes.Input, scale, zero]), scale, zero]);
        }

        string Own(string suffix) => perChannel ? nodes.ForChannels(suffix) : nodes.Parameter(suffix, []);
        string integers = nodes.Node("Add", [nodes.Node("Round", nodes.Node("Div", [nodes.Input, Own("scale")])), Own("zero_point")]);
        string clamped = nodes.Node("Clip", [integers, nodes.Scalar("min", least), nodes.Scalar("max", most)]);
        return nodes.Node("Mul", [nodes.Node("Sub", [clamped, Own("zero_point")]), Own("scale")]);
    }
}
