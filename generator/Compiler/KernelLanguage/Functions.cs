using System;
using System.Collections.Generic;
using System.Linq;
using static Strata.Compiler.KernelLanguage.Expression;

namespace Strata.Compiler.KernelLanguage;

/// <summary>
/// The functions that formulas are made of, each with its derivative and its range. Some functions are exact and stable where their
/// definition is not, such as ln(1 + eˣ) and x·Φ(x). Their derivatives are written as such functions, too.
/// </summary>
internal static class Functions
{
    private static readonly Function OfExp = Math("Exp", call => call, x => x[0].Exp(), v => System.Math.Exp(v[0]));
    private static readonly Function OfLog = Math(
        "Log", call => 1 / call.Arguments[0], x => x[0].Log(), v => System.Math.Log(v[0]));
    private static readonly Function OfExpm1 = Math(
        "Expm1", call => Exp(call.Arguments[0]), x => x[0].Expm1(), v => Exact.Expm1(v[0]));
    private static readonly Function OfLog1p = Math(
        "Log1p", call => 1 / (1 + call.Arguments[0]), range: null, v => Exact.Log1p(v[0]));
    private static readonly Function OfErf = Math(
        "Erf", call => 2 / System.Math.Sqrt(System.Math.PI) * Exp(-(call.Arguments[0] * call.Arguments[0])),
        x => x[0].Rising(Exact.Erf, -1, 1), v => Exact.Erf(v[0]));
    private static readonly Function OfSin = Math(
        "Sin", call => Cos(call.Arguments[0]), x => x[0].Waves(), v => System.Math.Sin(v[0]));
    private static readonly Function OfCos = Math(
        "Cos", call => -Sin(call.Arguments[0]), x => x[0].Waves(), v => System.Math.Cos(v[0]));
    private static readonly Function OfTanh = Math(
        "Tanh", call => 1 - (call * call), x => x[0].Tanh(), v => System.Math.Tanh(v[0]));
    private static readonly Function OfSigmoid = Math(
        "Sigmoid", call => call * (1 - call), x => x[0].Sigmoid(), v => Exact.Sigmoid(v[0]));
    private static readonly Function OfSoftplus = Math(
        "Softplus", call => Sigmoid(call.Arguments[0]), x => x[0].Softplus(), v => Exact.Softplus(v[0]));

    private static readonly Function OfLeakyReLU = Math(
        "LeakyReLU", call => Select(call.Arguments[0] > 0, 1, call.Arguments[1]),
        x => Interval.Union(x[0].Above(0), x[0].Below(0) * x[1]), v => v[0] > 0 ? v[0] : v[0] * v[1], numbers: 1);

    private static readonly Function OfELU = Math(
        "ELU", call => Select(call.Arguments[0] > 0, 1, call.Arguments[1] * Exp(call.Arguments[0])),
        x => Interval.Union(x[0].Above(0), x[0].Below(0).Expm1() * x[1]), v => v[0] > 0 ? v[0] : v[1] * Exact.Expm1(v[0]), numbers: 1);

    // The exponent is a number; the power of one that is a variable until an operator is used is not differentiated before that.
    private static readonly Function OfPow = Math(
        "Pow",
        call => call.Arguments[1] is Constant exponent
            ? exponent * Pow(call.Arguments[0], exponent.Value - 1)
            : throw new NotSupportedException("A power has a derivative once its exponent is a number."),
        range: null, v => Exact.Pow(v[0], v[1]), numbers: 1);

    // The arguments are x, beta and the threshold, at which it jumps.
    private static readonly Function OfScaledSoftplus = Math("Softplus", call =>
    {
        Expression scaled = call.Arguments[0] * call.Arguments[1];
        return Select(scaled > call.Arguments[2], 1, Sigmoid(scaled));
    }, range: null, v => v[0] * v[1] > v[2] ? v[0] : Exact.Softplus(v[0] * v[1]) / v[1], numbers: 2);

