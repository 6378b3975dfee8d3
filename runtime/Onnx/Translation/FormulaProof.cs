using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using Strata.Onnx.Model;
using static Strata.Onnx.Translation.PiecewiseFunction;

namespace Strata.Onnx.Translation;

/// <summary>Brings formulas into the form in which they are compared. A truth value is 1 or 0.</summary>
internal sealed class FormulaProof
{
    private readonly Dictionary<Expression, PiecewiseFunction> _known = [];

    /// <exception cref="UnprovenException">The formula is not of the kind that can be compared.</exception>
    public static PiecewiseFunction Of(Expression formula) => new FormulaProof().Find(formula);

    private PiecewiseFunction Find(Expression part)
    {
        if (!_known.TryGetValue(part, out PiecewiseFunction? function))
        {
            function = part switch
            {
                Constant constant => PiecewiseFunction.Constant(Rational.From(constant.Value)),
                Variable => X,
                Call call when ElementFormulas.Definition(call) is { } definition => Find(definition),
                _ => Apply(part, [.. part.Operands.Select(Find)]),
            };
            _known.Add(part, function);
        }

        return function;
    }

    private static PiecewiseFunction Apply(Expression part, PiecewiseFunction[] x) => (FormulaSymbols.Of(part), x) switch
    {
        ("+", [var a, var b]) => a + b,
        ("-", [var a, var b]) => a - b,
        ("-", [var a]) => -1 * a,
        ("*", [var a, var b]) => a * b,
        ("/", [var a, var b]) => a / b,
        ("=", [var a, var b]) => Compare(a, b, sign => sign == 0),
        (">", [var a, var b]) => Compare(a, b, sign => sign > 0),
        (">=", [var a, var b]) => Compare(a, b, sign => sign >= 0),
        ("<", [var a, var b]) => Compare(a, b, sign => sign < 0),
        ("<=", [var a, var b]) => Compare(a, b, sign => sign <= 0),
        ("and", [var a, var b]) => Choose(a, b, Number(0)),
        ("or", [var a, var b]) => Choose(a, Number(1), b),
        ("not", [var a]) => Choose(a, Number(0), Number(1)),
        ("?", [var a, var b, var c]) => Choose(a, b, c),
        ("Max" or "MaxNative", [var a, var b]) => Choose(Compare(a, b, sign => sign >= 0), a, b),
        ("Min" or "MinNative", [var a, var b]) => Choose(Compare(a, b, sign => sign <= 0), a, b),
        ("Abs", [var a]) => Choose(Compare(a, Number(0), sign => sign >= 0), a, -1 * a),
        (var name and ("Exp" or "Log" or "Sqrt" or "Sigmoid" or "Tanh" or "Erf" or "Softplus"), [var a]) =>
            PiecewiseFunction.Apply(name, a),
        _ => throw new UnprovenException(),
    };

    private static PiecewiseFunction Number(int value) => PiecewiseFunction.Constant(value);
}
