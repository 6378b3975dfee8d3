using System;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Strata.Distributed.App;

/// <summary>Times of all-reduce. allreduce.c has the same loop without Strata.</summary>
internal static class Benchmark
{
    /// <summary>
    /// Prints, on rank 0, "alone BYTES MICROSECONDS" and "queued BYTES MICROSECONDS": each operation is waited for before the next one is
    /// begun, as losses and metrics are; or eight are begun at a time, as the buckets of a step are.
    /// </summary>
    public static void Run()
    {
        using MpiWorld world = MpiWorld.Start();
        for (long bytes = 4096; bytes <= 64L << 20; bytes *= 4)
        {
            int count = (int)(bytes / 4);
            Memory<float> values = MemoryMarshal.CreateFromPinnedArray(GC.AllocateArray<float>(count, pinned: true), 0, count);
            int times = (int)Math.Min(4000, (256L << 20) / bytes);
            Time(world, values, Math.Max(1, times / 4), 1);
            foreach ((string name, int together) in new[] { ("alone", 1), ("queued", 8) })
            {
                world.Barrier();
                double time = Time(world, values, times, together);
                if (world.Rank == 0)
                {
                    Console.Out.Write(string.Create(CultureInfo.InvariantCulture, $"{name} {bytes} {time:F3}\n"));
                    Console.Out.Flush();
                }
            }
        }
    }

    private static double Time(MpiWorld world, Memory<float> values, int times, int together)
    {
        var time = Stopwatch.StartNew();
        long last = 0;
        for (int i = 1; i <= times; i++)
        {
            last = world.BeginAllReduce(values);
            if (i % together == 0)
            {
                world.Wait(last);
            }
        }

        world.Wait(last);
        return time.Elapsed.TotalMicroseconds / times;
    }
}
