using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>
/// How far Winograd's transforms can be off, whatever the data are. Every number that they add or multiply is bounded by what the
/// absolute values of the matrices make of the absolute values of the data, and every operation is off by at most u of its own result.
/// </summary>
/// <param name="rows">Along columns of the image.</param>
/// <param name="columns">Along its rows.</param>
internal sealed class WinogradBound(WinogradLine rows, WinogradLine columns)
{
    /// <summary>
    /// Operations that one number goes through besides the sum of products, with those of the constants; and what (1 + u)ⁿ has beyond 1
    /// + n·u.
    /// </summary>
    public const int Others = 28;

    /// <summary>
    /// Products that are added in a row, with the blocks of these that are added in single precision, forward and of weights.
    /// </summary>
    public const int MostProducts = 968, MostOfWeights = 264;

    private int Elements => rows.Elements * columns.Elements;

    /// <summary>a: the sum of the magnitudes that an output of inputs and weights of ±1 is made of, at most.</summary>
    public double Gain => GainOf(rows) * GainOf(columns);

    /// <summary>The same of a weight's gradient.</summary>
    public double GainOfWeights => GainOfWeightsOf(rows) * GainOfWeightsOf(columns);

    /// <summary>b: the largest element of a window of inputs of ±1.</summary>
    public double GainOfInput => rows.OfInput.Max(SumOf) * columns.OfInput.Max(SumOf);

    /// <summary>The window of ±1 whose transform has it.</summary>
    public double[] LargestWindow()
    {
        double[] down = rows.OfInput.MaxBy(SumOf)!, along = columns.OfInput.MaxBy(SumOf)!;
        return [.. from y in down from x in along select y * x < 0 ? -1.0 : 1.0];
    }

    /// <summary>Windows of ±1 that an output's largest term is made of, and filters, each by its element.</summary>
    public (double[] Window, double[] Filter) Worst()
    {
        (int row, int column) = (Worst(rows), Worst(columns));
        return ([.. from y in rows.OfInput[row] from x in columns.OfInput[column] select y * x < 0 ? -1.0 : 1.0],
            [.. from y in rows.OfFilter[row] from x in columns.OfFilter[column] select y * x < 0 ? -1.0 : 1.0]);
    }

    /// <param name="tiles">Of a sample.</param>
    /// <param name="samples">Of the batch.</param>
    /// <param name="lanes">Samples whose products are added together; their sums are added in a tree.</param>
    public static double FactorOfWeights(int tiles, int samples, int lanes)
    {
        int blocks = (samples + lanes - 1) / lanes;
        return (Math.Min(tiles * Math.Min(lanes, samples), MostOfWeights) + Others + (blocks == 1 ? 0 : 64 * Math.Ceiling(Math.Log(blocks, 64)))) * Numbers.U;
    }

    /// <summary>Bounds on the errors of outputs: of the data themselves, and of the largest of each channel alone.</summary>
    public (double[] Sharp, double[] Simple) Of(Extents input, Extents output, int top, int left, double[] x, double[] weight)
    {
        double[] sharp = new double[output.Length], simple = new double[output.Length];
        double factor = (Math.Min(input.Channels, MostProducts) + Others) * Numbers.U;
        int taps = rows.Taps * columns.Taps, elements = Elements, pairs = output.Channels * input.Channels;
        double[] filters = new double[pairs * elements], largestWeights = new double[pairs];
        for (int pair = 0; pair < pairs; pair++)
        {
            ReadOnlySpan<double> own = weight.AsSpan(pair * taps, taps);
            Both(rows.OfFilter, columns.OfFilter, own, filters.AsSpan(pair * elements, elements));
            largestWeights[pair] = Largest(own);
        }

        double[] d = new double[Elements], windows = new double[input.Channels * Elements], largest = new double[input.Channels];
        double[] m = new double[Elements], tile = new double[rows.Outputs * columns.Outputs];
        foreach (int row in Tiles(rows, output.Height))
        {
            foreach (int column in Tiles(columns, output.Width))
            {
                for (int channel = 0; channel < input.Channels; channel++)
                {
                    Window(input, x, channel, row - top, column - left, d);
                    largest[channel] = d.Max(Math.Abs);
                    Both(rows.OfInput, columns.OfInput, d, windows.AsSpan(channel * Elements, Elements));
                }

                for (int filter = 0; filter < output.Channels; filter++)
                {
                    Array.Clear(m);
                    double all = 0;
                    for (int channel = 0; channel < input.Channels; channel++)
                    {
                        int pair = (filter * input.Channels) + channel;
                        Products.Add(m, filters.AsSpan(pair * elements, elements), windows.AsSpan(channel * elements, elements));
                        all += largest[channel] * largestWeights[pair];
                    }

                    Both(rows.OfOutput, columns.OfOutput, m, tile);
                    for (int i = 0; i < tile.Length; i++)
                    {
                        int to = output.At(filter, 0, row + (i / columns.Outputs), column + (i % columns.Outputs));
                        sharp[to] = Math.Max(sharp[to], factor * tile[i]);
                        simple[to] = Math.Max(simple[to], factor * Gain * all);
                    }
                }
            }
        }

        return (sharp, simple);
    }

