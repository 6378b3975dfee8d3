using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.KernelLanguage;

/// <summary>Finds the numbers that a formula may have, by interval arithmetic.</summary>
internal sealed class Ranges
{
    /// <summary>
    /// Far more than what a network computes of zeros. The product of four such numbers is still a float.
    /// </summary>
    private const double Large = 1 << 30;

    private readonly Func<Variable, Interval> _rangeOf;
    private readonly Dictionary<Expression, Interval> _known = new(ReferenceComparer<Expression>.Instance);

    private Ranges(Func<Variable, Interval> rangeOf) => _rangeOf = rangeOf;

    /// <summary>The values of a formula while its variable is in an interval.</summary>
    public static Interval Evaluate(Expression value, Variable x, Interval range) =>
        new Ranges(variable => variable.Equals(x) ? range : Interval.Unknown).Evaluate(value);

    /// <summary>
    /// Whether a formula is proven to be finite where its variables are at most 2³⁰ in magnitude. Empty lanes then never hold an infinity
    /// or NaN because of it.
    /// </summary>
    public static bool IsProvenFinite(Expression value) => new Ranges(_ => new Interval(-Large, Large)).Evaluate(value).IsFinite;

    private Interval Evaluate(Expression part)
    {
        if (!_known.TryGetValue(part, out Interval known))
        {
            _known.Add(part, known = DeepRecursion.Call(Compute, part));
        }

        return known;
    }

    private Interval Compute(Expression part) => part switch
    {
        Constant constant => Interval.At(constant.Value),
        Variable variable => _rangeOf(variable),
        Broadcast broadcast => Evaluate(broadcast.Operand),
        Unary { Operator: UnaryOperator.Negate } negative => -Evaluate(negative.Operand),
        Unary { Operator: UnaryOperator.Not, Type.Kind: ElementKind.Bool } not => Interval.True - Evaluate(not.Operand),
        Select choice => Choice(choice.Mask, choice.Then, choice.Else),
        Binary { Operator: BinaryOperator.And, Type.Kind: ElementKind.Float } masked => Choice(masked.Left, masked.Right, 0),
        Binary binary => Operation(binary),
        Call call => call.Function.Range is { } ofArguments
            ? ofArguments([.. call.Arguments.Select(Evaluate)]) : Interval.Unknown,
        _ => Interval.Unknown,
    };

    private Interval Operation(Binary binary)
    {
        Interval left = Evaluate(binary.Left), right = Evaluate(binary.Right);
        return binary.Operator switch
        {
            BinaryOperator.Add => left + right,
            BinaryOperator.Subtract => left - right,
            BinaryOperator.Multiply => binary.Left == binary.Right ? left.Square() : left * right,
            BinaryOperator.Divide => left / right,
            BinaryOperator.Greater => Interval.Greater(left, right),
            BinaryOperator.Less => Interval.Greater(right, left),
            BinaryOperator.GreaterOrEqual => Interval.GreaterOrEqual(left, right),
            BinaryOperator.LessOrEqual => Interval.GreaterOrEqual(right, left),
            BinaryOperator.Equal => Interval.Min(Interval.GreaterOrEqual(left, right), Interval.GreaterOrEqual(right, left)),
            BinaryOperator.And when binary.Type.Kind == ElementKind.Bool => Interval.Min(left, right),
            BinaryOperator.Or when binary.Type.Kind == ElementKind.Bool => Interval.Max(left, right),
            _ => Interval.Unknown,
        };
    }

    /// <summary>What is not chosen anywhere in the interval does not count.</summary>
    private Interval Choice(Expression mask, Expression then, Expression otherwise)
    {
        Interval truth = Evaluate(mask);
        return truth.Low == 1 ? Evaluate(then)
            : truth.High == 0 ? Evaluate(otherwise)
            : Interval.Union(Evaluate(then), Evaluate(otherwise)) with { Jumps = true };
    }
}
