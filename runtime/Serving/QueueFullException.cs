using System;

namespace Strata.Serving;

/// <summary>The queue of a model is full. Over HTTP this is 503 with <c>Retry-After</c>, in gRPC <c>UNAVAILABLE</c>.</summary>
public sealed class QueueFullException : Exception
{
    internal QueueFullException(string model, int capacity, TimeSpan retryAfter) : base(
        $"The queue of model '{model}' is full: {capacity} samples wait. "
        + $"Try again in {Math.Ceiling(retryAfter.TotalMilliseconds):N0} ms.") =>
        RetryAfter = retryAfter;

    /// <summary>About how long the samples that wait will take.</summary>
    public TimeSpan RetryAfter { get; }
}
