using System;
using System.Buffers;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Strata.Distributed.App;

/// <summary>What a test asks of the collective operations. Each check throws where a result is wrong.</summary>
internal static class Checks
{
    /// <summary>From one value to 4 MB, so that the library uses all its algorithms; odd lengths, too.</summary>
    private static readonly int[] Lengths = [0, 1, 2, 3, 7, 255, 1000, 4097, 65_536, 300_001, 1_000_000];

    /// <summary>Sums of numbers of which each rank can compute all. Returns a hash of their bits.</summary>
    public static string SumsOfFloats(MpiWorld world)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (int length in Lengths)
        {
            float[] values = new float[length];
            for (int i = 0; i < length; i++)
            {
                values[i] = (float)Value(world.Rank, i);
            }

            world.Wait(world.BeginAllReduce(values));
            for (int i = 0; i < length; i++)
            {
                (double sum, double magnitude) = Sum(world.Size, i, rank => (float)Value(rank, i));

                // Size − 1 additions, in whatever order: each is off by half of a unit of its result at most.
                Require(Math.Abs(values[i] - sum) <= (world.Size - 1) * magnitude * Math.Pow(2, -24), $"float {i} of {length}");
            }

            hash.AppendData(MemoryMarshal.AsBytes<float>(values));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>As <see cref="SumsOfFloats"/>.</summary>
    public static string SumsOfDoubles(MpiWorld world)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (int length in Lengths)
        {
            double[] values = new double[length];
            for (int i = 0; i < length; i++)
            {
                values[i] = Value(world.Rank, i);
            }

            world.Wait(world.BeginAllReduce(values));
            for (int i = 0; i < length; i++)
            {
                (double sum, double magnitude) = Sum(world.Size, i, rank => Value(rank, i));

                // The sum here is rounded, too.
                Require(Math.Abs(values[i] - sum) <= 2 * (world.Size - 1) * magnitude * Math.Pow(2, -53), $"double {i} of {length}");
            }

            hash.AppendData(MemoryMarshal.AsBytes<double>(values));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Each rank sends to all others.</summary>
    public static string Broadcasts(MpiWorld world)
    {
        foreach (int length in Lengths)
        {
            for (int root = 0; root < world.Size; root++)
            {
                byte[] values = new byte[length];
                if (world.Rank == root)
                {
                    Fill(values, root);
                }

                byte[] expected = new byte[length];
                Fill(expected, root);
                world.Wait(world.BeginBroadcast(values, root));
                Require(values.AsSpan().SequenceEqual(expected), $"broadcast of {length} bytes from {root}");
            }
        }

        return "right";
    }

    /// <summary>
    /// Begins many operations, more than the queue holds, before it waits for any. Each changes the same number: a broadcast gives all
    /// ranks that of one, and a sum multiplies it by the number of ranks. Another order would give another number.
    /// </summary>
    public static string ManyInOrder(MpiWorld world)
    {
        const int Rounds = 8, Pairs = 10;
        double[] value = [0];
        Memory<byte> bytes = new BytesOf(value).Memory;
        for (int round = 0; round < Rounds; round++)
        {
            value[0] = world.Rank + round + 1;
            double expected = value[0];
            long last = 0;
            for (int i = 0; i < Pairs; i++)
            {
                // The first broadcast decides. Before it, the ranks differ.
                int root = (round + i) % world.Size;
                expected = (i == 0 ? root + round + 1 : expected) * world.Size;
                long broadcast = world.BeginBroadcast(bytes, root), sum = world.BeginAllReduce(value);
                Require(broadcast > last && sum > broadcast, "the numbers of operations ascend");
                last = sum;
            }

            world.Wait(last);
            Require(value[0] == expected, $"{value[0]} is not {expected} in round {round}");
        }

        return "right";
    }

    /// <summary>The queue's ring is full several times. Each operation has a number of its own.</summary>
    public static string MoreThanTheQueueHolds(MpiWorld world)
    {
        const int Operations = 300;
        float[] counts = new float[Operations];
        long end = 0;
        for (int i = 0; i < Operations; i++)
        {
            counts[i] = world.Rank * i;
            end = world.BeginAllReduce(counts.AsMemory(i, 1));
        }

        world.Wait(end);
        int sum = world.Size * (world.Size - 1) / 2;
        Require(counts.Index().All(count => count.Item == sum * count.Index), "the sums of many operations");
        return "right";
    }

    /// <summary>The bytes that 120 operations allocate on this thread.</summary>
    public static long AllocatedByOperations(MpiWorld world)
    {
        float[] values = new float[1000];
        byte[] bytes = new byte[100];
        long Run(int operations)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < operations; i++)
            {
                _ = world.BeginAllReduce(values);
                world.Wait(world.BeginBroadcast(bytes, 0));
                world.Barrier();
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Run(10);
        return Run(40);
    }

    /// <summary>How many parts of MPI libraries are in this process's memory.</summary>
    public static int MappedLibraries() => File.ReadLines("/proc/self/maps")
        .Count(line => Path.GetFileName(line.Split(' ')[^1]).StartsWith("libmpi", StringComparison.Ordinal));

    /// <summary>Faults of the processor that .NET turns into exceptions, as long as the MPI library leaves their signals alone.</summary>
    public static string FaultsThatDotNetHandles()
    {
        int caught = 0;
        for (int i = 0; i < 3; i++)
        {
            try
            {
                string? none = i < 3 ? null : "";
                caught -= none!.Length;
            }
            catch (NullReferenceException)
            {
                caught++;
            }

            try
            {
                caught -= 1 / (caught - caught);
            }
            catch (DivideByZeroException)
            {
                caught++;
            }
        }

        return caught == 6 ? "handled" : $"{caught} of 6";
    }

    /// <summary>The bytes of numbers, as memory.</summary>
    private sealed class BytesOf(double[] values) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(values.AsSpan());

        public override unsafe MemoryHandle Pin(int elementIndex = 0)
        {
            GCHandle handle = GCHandle.Alloc(values, GCHandleType.Pinned);
            return new((byte*)handle.AddrOfPinnedObject() + elementIndex, handle);
        }

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }

    private static void Fill(byte[] values, int root)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (byte)(i * 31 + (root + 1) * 7);
        }
    }

    /// <summary>Numbers of both signs and of several magnitudes, so that sums in another order have other bits.</summary>
    private static double Value(int rank, int i)
    {
        uint bits = unchecked(((uint)i + 1) * 2654435761u ^ ((uint)rank + 1) * 2246822519u);
        bits = unchecked((bits ^ (bits >> 15)) * 2246822519u);
        bits ^= bits >> 13;
        return (bits / 4294967296.0 - 0.5) * (1 << (int)(bits % 8));
    }

    private static (double Sum, double Magnitude) Sum(int ranks, int i, Func<int, double> value)
    {
        double sum = 0, magnitude = 0;
        for (int rank = 0; rank < ranks; rank++)
        {
            sum += value(rank);
            magnitude += Math.Abs(value(rank));
        }

        return (sum, magnitude);
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidDataException($"Wrong: {what}");
        }
    }
}
