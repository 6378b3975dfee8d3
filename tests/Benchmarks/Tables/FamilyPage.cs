using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Strata.Benchmarks.Tables;

/// <summary>The page of a CPU family: its notes, and a table for each mode, instruction set and peer.</summary>
internal static class FamilyPage
{
    private static readonly string[] Modes = [Result.Inference, Result.File, Result.Training, Result.Recompute, Result.Start];

    private static readonly string[] Tiers = ["avx512", "avx2", "vector128"];

    /// <summary>A column's heading, and the cell of a row; null where the row has none.</summary>
    private static readonly (string Heading, Func<Result, string?> Cell)[] Columns =
    [
        ("net", row => row.Net),
        ("host", row => row.Mode == Result.Start ? row.Host ?? "jit" : null),
        ("batch", row => row.Mode == Result.Start ? null : Number(row.Batch, "F0")),
        ("threads", row => Number(row.Threads, "F0")),
        ("Strata ms", row => Number(row.StrataMs, "G4")),
        ("peer ms", row => Number(row.PeerMs, "G4")),
        ("ratio", row => Number(row.Ratio, "F2")),
        ("GFLOP/s", row => Number(row.Gflops, "F1")),
        ("of limit", row => row.LimitShare is double share ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:F1} %") : null),
        ("empty ms", row => Number(row.EmptyMs, "G4")),
        ("made ms", row => Number(row.MadeMs, "G4")),
        ("first ms", row => Number(row.FirstMs, "G4")),
        ("peak MiB", row => Number(row.PeakMb, "F0")),
        ("of peer", row => Number(row.PeerPeakMb, "F0")),
        ("day", row => row.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
    ];

    public static string Of(ResultFile file)
    {
        string name = ResultFile.NameOf(file.Cpu);
        var text = new StringBuilder($"""
            # {file.Cpu}

            All figures that were measured on this CPU family. `-- tables` makes this page from [{name}.json]({name}.json);
            [the benchmarks' page](../README.md) tells what the columns mean and how they are measured.

            {file.Machine}

            """.ReplaceLineEndings("\n"));
        foreach (string note in file.Notes)
        {
            text.Append("\n- ").Append(note);
        }

        text.Append(file.Notes.Count > 0 ? "\n" : "");
        foreach (IGrouping<Section, Result> section in file.Rows.GroupBy(Section.Of).OrderBy(section => section.Key.Order))
        {
            text.Append("\n## ").Append(section.Key.Title).Append("\n\n");
            AppendTable(text, [.. Sorted(section)]);
        }

        return text.ToString();
    }

    /// <summary>A network's rows stand together, where its first one stands.</summary>
    private static IEnumerable<Result> Sorted(IEnumerable<Result> rows) =>
        rows.GroupBy(row => row.Net).SelectMany(net => net.OrderBy(row => row.Batch).ThenBy(row => row.Threads));

    private static void AppendTable(StringBuilder text, List<Result> rows)
    {
        (string Heading, Func<Result, string?> Cell)[] columns =
            [.. Columns.Where(column => rows.Any(row => column.Cell(row) is not null))];
        text.Append("| ").AppendJoin(" | ", columns.Select(column => column.Heading)).Append(" |\n|");
        text.Insert(text.Length, "---|", columns.Length).Append('\n');
        foreach (Result row in rows)
        {
            text.Append("| ").AppendJoin(" | ", columns.Select(column => column.Cell(row) ?? "-")).Append(" |\n");
        }
    }

    public static string TierName(string tier) => tier switch { "avx512" => "AVX-512", "avx2" => "AVX2", _ => "Vector128" };

    private static string? Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>What the rows of a table have in common.</summary>
    private sealed record Section(string Mode, string Tier, string Weights, string? Peer, string? PeerVersion, string? PeerSettings,
        string Runtime)
    {
        public static Section Of(Result row) =>
            new(row.Mode, row.Tier, row.Weights, row.Peer, row.PeerVersion, row.PeerSettings, row.Runtime);

        public (int, int, int, string, string, string) Order => (
            Array.IndexOf(Modes, Mode),
            Array.IndexOf(Tiers, Tier),
            Peer switch { "libtorch" => 1, "ncnn" => 2, null => 3, _ => 0 },
            Weights,
            PeerVersion ?? "",
            Runtime);

        public string Title => string.Join(", ", new[]
        {
            Mode switch
            {
                Result.Inference => "Inference",
                Result.File => "Published ONNX files",
                Result.Training => "Training steps",
                Result.Recompute => "Training steps with `Recompute` on our side",
                _ => "From the start of a process to the first output",
            },
            TierName(Tier),
            Weights == "float32" ? "" : $"dense weights in {Weights}",
            Peer is null ? "Strata alone" : $"against {PeerVersion}{(PeerSettings is null ? "" : $" ({PeerSettings})")}",
            Runtime,
        }.Where(part => part.Length > 0));
    }
}
