using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>Functions of single numbers.</summary>
internal static class Activations
{
    /// <summary>Nodes without attributes, whose layers have their names.</summary>
    private static readonly string[] SameNames =
    [
        "Sigmoid", "Tanh", "Softplus", "Softsign", "HardSwish", "Mish", "Exp", "Log", "Sqrt", "Abs", "Sin", "Cos", "Erf", "Floor", "Ceil",
        "Round", "Sign",
    ];

    /// <summary>Nodes that become layers.</summary>
    public static readonly Dictionary<string, NodeForm> In = new(
        SameNames.Select(name => KeyValuePair.Create(name, Plain(name))), StringComparer.Ordinal)
    {
        ["Relu"] = Plain("ReLU"),
        ["Reciprocal"] = With("Pow", _ => Positional(-1)),
        ["LeakyRelu"] = With("LeakyReLU", node => Positional(node.Float("alpha"))),
        ["Elu"] = With("ELU", node => Positional(node.Float("alpha"))),
        ["Celu"] = With("CELU", node => Positional(node.Float("alpha"))),
        ["ThresholdedRelu"] = With("Threshold", node => Positional(node.Float("alpha"), 0)),
        ["HardSigmoid"] = With("HardSigmoid", HardSigmoid),
        ["Gelu"] = With("GELU", node => [new("Approximate", node.Text("approximate") == "tanh")]),
        ["Selu"] = Selu,
        ["Clip"] = Clip,
        ["Shrink"] = Shrink,
        ["Swish"] = Swish,
        ["PRelu"] = PRelu,
    };

    /// <summary>Layers that become nodes.</summary>
    public static IEnumerable<(string Kind, LayerForm Form)> Out =>
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
        ("Mish", nodes => Mish(nodes, nodes.Input)),
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

    public static IEnumerable<PageRow> InRows =>
    [
        new(
            "`Relu`, `LeakyRelu`, `PRelu`, `Elu`, `Celu`, `Selu`, `Sigmoid`, `Tanh`, `Softplus`, `Softsign`, `HardSigmoid`, "
            + "`HardSwish`, `Mish`, `Gelu`, `Swish`, `Clip`, `Shrink`, `ThresholdedRelu`",
            "the layers of these names"),
        new(
            "`Exp`, `Log`, `Sqrt`, `Abs`, `Sin`, `Cos`, `Erf`, `Floor`, `Ceil`, `Round`, `Sign`, `Neg`, `Reciprocal`, "
            + "`Pow` with a constant",
            "the layers of these names, `[Affine]`, `[Pow]`"),
        new("several of these that are one activation, in any form", "its layer: hard swish, SiLU, GELU, Mish, PReLU, …"),
        new(
            "comparisons, `Where`, `And`, `Or`, `Xor`, `Not`, where several nodes are a function of one tensor",
            "the activation with that formula, else an `ElementwiseAttribute` of the network's own with it"),
    ];

    public static IEnumerable<PageRow> OutRows =>
    [
        new(
            "`[ReLU]`, `[LeakyReLU]`, `[PReLU]`, `[ELU]`, `[CELU]`, `[SELU]`, `[Sigmoid]`, `[Tanh]`, `[Softsign]`, "
            + "`[HardSigmoid]`, `[HardSwish]`",
            "the operators of these names"),
        new("`[ReLU6]`, `[Hardtanh]`", "`Clip`"),
        new("`[Hardshrink]`, `[Softshrink]`", "`Shrink`"),
        new("`[Threshold]`", "`ThresholdedRelu`, or `Greater` and `Where`"),
        new("`[Softplus]`, `[LogSigmoid]`, `[Tanhshrink]`, `[SiLU]`", "`Softplus`, `Tanh`, `Sigmoid` and arithmetic"),
        new("`[Mish]`", "`Mish` from version 18 on, else `Softplus`, `Tanh`, `Mul`"),
        new("`[GELU]`", "`Gelu` from version 20 on, else `Erf` or `Tanh` and arithmetic"),
        new(
            "`[Exp]`, `[Log]`, `[Sqrt]`, `[Abs]`, `[Sin]`, `[Cos]`, `[Erf]`, `[Floor]`, `[Ceil]`, `[Round]`, `[Sign]`, `[Pow]`, `[Clip]`",
            "the operators of these names"),
        new("`[Affine]`", "`Mul`, `Add`"),
        new("all other activations, and operators of your own", "their formulas, as arithmetic"),
    ];

