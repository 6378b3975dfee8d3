using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Digits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Samples.Web;
using Strata;

const int MostBytes = 20_000_000;

// A page with networks in it. What it asks for is computed here, and once more by the same class in the browser.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseStaticWebAssets().ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MostBytes);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.AddProblemDetails();
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractJson.Default));
using var digits = DigitService.Open(builder.Configuration["Weights"]
    ?? typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "Weights").Value!);
using Photographs? photographs = builder.Configuration["PhotoWeights"] is { Length: > 0 } path ? new Photographs(path) : null;
var training = new DigitTraining(digits);
var examples = new Lazy<DigitSet>(() => DigitSet.Test());
var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.Use((context, next) =>
{
    // Nothing from elsewhere: scripts, styles and connections are this server's own. Pictures come as data, too.
    context.Response.Headers.ContentSecurityPolicy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'";
    context.Response.Headers.XContentTypeOptions = "nosniff";
    return next(context);
});

var api = app.MapGroup("/api");
api.MapGet("/abilities", () => new Abilities(digits.Version, $"{IsaSelection.Default}", photographs is not null));
api.MapGet("/weights", Results<FileContentHttpResult, NotFound> () => digits.Version > 0
    ? TypedResults.Bytes(digits.Weights, "application/octet-stream") : TypedResults.NotFound());
api.MapGet("/examples/{digit:range(0,9)}", (int digit) =>
    TypedResults.Bytes(examples.Value[Array.IndexOf(examples.Value.Labels, digit)].ToArray(), "application/octet-stream"));
api.MapPost("/digits", async Task<Results<Ok<Reading>, ProblemHttpResult>> (HttpRequest request) =>
    await Bodies.ReadAsync(request, Digit.Pixels) is not { Length: Digit.Pixels } pixels
        ? TypedResults.Problem($"A digit is {Digit.Pixels} bytes: 28×28 pixels, 0 is paper and 255 ink.", statusCode: 400)
        : digits.Read(pixels) is { } reading ? TypedResults.Ok(reading)
        : TypedResults.Problem("There are no weights yet: train the network first.", statusCode: 503));
api.MapPost("/photographs", async Task<Results<Ok<Sight>, ProblemHttpResult>> (HttpRequest request) =>
{
    if (photographs is null)
    {
        return TypedResults.Problem("The server was started without --PhotoWeights.", statusCode: 503);
    }

    try
    {
        return TypedResults.Ok(photographs.Look(await Bodies.ReadAsync(request, MostBytes)));
    }
    catch (InvalidDataException exception)
    {
        return TypedResults.Problem(exception.Message, statusCode: 400);
    }
});
api.MapPost("/training", Results<ServerSentEventsResult<TrainingReport>, ProblemHttpResult> (
    [FromQuery] int epochs, CancellationToken cancellationToken) =>
    epochs is < 1 or > DigitTraining.MostEpochs
        ? TypedResults.Problem($"epochs is {epochs}; it must be 1 to {DigitTraining.MostEpochs}.", statusCode: 400)
        : training.TryBegin(epochs, cancellationToken) is { } reports ? TypedResults.ServerSentEvents(reports)
        : TypedResults.Problem("Another training runs. Wait for its end.", statusCode: 409));
app.MapStaticAssets();
app.MapFallbackToFile("/", "index.html");
app.Run();
