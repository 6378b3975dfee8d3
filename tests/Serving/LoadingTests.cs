using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Strata.Serving.Models;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>Loads that are cancelled, fail or are overtaken, and files that are watched meanwhile.</summary>
public sealed class LoadingTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20), Often = TimeSpan.FromMilliseconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("strata-loading").FullName;
    private readonly Logs _logs = new();

    private string Weights => Path.Combine(_folder, "small.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_load_that_is_cancelled_before_it_begins_leaves_the_model_as_it_was()
    {
        var clock = new Clock();
        await using Server server = await StartAsync(
            Create<Small>, new ModelOptions { Seed = 1, LoadAtStart = false },
            builder => builder.Services.AddSingleton<TimeProvider>(clock));
        ServedModel model = server.Models.Find("small")!;
        using var cancellation = new CancellationTokenSource();
        clock.WhenAsked = cancellation.Cancel;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => model.LoadAsync(cancellation.Token));
        Assert.Equal((ModelState.Unloaded, null), (model.State, model.Failure));
        clock.WhenAsked = null;
        await model.LoadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ModelState.Ready, model.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_load_that_is_cancelled_while_it_reads_does_not_serve_and_is_freed(bool isServing)
    {
        using var cancellation = new CancellationTokenSource();
        bool isCancelled = false;
        CompiledNetwork? last = null;
        await using Server server = await StartAsync(
            options =>
            {
                last = Create<Small>(options);
                if (isCancelled)
                {
                    cancellation.Cancel();
                }

                return last;
            },
            new ModelOptions { Seed = 1, LoadAtStart = isServing });
        ServedModel model = server.Models.Find("small")!;
        isCancelled = true;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => model.LoadAsync(cancellation.Token));
        Assert.Equal((isServing ? ModelState.Ready : ModelState.Unloaded, isServing ? 1 : 0), (model.State, model.Generation));
        Assert.Throws<ObjectDisposedException>(() => last!.Forward(new float[36], new float[3]));
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_read_is_read_again_before_it_serves()
    {
        Save(Weights, 1);
        File.SetLastWriteTimeUtc(Weights, DateTime.UtcNow.AddHours(-1));
        int loads = 0;
        await using Server server = await StartAsync(
            options =>
            {
                Small network = Create<Small>(options);
                if (++loads == 1)
                {
                    Save(Weights, 2);
                }

                return network;
            },
            new ModelOptions { Weights = Weights, WatchInterval = Often });
        Assert.Equal(2, loads);
        await ServesAsync(server, 2);
    }

    [Fact]
    public async Task A_link_that_leads_nowhere_for_a_while_does_not_end_the_watch()
    {
        string second = Path.Combine(_folder, "second.safetensors");
        Save(Path.Combine(_folder, "first.safetensors"), 1);
        Save(second, 2);
        File.SetLastWriteTimeUtc(second, DateTime.UtcNow.AddHours(1));
        File.CreateSymbolicLink(Weights, Path.Combine(_folder, "first.safetensors"));
        await using Server server = await StartAsync(Create<Small>, new ModelOptions { Weights = Weights, WatchInterval = Often });
        File.Delete(Weights);
        File.CreateSymbolicLink(Weights, Weights);
        await UntilAsync(() => _logs.Lines.Any(line => line.Level == LogLevel.Warning));
        File.Delete(Weights);
        File.CreateSymbolicLink(Weights, second);
        await UntilAsync(() => server.Models.Find("small")!.Generation == 2);
        await ServesAsync(server, 2);
    }

    [Fact]
    public async Task A_file_that_could_not_be_read_once_is_read_at_the_next_look()
    {
        Save(Weights, 1);
        File.SetLastWriteTimeUtc(Weights, DateTime.UtcNow.AddHours(-1));
        int loads = 0;
        await using Server server = await StartAsync(
            options => ++loads == 2 ? throw new IOException("The file is in use.") : Create<Small>(options),
            new ModelOptions { Weights = Weights, WatchInterval = Often });
        Save(Weights, 2);
        await UntilAsync(() => server.Models.Find("small")!.Generation == 2);
        await ServesAsync(server, 2);
        Assert.Contains(
            (LogLevel.Error, "Model small: its weights were not loaded; the old weights go on serving. The file is in use."), _logs.Lines);
    }

    [Fact]
    public async Task A_model_without_weights_and_seed_is_warned_of()
    {
        Save(Weights, 1);
        await using Server server = await Server.StartAsync(
            models => models.AddModel<Small>("drawn").AddModel<Small>("seeded", options => options.Seed = 0)
                .AddModel<Small>("read", options => options.Weights = Weights),
            build: builder => builder.Logging.AddProvider(_logs));
        Assert.Equal(
            ["Model drawn has no Weights and no Seed: it serves a network that was never trained."],
            _logs.Lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Text));
    }

    private static TNetwork Create<TNetwork>(NetworkOptions options) where TNetwork : CompiledNetwork, INetwork<TNetwork> =>
        TNetwork.Create(options);

    /// <summary>Starts an app with a model whose instances the test makes.</summary>
    private Task<Server> StartAsync(
        Func<NetworkOptions, CompiledNetwork> create, ModelOptions options, Action<WebApplicationBuilder>? build = null) =>
        Server.StartAsync(
            models => models.Services.AddSingleton(new ModelRegistration(
                "small", services => new ServedModel("small", NetworkInfo.Of<Small>(), create, options, services))),
            build: builder =>
            {
                builder.Logging.AddProvider(_logs);
                build?.Invoke(builder);
            });

    private static async Task ServesAsync(Server server, int seed)
    {
        float[] inputs = Server.Samples(3, 36), outputs = new float[3];
        await server.Models.Find("small")!.InferAsync(inputs, outputs, cancellation: TestContext.Current.CancellationToken);
        using var network = new Small(seed: (ulong)seed);
        Assert.Equal(Server.Alone(network, inputs), outputs);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var end = new CancellationTokenSource(Soon);
        while (!condition())
        {
            await Task.Delay(10, end.Token);
        }
    }

    private static void Save(string path, int seed)
    {
        using var network = new Small(seed: (ulong)seed);
        network.Save(path);
    }

    /// <summary>The system's clock, which tells when it is asked.</summary>
    private sealed class Clock : TimeProvider
    {
        public Action? WhenAsked { get; set; }

        public override long GetTimestamp()
        {
            WhenAsked?.Invoke();
            return base.GetTimestamp();
        }
    }
}
