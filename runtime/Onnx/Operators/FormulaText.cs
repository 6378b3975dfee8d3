using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Strata.Compiler.KernelLanguage;

namespace Strata.Onnx.Operators;

/// <summary>Writes a formula as the C# of an operator of one's own: statements, the last of which returns.</summary>
internal sealed class FormulaText
{
    /// <summary>A longer expression gets a local.</summary>
    private const int LongestExpression = 48;

    /// <summary>The functions that <c>float</c> has; <c>Functions</c> has the others.</summary>
    private static readonly HashSet<string> OfFloats =
        ["Exp", "Log", "Sqrt", "Abs", "Floor", "Ceiling", "Round", "Sin", "Cos", "Tanh", "Pow", "Min", "Max"];

    private readonly StringBuilder _statements = new();
    private readonly Dictionary<Expression, string> _texts = [];
    private readonly Dictionary<Expression, int> _uses;
    private int _locals;

    private FormulaText(IEnumerable<Expression> parts) =>
        _uses = parts.Distinct().SelectMany(part => part.Operands).CountBy(operand => operand).ToDictionary();

    /// <summary>The statements; null if C# has no words for it.</summary>
    public static string? Of(Expression formula)
    {
        IReadOnlyList<Expression> parts = formula.InOrder();
        if (parts.Any(part => part is Call { Function.Name: "Pow", Arguments: [_, not Constant] }))
        {
            return null;
        }

        var text = new FormulaText(parts);
        foreach (Expression part in parts)
        {
            if (!text._texts.ContainsKey(part))
            {
                text._texts.Add(part, text.Named(part, text.Write(part)));
            }
        }

        return text._statements.Append(CultureInfo.InvariantCulture, $"return {Bare(text._texts[formula])};").ToString();
    }

    private string Write(Expression part)
    {
        string[] x = [.. part.Operands.Select(operand => _texts[operand])];
        return part switch
        {
            Constant constant => Number((float)constant.Value),
            Variable variable => variable.Name,
            Unary one => $"({(one.Operator == UnaryOperator.Negate ? '-' : '!')}{x[0]})",
            Select => $"({x[0]} ? {x[1]} : {x[2]})",
            Call call => $"{(OfFloats.Contains(call.Function.Name) ? "float" : "Functions")}.{call.Function.Name}({string.Join(", ", x)})",
            _ => $"({x[0]} {Symbol(((Binary)part).Operator)} {x[1]})",
        };
    }

    private static string Symbol(BinaryOperator @operator) => @operator switch
    {
        BinaryOperator.And => "&&",
        BinaryOperator.Or => "||",
        BinaryOperator.Equal => "==",
        _ => FormulaSymbols.Binary[@operator],
    };

    /// <summary>A local for an expression that is long, or is read several times.</summary>
    private string Named(Expression part, string text)
    {
        if (part.Operands.Count == 0 || (_uses.GetValueOrDefault(part) < 2 && text.Length <= LongestExpression))
        {
            return text;
        }

        bool isMask = part.Type.Kind == ElementKind.Bool;
        string name = $"{(isMask ? "c" : "v")}{++_locals}";
        _statements.Append(CultureInfo.InvariantCulture, $"{(isMask ? "bool" : "float")} {name} = {Bare(text)};\n");
        return name;
    }

    /// <summary>Without parentheses around all of it.</summary>
    private static string Bare(string text)
    {
        int depth = 0;
        int closing = text.TakeWhile(letter => (depth += letter == '(' ? 1 : letter == ')' ? -1 : 0) > 0).Count();
        return text.StartsWith('(') && closing == text.Length - 1 ? text[1..^1] : text;
    }

    /// <summary>A float as C# has it.</summary>
    private static string Number(float value) => value switch
    {
        float.PositiveInfinity => "float.PositiveInfinity",
        float.NegativeInfinity => "float.NegativeInfinity",
        _ when float.IsNaN(value) => "float.NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal) + "f" is var text && value < 0
            ? $"({text})" : text,
    };
}
