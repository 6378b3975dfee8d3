using System;
using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Strata.Serving.Protocol;

namespace Strata.Serving.Rest;

/// <summary>The Open Inference Protocol over HTTP.</summary>
internal sealed partial class RestEndpoints(ModelRepository repository, ServingOptions options, ILogger<RestEndpoints> logger)
{
    private const string JsonLength = "Inference-Header-Content-Length", Json = "application/json", Binary = "application/octet-stream";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("v2", Safely(ServerAsync)).WithDisplayName("Strata server metadata");

        // Whoever probes a server is no client of it: what the app asks of these would stop the server.
        routes.MapGet("v2/health/live", Safely(context => ReadyAsync(context, isReady: true))).WithDisplayName("Strata live")
            .AllowAnonymous().DisableRateLimiting();
        routes.MapGet("v2/health/ready", Safely(context => ReadyAsync(context, repository.IsReady))).WithDisplayName("Strata ready")
            .AllowAnonymous().DisableRateLimiting();
        routes.MapGet("v2/openapi.json", Safely(context => WriteAsync(context, json => OpenApi.Write(json, repository, options))))
            .WithDisplayName("Strata OpenAPI");
        foreach (string model in (string[])["v2/models/{model}", "v2/models/{model}/versions/{version}"])
        {
            routes.MapGet(model, Safely(ModelAsync)).WithDisplayName("Strata model metadata");
            routes.MapGet(model + "/ready", Safely(context => ReadyAsync(context, Find(context).State == ModelState.Ready)))
                .WithDisplayName("Strata model ready");
            routes.MapPost(model + "/infer", Safely(InferAsync)).WithDisplayName("Strata inference");
        }

