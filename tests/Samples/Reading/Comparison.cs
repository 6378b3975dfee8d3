using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Samples.Read;

namespace Strata.Samples.Tests;

/// <summary>What the sample and ONNX Runtime read on pages, side by side.</summary>
internal sealed class Comparison(OcrModels models) : IDisposable
{
    private readonly PageReader _sample = new(models) { LeastConfidence = 0 };
    private readonly ReferenceReader _reference = new(models);
    private int _printed;
    private int _wrong;

    /// <summary>Texts of both.</summary>
    public int Texts { get; private set; }

    /// <summary>The share of the printed characters that the sample reads rightly, by the edit distance.</summary>
    public double Accuracy => 1 - ((double)_wrong / _printed);

    public void Dispose()
    {
        _sample.Dispose();
        _reference.Dispose();
    }

    /// <summary>Reads a page twice.</summary>
    /// <returns>What differs, a line each.</returns>
    public IReadOnlyList<string> Read(TextPage page)
    {
        IReadOnlyList<TextLine[]> rows = _sample.Read(page.Picture);
        List<(double X, double Y, string Text)> others = _reference.Read(page.Picture);
        string[] texts = [.. rows.Select(row => string.Join(' ', row.Select(line => line.Text)))];
        _printed += page.Lines.Sum(line => line.Length);
        _wrong += Edits(string.Join('\n', page.Lines), string.Join('\n', texts));

        List<string> differences = [];
        foreach (TextLine line in rows.SelectMany(row => row))
        {
            Vector2 middle = (line.Corners[0] + line.Corners[2]) / 2;
            int nearest = Enumerable.Range(0, others.Count)
                .OrderBy(i => Math.Pow(others[i].X - middle.X, 2) + Math.Pow(others[i].Y - middle.Y, 2)).FirstOrDefault(-1);
            string other = nearest < 0 ? "nothing" : others[nearest].Text;
            Texts++;
            if (other != line.Text)
            {
                differences.Add(string.Create(
                    CultureInfo.InvariantCulture, $"({middle.X:F0}, {middle.Y:F0}): '{line.Text}', in ONNX Runtime '{other}'"));
            }

            if (nearest >= 0)
            {
                others.RemoveAt(nearest);
            }
        }

        return [.. differences, .. others.Select(one => $"'{one.Text}' in ONNX Runtime only")];
    }

    /// <summary>
    /// The times of both for a page that they have read before, with its sizes compiled: the medians of so many calls in turn.
    /// </summary>
    public (TimeSpan Sample, TimeSpan Reference) Time(TextPage page, int calls)
    {
        TimeSpan[] sample = new TimeSpan[calls], reference = new TimeSpan[calls];
        for (int i = 0; i < calls; i++)
        {
            sample[i] = Timed(() => _sample.Read(page.Picture));
            reference[i] = Timed(() => _reference.Read(page.Picture));
        }

        return (sample.Order().ElementAt(calls / 2), reference.Order().ElementAt(calls / 2));

        static TimeSpan Timed(Action call)
        {
            long start = Stopwatch.GetTimestamp();
            call();
            return Stopwatch.GetElapsedTime(start);
        }
    }

    /// <summary>The least number of characters to add, remove or exchange (Levenshtein, 1966).</summary>
    private static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0]++;
            for (int j = 1; j <= to.Length; j++)
            {
                int changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
