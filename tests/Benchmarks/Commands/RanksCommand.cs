using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Ranks;

namespace Strata.Benchmarks.Commands;

/// <summary>
/// Training on one process with all processors, and on several ranks of Open MPI that share them, in turn. The batch of all ranks together
/// is the same.
/// </summary>
internal static class RanksCommand
{
    private const int Rounds = 5;

    private static readonly (string Network, int Batch)[] Usual = [("resnet18", 16), ("resnet20", 128)];

    public static int Run(CommandLine line)
    {
        int processors = Environment.ProcessorCount;
        Console.WriteLine($"{Processor.Family}, {processors} processors; medians of {Rounds} rounds in turn, "
            + $"{line.Duration.TotalSeconds:F0} s each\n");
        Console.WriteLine("| network | batch | ranks | batch norm | samples/s | ÷ one process |");
        Console.WriteLine("|---|--:|--:|---|--:|--:|");
        foreach ((string network, int batch) in Usual)
        {
            if (line.Networks is ["all"] || line.Networks.Contains(network))
            {
                Measure(network, batch, processors, line.Duration);
            }
        }

        return 0;
    }

    private static void Measure(string network, int batch, int processors, TimeSpan duration)
    {
        (int Ranks, bool Shares)[] ways = [(1, false), (processors, false), (processors, true), (2 * processors, false)];
        var rates = ways.ToDictionary(way => way, _ => new List<double>());
        for (int round = 0; round < Rounds; round++)
        {
            foreach ((int ranks, bool shares) in ways)
            {
                rates[(ranks, shares)].Add(RankProcess.Measure(ranks, network, batch, shares, duration));
            }
        }

        foreach ((int ranks, bool shares) in ways)
        {
            List<double> own = rates[(ranks, shares)];
            double ratio = Median(own.Zip(rates[ways[0]], (rate, alone) => rate / alone));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {network} | {batch} | {ranks} | {(ranks == 1 ? "" : shares ? "shared" : "own")} | {Median(own):F1} | {ratio:F2} |"));
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
