using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// F(m×m′, r×r′): tiles of m × m′ neighbouring outputs, and filters of r × r′ taps. Inputs, filters and their products are transformed
/// along both axes. If the filter has one tap along an axis, nothing is transformed along it.
/// </summary>
internal sealed record WinogradForm(WinogradAxis Vertical, WinogradAxis Horizontal)
{
    /// <summary>
    /// The most points of an axis, if both axes are transformed and if one is. Rounding errors grow with the points, and the errors of two
    /// axes multiply. The errors of F(1×4, 1×7) are about twice those of F(4×4, 3×3).
    /// </summary>
    private const int MostOfTwo = 6, MostOfOne = 10;

    /// <summary>Outputs of a tile along an axis, for an odd number of taps and for four taps. The number of elements is even.</summary>
    private static readonly int[] OfOddTaps = [4, 2], OfFourTaps = [3];

    /// <summary>Products of a tile, which are the elements of a transformed window.</summary>
    public int Products => Vertical.Elements * Horizontal.Elements;

    /// <summary>Outputs of a tile.</summary>
    public int Outputs => Vertical.Outputs * Horizontal.Outputs;

    /// <summary>Additions and multiply-adds of a tile's input transform.</summary>
    public int InputOperations => (Horizontal.Elements * Vertical.InputOperations) + (Vertical.Elements * Horizontal.InputOperations);

    /// <summary>Additions and multiply-adds of a tile's output transform.</summary>
    public int OutputOperations => (Horizontal.Elements * Vertical.OutputOperations) + (Vertical.Outputs * Horizontal.OutputOperations);

    /// <summary>The end of its functions' names: <c>4x4Of3x3</c>.</summary>
    public string Suffix => $"{Vertical.Outputs}x{Horizontal.Outputs}Of{Vertical.Taps}x{Horizontal.Taps}";

    /// <summary>The forms for filters of this many taps, from large tiles to small ones.</summary>
    public static IEnumerable<WinogradForm> For(int rows, int columns)
    {
        int most = rows == 1 || columns == 1 ? MostOfOne : MostOfTwo;
        return from vertical in Axes(rows)
               from horizontal in Axes(columns)
               where (rows > 1 || columns > 1) && (rows == 1 || columns == 1 || vertical.Elements == horizontal.Elements)
               select new WinogradForm(vertical, horizontal);

        IEnumerable<WinogradAxis> Axes(int taps) => taps == 1 ? [WinogradAxis.None]
            : (taps switch { 3 or 5 or 7 => OfOddTaps, 4 => OfFourTaps, _ => [] }).Select(outputs => new WinogradAxis(outputs, taps))
                .Where(axis => axis.Elements <= most);
    }

    /// <summary>
    /// Describes a transform: <c>F(4×4, 3×3): Bᵀ·d·B of a window d, along its columns and then along its rows.</c> If only one axis is
    /// transformed, the product has one matrix.
    /// </summary>
    /// <param name="what">What is transformed, as in "a window d".</param>
    /// <param name="form">What comes before the colon, if the transform serves other forms, too.</param>
    public string Describe(string left, string x, string right, string what, string? form = null)
    {
        bool isDown = Vertical != WinogradAxis.None, isAlong = Horizontal != WinogradAxis.None;
        string product = (isDown ? left + "·" : "") + x + (isAlong ? "·" + right : "");
        return $"{form ?? ToString()}: {product} of {what}, along "
            + $"{(isDown ? isAlong ? "its columns and then along its rows" : "its columns" : "its rows")}.";
    }

    /// <summary>
    /// Records a transform along both axes, whose results are the elements of a tile: first along the columns, then along the rows of what
    /// that gives.
    /// </summary>
    /// <param name="columns">The number of columns that are transformed.</param>
    /// <param name="load">Loads a column.</param>
    /// <param name="transform">
    /// Computes all elements from neighbours along an axis. Its last argument is the end of the variables' names.
    /// </param>
    /// <param name="target">Where the first element is stored.</param>
    /// <param name="stride">The distance from one element to the next.</param>
    public void RecordElements(
        KernelBuilder k, int columns, Func<int, IReadOnlyList<Expression>> load,
        Func<WinogradAxis, IReadOnlyList<Expression>, string, Expression[]> transform,
        Pointer target, IndexVariable stride)
    {
        Variable[][] vertical =
        [
            .. Enumerable.Range(0, columns)
                .Select(column => k.Let(transform(Vertical, load(column), $"{column}").Select((value, row) => ($"a{row}{column}", value)))),
        ];
        for (int row = 0; row < Vertical.Elements; row++)
        {
            foreach (Expression element in transform(Horizontal, [.. vertical.Select(column => column[row])], $"Of{row}"))
            {
                k.Store(target, element);
                k.Advance((target, stride));
            }
        }
    }

    public override string ToString() => $"F({Vertical.Outputs}×{Horizontal.Outputs}, {Vertical.Taps}×{Horizontal.Taps})";
}

