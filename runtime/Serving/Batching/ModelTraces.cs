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

        int samples = 0;
        foreach (InferenceCall call in calls)
        {
            samples += call.Samples;
        }

        foreach (InferenceCall call in calls)
        {
            Call(call, start, samples, error);
        }
    }

    /// <summary>A call was computed on its caller's thread.</summary>
    public void Call(int samples, long start)
    {
        if (Source.HasListeners())
        {
            Add("strata.serving.computation", Caller, samples, At(start), At(time.GetTimestamp()), error: null);
        }
    }

    /// <summary>A call was computed, alone or in a batch.</summary>
    /// <param name="call">The call.</param>
    /// <param name="start">When its batch began.</param>
    /// <param name="samples">The samples of the batch.</param>
    /// <param name="error">Why it failed; null if it did not.</param>
    public void Call(InferenceCall call, long start, int samples, Exception? error)
    {
        if (Source.HasListeners())
        {
            Add("strata.serving.queue", call.Caller, call.Samples, At(call.Start), At(start), error: null);
            Add("strata.serving.computation", call.Caller, samples, At(start), At(time.GetTimestamp()), error);
        }
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

    private DateTime At(long timestamp) => (time.GetUtcNow() - time.GetElapsedTime(timestamp)).UtcDateTime;
}
