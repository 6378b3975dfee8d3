using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Onnx.Translation;

/// <summary>
/// A sum of terms c·xⁿ·f(…)·g(…) with exact coefficients. Each term also has a bound of the rounding that floats make on the way to it, in
/// units of half a float's last place: a form is only worth comparing if it says what floats compute.
/// </summary>
internal sealed class Sum
{
    private const int MostTerms = 24, MostFactors = 8;

    /// <summary>Roundings of a term, relative to its coefficient.</summary>
    private const double MostRoundings = 64;

    private Sum(IEnumerable<Term> terms)
    {
        Terms = [.. terms.Where(term => term.Coefficient.Sign != 0 || term.Error > 0).OrderBy(term => term.Key, StringComparer.Ordinal)];
        Text = string.Join('+', Terms.Where(term => term.Coefficient.Sign != 0).Select(term => $"{term.Coefficient}*{term.Key}"));
        if (Terms.Count > MostTerms)
        {
            throw new UnprovenException();
        }
    }

    /// <summary>A function of a sum, such as e^(…), which is not taken apart.</summary>
    public sealed record Atom(string Function, Sum Argument)
    {
        public string Text { get; } = $"{Function}({Argument.Text})";
    }

    /// <param name="Degree">The power of x.</param>
    /// <param name="Atoms">Factors, in the order of their texts.</param>
    /// <param name="Coefficient">Its exact coefficient; 0 if only an error is left of it.</param>
    /// <param name="Error">A bound of the coefficient's rounding.</param>
    public sealed record Term(int Degree, IReadOnlyList<Atom> Atoms, Rational Coefficient, double Error)
    {
        public string Key { get; } = $"x{Degree}{string.Concat(Atoms.Select(atom => "·" + atom.Text))}";

        public bool IsConstant => Degree == 0 && Atoms.Count == 0;
    }

    public static Sum X { get; } = new([new Term(1, [], 1, 0)]);

    public static Sum Zero { get; } = new([]);

    public IReadOnlyList<Term> Terms { get; }

    /// <summary>The same for sums that are equal, whatever their roundings.</summary>
    public string Text { get; }

    public bool IsExact => Terms.All(term => term.Error == 0);

    public bool IsZero => Text.Length == 0;

    /// <summary>The number, if it is one.</summary>
    public Rational? Number => IsZero ? Rational.Zero : Effective is [{ IsConstant: true } only] ? only.Coefficient : null;

    /// <summary>Slope and offset, if it is a line.</summary>
    public (Rational Slope, Rational Offset)? Line =>
        Effective.All(term => term.Degree <= 1 && term.Atoms.Count == 0) ? (Coefficient("x1"), Coefficient("x0")) : null;

    /// <summary>Whether each term is known to a few roundings, and none is left of terms that should cancel.</summary>
    public bool IsSound => Terms.All(term => term.Error <= MostRoundings * term.Coefficient.Magnitude());

    private IReadOnlyList<Term> Effective => [.. Terms.Where(term => term.Coefficient.Sign != 0)];

    public static Sum From(Rational value) => new([new Term(0, [], value, 0)]);

    /// <summary>A function of a sum; its own rounding is one more.</summary>
    public static Sum Apply(string function, Sum argument)
    {
        if (!argument.IsSound)
        {
            throw new UnprovenException();
        }

        return (function, argument) switch
        {
            ("Exp", { IsZero: true }) => From(1),
            ("Tanh" or "Erf", { IsZero: true }) => Zero,
            ("Sigmoid", { IsZero: true }) => From(Rational.One / 2),
            ("Reciprocal", { Number: { } number }) => Rounded(From(1 / number)),
            ("Reciprocal", { Effective: [{ IsConstant: true } one, { Degree: 0, Atoms: [{ Function: "Exp" } power] } other] })
                when one.Coefficient.Equals(1) && other.Coefficient.Equals(1) => Apply("Sigmoid", -power.Argument),
            _ => new Sum([new Term(0, [new Atom(function, argument)], 1, 1)]),
        };
    }

    public static Sum operator -(Sum x) => new(x.Terms.Select(term => term with { Coefficient = -term.Coefficient }));

