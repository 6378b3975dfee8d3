using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>
/// Exact values (in double precision) together with the variance of the error that single-precision
/// arithmetic may have made in each of them.
/// </summary>
/// <remarks>
/// The estimate is the probabilistic error analysis of Higham and Mary (2019): with unit roundoff
/// u = 2⁻²⁴ a sum of K products, in any order, fused or not, has an error of at most λ·√K·u·Σ|aᵢbᵢ| but
/// for a probability that falls like exp(−λ²/2). √K·u·Σ|aᵢbᵢ| counts here as one standard deviation; errors
/// that the operands already have are carried on to first order and added in squares; where two factors may both be off by more than
/// they are (a number next to zero times a slope at a kink), so is the product of their errors. A result is
/// accepted within <see cref="Accepted"/> standard deviations. Nothing in this is fitted to what the kernels return.
/// </remarks>
internal sealed class Numbers(int length)
{
    /// <summary>Unit roundoff of single precision.</summary>
    public const double U = 1.0 / (1 << 24);

    /// <summary>2⁻¹²⁶. What is below it counts as 0.</summary>
    public const double SmallestNormal = 1.1754943508222875e-38;

    /// <summary>λ: how many standard deviations a result may be off.</summary>
    public const double Accepted = 8;

    /// <summary>
    /// Standard deviations from a kink within which either side is accepted (<see cref="EitherWay"/>). Fewer than
    /// <see cref="Accepted"/>, since the estimate is a generous one and every kink in reach widens the tolerance of all that is behind it.
    /// </summary>
    public const double KinkReach = 3;

    /// <summary>What single precision makes of a number before it looks at it: 0 of a denormal one.</summary>
    public static double Normal(double value) => Math.Abs(value) < SmallestNormal ? 0 : value;

    public double[] Value { get; } = new double[length];

    public double[] Variance { get; } = new double[length];

    public int Length => Value.Length;

    public static Numbers Exact(ReadOnlySpan<float> values)
    {
        var numbers = new Numbers(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            numbers.Value[i] = values[i];
        }

        return numbers;
    }

    /// <summary>One behind the other.</summary>
    public static Numbers Join(IReadOnlyList<Numbers> parts)
    {
        var all = new Numbers(parts.Sum(part => part.Length));
        int position = 0;
        foreach (Numbers part in parts)
        {
            part.Value.CopyTo(all.Value, position);
            part.Variance.CopyTo(all.Variance, position);
            position += part.Length;
        }

        return all;
    }

    public Numbers Slice(int start, int length)
    {
        var part = new Numbers(length);
        Array.Copy(Value, start, part.Value, 0, length);
        Array.Copy(Variance, start, part.Variance, 0, length);
        return part;
    }

    public double Tolerance(int index) => Accepted * Math.Sqrt(Variance[index]);

    /// <summary>
    /// The variance of a value at a kink, where single precision may decide otherwise (a ReLU's input next to zero,
    /// two nearly equal candidates of a maximum) and the result then jumps: the jump just passes.
    /// </summary>
    public static double EitherWay(double jump) => jump * jump / (Accepted * Accepted) * 1.01;

    /// <summary>
    /// <see cref="EitherWay"/> where a number stands at one place or at another: that is one error at both, which may add up in what
    /// reads both, and not in squares.
    /// </summary>
    public static double HereOrThere(double jump) => 2 * EitherWay(jump);

    /// <summary>The variance of a product: to first order, and at the most that both factors are accepted to be off.</summary>
    public static double OfProduct(double a, double varianceOfA, double b, double varianceOfB) =>
        (a * a * varianceOfB) + (b * b * varianceOfA) + (Accepted * Accepted * varianceOfA * varianceOfB);

    public Numbers Clone()
    {
        var copy = new Numbers(Length);
        Value.CopyTo(copy.Value, 0);
        Variance.CopyTo(copy.Variance, 0);
        return copy;
    }
}

/// <summary>Running sums of products, from which a <see cref="Numbers"/> with its error estimate is made.</summary>
internal sealed class Sums(int length)
{
    private readonly Sum[] _sums = new Sum[length];

    public int Length => _sums.Length;

    public void Add(int index, double a, double varianceOfA, double b, double varianceOfB)
    {
        double product = a * b;
        ref Sum sum = ref _sums[index];
        sum.Value += product;
        sum.Magnitude += Math.Abs(product);
        sum.Carried += Numbers.OfProduct(a, varianceOfA, b, varianceOfB);
        sum.Terms++;
        sum.NonZero += product == 0 ? 0 : 1;
    }

    public void Add(int index, double term, double variance)
    {
        ref Sum sum = ref _sums[index];
        sum.Value += term;
        sum.Magnitude += Math.Abs(term);
        sum.Carried += variance;
        sum.Terms++;
        sum.NonZero += term == 0 ? 0 : 1;
    }

    /// <summary>Counts errors of a sum that is computed in another way, from larger terms.</summary>
    /// <param name="index">Which sum.</param>
    /// <param name="magnitude">By how much the terms' magnitudes are more, in sum.</param>
    /// <param name="variance">Of the errors that the terms have already.</param>
    public void Widen(int index, double magnitude, double variance)
    {
        ref Sum sum = ref _sums[index];
        sum.Magnitude += magnitude;
        sum.Carried += variance;
    }

    /// <summary>Writes factor × the sums. Sums of nothing but zeros (or of one number and zeros) are exact.</summary>
    public void Store(Numbers destination, double factor = 1)
    {
        for (int i = 0; i < _sums.Length; i++)
        {
            destination.Value[i] = factor * _sums[i].Value;
            destination.Variance[i] = factor * factor * _sums[i].Variance;
        }
    }

    private struct Sum
    {
        public double Value, Carried, Magnitude;
        public long Terms, NonZero;

        public readonly double Variance
        {
            get
            {
                // A constant that only zeros were added to (a bias over a dead region) has no rounding error.
                if (Carried == 0 && NonZero <= 1 && (float)Value == Value)
                {
                    return 0;
                }

                double rounding = Numbers.U * Magnitude;
                return Carried + (Terms * rounding * rounding);
            }
        }
    }
}
