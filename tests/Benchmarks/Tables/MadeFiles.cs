using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Strata.Benchmarks.Tables;

/// <summary>The files of the repository that are made from the results, with the text that they should have.</summary>
internal static class MadeFiles
{
    private const string ChartPrefix = "speed-", End = "<!-- end -->";

    /// <summary>A page for each CPU family, and the tables in the README and on the page about performance.</summary>
    /// <exception cref="InvalidDataException">A page has no place for its table.</exception>
    public static IEnumerable<(string Path, string Text)> Tables(string project)
    {
        List<ResultFile> files = [.. ResultFile.ReadAll(project)];
        foreach (ResultFile file in files)
        {
            yield return (InResults(project, ResultFile.NameOf(file.Cpu) + ".md"), FamilyPage.Of(file));
        }

        yield return WithTables(
            Path.Combine(project, "PERFORMANCE.md"),
            ("ratios", Summary.Ratios(files)),
            ("slower", Summary.Slower(files)),
            ("threads", Summary.Threads(files)),
            ("memory", Summary.Memory(files)));
        yield return WithTables(
            Path.GetFullPath(Path.Combine(project, "..", "..", "README.md")),
            ("speed", Headline.Table(HeadlineFile(project), Read(project, Headline.OtherFamily))));
    }

    /// <summary>The README's chart, light and dark.</summary>
    public static IEnumerable<(string Path, string Text)> Charts(string project) => new[] { Chart.Light, Chart.Dark }
        .Select(chart => (InResults(project, $"{ChartPrefix}{chart.Name}.svg"), chart.Draw(HeadlineFile(project))));

    private static ResultFile HeadlineFile(string project) => Read(project, Headline.Family);

    private static ResultFile Read(string project, string family) => ResultFile.Read(InResults(project, family + ResultFile.Extension));

    private static string InResults(string project, string name) => Path.Combine(project, ResultFile.Folder, name);

    private static (string Path, string Text) WithTables(string path, params (string Name, string Table)[] tables)
    {
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        foreach ((string name, string table) in tables)
        {
            string made = $"<!-- made by tests/Benchmarks -- tables: {name} -->\n";
            int start = text.IndexOf(made, StringComparison.Ordinal), end = text.IndexOf(End, Math.Max(start, 0), StringComparison.Ordinal);
            text = start >= 0 && end >= 0
                ? $"{text[..(start + made.Length)]}\n{table}\n{text[end..]}"
                : throw new InvalidDataException($"'{path}' needs '{made.TrimEnd()}' and '{End}', between which a table stands.");
        }

        return (path, text);
    }
}
