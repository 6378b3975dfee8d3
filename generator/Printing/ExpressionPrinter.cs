using System;
using System.Globalization;
using System.Linq;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Printing;

/// <summary>Expressions as C#: an element is a <c>Vector</c>, whose operations are those of <c>Simd</c> and <c>VectorMath</c>.</summary>
internal static class ExpressionPrinter
{
    /// <param name="expression">What is printed.</param>
    /// <param name="textOf">A variable's text.</param>
    public static string Print(Expression expression, Func<Variable, string> textOf)
    {
        string Text(Expression e) => Print(e, textOf);
        switch (expression)
        {
            case Constant constant:
                return Print(constant);

            case Variable variable:
                return textOf(variable);

            case Unary unary:
                return (unary.Operator == UnaryOperator.Negate ? "-" : "~") + Operand(unary.Operand, Text, isBracketed: unary.Operand is Binary { IsComparison: false } or Unary);

            case Binary { IsComparison: true } comparison:
                return $"Simd.{NameOf(comparison.Operator)}({Text(comparison.Left)}, {Text(comparison.Right)})";

            case Binary binary:
                return $"{Operand(binary.Left, Text, !IsChain(binary))} {Symbol(binary.Operator)} {Operand(binary.Right, Text, isBracketed: binary.Right is Binary { IsComparison: false })}";

            case Select select:
                return $"Simd.ConditionalSelect({Text(select.Mask)}, {Text(select.Then)}, {Text(select.Else)})";

            case Call { Function: var function } call:
                return $"{function.Home}.{function.Name}({string.Join(", ", call.Arguments.Select((argument, i) => i < function.Vectors ? Text(argument) : Single((Constant)argument)))})";

            default:
                throw new InvalidOperationException($"{expression} has no text.");
        }
    }

    private static string Operand(Expression operand, Func<Expression, string> textOf, bool isBracketed)
    {
        string text = textOf(operand);
        return (isBracketed || operand is Variable) && !IsAtom(text) ? $"({text})" : text;
    }

    /// <summary>Whether the left operand needs no brackets: a − b + c, a · b / c.</summary>
    private static bool IsChain(Binary binary) => binary.Left is not Binary { IsComparison: false } left || Level(left.Operator) == Level(binary.Operator);

    private static int Level(BinaryOperator symbol) => symbol switch
    {
        BinaryOperator.Add or BinaryOperator.Subtract => 0,
        BinaryOperator.Multiply or BinaryOperator.Divide => 1,
        _ => 2,
    };

    /// <summary>In brackets where a member of it could not be called.</summary>
    public static string AsOperand(string text) => IsAtom(text) && text[0] is not ('-' or '~') ? text : $"({text})";

    /// <summary>Whether a text is one operand: there is no space outside of its brackets.</summary>
    private static bool IsAtom(string text)
    {
        int depth = 0;
        foreach (char c in text)
        {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ' ' && depth == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static string Symbol(BinaryOperator symbol) => symbol switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.And => "&",
        _ => throw new InvalidOperationException($"{symbol} has no symbol."),
    };

    private static string NameOf(BinaryOperator comparison) => comparison switch
    {
        BinaryOperator.Equal => "Equals",
        BinaryOperator.Less => "LessThan",
        BinaryOperator.LessOrEqual => "LessThanOrEqual",
        BinaryOperator.Greater => "GreaterThan",
        BinaryOperator.GreaterOrEqual => "GreaterThanOrEqual",
        _ => throw new InvalidOperationException($"{comparison} is no comparison."),
    };

    private static string Print(Constant constant) => constant.Value switch
    {
        0 when constant.Bits == 0 => "Vector.Zero",
        1 => "Vector.One",
        _ => $"Simd.Create({Single(constant)})",
    };

    private static string Single(Constant constant) => constant.Value switch
    {
        float.Epsilon => "float.Epsilon",
        float.PositiveInfinity => "float.PositiveInfinity",
        float.NegativeInfinity => "float.NegativeInfinity",
        float.NaN => "float.NaN",
        _ => constant.Value.ToString("R", CultureInfo.InvariantCulture) + "f",
    };
}
