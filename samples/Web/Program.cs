using System;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Digits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Samples.Web;
using Strata;
using Strata.Imaging;

// A page with a network in it. The server computes what the page asks for; the browser reads digits by the same class.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseStaticWebAssets().ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = Limits.MaxPhotoBytes);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.AddProblemDetails();

// A name of another site that leads to this machine makes its pages look like the server's own (DNS rebinding). So only known names do.
builder.Services.Configure<HostFilteringOptions>(filter =>
{
    filter.AllowedHosts = (builder.Configuration["AllowedHosts"] ?? "localhost;127.0.0.1;[::1]").Split(';');
    filter.AllowEmptyHosts = false;
});
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractJson.Default));
using var digits = DigitService.Open(builder.Configuration["Weights"]
    ?? typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "Weights").Value!);
using PhotoClassifier? photos = builder.Configuration["PhotoWeights"] is { Length: > 0 } path ? new PhotoClassifier(path) : null;
var examples = new Lazy<DigitSet>(() => DigitSet.Test());

// A photograph of 24 megapixels takes 72 MB before it is resized, so only two are in work at once.
using var photosAtOnce = new SemaphoreSlim(2);
var app = builder.Build();
var training = new DigitTraining(digits, app.Lifetime.ApplicationStopping);
app.UseExceptionHandler(new ExceptionHandlerOptions
{
    StatusCodeSelector = exception => exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
});
app.UseStatusCodePages();
app.Use((context, next) =>
{
    // Nothing from elsewhere: scripts, styles and connections are this server's own. Pictures come as data, too.
    context.Response.Headers.ContentSecurityPolicy =
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'";
    context.Response.Headers.XContentTypeOptions = "nosniff";
    return next(context);
});

// Browsers say from where a request comes. The pages of other sites may not train this server.
var api = app.MapGroup("/api").AddEndpointFilter(async (context, next) => Caller.IsOwnPage(context.HttpContext.Request)
    ? await next(context) : TypedResults.Problem("Only the server's own page may ask.", statusCode: 403));
api.MapGet("/capabilities", () => new ServerCapabilities(
    digits.Weights?.Id, 32 * IsaSelection.Default.Lanes(), ClassifiesPhotos: photos is not null));
api.MapGet("/weights", Results<FileContentHttpResult, NotFound> () => digits.Weights is { } weights
    ? TypedResults.Bytes(weights.File, "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{weights.Id}\""))
    : TypedResults.NotFound());
api.MapGet("/examples/{digit:range(0,9)}", (int digit) =>
    TypedResults.Bytes(examples.Value[Array.IndexOf(examples.Value.Labels, digit)].ToArray(), "application/octet-stream"));
api.MapPost("/digits", async Task<Results<Ok<ExplainedReading>, ProblemHttpResult>> (HttpRequest request) =>
    await RequestBody.ReadAsync(request, Digit.Pixels) is not { Length: Digit.Pixels } pixels
        ? TypedResults.Problem($"A digit is {Digit.Pixels} bytes: 28×28 pixels, 0 is paper and 255 ink.", statusCode: 400)
        : digits.Read(pixels) is { } reading ? TypedResults.Ok(reading)
        : TypedResults.Problem("There are no weights yet: train the network first.", statusCode: 503));
api.MapPost("/photos", async Task<Results<Ok<PhotoResult>, ProblemHttpResult>> (HttpRequest request) =>
{
    if (photos is null)
    {
        return TypedResults.Problem("The server was started without --PhotoWeights.", statusCode: 503);
    }

    byte[] file = await RequestBody.ReadAsync(request, Limits.MaxPhotoBytes);
    await photosAtOnce.WaitAsync(request.HttpContext.RequestAborted);
    try
    {
        return TypedResults.Ok(photos.Classify(file));
    }
    catch (ImageFormatException exception)
    {
        return TypedResults.Problem(exception.Message, statusCode: 400);
    }
    finally
    {
        photosAtOnce.Release();
    }
});
api.MapPost("/training", Results<ServerSentEventsResult<TrainingReport>, ProblemHttpResult> (
    [FromQuery] int epochs, CancellationToken cancellationToken) =>
    epochs is < 1 or > Limits.MaxEpochs
        ? TypedResults.Problem($"epochs is {epochs}; it must be 1 to {Limits.MaxEpochs}.", statusCode: 400)
        : training.TryBegin(epochs, cancellationToken) is { } reports ? TypedResults.ServerSentEvents(reports)
        : TypedResults.Problem("Another training runs. Wait for its end.", statusCode: 409));
app.MapStaticAssets();
app.MapFallbackToFile("/", "index.html");
app.Run();
