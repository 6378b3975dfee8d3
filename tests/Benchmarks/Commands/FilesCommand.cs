using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Benchmarks.Imported;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Tables;
using Strata.Benchmarks.Workers;
using Strata.Onnx.Tests;

namespace Strata.Benchmarks.Commands;

/// <summary>
/// ONNX files that others have published: imported, compiled, and measured in turn with ONNX Runtime, which reads the file.
/// </summary>
internal static class FilesCommand
{
    private const int Failure = 1;

    public static int Run(CommandLine line)
    {
        string[] names = line.Networks is ["all"] ? [.. RealFile.All.Select(file => file.Name)] : [.. line.Networks];
        var report = new Report(line.Json);
        var rows = new List<Result>();
        bool agreed = true;
        foreach (string name in names)
        {
            ImportedFile file = ImportedFile.Find(name) ?? throw new UsageException(
                $"Unknown file '{name}'. There are: {string.Join(", ", RealFile.All.Select(one => one.Name))}.");
            using var @case = new Case(file.Network, batch: 1, line.Isa, training: false, file);
            foreach (int threads in line.Threads)
            {
                (Result row, bool agrees) = ComparisonCommand.Measure(line, @case, threads, WeightStorage.Float32, report);
                row = row with { Mode = Result.File };
                report.Add(row);
                rows.Add(row);
                agreed &= agrees;
                if (agrees)
                {
                    ResultSaving.Save(line, row);
                }
            }
        }

        if (!line.Json)
        {
            Print(rows);
        }

        return agreed ? 0 : Failure;
    }

    /// <summary>The rows as a table for a page.</summary>
    private static void Print(List<Result> rows)
    {
        Console.WriteLine($"\n{Processor.Family}, medians\n\n| file | threads | Strata ms | ONNX Runtime ms | ratio | error |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (Result row in rows)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| `{row.Net}` | {row.Threads} | {row.StrataMs:G4} | {row.PeerMs:G4} | {row.Ratio:F2} | {row.MaxError:0.0E-00} |"));
        }
    }
}
