using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Benchmarks.Tables;

/// <summary>The ratios of each CPU family in one row: the least, the geometric mean and the most.</summary>
internal static class Summary
{
    private const string Head = """
        | CPU family | what | threads | rows | least | geometric mean | most |
        |---|---|---|---|---|---|---|

        """;

    public static string Table(IEnumerable<ResultFile> files) => Head.ReplaceLineEndings("\n") + string.Concat(files.SelectMany(Rows));

    private static IEnumerable<string> Rows(ResultFile file) =>
        from row in file.Rows
        where row is { Weights: "float32", Ratio: not null, Mode: not Result.Recompute }
        group row by (row.Mode, row.Tier, row.Peer, row.Threads) into rows
        let sorted = rows.OrderBy(row => row.Ratio).ToList()
        let mean = Math.Exp(sorted.Average(row => Math.Log(row.Ratio!.Value)))
        let page = $"[{file.Cpu.Split(" (")[0]}](Results/{ResultFile.NameOf(file.Cpu)}.md)"
        select string.Create(
            CultureInfo.InvariantCulture,
            $"| {page} | {What(sorted[0])} | {rows.Key.Threads} | {sorted.Count} | {Cell(sorted[0])} | {mean:F2} | {Cell(sorted[^1])} |\n");

    private static string What(Result row) =>
        $"{row.Mode}, {FamilyPage.TierName(row.Tier)}, {row.PeerVersion?[..row.PeerVersion.LastIndexOf(' ')]}";

    private static string Cell(Result row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.Ratio:F2} (`{row.Net}`{(row.Batch == 1 ? "" : $" × {row.Batch}")})");
}
