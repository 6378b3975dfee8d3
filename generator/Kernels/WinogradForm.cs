using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Kernels;

/// <summary>
/// F(m, r) along one axis: m neighbouring outputs of a filter of r taps, with m + r − 1 products instead of m·r. Input and filter are evaluated
/// at as many points as there are products, and the products are interpolated (Winograd, "Arithmetic complexity of computations", 1980; Lavin and
/// Gray, "Fast algorithms for convolutional neural networks", 2016, section 4). In two dimensions it is applied along both axes.
/// </summary>
/// <remarks>
/// The points are 0, pairs ±p, and ∞: the halves of a pair share the even and odd powers. With M(x) = x·∏(x² − p²), the product of all
/// (x − point), the input's row for a point q holds the coefficients of M(x)/(x − q), the filter's the powers of q divided by M′(q), and the
/// output's the powers of q.
/// </remarks>
/// <param name="Outputs">m, an even number.</param>
/// <param name="Taps">r, an odd number.</param>
internal sealed record WinogradForm(int Outputs, int Taps)
{
    /// <summary>
    /// The p of the pairs. Of those with short fractions they are the ones of least error: 5/8 and 3/2 give a third to a half of that of the
    /// usual 1 and 2.
    /// </summary>
    private double[] Points => Elements switch
    {
        4 => [1],
        6 => [0.625, 1.5],
        _ => throw new NotSupportedException($"F({Outputs}, {Taps})"),
    };

    /// <summary>Elements of a transformed input or filter along one axis: m + r − 1.</summary>
    public int Elements => Outputs + Taps - 1;

    /// <summary>Products for each tile of m × m outputs.</summary>
    public int Products => Elements * Elements;

    /// <summary>Passes over the points: 0 and ∞, then each pair.</summary>
    public int Passes => Points.Length + 1;

    /// <summary>Additions and multiply-adds of a tile's input transform.</summary>
    public int InputOperations => 2 * Elements * ((2 * Points.Length) + (Points.Length * 2 * Points.Length));

    /// <summary>The same of its output transform.</summary>
    public int OutputOperations => (Elements + Outputs) * ((2 * Points.Length) + (Outputs * Points.Length) - Points.Length + 2);

    public override string ToString() => $"F({Outputs}×{Outputs}, {Taps}×{Taps})";

    /// <summary>The elements that a pass computes.</summary>
    public int[] ElementsOf(int pass) => pass == 0 ? [0, Elements - 1] : [(2 * pass) - 1, 2 * pass];

    /// <summary>Two elements of a transformed input.</summary>
    /// <param name="pass">Which of them: <see cref="ElementsOf"/>.</param>
    /// <param name="input">m + r − 1 neighbours.</param>
    /// <param name="suffix">Of the names of its variables.</param>
    public Expression[] Input(KernelBuilder k, int pass, IReadOnlyList<Expression> input, string suffix)
    {
        if (pass == 0)
        {
            double[] all = PolynomialOf(Points);
            return [Sum(k, all, i => input[2 * i]), Sum(k, all, i => input[(2 * i) + 1])];
        }

        double point = Points[pass - 1];
        double[] others = PolynomialOf(Points.Where(p => p != point));
        Variable even = k.Let("even" + suffix, Sum(k, others, i => input[(2 * i) + 2])), odd = k.Let("odd" + suffix, Sum(k, others, i => input[(2 * i) + 1]));
        return [Add(k, point, odd, even), Add(k, -point, odd, even)];
    }

    /// <summary>All elements of a transformed filter.</summary>
    public Expression[] Filter(KernelBuilder k, IReadOnlyList<Expression> taps, string suffix)
    {
        var elements = new Expression[Elements];
        double[] all = PolynomialOf(Points);
        elements[0] = Scaled(1 / all[0], taps[0]);
        elements[Elements - 1] = taps[Taps - 1];
        for (int pass = 1; pass < Passes; pass++)
        {
            double point = Points[pass - 1];
            double scale = Points.Where(p => p != point).Aggregate(2 * point * point, (product, p) => product * ((point * point) - (p * p)));
            double[] powers = [.. Enumerable.Range(0, Taps).Select(tap => Math.Pow(point, tap) / scale)];
            Variable even = k.Let($"even{suffix}_{pass}", Powers(k, powers, taps, 0)), odd = k.Let($"odd{suffix}_{pass}", Powers(k, powers, taps, 1));
            (elements[(2 * pass) - 1], elements[2 * pass]) = (even + odd, even - odd);
        }

        return elements;
    }

    /// <summary>Every second output, from the even ones (0) or the odd ones (1) on.</summary>
    /// <param name="products">The interpolated m + r − 1 products.</param>
    public Expression[] Output(KernelBuilder k, int parity, IReadOnlyList<Expression> products, string suffix)
    {
        Variable[] pairs = k.Let(Points.Select((_, i) =>
        {
            (Expression plus, Expression minus) = (products[(2 * i) + 1], products[(2 * i) + 2]);
            return parity == 0 ? ($"sum{i}{suffix}", plus + minus) : ($"difference{i}{suffix}", plus - minus);
        }));
        var outputs = new Expression[Outputs / 2];
        for (int i = 0; i < outputs.Length; i++)
        {
            int output = (2 * i) + parity;
            Expression? sum = output == 0 ? products[0] : output == Outputs - 1 ? products[Elements - 1] : null;
            for (int pair = 0; pair < pairs.Length; pair++)
            {
                double power = Math.Pow(Points[pair], output);
                sum = sum is null ? Scaled(power, pairs[pair]) : Add(k, power, pairs[pair], sum);
            }

            outputs[i] = sum!;
        }

        return outputs;
    }

    /// <summary>The coefficients of ∏(y − p²), from the constant one to the leading 1.</summary>
    private static double[] PolynomialOf(IEnumerable<double> points)
    {
        double[] coefficients = [1];
        foreach (double point in points)
        {
            double[] longer = [.. coefficients.Prepend(0)];
            for (int i = 0; i < coefficients.Length; i++)
            {
                longer[i] -= point * point * coefficients[i];
            }

            coefficients = longer;
        }

        return coefficients;
    }

    /// <summary>A polynomial's value, whose leading coefficient is 1.</summary>
    private static Expression Sum(KernelBuilder k, double[] coefficients, Func<int, Expression> power)
    {
        Expression sum = power(coefficients.Length - 1);
        for (int i = coefficients.Length - 2; i >= 0; i--)
        {
            sum = Add(k, coefficients[i], power(i), sum);
        }

        return sum;
    }

    /// <summary>The terms of every second power.</summary>
    private static Expression Powers(KernelBuilder k, double[] powers, IReadOnlyList<Expression> taps, int first)
    {
        Expression sum = Scaled(powers[first], taps[first]);
        for (int tap = first + 2; tap < taps.Count; tap += 2)
        {
            sum = Add(k, powers[tap], taps[tap], sum);
        }

        return sum;
    }

    private static Expression Scaled(double factor, Expression x) => factor == 1 ? x : x * new Constant((float)factor);

    private static Expression Add(KernelBuilder k, double factor, Expression x, Expression addend) =>
        factor == 1 ? addend + x : factor == -1 ? addend - x : k.MultiplyAdd(x, new Constant((float)factor), addend);
}
