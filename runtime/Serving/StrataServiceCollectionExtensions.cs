using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strata.Serving.Batching;
using Strata.Serving.Grpc;
using Strata.Serving.Hosting;
using Strata.Serving.Models;
using Strata.Serving.Protocol;
using Strata.Serving.Rest;

namespace Strata.Serving;

/// <summary>Adds the server to an app's services.</summary>
public static class StrataServiceCollectionExtensions
{
    /// <summary>
    /// Adds what serves networks: the <see cref="ModelRepository"/>, a health check <c>strata</c>, the meter <c>Strata.Serving</c>, and
    /// loading at the start. Add the models next, and map the endpoints with <c>MapStrata</c>.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">What is the same for all models.</param>
    /// <returns>Adds models.</returns>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static StrataServingBuilder AddStrata(this IServiceCollection services, Action<ServingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(ModelRepository)))
        {
            throw new InvalidOperationException("AddStrata was called before. Add all models to what it returned.");
        }

        var options = new ServingOptions();
        configure?.Invoke(options);
        options.Validate();
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(provider => new ServingMetrics(provider.GetRequiredService<IMeterFactory>()));
        services.AddSingleton(provider => new ModelRepository(Models(provider)));
        services.AddSingleton<RequestMemory>();
        services.AddSingleton<RestEndpoints>();
        services.AddHostedService<ModelLoading>();
        services.AddHealthChecks().AddCheck<ModelsHealthCheck>("strata", tags: ["ready"]);

        // For this service only: the app may have others. The limit is that of compressed and of decompressed messages.
        services.AddGrpc().AddServiceOptions<InferenceService>(grpc => grpc.MaxReceiveMessageSize = options.MaxRequestLength);
        return new StrataServingBuilder(services);
    }

    private static IEnumerable<ServedModel> Models(IServiceProvider provider)
    {
        var services = new ServedModelServices(
            provider.GetRequiredService<ServingMetrics>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ModelRepository>>(),
            provider.GetService<IHostEnvironment>()?.ContentRootPath ?? Environment.CurrentDirectory);
        return provider.GetServices<ModelRegistration>().Select(model => model.Create(services));
    }
}
