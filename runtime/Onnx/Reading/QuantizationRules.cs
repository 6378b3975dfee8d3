using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Integers that stand for numbers: weights of quantised networks become the numbers. Activations stay as they are.</summary>
internal static class QuantizationRules
{
    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("DequantizeLinear", DequantizeLinear),
    ];

    private static bool DequantizeLinear(NodeReading node)
    {
        if (node.Inputs.Any(input => input is { Constant: null }) || node.X.Type != ElementType.Integer
            || node.Attributes.Integer("block_size") != 0)
        {
            return false;
        }

        OnnxValue numbers = node.Emit("Cast", [node.X], node.X.Shape, new() { { "to", 1L } }, ElementType.Float);
        if (node.Optional(2) is { } zero)
        {
            OnnxValue point = node.Emit("Cast", [zero], zero.Shape, new() { { "to", 1L } }, ElementType.Float);
            numbers = ElementwiseRules.Pair(node, "Sub", numbers, AlongAxis(node, point));
        }

        return node.Give(ElementwiseRules.Pair(node, "Mul", numbers, AlongAxis(node, node.Required(1))));
    }

    /// <summary>One number for each index along an axis.</summary>
    private static OnnxValue AlongAxis(NodeReading node, OnnxValue value)
    {
        if (value.Shape.Count != 1 || node.Rank < 2)
        {
            return value;
        }

        int axis = Shapes.Axis(node.Attributes.Integer("axis", 1), node.Rank);
        return node.Reshaped(value, [.. value.Shape, .. Enumerable.Repeat(1, node.Rank - axis - 1)]);
    }
}
