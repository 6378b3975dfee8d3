using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>
/// The method of an operator that the tests declare, once more in double precision: a function of an element, and of a second tensor's
/// element or a trained number. Slopes are differences, so that they owe nothing to the compiler's derivatives.
/// </summary>
/// <param name="value">The function.</param>
/// <param name="roundings">Errors of the function and of its slopes, in units of u.</param>
/// <param name="kinks">Where pieces meet along the first element, and whether the piece above it has the point itself.</param>
internal sealed class OwnFunction(Func<double, double, double> value, double roundings, params (double At, bool IsAbove)[] kinks)
{
    /// <summary>Of the differences, relative to the element: they are of fourth order.</summary>
    private const double Step = 5e-4;

    /// <summary>
    /// Whether it is x·g(w·x), with a g between 0 and 1. The slope then has two terms, x·w·g′ and g. The g′ in these and in x²·g′, the
    /// slope along w, is a product with a difference such as 1 − g: its error is one of numbers as large as g.
    /// </summary>
    public bool IsProduct { get; init; }

    public double Rounding => roundings * Numbers.U;

    public double Value(double x, double w) => value(x, w);

    /// <summary>Along the first element, on the element's own side of a kink.</summary>
    public double Slope(double x, double w)
    {
        (double step, bool isNear) = StepAt(x);
        return Difference(h => value(x + h, w), step, !isNear);
    }

    /// <summary>Along the other element or the trained number, by which x may be multiplied.</summary>
    public double OtherSlope(double x, double w) =>
        Difference(h => value(x, w + h), Step * Math.Max(1, Math.Abs(w)) / Math.Max(1, Math.Abs(x)), isCentral: true);

    /// <summary>How a function of the first element changes with it, on the element's own side of a kink.</summary>
    public double Change(Func<double, double> of, double x)
    {
        double step = StepAt(x).Step;
        return (of(x + step) - of(x)) / step;
    }

    /// <summary>
    /// Places just below and just above a kink, if single precision may see x on either side of it; x itself if there is none.
    /// </summary>
    public double[] Sides(double x, double variance)
    {
        foreach ((double at, _) in kinks)
        {
            if (variance > 0 && Math.Abs(x - at) <= Numbers.KinkReach * Math.Sqrt(variance))
            {
                return [at - 1e-9, at + 1e-9];
            }
        }

        return [x];
    }

    /// <summary>Of what a slope is the sum.</summary>
    public double Magnitude(double x, double w, double slope)
    {
        double factor = IsProduct && x != 0 ? value(x, w) / x : 0;
        return ((1 + Math.Abs(x)) * Math.Abs(factor)) + Math.Abs(slope - factor);
    }

    private static double Difference(Func<double, double> f, double step, bool isCentral) => isCentral
        ? ((8 * (f(step) - f(-step))) - (f(2 * step) - f(-2 * step))) / (12 * step)
        : ((-25 * f(0)) + (48 * f(step)) - (36 * f(2 * step)) + (16 * f(3 * step)) - (3 * f(4 * step))) / (12 * step);

    /// <summary>A step away from the nearest kink, and whether the kink is near.</summary>
    private (double Step, bool IsNear) StepAt(double x)
    {
        double step = Step * Math.Max(1, Math.Abs(x));
        (double at, bool isAbove) = kinks.Length == 0 ? (double.NegativeInfinity, true) : kinks.MinBy(kink => Math.Abs(x - kink.At));
        return (x > at || (x == at && isAbove) ? step : -step, Math.Abs(x - at) <= 2 * step);
    }
}

/// <summary>An operator of one tensor that the tests declare.</summary>
/// <param name="Use">As an attribute.</param>
/// <param name="Of">Its method.</param>
/// <param name="Stem">Of its default name.</param>
/// <param name="Suffix">Of its trained number; null if it has none.</param>
/// <param name="PerChannel">Whether each channel has a number of its own.</param>
internal sealed record OwnLayer(string Use, OwnFunction Of, string Stem, string? Suffix = null, bool PerChannel = false) : UnaryLayer
{
    public override string Attribute => Use;

    public override string Prefix => Stem;

    public override Extents Output(Extents input) => input;

    public override IReadOnlyList<(string Suffix, int[] Shape)> Parameters(Extents input) =>
        Suffix is null ? [] : [(Suffix, [PerChannel ? input.Channels : 1])];

    public override void Forward(PassContext context, Extents input, Numbers x, Numbers y, IReadOnlyList<Numbers> parameters)
    {
        for (int i = 0; i < x.Length; i++)
        {
            (double w, double varianceOfW) = Trained(input, i, parameters);
            double at = x.Value[i], slope = Of.Sides(at, x.Variance[i]).Max(side => Math.Abs(Of.Slope(side, w)));
            y.Value[i] = Of.Value(at, w);
            y.Variance[i] = (Square(slope) * x.Variance[i]) + (Square(Of.OtherSlope(at, w)) * varianceOfW)
                + Square(Of.Rounding * y.Value[i]) + Square(2 * Numbers.U * at * slope);
        }
    }

