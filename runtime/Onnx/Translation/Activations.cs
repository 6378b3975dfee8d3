using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;

namespace Strata.Onnx.Translation;

/// <summary>Functions of single numbers.</summary>
internal static class Activations
{
    public static readonly Dictionary<string, Action<Translation, OnnxNode>> Operators = new(StringComparer.Ordinal)
    {
        ["Relu"] = Plain("ReLU"),
        ["Sigmoid"] = Plain("Sigmoid"),
        ["Tanh"] = Plain("Tanh"),
        ["Softplus"] = Plain("Softplus"),
        ["Softsign"] = Plain("Softsign"),
        ["HardSwish"] = Plain("HardSwish"),
        ["Mish"] = Plain("Mish"),
        ["SiLU"] = Plain("SiLU"),
        ["LogSigmoid"] = Plain("LogSigmoid"),
        ["Tanhshrink"] = Plain("Tanhshrink"),
        ["ReLU6"] = Plain("ReLU6"),
        ["Exp"] = Plain("Exp"),
        ["Log"] = Plain("Log"),
        ["Sqrt"] = Plain("Sqrt"),
        ["Abs"] = Plain("Abs"),
        ["Reciprocal"] = With("Pow", _ => Positional(-1)),
        ["Power"] = With("Pow", node => Positional(node.Float("exponent"))),
        ["LeakyRelu"] = With("LeakyReLU", node => Positional(node.Float("alpha"))),
        ["Elu"] = With("ELU", node => Positional(node.Float("alpha"))),
        ["Celu"] = With("CELU", node => node.Float("alpha") == 0
            ? throw new UnsupportedException("its alpha is 0") : Positional(node.Float("alpha"))),
        ["Dropout"] = With("Dropout", node => Positional(node.Float("ratio"))),
        ["Threshold"] = With("Threshold", node => Positional(node.Float("threshold"), node.Float("value"))),
        ["ThresholdedRelu"] = With("Threshold", node => Positional(node.Float("alpha"), 0)),
        ["HardSigmoid"] = With("HardSigmoid", HardSigmoid),
        ["Gelu"] = With("GELU", node => [new("Approximate", node.Text("approximate") == "tanh")]),
        ["Selu"] = Selu,
        ["Clip"] = Clip,
        ["Shrink"] = Shrink,
        ["Swish"] = Swish,
        ["PRelu"] = PRelu,
        [FunctionPatterns.Formula] = (t, node) => Own(t, node, node.Text(FunctionPatterns.Formula)),
    };

    private static Action<Translation, OnnxNode> Plain(string kind) => With(kind, _ => []);

    private static Action<Translation, OnnxNode> With(string kind, Func<OnnxNode, IReadOnlyList<LayerArgument>> argumentsOf) =>
        (t, node) => Arithmetic.Same(t, node, t.ViewOf(node.Input), kind, argumentsOf(node));

    private static double Number(float value) => AffineLayers.Number(value);

    private static LayerArgument[] Positional(params float[] values) => [.. values.Select(value => new LayerArgument(null, Number(value)))];

    /// <summary>An operator of its own for a formula.</summary>
    private static void Own(Translation translation, OnnxNode node, string formula) =>
        Arithmetic.Same(translation, node, translation.ViewOf(node.Input), translation.FunctionOf(formula));

    /// <summary>Whether a constant of the file is one that is no float, rounded to the nearest or to its neighbour.</summary>
    private static bool IsRounded(float value, double exact) =>
        value >= MathF.BitDecrement((float)exact) && value <= MathF.BitIncrement((float)exact);

    /// <summary>PyTorch's has a slope of 1/6 and 1/2 at 0; they are written as floats in the file.</summary>
    private static LayerArgument[] HardSigmoid(OnnxNode node)
    {
        float alpha = node.Float("alpha"), beta = node.Float("beta");
        return IsRounded(alpha, 1 / 6d) && beta.Equals(0.5f) ? [] : Positional(alpha, beta);
    }