    /// <summary>
    /// What the bounds on the errors of the weights' gradients are <see cref="FactorOfWeights"/> times of. Inputs and gradients are
    /// those of all samples.
    /// </summary>
    public (double[] Sharp, double[] Simple) OfWeights(Extents input, Extents output, int top, int left, double[] x, double[] dy)
    {
        int samples = x.Length / input.Length, taps = rows.Taps * columns.Taps, elements = Elements, pairs = output.Channels * input.Channels;
        double[] m = new double[pairs * Elements], all = new double[pairs], sharp = new double[pairs * taps], simple = new double[pairs * taps];
        double[] windows = new double[input.Channels * Elements], gradients = new double[output.Channels * Elements];
        double[] ofInput = new double[input.Channels], ofOutput = new double[output.Channels], d = new double[Elements], y = new double[rows.Outputs * columns.Outputs];
        double[][] downs = Transposed(rows.OfOutput), alongs = Transposed(columns.OfOutput);
        for (int sample = 0; sample < samples; sample++)
        {
            double[] ownX = x[(sample * input.Length)..((sample + 1) * input.Length)], ownY = dy[(sample * output.Length)..((sample + 1) * output.Length)];
            foreach (int row in Tiles(rows, output.Height))
            {
                foreach (int column in Tiles(columns, output.Width))
                {
                    for (int channel = 0; channel < input.Channels; channel++)
                    {
                        Window(input, ownX, channel, row - top, column - left, d);
                        ofInput[channel] = d.Max(Math.Abs);
                        Both(rows.OfInput, columns.OfInput, d, windows.AsSpan(channel * Elements, Elements));
                    }

                    for (int filter = 0; filter < output.Channels; filter++)
                    {
                        for (int i = 0; i < y.Length; i++)
                        {
                            y[i] = ownY[output.At(filter, 0, row + (i / columns.Outputs), column + (i % columns.Outputs))];
                        }

                        ofOutput[filter] = y.Max(Math.Abs);
                        Both(downs, alongs, y, gradients.AsSpan(filter * Elements, Elements));
                    }

                    for (int pair = 0; pair < pairs; pair++)
                    {
                        (int filter, int channel) = (pair / input.Channels, pair % input.Channels);
                        all[pair] += ofOutput[filter] * ofInput[channel];
                        Products.Add(
                            m.AsSpan(pair * elements, elements), gradients.AsSpan(filter * elements, elements),
                            windows.AsSpan(channel * elements, elements));
                    }
                }
            }
        }

        (double[][] back, double[][] aside) = (Transposed(rows.OfFilter), Transposed(columns.OfFilter));
        for (int pair = 0; pair < pairs; pair++)
        {
            Both(back, aside, m.AsSpan(pair * Elements, Elements), sharp.AsSpan(pair * taps, taps));
            Array.Fill(simple, GainOfWeights * all[pair], pair * taps, taps);
        }

        return (sharp, simple);
    }

    private static double GainOf(WinogradLine line) =>
        line.OfOutput.Max(row => row.Select((a, e) => Math.Abs(a) * SumOf(line.OfFilter[e]) * SumOf(line.OfInput[e])).Sum());

    private static double GainOfWeightsOf(WinogradLine line) => Enumerable.Range(0, line.Taps)
        .Max(tap => line.OfFilter.Select((row, e) => Math.Abs(row[tap]) * line.OfOutput.Sum(a => Math.Abs(a[e])) * SumOf(line.OfInput[e])).Sum());

    private static int Worst(WinogradLine line) => Enumerable.Range(0, line.Elements)
        .MaxBy(e => line.OfOutput.Max(row => Math.Abs(row[e])) * SumOf(line.OfFilter[e]) * SumOf(line.OfInput[e]));

    private static double SumOf(double[] row) => row.Sum(Math.Abs);

    private static double Largest(ReadOnlySpan<double> values)
    {
        double largest = 0;
        foreach (double value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    private static double[][] Transposed(double[][] matrix) =>
        [.. Enumerable.Range(0, matrix[0].Length).Select(column => matrix.Select(row => row[column]).ToArray())];

    /// <summary>Where they begin: the last one ends with the axis.</summary>
    private static IEnumerable<int> Tiles(WinogradLine line, int extent) =>
        Enumerable.Range(0, (extent + line.Outputs - 1) / line.Outputs).Select(tile => Math.Min(tile * line.Outputs, extent - line.Outputs));

    private void Window(Extents input, double[] x, int channel, int top, int left, double[] d)
    {
        for (int i = 0; i < Elements; i++)
        {
            (int row, int column) = (top + (i / columns.Elements), left + (i % columns.Elements));
            d[i] = input.Holds(0, row, column) ? x[input.At(channel, 0, row, column)] : 0;
        }
    }

    /// <summary>|L| |x| |Rᵀ|.</summary>
    private static void Both(double[][] left, double[][] right, ReadOnlySpan<double> x, Span<double> y)
    {
        int width = right[0].Length;
        Span<double> line = stackalloc double[width];
        for (int i = 0; i < left.Length; i++)
        {
            for (int column = 0; column < width; column++)
            {
                double sum = 0;
                for (int k = 0; k < left[i].Length; k++)
                {
                    sum += Math.Abs(left[i][k] * x[(k * width) + column]);
                }

                line[column] = sum;
            }

            for (int j = 0; j < right.Length; j++)
            {
                double sum = 0;
                for (int k = 0; k < width; k++)
                {
                    sum += Math.Abs(right[j][k]) * line[k];
                }

                y[(i * right.Length) + j] = sum;
            }
        }
    }
}
