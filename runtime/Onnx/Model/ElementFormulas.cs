using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Expression;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Onnx.Model;

/// <summary>
/// What operators on single elements compute, said once as formulas of the compiler's language. Constants are folded by them, functions of
/// a file are compared with those of layers, and the network's own operators are written after them.
/// </summary>
internal static class ElementFormulas
{
    /// <summary>A formula of an operator's operands, with the numbers that its attributes are.</summary>
    private delegate Expression Form(Func<string, float> number, Expression[] x);

    private static readonly Dictionary<string, Form> All = new(StringComparer.Ordinal)
    {
        ["Relu"] = (_, x) => Max(x[0], 0),
        ["Sigmoid"] = (_, x) => Sigmoid(x[0]),
        ["Tanh"] = (_, x) => Tanh(x[0]),
        ["Exp"] = (_, x) => Exp(x[0]),
        ["Log"] = (_, x) => Log(x[0]),
        ["Sqrt"] = (_, x) => Sqrt(x[0]),
        ["Reciprocal"] = (_, x) => 1 / x[0],
        ["Erf"] = (_, x) => Erf(x[0]),
        ["Softplus"] = (_, x) => Softplus(x[0]),
        ["Abs"] = (_, x) => Abs(x[0]),
        ["Sign"] = (_, x) => Select(x[0] > 0, 1, Select(x[0] < 0, -1, 0)),
        ["Neg"] = (_, x) => -x[0],
        ["Cast"] = (_, x) => Select(x[0], 1, 0),
        ["Softsign"] = (_, x) => x[0] / (1 + Abs(x[0])),
        ["HardSwish"] = (_, x) => HardSwish(x[0]),
        ["Mish"] = (_, x) => Mish(x[0]),
        ["Swish"] = (number, x) => x[0] * Sigmoid(number("alpha") * x[0]),
        ["HardSigmoid"] = (number, x) => Min(Max((number("alpha") * x[0]) + number("beta"), 0), 1),
        ["LeakyRelu"] = (number, x) => LeakyReLU(x[0], number("alpha")),
        ["Elu"] = (number, x) => ELU(x[0], number("alpha")),
        ["Celu"] = (number, x) => Select(x[0] > 0, x[0], number("alpha") * Expm1(x[0] / number("alpha"))),
        ["Selu"] = (number, x) => number("gamma") * ELU(x[0], number("alpha")),
        ["ThresholdedRelu"] = (number, x) => Select(x[0] > number("alpha"), x[0], 0),
        ["Shrink"] = (number, x) => Select(
            x[0] < -number("lambd"), x[0] + number("bias"), Select(x[0] > number("lambd"), x[0] - number("bias"), 0)),
        ["Floor"] = (_, x) => Floor(x[0]),
        ["Ceil"] = (_, x) => Ceiling(x[0]),
        ["Round"] = (_, x) => Round(x[0]),
        ["Sin"] = (_, x) => Sin(x[0]),
        ["Cos"] = (_, x) => Cos(x[0]),
        ["Add"] = (_, x) => x[0] + x[1],
        ["Sub"] = (_, x) => x[0] - x[1],
        ["Mul"] = (_, x) => x[0] * x[1],
        ["Div"] = (_, x) => x[0] / x[1],
        ["Pow"] = (_, x) => Pow(x[0], x[1]),
        ["Min"] = (_, x) => Min(x[0], x[1]),
        ["Max"] = (_, x) => Max(x[0], x[1]),
        ["Equal"] = (_, x) => AreEqual(x[0], x[1]),
        ["Greater"] = (_, x) => x[0] > x[1],
        ["GreaterOrEqual"] = (_, x) => x[0] >= x[1],
        ["Less"] = (_, x) => x[0] < x[1],
        ["LessOrEqual"] = (_, x) => x[0] <= x[1],
        ["And"] = (_, x) => x[0] & x[1],
        ["Or"] = (_, x) => x[0] | x[1],
        ["Xor"] = (_, x) => (x[0] & ~x[1]) | (~x[0] & x[1]),
        ["Not"] = (_, x) => ~x[0],
        ["Where"] = (_, x) => Select(x[0], x[1], x[2]),
    };

    /// <summary>The argument of a function.</summary>
    public static Variable X { get; } = new("x");

    /// <summary>The argument without its fraction.</summary>
    public static Expression Truncated { get; } = TruncatedOf(X);

