using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Strata.Serving.Batching;

/// <summary>A call that waits, is computed, or has ended. Calls that cannot end early are used again and again.</summary>
internal sealed class InferenceCall : IValueTaskSource
{
    private const int Most = 1024;

    private static readonly ConcurrentQueue<InferenceCall> Free = new();

    private ManualResetValueTaskSourceCore<bool> _result = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private bool _endsEarly;

    private InferenceCall() => Place = new LinkedListNode<InferenceCall>(this);

    public ReadOnlyMemory<float> Inputs { get; private set; }

    public Memory<float> Outputs { get; private set; }

    public int Samples { get; private set; }

    public InferencePriority Priority { get; private set; }

    /// <summary>The size of its inputs; empty for the one that the network was declared with.</summary>
    public ReadOnlyMemory<int> Size { get; private set; }

    /// <summary>The costs of batches of its size; null for those of the engine.</summary>
    public BatchCosts? Costs { get; private set; }

    /// <summary>When it came, by the queue's clock.</summary>
    public long Start { get; private set; }

    /// <summary>The activity from which it came; the default for none.</summary>
    public ActivityContext Caller { get; private set; }

    /// <summary>Its place in a line of the queue; in none if it does not wait. The queue's lock guards it.</summary>
    public LinkedListNode<InferenceCall> Place { get; }

    public ValueTask Task => new(this, _result.Version);

    public static InferenceCall Rent(
        ReadOnlyMemory<float> inputs, Memory<float> outputs, int samples, InferencePriority priority, long start,
        ReadOnlyMemory<int> size = default, BatchCosts? costs = null)
    {
        InferenceCall call = Free.TryDequeue(out InferenceCall? free) ? free : new InferenceCall();
        (call.Inputs, call.Outputs, call.Samples, call.Priority, call.Start) = (inputs, outputs, samples, priority, start);
        (call.Size, call.Costs, call.Caller) = (size, costs, ModelTraces.Caller);
        return call;
    }

    /// <summary>Whether another call may be computed together with this one.</summary>
    public bool HasSizeOf(InferenceCall other) => Size.Span.SequenceEqual(other.Size.Span);

    /// <summary>Says what may end the call while it waits. Both may do so at once.</summary>
    public void EndEarly(Action<InferenceCall, CancellationToken> cancel, ITimer? timer, CancellationToken cancellation)
    {
        (_timer, _endsEarly) = (timer, true);
        if (cancellation.CanBeCanceled)
        {
            _registration = cancellation.UnsafeRegister((state, token) => cancel((InferenceCall)state!, token), this);
        }
    }

    /// <summary>Whoever awaits the call goes on, on another thread.</summary>
    public void End(Exception? exception = null)
    {
        (Inputs, Outputs) = (default, default);
        if (exception is null)
        {
            _result.SetResult(true);
        }
        else
        {
            _result.SetException(exception);
        }
    }

    void IValueTaskSource.GetResult(short token)
    {
        bool isUsedAgain = !_endsEarly && _result.GetStatus(token) == ValueTaskSourceStatus.Succeeded;
        _registration.Dispose();
        _timer?.Dispose();
        try
        {
            _result.GetResult(token);
        }
        finally
        {
            if (isUsedAgain && Free.Count < Most)
            {
                _result.Reset();
                Free.Enqueue(this);
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);
}
