using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Benchmarks.Editor;
using Strata.Benchmarks.Layers;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Networks;

namespace Strata.Benchmarks.Commands;

/// <summary>Keystrokes in Roslyn's workspace, with one network of the zoo and with many: what an editor waits for.</summary>
internal static class EditorCommand
{
    private const int Networks = 20, Edits = 200, MemoryEdits = 10_000;

    public static int Run(CommandLine line)
    {
        BenchmarkNetwork[] networks = line.Networks.Count == 0
            ? [.. BenchmarkNetwork.Declared.Take(Networks)] : [.. line.Networks.Select(BenchmarkNetwork.Find)];
        string[] classes = [.. networks.Select(network => network.Describe().Name)];
        if (!line.Json)
        {
            Console.WriteLine(FormattableString.Invariant($"{Processor.Family}, {Environment.ProcessorCount} processors. Milliseconds:"));
            Console.WriteLine($"{"networks",8}  {"a keystroke",-30}{"CPU median",11}{"95 %",8}{"wall median",13}{"95 %",8}");
        }

        foreach (int count in new[] { 1, classes.Length }.Distinct())
        {
            Measure(line, count, new EditorMeasurement([.. ZooSources.Files([.. classes.Take(count)])], [.. ZooSources.References]));
        }

        return 0;
    }

    private static void Measure(CommandLine line, int count, EditorMeasurement measurement)
    {
        foreach ((string what, EditTimes times) in measurement.Keystrokes(line.Edits > 0 ? line.Edits : Edits))
        {
            WriteTimes(line, count, what, times.Cpu, times.Wall);
        }

        WriteTimes(line, count, "cancelled, to the end", [], measurement.Cancel());
        foreach ((int edits, double managed, double resident) in measurement.Memory(line.Edits > 0 ? line.Edits : MemoryEdits))
        {
            WriteMemory(line, count, edits, managed, resident);
        }
    }

    private static void WriteTimes(CommandLine line, int count, string what, IReadOnlyList<double> cpu, IReadOnlyList<double> wall)
    {
        double?[] values = [Of(cpu, 0.5), Of(cpu, 0.95), Of(wall, 0.5), Of(wall, 0.95)];
        if (!line.Json)
        {
            string[] cells = [.. values.Select(value => value is { } number ? FormattableString.Invariant($"{number:F1}") : "")];
            Console.WriteLine($"{count,8}  {what,-30}{cells[0],11}{cells[1],8}{cells[2],13}{cells[3],8}");
            return;
        }

        JsonOutput.Write(json =>
        {
            json.WriteNumber("networks", count);
            json.WriteString("keystroke", what);
            json.WriteNullable("cpu_ms", values[0]);
            json.WriteNullable("cpu_95_ms", values[1]);
            json.WriteNullable("wall_ms", values[2]);
            json.WriteNullable("wall_95_ms", values[3]);
        });
    }

    private static void WriteMemory(CommandLine line, int count, int edits, double managed, double resident)
    {
        if (!line.Json)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{count,8}  after {edits} edits: {managed:F0} MiB in objects, {resident:F0} MiB resident"));
            return;
        }

        JsonOutput.Write(json =>
        {
            json.WriteNumber("networks", count);
            json.WriteNumber("edits", edits);
            json.WriteNumber("managed_mib", Rounding.Significant(managed));
            json.WriteNumber("resident_mib", Rounding.Significant(resident));
        });
    }

    private static double? Of(IReadOnlyList<double> values, double share) =>
        values.Count > 0 ? EditTimes.Percentile(values, share) : null;
}
