using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Computes formulas in double precision. A truth value is 1 or 0.</summary>
internal static class FormulaValue
{
    /// <summary>The value for those of the variables.</summary>
    public static Func<double[], double> Of(Expression formula, IReadOnlyList<Variable> variables)
    {
        Func<double[], double>[] x = formula is Call call && call.Function.Value is null
            ? [Of(ElementFormulas.Definition(call)!, variables)]
            : [.. formula.Operands.Select(operand => Of(operand, variables))];
        return formula switch
        {
            Constant constant => constant.Value is var value ? _ => value : null!,
            Variable variable => variables.ToList().IndexOf(variable) is var at ? v => v[at] : null!,
            Unary { Operator: UnaryOperator.Negate } => v => -x[0](v),
            Unary => v => 1 - x[0](v),
            Select => v => x[0](v) != 0 ? x[1](v) : x[2](v),
            Call { Function.Value: { } function } => v => function(Array.ConvertAll(x, one => one(v))),
            Call => x[0],
            Binary binary => Of(binary.Operator, x[0], x[1]),
            _ => throw new ArgumentException($"{formula} is no part of a formula."),
        };
    }

    private static Func<double[], double> Of(
        BinaryOperator @operator, Func<double[], double> x, Func<double[], double> y) => @operator switch
        {
            BinaryOperator.Add => v => x(v) + y(v),
            BinaryOperator.Subtract => v => x(v) - y(v),
            BinaryOperator.Multiply => v => x(v) * y(v),
            BinaryOperator.Divide => v => x(v) / y(v),
            BinaryOperator.And => v => x(v) != 0 ? y(v) : 0,
            BinaryOperator.Or => v => x(v) != 0 ? 1 : y(v),
            BinaryOperator.Equal => v => x(v) == y(v) ? 1 : 0,
            BinaryOperator.Less => v => x(v) < y(v) ? 1 : 0,
            BinaryOperator.LessOrEqual => v => x(v) <= y(v) ? 1 : 0,
            BinaryOperator.Greater => v => x(v) > y(v) ? 1 : 0,
            BinaryOperator.GreaterOrEqual => v => x(v) >= y(v) ? 1 : 0,
            _ => throw new ArgumentException($"{@operator} is no part of a formula."),
        };
}
