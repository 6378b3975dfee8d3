using System.Collections.Generic;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Operators of ONNX Runtime's own domain that are standard operators in other words.</summary>
internal static class MicrosoftRules
{
    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("Gelu", node => Gelu(node, "none")),
        KeyValuePair.Create<string, Rule>("BiasGelu", node => Gelu(node, "none")),
        KeyValuePair.Create<string, Rule>("FastGelu", node => Gelu(node, "tanh")),
        KeyValuePair.Create<string, Rule>("QuickGelu", node => node.Give(node.Emit(
            "Swish", [node.X], node.X.Shape, new() { { "alpha", node.Attributes.Float("alpha", 1.702f) } }))),
        KeyValuePair.Create<string, Rule>("FusedConv", FusedConv),
    ];

    private static bool Gelu(NodeReading node, string approximate)
    {
        OnnxValue x = node.Optional(1) is { } bias ? ElementwiseRules.Pair(node, "Add", node.X, bias) : node.X;
        return node.Give(node.Emit("Gelu", [x], x.Shape, new() { { "approximate", approximate } }));
    }

    /// <summary>A convolution, a sum and an activation in one.</summary>
    private static bool FusedConv(NodeReading node)
    {
        float[] parameters = node.Attributes.Floats("activation_params") ?? [];
        string activation = node.Attributes.Text("activation");
        Attributes? attributes = (activation, parameters) switch
        {
            ("" or "Relu" or "Sigmoid" or "Tanh", _) => [],
            ("LeakyRelu", [float alpha]) => new() { { "alpha", alpha } },
            ("HardSigmoid", [float alpha, float beta]) => new() { { "alpha", alpha }, { "beta", beta } },
            ("Clip", [float min, float max]) => new() { { "min", min }, { "max", max } },
            _ => null,
        };
        if (attributes is null)
        {
            return false;
        }

        OnnxValue value = WindowRules.Convolved(node, node.X, node.Required(1), node.Optional(2));
        value = node.Optional(3) is { } sum ? ElementwiseRules.Pair(node, "Add", value, sum) : value;
        return node.Give(activation.Length == 0 ? value : node.Emit(activation, [value], value.Shape, attributes));
    }
}
