using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Benchmarks.Tables;

/// <summary>What the results of all CPU families come to: the least, the geometric mean and the most of each kind, in a row.</summary>
internal static class Summary
{
    /// <summary>The peer's time ÷ ours.</summary>
    public static string Ratios(IEnumerable<ResultFile> files) => Table(
        "what | threads",
        from file in files
        from row in Usual(file)
        where row.Ratio is not null
        select (file, $"{What(row)} | {row.Threads}", row, row.Ratio!.Value));

    /// <summary>Each row in which the peer is faster.</summary>
    public static string Slower(IEnumerable<ResultFile> files)
    {
        IEnumerable<string> rows =
            from file in files
            from row in file.Rows
            where row.Ratio < 1
            let host = row.Host is null ? "" : ", " + row.Host
            select string.Create(
                CultureInfo.InvariantCulture,
                $"| {Page(file)} | {What(row)}{host} | {row.Threads} | `{row.Net}` | {row.Batch} | {row.Ratio:F2} |\n");
        return $"| CPU family | what | threads | net | batch | ratio |\n|---|---|---|---|---|---|\n{string.Concat(rows)}";
    }

    /// <summary>Our time on one thread ÷ that on two.</summary>
    public static string Threads(IEnumerable<ResultFile> files) => Table(
        "what",
        from file in files
        from row in Usual(file)
        where row is { Threads: 1, Peer: not "ncnn", Mode: not Result.Start }
        let other = file.Rows.FirstOrDefault(other => other.Subject.Equals((row with { Threads = 2 }).Subject))
        where other is not null
        select (file, row.Mode == Result.Training ? "training" : row.Batch > 1 ? "inference, batches" : "inference, one sample", row,
            row.StrataMs / other.StrataMs));

    /// <summary>Our memory in training ÷ the peer's.</summary>
    public static string Memory(IEnumerable<ResultFile> files) => Table(
        "what",
        from file in files
        from row in Usual(file)
        where row is { Mode: Result.Training, PeakMb: not null, PeerPeakMb: not null }
        select (file, "training", row, row.PeakMb!.Value / row.PeerPeakMb!.Value));

    /// <summary>Recomputation and bfloat16 are choices of ours, which the peer has not made.</summary>
    private static IEnumerable<Result> Usual(ResultFile file) =>
        file.Rows.Where(row => row is { Weights: "float32", Mode: not Result.Recompute });

    private static string Table(string heading, IEnumerable<(ResultFile File, string What, Result Row, double Value)> values)
    {
        int columns = heading.Split('|').Length;
        string rule = string.Concat(Enumerable.Repeat("---|", columns + 5));
        IEnumerable<string> rows =
            from value in values
            group value by (value.File, value.What) into same
            let sorted = same.OrderBy(value => value.Value).ToList()
            let mean = Math.Exp(sorted.Average(value => Math.Log(value.Value)))
            select string.Create(
                CultureInfo.InvariantCulture,
                $"| {Page(same.Key.File)} | {same.Key.What} | {sorted.Count} | {Cell(sorted[0])} | {mean:F2} | {Cell(sorted[^1])} |\n");
        return $"| CPU family | {heading} | rows | least | geometric mean | most |\n|{rule}\n{string.Concat(rows)}";
    }

    private static string What(Result row) =>
        $"{row.Mode}, {FamilyPage.TierName(row.Tier)}, {row.PeerVersion?[..row.PeerVersion.LastIndexOf(' ')]}"
        + (row.Weights == "float32" ? "" : $", {row.Weights}");

    private static string Page(ResultFile file) => $"[{file.Cpu.Split(" (")[0]}](Results/{ResultFile.NameOf(file.Cpu)}.md)";

    private static string Cell((ResultFile File, string What, Result Row, double Value) value) => string.Create(
        CultureInfo.InvariantCulture,
        $"{value.Value:F2} (`{value.Row.Net}`{(value.Row.Batch == 1 ? "" : $" × {value.Row.Batch}")})");
}
