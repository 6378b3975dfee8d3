using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>F(m, r) along an axis: the tiles and the matrices Bᵀ, G and Aᵀ of polynomials at some points and ∞.</summary>
internal sealed class WinogradLine
{
    public static readonly WinogradLine None = new(1, 1);

    public WinogradLine(int outputs, int taps, int dilation = 1)
    {
        (Outputs, Taps, Elements, Dilation) = (outputs, taps, outputs + taps - 1, dilation);
        double[] pairs = Elements switch
        {
            1 => [],
            4 => [1.0],
            6 => [5.0 / 8, 3.0 / 2],
            8 => [1.0 / 2, 1, 2],
            10 => [3.0 / 8, 3.0 / 4, 5.0 / 4, 2],
            _ => throw new ArgumentOutOfRangeException(nameof(taps)),
        };
        double[] points = Elements == 1 ? [] : [0, .. pairs.SelectMany(p => new[] { p, -p })];
        OfInput = [.. points.Select(q => Product(points.Where(p => p != q))), Product(points)];
        OfFilter = [.. points.Select(q => Powers(q, taps, points.Where(p => p != q).Aggregate(1.0, (product, p) => product * (q - p)))), Last(taps)];
        OfOutput = [.. Enumerable.Range(0, outputs).Select(i => (double[])[.. points.Select(q => Math.Pow(q, i)), i == outputs - 1 ? 1 : 0])];
    }

    public int Outputs { get; }

    public int Taps { get; }

    public int Elements { get; }

    public int Dilation { get; }

    public double[][] OfInput { get; }

    public double[][] OfFilter { get; }

    public double[][] OfOutput { get; }

    /// <summary>Where the tiles of an axis begin, and how many of their outputs the tile before has.</summary>
    public IEnumerable<(int Start, int Old)> Tiles(int extent)
    {
        int own = extent / Dilation;
        for (int first = 0; first < own; first += Outputs)
        {
            int start = Math.Min(first, own - Outputs);
            for (int phase = 0; phase < Dilation; phase++)
            {
                yield return ((start * Dilation) + phase, first - start);
            }
        }

        // Without the last output there is another last tile.
        if (extent % Outputs == 3 && Dilation == 1)
        {
            yield return (extent - 1 - Outputs, Outputs - 2);
        }
    }

    /// <summary>The coefficients of ∏(x − p), from the constant one on.</summary>
    private double[] Product(IEnumerable<double> points)
    {
        double[] coefficients = new double[Elements];
        coefficients[0] = 1;
        foreach (double p in points)
        {
            for (int i = Elements - 1; i >= 0; i--)
            {
                coefficients[i] = (i > 0 ? coefficients[i - 1] : 0) - (p * coefficients[i]);
            }
        }

        return coefficients;
    }

    private static double[] Powers(double point, int count, double divisor) => [.. Enumerable.Range(0, count).Select(i => Math.Pow(point, i) / divisor)];

    private static double[] Last(int count) => [.. Enumerable.Range(0, count).Select(i => i == count - 1 ? 1.0 : 0)];
}