    public static Sum operator -(Sum x, Sum y) => x + -y;

    public static Sum operator +(Sum x, Sum y)
    {
        Sum sum = Collected(x.Terms.Concat(y.Terms));
        return (x.IsZero && x.IsExact) || (y.IsZero && y.IsExact) ? sum : Rounded(sum);
    }

    public static Sum operator *(Sum x, Sum y)
    {
        if ((x.IsZero && x.IsExact) || (y.IsZero && y.IsExact))
        {
            return Zero;
        }

        Sum product = Collected(x.Terms.SelectMany(_ => y.Terms, (one, other) => new Term(
            one.Degree + other.Degree, [.. one.Atoms.Concat(other.Atoms).OrderBy(atom => atom.Text, StringComparer.Ordinal)],
            one.Coefficient * other.Coefficient,
            (one.Coefficient.Magnitude() * other.Error) + (one.Error * other.Coefficient.Magnitude()) + (one.Error * other.Error * 1e-7))));
        return x.Number is { } number && x.IsExact && number.IsPowerOfTwo() || y.Number is { } factor && y.IsExact && factor.IsPowerOfTwo()
            ? product : Rounded(product);
    }

    /// <summary>A sum for two that are equal, with the larger roundings.</summary>
    public static Sum Looser(Sum x, Sum y) => new(x.Terms.Concat(y.Terms).GroupBy(term => term.Key).Select(group =>
        group.MaxBy(term => term.Coefficient.Magnitude())! with { Error = group.Max(term => term.Error) }));

    /// <summary>The value at a number.</summary>
    public Sum At(Rational x)
    {
        Sum value = Zero;
        foreach (Term term in Terms)
        {
            Sum product = From(term.Coefficient);
            for (int i = 0; i < term.Degree; i++)
            {
                product *= From(x);
            }

            value += term.Atoms.Aggregate(product, (factor, atom) => factor * Apply(atom.Function, atom.Argument.At(x)));
        }

        return value;
    }

    /// <summary>Whether it has the same terms as another sum, with coefficients that are the same up to a few roundings.</summary>
    public bool IsClose(Sum other)
    {
        List<Term> open = [.. other.Effective];
        foreach (Term term in Effective)
        {
            int at = open.FindIndex(one => one.Degree == term.Degree && term.Coefficient.IsClose(one.Coefficient)
                && one.Atoms.Count == term.Atoms.Count && one.Atoms.Zip(term.Atoms).All(pair =>
                    pair.First.Function == pair.Second.Function && pair.Second.Argument.IsClose(pair.First.Argument)));
            if (at < 0)
            {
                return false;
            }

            open.RemoveAt(at);
        }

        return open.Count == 0;
    }

    /// <summary>By which number a sum must be multiplied for its term of the highest degree to be that of this one.</summary>
    public Rational? Ratio(Sum other) => Leading(Effective) is { } own && Leading(other.Effective) is { } its
        && own.Degree == its.Degree && own.Atoms.Count == its.Atoms.Count ? own.Coefficient / its.Coefficient : null;

    private static Term? Leading(IReadOnlyList<Term> terms) => terms.Where(term => !term.IsConstant)
        .OrderByDescending(term => term.Degree).ThenBy(term => term.Atoms.Count).FirstOrDefault();

    /// <summary>The term without x.</summary>
    public Rational Constant() => Coefficient("x0");

    private Rational Coefficient(string key) => Terms.FirstOrDefault(term => term.Key == key)?.Coefficient ?? Rational.Zero;

    private static Sum Rounded(Sum sum) =>
        new(sum.Terms.Select(term => term with { Error = term.Error + term.Coefficient.Magnitude() }));

    private static Sum Collected(IEnumerable<Term> terms) => new(terms.GroupBy(term => term.Key).Select(group =>
        group.First() is var first && first.Degree + first.Atoms.Count > MostFactors ? throw new UnprovenException() : first with
        {
            Coefficient = group.Aggregate(Rational.Zero, (sum, term) => sum + term.Coefficient),
            Error = group.Sum(term => term.Error),
        }));
}
