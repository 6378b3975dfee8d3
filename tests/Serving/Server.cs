using System;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Strata.Serving.Tests;

/// <summary>An app with models, on ports of its own.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly WebApplication _app;
    private GrpcChannel? _channel;

    private Server(WebApplication app)
    {
        _app = app;
        string[] addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => address.Replace("[::]", "127.0.0.1", StringComparison.Ordinal))];
        (RestAddress, GrpcAddress) = (addresses[0], addresses[1]);
        Http = new HttpClient { BaseAddress = new Uri(RestAddress) };
    }

    public string RestAddress { get; }

    public string GrpcAddress { get; }

    public HttpClient Http { get; }

    public GrpcChannel Channel => _channel ??= GrpcChannel.ForAddress(GrpcAddress);

    public IServiceProvider Services => _app.Services;

    public ModelRepository Models => Services.GetRequiredService<ModelRepository>();

    /// <summary>Starts an app as its users write it.</summary>
    public static async Task<Server> StartAsync(Action<StrataServingBuilder> add, Action<ServingOptions>? configure = null,
        Action<IEndpointConventionBuilder>? map = null, Action<WebApplicationBuilder>? build = null, Action<WebApplication>? use = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.AddStrataEndpoints(restPort: 0, grpcPort: 0);
        add(builder.Services.AddStrata(configure));
        build?.Invoke(builder);
        WebApplication app = builder.Build();
        use?.Invoke(app);
        IEndpointConventionBuilder endpoints = app.MapStrata();
        map?.Invoke(endpoints);
        await app.StartAsync();
        return new Server(app);
    }

    /// <summary>Inputs from −1 to 1, the same for the same seed.</summary>
    public static float[] Samples(int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    /// <summary>What a network computes without a server.</summary>
    public static float[] Alone<TNetwork>(TNetwork network, ReadOnlySpan<float> inputs) where TNetwork : CompiledNetwork
    {
        float[] outputs = new float[inputs.Length / network.InputLength * network.OutputLength];
        network.Forward(inputs, outputs);
        return outputs;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel?.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
