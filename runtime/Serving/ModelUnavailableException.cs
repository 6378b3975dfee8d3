using System;

namespace Strata.Serving;

/// <summary>The model is known, but not loaded. Over HTTP this is 503, in gRPC <c>UNAVAILABLE</c>.</summary>
public sealed class ModelUnavailableException : Exception
{
    internal ModelUnavailableException(string model, string state) : base($"Model '{model}' is not ready: {state}.")
    {
    }
}
