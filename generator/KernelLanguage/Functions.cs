using System;
using static Strata.Generator.KernelLanguage.Expression;

namespace Strata.Generator.KernelLanguage;

/// <summary>
/// The functions that formulas are made of, each with its derivative. Some functions are exact and stable where their definition is not,
/// such as ln(1 + eˣ) and x·Φ(x). Their derivatives are written as such functions, too.
/// </summary>
internal static class Functions
{
    private static readonly Function OfExp = Math("Exp", call => call);
    private static readonly Function OfLog = Math("Log", call => 1 / call.Arguments[0]);
    private static readonly Function OfExpm1 = Math("Expm1", call => Exp(call.Arguments[0]));
    private static readonly Function OfTanh = Math("Tanh", call => 1 - (call * call));
    private static readonly Function OfSigmoid = Math("Sigmoid", call => call * (1 - call));
    private static readonly Function OfSoftplus = Math("Softplus", call => Sigmoid(call.Arguments[0]));
    private static readonly Function OfLeakyReLU = Math("LeakyReLU", call => Select(call.Arguments[0] > 0, 1, call.Arguments[1]));

    private static readonly Function OfELU = Math(
        "ELU", call => Select(call.Arguments[0] > 0, 1, call.Arguments[1] * Exp(call.Arguments[0])));

    // The arguments are x, beta and the threshold.
    private static readonly Function OfScaledSoftplus = Math("Softplus", call =>
    {
        Expression scaled = call.Arguments[0] * call.Arguments[1];
        return Select(scaled > call.Arguments[2], 1, Sigmoid(scaled));
    });

    private static readonly Function OfSiLU = WithGradient("SiLU");
    private static readonly Function OfGELU = WithGradient("GELU");
    private static readonly Function OfGELUTanh = WithGradient("GELUTanh");
    private static readonly Function OfHardSwish = WithGradient("HardSwish");

    // At the kinks the derivative is 0, as where the function is constant.
    private static readonly Function OfHardSigmoid = Math(
        "HardSigmoid", call => Select(call.Arguments[0] > -3 & call.Arguments[0] < 3, 1 / 6.0, 0));

    private static readonly Function OfSqrt = Simd("Sqrt", call => [0.5 / (Expression)call]);
    private static readonly Function OfAbs = Simd("Abs", call => [Sign(call.Arguments[0])]);

    // The derivative with respect to the sign's argument is 0: only its sign matters.
    private static readonly Function OfCopySign = Simd("CopySign", call => [Sign(call.Arguments[0]) * Sign(call), 0], vectors: 2);

    // On ties both derivatives are 0. If both arguments are variable, PyTorch halves the gradient on ties, or has no rule: formulas use
    // Select then.
    private static readonly Function OfMax = Bound("Max", (x, bound) => x > bound);
    private static readonly Function OfMin = Bound("Min", (x, bound) => x < bound);
    private static readonly Function OfMaxNative = Bound("MaxNative", (x, bound) => x > bound);
    private static readonly Function OfMinNative = Bound("MinNative", (x, bound) => x < bound);

    public static Expression Exp(Expression x) => Call(OfExp, x);

    /// <summary>The natural logarithm.</summary>
    public static Expression Log(Expression x) => Call(OfLog, x);

    /// <summary>eˣ − 1, also near 0.</summary>
    public static Expression Expm1(Expression x) => Call(OfExpm1, x);

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

    /// <summary>x·Φ(x), Φ being the normal distribution.</summary>
    public static Expression GELU(Expression x) => Call(OfGELU, x);

    /// <summary>½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
    public static Expression GELUTanh(Expression x) => Call(OfGELUTanh, x);

    /// <summary>min(max(x + 3, 0), 6)/6.</summary>
    public static Expression HardSigmoid(Expression x) => Call(OfHardSigmoid, x);

    /// <summary>x·min(max(x + 3, 0), 6)/6.</summary>
    public static Expression HardSwish(Expression x) => Call(OfHardSwish, x);

    public static Expression Sqrt(Expression x) => Call(OfSqrt, x);

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

    private static Function Math(string name, Func<Call, Expression> derivative) =>
        new(name, FunctionClass.VectorMath, call => [derivative(call)]);

    /// <summary>A function whose derivative is a function of <c>VectorMath</c>, too.</summary>
    private static Function WithGradient(string name)
    {
        Function gradient = Math(name + "Gradient", _ => throw new NotSupportedException($"{name} is differentiated once."));
        return Math(name, call => Call(gradient, call.Arguments[0]));
    }

    private static Function Simd(string name, Func<Call, Expression[]> derivatives, int vectors = 1) =>
        new(name, FunctionClass.Simd, derivatives) { Vectors = vectors };

    private static Function Bound(string name, Func<Expression, Expression, Expression> isFree) => Simd(
        name,
        call => [Select(isFree(call.Arguments[0], call.Arguments[1]), 1, 0), Select(isFree(call.Arguments[1], call.Arguments[0]), 1, 0)],
        vectors: 2);
}
