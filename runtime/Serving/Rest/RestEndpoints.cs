using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Strata.Serving.Protocol;

namespace Strata.Serving.Rest;

/// <summary>The Open Inference Protocol over HTTP.</summary>
internal sealed partial class RestEndpoints(
    ModelRepository repository, ServingOptions options, RequestMemory memory, ILogger<RestEndpoints> logger)
{
    private readonly RestInference _inference = new(options, memory);

    public void Map(IEndpointRouteBuilder routes)
    {
        Get(routes, "v2", "server metadata", ServerAsync);

        // Whoever probes a server is no client of it: what the app asks of these would stop the server.
        Get(routes, "v2/health/live", "live", context => HealthAsync(context, "live", isHealthy: true))
            .AllowAnonymous().DisableRateLimiting();
        Get(routes, "v2/health/ready", "ready", context => HealthAsync(context, "ready", repository.IsReady))
            .AllowAnonymous().DisableRateLimiting();
        Get(routes, "v2/openapi.json", "OpenAPI", context => WriteAsync(context, json => OpenApi.Write(json, repository, options)));
        foreach (string model in (string[])["v2/models/{model}", "v2/models/{model}/versions/{version}"])
        {
            Get(routes, model, "model metadata", ModelAsync);
            Get(routes, model + "/ready", "model ready", ModelReadyAsync);
            Post(routes, model + "/infer", "inference", context => _inference.AnswerAsync(context, Find(context)));
        }

        Post(routes, "v2/repository/index", "models", IndexAsync);
        Post(routes, "v2/repository/models/{model}/load", "load", LoadAsync);
        Post(routes, "v2/repository/models/{model}/unload", "unload", UnloadAsync);
        routes.Map("v2/{**path}", Safely(context => throw ProtocolException.NotFound(
            $"There is nothing at {context.Request.Path}. Ask v2/openapi.json for all there is."))).WithDisplayName("Strata nothing");
    }

    private IEndpointConventionBuilder Get(IEndpointRouteBuilder routes, string path, string name, Func<HttpContext, Task> answer) =>
        Map(routes, path, name, answer, HttpMethods.Get, HttpMethods.Head);

    private void Post(IEndpointRouteBuilder routes, string path, string name, Func<HttpContext, Task> answer) =>
        Map(routes, path, name, answer, HttpMethods.Post);

    /// <summary>Maps a path for some methods. Others get an error in JSON; routing alone would answer without a word.</summary>
    private IEndpointConventionBuilder Map(
        IEndpointRouteBuilder routes, string path, string name, Func<HttpContext, Task> answer, params string[] methods)
    {
        routes.Map(path, Safely(context =>
        {
            context.Response.Headers.Allow = string.Join(", ", methods);
            throw new ProtocolException(StatusCodes.Status405MethodNotAllowed,
                $"{context.Request.Path} takes {string.Join(" and ", methods)}, not {context.Request.Method}.");
        })).WithDisplayName($"Strata {name}, other methods");
        return routes.MapMethods(path, methods, Safely(answer)).WithDisplayName($"Strata {name}");
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
            var failure = Failure.From(exception);
            if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            {
                context.Abort();
                return;
            }

            if (failure.Outcome == Failure.Unknown)
            {
                Log.Failed(logger, exception, context.Request.Path);
            }

            StringValues allow = context.Response.Headers.Allow;
            context.Response.Clear();
            context.Response.StatusCode = failure.Status;
            context.Response.Headers.Allow = allow;
            if (failure.RetryAfter is { } seconds)
            {
                context.Response.Headers.RetryAfter = seconds;
            }

            if (failure.Status == StatusCodes.Status415UnsupportedMediaType)
            {
                context.Response.Headers.AcceptEncoding = RequestBody.Encodings;
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

    /// <summary>Answers a question of yes or no by the status, and by JSON.</summary>
    private static Task HealthAsync(HttpContext context, string question, bool isHealthy, string? model = null)
    {
        context.Response.StatusCode = isHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return WriteAsync(context, json =>
        {
            json.WriteStartObject();
            if (model is not null)
            {
                json.WriteString("name"u8, model);
            }

            json.WriteBoolean(question, isHealthy);
            json.WriteEndObject();
        });
    }

    private Task ModelReadyAsync(HttpContext context)
    {
        ServedModel model = Find(context);
        return HealthAsync(context, "ready", model.State == ModelState.Ready, model.Name);
    }

    private Task ModelAsync(HttpContext context)
    {
        ServedModel model = Find(context);
        return WriteAsync(context, json => ModelJson.Write(json, model));
    }

    private async Task IndexAsync(HttpContext context)
    {
        var request = new RepositoryReader();
        await RequestBody.ReadAsync(context, options, memory, request.Read).ConfigureAwait(false);
        IEnumerable<ServedModel> models = repository.Models.Where(model => !request.OnlyReady || model.State == ModelState.Ready);
        await WriteAsync(context, json => ModelJson.WriteIndex(json, models)).ConfigureAwait(false);
    }

    private async Task LoadAsync(HttpContext context)
    {
        ServedModel model = await ChangedAsync(context).ConfigureAwait(false);
        await Loads.LoadAsync(model, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task UnloadAsync(HttpContext context)
    {
        ServedModel model = await ChangedAsync(context).ConfigureAwait(false);
        await model.UnloadAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private async Task<ServedModel> ChangedAsync(HttpContext context)
    {
        if (!options.AllowLoading)
        {
            throw ProtocolException.NotFound("This server does not let clients load models.");
        }

        ServedModel model = Find(context);
        await RequestBody.ReadAsync(context, options, memory, new RepositoryReader().Read).ConfigureAwait(false);
        return model;
    }

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = ModelJson.ContentType;
        var json = new Utf8JsonWriter(context.Response.BodyWriter, ModelJson.Options);
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

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The request to {Path} failed.")]
        public static partial void Failed(ILogger logger, Exception exception, PathString path);
    }
}
