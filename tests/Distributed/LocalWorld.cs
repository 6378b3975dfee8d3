using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Strata.Training;

namespace Strata.Distributed.Tests;

/// <summary>
/// Ranks that are threads of this process. Sums are added in the order of the ranks. Each rank has a thread that does its operations one
/// after the other, as one with MPI has. Operations can take a latency, and a time for each byte, as in a network.
/// </summary>
internal sealed class LocalWorld(int size)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly object _gate = new();
    private readonly Dictionary<long, Operation> _operations = [];
    private string? _failure;

    /// <summary>The time that each operation takes.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Bytes per second; 0 for no limit. A rank may change it while no operation is under way.</summary>
    public double Bandwidth { get; set; }

    /// <summary>Operations of rank 0, each with its number of bytes.</summary>
    public List<int> Lengths { get; } = [];

    /// <summary>The message with which a rank has ended all of them; null if none has.</summary>
    public string? Abortion { get; private set; }

    /// <summary>Runs all ranks, and returns what each gives.</summary>
    public static T[] Run<T>(int size, Func<ICollectives, T> body) => new LocalWorld(size).Run(body);

    /// <summary>Runs all ranks, and returns what each gives.</summary>
    public T[] Run<T>(Func<ICollectives, T> body)
    {
        var results = new T[size];
        Exception?[] failures = Try(world => results[world.Rank] = body(world));
        Assert.True(Array.TrueForAll(failures, failure => failure is null), string.Join("\n", failures.Select(f => f?.ToString())));
        return results;
    }

    /// <summary>Runs all ranks, and returns the exception of each.</summary>
    public Exception?[] Try(Action<ICollectives> body)
    {
        var failures = new Exception?[size];
        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            using var own = new Rank(this, rank);
            try
            {
                body(own);
            }
            catch (Exception e)
            {
                failures[rank] = e;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return failures;
    }

    private int Size => size;

    private void Do(int rank, long number, Kind kind, int root, Span<byte> bytes)
    {
        long start = Stopwatch.GetTimestamp();
        Operation operation;
        lock (_gate)
        {
            if (!_operations.TryGetValue(number, out operation!))
            {
                operation = _operations[number] = new Operation(kind, root, bytes.Length, new byte[size][]);
            }

            if ((operation.Kind, operation.Root, operation.Length) != (kind, root, bytes.Length))
            {
                Fail($"rank {rank} begins {kind} of {bytes.Length} bytes; another rank {operation.Kind} of {operation.Length} bytes");
            }

            operation.Parts[rank] = bytes.ToArray();
            if (Array.TrueForAll(operation.Parts, part => part is not null))
            {
                operation.Complete();
                Monitor.PulseAll(_gate);
            }

            while (operation.Result is null)
            {
                if (_failure is not null || !Monitor.Wait(_gate, Patience))
                {
                    Fail($"rank {rank} waits for ever in {kind} of {bytes.Length} bytes");
                }
            }

            operation.Result.CopyTo(bytes);
            if (++operation.Taken == size)
            {
                _operations.Remove(number);
            }

            if (rank == 0)
            {
                Lengths.Add(bytes.Length);
            }
        }

        TimeSpan time = Latency + TimeSpan.FromSeconds(Bandwidth > 0 ? bytes.Length / Bandwidth : 0) - Stopwatch.GetElapsedTime(start);
        if (time > TimeSpan.Zero)
        {
            Thread.Sleep(time);
        }
    }

    /// <summary>Ends all ranks. The caller holds the lock.</summary>
    private void Fail(string message)
    {
        _failure ??= message;
        Monitor.PulseAll(_gate);
        throw new InvalidOperationException(_failure);
    }

    private enum Kind
    {
        SumOfFloats,
        SumOfDoubles,
        Broadcast,
        Barrier,
    }

    private sealed record Operation(Kind Kind, int Root, int Length, byte[][] Parts)
    {
        public byte[]? Result { get; private set; }

        public int Taken { get; set; }

        public void Complete() => Result = Kind switch
        {
            Kind.SumOfFloats => SumOf<float>(),
            Kind.SumOfDoubles => SumOf<double>(),
            Kind.Broadcast => Parts[Root],
            _ => [],
        };

        private byte[] SumOf<T>()
            where T : unmanaged, System.Numerics.INumber<T>
        {
            T[] sum = MemoryMarshal.Cast<byte, T>(Parts[0]).ToArray();
            foreach (byte[] part in Parts[1..])
            {
                ReadOnlySpan<T> addends = MemoryMarshal.Cast<byte, T>(part);
                for (int i = 0; i < sum.Length; i++)
                {
                    sum[i] += addends[i];
                }
            }

            return MemoryMarshal.AsBytes(sum.AsSpan()).ToArray();
        }
    }

    private sealed class Rank : ICollectives, IDisposable
    {
        private readonly LocalWorld _world;
        private readonly BlockingCollection<(Kind Kind, int Root, Func<Memory<byte>> Bytes, Action<Memory<byte>> Result)> _queue = [];
        private readonly Thread _thread;
        private readonly object _done = new();
        private long _begun, _ended;
        private Exception? _failure;

        public Rank(LocalWorld world, int rank)
        {
            (_world, Number) = (world, rank);
            _thread = new Thread(DoAll) { IsBackground = true };
            _thread.Start();
        }

        private int Number { get; }

        int ICollectives.Rank => Number;

        public int Size => _world.Size;

        public long BeginAllReduce(Memory<float> values) => Begin(Kind.SumOfFloats, -1, values);

        public long BeginAllReduce(Memory<double> values) => Begin(Kind.SumOfDoubles, -1, values);

        public long BeginBroadcast(Memory<byte> values, int root) => Begin(Kind.Broadcast, root, values);

        public void Wait(long operation)
        {
            lock (_done)
            {
                while (_ended < operation && _failure is null)
                {
                    Monitor.Wait(_done);
                }

                if (_failure is not null)
                {
                    throw new InvalidOperationException(_failure.Message, _failure);
                }
            }
        }

        public void Barrier() => Wait(Begin(Kind.Barrier, -1, Memory<byte>.Empty));

        public void Abort(string message)
        {
            _world.Abortion ??= message;
            lock (_world._gate)
            {
                _world.Fail($"rank {Number} has ended all: {message}");
            }
        }

        public void Dispose()
        {
            _queue.CompleteAdding();
            _thread.Join();
            _queue.Dispose();
        }

        private long Begin<T>(Kind kind, int root, Memory<T> values)
            where T : unmanaged
        {
            _queue.Add((kind, root, () => MemoryMarshal.AsBytes(values.Span).ToArray(),
                bytes => bytes.Span.CopyTo(MemoryMarshal.AsBytes(values.Span))));
            return ++_begun;
        }

        private void DoAll()
        {
            long number = 0;
            foreach ((Kind kind, int root, Func<Memory<byte>> bytes, Action<Memory<byte>> result) in _queue.GetConsumingEnumerable())
            {
                try
                {
                    Memory<byte> values = bytes();
                    _world.Do(Number, ++number, kind, root, values.Span);
                    result(values);
                }
                catch (Exception e)
                {
                    lock (_done)
                    {
                        _failure ??= e;
                        Monitor.PulseAll(_done);
                    }

                    return;
                }

                lock (_done)
                {
                    _ended = number;
                    Monitor.PulseAll(_done);
                }
            }
        }
    }
}
