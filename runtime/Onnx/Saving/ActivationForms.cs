using System;
using System.Collections.Generic;

namespace Strata.Onnx.Saving;

/// <summary>Activations that ONNX has as operators, or that are best written otherwise than by their formula.</summary>
internal static class ActivationForms
{
    public static IEnumerable<(string Kind, LayerForm Form)> All =>
    [
        ("ReLU", nodes => nodes.Node("Relu", nodes.Input)),
        ("ReLU6", nodes => Clip(nodes, 0, 6)),
        ("Hardtanh", nodes => Clip(nodes, nodes.Layer.Argument<double>("Min"), nodes.Layer.Argument<double>("Max"))),
        ("LeakyReLU", nodes => WithAlpha(nodes, "LeakyRelu", "slope")),
        ("PReLU", nodes => nodes.Node("PRelu", [nodes.Input, nodes.ForChannels("weight")])),
        ("ELU", nodes => WithAlpha(nodes, "Elu", "alpha")),
        ("CELU", nodes => WithAlpha(nodes, "Celu", "alpha")),
        ("SELU", nodes => nodes.Node("Selu", nodes.Input)),
        ("LogSigmoid", nodes => nodes.Node("Neg", nodes.Node("Softplus", nodes.Node("Neg", nodes.Input)))),
        ("Softsign", nodes => nodes.Node("Softsign", nodes.Input)),
        ("Softplus", nodes => Softplus(
            nodes, nodes.Input, nodes.Layer.Argument<double>("Beta"), nodes.Layer.Argument<double>("Threshold"))),
        ("Mish", Mish),
        ("GELU", nodes => Gelu(nodes, nodes.Input, nodes.Layer.Argument<bool>("Approximate"))),
        ("HardSigmoid", nodes => HardSigmoid(
            nodes, nodes.Input, nodes.Layer.Argument<double>("alpha"), nodes.Layer.Argument<double>("beta"))),
        ("HardSwish", nodes => HardSwish(nodes, nodes.Input)),
        ("Hardshrink", nodes => Shrink(nodes, isSoft: false)),
        ("Softshrink", nodes => Shrink(nodes, isSoft: true)),
        ("Threshold", Threshold),
        ("Pow", nodes => nodes.Node("Pow", [nodes.Input, nodes.Scalar("exponent", nodes.Layer.Argument<double>("exponent"))])),
        ("Clip", nodes => nodes.Node("Clip", [nodes.Input, Bound(nodes, "Min"), Bound(nodes, "Max")])),
        ("Affine", Affine),
    ];

    private static string WithAlpha(LayerNodes nodes, string type, string argument) =>
        nodes.Node(type, nodes.Input, NodeAttribute.Of("alpha", nodes.Layer.Argument<double>(argument)));

    private static string Clip(LayerNodes nodes, double least, double most) =>
        nodes.Node("Clip", [nodes.Input, nodes.Scalar("min", least), nodes.Scalar("max", most)]);

    public static string HardSwish(LayerNodes nodes, string x) =>
        nodes.Opset >= 14 ? nodes.Node("HardSwish", x) : nodes.Node("Mul", [x, HardSigmoid(nodes, x)]);

    public static string HardSigmoid(LayerNodes nodes, string x, double alpha = 1 / 6.0, double beta = 0.5) =>
        nodes.Node("HardSigmoid", x, NodeAttribute.Of("alpha", alpha), NodeAttribute.Of("beta", beta));

    /// <summary>A bound of a clip; empty if there is none.</summary>
    private static string Bound(LayerNodes nodes, string name) =>
        double.IsInfinity(nodes.Layer.Argument<double>(name)) ? "" : nodes.Scalar(name, nodes.Layer.Argument<double>(name));

    private static string Affine(LayerNodes nodes)
    {
        string scaled = nodes.Node("Mul", [nodes.Input, nodes.Scalar("factor", nodes.Layer.Argument<double>("a"))]);
        return nodes.Node("Add", [scaled, nodes.Scalar("summand", nodes.Layer.Argument<double>("b"))]);
    }

    private static string Shrink(LayerNodes nodes, bool isSoft)
    {
        // A soft shrink moves what is left towards 0.
        double lambda = nodes.Layer.Argument<double>("lambda");
        return nodes.Node("Shrink", nodes.Input, NodeAttribute.Of("lambd", lambda), NodeAttribute.Of("bias", isSoft ? lambda : 0));
    }

    private static string Threshold(LayerNodes nodes)
    {
        double threshold = nodes.Layer.Argument<double>("threshold"), value = nodes.Layer.Argument<double>("value");
        return value == 0
            ? nodes.Node("ThresholdedRelu", nodes.Input, NodeAttribute.Of("alpha", threshold))
            : nodes.Node("Where",
                [nodes.Node("Greater", [nodes.Input, nodes.Scalar("threshold", threshold)]), nodes.Input, nodes.Scalar("value", value)]);
    }

    public static string Softplus(LayerNodes nodes, string x, double beta, double threshold)
    {
        // Above this, a float's softplus is its argument.
        const double WithoutEffect = 20;
        string factor = beta == 1 ? "" : nodes.Scalar("beta", beta);
        string scaled = beta == 1 ? x : nodes.Node("Mul", [x, factor]);
        string result = nodes.Node("Softplus", scaled);
        result = beta == 1 ? result : nodes.Node("Div", [result, factor]);
        return threshold >= WithoutEffect ? result : nodes.Node(
            "Where", [nodes.Node("Greater", [scaled, nodes.Scalar("threshold", threshold)]), x, result]);
    }

    private static string Mish(LayerNodes nodes) => nodes.Opset >= 18
        ? nodes.Node("Mish", nodes.Input)
        : nodes.Node("Mul", [nodes.Input, nodes.Node("Tanh", nodes.Node("Softplus", nodes.Input))]);

    public static string Gelu(LayerNodes nodes, string x, bool approximate)
    {
        if (nodes.Opset >= 20)
        {
            return nodes.Node("Gelu", x, NodeAttribute.Of("approximate", approximate ? "tanh" : "none"));
        }

        string inner;
        if (approximate)
        {
            string cubed = nodes.Node("Mul", [nodes.Node("Mul", [x, x]), x]);
            string sum = nodes.Node("Add", [x, nodes.Node("Mul", [cubed, nodes.Scalar("cubic", 0.044715)])]);
            inner = nodes.Node("Tanh", nodes.Node("Mul", [sum, nodes.Scalar("factor", Math.Sqrt(2 / Math.PI))]));
        }
        else
        {
            inner = nodes.Node("Erf", nodes.Node("Div", [x, nodes.Scalar("root", Math.Sqrt(2))]));
        }

        string weight = nodes.Node("Add", [inner, nodes.Scalar("one", 1)]);
        return nodes.Node("Mul", [nodes.Node("Mul", [x, weight]), nodes.Scalar("half", 0.5)]);
    }
}
