using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Operators of ONNX Runtime's own domain that are standard operators in other words.</summary>
internal static class MicrosoftRules
{
    /// <summary>That of its layer norms.</summary>
    private const float UsualEpsilon = 1e-12f;

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        KeyValuePair.Create<string, Rule>("Gelu", node => Gelu(node, "none")),
        KeyValuePair.Create<string, Rule>("BiasGelu", node => Gelu(node, "none")),
        KeyValuePair.Create<string, Rule>("FastGelu", node => Gelu(node, "tanh")),
        KeyValuePair.Create<string, Rule>("QuickGelu", node => node.Give(node.Emit(
            "Swish", [node.X], node.X.Shape, new() { { "alpha", node.Attributes.Float("alpha", 1.702f) } }))),
        KeyValuePair.Create<string, Rule>("FusedConv", FusedConv),
        KeyValuePair.Create<string, Rule>("FusedGemm", FusedGemm),
        KeyValuePair.Create<string, Rule>("FusedMatMul", FusedMatMul),
        KeyValuePair.Create<string, Rule>("SkipLayerNormalization", SkipLayerNormalization),
        .. QuantizationRules.OfMicrosoft,
    ];

    private static bool Gelu(NodeReading node, string approximate)
    {
        OnnxValue x = node.Optional(1) is { } bias ? ElementwiseRules.Pair(node, "Add", node.X, bias) : node.X;
        return node.Give(node.Emit("Gelu", [x], x.Shape, new() { { "approximate", approximate } }));
    }

    /// <summary>A convolution, a sum and an activation in one.</summary>
    private static bool FusedConv(NodeReading node)
    {
        string activation = node.Attributes.Text("activation");
        if (ActivationOf(activation, node.Attributes.Floats("activation_params") ?? []) is not { } attributes)
        {
            return node.Refuse($"its activation is '{activation}'");
        }

        OnnxValue value = WindowRules.Convolved(node, node.X, node.Required(1), node.Optional(2));
        value = node.Optional(3) is { } sum ? ElementwiseRules.Pair(node, "Add", value, sum) : value;
        return node.Give(Activated(node, value, activation, attributes));
    }

    /// <summary>A product and an activation in one.</summary>
    private static bool FusedGemm(NodeReading node)
    {
        string activation = node.Attributes.Text("activation");
        float[] parameters = activation switch
        {
            "LeakyRelu" => [node.Attributes.Float("activation_alpha", 0.01f)],
            "HardSigmoid" => [node.Attributes.Float("activation_alpha", 0.2f), node.Attributes.Float("activation_beta", 0.5f)],
            _ => [],
        };
        return ActivationOf(activation, parameters) is { } attributes
            ? node.Give(Activated(node, ProductRules.Multiplied(node), activation, attributes))
            : node.Refuse($"its activation is '{activation}'");
    }

    /// <summary>A product of matrices that may be transposed, times a number.</summary>
    private static bool FusedMatMul(NodeReading node)
    {
        if (node.Attributes.Integer("transBatchA") != 0 || node.Attributes.Integer("transBatchB") != 0)
        {
            return node.Refuse("it moves the first axis of its matrices (transBatchA, transBatchB)");
        }

        OnnxValue product = ProductRules.Product(node, Operand(0, "transA"), Operand(1, "transB"));
        float alpha = node.Attributes.Float("alpha", 1);
        return node.Give(alpha.Equals(1f) ? product : ElementwiseRules.Pair(node, "Mul", product, NodeReading.Known([], alpha)));

        OnnxValue Operand(int index, string attribute)
        {
            OnnxValue value = node.Required(index);
            int rank = value.Shape.Count;
            return node.Attributes.Integer(attribute) == 0 || rank < 2 ? value
                : ShapeRules.Transposed(node, value, [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]);
        }
    }

    /// <summary>A sum and its layer norm.</summary>
    private static bool SkipLayerNormalization(NodeReading node)
    {
        if (node.IsRead.Skip(1).Take(2).Any(read => read))
        {
            return node.Refuse("its mean or its deviation is read");
        }

        OnnxValue sum = ElementwiseRules.Pair(node, "Add", node.X, node.Required(1));
        sum = node.Optional(4) is { } bias ? ElementwiseRules.Pair(node, "Add", sum, bias) : sum;
        OnnxValue result = NormalizationRules.LayerNormalized(
            node, sum, sum.Shape.Count - 1, node.Required(2), node.Optional(3), UsualEpsilon);
        return node.Give(node.IsRead.Length > 3 ? [result, sum, sum, sum] : [result]);
    }

    private static OnnxValue Activated(NodeReading node, OnnxValue value, string activation, Attributes attributes) =>
        activation.Length == 0 ? value : node.Emit(activation, [value], value.Shape, attributes);

    /// <summary>The attributes of an activation, or null for one that is not known.</summary>
    private static Attributes? ActivationOf(string activation, float[] parameters) => (activation, parameters) switch
    {
        ("" or "Relu" or "Sigmoid" or "Tanh", _) => [],
        ("LeakyRelu", [float alpha]) => new() { { "alpha", alpha } },
        ("HardSigmoid", [float alpha, float beta]) => new() { { "alpha", alpha }, { "beta", beta } },
        ("Clip", [float min, float max]) => new() { { "min", min }, { "max", max } },
        _ => null,
    };
}
