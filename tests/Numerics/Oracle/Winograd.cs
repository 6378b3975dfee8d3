using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>
/// A convolution by Winograd's algorithm from its definition, F(4×4, 3×3), F(2×2, 5×5) and others: a tile of outputs is Aᵀ M A with M =
/// Σ U ∘ V over the input channels, V = Bᵀ d B of the window d of inputs and U = G g Gᵀ of the filter g. Along an axis on which the
/// filter has one tap the matrices are 1.
/// </summary>
/// <remarks>
/// <para>
/// It stands here for its rounding errors, which are those of each of its sums of products, by the rule of <see cref="Numbers"/>,
/// carried on to the outputs (as in Barabasz, Anderson, Soodhalter and Gregg, "Error analysis and improving the accuracy of Winograd
/// convolution for deep neural networks", 2020, but in squares instead of bounds). The elements of V and U are sums of as many products
/// as the two rows of Bᵀ or G have coefficients other than 0, one for each element of the window; those of M have one product for each
/// input channel; the outputs are sums as V and U are. The magnitudes of these sums, (|Bᵀ| |d| |B|) and so on, exceed those of the
/// convolution itself: hence the larger errors.
/// </para>
/// <para>
/// The algorithm is linear in the inputs and in the filters, so errors that these already have come out as they do of the convolution,
/// and are not counted here. Nor are F(2×2, 3×3) and F(2, 3), whose coefficients are 0, ±1 and ±1/2 and whose errors are below those of
/// the convolution's own sums of products. Tiles of 4 outputs stand for those of 2 as well, whose errors are smaller.
/// </para>
/// <para>
/// Tiles begin at multiples of their size. The last ones of an axis end with it, and leave to the tile before them what that has
/// already. A pooling of 2×2 behind the convolution may leave its last row or column unread; where another tile ends there, an output
/// has the larger one of the two variances.
/// </para>
/// </remarks>
internal sealed class Winograd
{
    private readonly WinogradLine _rows, _columns;
    private readonly Transform _ofInput, _ofFilter, _ofOutput;

    private Winograd(WinogradLine rows, WinogradLine columns)
    {
        (_rows, _columns) = (rows, columns);
        (_ofInput, _ofFilter, _ofOutput) = (new(rows.OfInput, columns.OfInput), new(rows.OfFilter, columns.OfFilter), new(rows.OfOutput, columns.OfOutput));
    }

    private int Products => _rows.Elements * _columns.Elements;

    private int Outputs => _rows.Outputs * _columns.Outputs;

    /// <summary>The algorithm for the axes of windows that slide by 1; null where there is none, or none of larger errors.</summary>
    public static Winograd? For(Axis rows, Axis columns, Extents output) => (rows.Kernel, columns.Kernel) switch
    {
        (1, 3 or 4 or 5 or 7) => OfOne(columns, output.Width) is { } line ? new(WinogradLine.None, line) : null,
        (3 or 4 or 5 or 7, 1) => OfOne(rows, output.Height) is { } line ? new(line, WinogradLine.None) : null,
        (3 or 4 or 5, 3 or 4 or 5) => OfTwo(rows, output.Height) is { } down && OfTwo(columns, output.Width) is { } along ? new(down, along) : null,
        _ => null,
    };

    /// <summary>
    /// The algorithm for the gradient of the filters, whose tiles cover the outputs without reaching back into one another: those of 4
    /// outputs, or else of 2; of 3 for four taps.
    /// </summary>
    public static Winograd? ForFilters(Axis rows, Axis columns, Extents output) => (
        from down in Wholes(rows, output.Height)
        from along in Wholes(columns, output.Width)
        where rows.Kernel == 1 != (columns.Kernel == 1) || (down.Elements == along.Elements && down.Elements is 4 or 6)
        select new Winograd(down, along)).FirstOrDefault();

    private static IEnumerable<WinogradLine> Wholes(Axis axis, int extent) => axis.Kernel switch
    {
        1 => [WinogradLine.None],
        3 or 4 or 5 when axis.Dilation == 1 => (axis.Kernel == 4 ? [3] : new[] { 4, 2 }).Where(outputs => extent % outputs == 0).Select(outputs => new WinogradLine(outputs, axis.Kernel)),
        _ => [],
    };

