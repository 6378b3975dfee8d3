using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>
/// A convolution by Winograd's algorithm, F(4×4, 3×3) or F(2×2, 5×5), with the points 0, ±5/8, ±3/2 and ∞, from its definition: a tile of outputs is
/// Aᵀ M A with M = Σ U ∘ V over the input channels, V = Bᵀ d B of the window d of 6×6 inputs and U = G g Gᵀ of the filter g.
/// </summary>
/// <remarks>
/// <para>
/// It stands here for its rounding errors, which are those of each of its sums of products, by the rule of <see cref="Numbers"/>, carried on to
/// the outputs (as in Barabasz, Anderson, Soodhalter and Gregg, "Error analysis and improving the accuracy of Winograd convolution for deep neural
/// networks", 2020, but in squares instead of bounds). The elements of V and U are sums of as many products as the two rows of Bᵀ or G have
/// coefficients other than 0, one for each element of the window; those of M have one product for each input channel; the outputs are sums as V and U are.
/// The magnitudes of these sums, (|Bᵀ| |d| |B|) and so on, exceed those of the convolution itself: hence the larger errors.
/// </para>
/// <para>
/// The algorithm is linear in the inputs and in the filters, so errors that these already have come out as they do of the convolution, and are not counted
/// here. Nor is F(2×2, 3×3), whose coefficients are 0, ±1 and ±1/2 and whose errors are below those of the convolution's own sums of 9·K products.
/// </para>
/// <para>
/// Tiles begin at multiples of their size. The last ones of an axis end with it, and leave to the tile before them what that has already. A pooling of 2×2 behind the
/// convolution may leave its last row or column unread; where another tile ends there, an output has the larger one of the two variances.
/// </para>
/// </remarks>
internal sealed class Winograd
{
    private const int Elements = 6, Products = Elements * Elements;

    private static readonly Transform OfInput = new(
        [
            [225.0 / 256, 0, -169.0 / 64, 0, 1, 0],
            [0, -45.0 / 32, -9.0 / 4, 5.0 / 8, 1, 0],
            [0, 45.0 / 32, -9.0 / 4, -5.0 / 8, 1, 0],
            [0, -75.0 / 128, -25.0 / 64, 3.0 / 2, 1, 0],
            [0, 75.0 / 128, -25.0 / 64, -3.0 / 2, 1, 0],
            [0, 225.0 / 256, 0, -169.0 / 64, 0, 1],
        ]);

    private static readonly Winograd OfThree = new(
        4, 3,
        new(
            [
                [256.0 / 225, 0, 0],
                [-2048.0 / 2975, -256.0 / 595, -32.0 / 119],
                [-2048.0 / 2975, 256.0 / 595, -32.0 / 119],
                [128.0 / 1071, 64.0 / 357, 32.0 / 119],
                [128.0 / 1071, -64.0 / 357, 32.0 / 119],
                [0, 0, 1],
            ]),
        new(
            [
                [1, 1, 1, 1, 1, 0],
                [0, 5.0 / 8, -5.0 / 8, 3.0 / 2, -3.0 / 2, 0],
                [0, 25.0 / 64, 25.0 / 64, 9.0 / 4, 9.0 / 4, 0],
                [0, 125.0 / 512, -125.0 / 512, 27.0 / 8, -27.0 / 8, 1],
            ]));

    private static readonly Winograd OfFive = new(
        2, 5,
        new(
            [
                [256.0 / 225, 0, 0, 0, 0],
                [-2048.0 / 2975, -256.0 / 595, -32.0 / 119, -20.0 / 119, -25.0 / 238],
                [-2048.0 / 2975, 256.0 / 595, -32.0 / 119, 20.0 / 119, -25.0 / 238],
                [128.0 / 1071, 64.0 / 357, 32.0 / 119, 48.0 / 119, 72.0 / 119],
                [128.0 / 1071, -64.0 / 357, 32.0 / 119, -48.0 / 119, 72.0 / 119],
                [0, 0, 0, 0, 1],
            ]),
        new(
            [
                [1, 1, 1, 1, 1, 0],
                [0, 5.0 / 8, -5.0 / 8, 3.0 / 2, -3.0 / 2, 1],
            ]));

    private readonly int _taps;
    private readonly Transform _ofFilter, _ofOutput;

    private Winograd(int outputs, int taps, Transform ofFilter, Transform ofOutput)
    {
        (Outputs, _taps, _ofFilter, _ofOutput) = (outputs, taps, ofFilter, ofOutput);
    }

    /// <summary>Outputs of a tile along an axis; smaller images are not computed so.</summary>
    public int Outputs { get; }

    /// <summary>The algorithm for square filters of a size; null where there is none.</summary>
    public static Winograd? For(int kernel) => kernel switch
    {
        3 => OfThree,
        5 => OfFive,
        _ => null,
    };

