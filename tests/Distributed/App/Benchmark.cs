using System;
using System.Buffers;
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
            using var pages = new Pages(count);
            Memory<float> values = pages.Memory;
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

    /// <summary>Memory that begins with a page, as that of the program in C does, and of a trainer's gradients nearly does.</summary>
    private sealed unsafe class Pages(int count) : MemoryManager<float>
    {
        private const int PageSize = 4096;

        private readonly float* _pointer = Allocate(count);

        public override Span<float> GetSpan() => new(_pointer, count);

        public override MemoryHandle Pin(int elementIndex = 0) => new(_pointer + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing) => NativeMemory.AlignedFree(_pointer);

        private static float* Allocate(int count)
        {
            float* pointer = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), PageSize);
            new Span<float>(pointer, count).Clear();
            return pointer;
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
