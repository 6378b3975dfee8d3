using System;

namespace Strata.Compiler.KernelLanguage;

/// <summary>
/// Writes a gradient in terms of a function's output instead of its input. Training can then fuse the function with the layer before it,
/// since the output is saved anyway.
/// </summary>
/// <remarks>
/// An output that occurs in the gradient is replaced. What is left of the input must be comparisons with constants, as in clamps and
/// functions of pieces. If the function increases, x ≥ c is y ≥ f(c), provided that f is smaller below c. Both facts are proven with
/// <see cref="Monotonicity"/>; c and f(c) are floats, found and computed exactly. Inputs that are smaller than the least normal number
/// count as 0.
/// </remarks>
internal static class OutputForm
{
    /// <summary>Where the normal floats begin, in the order of all floats.</summary>
    private const int LeastNormal = 0x00800000;

    /// <param name="value">The function.</param>
    /// <param name="gradient">The gradient of its input.</param>
    /// <param name="x">Its input.</param>
    /// <param name="y">The variable for its output.</param>
    /// <returns>The gradient in terms of the output; null if it needs the input.</returns>
    public static Expression? Find(Expression value, Expression gradient, Variable x, Variable y)
    {
        Expression ofOutput = gradient.Replace(value, y);
        if (!ofOutput.Reads(x))
        {
            return ofOutput;
        }

        bool? increases = null;
        ofOutput = ofOutput.Replace(part =>
            part is Binary { IsComparison: true } comparison && comparison.Reads(x) && !comparison.Reads(y)
            && ThresholdOf(comparison, x) is var (from, isBelow)
            && (increases ??= Monotonicity.IsProvenIncreasing(value, x)) ? Comparison(value, x, y, from, isBelow) : null);
        return ofOutput.Reads(x) ? null : ofOutput;
    }

    /// <summary>Where a comparison changes between false and true.</summary>
    /// <returns>
    /// The least float above the change, and whether the comparison is true below it. Null if it does not compare an increasing function
    /// with a constant.
    /// </returns>
    private static (int From, bool IsBelow)? ThresholdOf(Binary comparison, Variable x)
    {
        bool isLeft = comparison.Left.Reads(x);
        Expression function = isLeft ? comparison.Left : comparison.Right;
        if ((isLeft ? comparison.Right : comparison.Left).Reads(x) || comparison.Operator == BinaryOperator.Equal
            || !Monotonicity.IsProvenIncreasing(function, x))
        {
            return null;
        }

        bool isBelow = isLeft == (comparison.Operator is BinaryOperator.Less or BinaryOperator.LessOrEqual);
        Interval above = isBelow ? Interval.False : Interval.True, below = isBelow ? Interval.True : Interval.False;
        long low = -FloatOrder.Infinity, high = FloatOrder.Infinity;
        if (At(comparison, x, low) != below || At(comparison, x, high) != above)
        {
            return null;
        }

        while (high - low > 1)
        {
            long middle = (low + high) / 2;
            Interval truth = At(comparison, x, middle);
            if (truth != below && truth != above)
            {
                return null;
            }

            (low, high) = truth == above ? (low, middle) : (middle, high);
        }

        return ((int)high, isBelow);
    }

    /// <summary>Whether the input is at least a float, or below it, asked of the output.</summary>
    private static Expression? Comparison(Expression value, Variable x, Variable y, int from, bool isBelow)
    {
        // Next to 0 stand the numbers that count as 0.
        Interval below = At(value, x, from == 0 ? -LeastNormal : from - 1), above = At(value, x, from == 1 ? LeastNormal : from);
        if (below.HasNaN || above.HasNaN || below.High >= above.Low)
        {
            return null;
        }

        bool isExactAbove = above.Low == above.High && from != 1, isExactBelow = below.Low == below.High && from != 0;
        return isExactBelow && (!isExactAbove || Math.Floor(below.Low) == below.Low) ? isBelow ? y <= below.Low : y > below.Low
            : isExactAbove ? isBelow ? y < above.Low : y >= above.Low : null;
    }

    /// <summary>The value for one float.</summary>
    private static Interval At(Expression value, Variable x, long place) =>
        Ranges.Evaluate(value, x, Interval.At(FloatOrder.At((int)place)));
}
