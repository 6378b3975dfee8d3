using System;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Strata.Serving.Grpc;
using Strata.Serving.Protocol;
using Strata.Serving.Rest;

namespace Strata.Serving;

/// <summary>Maps the server's endpoints.</summary>
public static class StrataWebApplicationExtensions
{
    /// <summary>
    /// Maps the Open Inference Protocol, version 2: REST below <c>/v2</c> and gRPC. The result takes ASP.NET Core's own authorization, rate
    /// limits and CORS for all of them; the two health probes of REST stay open to everyone.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <returns>All endpoints together.</returns>
    /// <exception cref="InvalidOperationException"><c>AddStrata</c> was not called.</exception>
    public static IEndpointConventionBuilder MapStrata(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        RestEndpoints rest = endpoints.ServiceProvider.GetService<RestEndpoints>()
            ?? throw new InvalidOperationException("Call builder.Services.AddStrata() before app.MapStrata().");
        RouteGroupBuilder group = endpoints.MapGroup("");
        rest.Map(group);
        GrpcRequests.Limit(group.MapGrpcService<InferenceService>(), endpoints.ServiceProvider.GetRequiredService<RequestMemory>());
        return group;
    }

    /// <summary>
    /// Makes Kestrel listen on two ports: HTTP/1.1 for REST, and HTTP/2 for gRPC, since one port without TLS cannot have both. With TLS,
    /// one port does: configure Kestrel as usual instead.
    /// </summary>
    /// <param name="builder">The app's builder.</param>
    /// <param name="restPort">The port for REST; 0 for any.</param>
    /// <param name="grpcPort">The port for gRPC; 0 for any.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A port is not within 0 to 65,535.</exception>
    public static WebApplicationBuilder AddStrataEndpoints(this WebApplicationBuilder builder, int restPort = 8080, int grpcPort = 8081)
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach ((int port, string name) in new[] { (restPort, nameof(restPort)), (grpcPort, nameof(grpcPort)) })
        {
            ArgumentOutOfRangeException.ThrowIfNegative(port, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue, name);
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenAnyIP(restPort, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.ListenAnyIP(grpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        return builder;
    }
}
