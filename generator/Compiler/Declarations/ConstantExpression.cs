using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Compiler.Declarations;

/// <summary>
/// A C# constant expression of a block. Its value may differ at each use of the block. Enums are numbers. It holds only values, so that
/// declarations compare by content. Whitespace makes no difference.
/// </summary>
internal abstract record ConstantExpression
{
    /// <summary>
    /// The limit of nested levels, more than anybody writes by hand. Reading, comparing and showing take some stack for each level.
    /// </summary>
    public const int MostLevels = 200;

    /// <summary>The expression as messages show it.</summary>
    public abstract string Text { get; }

    /// <summary>Its operands, from left to right.</summary>
    public virtual IReadOnlyList<ConstantExpression> Parts => [];
}

/// <param name="Value">A number, bool, char, string or null.</param>
internal sealed record ConstantValue(object? Value) : ConstantExpression
{
    public override string Text => Value switch
    {
        null => "null",
        string text => QuotedText.Of(text),
        char character => QuotedText.Of(character),
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => other.ToString(),
    };
}

/// <summary>One of the block's own constants.</summary>
internal sealed record ConstantReference(string Name) : ConstantExpression
{
    public override string Text => Name;
}

/// <summary>An expression that depends on the block, but cannot be computed at a use.</summary>
/// <param name="Source">The beginning of the user's text.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record UnreadableExpression(string Source, string Reason) : ConstantExpression
{
    public override string Text => Source;
}

/// <param name="IsExplicit">Whether the user wrote a cast.</param>
/// <param name="IsChecked">Whether a number that does not fit is an error; otherwise its lowest bits remain.</param>
internal sealed record ConversionExpression(ConstantExpression Operand, ConstantType Type, bool IsExplicit, bool IsChecked)
    : ConstantExpression
{
    public override string Text => IsExplicit ? $"({ConstantEvaluator.NameOf(Type)}){Operand.Text}" : Operand.Text;

    public override IReadOnlyList<ConstantExpression> Parts => [Operand];
}

/// <param name="Operator">The token, one of <see cref="Operators"/>.</param>
/// <param name="Type">The type in which C# computes it.</param>
/// <param name="IsChecked">Whether an overflow is an error; otherwise the lowest bits remain.</param>
internal sealed record UnaryExpression(string Operator, ConstantExpression Operand, ConstantType Type, bool IsChecked) : ConstantExpression
{
    public static readonly HashSet<string> Operators = ["+", "-", "~", "!"];

    public override string Text => Operator + Operand.Text;

    public override IReadOnlyList<ConstantExpression> Parts => [Operand];
}

/// <param name="Operator">The token, one of <see cref="Operators"/>.</param>
/// <param name="Type">The type in which C# computes it. For a comparison, it is the type of the operands.</param>
/// <param name="IsChecked">Whether an overflow is an error; otherwise the lowest bits remain.</param>
internal sealed record BinaryExpression(string Operator, ConstantExpression Left, ConstantExpression Right,
    ConstantType Type, bool IsChecked)
    : ConstantExpression
{
    public static readonly HashSet<string> Operators =
        ["+", "-", "*", "/", "%", "<<", ">>", ">>>", "&", "|", "^", "&&", "||", "==", "!=", "<", "<=", ">", ">="];

    public override string Text => $"{Nested(Left)} {Operator} {Nested(Right)}";

    public override IReadOnlyList<ConstantExpression> Parts => [Left, Right];

    private static string Nested(ConstantExpression operand) =>
        operand is BinaryExpression or ConversionExpression { IsExplicit: false, Operand: BinaryExpression }
            ? $"({operand.Text})" : operand.Text;
}

internal sealed record ConditionalExpression(ConstantExpression Condition, ConstantExpression WhenTrue, ConstantExpression WhenFalse)
    : ConstantExpression
{
    public override string Text => $"{Condition.Text} ? {WhenTrue.Text} : {WhenFalse.Text}";

    public override IReadOnlyList<ConstantExpression> Parts => [Condition, WhenTrue, WhenFalse];
}

/// <param name="ElementType">double, int or string.</param>
internal sealed record ArrayExpression(EquatableArray<ConstantExpression> Elements, ConstantType ElementType) : ConstantExpression
{
    public override string Text => $"[{string.Join(", ", Elements.Select(element => element.Text))}]";

    public override IReadOnlyList<ConstantExpression> Parts => Elements;
}
