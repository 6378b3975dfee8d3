using System;
using System.Linq;
using static Strata.Generator.KernelLanguage.Simplification;

namespace Strata.Generator.KernelLanguage;

/// <summary>Derivatives of formulas in reverse mode: the gradient of a formula's result is carried through it to the variable.</summary>
internal static class Differentiation
{
    /// <summary>The gradient of a formula's variable, from that of its result.</summary>
    /// <param name="value">The formula.</param>
    /// <param name="variable">The variable by which it is differentiated.</param>
    /// <param name="gradient">The gradient of its result.</param>
    /// <returns>gradient · ∂value/∂variable. Masks count as constant: formulas are smooth between their kinks.</returns>
    public static Expression Gradient(Expression value, Variable variable, Expression gradient)
    {
        Expression Of(Expression operand, Expression behind) => Gradient(operand, variable, behind);
        if (gradient.IsZero() || !value.Reads(variable))
        {
            return 0;
        }

        switch (value)
        {
            case Variable:
                return gradient;

            case Unary { Operator: UnaryOperator.Negate } negative:
                return Of(negative.Operand, Negative(gradient));

            case Select choice:
                return Choice(choice.Mask, Of(choice.Then, gradient), Of(choice.Else, gradient));

            case Binary { Operator: BinaryOperator.And, Type.Scalar: ScalarType.Float } masked:
                return Choice(masked.Left, Of(masked.Right, gradient), 0);

            case Binary { Operator: BinaryOperator.Add } sum:
                return Sum(Of(sum.Left, gradient), Of(sum.Right, gradient));

            case Binary { Operator: BinaryOperator.Subtract } difference:
                return Difference(Of(difference.Left, gradient), Of(difference.Right, gradient));

            case Binary { Operator: BinaryOperator.Multiply } product:
                return Sum(Of(product.Left, Product(gradient, product.Right)), Of(product.Right, Product(gradient, product.Left)));

            // a/b = y: (a′ − y·b′)/b.
            case Binary { Operator: BinaryOperator.Divide } quotient:
                return Difference(
                    Of(quotient.Left, Quotient(gradient, quotient.Right)), Of(quotient.Right, Quotient(Product(gradient, quotient), quotient.Right)));

            case Call call:
                return call.Function.Derivatives(call)
                    .Select((slope, i) => Of(call.Arguments[i], Product(gradient, slope)))
                    .Aggregate(Sum);

            default:
                throw new InvalidOperationException($"{value} has no derivative.");
        }
    }
}
