using System;
using System.Collections.Generic;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>A number and the variance of its error, with the arithmetic of both.</summary>
internal readonly record struct Estimate(double Value, double Variance)
{
    private const double OfFunction = 4 * Numbers.U;

    public static implicit operator Estimate(double value) => new(value, 0);

    public static Estimate Of(Numbers numbers, int index) => new(numbers.Value[index], numbers.Variance[index]);

    public static Estimate operator +(Estimate left, Estimate right)
    {
        double sum = left.Value + right.Value;
        return new(sum, left.Variance + right.Variance + Square(Numbers.U * sum));
    }

    public static Estimate operator -(Estimate left, Estimate right) => left + (right with { Value = -right.Value });

    public static Estimate operator *(Estimate left, Estimate right)
    {
        double product = left.Value * right.Value;
        return new(
            product, Numbers.OfProduct(left.Value, left.Variance, right.Value, right.Variance) + Square(Numbers.U * product));
    }

    public static Estimate Sigmoid(Estimate x)
    {
        double y = 1 / (1 + Math.Exp(-x.Value));
        return new(y, (Square(y * (1 - y)) * x.Variance) + Square(OfFunction * y));
    }

    public static Estimate Tanh(Estimate x)
    {
        double y = Math.Tanh(x.Value);
        return new(y, (Square(1 - (y * y)) * x.Variance) + Square(OfFunction));
    }

    /// <summary>A sum of products.</summary>
    public static Estimate Dot(IEnumerable<(Estimate Left, Estimate Right)> terms)
    {
        var sums = new Sums(1);
        foreach ((Estimate left, Estimate right) in terms)
        {
            sums.Add(0, left.Value, left.Variance, right.Value, right.Variance);
        }

        var result = new Numbers(1);
        sums.Store(result);
        return Of(result, 0);
    }

    public void Store(Numbers numbers, int index) => (numbers.Value[index], numbers.Variance[index]) = (Value, Variance);

    private static double Square(double value) => value * value;
}
