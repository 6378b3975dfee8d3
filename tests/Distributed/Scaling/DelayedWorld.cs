using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Strata.Training;

namespace Strata.Distributed.Tests.Scaling;

/// <summary>
/// A world whose other ranks have no samples: sums are what this rank gives. Each operation takes the time that a network would take, on a
/// thread of its own, which sleeps meanwhile. What the trainer begins and waits for is noted.
/// </summary>
internal sealed class DelayedWorld : ICollectives, IDisposable
{
    private readonly Func<long, int> _milliseconds;
    private readonly object _gate = new();
    private readonly Queue<int> _waiting = new();
    private readonly Thread _thread;
    private long _begun, _ended, _start;
    private bool _isDisposed;

    /// <param name="size">How many ranks there seem to be.</param>
    /// <param name="milliseconds">How long an operation of so many bytes takes.</param>
    public DelayedWorld(int size, Func<long, int> milliseconds)
    {
        (Size, _milliseconds) = (size, milliseconds);
        _thread = new(Run) { IsBackground = true };
        _thread.Start();
    }

    public int Rank => 0;

    public int Size { get; }

    /// <summary>What has happened since the last <see cref="Restart"/>.</summary>
    public List<CollectiveEvent> Events { get; } = [];

    /// <summary>Time and numbers of operations begin anew.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            Events.Clear();
            (_begun, _ended, _start) = (0, 0, Stopwatch.GetTimestamp());
        }
    }

    public long BeginAllReduce(Memory<float> values) => Begin((long)values.Length * sizeof(float));

    public long BeginAllReduce(Memory<double> values) => Begin((long)values.Length * sizeof(double));

    public long BeginBroadcast(Memory<byte> values, int root) => Begin(values.Length);

    public void Wait(long operation)
    {
        lock (_gate)
        {
            Events.Add(new(Stopwatch.GetElapsedTime(_start).TotalSeconds, operation, null));
            while (_ended < operation)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    public void Barrier() => Wait(Begin(0));

    public void Abort(string message) => throw new InvalidOperationException(message);

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
    }

    private long Begin(long bytes)
    {
        lock (_gate)
        {
            Events.Add(new(Stopwatch.GetElapsedTime(_start).TotalSeconds, ++_begun, bytes));
            _waiting.Enqueue(_milliseconds(bytes));
            Monitor.PulseAll(_gate);
            return _begun;
        }
    }

    private void Run()
    {
        while (true)
        {
            int time;
            lock (_gate)
            {
                while (_waiting.Count == 0 && !_isDisposed)
                {
                    Monitor.Wait(_gate);
                }

                if (_waiting.Count == 0)
                {
                    return;
                }

                time = _waiting.Dequeue();
            }

            if (time > 0)
            {
                Thread.Sleep(time);
            }

            lock (_gate)
            {
                _ended++;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
