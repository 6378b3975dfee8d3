using System;
using System.Linq;
using Strata.Benchmarks.Measurement;

namespace Strata.Benchmarks.Commands;

/// <summary>Measures the machine, and nothing else.</summary>
internal static class LimitsCommand
{
    private const int Slices = 20;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);

    public static int Run(CommandLine line)
    {
        foreach (int threads in line.Threads)
        {
            var limit = new Limit(line.Isa, threads, Slice);
            foreach (int _ in Enumerable.Range(0, Slices))
            {
                limit.MeasureSlice();
            }

            double bandwidth = MachineLimits.MeasureReadBandwidth(threads);
            if (line.Json)
            {
                JsonOutput.Write(json =>
                {
                    json.WriteString("tier", Tier.Name(line.Isa));
                    json.WriteNumber("threads", threads);
                    json.WriteNumber("fma_gflops", Rounding.Significant(limit.Best));
                    json.WriteNumber("fma_gflops_median", Rounding.Significant(limit.Median));
                    json.WriteNumber("read_gb_per_second", Rounding.Significant(bandwidth));
                });
            }
            else
            {
                Console.WriteLine(FormattableString.Invariant(
                    $"{Tier.Name(line.Isa),-9}  {threads} thread(s)  {limit.Best,7:F1} GFLOP/s (median {limit.Median:F1})  {bandwidth,5:F1} GB/s read"));
            }
        }

        return 0;
    }
}