    // Their smallest values, and bounds of their slopes.
    private static readonly Function OfSiLU = WithGradient("SiLU", -0.279, (-0.1, 1.1), v => Exact.Gated(v[0], Exact.Sigmoid(v[0])));
    private static readonly Function OfMish = WithGradient(
        "Mish", -0.309, (-0.12, 1.1), v => Exact.Gated(v[0], System.Math.Tanh(Exact.Softplus(v[0]))));
    private static readonly Function OfGELU = WithGradient("GELU", -0.17, (-0.13, 1.13));
    private static readonly Function OfGELUTanh = WithGradient("GELUTanh", -0.171, (-0.13, 1.13));
    private static readonly Function OfHardSwish = WithGradient(
        "HardSwish", -0.376, (-0.51, 1.51), v => Exact.Gated(v[0], Exact.HardSigmoid(v[0])));

    // At the kinks the derivative is 0, as where the function is constant.
    private static readonly Function OfHardSigmoid = Math(
        "HardSigmoid", call => Select(call.Arguments[0] > -3 & call.Arguments[0] < 3, 1 / 6.0, 0),
        x => x[0].Rising(Exact.HardSigmoid, 0), v => Exact.HardSigmoid(v[0]));

    private static readonly Function OfSqrt = Instruction(
        "Sqrt", call => [0.5 / (Expression)call], x => x[0].Sqrt(), v => System.Math.Sqrt(v[0]));
    private static readonly Function OfAbs = Instruction(
        "Abs", call => [Sign(call.Arguments[0])], x => x[0].Abs(), v => System.Math.Abs(v[0]));

    // The derivative with respect to the sign's argument is 0: only its sign matters.
    private static readonly Function OfCopySign = Instruction(
        "CopySign", call => [Sign(call.Arguments[0]) * Sign(call), 0], x => x[0].WithSignOf(x[1]),
        v => Exact.IsNegative(v[1]) ? -System.Math.Abs(v[0]) : System.Math.Abs(v[0]), vectors: 2);

    private static readonly Function OfFloor = Steps("Floor", System.Math.Floor);
    private static readonly Function OfCeiling = Steps("Ceiling", System.Math.Ceiling);
    private static readonly Function OfRound = Steps("Round", System.Math.Round);
    private static readonly Function OfTruncate = Steps("Truncate", System.Math.Truncate);

    // On ties with a constant the derivative is 0. If both arguments are variable, PyTorch's rules hold: ties halve the gradient, and
    // beside what is not a number both get it.
    private static readonly Function OfMax = Bound(
        "Max", (x, bound) => x > bound, (x, other) => x < other, x => Interval.Max(x[0], x[1]), System.Math.Max);
    private static readonly Function OfMin = Bound(
        "Min", (x, bound) => x < bound, (x, other) => x > other, x => Interval.Min(x[0], x[1]), System.Math.Min);

    private static readonly Function OfMaxNative = Bound(
        "MaxNative", (x, bound) => x > bound, (x, other) => x < other, x => SecondOfNaN(x, Interval.Max(x[0], x[1])),
        (x, y) => x > y ? x : y);

    private static readonly Function OfMinNative = Bound(
        "MinNative", (x, bound) => x < bound, (x, other) => x > other, x => SecondOfNaN(x, Interval.Min(x[0], x[1])),
        (x, y) => x < y ? x : y);

    private static readonly Dictionary<(string Name, int Arguments), Function> ByName = new Function[]
    {
        OfExp, OfLog, OfExpm1, OfLog1p, OfErf, OfSin, OfCos, OfTanh, OfSigmoid, OfSoftplus, OfLeakyReLU, OfELU, OfPow, OfScaledSoftplus,
        OfSiLU, OfMish, OfGELU, OfGELUTanh, OfHardSwish, OfHardSigmoid, OfSqrt, OfAbs, OfCopySign, OfFloor, OfCeiling, OfRound, OfTruncate,
        OfMax, OfMin, OfMaxNative, OfMinNative,
    }.ToDictionary(function => (function.Name, function.Vectors + function.Numbers));

    /// <summary>The function of a name; null if there is none with this number of arguments.</summary>
    public static Function? Find(string name, int arguments) =>
        ByName.TryGetValue((name, arguments), out Function? known) ? known : null;

