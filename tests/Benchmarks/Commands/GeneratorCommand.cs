using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Benchmarks.Layers;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Workers;
using Strata.Generator;

namespace Strata.Benchmarks.Commands;

/// <summary>The generator on networks of the zoo, in a compiler that has run it before.</summary>
internal static class GeneratorCommand
{
    private const int WarmRuns = 20, Runs = 9;

    public static int Run(CommandLine line)
    {
        foreach (BenchmarkNetwork network in line.Networks is ["all"] ? BenchmarkNetwork.All : line.Networks.Select(BenchmarkNetwork.Find).ToList())
        {
            Measure(line, network);
        }

        return 0;
    }

    private static void Measure(CommandLine line, BenchmarkNetwork network)
    {
        CSharpCompilation compilation = ZooSources.Compilation(network.Describe().Name);
        var whole = new List<double>();
        var first = new List<double>();
        GeneratorDriverRunResult result = null!;
        for (int run = 0; run < WarmRuns + Runs; run++)
        {
            // A new driver, which has no earlier run's cache.
            GeneratorDriver driver = CSharpGeneratorDriver.Create([new StrataGenerator().AsSourceGenerator()], parseOptions: ZooSources.Parsing);
            long start = Stopwatch.GetTimestamp();
            driver = driver.RunGenerators(compilation);
            whole.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            first.Add(driver.GetTimingInfo().GeneratorTimes.Sum(time => time.ElapsedTime.TotalMilliseconds));
            result = driver.GetRunResult();
        }

        int bytes = result.Results.SelectMany(generator => generator.GeneratedSources)
            .Sum(generated => Encoding.UTF8.GetByteCount(generated.SourceText.ToString()));
        int files = result.GeneratedTrees.Length;
        if (files == 0)
        {
            throw new WorkerException($"The generator wrote nothing for {network.Name}. " + string.Join(" ", result.Diagnostics));
        }

        double driverTime = Statistics.Median(whole.Skip(WarmRuns)), generatorTime = Statistics.Median(first.Skip(WarmRuns));
        if (line.Json)
        {
            JsonOutput.Write(json =>
            {
                json.WriteString("net", network.Name);
                json.WriteNumber("generator_ms", Rounding.Significant(generatorTime));
                json.WriteNumber("driver_ms", Rounding.Significant(driverTime));
                json.WriteNumber("first_run_ms", Rounding.Significant(whole[0]));
                json.WriteNumber("files", files);
                json.WriteNumber("source_bytes", bytes);
            });
        }
        else
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{network.Name}: generator {generatorTime:F1} ms (with its driver {driverTime:F1} ms; the first time {whole[0]:F0} ms), {files} files, {bytes / 1024.0:F1} KiB"));
        }
    }
}
