using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Operators;
using static Strata.Onnx.Translation.PiecewiseFunction;

namespace Strata.Onnx.Translation;

/// <summary>
/// The functions of one number that have a layer. A function of a file is one of them if its formula has the same kinks and the same terms.
/// Constants may differ by 2⁻²¹ of themselves, as 0.16666667 and 1/6 do; then the layer differs by no more than 2⁻²¹ of the sum of its
/// terms' magnitudes. Places where a function jumps must be the same floats.
/// </summary>
internal static class KnownFunctions
{
    /// <summary>An operator of ONNX with its attributes, or a layer with its numbers; and its function.</summary>
    public sealed record Known(string Operator, PiecewiseFunction Function, params (string Name, object Value)[] Attributes)
    {
        /// <summary>The layer, which has no operator in ONNX; null for an operator.</summary>
        public NodeForm? Form { get; init; }

        /// <summary>A node for it.</summary>
        public OnnxNode For(OnnxNode last, OnnxValue argument) => Form is null
            ? Patterns.Node(last, Operator, [argument], Attributes) : Patterns.Node(last, Form, argument);
    }

    private static readonly Known[] Fixed =
    [
        new("Relu", Relu(X)),
        Layer("ReLU6", Clamp(X, 0, 6)),
        new("Sigmoid", Apply("Sigmoid", X)),
        new("Tanh", Apply("Tanh", X)),
        new("Softplus", Apply("Softplus", X)),
        new("Softsign", Softsign(X)),
        new("HardSwish", HardSwish(X)),
        Layer("SiLU", X * Apply("Sigmoid", X)),
        new("Mish", Mish(X)),
        new("Gelu", Gelu(X), ("approximate", "none")),
        new("Gelu", GeluTanh(X), ("approximate", "tanh")),
        Layer("LogSigmoid", -1 * Apply("Softplus", -1 * X)),
        Layer("Tanhshrink", X - Apply("Tanh", X)),
        new("Abs", Abs(X)),
    ];

    private static Known Layer(string kind, PiecewiseFunction function, params float[] numbers) =>
        new(kind, function, [.. numbers.Select(number => ("", (object)number))]) { Form = Activations.WithNumbers(kind, numbers) };

    private static Rational Half => Rational.One / 2;

    /// <summary>The layer for a function; null if none computes it.</summary>
    public static Known? Find(PiecewiseFunction function)
    {
        if (!function.IsSound)
        {
            return null;
        }

        Known[] all = [.. Fixed, .. WithNumbers(function).Where(known => known.Attributes.All(IsFinite))];
        return Array.Find(all, known => function.IsSame(known.Function)) ?? Array.Find(all, known => function.IsClose(known.Function));
    }

    /// <summary>The same for a·f(x) + b; null if no layer computes f.</summary>
    public static (Known Inner, float Factor, float Shift)? FindScaled(PiecewiseFunction function)
    {
        if (!function.IsSound)
        {
            return null;
        }

        foreach (Known known in Fixed)
        {
            Sum last = known.Function.Pieces[^1];
            if (function.Pieces[^1].Ratio(last) is { } ratio)
            {
                Rational shift = function.Pieces[^1].Constant() - (ratio * last.Constant());
                if (float.IsNormal(ratio.ToFloat()) && function.IsClose((Constant(ratio) * known.Function) + Constant(shift)))
                {
                    return (known, ratio.ToFloat(), shift.ToFloat());
                }
            }
        }

        return null;
    }

    /// <summary>Whether a number of the formula is still one as a float.</summary>
    private static bool IsFinite((string Name, object Value) attribute) =>
        attribute.Value is not float number || (float.IsFinite(number) && !float.IsSubnormal(number));

    public static PiecewiseFunction Number(float value) => Constant(Rational.From(value));

    public static PiecewiseFunction Relu(PiecewiseFunction x) => Max(x, Constant(0));

    public static PiecewiseFunction Abs(PiecewiseFunction x) => Select(Compare(x, Constant(0), sign => sign >= 0), x, -1 * x);

    public static PiecewiseFunction Clamp(PiecewiseFunction x, Rational least, Rational most) =>
        Min(Max(x, Constant(least)), Constant(most));

    public static PiecewiseFunction Softsign(PiecewiseFunction x) => x / (Constant(1) + Abs(x));

    public static PiecewiseFunction HardSwish(PiecewiseFunction x) => x * Clamp(x + Constant(3), 0, 6) * Constant(Rational.One / 6);

    public static PiecewiseFunction HardSigmoid(PiecewiseFunction x, float slope, float offset) =>
        Clamp((Number(slope) * x) + Number(offset), 0, 1);