    private static WinogradLine? OfOne(Axis axis, int extent) => axis.Kernel == 4 ? OfTwo(axis, extent) : Of(4, axis, extent) ?? (axis.Kernel > 3 ? Of(2, axis, extent) : null);

    /// <summary>Of six elements.</summary>
    private static WinogradLine? OfTwo(Axis axis, int extent) => Of(7 - axis.Kernel, axis, extent);

    /// <summary>Filters with holes read, and tiles have, an input or output in so many; their phases have to be alike.</summary>
    private static WinogradLine? Of(int outputs, Axis axis, int extent) =>
        extent % axis.Dilation == 0 && extent / axis.Dilation >= outputs ? new(outputs, axis.Kernel, axis.Dilation) : null;

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
        Numbers v = new(Products * input.Channels), m = new(Products), tile = new(Outputs);
        foreach ((int row, int oldRows) in _rows.Tiles(output.Height))
        {
            foreach ((int column, int oldColumns) in _columns.Tiles(output.Width))
            {
                TransformWindows(input, x, row - top, column - left, v);
                for (int filter = 0; filter < output.Channels; filter++)
                {
                    Multiply(u, filter * Products * input.Channels, v, input.Channels, m);
                    _ofOutput.Apply(m, tile);
                    for (int r = oldRows; r < _rows.Outputs; r++)
                    {
                        for (int c = oldColumns; c < _columns.Outputs; c++)
                        {
                            int to = output.At(filter, 0, row + (r * _rows.Dilation), column + (c * _columns.Dilation)), from = (r * _columns.Outputs) + c;
                            y.Value[to] = tile.Value[from];
                            y.Variance[to] = Math.Max(y.Variance[to], tile.Variance[from]);
                        }
                    }
                }
            }
        }