    /// <summary>The names of the functions that formulas are made of, with the number of their arguments.</summary>
    public static IEnumerable<(string Name, int Arguments)> Names => ByName.Keys;

    public static Expression Exp(Expression x) => Call(OfExp, x);

    /// <summary>The natural logarithm.</summary>
    public static Expression Log(Expression x) => Call(OfLog, x);

    /// <summary>eˣ − 1, also near 0.</summary>
    public static Expression Expm1(Expression x) => Call(OfExpm1, x);

    /// <summary>ln(1 + x), also near 0.</summary>
    public static Expression Log1p(Expression x) => Call(OfLog1p, x);

    /// <summary>The error function, 2/√π·∫e^−t² dt from 0 to x.</summary>
    public static Expression Erf(Expression x) => Call(OfErf, x);

    public static Expression Sin(Expression x) => Call(OfSin, x);

    public static Expression Cos(Expression x) => Call(OfCos, x);

    /// <summary>
    /// x to the power of a number: products, or a root, where there is such a form. NaN below 0 where the exponent is no whole number.
    /// </summary>
    public static Expression Pow(Expression x, double exponent)
    {
        const int MostProducts = 8;
        Expression Products(int count) => count == 1 ? x
            : Products(count / 2) is var half && count % 2 == 0 ? half * half : half * half * x;
        return exponent switch
        {
            0 => 1,
            0.5 => Sqrt(x),
            >= 1 and <= MostProducts when exponent == System.Math.Floor(exponent) => Products((int)exponent),
            <= -1 and >= -MostProducts when exponent == System.Math.Floor(exponent) => 1 / Products((int)-exponent),
            _ => Call(OfPow, x, exponent),
        };
    }

    /// <summary>
    /// x to the power of a number that is a variable as yet. <see cref="Folding"/> writes it out once the number is known.
    /// </summary>
    public static Expression Pow(Expression x, Expression exponent) =>
        exponent is Constant number ? Pow(x, number.Value) : Call(OfPow, x, exponent);

    public static Expression Tanh(Expression x) => Call(OfTanh, x);

    /// <summary>1/(1 + e⁻ˣ).</summary>
    public static Expression Sigmoid(Expression x) => Call(OfSigmoid, x);

    /// <summary>ln(1 + eˣ).</summary>
    public static Expression Softplus(Expression x) => Call(OfSoftplus, x);

    /// <summary>ln(1 + e^(beta·x))/beta; x where beta·x is above the threshold.</summary>
    public static Expression Softplus(Expression x, double beta, double threshold) => Call(OfScaledSoftplus, x, beta, threshold);

    /// <summary>x above 0, else slope·x.</summary>
    public static Expression LeakyReLU(Expression x, double slope) => Call(OfLeakyReLU, x, slope);

    /// <summary>x above 0, else alpha·(eˣ − 1).</summary>
    public static Expression ELU(Expression x, double alpha) => Call(OfELU, x, alpha);

    /// <summary>x/(1 + e⁻ˣ).</summary>
    public static Expression SiLU(Expression x) => Call(OfSiLU, x);

    /// <summary>x·tanh(ln(1 + eˣ)).</summary>
    public static Expression Mish(Expression x) => Call(OfMish, x);

    /// <summary>x·Φ(x), Φ being the normal distribution.</summary>
    public static Expression GELU(Expression x) => Call(OfGELU, x);

    /// <summary>½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
    public static Expression GELUTanh(Expression x) => Call(OfGELUTanh, x);

    /// <summary>min(max(x + 3, 0), 6)/6.</summary>
    public static Expression HardSigmoid(Expression x) => Call(OfHardSigmoid, x);

    /// <summary>x·min(max(x + 3, 0), 6)/6.</summary>
    public static Expression HardSwish(Expression x) => Call(OfHardSwish, x);

    public static Expression Sqrt(Expression x) => Call(OfSqrt, x);

    /// <summary>The largest whole number up to x.</summary>
    public static Expression Floor(Expression x) => Call(OfFloor, x);

    /// <summary>The smallest whole number from x on.</summary>
    public static Expression Ceiling(Expression x) => Call(OfCeiling, x);

