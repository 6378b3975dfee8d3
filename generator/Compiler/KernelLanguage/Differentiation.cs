using System;
using System.Collections.Generic;
using System.Linq;
using static Strata.Compiler.KernelLanguage.Simplification;

namespace Strata.Compiler.KernelLanguage;

/// <summary>Derivatives of formulas in reverse mode: the gradient of a formula's result is carried through it to the variable.</summary>
internal static class Differentiation
{
    /// <summary>The gradient of a formula's variable, from that of its result.</summary>
    /// <param name="value">The formula.</param>
    /// <param name="variable">The variable by which it is differentiated.</param>
    /// <param name="gradient">The gradient of its result.</param>
    /// <returns>gradient · ∂value/∂variable. Masks count as constant: formulas are smooth between their kinks.</returns>
    public static Expression Gradient(Expression value, Variable variable, Expression gradient) =>
        new Walk(value, variable).Gradient(gradient);

    private sealed class Walk
    {
        private readonly IReadOnlyList<Expression> _order;

        /// <summary>The parts that depend on the variable.</summary>
        private readonly HashSet<Expression> _reading = new(ReferenceComparer<Expression>.Instance);

        /// <summary>The parts that several others share. Each is passed once, with the sum of their gradients.</summary>
        private readonly HashSet<Expression> _shared = new(ReferenceComparer<Expression>.Instance);
        private readonly Dictionary<Expression, Expression> _gradients = new(ReferenceComparer<Expression>.Instance);

        public Walk(Expression value, Variable variable)
        {
            _order = value.InOrder();
            _reading.UnionWith(_order.Where(part => part.Equals(variable) || part.Operands.Any(_reading.Contains)));
            var read = new HashSet<Expression>(ReferenceComparer<Expression>.Instance);
            _shared.UnionWith(_order.SelectMany(part => part.Operands).Where(operand => operand.Operands.Count > 0 && !read.Add(operand)));
        }

        public Expression Gradient(Expression gradient)
        {
            Expression sum = Through(_order[_order.Count - 1], gradient, isChosen: false);
            foreach (Expression part in _order.Reverse())
            {
                if (_gradients.TryGetValue(part, out Expression? ofPart))
                {
                    sum = Sum(sum, Through(part, ofPart, isChosen: false));
                }
            }

            return sum;
        }

        /// <param name="gradient">The gradient of a part, which is asked for only where the part depends on the variable.</param>
        /// <param name="isChosen">
        /// Whether it lies in a branch of a choice. What is shared is passed there as often as it is read: a branch that is not taken must
        /// not give 0·∞.
        /// </param>
        private Expression Propagate(Expression part, Func<Expression> gradient, bool isChosen)
        {
            if (!_reading.Contains(part))
            {
                return 0;
            }

            if (isChosen || !_shared.Contains(part))
            {
                return DeepRecursion.Call(p => Through(p, gradient(), isChosen), part);
            }

            _gradients[part] = _gradients.TryGetValue(part, out Expression? others) ? Sum(others, gradient()) : gradient();
            return 0;
        }

        /// <summary>The base and the exponent of a product of equal factors; the exponent is 1 if it is none.</summary>
        private static (Expression Base, int Exponent) PowerOf(Expression product)
        {
            const int Longest = 64;
            if (product is not Binary { Operator: BinaryOperator.Multiply } factors || product.Size > Longest)
            {
                return (product, 1);
            }

            (Expression Base, int Exponent) left = PowerOf(factors.Left), right = PowerOf(factors.Right);
            return left.Base.Equals(right.Base) ? (left.Base, left.Exponent + right.Exponent) : (product, 1);
        }

        private Expression Through(Expression value, Expression gradient, bool isChosen)
        {
            if (gradient.IsZero() || !_reading.Contains(value))
            {
                return 0;
            }

            Expression Next(Expression operand, Func<Expression> of) => Propagate(operand, of, isChosen);

            // A sign stands in front of what is subtracted; where something in it may be shared, the sign belongs to the gradient.
            Expression Minus(Expression left, Expression operand, Func<Expression> of) => isChosen || _shared.Count == 0
                ? Difference(left, Next(operand, of)) : Sum(left, Next(operand, () => Negative(of())));
            Expression Chosen(Expression operand) => Propagate(operand, () => gradient, isChosen: true);
            switch (value)
            {
                case Variable:
                    return gradient;

                case Unary { Operator: UnaryOperator.Negate } negative:
                    return Next(negative.Operand, () => Negative(gradient));

                case Select choice:
                    return Choice(choice.Mask, Chosen(choice.Then), Chosen(choice.Else));

                case Binary { Operator: BinaryOperator.And, Type.Kind: ElementKind.Float } masked:
                    return Choice(masked.Left, Chosen(masked.Right), 0);

                case Binary { Operator: BinaryOperator.Add } sum:
                    return Sum(Next(sum.Left, () => gradient), Next(sum.Right, () => gradient));

                case Binary { Operator: BinaryOperator.Subtract } difference:
                    return Minus(Next(difference.Left, () => gradient), difference.Right, () => gradient);

                case Binary { Operator: BinaryOperator.Multiply } product:
                    return Sum(
                        Next(product.Left, () => Product(gradient, product.Right)),
                        Next(product.Right, () => Product(gradient, product.Left)));

                // c/xⁿ: −n·c/xⁿ⁺¹. By way of xⁿ, it would be ∞·0 where x is 0.
                case Binary { Operator: BinaryOperator.Divide, Left: Constant number } inverse
                    when PowerOf(inverse.Right) is { Exponent: > 1 } power:
                    return Next(power.Base, () => Product(
                        gradient, (-power.Exponent * number.Value) / Functions.Pow(power.Base, power.Exponent + 1)));

                // a/b = y: a′/b − (y/b)·b′. As in PyTorch, the gradient comes last: its product with a could overflow.
                case Binary { Operator: BinaryOperator.Divide } quotient:
                    return Minus(
                        Next(quotient.Left, () => Quotient(gradient, quotient.Right)),
                        quotient.Right, () => gradient * (quotient / quotient.Right));

                case Call call:
                    return call.Function.Derivatives(call)
                        .Select((slope, i) => Next(call.Arguments[i], () => Product(gradient, slope)))
                        .Aggregate(Sum);

                default:
                    throw new InvalidOperationException($"{value} has no derivative.");
            }
        }
    }
}
