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
    /// <summary>An operator of ONNX with its attributes, or a layer with its numbers.</summary>
    public sealed class Known(string name, params (string Name, object Value)[] attributes)
    {
        /// <summary>The layer, which has no operator in ONNX; null for an operator.</summary>
        public NodeForm? Form { get; init; }

        /// <summary>By the operator's formula, or that of the layer in the catalogue.</summary>
        public PiecewiseFunction Function => field ??= FormulaProof.Of(Form is null
            ? ElementFormulas.Of(name, attributes.ToDictionary(one => one.Name, one => one.Value), ElementFormulas.X)
            : LayerMaker.Make(name, [new InputTensor("", [1])], Numbers, [], "").Made!.Operation
                .FormulaOf([ElementFormulas.X], _ => ElementFormulas.X)!);

        /// <summary>Whether its numbers are still some as floats.</summary>
        public bool IsFinite => attributes.All(one => one.Value is not float number
            || (float.IsFinite(number) && !float.IsSubnormal(number)));

        private LayerArgument[] Numbers =>
            [.. attributes.Select(one => new LayerArgument(null, AffineLayers.Number((float)one.Value)))];

        /// <summary>A node for it.</summary>
        public OnnxNode For(OnnxNode last, OnnxValue argument) => Form is null
            ? Patterns.Node(last, name, [argument], attributes) : Patterns.Node(last, Form, argument);
    }

    private static readonly Known[] Fixed =
    [
        new("Relu"), Layer("ReLU6"), new("Sigmoid"), new("Tanh"), new("Softplus"), new("Softsign"), new("HardSwish"), Layer("SiLU"),
        new("Mish"), new("Gelu", ("approximate", "none")), new("Gelu", ("approximate", "tanh")), Layer("LogSigmoid"), Layer("Tanhshrink"),
        new("Abs"),
    ];

    private static Known Layer(string kind, params float[] numbers) =>
        new(kind, [.. numbers.Select(number => ("", (object)number))]) { Form = Activations.WithNumbers(kind, numbers) };

    /// <summary>The layer for a function; null if none computes it.</summary>
    public static Known? Find(PiecewiseFunction function)
    {
        if (!function.IsSound)
        {
            return null;
        }

        Known[] all = [.. Fixed, .. WithNumbers(function).Where(known => known.IsFinite)];
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

    /// <summary>Functions with numbers of their own, which the formula has at a certain place.</summary>
    private static IEnumerable<Known> WithNumbers(PiecewiseFunction function)
    {
        Sum left = function.Pieces[0], right = function.Pieces[^1], middle = function.Pieces[function.Pieces.Count / 2];
        switch (function.Kinks.Count)
        {
            case 0 when right.Line is { Slope.Sign: not 0 } line:
                (float factor, float shift) = (line.Slope.ToFloat(), line.Offset.ToFloat());
                return [new("Affine", ("", factor), ("", shift)) { Form = Arithmetic.Affine(factor, shift) }];
            case 0 when right.Terms is [{ Atoms.Count: 0, Degree: > 1 and var power }]:
                return [Layer("Pow", power)];
            case 1:
                return WithOneKink(left, right, function.Kinks[0].X.ToFloat());
            case 2:
                float limit = function.Kinks[1].X.ToFloat();
                (Rational rise, Rational start) = middle.Line ?? default;
                float slope = rise.ToFloat(), offset = start.ToFloat();
                return left.Number is { } least && right.Number is { } most && least.CompareTo(most) < 0
                    ? [
                        new("Clip", ("min", least.ToFloat()), ("max", most.ToFloat())),
                        new("HardSigmoid", ("alpha", slope), ("beta", offset)),
                    ]
                    : limit > 0 ? [
                        new("Shrink", ("lambd", limit), ("bias", 0f)),
                        new("Shrink", ("lambd", limit), ("bias", limit)),
                    ] : [];
            default:
                return [];
        }
    }

    private static IEnumerable<Known> WithOneKink(Sum left, Sum right, float kink)
    {
        if (left.IsZero && right.IsZero)
        {
            yield return Layer("Not");
        }
        else if (right.Text == Sum.X.Text && left.Number is { } value)
        {
            yield return new("Clip", ("min", value.ToFloat()));
            yield return Layer("Threshold", kink, value.ToFloat());
        }
        else if (right.Text == Sum.X.Text && left.Line is var (slope, _))
        {
            yield return new("LeakyRelu", ("alpha", slope.ToFloat()));
        }
        else if (right.Text == Sum.X.Text && -left.Constant() is { Sign: not 0 } alpha)
        {
            yield return new("Elu", ("alpha", alpha.ToFloat()));
            yield return new("Celu", ("alpha", alpha.ToFloat()));
        }
        else if (left.Text == Sum.X.Text && right.Number is { } most)
        {
            yield return new("Clip", ("max", most.ToFloat()));
        }
    }
}
