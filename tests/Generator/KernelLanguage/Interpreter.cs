using System;
using System.Linq;
using System.Runtime.Intrinsics;
using Strata.CompilerServices;
using Strata.Compiler.KernelLanguage;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>Computes expressions, one lane of them.</summary>
internal static class Interpreter
{
    /// <summary>In double precision, as an oracle.</summary>
    public static double InDouble(Expression expression, Func<Variable, double> values)
    {
        double Of(Expression e) => InDouble(e, values);
        return expression switch
        {
            Constant constant => constant.Value,
            Variable variable => values(variable),
            Unary { Operator: UnaryOperator.Negate } negative => -Of(negative.Operand),
            Binary { Operator: BinaryOperator.And } masked => IsTrue(masked.Left, values) ? Of(masked.Right) : 0,
            Binary binary => Arithmetic(binary.Operator, Of(binary.Left), Of(binary.Right)),
            Select select => Of(IsTrue(select.Mask, values) ? select.Then : select.Else),
            Call call => InDouble(call.Function.Name, [.. call.Arguments.Select(Of)]),
            _ => throw new InvalidOperationException(expression.ToString()),
        };
    }

    /// <summary>In single precision, bit for bit what compiled code gives.</summary>
    public static float InSingle(Expression expression, Func<Variable, float> values)
    {
        float Of(Expression e) => InSingle(e, values);
        return expression switch
        {
            Constant constant => (float)constant.Value,
            Variable variable => values(variable),
            Unary { Operator: UnaryOperator.Negate } negative => -Of(negative.Operand),
            Binary { Operator: BinaryOperator.And } masked => IsTrueOf(masked.Left, Of) ? Of(masked.Right) : 0,
            Binary { Operator: BinaryOperator.Add } sum => Of(sum.Left) + Of(sum.Right),
            Binary { Operator: BinaryOperator.Subtract } difference => Of(difference.Left) - Of(difference.Right),
            Binary { Operator: BinaryOperator.Multiply } product => Of(product.Left) * Of(product.Right),
            Binary { Operator: BinaryOperator.Divide } quotient => Of(quotient.Left) / Of(quotient.Right),
            Select select => Of(IsTrueOf(select.Mask, Of) ? select.Then : select.Else),
            Call call => InSingle(call.Function, [.. call.Arguments.Select(Of)]),
            _ => throw new InvalidOperationException(expression.ToString()),
        };
    }

    public static bool IsTrue(Expression mask, Func<Variable, double> values) => IsTrueOf(mask, e => InDouble(e, values));

    private static bool IsTrueOf<T>(Expression mask, Func<Expression, T> valueOf)
        where T : struct, System.Numerics.IFloatingPoint<T> => mask switch
        {
            Unary { Operator: UnaryOperator.Not } opposite => !IsTrueOf(opposite.Operand, valueOf),
            Binary { Operator: BinaryOperator.And } both => IsTrueOf(both.Left, valueOf) & IsTrueOf(both.Right, valueOf),
            Binary { Operator: BinaryOperator.Or } either => IsTrueOf(either.Left, valueOf) | IsTrueOf(either.Right, valueOf),
            Binary { Operator: BinaryOperator.Equal } comparison => valueOf(comparison.Left) == valueOf(comparison.Right),
            Binary { Operator: BinaryOperator.Less } comparison => valueOf(comparison.Left) < valueOf(comparison.Right),
            Binary { Operator: BinaryOperator.LessOrEqual } comparison => valueOf(comparison.Left) <= valueOf(comparison.Right),
            Binary { Operator: BinaryOperator.Greater } comparison => valueOf(comparison.Left) > valueOf(comparison.Right),
            Binary { Operator: BinaryOperator.GreaterOrEqual } comparison => valueOf(comparison.Left) >= valueOf(comparison.Right),
            _ => throw new InvalidOperationException(mask.ToString()),
        };

    private static double Arithmetic(BinaryOperator symbol, double left, double right) => symbol switch
    {
        BinaryOperator.Add => left + right,
        BinaryOperator.Subtract => left - right,
        BinaryOperator.Multiply => left * right,
        BinaryOperator.Divide => left / right,
        _ => throw new InvalidOperationException(symbol.ToString()),
    };

