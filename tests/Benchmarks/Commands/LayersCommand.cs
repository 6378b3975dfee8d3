using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using Strata.Benchmarks.Imported;
using Strata.Benchmarks.Layers;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Workers;

namespace Strata.Benchmarks.Commands;

/// <summary>Where the time of a forward pass goes: each step by itself.</summary>
internal static class LayersCommand
{
    private const int MinimumSlices = 9;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(5), LimitSlice = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Warm = TimeSpan.FromMilliseconds(300), WarmPause = TimeSpan.FromMilliseconds(150);

    public static int Run(CommandLine line)
    {
        foreach (string name in line.Networks is ["all"] ? BenchmarkNetwork.All.Select(network => network.Name) : line.Networks)
        {
            ImportedFile? file = ImportedFile.Find(name);
            BenchmarkNetwork network = file?.Network ?? BenchmarkNetwork.Find(name);
            string className = network.Describe().Name;
            var timed = new TimedNetwork(file?.Compilation ?? ZooSources.Compilation(className), className, line.Isa);
            foreach (int batch in line.Batches)
            {
                foreach (int threads in line.Threads)
                {
                    Measure(line, network, timed, batch, threads);
                }
            }
        }

        return 0;
    }

    private static void Measure(CommandLine line, BenchmarkNetwork network, TimedNetwork timed, int batch, int threads)
    {
        var options = new NetworkOptions { Isa = line.Isa, Threads = threads };
        using CompiledNetwork plain = network.Create(options), clocked = timed.Create(options);
        float[] inputs = Inputs.Values(batch * Case.Length(plain.Info.InputShape));
        float[] outputs = new float[batch * Case.Length(plain.Info.OutputShape)];
        double overhead = StepClock.Overhead();
        int calls = WarmUp(() => clocked.Forward(inputs, outputs));
        WarmUp(() => plain.Forward(inputs, outputs));

        bool hasWaits = batch == 1 && threads > 1;
        var limit = new Limit(line.Isa, threads, LimitSlice);
        var whole = new List<double>();
        var slices = new List<double[]>();
        var allWaits = new List<double[]>();
        long[] samples = [], marks = [];
        long end = Environment.TickCount64 + (long)line.Duration.TotalMilliseconds;
        while (slices.Count < MinimumSlices || Environment.TickCount64 < end)
        {
            limit.MeasureSlice();
            whole.Add(Time(() => plain.Forward(inputs, outputs), calls));
            clocked.Forward(inputs, outputs);
            StepClock.Take();
            Time(() => clocked.Forward(inputs, outputs), calls);
            (double[] seconds, double[] waited, marks, samples) = StepClock.Take();
            slices.Add(seconds);
            allWaits.Add(waited);
        }

        // Each program's steps are run once for one sample, or for a block of them.
        double OfCall(List<double[]> all, int step) => Statistics.Median(all.Select(slice => slice[step])) * 1000 / calls / threads;
        double[] milliseconds = [.. timed.Steps.Select((_, i) => OfCall(slices, i))],
            waiting = [.. timed.Steps.Select((_, i) => OfCall(allWaits, i))];
        int sampleSteps = timed.Steps.Count(step => step.Program == timed.Steps[0].Program);
        double[] rounds = timed.Steps.Select((_, i) => Rounds(i)).ToArray();
        double Rounds(int i) => i < sampleSteps ? (double)samples[0] / calls : Math.Ceiling((double)samples[sampleSteps] / calls / line.Isa.Lanes());
        double Flops(int i) => timed.Steps[i].Flops * (double)samples[i < sampleSteps ? 0 : sampleSteps] / calls;
        for (int i = 0; i < milliseconds.Length; i++)
        {
            milliseconds[i] = Math.Max(0, milliseconds[i] - (overhead * 1000 * marks[i] / calls / threads));
        }

        double sum = milliseconds.Sum();
        int family = timed.Families.ToList().FindIndex(Processor.IsOf);
        double model = family < 0 ? double.NaN : timed.Steps.Select((step, i) => step.Model[family] * rounds[i]).Sum();
        if (!line.Json)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{network.Name}, batch {batch}, {threads} thread(s), {Tier.Name(line.Isa)}, {Processor.Family}: {Statistics.Median(whole):G4} ms a call; the steps together {sum:G4} ms; limit {limit.Best:F1} GFLOP/s"));
            Console.WriteLine(
                $"        ms  of whole  model{(hasWaits ? "     waits" : "")}   GFLOP/s  of limit  layers; algorithm; in registers");
        }

        for (int i = 0; i < milliseconds.Length; i++)
        {
            if (rounds[i] == 0)
            {
                continue;
            }

            TimedStep step = timed.Steps[i];
            double gflops = milliseconds[i] > 0 ? Flops(i) / milliseconds[i] / 1e6 : 0;
            double expected = step.Model[Math.Max(family, 0)] * rounds[i] / model;
            if (line.Json)
            {
                Write(network, line, batch, threads, i, step, milliseconds[i], waiting[i],
                    gflops, gflops / limit.Best, milliseconds[i] / sum, expected);
                continue;
            }

            string rate = step.Flops > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{gflops,9:F1} {gflops / limit.Best,9:P1}") : new string(' ', 19);
            string waits = hasWaits ? string.Create(CultureInfo.InvariantCulture, $"{waiting[i],10:F5}") : "";
            string tile = step.Tile.Length > 0 ? "; " + step.Tile : "";
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{milliseconds[i],10:F5} {milliseconds[i] / sum,9:P1} {(double.IsNaN(expected) ? "" : expected.ToString("P1", CultureInfo.InvariantCulture)),6}{waits} {rate}  {step.Layers}; {step.Algorithm}{tile}"));
        }
    }

    private static void Write(
        BenchmarkNetwork network, CommandLine line, int batch, int threads, int number, TimedStep step,
        double milliseconds, double waiting, double gflops, double ofLimit,
        double ofWhole, double expected) => JsonOutput.Write(json =>
    {
        json.WriteString("net", network.Name);
        json.WriteNumber("batch", batch);
        json.WriteNumber("threads", threads);
        json.WriteString("tier", Tier.Name(line.Isa));
        json.WriteNumber("step", number);
        json.WriteString("program", step.Program);
        json.WriteString("layers", step.Layers);
        json.WriteString("algorithm", step.Algorithm);
        json.WriteString("tile", step.Tile);
        json.WriteNullable("ms", milliseconds);
        json.WriteNullable("waits_ms", batch == 1 && threads > 1 ? waiting : null);
        json.WriteNullable("gflops", step.Flops > 0 ? gflops : null);
        json.WriteNullable("limit_share", step.Flops > 0 ? ofLimit : null);
        json.WriteNullable("whole_share", ofWhole);
        json.WriteNullable("model_share", expected);
        json.WriteString("cpu", Processor.Family);
    });

    /// <summary>Calls until the tiered JIT has finished, and finds how many calls fill a slice.</summary>
    private static int WarmUp(Action call)
    {
        int calls = 1;
        for (int pause = 0; pause < 2; pause++)
        {
            long start = Stopwatch.GetTimestamp();
            int done = 0;
            do
            {
                call();
                done++;
            }
            while (Stopwatch.GetElapsedTime(start) < Warm);
            calls = Math.Max(1, (int)(done * Slice / Warm));
            Thread.Sleep(WarmPause);
        }

        return calls;
    }

    /// <summary>Milliseconds of a call.</summary>
    private static double Time(Action call, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            call();
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / calls;
    }
}
