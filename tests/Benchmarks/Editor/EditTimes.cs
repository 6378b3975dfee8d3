using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Strata.Benchmarks.Editor;

/// <summary>
/// What an edit takes, in milliseconds. The processor's clock is too coarse for one edit: its time is the mean of a batch.
/// </summary>
/// <param name="Cpu">Time of the processor per edit, on all threads, for each batch.</param>
/// <param name="Wall">Time until the answer, for each edit.</param>
internal sealed record EditTimes(IReadOnlyList<double> Cpu, IReadOnlyList<double> Wall)
{
    private const int Batch = 10;

    /// <summary>Times edits in batches of ten.</summary>
    /// <param name="edits">How many; at least a batch.</param>
    /// <param name="edit">Makes the edit with this number, and waits for the answer.</param>
    public static EditTimes Measure(int edits, Action<int> edit)
    {
        List<double> cpu = [], wall = [];
        for (int done = 0; done < edits; done += Batch)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < Batch; i++)
            {
                long start = Stopwatch.GetTimestamp();
                edit(done + i);
                wall.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            cpu.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Batch);
        }

        return new EditTimes(cpu, wall);
    }

    /// <summary>What a share of the values does not exceed.</summary>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
