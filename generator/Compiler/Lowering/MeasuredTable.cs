using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>Measured cycles of the algorithms for one shape of convolution, on the first family of a tier.</summary>
/// <param name="cycles">Cycles by the name of the algorithm.</param>
/// <param name="isOnly">Whether algorithms without a measurement must not be chosen.</param>
internal sealed class MeasuredCycles(IReadOnlyDictionary<string, double> cycles, bool isOnly = false)
{
    /// <summary>No measurements.</summary>
    public static readonly MeasuredCycles None = new(new Dictionary<string, double>());

    /// <summary>Cycles by the name of the algorithm.</summary>
    public IReadOnlyDictionary<string, double> Cycles => cycles;

    /// <summary>The predicted cycles, but with the measured ones for the first family if the algorithm was measured.</summary>
    /// <param name="share">A factor of the measured cycles.</param>
    public Cost Correct(Tier tier, Cost predicted, string algorithm, double share = 1) =>
        cycles.TryGetValue(algorithm, out double measured) ? predicted.WithFirst(tier, measured * share)
            : isOnly ? double.PositiveInfinity : predicted;

    /// <summary>The same with the fewest measured cycles of several algorithms.</summary>
    public Cost CorrectByLeast(Tier tier, Cost predicted, params string[] algorithms)
    {
        string[] known = [.. algorithms.Where(cycles.ContainsKey)];
        return known.Length == 0 ? Correct(tier, predicted, algorithms[0]) : predicted.WithFirst(tier, known.Min(name => cycles[name]));
    }
}

/// <summary>
/// Measured cycles of convolution algorithms, for shapes for which the cost model's formulas predict badly. They are checked in for some
/// families of CPUs, as <c>Measured/TIER.FAMILY.txt</c>; the table of a tier is that of its first family. A command of the benchmarks
/// writes the file (<c>algorithms --write</c>).
/// </summary>
/// <remarks>
/// A line begins with a shape: input and output channels, image, kernel, stride, dilation, pooling. Algorithms follow, each with thousands
/// of cycles for one sample on one thread. Text after a # is a comment.
/// </remarks>
internal sealed class MeasuredTable(IReadOnlyDictionary<ConvolutionShape, MeasuredCycles> rows)
{
    private const int ShapeColumns = 7;

    private const double Thousand = 1000;

    /// <summary>A table without rows. The formulas alone decide.</summary>
    public static readonly MeasuredTable Empty = new(new Dictionary<ConvolutionShape, MeasuredCycles>());

    private static readonly ConcurrentDictionary<string, MeasuredTable> Tables = new();

    public IReadOnlyDictionary<ConvolutionShape, MeasuredCycles> Rows => rows;

    /// <summary>The measurements for a group of layers.</summary>
    public MeasuredCycles this[LayerGroup group] =>
        rows.Count > 0 && ConvolutionShape.From(group) is { } shape && rows.TryGetValue(shape, out MeasuredCycles row)
            ? row : MeasuredCycles.None;

    /// <summary>The name of a tier's file: <c>Avx512.Zen5.txt</c>.</summary>
    public static string FileOf(Tier tier) => $"{tier.Name}.{tier.Families[0].ShortName.Replace(" ", "")}.txt";

    /// <summary>The table of a tier; empty if the tier has none. It is read on first use.</summary>
    public static MeasuredTable Of(Tier tier) => Tables.GetOrAdd(FileOf(tier), file => Cancellation.None(() => Read(file)));

    /// <summary>
    /// A table that forces one algorithm for a shape, whatever the others cost. Its cost is one cycle rather than 0, so that plans with
    /// blocks of different sizes still differ.
    /// </summary>
    public static MeasuredTable Only(ConvolutionShape shape, string algorithm) => new(
        new Dictionary<ConvolutionShape, MeasuredCycles>
        {
            [shape] = new(new Dictionary<string, double> { [algorithm] = 1 }, isOnly: true),
        });