    /// <summary>The outputs without a bias, with the variances of the algorithm's own errors.</summary>
    /// <param name="input">Extents of <paramref name="x"/>.</param>
    /// <param name="output">Extents of the result, of a tile at least.</param>
    /// <param name="top">Rows of zeros before the input.</param>
    /// <param name="left">Columns of zeros before the input.</param>
    /// <param name="x">The input.</param>
    /// <param name="weight">By output channel, input channel, row and column.</param>
    public Numbers Convolve(Extents input, Extents output, int top, int left, Numbers x, Numbers weight)
    {
        var y = new Numbers(output.Length);
        Numbers u = TransformFilters(weight, output.Channels, input.Channels);
        Numbers v = new(Products * input.Channels), m = new(Products), tile = new(Outputs * Outputs);
        foreach ((int row, int firstRow) in Tiles(output.Height))
        {
            foreach ((int column, int firstColumn) in Tiles(output.Width))
            {
                TransformWindows(input, x, row - top, column - left, v);
                for (int filter = 0; filter < output.Channels; filter++)
                {
                    Multiply(u, filter * Products * input.Channels, v, input.Channels, m);
                    _ofOutput.Apply(m, tile);
                    for (int r = firstRow; r < row + Outputs; r++)
                    {
                        for (int c = firstColumn; c < column + Outputs; c++)
                        {
                            int to = output.At(filter, 0, r, c), from = ((r - row) * Outputs) + c - column;
                            y.Value[to] = tile.Value[from];
                            y.Variance[to] = Math.Max(y.Variance[to], tile.Variance[from]);
                        }
                    }
                }
            }
        }

        return y;
    }

    /// <summary>Where the tiles of an axis begin, and the first output that the tile before has not.</summary>
    private IEnumerable<(int Start, int First)> Tiles(int extent)
    {
        for (int first = 0; first < extent; first += Outputs)
        {
            yield return (Math.Min(first, extent - Outputs), first);
        }

        // Without the last output there is another last tile.
        if (extent % Outputs == 3)
        {
            yield return (extent - 1 - Outputs, extent - 3);
        }
    }

    /// <summary>U by filter, element and channel.</summary>
    private Numbers TransformFilters(Numbers weight, int filters, int channels)
    {
        Numbers u = new(filters * Products * channels), g = new(_taps * _taps), element = new(Products);
        for (int pair = 0; pair < filters * channels; pair++)
        {
            Array.Copy(weight.Value, pair * g.Length, g.Value, 0, g.Length);
            _ofFilter.Apply(g, element);
            Spread(element, u, pair / channels * Products * channels, pair % channels, channels);
        }

        return u;
    }

    /// <summary>V of one tile by element and channel.</summary>
    private static void TransformWindows(Extents input, Numbers x, int top, int left, Numbers v)
    {
        Numbers d = new(Products), element = new(Products);
        for (int channel = 0; channel < input.Channels; channel++)
        {
            for (int i = 0; i < Products; i++)
            {
                (int row, int column) = (top + (i / Elements), left + (i % Elements));
                d.Value[i] = input.Holds(0, row, column) ? x.Value[input.At(channel, 0, row, column)] : 0;
            }

            OfInput.Apply(d, element);
            Spread(element, v, 0, channel, input.Channels);
        }
    }

    private static void Spread(Numbers element, Numbers all, int start, int channel, int channels)
    {
        for (int i = 0; i < Products; i++)
        {
            all.Value[start + (i * channels) + channel] = element.Value[i];
            all.Variance[start + (i * channels) + channel] = element.Variance[i];
        }
    }

    /// <summary>M of one tile and filter.</summary>
    private static void Multiply(Numbers u, int start, Numbers v, int channels, Numbers m)
    {
        for (int i = 0; i < Products; i++)
        {
            double value = 0, magnitude = 0, carried = 0;
            for (int k = i * channels; k < (i + 1) * channels; k++)
            {
                double a = u.Value[start + k], b = v.Value[k], product = a * b;
                value += product;
                magnitude += Math.Abs(product);
                carried += Numbers.OfProduct(a, u.Variance[start + k], b, v.Variance[k]);
            }

            double rounding = Numbers.U * magnitude;
            (m.Value[i], m.Variance[i]) = (value, carried + (channels * rounding * rounding));
        }
    }

    /// <summary>L x Lᵀ, with the errors of its sums and those that x has.</summary>
    private sealed class Transform(double[][] rows)
    {
        private readonly double[][] _magnitudes = Each(rows, Math.Abs), _squares = Each(rows, coefficient => coefficient * coefficient);
        private readonly int[] _terms = [.. rows.Select(row => row.Count(coefficient => coefficient != 0))];

        public void Apply(Numbers x, Numbers y)
        {
            Span<double> magnitudes = stackalloc double[Products], sums = stackalloc double[Products];
            for (int i = 0; i < x.Length; i++)
            {
                magnitudes[i] = Math.Abs(x.Value[i]);
            }

            Both(rows, x.Value, y.Value);
            Both(_squares, x.Variance, y.Variance);
            Both(_magnitudes, magnitudes[..x.Length], sums[..y.Length]);
            for (int i = 0; i < y.Length; i++)
            {
                double rounding = Numbers.U * sums[i];
                y.Variance[i] += _terms[i / rows.Length] * _terms[i % rows.Length] * rounding * rounding;
            }
        }

        private static void Both(double[][] matrix, ReadOnlySpan<double> x, Span<double> y)
        {
            int columns = matrix[0].Length;
            Span<double> line = stackalloc double[columns];
            for (int i = 0; i < matrix.Length; i++)
            {
                for (int column = 0; column < columns; column++)
                {
                    line[column] = Dot(matrix[i], x[column..], columns);
                }

                for (int j = 0; j < matrix.Length; j++)
                {
                    y[(i * matrix.Length) + j] = Dot(matrix[j], line, 1);
                }
            }
        }

        private static double Dot(double[] row, ReadOnlySpan<double> x, int stride)
        {
            double sum = 0;
            for (int k = 0; k < row.Length; k++)
            {
                sum += row[k] * x[k * stride];
            }

            return sum;
        }

        private static double[][] Each(double[][] rows, Func<double, double> function) => [.. rows.Select(row => row.Select(function).ToArray())];
    }
}