    /// <summary>The largest whole number that is not above the argument.</summary>
    public static Expression Floored { get; } = Floor(X);

    /// <summary>A quotient of integers.</summary>
    public static Expression Quotient(float divisor) => TruncatedOf(X / divisor);

    /// <summary>A remainder of integers, which has the divisor's sign.</summary>
    public static Expression Mod(float divisor) => X - (divisor * Floor(X / divisor));

    /// <summary>A remainder of integers, which has the dividend's sign.</summary>
    public static Expression Fmod(float divisor) => X - (divisor * TruncatedOf(X / divisor));

    private static Expression TruncatedOf(Expression x) => Select(x < 0, Ceiling(x), Floor(x));

    /// <summary>The operators.</summary>
    public static IReadOnlyCollection<string> Names { get; } = [.. All.Keys, "Gelu", "Clip"];

    /// <summary>Operators that are one symbol of formulas, which has so many operands, and whether they give truth values.</summary>
    public static IEnumerable<KeyValuePair<(string Symbol, int Operands), (string Operator, bool IsMask)>> Symbols
    {
        get
        {
            Variable[] operands = [new("x"), new("y"), new("z")];
            return All.Select(one => (one.Key, Formula: one.Value(_ => 0, operands)))
                .Where(one => one.Formula.Operands.SequenceEqual(operands.Take(one.Formula.Operands.Count)))
                .Select(one => KeyValuePair.Create(
                    (FormulaSymbols.Of(one.Formula), one.Formula.Operands.Count),
                    (one.Key, one.Formula.Type.Kind == ElementKind.Bool || one.Key is "Or" or "Not")));
        }
    }

    public static bool Has(string @operator) => @operator is "Gelu" or "Clip" || All.ContainsKey(@operator);

    /// <summary>An operator's formula.</summary>
    /// <param name="operator">The operator.</param>
    /// <param name="attributes">Its attributes in normal form.</param>
    /// <param name="x">Its operands.</param>
    public static Expression Of(string @operator, IReadOnlyDictionary<string, object> attributes, params Expression[] x) => @operator switch
    {
        "Gelu" => (string)attributes["approximate"] == "tanh" ? GELUTanh(x[0]) : GELU(x[0]),
        "Clip" => Bounded(attributes, "max", Bounded(attributes, "min", x[0], Max), Min),
        _ => All[@operator](name => (float)attributes[name], x),
    };

    private static Expression Bounded(
        IReadOnlyDictionary<string, object> attributes, string name, Expression x, Func<Expression, Expression, Expression> bounded) =>
        attributes.TryGetValue(name, out object? bound) ? bounded(x, (float)bound) : x;

    /// <summary>The formula of a tensor whose elements are a function of those of another one.</summary>
    public static Expression Of(OnnxValue result, OnnxValue argument)
    {
        var known = new Dictionary<OnnxValue, Expression> { [argument] = X };
        Expression Of(OnnxValue value)
        {
            if (!known.TryGetValue(value, out Expression? formula))
            {
                known[value] = formula = value is { Constant: null, Producer: { } node }
                    ? ElementFormulas.Of(node.Operator, node.Attributes, [.. node.Inputs.Select(one => Of(one!))])
                    : value.Constant!.Floats[0];
            }

            return formula;
        }

        return Of(result);
    }

    /// <summary>A function by those that it is made of; null for one that stands for itself.</summary>
    public static Expression? Definition(Call call) => (call.Function.Name, call.Arguments) switch
    {
        ("Expm1", [var x]) => Exp(x) - 1,
        ("LeakyReLU", [var x, var slope]) => Select(x > 0, x, slope * x),
        ("ELU", [var x, var alpha]) => Select(x > 0, x, alpha * (Exp(x) - 1)),
        ("SiLU", [var x]) => x * Sigmoid(x),
        ("Mish", [var x]) => x * Tanh(Softplus(x)),
        ("HardSigmoid", [var x]) => Min(Max(x + 3, 0), 6) / 6,
        ("HardSwish", [var x]) => x * (Min(Max(x + 3, 0), 6) / 6),
        ("GELU", [var x]) => x * 0.5 * (1 + Erf(Constant.Double(Math.Sqrt(0.5)) * x)),
        ("GELUTanh", [var x]) => x * 0.5
            * (1 + Tanh(Constant.Double(Math.Sqrt(2 / Math.PI)) * (x + (Constant.Double(0.044715) * x * x * x)))),
        _ => null,
    };
}
