using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Reading;

/// <summary>
/// Integers that stand for numbers. Floats hold them: rounding, clamping and the zero point become arithmetic. What computes with integers
/// becomes the same of the numbers that they stand for, between two such steps.
/// </summary>
internal static class QuantizationRules
{
    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("QuantizeLinear", QuantizeLinear),
        KeyValuePair.Create<string, Rule>("DequantizeLinear", DequantizeLinear),
        KeyValuePair.Create<string, Rule>("QLinearConv", QLinearConv),
        KeyValuePair.Create<string, Rule>("QLinearMatMul", node => OfTwo(node, "MatMul", axis: -1)),
    ];

    /// <summary>Operators of ONNX Runtime's own domain.</summary>
    public static IEnumerable<KeyValuePair<string, Rule>> OfMicrosoft { get; } =
    [
        KeyValuePair.Create<string, Rule>("QuantizeLinear", QuantizeLinear),
        KeyValuePair.Create<string, Rule>("DequantizeLinear", DequantizeLinear),
        KeyValuePair.Create<string, Rule>("QLinearAdd", node => OfTwo(node, "Add")),
        KeyValuePair.Create<string, Rule>("QLinearMul", node => OfTwo(node, "Mul")),
        KeyValuePair.Create<string, Rule>("QLinearSigmoid", node => OfOne(node, "Sigmoid")),
        KeyValuePair.Create<string, Rule>("QLinearLeakyRelu", node => OfOne(node, "LeakyRelu")),
        KeyValuePair.Create<string, Rule>("QLinearAveragePool", node => OfPixels(node, "AveragePool")),
        KeyValuePair.Create<string, Rule>("QLinearGlobalAveragePool", node => OfPixels(node, "GlobalAveragePool")),
        KeyValuePair.Create<string, Rule>("QLinearConcat", QLinearConcat),
        KeyValuePair.Create<string, Rule>("QGemm", QGemm),
    ];

    /// <summary>What these rules leave out.</summary>
    public static IEnumerable<string> Gone =>
    [
        "`QuantizeLinear` and `DequantizeLinear`, which are arithmetic, and `QLinearConv` and the like, which stand between two such steps",
    ];

    private static bool QuantizeLinear(NodeReading node)
    {
        if (node.X.Type != ElementType.Float || node.Attributes.Integer("block_size") != 0)
        {
            return node.Refuse(node.X.Type != ElementType.Float ? "it quantises integers" : "block_size is not 0");
        }

        long type = node.Attributes.Integer("output_dtype");
        (int Least, int Most)? range = type != 0 ? Tensors.RangeOf((int)type) : null;
        return (type == 0 || range is not null || node.Refuse(OtherIntegers)) && GiveQuantized(node, node.X, 1, range);
    }

    private const string OtherIntegers = "no type of 8 or 16 bits is known of its integers";

    private static bool DequantizeLinear(NodeReading node)
    {
        if (node.Attributes.Integer("block_size") != 0)
        {
            return node.Refuse("block_size is not 0");
        }

        return Dequantized(node, 0) is { } numbers && node.Give(numbers);
    }

    /// <summary>A convolution of x, w and perhaps a bias, whose integers stand for multiples of both scales' product.</summary>
    private static bool QLinearConv(NodeReading node)
    {
        if (Dequantized(node, 0) is not { } x || Dequantized(node, 3, axis: 0) is not { } w || !BiasOf(node, 8, out OnnxValue? bias))
        {
            return false;
        }

        return node.As("Conv", x, w, bias) is { } y && GiveQuantized(node, y, 6);
    }

    /// <summary>alpha·a·b, and perhaps a sum with c. Without a scale of the result, that is not quantised.</summary>
    private static bool QGemm(NodeReading node)
    {
        int columns = node.Attributes.Integer("transB") == 0 ? 1 : 0;
        if (Dequantized(node, 0) is not { } a || Dequantized(node, 3, columns) is not { } b || !BiasOf(node, 6, out OnnxValue? bias))
        {
            return false;
        }

        if (node.Optional(7) is null != node.Optional(8) is null)
        {
            return node.Refuse("its result has a scale or a zero point, and not both");
        }

        return node.As("Gemm", a, b, bias) is { } y && (node.Optional(7) is null ? node.Give(y) : GiveQuantized(node, y, 7));
    }

    private static bool OfOne(NodeReading node, string @operator) =>
        IsOfTensor(node, 1, 3) && Dequantized(node, 0) is { } x && node.As(@operator, x) is { } y
            && GiveQuantized(node, y, 3, like: node.X);

    /// <summary>An operator on two tensors. If the second one has several scales, they lie along this axis.</summary>
    private static bool OfTwo(NodeReading node, string @operator, int axis = 1) =>
        IsOfTensor(node, 1, 6) && Dequantized(node, 0) is { } a && Dequantized(node, 3, axis) is { } b
            && node.As(@operator, a, b) is { } y && GiveQuantized(node, y, 6, like: node.X);

    private static bool OfPixels(NodeReading node, string @operator) =>
        (node.Attributes.Integer("channels_last") == 0 || node.Refuse("its channels come last")) && OfOne(node, @operator);

    private static bool QLinearConcat(NodeReading node)
    {
        OnnxValue?[] parts = [.. Enumerable.Range(0, (node.Inputs.Length - 2) / 3).Select(i => Dequantized(node, 2 + (3 * i)))];
        return parts.All(part => part is not null) && node.As("Concat", parts) is { } y && GiveQuantized(node, y, 0);
    }

    /// <summary>The numbers for which integers stand: input <paramref name="first"/>, its scale and its zero point.</summary>
    /// <returns>Null if they have no normal form: the node then says why.</returns>
    private static OnnxValue? Dequantized(NodeReading node, int first, int axis = 1)
    {
        OnnxValue x = node.Required(first);
        if (x.Type is not (ElementType.Integer or ElementType.Quantized) || !IsGiven(node, first + 1))
        {
            node.Refuse(node.Reason ?? $"'{x.Name}' has no integers of few bits");
            return null;
        }

        axis = (int)node.Attributes.Integer("axis", axis);
        OnnxValue numbers = x.Type == ElementType.Quantized && x.Constant is null ? x : AsFloats(node, x);
        if (ZeroOf(node, first + 2) is { } zero)
        {
            numbers = ElementwiseRules.Pair(node, "Sub", numbers, AlongAxis(node, x, zero, axis));
        }

        return ElementwiseRules.Pair(node, "Mul", numbers, AlongAxis(node, x, node.Required(first + 1), axis));
    }

    /// <summary>
    /// Gives the integers that stand for numbers, by the scale and the zero point that are inputs from a place on. If no range is given, it
    /// is that of the zero point's type, else that of the integers that they are like.
    /// </summary>
    private static bool GiveQuantized(NodeReading node, OnnxValue x, int first, (int Least, int Most)? range = null, OnnxValue? like = null)
    {
        if (!IsGiven(node, first))
        {
            return false;
        }

        if ((range ?? (node.Optional(first + 1) is { } typed ? typed.Constant!.Range
            : like is null ? Tensors.RangeOf((int)DataType.Uint8) : RangeOf(like))) is not var (least, most))
        {
            return node.Refuse(OtherIntegers);
        }

        int axis = (int)node.Attributes.Integer("axis", 1);
        OnnxValue ratio = ElementwiseRules.Pair(node, "Div", x, AlongAxis(node, x, node.Required(first), axis));
        OnnxValue integers = node.Emit("Round", [ratio], x.Shape);
        if (ZeroOf(node, first + 1) is { } zero)
        {
            integers = ElementwiseRules.Pair(node, "Add", integers, AlongAxis(node, x, zero, axis));
        }

        return node.Give(node.Emit(
            "Clip", [integers], x.Shape, new() { { "min", (float)least }, { "max", (float)most } }, ElementType.Quantized));
    }

    /// <summary>
    /// The sum's constant part at a place: integers that stand for multiples of both scales' product, and of alpha, if there is one. The
    /// scales are inputs 1 and 4.
    /// </summary>
    private static bool BiasOf(NodeReading node, int index, out OnnxValue? bias)
    {
        bias = null;
        if (node.Optional(index) is not { } integers)
        {
            return true;
        }

        if (!node.IsConstantOrAbsent(index))
        {
            return false;
        }

        OnnxValue scales = ElementwiseRules.Pair(node, "Mul", node.Required(1), node.Required(4));
        if (node.Attributes.Float("alpha", 1) is var alpha and not 1)
        {
            scales = ElementwiseRules.Pair(node, "Mul", scales, NodeReading.Known([], alpha));
        }

        bias = ElementwiseRules.Pair(node, "Mul", AsFloats(node, integers), scales);
        return true;
    }

    /// <summary>Whether the scales at these places are those of whole tensors; else it is said that they are not.</summary>
    private static bool IsOfTensor(NodeReading node, params int[] scales) =>
        scales.All(place => node.Optional(place) is null or { Constant: null } or { Constant.Count: 1 })
            || node.Refuse("it has a scale for each row");

    /// <summary>The range of the type of integers, as far as it is known.</summary>
    private static (int Least, int Most)? RangeOf(OnnxValue integers) => integers switch
    {
        { Constant: { } constant } => constant.Range,
        { Producer: { Operator: "Clip", Output.Type: ElementType.Quantized } clip } => ((int)clip.Float("min"), (int)clip.Float("max")),
        _ => null,
    };

    /// <summary>Whether the scale at a place, and the zero point behind it, are constant; else it is said why not.</summary>
    private static bool IsGiven(NodeReading node, int scale) => node.IsConstantOrAbsent(scale) && node.IsConstantOrAbsent(scale + 1);

    /// <summary>The zero point as numbers; null if it is 0.</summary>
    private static OnnxValue? ZeroOf(NodeReading node, int index) =>
        node.Optional(index) is { } zero && zero.Constant!.Floats.Any(one => one != 0) ? AsFloats(node, zero) : null;

    private static OnnxValue AsFloats(NodeReading node, OnnxValue integers) =>
        node.Emit("Cast", [integers], integers.Shape, new() { { "to", (long)DataType.Float } }, ElementType.Float);

    /// <summary>One number for each index along an axis of a tensor.</summary>
    private static OnnxValue AlongAxis(NodeReading node, OnnxValue tensor, OnnxValue value, int axis)
    {
        int rank = tensor.Shape.Count;
        return value.Shape.Count != 1 || rank < 2 || value.Shape[0] == 1 ? value
            : node.Reshaped(value, [.. value.Shape, .. Enumerable.Repeat(1, rank - Shapes.Axis(axis, rank) - 1)]);
    }
}
