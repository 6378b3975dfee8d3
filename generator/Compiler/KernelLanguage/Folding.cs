using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.KernelLanguage;

/// <summary>
/// Computes what is constant in a formula, once the numbers that it depends on are known. No value changes: what is computed in advance is
/// rounded as a float, and only operations without any effect are left out (1·x, x/1, x − 0).
/// </summary>
internal static class Folding
{
    /// <summary>The same formula, in which equal parts are one object.</summary>
    public static Expression Fold(Expression formula)
    {
        var folded = new Dictionary<Expression, Expression>(ReferenceComparer<Expression>.Instance);
        var known = new Dictionary<Expression, Expression>();
        Expression last = formula;
        foreach (Expression part in formula.InOrder().WithCancellation())
        {
            last = FoldPart(part.Map(operand => folded[operand]));
            if (known.TryGetValue(last, out Expression? same))
            {
                last = same;
            }
            else
            {
                known.Add(last, last);
            }

            folded[part] = last;
        }

        return last;
    }

    /// <summary>Whether a mask has the same value in every lane; null where it depends on a variable.</summary>
    public static bool? Truth(Expression mask) => mask switch
    {
        Unary { Operator: UnaryOperator.Not } opposite => !Truth(opposite.Operand),
        Binary { Operator: BinaryOperator.And } both => Both(Truth(both.Left), Truth(both.Right)),
        Binary { Operator: BinaryOperator.Or } either => !Both(!Truth(either.Left), !Truth(either.Right)),
        Binary { IsComparison: true, Left: Constant left, Right: Constant right } comparison =>
            Compare(comparison.Operator, left.Value, right.Value),
        _ => null,
    };

    private static bool? Both(bool? left, bool? right) => left == false || right == false ? false : left & right;

    private static Expression FoldPart(Expression expression) => expression switch
    {
        Unary { Operator: UnaryOperator.Negate, Operand: Constant number } => -number.Value,
        Select choice => Truth(choice.Mask) is { } truth ? (truth ? choice.Then : choice.Else) : choice,
        Binary { Operator: BinaryOperator.And, Type.Kind: ElementKind.Bool } both => Mask(both, isNeutral: true),
        Binary { Operator: BinaryOperator.Or } either => Mask(either, isNeutral: false),
        Binary { IsComparison: false, Left: Constant left, Right: Constant right } binary =>
            Compute(binary.Operator, left.Value, right.Value) is { } value ? (Expression)value : binary,
        Binary { Operator: BinaryOperator.Multiply, Left: Constant { Value: 1 } } product => product.Right,
        Binary { Operator: BinaryOperator.Multiply or BinaryOperator.Divide, Right: Constant { Value: 1 } } product => product.Left,
        Binary { Operator: BinaryOperator.Subtract, Right: Constant { Pattern: 0 } } difference => difference.Left,
        Call { Function.Value: { } of } call when call.Arguments.All(argument => argument is Constant) =>
            of([.. call.Arguments.Select(argument => ((Constant)argument).Value)]),
        Call { Function.Name: "Pow" } power => Functions.Pow(power.Arguments[0], power.Arguments[1]),
        _ => expression,
    };

    /// <summary>The other one of two masks, where one changes nothing.</summary>
    private static Expression Mask(Binary masks, bool isNeutral) =>
        Truth(masks.Left) == isNeutral ? masks.Right : Truth(masks.Right) == isNeutral ? masks.Left : masks;

    private static bool? Compare(BinaryOperator comparison, double left, double right) => comparison switch
    {
        BinaryOperator.Equal => left == right,
        BinaryOperator.Less => left < right,
        BinaryOperator.LessOrEqual => left <= right,
        BinaryOperator.Greater => left > right,
        BinaryOperator.GreaterOrEqual => left >= right,
        _ => null,
    };

    /// <summary>In double precision, which rounds floats as one operation of floats does.</summary>
    private static double? Compute(BinaryOperator symbol, double left, double right) => symbol switch
    {
        BinaryOperator.Add => left + right,
        BinaryOperator.Subtract => left - right,
        BinaryOperator.Multiply => left * right,
        BinaryOperator.Divide => left / right,
        _ => null,
    };
}
