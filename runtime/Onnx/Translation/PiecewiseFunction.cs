using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Translation;

/// <summary>
/// A function of one number as sums between kinks, and at them. All is exact: where two lines cross is a fraction. What cannot be found so
/// is an <see cref="UnprovenException"/>.
/// </summary>
internal sealed class PiecewiseFunction
{
    private const int MostKinks = 16;

    private PiecewiseFunction(IReadOnlyList<Kink> kinks, IReadOnlyList<Sum> pieces) => (Kinks, Pieces) = (kinks, pieces);

    /// <param name="X">Where.</param>
    /// <param name="At">The formula there.</param>
    /// <param name="IsExact">Whether floats change sides exactly here. Otherwise an argument was rounded before.</param>
    public sealed record Kink(Rational X, Sum At, bool IsExact);

    public static PiecewiseFunction X { get; } = new([], [Sum.X]);

    public IReadOnlyList<Kink> Kinks { get; }

    /// <summary>The formulas left of each kink, and right of the last one.</summary>
    public IReadOnlyList<Sum> Pieces { get; }

    /// <summary>
    /// Whether floats compute this function up to roundings. Where it jumps, they must do so at the same number.
    /// </summary>
    public bool IsSound => Pieces.All(piece => piece.IsSound)
        && Enumerable.Range(0, Kinks.Count).All(k => Kinks[k].IsExact || IsContinuous(k));

    public static PiecewiseFunction Constant(Rational value) => new([], [Sum.From(value)]);

    public static PiecewiseFunction operator +(PiecewiseFunction x, PiecewiseFunction y) => x.With(y, (one, other) => one + other);

    public static PiecewiseFunction operator -(PiecewiseFunction x, PiecewiseFunction y) => x.With(y, (one, other) => one - other);

    public static PiecewiseFunction operator *(PiecewiseFunction x, PiecewiseFunction y) => x.With(y, (one, other) => one * other);

    public static PiecewiseFunction operator *(int factor, PiecewiseFunction x) => Constant(factor) * x;

    public static PiecewiseFunction operator /(PiecewiseFunction x, PiecewiseFunction y) =>
        x.With(y, (one, other) => one * Sum.Apply("Reciprocal", other));

    public static PiecewiseFunction Apply(string function, PiecewiseFunction argument) => argument.With(sum => Sum.Apply(function, sum));

    /// <summary>1 where a comparison of the difference with 0 holds, else 0.</summary>
    /// <param name="x">One number.</param>
    /// <param name="y">The other.</param>
    /// <param name="holds">The comparison of a sign with 0.</param>
    public static PiecewiseFunction Compare(PiecewiseFunction x, PiecewiseFunction y, Predicate<int> holds) =>
        Signs(x, y).With(sign => Sum.From(holds(sign.Number!.Value.Sign) ? 1 : 0));

    public static PiecewiseFunction Choose(PiecewiseFunction condition, PiecewiseFunction then, PiecewiseFunction otherwise) =>
        Combined([condition, then, otherwise], sums => sums[0].IsZero ? sums[2] : sums[1]);

    public bool IsContinuous(int kink)
    {
        Rational x = Kinks[kink].X;
        string at = Kinks[kink].At.At(x).Text;
        return Pieces[kink].At(x).Text == at && Pieces[kink + 1].At(x).Text == at;
    }

    /// <summary>Whether another function is exactly the same.</summary>
    public bool IsSame(PiecewiseFunction other) => Pieces.Select(piece => piece.Text).SequenceEqual(other.Pieces.Select(piece =>
        piece.Text))
        && Kinks.Select(kink => kink.X).SequenceEqual(other.Kinks.Select(kink => kink.X)) && IsClose(other);

    /// <summary>
    /// Whether another function is the same, up to roundings of constants. Where it jumps, it must do so at the same number.
    /// </summary>
    public bool IsClose(PiecewiseFunction other) => Kinks.Count == other.Kinks.Count
        && Pieces.Zip(other.Pieces).All(pair => pair.First.IsClose(pair.Second))
        && Enumerable.Range(0, Kinks.Count).All(k => IsContinuous(k) && other.IsContinuous(k)
            ? Kinks[k].X.IsClose(other.Kinks[k].X)
            : Kinks[k].X.Equals(other.Kinks[k].X) && Kinks[k].At.At(Kinks[k].X).Text == other.Kinks[k].At.At(Kinks[k].X).Text);

