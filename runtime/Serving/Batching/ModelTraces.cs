using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Strata.Serving.Batching;

/// <summary>
/// The activity source <c>Strata.Serving</c>, for all models. What a call waited and what its batch took become activities of the
/// caller's trace, once both are over.
/// </summary>
/// <param name="model">The model's name.</param>
/// <param name="time">The clock.</param>
internal sealed class ModelTraces(string model, TimeProvider time)
{
    public const string SourceName = "Strata.Serving";

    private const string Queue = "strata.serving.queue", Computation = "strata.serving.computation";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The caller's activity, if anybody listens.</summary>
    public static ActivityContext Caller => Source.HasListeners() ? Activity.Current?.Context ?? default : default;

    /// <summary>A batch was computed.</summary>
    /// <param name="calls">The calls of the batch.</param>
    /// <param name="start">When it began.</param>
    /// <param name="error">Why it failed; null if it did not.</param>
    public void Batch(List<InferenceCall> calls, long start, Exception? error)
    {
        if (!Source.HasListeners())
        {
            return;
        }

        var clock = new Clock(time);
        int samples = 0;
        foreach (InferenceCall call in calls)
        {
            samples += call.Samples;
        }

        foreach (InferenceCall call in calls)
        {
            Add(call, clock, start, start, samples, error);
        }
    }

    /// <summary>A call was computed apart from its batch, which had failed.</summary>
    /// <param name="call">The call.</param>
    /// <param name="batch">When the batch began.</param>
    /// <param name="start">When it began itself.</param>
    /// <param name="error">Why it failed; null if it did not.</param>
    public void Apart(InferenceCall call, long batch, long start, Exception? error)
    {
        if (Source.HasListeners())
        {
            Add(call, new Clock(time), batch, start, call.Samples, error);
        }
    }

    /// <summary>A call was computed on its caller's thread, without a queue.</summary>
    /// <param name="samples">Its samples.</param>
    /// <param name="start">When it began.</param>
    /// <param name="error">Why it failed; null if it did not.</param>
    public void Call(int samples, long start, Exception? error)
    {
        if (Source.HasListeners())
        {
            var clock = new Clock(time);
            Add(Computation, Caller, samples, clock.At(start), clock.Now, error);
        }
    }

    private void Add(InferenceCall call, Clock clock, long taken, long start, int samples, Exception? error)
    {
        Add(Queue, call.Caller, call.Samples, clock.At(call.Start), clock.At(taken), error: null);
        Add(Computation, call.Caller, samples, clock.At(start), clock.Now, error);
    }

    private void Add(string name, ActivityContext caller, int samples, DateTime start, DateTime end, Exception? error)
    {
        // Who called outside of any activity has a trace of its own, not that of the thread which computes.
        Activity? current = Activity.Current;
        Activity.Current = null;
        try
        {
            using Activity? activity = Source.StartActivity(name, ActivityKind.Internal, caller, startTime: start);
            activity?.SetTag("model", model).SetTag("samples", samples).SetEndTime(end);
            if (error is not null)
            {
                activity?.SetStatus(ActivityStatusCode.Error, error.Message).AddException(error);
            }
        }
        finally
        {
            Activity.Current = current;
        }
    }

    /// <summary>The time of day, and of the queue's clock, when the activities of a batch are written.</summary>
    private readonly struct Clock(TimeProvider time)
    {
        private readonly long _timestamp = time.GetTimestamp();

        public DateTime Now { get; } = time.GetUtcNow().UtcDateTime;

        public DateTime At(long timestamp) => Now - time.GetElapsedTime(timestamp, _timestamp);
    }
}