    public override void Backward(
        PassContext context, Extents input, Numbers x, Numbers y, Numbers dy, Numbers dx,
        IReadOnlyList<Numbers> parameters, IReadOnlyList<Sums> gradients)
    {
        for (int i = 0; i < x.Length; i++)
        {
            (double w, double varianceOfW) = Trained(input, i, parameters);
            double at = x.Value[i], slope = Of.Slope(at, w), other = Of.OtherSlope(at, w);
            double[] sides = Of.Sides(at, x.Variance[i]);
            double Largest(Func<double, double> of) => sides.Max(side => Math.Abs(Of.Change(of, side)));
            double mixed = Suffix is null ? 0 : Largest(side => Of.OtherSlope(side, w));
            double variance = (Square(Largest(side => Of.Slope(side, w))) * (x.Variance[i] + Square(2 * Numbers.U * at)))
                + (Square(mixed) * varianceOfW) + Square(Of.Rounding * Of.Magnitude(at, w, slope))
                + Numbers.EitherWay(Of.Slope(sides[^1], w) - Of.Slope(sides[0], w));
            dx.Value[i] = dy.Value[i] * slope;
            dx.Variance[i] = Numbers.OfProduct(slope, variance, dy.Value[i], dy.Variance[i]);
            if (Suffix is not null)
            {
                double rounding = Of.Rounding * (Math.Abs(other) + (Of.IsProduct ? Math.Abs(at * y.Value[i]) : 0));
                gradients[0].Add(
                    PerChannel ? i / input.Positions : 0, other, (Square(mixed) * x.Variance[i]) + Square(rounding),
                    dy.Value[i], dy.Variance[i]);
            }
        }
    }

    private (double Value, double Variance) Trained(Extents input, int i, IReadOnlyList<Numbers> parameters)
    {
        int k = PerChannel ? i / input.Positions : 0;
        return Suffix is null ? (0, 0) : (parameters[0].Value[k], parameters[0].Variance[k]);
    }
}

/// <summary>An operator of two tensors that the tests declare. Both may be one tensor, so that their deviations add up.</summary>
/// <param name="Kind">Its name as an attribute.</param>
/// <param name="Of">Its method, which has no kinks.</param>
internal sealed record OwnJoin(string Kind, OwnFunction Of) : Branches([])
{
    public override string Attribute => Kind;

    public override string Joining(string names) => $"{Kind}(Tensors = [{names}])";

    protected override Extents Joined(Extents[] branches) => branches.Length == 2 ? Broadcast(branches) : default;

    protected override void JoinForward(Extents[] inputs, Numbers[] branches, Numbers y)
    {
        int[][] places = PlacesOf(inputs);
        for (int i = 0; i < y.Length; i++)
        {
            (double a, double ofA, double b, double ofB) = At(branches, places, i);
            y.Value[i] = Of.Value(a, b);
            double first = Math.Abs(Of.Slope(a, b)) * ofA, second = Math.Abs(Of.OtherSlope(a, b)) * ofB;
            double both = Numbers.Accepted * Math.Abs(Of.Change(x => Of.OtherSlope(x, b), a)) * ofA * ofB;
            y.Variance[i] = Square(first + second + both + (Of.Rounding * Math.Abs(y.Value[i])));
        }
    }

    protected override void JoinBackward(Extents[] inputs, Numbers dy, Numbers[] branches, Numbers[] gradients)
    {
        Sums first = new(branches[0].Length), second = new(branches[1].Length);
        int[][] places = PlacesOf(inputs);
        for (int i = 0; i < dy.Length; i++)
        {
            (double a, double ofA, double b, double ofB) = At(branches, places, i);
            double slope = Of.Slope(a, b), other = Of.OtherSlope(a, b), mixed = Of.Change(x => Of.OtherSlope(x, b), a);
            double deviation = (Math.Abs(Of.Change(x => Of.Slope(x, b), a)) * ofA) + (Math.Abs(mixed) * ofB);
            first.Add(places[0][i], slope, Square(deviation + (Of.Rounding * slope)), dy.Value[i], dy.Variance[i]);

            const double Step = 1e-3;
            double bend = (Of.OtherSlope(a, b + Step) - other) / Step;
            deviation = (Math.Abs(mixed) * ofA) + (Math.Abs(bend) * ofB);
            double rounding = Of.Rounding * (Math.Abs(other) + Math.Abs(Of.Value(a, b)));
            second.Add(places[1][i], other, Square(deviation + rounding), dy.Value[i], dy.Variance[i]);
        }

        first.Store(gradients[0]);
        second.Store(gradients[1]);
    }

    private int[][] PlacesOf(Extents[] inputs) => [.. inputs.Select(input => Places(input, Joined(inputs)))];

    private static (double A, double OfA, double B, double OfB) At(Numbers[] branches, int[][] places, int i)
    {
        (int a, int b) = (places[0][i], places[1][i]);
        return (branches[0].Value[a], Math.Sqrt(branches[0].Variance[a]), branches[1].Value[b], Math.Sqrt(branches[1].Variance[b]));
    }
}
