using System;
using System.Collections.Generic;
using System.Threading;

namespace Strata.Serving.Batching;

/// <summary>The calls that wait, by priority. One thread takes batches out.</summary>
/// <param name="capacity">The most samples that wait.</param>
/// <param name="maxBatch">The most samples of a batch.</param>
/// <param name="maxDelay">The longest time that a call waits for others.</param>
/// <param name="time">The clock.</param>
internal sealed class CallQueue(int capacity, int maxBatch, TimeSpan maxDelay, TimeProvider time)
{
    /// <summary>A thread that sleeps less wakes too late.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// How much later a call of the next lower priority might have come, in ticks of the clock: a second. Without an end to that, calls
    /// would starve as long as others of a higher priority come.
    /// </summary>
    private readonly long _later = time.TimestampFrequency;

    private readonly object _gate = new();
    private readonly LinkedList<InferenceCall>[] _calls = [new(), new(), new()];
    private int _waiting;
    private int _expected = 1;
    private int _wakesAt = 1;
    private bool _isRest;
    private bool _isInterrupted;
    private bool _isClosed;

    /// <summary>The samples that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting;
            }
        }
    }

    /// <summary>Whether the queue takes no more calls.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _isClosed;
            }
        }
    }

    /// <summary>Adds a call, unless the queue is full or closed.</summary>
    public bool TryAdd(InferenceCall call)
    {
        lock (_gate)
        {
            if (_isClosed || _waiting + call.Samples > capacity)
            {
                return false;
            }

            _calls[LineOf(call.Priority)].AddLast(call.Place);
            _waiting += call.Samples;
            if (_waiting >= _wakesAt)
            {
                Monitor.Pulse(_gate);
            }

            return true;
        }
    }

    /// <summary>Takes a call out that has not been taken for a batch.</summary>
    public bool TryRemove(InferenceCall call)
    {
        lock (_gate)
        {
            if (call.Place.List is not { } line)
            {
                return false;
            }

            Remove(call, line);
            return true;
        }
    }

    /// <summary>The thread that takes batches returns, with an empty batch if no call waits.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            _isInterrupted = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes no more calls. Those that wait are still computed.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for calls, and a little for more of them, and takes a batch of calls of one size.</summary>
    /// <param name="batch">Receives the calls; none if the queue was interrupted.</param>
    /// <param name="costs">Says how many samples are best computed together, for calls that do not say it themselves.</param>
    /// <returns>False once the queue is closed and empty.</returns>
    public bool Take(List<InferenceCall> batch, BatchCosts costs)
    {
        lock (_gate)
        {
            while (_waiting == 0 && !_isInterrupted && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            if (_waiting > 0 && !_isRest)
            {
                WaitForOthers((First()?.Costs ?? costs).Saved(_expected));
            }

            _isInterrupted = false;
            InferenceCall? first = First();
            int wanted = (first?.Costs ?? costs).Best(Math.Min(WaitingLike(first), maxBatch)), taken = 0;
            if (!_isRest)
            {
                // As many as came this time may come again.
                _expected = Math.Max(wanted, 1);
            }

            while (taken < wanted && Next(maxBatch - taken, first!) is { } call)
            {
                batch.Add(call);
                taken += call.Samples;
            }

            _isRest = _waiting > 0;
            return _isRest || taken > 0 || !_isClosed;
        }
    }

    /// <summary>
    /// Waits until as many samples are there as in the batch before, but not longer than a call may wait, or than it saves.
    /// </summary>
    private void WaitForOthers(TimeSpan saved)
    {
        TimeSpan most = saved < maxDelay ? saved : maxDelay;
        for (_wakesAt = _expected; _waiting > 0 && _waiting < _expected && !_isInterrupted && !_isClosed;)
        {
            TimeSpan left = most - time.GetElapsedTime(FirstStart());
            if (left < ShortestWait)
            {
                break;
            }

            // When the time is over, the first call may have left, and the next may wait longer.
            Monitor.Wait(_gate, left);
        }

        _wakesAt = 1;
    }

    private long FirstStart()
    {
        long first = long.MaxValue;
        foreach (LinkedList<InferenceCall> line in _calls)
        {
            first = Math.Min(first, line.First?.Value.Start ?? long.MaxValue);
        }

        return first;
    }

    /// <summary>The call that is computed next.</summary>
    private InferenceCall? First() => Earliest(like: null);

    /// <summary>The samples that wait and can be computed together with a call.</summary>
    private int WaitingLike(InferenceCall? first)
    {
        int samples = 0;
        foreach (LinkedList<InferenceCall> line in _calls)
        {
            for (LinkedListNode<InferenceCall>? place = line.First; place is not null; place = place.Next)
            {
                samples += place.Value.HasSizeOf(first!) ? place.Value.Samples : 0;
            }
        }

        return samples;
    }

    private InferenceCall? Earliest(InferenceCall? like)
    {
        InferenceCall? next = null;
        long earliest = long.MaxValue;
        for (int line = 0; line < _calls.Length; line++)
        {
            LinkedListNode<InferenceCall>? place = _calls[line].First;
            while (place is not null && like is not null && !place.Value.HasSizeOf(like))
            {
                place = place.Next;
            }

            if (place?.Value is { } call && call.Start + (line * _later) is var start && start < earliest)
            {
                (next, earliest) = (call, start);
            }
        }

        return next;
    }

    /// <summary>The next call that waits and has the size of another one, if it has no more than some samples.</summary>
    private InferenceCall? Next(int most, InferenceCall like)
    {
        InferenceCall? next = Earliest(like);
        if (next is null || next.Samples > most)
        {
            return null;
        }

        Remove(next, next.Place.List!);
        return next;
    }

    private void Remove(InferenceCall call, LinkedList<InferenceCall> line)
    {
        line.Remove(call.Place);
        _waiting -= call.Samples;
    }

    private static int LineOf(InferencePriority priority) => priority switch
    {
        InferencePriority.High => 0,
        InferencePriority.Normal => 1,
        _ => 2,
    };
}
