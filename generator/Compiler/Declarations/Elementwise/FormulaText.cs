using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Declarations;

/// <summary>
/// Formulas in the text with which an assembly declares its operators:
/// <list type="table">
/// <item><term><c>1.5</c>, <c>nan</c>, <c>-inf</c></term><description>a number, as in <see cref="ExpressionText"/></description></item>
/// <item><term><c>x</c>, <c>number.0</c>, <c>trained.Slope</c></term><description>a variable</description></item>
/// <item><term><c>(- x)</c>, <c>(not m)</c></term><description>operators with one operand</description></item>
/// <item><term><c>(+ x y)</c>, <c>(&lt;= x y)</c>, <c>(and m x)</c></term>
/// <description>operators with two; <c>and</c> of a mask and a number is the number if the mask is true, and 0
/// otherwise</description></item>
/// <item><term><c>(? m x y)</c></term><description>a choice: x if the mask is true, and y otherwise</description></item>
/// <item><term><c>(Softplus x 2 20)</c></term><description>a function, by its name in kernels</description></item>
/// </list>
/// </summary>
internal static class FormulaText
{
    private static readonly Dictionary<string, BinaryOperator> Operators =
        FormulaSymbols.Binary.ToDictionary(symbol => symbol.Value, symbol => symbol.Key, StringComparer.Ordinal);

    /// <summary>Writes a formula. A part that occurs several times is written each time.</summary>
    public static TextNode Write(Expression formula) => formula switch
    {
        Constant constant => ExpressionText.WriteValue(constant.Value),
        Variable variable => ExpressionText.Write(new ConstantReference(variable.Name)),
        _ => TextNode.OfList(formula.Operands.Select(operand => DeepRecursion.Call(Write, operand))
            .Prepend(TextNode.OfWord(FormulaSymbols.Of(formula)))),
    };

    /// <summary>Reads a formula, in which equal parts are one object.</summary>
    /// <param name="variables">The variables that it may have.</param>
    /// <exception cref="TextFormException">The text is no formula.</exception>
    public static Expression Read(TextNode node, IReadOnlyList<Variable> variables)
    {
        Expression formula = new Reader(variables).Read(node);
        return IsMask(formula) ? throw new TextFormException($"{node} is a condition, not a number") : formula;
    }

    private static bool IsMask(Expression expression) => expression.Type.Kind == ElementKind.Bool;

    private sealed class Reader(IReadOnlyList<Variable> variables)
    {
        private readonly Dictionary<Expression, Expression> _known = [];

        public Expression Read(TextNode node)
        {
            Expression read = node.IsList ? ReadList(node) : ReadLeaf(node);
            if (_known.TryGetValue(read, out Expression? same))
            {
                return same;
            }

            _known.Add(read, read);
            return read;
        }

        private Expression ReadLeaf(TextNode node) => ExpressionText.Read(node) switch
        {
            ConstantValue { Value: double or int } number => DeclaredOperator.ValueOf(number.Value),
            ConstantReference reference => variables.FirstOrDefault(variable => variable.Name == reference.Name)
                ?? throw new TextFormException($"there is no variable '{reference.Name}'"),
            _ => throw new TextFormException($"{node} is no number"),
        };

        private Expression ReadList(TextNode node)
        {
            string head = node.Items.Count > 1 && node.Items[0].Word is { } word ? word : throw ClassText.NoMeaning(node);
            Expression[] x = [.. node.Items.Skip(1).Select(item => DeepRecursion.Call(Read, item))];
            bool areNumbers = !x.Any(IsMask);
            switch (x.Length)
            {
                case 1 when head == FormulaSymbols.Negate && areNumbers:
                    return -x[0];

                case 1 when head == FormulaSymbols.Not && !areNumbers:
                    return ~x[0];

                case 2 when Operators.TryGetValue(head, out BinaryOperator symbol):
                    bool fits = symbol switch
                    {
                        BinaryOperator.And => IsMask(x[0]),
                        BinaryOperator.Or => IsMask(x[0]) && IsMask(x[1]),
                        _ => areNumbers,
                    };
                    return fits ? new Binary(symbol, x[0], x[1]) : throw ClassText.NoMeaning(node);

                case 3 when head == FormulaSymbols.Choice:
                    return IsMask(x[0]) && !IsMask(x[1]) && !IsMask(x[2])
                        ? Expression.Select(x[0], x[1], x[2]) : throw ClassText.NoMeaning(node);

                default:
                    Function function = Functions.Find(head, x.Length) ?? throw new TextFormException(
                        $"there is no function '{head}' of {Arithmetic.Count(x.Length, "argument")}");
                    return areNumbers && x.Skip(function.Vectors).All(DeclaredOperator.IsNumber) ? new Call(function, x)
                        : throw ClassText.NoMeaning(node);
            }
        }
    }
}