    /// <summary>A node that is a layer with these numbers.</summary>
    public static NodeForm WithNumbers(string kind, params float[] numbers) => With(kind, _ => Positional(numbers));

    /// <summary>A node that is an operator of the network's own, with a formula.</summary>
    public static NodeForm OfFormula(Expression formula) => (layers, node) => Own(layers, node, formula);

    private static NodeForm Plain(string kind) => With(kind, _ => []);

    private static NodeForm With(string kind, Func<OnnxNode, IReadOnlyList<LayerArgument>> argumentsOf) =>
        (layers, node) => Arithmetic.Same(layers, node, layers.ViewOf(node.Input), kind, argumentsOf(node));

    private static double Number(float value) => AffineLayers.Number(value);

    private static LayerArgument[] Positional(params float[] values) => [.. values.Select(value => new LayerArgument(null, Number(value)))];

    /// <summary>An operator of its own for a formula.</summary>
    public static Layer Applied(LayerBuilder layers, LayerTensor tensor, Expression formula) =>
        layers.Add(layers.FunctionOf(FormulaText.Of(formula)!, formula), tensor);

    /// <summary>A node that is an operator of its own for a formula.</summary>
    private static void Own(LayerBuilder layers, OnnxNode node, Expression formula) =>
        Arithmetic.Same(layers, node, layers.ViewOf(node.Input), layers.FunctionOf(FormulaText.Of(formula)!, formula));

    /// <summary>Whether a constant of the file is one that is no float, rounded to the nearest or to its neighbour.</summary>
    private static bool IsRounded(float value, double exact) =>
        value >= MathF.BitDecrement((float)exact) && value <= MathF.BitIncrement((float)exact);

    /// <summary>PyTorch's has a slope of 1/6 and 1/2 at 0; they are written as floats in the file.</summary>
    private static LayerArgument[] HardSigmoid(OnnxNode node)
    {
        float alpha = node.Float("alpha"), beta = node.Float("beta");
        return IsRounded(alpha, 1 / 6d) && beta.Equals(0.5f) ? [] : Positional(alpha, beta);
    }

    private static void Selu(LayerBuilder layers, OnnxNode node)
    {
        if (IsRounded(node.Float("alpha"), 1.6732632423543772) && IsRounded(node.Float("gamma"), 1.0507009873554805))
        {
            Plain("SELU")(layers, node);
            return;
        }

        Own(layers, node, ElementFormulas.Of(node.Output, node.Input));
    }

    private static void Clip(LayerBuilder layers, OnnxNode node)
    {
        View view = layers.ViewOf(node.Input);
        float least = node.Has("min") ? node.Float("min") : float.NegativeInfinity;
        float most = node.Has("max") ? node.Float("max") : float.PositiveInfinity;
        bool hasLeast = least > float.MinValue, hasMost = most < float.MaxValue;
        if (!hasLeast && !hasMost)
        {
            layers.Set(node.Output, view);
            return;
        }

        if (hasLeast && hasMost && !(least < most))
        {
            // All of it is the upper limit.
            Arithmetic.Same(layers, node, view, "Affine", [new(null, 0d), new(null, Number(most))]);
            return;
        }

        if (least.Equals(0f) && (!hasMost || most.Equals(6f)))
        {
            Plain(hasMost ? "ReLU6" : "ReLU")(layers, node);
            return;
        }

        (string Name, float Value, bool IsThere)[] bounds = [("Min", least, hasLeast), ("Max", most, hasMost)];
        Arithmetic.Same(layers, node, view, "Clip",
            [.. bounds.Where(bound => bound.IsThere).Select(bound => new LayerArgument(bound.Name, Number(bound.Value)))]);
    }

    private static void Shrink(LayerBuilder layers, OnnxNode node)
    {
        float lambda = node.Float("lambd"), bias = node.Float("bias");
        if (lambda < 0 || (!bias.Equals(0f) && !bias.Equals(lambda)))
        {
            Own(layers, node, ElementFormulas.Of(node.Output, node.Input));
            return;
        }

        With(bias.Equals(0f) ? "Hardshrink" : "Softshrink", _ => Positional(lambda))(layers, node);
    }