    /// <summary>The nearest whole number; of two, the even one.</summary>
    public static Expression Round(Expression x) => Call(OfRound, x);

    /// <summary>x without its fraction.</summary>
    public static Expression Truncate(Expression x) => Call(OfTruncate, x);

    public static Expression Abs(Expression x) => Call(OfAbs, x);

    /// <summary>The magnitude of one argument with the sign of the other.</summary>
    public static Expression CopySign(Expression size, Expression sign) => Call(OfCopySign, size, sign);

    /// <summary>The larger one; NaN if one is NaN.</summary>
    public static Expression Max(Expression left, Expression right) => Call(OfMax, left, right);

    /// <summary>The smaller one; NaN if one is NaN.</summary>
    public static Expression Min(Expression left, Expression right) => Call(OfMin, left, right);

    /// <summary>The larger one, by one instruction. If one is NaN, it gives the second argument: so put the variable second.</summary>
    public static Expression MaxNative(Expression bound, Expression x) => Call(OfMaxNative, bound, x);

    /// <summary>The smaller one, by one instruction; the second argument if one is NaN.</summary>
    public static Expression MinNative(Expression bound, Expression x) => Call(OfMinNative, bound, x);

    /// <summary>−1, 0 or 1; NaN if x is NaN.</summary>
    public static Expression Sign(Expression x) => Select(Abs(x) > 0, CopySign(1, x), x);

    private static Call Call(Function function, params Expression[] arguments) => new(function, arguments);

    /// <param name="numbers">How many single numbers follow the vector.</param>
    private static Function Math(
        string name, Func<Call, Expression> derivative, Func<IReadOnlyList<Interval>, Interval>? range,
        Func<IReadOnlyList<double>, double>? value, int numbers = 0) =>
        new(name, FunctionClass.Mathematical, call => [derivative(call)]) { Range = range, Value = value, Numbers = numbers };

    /// <summary>A function whose derivative is a mathematical function, too. It lies between 0 and x, or has a minimum.</summary>
    private static Function WithGradient(
        string name, double least, (double Low, double High) slope, Func<IReadOnlyList<double>, double>? value = null)
    {
        Function gradient = Math(
            name + "Gradient", _ => throw new NotSupportedException($"{name} is differentiated once."),
            x => x[0].IsEmpty ? x[0] : new Interval(slope.Low, slope.High).With(x[0]), value: null);
        return Math(name, call => Call(gradient, call.Arguments[0]), x => x[0].Gated(least), value);
    }

    private static Function Instruction(
        string name, Func<Call, Expression[]> derivatives, Func<IReadOnlyList<Interval>, Interval> range,
        Func<IReadOnlyList<double>, double> value, int vectors = 1) =>
        new(name, FunctionClass.Instruction, derivatives) { Vectors = vectors, Range = range, Value = value };

    /// <summary>A function that is constant between its jumps.</summary>
    private static Function Steps(string name, Func<double, double> value) =>
        Instruction(name, _ => [0], x => x[0].Steps(value), v => value(v[0]));

    private static Function Bound(
        string name, Func<Expression, Expression, Expression> isFree, Func<Expression, Expression, Expression> isBeaten,
        Func<IReadOnlyList<Interval>, Interval> range, Func<double, double, double> value)
    {
        Expression Slope(Expression x, Expression other) => x is Constant || other is Constant
            ? Select(isFree(x, other), 1, 0) : Select(isBeaten(x, other), 0, Select(AreEqual(x, other), 0.5, 1));
        return Instruction(
            name, call => [Slope(call.Arguments[0], call.Arguments[1]), Slope(call.Arguments[1], call.Arguments[0])], range,
            v => value(v[0], v[1]), vectors: 2);
    }

    /// <summary>The range of an instruction that gives its second operand if one is NaN.</summary>
    private static Interval SecondOfNaN(IReadOnlyList<Interval> x, Interval ofNumbers) =>
        (x[0].HasNaN ? Interval.Union(ofNumbers, x[1]) : ofNumbers) with { HasNaN = x[1].HasNaN };
}
