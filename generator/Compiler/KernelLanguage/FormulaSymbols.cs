using System;
using System.Collections.Generic;

namespace Strata.Compiler.KernelLanguage;

/// <summary>What the parts of a formula are called in texts: <c>(* x (Tanh x))</c>.</summary>
internal static class FormulaSymbols
{
    public const string Negate = "-", Not = "not", Choice = "?";

    /// <summary>The symbols of operators with two operands.</summary>
    public static IReadOnlyDictionary<BinaryOperator, string> Binary { get; } = new Dictionary<BinaryOperator, string>
    {
        [BinaryOperator.Add] = "+",
        [BinaryOperator.Subtract] = "-",
        [BinaryOperator.Multiply] = "*",
        [BinaryOperator.Divide] = "/",
        [BinaryOperator.And] = "and",
        [BinaryOperator.Or] = "or",
        [BinaryOperator.Equal] = "=",
        [BinaryOperator.Less] = "<",
        [BinaryOperator.LessOrEqual] = "<=",
        [BinaryOperator.Greater] = ">",
        [BinaryOperator.GreaterOrEqual] = ">=",
    };

    /// <summary>The operator or function of a part that has operands.</summary>
    public static string Of(Expression part) => part switch
    {
        Unary { Operator: UnaryOperator.Negate } => Negate,
        Unary => Not,
        Binary binary => Binary[binary.Operator],
        Select => Choice,
        Call call => call.Function.Name,
        _ => throw new InvalidOperationException($"{part} is no part of a formula."),
    };
}
