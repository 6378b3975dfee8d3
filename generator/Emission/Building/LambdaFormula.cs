using System;
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
    private int _parts;

    private LambdaFormula(LambdaExpression lambda) => _lambda = lambda;

    /// <summary>Reads a lambda. Its parameters become variables of their names.</summary>
    /// <exception cref="NotSupportedException">It has a part that no formula can have. The message names it.</exception>
    public static Formula Read(LambdaExpression lambda) => new LambdaFormula(lambda).Read(lambda.Body);

    private Formula Read(Expression expression)
    {
        if (++_parts > DeclaredOperator.MostExpressions)
        {
            throw new NotSupportedException($"A formula has at most {DeclaredOperator.MostExpressions} parts.");
        }

        return expression switch
        {
            ParameterExpression parameter when _lambda.Parameters.Contains(parameter) => DeclaredOperator.InputOf(parameter.Name!),
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
        ExpressionType.Negate => -Read(unary.Operand),
        ExpressionType.UnaryPlus => Read(unary.Operand),
        ExpressionType.Not when unary.Type == typeof(bool) => ~Read(unary.Operand),
        ExpressionType.Convert when unary.Type == typeof(float) || unary.Type == typeof(double) => Read(unary.Operand),
        _ => throw Refused(unary, "a formula has the operators -, + and !, and conversions to float and double"),
    };

    private Formula Binary(BinaryExpression binary)
    {
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
        if (owner is null || FormulaFunctions.Find(owner, name, call.Arguments.Count) is not { } known)
        {
            throw Refused(call, owner is null ? "a formula calls methods of MathF, Math, float and Strata.Functions"
                : $"{owner} has {string.Join(", ", FormulaFunctions.NamesOf(owner))}");
        }

        Formula[] arguments = [.. call.Arguments.Select(Read)];
        int variable = Array.FindIndex(
            arguments, int.Min(arguments.Length, FormulaFunctions.FirstConstant(owner, name)), one => !DeclaredOperator.IsNumber(one));
        return variable < 0 ? known(arguments)
            : throw Refused(call, $"the argument '{call.Method.GetParameters()[variable].Name}' of {owner}.{name} must be a number");
    }

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