    /// <summary>Reads the text of a table.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="FormatException">A line has a wrong form. The message has its number.</exception>
    public static MeasuredTable Parse(string name, string text)
    {
        var rows = new Dictionary<ConvolutionShape, MeasuredCycles>();
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            string[] words = line.Split('#')[0].Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            var row = new Row($"{name}, line {number}", words);
            ConvolutionShape shape = row.Shape();
            var cycles = new MeasuredCycles(row.CyclesFor(shape));
            if (rows.ContainsKey(shape))
            {
                throw row.Wrong("this shape has a line above.");
            }

            rows.Add(shape, cycles);
        }

        return new MeasuredTable(rows);
    }

    /// <summary>The text of the table. Tables with the same rows have the same text.</summary>
    /// <param name="header">Comment lines that say how the cycles were measured.</param>
    public string Write(IEnumerable<string> header)
    {
        var text = new StringBuilder();
        foreach (string line in header.Append("inputs outputs image kernel stride dilation pool; algorithms with thousands of cycles"))
        {
            text.Append("# ").Append(line).Append('\n');
        }

        IEnumerable<ConvolutionShape> shapes = rows.Keys
            .OrderBy(s => (s.Kernel.Rows, s.Kernel.Columns, s.Stride.Rows, s.Stride.Columns, s.Dilation.Rows, s.Dilation.Columns))
            .ThenBy(s => (s.Inputs, s.Outputs, s.Image.Rows, s.Image.Columns, s.Pool.Rows, s.Pool.Columns));
        foreach (ConvolutionShape shape in shapes)
        {
            text.Append(shape);
            foreach (string algorithm in AlgorithmName.For(shape).Where(rows[shape].Cycles.ContainsKey))
            {
                text.Append(
                    $"  {algorithm} {Rounded(rows[shape].Cycles[algorithm] / Thousand).ToString("0.###", CultureInfo.InvariantCulture)}");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Rounds to three digits, since repeated measurements agree no better.</summary>
    private static double Rounded(double thousands)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(thousands)) - 2);
        return Math.Round(thousands / unit) * unit;
    }

    private static MeasuredTable Read(string file)
    {
        using Stream? stream = typeof(MeasuredTable).Assembly.GetManifestResourceStream("Measured/" + file);
        if (stream is null)
        {
            return Empty;
        }

        using var reader = new StreamReader(stream);
        return Parse(file, reader.ReadToEnd());
    }

    /// <summary>The words of a line, which has a row of the table.</summary>
    /// <param name="place">The file and the line, for messages.</param>
    private sealed class Row(string place, string[] words)
    {
        public ConvolutionShape Shape()
        {
            if (words.Length < ShapeColumns + 2 || (words.Length - ShapeColumns) % 2 != 0)
            {
                throw Wrong(
                    $"expected {ShapeColumns} columns of a shape and pairs of an algorithm and its cycles, found {words.Length} columns.");
            }

            return new ConvolutionShape(
                Count(words[0]), Count(words[1]), Pair(words[2]), Pair(words[3]), Pair(words[4]), Pair(words[5]), Pair(words[6]));
        }

        /// <summary>The cycles by the name of the algorithm.</summary>
        public Dictionary<string, double> CyclesFor(ConvolutionShape shape)
        {
            List<string> algorithms = [.. AlgorithmName.For(shape)];
            var cycles = new Dictionary<string, double>();
            for (int i = ShapeColumns; i < words.Length; i += 2)
            {
                (string algorithm, string measured) = (words[i], words[i + 1]);
                if (!algorithms.Contains(algorithm))
                {
                    throw Wrong($"'{algorithm}' is no algorithm for this shape, which has {string.Join(", ", algorithms)}.");
                }

                if (!double.TryParse(measured, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
                    || value <= 0)
                {
                    throw Wrong($"expected thousands of cycles of {algorithm}, a positive number, found '{measured}'.");
                }

                if (cycles.ContainsKey(algorithm))
                {
                    throw Wrong($"'{algorithm}' stands twice.");
                }

                cycles.Add(algorithm, value * Thousand);
            }

            return cycles;
        }

        public FormatException Wrong(string what) => new($"{place}: {what}");

        private int Count(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
            ? value : throw Wrong($"expected a positive whole number, found '{word}'.");

        private RowsAndColumns Pair(string word) => word.Split('x') is { Length: 2 } pair
            ? new RowsAndColumns(Count(pair[0]), Count(pair[1]))
            : throw Wrong($"expected rows and columns such as 3x3, found '{word}'.");
    }
}