        return y;
    }

    /// <summary>
    /// The gradient of the filters, Gᵀ(Σ W ∘ V)G with W = A dY Aᵀ, summed over tiles, with the errors that V, W and the last transform
    /// make, and the magnitudes of these sums. The sums go on over samples, so that their own errors are for the caller to count: he
    /// has as many terms as there are pixels, of which a tile has several.
    /// </summary>
    public (double[] Magnitudes, Numbers Errors) FilterGradient(Extents input, Extents output, int top, int left, Numbers x, Numbers dy)
    {
        int inputs = input.Channels, filters = output.Channels, pairs = filters * inputs, taps = _rows.Taps * _columns.Taps;
        Transform ofGradient = new(Transposed(_rows.OfOutput), Transposed(_columns.OfOutput)), back = new(Transposed(_rows.OfFilter), Transposed(_columns.OfFilter));
        Numbers m = new(Products * pairs), v = new(Products * inputs), w = new(Products * filters), tile = new(Outputs), element = new(Products);
        double[] magnitudes = new double[Products * pairs];
        foreach ((int row, _) in _rows.Tiles(output.Height))
        {
            foreach ((int column, _) in _columns.Tiles(output.Width))
            {
                TransformWindows(input, x, row - top, column - left, v);
                for (int filter = 0; filter < filters; filter++)
                {
                    for (int i = 0; i < Outputs; i++)
                    {
                        tile.Value[i] = dy.Value[output.At(filter, 0, row + (i / _columns.Outputs), column + (i % _columns.Outputs))];
                    }

                    ofGradient.Apply(tile, element);
                    Spread(element, w, 0, filter, filters);
                }

                for (int i = 0; i < m.Length; i++)
                {
                    (int e, int pair) = (i / pairs, i % pairs);
                    int of = (e * filters) + (pair / inputs), from = (e * inputs) + (pair % inputs);
                    m.Value[i] += w.Value[of] * v.Value[from];
                    magnitudes[i] += Math.Abs(w.Value[of] * v.Value[from]);
                    m.Variance[i] += Numbers.OfProduct(w.Value[of], w.Variance[of], v.Value[from], v.Variance[from]);
                }
            }
        }

        var all = new Numbers(pairs * taps);
        double[] allMagnitudes = new double[all.Length];
        Numbers sums = new(Products), gradient = new(taps);
        for (int pair = 0; pair < pairs; pair++)
        {
            double[] own = new double[Products];
            for (int e = 0; e < Products; e++)
            {
                (sums.Value[e], sums.Variance[e], own[e]) = (m.Value[(e * pairs) + pair], m.Variance[(e * pairs) + pair], magnitudes[(e * pairs) + pair]);
            }

            back.Apply(sums, gradient);
            gradient.Value.CopyTo(all.Value, pair * taps);
            gradient.Variance.CopyTo(all.Variance, pair * taps);
            double[] magnitude = back.MagnitudesOf(own);
            for (int tap = 0; tap < taps; tap++)
            {
                allMagnitudes[(pair * taps) + tap] = magnitude[tap] / Math.Sqrt(Outputs);
            }
        }

        return (allMagnitudes, all);
    }

    private static double[][] Transposed(double[][] matrix) => [.. Enumerable.Range(0, matrix[0].Length).Select(column => matrix.Select(row => row[column]).ToArray())];

    /// <summary>U by filter, element and channel.</summary>
    private Numbers TransformFilters(Numbers weight, int filters, int channels)
    {
        Numbers u = new(filters * Products * channels), g = new(_rows.Taps * _columns.Taps), element = new(Products);
        for (int pair = 0; pair < filters * channels; pair++)
        {
            Array.Copy(weight.Value, pair * g.Length, g.Value, 0, g.Length);
            _ofFilter.Apply(g, element);
            Spread(element, u, pair / channels * Products * channels, pair % channels, channels);
        }

        return u;
    }

    /// <summary>V of one tile by element and channel.</summary>
    private void TransformWindows(Extents input, Numbers x, int top, int left, Numbers v)
    {
        Numbers d = new(Products), element = new(Products);
        for (int channel = 0; channel < input.Channels; channel++)
        {
            for (int i = 0; i < Products; i++)
            {
                (int row, int column) = (top + (i / _columns.Elements * _rows.Dilation), left + (i % _columns.Elements * _columns.Dilation));
                d.Value[i] = input.Holds(0, row, column) ? x.Value[input.At(channel, 0, row, column)] : 0;
            }

            _ofInput.Apply(d, element);
            Spread(element, v, 0, channel, input.Channels);
        }
    }

    private void Spread(Numbers element, Numbers all, int start, int channel, int channels)
    {
        for (int i = 0; i < Products; i++)
        {
            all.Value[start + (i * channels) + channel] = element.Value[i];
            all.Variance[start + (i * channels) + channel] = element.Variance[i];
        }
    }

    /// <summary>M of one tile and filter.</summary>
    private void Multiply(Numbers u, int start, Numbers v, int channels, Numbers m)
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

    /// <summary>L x Rᵀ, with the errors of its sums and those that x has.</summary>
    private sealed class Transform(double[][] left, double[][] right)
    {
        private readonly (double[][] Left, double[][] Right) _magnitudes = (Each(left, Math.Abs), Each(right, Math.Abs));
        private readonly (double[][] Left, double[][] Right) _squares = (Each(left, Square), Each(right, Square));
        private readonly int[] _leftTerms = Terms(left), _rightTerms = Terms(right);

        public void Apply(Numbers x, Numbers y)
        {
            double[] magnitudes = [.. x.Value.Select(Math.Abs)], sums = new double[y.Length];
            Both((left, right), x.Value, y.Value);
            Both(_squares, x.Variance, y.Variance);
            Both(_magnitudes, magnitudes, sums);
            for (int i = 0; i < y.Length; i++)
            {
                double rounding = Numbers.U * sums[i];
                y.Variance[i] += _leftTerms[i / right.Length] * _rightTerms[i % right.Length] * rounding * rounding;
            }
        }

        /// <summary>|L| x |Rᵀ|.</summary>
        public double[] MagnitudesOf(double[] x)
        {
            double[] y = new double[left.Length * right.Length];
            Both(_magnitudes, x, y);
            return y;
        }

        private static void Both((double[][] Left, double[][] Right) of, ReadOnlySpan<double> x, Span<double> y)
        {
            int columns = of.Right[0].Length;
            Span<double> line = stackalloc double[columns];
            for (int i = 0; i < of.Left.Length; i++)
            {
                for (int column = 0; column < columns; column++)
                {
                    line[column] = Dot(of.Left[i], x[column..], columns);
                }

                for (int j = 0; j < of.Right.Length; j++)
                {
                    y[(i * of.Right.Length) + j] = Dot(of.Right[j], line, 1);
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

        private static double Square(double x) => x * x;

        private static int[] Terms(double[][] rows) => [.. rows.Select(row => row.Count(coefficient => coefficient != 0))];
    }
}