        routes.MapPost("v2/repository/index", Safely(IndexAsync)).WithDisplayName("Strata models");
        if (options.AllowLoading)
        {
            routes.MapPost("v2/repository/models/{model}/load", Safely(context => Find(context).LoadAsync(context.RequestAborted)))
                .WithDisplayName("Strata load");
            routes.MapPost("v2/repository/models/{model}/unload", Safely(context => Find(context).UnloadAsync(context.RequestAborted)))
                .WithDisplayName("Strata unload");
        }
    }

    /// <summary>Answers exceptions as the protocol says: <c>{"error": "…"}</c>.</summary>
    private RequestDelegate Safely(Func<HttpContext, Task> answer) => async context =>
    {
        try
        {
            await answer(context).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            var failure = Failure.Of(exception);
            if (failure.Status == StatusCodes.Status500InternalServerError)
            {
                Log.Failed(logger, exception, context.Request.Path);
            }

            if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            {
                context.Abort();
                return;
            }

            context.Response.Clear();
            context.Response.StatusCode = failure.Status;
            if (failure.RetryAfter is { } seconds)
            {
                context.Response.Headers.RetryAfter = seconds;
            }

            await WriteAsync(context, json =>
            {
                json.WriteStartObject();
                json.WriteString("error"u8, failure.Message);
                json.WriteEndObject();
            }).ConfigureAwait(false);
        }
    };

    private Task ServerAsync(HttpContext context) => WriteAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("name"u8, options.Name);
        json.WriteString("version"u8, ServerInfo.Version);
        json.WriteStartArray("extensions"u8);
        foreach (string extension in ServerInfo.Extensions)
        {
            json.WriteStringValue(extension);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static Task ReadyAsync(HttpContext context, bool isReady)
    {
        context.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    private Task ModelAsync(HttpContext context)
    {
        ServedModel model = Find(context);
        return WriteAsync(context, json => ModelJson.Write(json, model));
    }

    private Task IndexAsync(HttpContext context) => WriteAsync(context, json =>
    {
        json.WriteStartArray();
        foreach (ServedModel model in repository.Models)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, model.Name);
            json.WriteString("version"u8, model.Version);
            json.WriteString("state"u8, ServerInfo.StateOf(model));
            json.WriteString("reason"u8, model.Failure ?? "");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private async Task InferAsync(HttpContext context)
    {
        ServedModel model = Find(context);
        string outcome = "success";
        using var call = new InferCall(model);
        var json = new ArrayBufferWriter<byte>();
        try
        {
            await ReadAsync(context, call).ConfigureAwait(false);
            await call.InferAsync(context.RequestAborted).ConfigureAwait(false);
            using var writer = new Utf8JsonWriter(json);
            ModelJson.WriteAnswer(writer, call);
        }
        catch (Exception e)
        {
            outcome = Failure.Of(e).Outcome;
            throw;
        }
        finally
        {
            model.Metrics.Request(outcome);
        }

        await AnswerAsync(context, call, json.WrittenMemory).ConfigureAwait(false);
    }

    /// <summary>Reads the whole body, and takes it apart where it lies.</summary>
    private async Task ReadAsync(HttpContext context, InferCall call)
    {
        // Requests that are too long are refused here, with the limit in words, whatever the app's other endpoints allow.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        HttpRequest request = context.Request;
        if (request.ContentLength > options.MaxRequestLength)
        {
            throw TooLong(request.ContentLength.Value);
        }

        while (true)
        {
            ReadResult read = await request.BodyReader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            ReadOnlySequence<byte> body = read.Buffer;
            if (body.Length > options.MaxRequestLength)
            {
                ProtocolException tooLong = TooLong(body.Length);
                request.BodyReader.AdvanceTo(body.End);
                throw tooLong;
            }

            if (!read.IsCompleted)
            {
                request.BodyReader.AdvanceTo(body.Start, body.End);
                continue;
            }

            try
            {
                Read(call, request, body);
            }
            finally
            {
                request.BodyReader.AdvanceTo(body.End);
            }

            return;
        }
    }

    private static void Read(InferCall call, HttpRequest request, ReadOnlySequence<byte> body)
    {
        int length = (int)body.Length, json = length;
        if (request.Headers[JsonLength] is { Count: > 0 } header
            && (!int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out json) || json > length))
        {
            throw ProtocolException.Bad($"The header {JsonLength} is '{header}'; the body has {length} bytes.");
        }

        if (body.IsSingleSegment)
        {
            InferReader.Read(call, body.FirstSpan, json);
            return;
        }

        byte[] copy = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(copy);
            InferReader.Read(call, copy.AsSpan(0, length), json);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private static async Task AnswerAsync(HttpContext context, InferCall call, ReadOnlyMemory<byte> json)
    {
        long binary = 0;
        foreach ((TensorInfo tensor, _, bool isBinary) in call.Answers())
        {
            binary += isBinary ? (long)call.Samples * Tensors.Length(tensor) * sizeof(float) : 0;
        }

        HttpResponse response = context.Response;
        response.ContentType = binary > 0 ? Binary : Json;
        response.ContentLength = json.Length + binary;
        if (binary > 0)
        {
            response.Headers[JsonLength] = json.Length.ToString(CultureInfo.InvariantCulture);
        }

        PipeWriter body = response.BodyWriter;
        body.Write(json.Span);
        foreach ((TensorInfo tensor, int offset, bool isBinary) in call.Answers())
        {
            if (isBinary)
            {
                WriteBytes(body, call, tensor, offset);
            }
        }

        await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static void WriteBytes(PipeWriter body, InferCall call, TensorInfo tensor, int offset)
    {
        int length = Tensors.Length(tensor), bytes = call.Samples * length * sizeof(float);
        Span<float> values = MemoryMarshal.Cast<byte, float>(body.GetSpan(bytes)[..bytes]);
        Tensors.CopyOutput(call.Outputs, call.Model.OutputLength, offset, length, values);
        body.Advance(bytes);
    }

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = Json;
        var json = new Utf8JsonWriter(context.Response.BodyWriter);
        await using (json.ConfigureAwait(false))
        {
            write(json);
        }
    }

    private ServedModel Find(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["model"]!;
        string? version = context.Request.RouteValues["version"] as string;
        return ServerInfo.Find(repository, name, version);
    }

    private ProtocolException TooLong(long length) => new(StatusCodes.Status413PayloadTooLarge,
        $"The request has {length} bytes or more; at most {options.MaxRequestLength} are taken.");

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The request to {Path} failed.")]
        public static partial void Failed(ILogger logger, Exception exception, PathString path);
    }
}
