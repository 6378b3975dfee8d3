using System;
using Microsoft.AspNetCore.Http;

namespace Strata.Serving.Protocol;

/// <summary>What is wrong with a request, in words for the client.</summary>
/// <param name="status">The status of HTTP; gRPC's follows from it.</param>
/// <param name="message">What was expected and what was found.</param>
internal sealed class ProtocolException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    public static ProtocolException Bad(string message) => new(StatusCodes.Status400BadRequest, message);

    public static ProtocolException NotFound(string message) => new(StatusCodes.Status404NotFound, message);
}