/// <summary>
/// F(m, r) along one axis: m neighbouring outputs of a filter of r taps, with m + r − 1 products instead of m·r. Input and filter are
/// evaluated at as many points as there are products, and the products are interpolated (Winograd, "Arithmetic complexity of computations",
/// 1980; Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016, section 4).
/// </summary>
/// <remarks>
/// The points are 0, pairs ±p, and ∞. Both points of a pair use the same even and odd powers. M(x) = x·∏(x² − p²) is the product of all
/// (x − point). For a point q, the matrices have these rows:
/// - the input's: the coefficients of M(x)/(x − q);
/// - the filter's: the powers of q, divided by M′(q);
/// - the output's: the powers of q.
/// </remarks>
/// <param name="Outputs">m. It is even if r is odd, and odd if r is even; 1 if nothing is transformed.</param>
/// <param name="Taps">r.</param>
internal sealed record WinogradAxis(int Outputs, int Taps)
{
    /// <summary>An axis on which the filter has one tap.</summary>
    public static readonly WinogradAxis None = new(1, 1);

    /// <summary>
    /// The numbers p of the pairs. Among short fractions, these give the smallest errors: with 5/8 and 3/2 the error is a third to a half
    /// of that with the usual 1 and 2.
    /// </summary>
    private double[] Points => Elements switch
    {
        1 => [],
        4 => [1],
        6 => [0.625, 1.5],
        8 => [0.5, 1, 2],
        10 => [0.375, 0.75, 1.25, 2],
        _ => throw new NotSupportedException($"F({Outputs}, {Taps})"),
    };

    /// <summary>Elements of a transformed input or filter along one axis: m + r − 1.</summary>
    public int Elements => Outputs + Taps - 1;

    /// <summary>The number of passes over the points: one for 0 and ∞, then one for each pair.</summary>
    public int Passes => Points.Length + 1;

    /// <summary>Additions and multiply-adds of the input transform of a row or column.</summary>
    public int InputOperations => 2 * Points.Length * (1 + Points.Length);

    /// <summary>Additions and multiply-adds of the output transform of a row or column.</summary>
    public int OutputOperations => Points.Length == 0 ? 0 : Points.Length + (Outputs * Points.Length) + 2;

    private bool IsNone => Elements == 1;

    /// <summary>The elements that a pass computes.</summary>
    public int[] ElementsOf(int pass) => IsNone ? [0] : pass == 0 ? [0, Elements - 1] : [(2 * pass) - 1, 2 * pass];

    /// <summary>The products that every second output needs. The point ∞ counts only in the last output, and 0 only in the first.</summary>
    public IEnumerable<int> ProductsOf(int parity) => IsNone ? [0]
        : Enumerable.Range(0, Elements)
            .Where(product => product == 0 ? parity == 0 : product < Elements - 1 || parity == (Outputs - 1) % 2);

    /// <summary>The even outputs (0) or the odd ones (1).</summary>
    public int[] OutputsOf(int parity) => [.. Enumerable.Range(0, Outputs).Where(output => output % 2 == parity)];

    /// <summary>The elements of a transformed input that a pass computes: two, or one if there is only one.</summary>
    /// <param name="pass">The pass: see <see cref="ElementsOf"/>.</param>
    /// <param name="input">m + r − 1 neighbours.</param>
    /// <param name="suffix">The end of the variables' names.</param>
    public Expression[] Input(KernelBuilder k, int pass, IReadOnlyList<Expression> input, string suffix)
    {
        if (IsNone)
        {
            return [input[0]];
        }

        if (pass == 0)
        {
            double[] all = PolynomialOf(Points);
            return [Sum(k, all, i => input[2 * i]), Sum(k, all, i => input[(2 * i) + 1])];
        }

        double point = Points[pass - 1];
        double[] others = PolynomialOf(Points.Where(p => p != point));
        Variable even = k.Let("even" + suffix, Sum(k, others, i => input[(2 * i) + 2])),
            odd = k.Let("odd" + suffix, Sum(k, others, i => input[(2 * i) + 1]));
        return [Add(k, point, odd, even), Add(k, -point, odd, even)];
    }

    /// <summary>All elements of a transformed input, in their order.</summary>
    /// <param name="input">m + r − 1 neighbours.</param>
    /// <param name="suffix">The end of the variables' names. The number of the pass follows it.</param>
    public Expression[] InputOfAllPasses(KernelBuilder k, IReadOnlyList<Expression> input, string suffix)
    {
        var elements = new Expression[Elements];
        for (int pass = 0; pass < Passes; pass++)
        {
            foreach ((int element, Expression value) in ElementsOf(pass)
                .Zip(Input(k, pass, input, $"{suffix}{pass}"), (element, value) => (element, value)))
            {
                elements[element] = value;
            }
        }

        return elements;
    }

