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

/// <summary>A call waited longer than it may. Over HTTP this is 504, in gRPC <c>DEADLINE_EXCEEDED</c>.</summary>
public sealed class InferenceTimeoutException : TimeoutException
{
    internal InferenceTimeoutException(string model, TimeSpan timeout) : base(
        $"The request waited {timeout.TotalMilliseconds:N0} ms in the queue of model '{model}', as long as it may.")
    {
    }
}

/// <summary>The model is known, but not loaded. Over HTTP this is 503, in gRPC <c>UNAVAILABLE</c>.</summary>
public sealed class ModelUnavailableException : Exception
{
    internal ModelUnavailableException(string model, string state) : base($"Model '{model}' is not ready: {state}.")
    {
    }
}