    public static PiecewiseFunction Mish(PiecewiseFunction x) => x * Apply("Tanh", Apply("Softplus", x));

    /// <summary>√½ and √(2/π) are no fractions; the nearest doubles are, far within what counts as the same.</summary>
    public static PiecewiseFunction Gelu(PiecewiseFunction x) =>
        x * Constant(Half) * (Constant(1) + Apply("Erf", Constant(Rational.From(Math.Sqrt(0.5))) * x));

    public static PiecewiseFunction GeluTanh(PiecewiseFunction x) => x * Constant(Half) * (Constant(1) + Apply(
        "Tanh", Constant(Rational.From(Math.Sqrt(2 / Math.PI))) * (x + (Constant(Rational.From(0.044715)) * x * x * x))));

    public static PiecewiseFunction Above(PiecewiseFunction x, float limit, PiecewiseFunction then, PiecewiseFunction otherwise) =>
        Select(Compare(x, Number(limit), sign => sign > 0), then, otherwise);

    public static PiecewiseFunction Elu(PiecewiseFunction x, float alpha) =>
        Above(x, 0, x, Number(alpha) * (Apply("Exp", x) - Constant(1)));

    public static PiecewiseFunction Celu(PiecewiseFunction x, float alpha) =>
        Above(x, 0, x, Number(alpha) * (Apply("Exp", x / Number(alpha)) - Constant(1)));

    public static PiecewiseFunction Shrink(PiecewiseFunction x, float limit, float bias) =>
        Above(x, limit, x - Number(bias), Select(Compare(x, Number(-limit), sign => sign < 0), x + Number(bias), Constant(0)));

    /// <summary>Functions with numbers of their own, which the formula has at a certain place.</summary>
    private static IEnumerable<Known> WithNumbers(PiecewiseFunction function)
    {
        Sum left = function.Pieces[0], right = function.Pieces[^1], middle = function.Pieces[function.Pieces.Count / 2];
        switch (function.Kinks.Count)
        {
            case 0 when right.Line is { Slope.Sign: not 0 } line:
                (float factor, float shift) = (line.Slope.ToFloat(), line.Offset.ToFloat());
                return
                [
                    new("Affine", (Constant(line.Slope) * X) + Constant(line.Offset), ("", factor), ("", shift))
                    {
                        Form = Arithmetic.Affine(factor, shift),
                    },
                ];
            case 0 when right.Terms is [{ Atoms.Count: 0, Degree: > 1 and var power }]:
                return [Layer("Pow", Constant(1) * Enumerable.Repeat(X, power).Aggregate((x, y) => x * y), power)];
            case 1:
                return WithOneKink(left, right, function.Kinks[0].X.ToFloat());
            case 2:
                float limit = function.Kinks[1].X.ToFloat();
                (Rational rise, Rational start) = middle.Line ?? default;
                float slope = rise.ToFloat(), offset = start.ToFloat();
                return left.Number is { } least && right.Number is { } most && least.CompareTo(most) < 0
                    ? [
                        new("Clip", Clamp(X, least, most), ("min", least.ToFloat()), ("max", most.ToFloat())),
                        new("HardSigmoid", HardSigmoid(X, slope, offset), ("alpha", slope), ("beta", offset)),
                    ]
                    : limit > 0 ? [
                        new("Shrink", Shrink(X, limit, 0), ("lambd", limit), ("bias", 0f)),
                        new("Shrink", Shrink(X, limit, limit), ("lambd", limit), ("bias", limit)),
                    ] : [];
            default:
                return [];
        }
    }

    private static IEnumerable<Known> WithOneKink(Sum left, Sum right, float kink)
    {
        if (right.Text == Sum.X.Text && left.Number is { } value)
        {
            float number = value.ToFloat();
            yield return new("Clip", Max(X, Constant(value)), ("min", number));
            yield return Layer("Threshold", Above(X, kink, X, Number(number)), kink, number);
        }
        else if (right.Text == Sum.X.Text && left.Line is var (slope, _))
        {
            yield return new("LeakyRelu", Above(X, 0, X, Constant(slope) * X), ("alpha", slope.ToFloat()));
        }
        else if (right.Text == Sum.X.Text && -left.Constant() is { Sign: not 0 } alpha)
        {
            yield return new("Elu", Elu(X, alpha.ToFloat()), ("alpha", alpha.ToFloat()));
            yield return new("Celu", Celu(X, alpha.ToFloat()), ("alpha", alpha.ToFloat()));
        }
        else if (left.Text == Sum.X.Text && right.Number is { } most)
        {
            yield return new("Clip", Min(X, Constant(most)), ("max", most.ToFloat()));
        }
    }
}
