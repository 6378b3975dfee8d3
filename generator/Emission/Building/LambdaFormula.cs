using System;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using Strata.Compiler.Declarations;
using BinaryExpression = System.Linq.Expressions.BinaryExpression;
using ConditionalExpression = System.Linq.Expressions.ConditionalExpression;
using Formula = Strata.Compiler.KernelLanguage.Expression;
using UnaryExpression = System.Linq.Expressions.UnaryExpression;

namespace Strata.Compiler.Emission;

/// <summary>A lambda as a formula of the kernel language. The generator reads the method of a declared operator likewise.</summary>
internal sealed class LambdaFormula
{
    private readonly LambdaExpression _lambda;
    private readonly IReadOnlyList<string> _inputs;
    private int _parts;

    private LambdaFormula(LambdaExpression lambda, IReadOnlyList<string> inputs) => (_lambda, _inputs) = (lambda, inputs);

    /// <summary>Reads a lambda.</summary>
    /// <param name="inputs">What its parameters are called in the formula. Their own names may be the same, or none.</param>
    /// <exception cref="NotSupportedException">It has a part that no formula can have. The message names it.</exception>
    public static Formula Read(LambdaExpression lambda, IReadOnlyList<string> inputs) =>
        new LambdaFormula(lambda, inputs).Read(lambda.Body);

    private Formula Read(Expression expression)
    {
        if (++_parts > DeclaredOperator.MostExpressions)
        {
            throw new NotSupportedException($"A formula has at most {DeclaredOperator.MostExpressions} parts.");
        }

        return expression switch
        {
            ParameterExpression parameter when _lambda.Parameters.IndexOf(parameter) is >= 0 and var index =>
                DeclaredOperator.InputOf(_inputs[index]),
            _ when !DependsOnParameters(expression) => Number(expression),
            UnaryExpression unary => Unary(unary),
            BinaryExpression binary => Binary(binary),
            ConditionalExpression choice => Choice(choice),
            MethodCallExpression call => Call(call),
            _ => throw Refused(expression, "a formula has its parameters, numbers, operators, 'condition ? a : b' and methods"),
        };
    }

    /// <summary>What can be computed now: a number that is written, or a variable of the program.</summary>
    private static Strata.Compiler.KernelLanguage.Constant Number(Expression expression)
    {
        object? value = Expression.Lambda(expression).Compile(preferInterpretation: true).DynamicInvoke();
        return value is float or double or int or long or bool
            ? DeclaredOperator.LossOf(value) is { } loss ? throw Refused(expression, $"its value is {loss}")
                : DeclaredOperator.ValueOf(value)
            : throw Refused(expression, "a formula has numbers only");
    }

    private Formula Unary(UnaryExpression unary) => unary.NodeType switch
    {
        ExpressionType.Negate when IsFloat(unary) => -Read(unary.Operand),
        ExpressionType.UnaryPlus when IsFloat(unary) => Read(unary.Operand),
        ExpressionType.Not when unary.Type == typeof(bool) => ~Read(unary.Operand),
        ExpressionType.Convert when IsFloat(unary) => Read(unary.Operand),
        _ => throw Refused(unary, "a formula has the operators -, + and !, and conversions to float and double"),
    };

    private Formula Binary(BinaryExpression binary)
    {
        // Of integers, 1 / 2 would be 0: a formula has floats only.
        if (!IsFloat(binary.Left) && binary.Left.Type != typeof(bool))
        {
            throw Refused(binary, "a formula computes with floats; write one of its numbers as a float, such as 2f");
        }

        (Formula left, Formula right) = (Read(binary.Left), Read(binary.Right));
        return binary.NodeType switch
        {
            ExpressionType.Add => left + right,
            ExpressionType.Subtract => left - right,
            ExpressionType.Multiply => left * right,
            ExpressionType.Divide => left / right,
            ExpressionType.LessThan => left < right,
            ExpressionType.LessThanOrEqual => left <= right,
            ExpressionType.GreaterThan => left > right,
            ExpressionType.GreaterThanOrEqual => left >= right,
            ExpressionType.Equal when binary.Left.Type != typeof(bool) => Formula.AreEqual(left, right),
            ExpressionType.NotEqual when binary.Left.Type != typeof(bool) => ~Formula.AreEqual(left, right),
            ExpressionType.AndAlso or ExpressionType.And when binary.Type == typeof(bool) => left & right,
            ExpressionType.OrElse or ExpressionType.Or when binary.Type == typeof(bool) => left | right,
            _ => throw Refused(binary, "a formula has + - * / of floats, comparisons, && and ||"),
        };
    }

    private Formula Choice(ConditionalExpression choice)
    {
        (Formula mask, Formula then, Formula other) = (Read(choice.Test), Read(choice.IfTrue), Read(choice.IfFalse));
        return choice.Type == typeof(bool) ? (mask & then) | (~mask & other) : Formula.Select(mask, then, other);
    }

    private Formula Call(MethodCallExpression call)
    {
        string? owner = call.Method.DeclaringType switch
        {
            { } type when type == typeof(MathF) => FormulaFunctions.MathF,
            { } type when type == typeof(Math) => FormulaFunctions.Math,
            { } type when type == typeof(float) => FormulaFunctions.Float,
            { } type when type == typeof(double) => FormulaFunctions.Double,
            { } type when type == typeof(Functions) => FormulaFunctions.Strata,
            _ => null,
        };
        string name = call.Method.Name;
        if (owner is null || call.Object is not null || FormulaFunctions.Find(owner, name, call.Arguments.Count) is not { } known)
        {
            throw Refused(call, owner is null || call.Object is not null
                ? "a formula calls static methods of MathF, Math, float and Strata.Functions"
                : $"{owner} has {string.Join(", ", FormulaFunctions.NamesOf(owner))}");
        }

        Formula[] arguments = [.. call.Arguments.Select(Read)];
        int variable = Array.FindIndex(
            arguments, int.Min(arguments.Length, FormulaFunctions.FirstConstant(owner, name)), one => !DeclaredOperator.IsNumber(one));
        return variable < 0 ? known(arguments)
            : throw Refused(call, $"the argument '{call.Method.GetParameters()[variable].Name}' of {owner}.{name} must be a number");
    }

    private static bool IsFloat(Expression expression) => expression.Type == typeof(float) || expression.Type == typeof(double);

    private bool DependsOnParameters(Expression expression)
    {
        var search = new ParameterSearch(_lambda);
        search.Visit(expression);
        return search.IsFound;
    }

    private static NotSupportedException Refused(Expression part, string reason) =>
        new($"'{part}' cannot be a part of a layer's formula: {reason}.");

    /// <summary>Looks for a parameter of a lambda.</summary>
    private sealed class ParameterSearch(LambdaExpression lambda) : ExpressionVisitor
    {
        public bool IsFound { get; private set; }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            IsFound |= lambda.Parameters.Contains(node);
            return node;
        }
    }
}
