using System;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Strata.Serving.Protocol;

/// <summary>How an exception is told to a client.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="Message">Words for the client.</param>
/// <param name="Outcome">The outcome in the metrics.</param>
internal readonly record struct Failure(int Status, string Message, string Outcome)
{
    /// <summary>The outcome of exceptions that nobody has foreseen.</summary>
    public const string Unknown = "failure";

    /// <summary>Seconds after which the client may try again; null if that would not help.</summary>
    public string? RetryAfter { get; private init; }

    /// <summary>Tells exceptions that clients may know about. Others are 500 without details.</summary>
    public static Failure From(Exception exception) => exception switch
    {
        ProtocolException e => new(e.Status, e.Message, "invalid"),
        BadHttpRequestException e => new(e.StatusCode, e.Message, "invalid"),
        QueueFullException e => new(StatusCodes.Status503ServiceUnavailable, e.Message, "queue_full")
        {
            RetryAfter = Math.Max(1, Math.Ceiling(e.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
        },
        RequestMemoryException e => new(StatusCodes.Status503ServiceUnavailable, e.Message, "memory_full") { RetryAfter = "1" },
        ModelUnavailableException e => new(StatusCodes.Status503ServiceUnavailable, e.Message, "unavailable") { RetryAfter = "1" },
        InferenceTimeoutException e => new(StatusCodes.Status504GatewayTimeout, e.Message, "timeout"),
        OperationCanceledException => new(StatusCodes.Status499ClientClosedRequest, "The request was cancelled.", "cancelled"),
        _ => new(StatusCodes.Status500InternalServerError, "The request could not be computed; the server's log says why.", Unknown),
    };
}
