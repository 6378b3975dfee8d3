using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Strata.Benchmarks.Tables;

/// <summary>The files of the repository that are made from the results, with the text that they should have.</summary>
internal static class MadeFiles
{
    private const string ChartPrefix = "speed-", Made = "<!-- made by tests/Benchmarks -- tables -->\n", End = "<!-- end -->";

    /// <summary>A page for each CPU family, and the tables in the README and on the page about performance.</summary>
    /// <exception cref="InvalidDataException">A page has no place for its table.</exception>
    public static IEnumerable<(string Path, string Text)> Tables(string project)
    {
        List<ResultFile> files = [.. ResultFile.ReadAll(project)];
        foreach (ResultFile file in files)
        {
            yield return (InResults(project, ResultFile.NameOf(file.Cpu) + ".md"), FamilyPage.Of(file));
        }

        yield return WithTable(Path.Combine(project, "PERFORMANCE.md"), Summary.Table(files));
        yield return WithTable(Path.GetFullPath(Path.Combine(project, "..", "..", "README.md")), Headline.Table(HeadlineFile(project)));
    }

    /// <summary>The README's chart, light and dark.</summary>
    public static IEnumerable<(string Path, string Text)> Charts(string project) => new[] { Chart.Light, Chart.Dark }
        .Select(chart => (InResults(project, $"{ChartPrefix}{chart.Name}.svg"), chart.Draw(HeadlineFile(project))));

    private static ResultFile HeadlineFile(string project) => ResultFile.Read(InResults(project, Headline.Family + ResultFile.Extension));

    private static string InResults(string project, string name) => Path.Combine(project, ResultFile.Folder, name);

    private static (string Path, string Text) WithTable(string path, string table)
    {
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        int start = text.IndexOf(Made, StringComparison.Ordinal), end = text.IndexOf(End, Math.Max(start, 0), StringComparison.Ordinal);
        return start >= 0 && end >= 0
            ? (path, $"{text[..(start + Made.Length)]}\n{table}\n{text[end..]}")
            : throw new InvalidDataException($"'{path}' has no '{Made.TrimEnd()}' and '{End}' behind it, between which its table stands.");
    }
}
