using static Strata.Compiler.KernelLanguage.Expression;

namespace Strata.Compiler.KernelLanguage;

/// <summary>
/// Simplifies sums, products and choices in derivatives: 0 + e, 0·e, 1·e, −(−e), a choice between equal expressions. Don't use it for
/// values: if e is infinite, 0·e must stay NaN.
/// </summary>
internal static class Simplification
{
    private static readonly Expression Zero = 0, One = 1, MinusOne = -1;

    /// <summary>The largest size of a slope into whose branches the gradient is moved.</summary>
    private const int LongestCopied = 64;

    public static bool IsZero(this Expression e) => e == Zero;

    public static Expression Sum(Expression left, Expression right) => left.IsZero() ? right : right.IsZero() ? left : left + right;

    public static Expression Difference(Expression left, Expression right) =>
        right.IsZero() ? left : left.IsZero() ? Negative(right) : left - right;

    public static Expression Negative(Expression e) => e switch
    {
        Constant constant => -constant.Value,
        Unary { Operator: UnaryOperator.Negate } negative => negative.Operand,
        _ => -e,
    };

    /// <summary>
    /// A gradient times a slope. If the slope is a choice, the gradient is multiplied inside of its branches, so that a branch that is not
    /// taken cannot give 0·∞.
    /// </summary>
    /// <remarks>
    /// A short product is written as one chain. A long product stays as it is. The derivative by each of its n factors has the product of
    /// all others, and copies of these would make a formula of size n².
    /// </remarks>
    public static Expression Product(Expression gradient, Expression slope) => slope switch
    {
        _ when gradient.IsZero() || slope.IsZero() => Zero,
        _ when slope == One => gradient,
        _ when slope == MinusOne => Negative(gradient),
        _ when gradient == One => slope,
        Select choice => Choice(choice.Mask, Product(gradient, choice.Then), Product(gradient, choice.Else)),
        Binary { Operator: BinaryOperator.And } masked => masked.Left & Product(gradient, masked.Right),
        Unary { Operator: UnaryOperator.Negate } negative => Product(Negative(gradient), negative.Operand),
        _ when slope.Size > LongestCopied => gradient * slope,
        Binary { Operator: BinaryOperator.Multiply } product => Product(Product(gradient, product.Left), product.Right),
        Binary { Operator: BinaryOperator.Divide } quotient => Quotient(Product(gradient, quotient.Left), quotient.Right),
        _ => gradient * slope,
    };

    public static Expression Quotient(Expression left, Expression right) => left.IsZero() || right == One ? left : left / right;

    public static Expression Choice(Expression mask, Expression then, Expression otherwise) =>
        then == otherwise ? then
        : otherwise.IsZero() ? mask & then
        : then.IsZero() ? Opposite(mask) & otherwise
        : Select(mask, then, otherwise);

    /// <summary>A comparison is negated, not inverted: with NaN both a &lt; b and a ≥ b are false.</summary>
    private static Expression Opposite(Expression mask) =>
        mask is Unary { Operator: UnaryOperator.Not } opposite ? opposite.Operand : ~mask;
}