    private static void Selu(Translation translation, OnnxNode node)
    {
        if (IsRounded(node.Float("alpha"), 1.6732632423543772) && IsRounded(node.Float("gamma"), 1.0507009873554805))
        {
            Plain("SELU")(translation, node);
            return;
        }

        Own(translation, node, FormulaText.Of(node));
    }

    private static void Clip(Translation translation, OnnxNode node)
    {
        View view = translation.ViewOf(node.Input);
        float least = node.Has("min") ? node.Float("min") : float.NegativeInfinity;
        float most = node.Has("max") ? node.Float("max") : float.PositiveInfinity;
        bool hasLeast = least > float.MinValue, hasMost = most < float.MaxValue;
        if (!hasLeast && !hasMost)
        {
            translation.Set(node.Output, view);
            return;
        }

        if (hasLeast && hasMost && !(least < most))
        {
            // All of it is the upper limit.
            Arithmetic.Same(translation, node, view, "Affine", [new(null, 0d), new(null, Number(most))]);
            return;
        }

        if (least.Equals(0f) && (!hasMost || most.Equals(6f)))
        {
            Plain(hasMost ? "ReLU6" : "ReLU")(translation, node);
            return;
        }

        (string Name, float Value, bool IsThere)[] bounds = [("Min", least, hasLeast), ("Max", most, hasMost)];
        Arithmetic.Same(translation, node, view, "Clip",
            [.. bounds.Where(bound => bound.IsThere).Select(bound => new LayerArgument(bound.Name, Number(bound.Value)))]);
    }

    private static void Shrink(Translation translation, OnnxNode node)
    {
        float lambda = node.Float("lambd"), bias = node.Float("bias");
        if (lambda < 0 || (!bias.Equals(0f) && !bias.Equals(lambda)))
        {
            Own(translation, node, FormulaText.Of(node));
            return;
        }

        With(bias.Equals(0f) ? "Hardshrink" : "Softshrink", _ => Positional(lambda))(translation, node);
    }

    private static void Swish(Translation translation, OnnxNode node)
    {
        if (node.Float("alpha", 1).Equals(1f))
        {
            Plain("SiLU")(translation, node);
            return;
        }

        // x·σ(αx) by its definition.
        View view = translation.ViewOf(node.Input);
        IReadOnlyList<int> shape = view.Tensor.Shape;
        Layer inner = translation.Add("Affine", view.Tensor, shape, [new(null, Number(node.Float("alpha"))), new(null, 0d)]);
        Layer gate = translation.Add("Sigmoid", inner, shape);
        translation.Set(node.Output, view.Of(translation.Add("Multiply", [view.Tensor, gate], shape)));
    }

    private static void PRelu(Translation translation, OnnxNode node)
    {
        View view = translation.ViewOf(node.Input);
        OnnxConstant slope = node.Inputs[1]!.Constant ?? throw new UnsupportedException("its slope depends on the input");
        float[] slopes = AffineMap.Broadcast(view, slope);
        int channels = view.Tensor.Shape[0];
        if (slopes.Length != 1 && slopes.Length != channels)
        {
            throw new UnsupportedException("its slopes differ within a channel");
        }

        // Slopes that all are equal may still be one for each channel, which training moves apart.
        bool isPerChannel = slopes.Length > 1 || (slope.Floats.Length == channels && channels > 1);
        int count = isPerChannel ? channels : 1;
        LayerArgument[] arguments = [new("PerChannel", isPerChannel)];
        translation.Set(node.Output, view.Of(translation.Add(
            "PReLU", view.Tensor, view.Tensor.Shape, arguments,
            [new("weight", [count], () => [.. Enumerable.Range(0, count).Select(c => slopes[slopes.Length == 1 ? 0 : c])], slope.Key)],
                slope)));
    }
}