    private static double InDouble(string function, double[] x) => function switch
    {
        "Exp" => Math.Exp(x[0]),
        "Log" => Math.Log(x[0]),
        "Expm1" => Expm1(x[0]),
        "Tanh" => Math.Tanh(x[0]),
        "Sigmoid" => Sigmoid(x[0]),
        "Softplus" when x.Length == 3 => x[0] * x[1] > x[2] ? x[0] : Softplus(x[0] * x[1]) / x[1],
        "Softplus" => Softplus(x[0]),
        "LeakyReLU" => x[0] > 0 ? x[0] : x[1] * x[0],
        "ELU" => x[0] > 0 ? x[0] : x[1] * Expm1(x[0]),
        "SiLU" => x[0] * Sigmoid(x[0]),
        "SiLUGradient" => Sigmoid(x[0]) * (1 + (x[0] * (1 - Sigmoid(x[0])))),
        "Mish" => x[0] * Math.Tanh(Softplus(x[0])),
        "MishGradient" => Math.Tanh(Softplus(x[0])) + (x[0] * Sigmoid(x[0]) * (1 - Math.Pow(Math.Tanh(Softplus(x[0])), 2))),
        "GELU" => x[0] * Normal(x[0]),
        "GELUGradient" => Normal(x[0]) + (x[0] * Math.Exp(-0.5 * x[0] * x[0]) / Math.Sqrt(2 * Math.PI)),
        "GELUTanh" => x[0] * Sigmoid(2 * Cubic(x[0])),
        "GELUTanhGradient" => Sigmoid(2 * Cubic(x[0]))
            + (x[0] * 2 * CubicSlope(x[0]) * Sigmoid(2 * Cubic(x[0])) * Sigmoid(-2 * Cubic(x[0]))),
        "HardSigmoid" => Math.Clamp(x[0] + 3, 0, 6) / 6,
        "HardSwish" => x[0] * Math.Clamp(x[0] + 3, 0, 6) / 6,
        "HardSwishGradient" => x[0] <= -3 ? 0 : x[0] >= 3 ? 1 : (x[0] / 3) + 0.5,
        "Log1p" => Log1p(x[0]),
        "Erf" => (2 * Normal(Math.Sqrt(2) * x[0])) - 1,
        "Sin" => Math.Sin(x[0]),
        "Cos" => Math.Cos(x[0]),
        "Pow" => Math.Pow(x[0], x[1]),
        "Floor" => Math.Floor(x[0]),
        "Ceiling" => Math.Ceiling(x[0]),
        "Round" => Math.Round(x[0]),
        "Truncate" => Math.Truncate(x[0]),
        "Sqrt" => Math.Sqrt(x[0]),
        "Abs" => Math.Abs(x[0]),
        "CopySign" => Math.CopySign(x[0], x[1]),
        "Max" => Math.Max(x[0], x[1]),
        "Min" => Math.Min(x[0], x[1]),
        "MaxNative" => x[0] > x[1] ? x[0] : x[1],
        "MinNative" => x[0] < x[1] ? x[0] : x[1],
        _ => throw new InvalidOperationException(function),
    };

    /// <summary>A function of the target, one lane of it.</summary>
    public static float InSingle(Function function, float[] x)
    {
        if (function.Home == FunctionClass.Mathematical)
        {
            Type[] types = [typeof(Vector128<float>), .. x.Skip(1).Select(_ => typeof(float))];
            object[] arguments = [Vector128.Create(x[0]), .. x.Skip(1).Select(value => (object)value)];
            return ((Vector128<float>)typeof(VectorMath).GetMethod(function.Name, types)!.Invoke(null, arguments)!)[0];
        }

        return function.Name switch
        {
            "Floor" => MathF.Floor(x[0]),
            "Ceiling" => MathF.Ceiling(x[0]),
            "Round" => MathF.Round(x[0]),
            "Truncate" => MathF.Truncate(x[0]),
            "Sqrt" => MathF.Sqrt(x[0]),
            "Abs" => MathF.Abs(x[0]),
            "CopySign" => MathF.CopySign(x[0], x[1]),
            "Max" => MathF.Max(x[0], x[1]),
            "Min" => MathF.Min(x[0], x[1]),
            "MaxNative" => x[0] > x[1] ? x[0] : x[1],
            "MinNative" => x[0] < x[1] ? x[0] : x[1],
            _ => throw new InvalidOperationException(function.Name),
        };
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    /// <summary>Kahan's way: the error of 1 + x cancels.</summary>
    private static double Log1p(double x) => 1 + x == 1 ? x : Math.Log(1 + x) * x / (1 + x - 1);

    private static double Expm1(double x)
    {
        double e = Math.Exp(x);
        return e == 1 ? x : e - 1 == -1 ? -1 : double.IsInfinity(e) ? e : (e - 1) * x / Math.Log(e);
    }

    private static double Cubic(double x) => Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x));

    private static double CubicSlope(double x) => Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * x * x));

    /// <summary>Φ, by the series of the error function near 0 and its continued fraction elsewhere.</summary>
    private static double Normal(double x)
    {
        double a = Math.Abs(x), density = Math.Exp(-0.5 * a * a) / Math.Sqrt(2 * Math.PI);
        if (a < 3)
        {
            double term = a, sum = a;
            for (int k = 1; k < 100; k++)
            {
                term *= a * a / ((2 * k) + 1);
                sum += term;
            }

            return 0.5 + (Math.Sign(x) * density * sum);
        }

        double fraction = a;
        for (int k = 60; k > 0; k--)
        {
            fraction = a + (k / fraction);
        }

        double tail = density / fraction;
        return x < 0 ? tail : 1 - tail;
    }
}
