using System;
using System.IO;
using System.Linq;
using System.Reflection;
using Digits;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using Strata.Serving;

// The network that samples/Digits trains, behind REST (8080) and gRPC (8081), with Prometheus's metrics and a health check.
var builder = WebApplication.CreateSlimBuilder(args);
builder.AddStrataEndpoints(
    builder.Configuration.GetValue("RestPort", 8080), builder.Configuration.GetValue("GrpcPort", 8081));
string weights = Path.GetFullPath(builder.Configuration["Weights"]
    ?? typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "Weights").Value!);
if (!File.Exists(weights))
{
    Console.Error.WriteLine($"There are no weights at {weights}. Train them with: dotnet run -c Release --project samples/Digits");
    return 1;
}

builder.Services.AddStrata().AddModel<LeNet5>("digits", options =>
{
    options.Weights = weights;
    options.WatchInterval = TimeSpan.FromSeconds(1);     // train again, and it serves the new weights
    options.Timeout = TimeSpan.FromSeconds(1);
});
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
    .AddMeter("Strata.Serving", "Microsoft.AspNetCore.Hosting", "System.Runtime").AddPrometheusExporter());

var app = builder.Build();
app.MapStrata();
app.MapHealthChecks("/health");
app.MapPrometheusScrapingEndpoint();
app.Run();
return 0;
