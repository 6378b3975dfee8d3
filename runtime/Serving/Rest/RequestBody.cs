using System;
using System.Buffers;
using System.IO;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Strata.Serving.Protocol;

namespace Strata.Serving.Rest;

/// <summary>Reads the whole body of a request, decompressed, and within the limits.</summary>
internal static class RequestBody
{
    /// <summary>The encodings that are taken, as a header has them.</summary>
    public const string Encodings = "gzip, deflate, br";

    /// <summary>Reads a body, and takes it apart where it lies.</summary>
    /// <param name="context">The request.</param>
    /// <param name="options">The longest request.</param>
    /// <param name="memory">What all requests may have together.</param>
    /// <param name="take">Gets the bytes. They are gone when it returns.</param>
    public static async Task ReadAsync(
        HttpContext context, ServingOptions options, RequestMemory memory, Action<ReadOnlySequence<byte>> take)
    {
        HttpRequest request = context.Request;
        Stream? decoded = Decoded(context);

        // Requests that are too long are refused here, with the limit in words, whatever the app's other endpoints allow. A compressed body
        // might never end and yet hold nothing: there Kestrel counts what it reads.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = decoded is null ? null : options.MaxRequestLength;
        }

        if (request.ContentLength > options.MaxRequestLength)
        {
            throw TooLong(request.ContentLength.Value, options);
        }

        PipeReader body = decoded is null ? request.BodyReader : PipeReader.Create(decoded);
        using var counted = new CountedReader(body, memory);
        try
        {
            await ReadAllAsync(counted, context, options, take).ConfigureAwait(false);
        }
        catch (Exception e) when (decoded is not null && e is (InvalidDataException or InvalidOperationException))
        {
            throw ProtocolException.Bad($"The body is not what its Content-Encoding says ({request.Headers.ContentEncoding}): {e.Message}");
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new OperationCanceledException("The client has closed the connection.", e);
        }
        finally
        {
            if (decoded is not null)
            {
                await body.CompleteAsync().ConfigureAwait(false);
            }
        }
    }

    private static async Task ReadAllAsync(
        CountedReader body, HttpContext context, ServingOptions options, Action<ReadOnlySequence<byte>> take)
    {
        while (true)
        {
            ReadResult read = await body.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            ReadOnlySequence<byte> bytes = read.Buffer;
            if (bytes.Length > options.MaxRequestLength)
            {
                ProtocolException tooLong = TooLong(bytes.Length, options);
                body.AdvanceTo(bytes.End);
                throw tooLong;
            }

            if (!read.IsCompleted)
            {
                body.AdvanceTo(bytes.Start, bytes.End);
                continue;
            }

            try
            {
                take(bytes);
            }
            finally
            {
                body.AdvanceTo(bytes.End);
            }

            return;
        }
    }

    /// <summary>The body as its sender had it before compression; null if it was not compressed.</summary>
    private static Stream? Decoded(HttpContext context)
    {
        StringValues encodings = context.Request.Headers.ContentEncoding;
        switch (encodings.ToString().Trim().ToUpperInvariant())
        {
            case "" or "IDENTITY":
                return null;
            case "GZIP" or "X-GZIP":
                return new GZipStream(context.Request.Body, CompressionMode.Decompress, leaveOpen: true);
            case "DEFLATE":
                return new ZLibStream(context.Request.Body, CompressionMode.Decompress, leaveOpen: true);
            case "BR":
                return new BrotliStream(context.Request.Body, CompressionMode.Decompress, leaveOpen: true);
            default:
                throw new ProtocolException(
                    StatusCodes.Status415UnsupportedMediaType,
                    $"The Content-Encoding '{encodings}' is not taken; one of {Encodings} is, or none.");
        }
    }

    private static ProtocolException TooLong(long length, ServingOptions options) => new(StatusCodes.Status413PayloadTooLarge,
        $"The request has {length} bytes or more; at most {options.MaxRequestLength} are taken.");
}