    private static void Swish(LayerBuilder layers, OnnxNode node)
    {
        if (node.Float("alpha", 1).Equals(1f))
        {
            Plain("SiLU")(layers, node);
            return;
        }

        // x·σ(αx) by its definition.
        View view = layers.ViewOf(node.Input);
        Layer inner = layers.Add("Affine", view.Tensor, [new(null, Number(node.Float("alpha"))), new(null, 0d)]);
        Layer gate = layers.Add("Sigmoid", inner);
        layers.Set(node.Output, view.Of(layers.Add("Multiply", [view.Tensor, gate])));
    }

    private static void PRelu(LayerBuilder layers, OnnxNode node)
    {
        View view = layers.ViewOf(node.Input);
        int channels = view.Tensor.Shape[0];
        if (node.Inputs[1]!.Constant is not { } slope
            || AffineMap.Broadcast(view, slope) is not { Length: var length } slopes || (length != 1 && length != channels))
        {
            SlopesOfElements(layers, node, view);
            return;
        }

        // Slopes that all are equal may still be one for each channel, which training moves apart.
        bool isPerChannel = slopes.Length > 1 || (slope.Floats.Length == channels && channels > 1);
        int count = isPerChannel ? channels : 1;
        LayerArgument[] arguments = [new("PerChannel", isPerChannel)];
        layers.Set(node.Output, view.Of(layers.Add(
            "PReLU", view.Tensor, arguments,
            [new("weight", [count], () => [.. Enumerable.Range(0, count).Select(c => slopes[slopes.Length == 1 ? 0 : c])], slope.Key)],
                slope)));
    }

    /// <summary>max(x, 0) + w·min(x, 0), by its definition: a layer's slopes are those of its channels.</summary>
    private static void SlopesOfElements(LayerBuilder layers, OnnxNode node, View view)
    {
        OnnxValue above = new("", node.Input.Shape), below = new("", node.Input.Shape), sloping = new("", node.Input.Shape);
        layers.Set(above, view.Of(layers.Add("ReLU", view.Tensor)));
        layers.Set(below, view.Of(layers.Add("Clip", view.Tensor, [new("Max", 0d)])));
        Arithmetic.Join(layers, node.WithOutputs(sloping), "Multiply", [below, node.Inputs[1]!]);
        Arithmetic.Join(layers, node, "Add", [above, sloping]);
    }

    private static string WithAlpha(LayerNodes nodes, string type, string argument) =>
        nodes.Node(type, nodes.Input, NodeAttribute.Create("alpha", nodes.Layer.Argument<double>(argument)));

    private static string Clip(LayerNodes nodes, double least, double most) =>
        nodes.Node("Clip", [nodes.Input, nodes.Scalar("min", least), nodes.Scalar("max", most)]);

    public static string HardSwish(LayerNodes nodes, string x) =>
        nodes.Opset >= 14 ? nodes.Node("HardSwish", x) : nodes.Node("Mul", [x, HardSigmoid(nodes, x)]);

    public static string HardSigmoid(LayerNodes nodes, string x, double alpha = 1 / 6.0, double beta = 0.5) =>
        nodes.Node("HardSigmoid", x, NodeAttribute.Create("alpha", alpha), NodeAttribute.Create("beta", beta));

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
        return nodes.Node("Shrink", nodes.Input, NodeAttribute.Create("lambd", lambda), NodeAttribute.Create("bias", isSoft ? lambda : 0));
    }

    private static string Threshold(LayerNodes nodes)
    {
        double threshold = nodes.Layer.Argument<double>("threshold"), value = nodes.Layer.Argument<double>("value");
        return value == 0
            ? nodes.Node("ThresholdedRelu", nodes.Input, NodeAttribute.Create("alpha", threshold))
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

    public static string Mish(LayerNodes nodes, string x) => nodes.Opset >= 18
        ? nodes.Node("Mish", x)
        : nodes.Node("Mul", [x, nodes.Node("Tanh", nodes.Node("Softplus", x))]);

    public static string Gelu(LayerNodes nodes, string x, bool approximate)
    {
        if (nodes.Opset >= 20)
        {
            return nodes.Node("Gelu", x, NodeAttribute.Create("approximate", approximate ? "tanh" : "none"));
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