    /// <summary>All elements of a transformed filter.</summary>
    public Expression[] Filter(KernelBuilder k, IReadOnlyList<Expression> taps, string suffix) =>
        Evaluated(k, taps, suffix, DivisorOfZero, DivisorOf);

    /// <summary>
    /// All elements of a tile's gradients. They are the transpose of <see cref="Output"/>: the values of a polynomial at the points.
    /// </summary>
    /// <param name="gradients">m neighbours.</param>
    /// <param name="suffix">The end of the variables' names.</param>
    public Expression[] Gradient(KernelBuilder k, IReadOnlyList<Expression> gradients, string suffix) =>
        Evaluated(k, gradients, suffix, 1, _ => 1);

    /// <summary>The gradients of a filter's taps: the transpose of <see cref="Filter"/>.</summary>
    /// <param name="elements">The gradients of the filter's elements.</param>
    /// <param name="suffix">The end of the variables' names.</param>
    public Expression[] FilterGradient(KernelBuilder k, IReadOnlyList<Expression> elements, string suffix)
    {
        if (IsNone)
        {
            return [elements[0]];
        }

        (Variable Sum, Variable Difference)[] pairs =
        [
            .. Points.Select((_, i) => (
                k.Let($"sum{i}{suffix}", elements[(2 * i) + 1] + elements[(2 * i) + 2]),
                k.Let($"difference{i}{suffix}", elements[(2 * i) + 1] - elements[(2 * i) + 2]))),
        ];
        var taps = new Expression[Taps];
        for (int tap = 0; tap < Taps; tap++)
        {
            Expression? sum = tap == 0 ? Scaled(1 / DivisorOfZero, elements[0]) : tap == Taps - 1 ? elements[Elements - 1] : null;
            for (int i = 0; i < pairs.Length; i++)
            {
                double factor = Math.Pow(Points[i], tap) / DivisorOf(Points[i]);
                Variable pair = tap % 2 == 0 ? pairs[i].Sum : pairs[i].Difference;
                sum = sum is null ? Scaled(factor, pair) : Add(k, factor, pair, sum);
            }

            taps[tap] = sum!;
        }

        return taps;
    }

    /// <summary>Every second output: the even ones (0) or the odd ones (1).</summary>
    /// <param name="products">The m + r − 1 products.</param>
    public Expression[] Output(KernelBuilder k, int parity, IReadOnlyList<Expression> products, string suffix)
    {
        if (IsNone)
        {
            return [products[0]];
        }

        Variable[] pairs = k.Let(Points.Select((_, i) =>
        {
            (Expression plus, Expression minus) = (products[(2 * i) + 1], products[(2 * i) + 2]);
            return parity == 0 ? ($"sum{i}{suffix}", plus + minus) : ($"difference{i}{suffix}", plus - minus);
        }));
        var outputs = new Expression[OutputsOf(parity).Length];
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

    /// <summary>The divisor of a filter's value at 0: M′(0).</summary>
    private double DivisorOfZero => PolynomialOf(Points)[0];

    /// <summary>The divisor of a filter's value at the point p: M′(p).</summary>
    private double DivisorOf(double point) =>
        Points.Where(p => p != point).Aggregate(2 * point * point, (product, p) => product * ((point * point) - (p * p)));

    /// <summary>The values of a polynomial at all points, divided.</summary>
    private Expression[] Evaluated(KernelBuilder k, IReadOnlyList<Expression> coefficients, string suffix, double divisorOfZero,
        Func<double, double> divisorOf)
    {
        if (IsNone)
        {
            return [coefficients[0]];
        }

        var elements = new Expression[Elements];
        elements[0] = Scaled(1 / divisorOfZero, coefficients[0]);
        elements[Elements - 1] = coefficients[coefficients.Count - 1];
        for (int pass = 1; pass < Passes; pass++)
        {
            double point = Points[pass - 1], divisor = divisorOf(point);
            double[] powers = [.. Enumerable.Range(0, coefficients.Count).Select(power => Math.Pow(point, power) / divisor)];
            Variable even = k.Let($"even{suffix}_{pass}", Powers(k, powers, coefficients, 0)),
                odd = k.Let($"odd{suffix}_{pass}", Powers(k, powers, coefficients, 1));
            (elements[(2 * pass) - 1], elements[2 * pass]) = (even + odd, even - odd);
        }

        return elements;
    }

    /// <summary>The coefficients of ∏(y − p²), from the constant to the leading coefficient, 1.</summary>
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

    /// <summary>The value of a polynomial whose leading coefficient is 1.</summary>
    private static Expression Sum(KernelBuilder k, double[] coefficients, Func<int, Expression> power)
    {
        Expression sum = power(coefficients.Length - 1);
        for (int i = coefficients.Length - 2; i >= 0; i--)
        {
            sum = Add(k, coefficients[i], power(i), sum);
        }

        return sum;
    }

    /// <summary>The terms with every second power.</summary>
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