    /// <summary>−1, 0 or 1 as a difference is below, at or above 0.</summary>
    private static PiecewiseFunction Signs(PiecewiseFunction x, PiecewiseFunction y)
    {
        PiecewiseFunction difference = x - y;
        PiecewiseFunction exact = x.With(y, (one, other) => one.IsExact && other.IsExact ? Sum.From(1) : Sum.Zero);
        List<Kink> kinks = [];
        List<Sum> pieces = [];
        for (int i = 0; i < difference.Pieces.Count; i++)
        {
            Rational? from = i == 0 ? null : difference.Kinks[i - 1].X;
            Rational? to = i == difference.Kinks.Count ? null : difference.Kinks[i].X;
            Sum piece = difference.Pieces[i];
            bool isExact = !exact.FormulaAt(Inside(from, to)).IsZero;
            if (RootOf(piece) is { } root && (from is null || from.Value.CompareTo(root) < 0)
                && (to is null || root.CompareTo(to.Value) < 0))
            {
                pieces.Add(SignAt(piece, from is null ? root - 1 : (from.Value + root) / 2));
                kinks.Add(new Kink(root, Sum.Zero, isExact));
                from = root;
            }

            pieces.Add(SignAt(piece, Inside(from, to)));
            if (i < difference.Kinks.Count)
            {
                Kink kink = difference.Kinks[i];
                kinks.Add(kink with { At = SignAt(kink.At, kink.X) });
            }
        }

        return new PiecewiseFunction(kinks, pieces).Simplified();
    }

    private static Rational Inside(Rational? from, Rational? to) => (from, to) switch
    {
        ({ } low, { } high) => (low + high) / 2,
        ({ } low, null) => low + 1,
        (null, { } high) => high - 1,
        _ => Rational.Zero,
    };

    private static Sum SignAt(Sum sum, Rational x)
    {
        Sum value = sum.At(x);
        int sign = value.Number is { } number ? number.Sign : RisingSign(sum, x);
        return Sum.From(sign);
    }

    /// <summary>Where a line, or a·e^u − a, changes its sign; null for a sum that never does.</summary>
    private static Rational? RootOf(Sum sum)
    {
        if (sum.Line is var (slope, offset))
        {
            // A difference that is nothing but roundings has no sign.
            return slope.Sign != 0 ? -offset / slope : sum.IsSound ? null : throw new UnprovenException();
        }

        return Exponent(sum) is var (line, _) ? -line.Offset / line.Slope : throw new UnprovenException();
    }

    /// <summary>The line in a·e^line − a, and a.</summary>
    private static ((Rational Slope, Rational Offset) Line, Rational Factor)? Exponent(Sum sum)
    {
        Sum.Term[] terms = [.. sum.Terms.Where(term => term.Coefficient.Sign != 0)];
        return terms is [{ IsConstant: true } one, { Degree: 0, Atoms: [{ Function: "Exp" } power] } other]
            && (one.Coefficient + other.Coefficient).Sign == 0 && power.Argument.Line is { Slope.Sign: not 0 } line
                ? (line, other.Coefficient) : null;
    }

    /// <summary>The sign of a·e^line − a at a number: that of a times that of the line.</summary>
    private static int RisingSign(Sum sum, Rational x) => Exponent(sum) is var (line, factor)
        ? factor.Sign * ((line.Slope * x) + line.Offset).Sign : throw new UnprovenException();

    private Sum FormulaAt(Rational x) => Kinks.FirstOrDefault(kink => kink.X.Equals(x))?.At
        ?? Pieces[Kinks.Count(kink => kink.X.CompareTo(x) < 0)];

    private bool IsExactAt(Rational x) => Kinks.FirstOrDefault(kink => kink.X.Equals(x))?.IsExact ?? true;

    private PiecewiseFunction With(Func<Sum, Sum> function) => Combined([this], sums => function(sums[0]));

    private PiecewiseFunction With(PiecewiseFunction other, Func<Sum, Sum, Sum> function) =>
        Combined([this, other], sums => function(sums[0], sums[1]));

    /// <summary>A function of the values of several functions.</summary>
    private static PiecewiseFunction Combined(PiecewiseFunction[] functions, Func<Sum[], Sum> function)
    {
        Rational[] places = [.. functions.SelectMany(one => one.Kinks).Select(kink => kink.X).Distinct().Order()];
        if (places.Length > MostKinks)
        {
            throw new UnprovenException();
        }

        IEnumerable<Kink> kinks = places.Select(x => new Kink(
            x, function([.. functions.Select(one => one.FormulaAt(x))]), functions.All(one => one.IsExactAt(x))));
        IEnumerable<Rational> inside = Enumerable.Range(0, places.Length + 1).Select(i =>
            Inside(i == 0 ? null : places[i - 1], i == places.Length ? null : places[i]));
        IEnumerable<Sum> pieces = inside.Select(x => function([.. functions.Select(one => one.FormulaAt(x))]));
        return new PiecewiseFunction([.. kinks], [.. pieces]).Simplified();
    }

    /// <summary>Without kinks at which nothing changes.</summary>
    private PiecewiseFunction Simplified()
    {
        List<Kink> kinks = [];
        List<Sum> pieces = [Pieces[0]];
        for (int i = 0; i < Kinks.Count; i++)
        {
            Sum next = Pieces[i + 1];
            if (pieces[^1].Text == next.Text
                && (Kinks[i].At.Text == next.Text || Kinks[i].At.At(Kinks[i].X).Text == next.At(Kinks[i].X).Text))
            {
                pieces[^1] = Sum.Looser(pieces[^1], next);
                continue;
            }

            kinks.Add(Kinks[i]);
            pieces.Add(next);
        }

        return new PiecewiseFunction(kinks, pieces);
    }
}
