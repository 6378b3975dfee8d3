using System;

namespace Strata.Serving;

/// <summary>A call waited longer than it may. Over HTTP this is 504, in gRPC <c>DEADLINE_EXCEEDED</c>.</summary>
public sealed class InferenceTimeoutException : TimeoutException
{
    internal InferenceTimeoutException(string model, TimeSpan timeout) : base(
        $"The request waited {timeout.TotalMilliseconds:N0} ms in the queue of model '{model}', as long as it may.")
    {
    }
}
