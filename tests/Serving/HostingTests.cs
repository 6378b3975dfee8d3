using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>Models in an app: weights that change, services, health, metrics, authorization.</summary>
public sealed class HostingTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("strata-serving").FullName;

    private string Weights => Path.Combine(_folder, "small.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Code_of_the_same_process_takes_the_model_as_a_service()
    {
        await using Server server = await Server.StartAsync(models => models
            .AddModel<Small>("first", options => options.Seed = 1).AddModel<Small>("second", options => options.Seed = 2));
        float[] inputs = Server.Samples(3, 2 * 36), outputs = new float[6];
        foreach (int seed in new[] { 1, 2 })
        {
            IInference<Small> inference = server.Services.GetRequiredKeyedService<IInference<Small>>(seed == 1 ? "first" : "second");
            Assert.Equal((36, 3), (inference.InputLength, inference.OutputLength));
            await inference.InferAsync(inputs, outputs, cancellation: TestContext.Current.CancellationToken);
            using var network = new Small(seed: (ulong)seed);
            Assert.Equal(Server.Alone(network, inputs), outputs);
        }

        IInference<Small> last = server.Services.GetRequiredService<IInference<Small>>();
        await last.InferAsync(inputs, outputs, cancellation: TestContext.Current.CancellationToken);
        ArgumentException wrong = await Assert.ThrowsAsync<ArgumentException>(
            () => last.InferAsync(new float[35], outputs, cancellation: CancellationToken.None).AsTask());
        Assert.StartsWith("Model 'second' takes 1 to 16 samples of 36 floats in a call, not 35 floats.", wrong.Message,
            StringComparison.Ordinal);
        wrong = await Assert.ThrowsAsync<ArgumentException>(
            () => last.InferAsync(inputs, new float[5], cancellation: CancellationToken.None).AsTask());
        Assert.StartsWith("The outputs of 2 samples are 6 floats; there is room for 5.", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_weights_serve_when_they_are_checked_and_no_request_is_lost_or_mixed()
    {
        Save(1);
        await using Server server = await Server.StartAsync(models => models.AddModel<Small>("small", options =>
        {
            options.Weights = Weights;
            options.MaxBatch = 8;
        }));
        IInference<Small> inference = server.Services.GetRequiredService<IInference<Small>>();
        float[] inputs = Server.Samples(3, 36);
        float[][] expected = [.. Enumerable.Range(1, 2).Select(seed =>
        {
            using var network = new Small(seed: (ulong)seed);
            return Server.Alone(network, inputs);
        })];
        using var end = new CancellationTokenSource();
        int started = 0;
        Task<int>[] clients = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            int count = 0;
            float[] outputs = new float[3];
            Interlocked.Increment(ref started);
            for (; count == 0 || !end.IsCancellationRequested; count++)
            {
                // The call may end at once, and others need the thread.
                await Task.Yield();
                await inference.InferAsync(inputs, outputs, cancellation: CancellationToken.None);
                Assert.Contains(expected, one => one.SequenceEqual(outputs));
            }

            return count;
        }, TestContext.Current.CancellationToken))];
        await UntilAsync(() => Volatile.Read(ref started) == 4);
        ServedModel model = server.Models.Find("small")!;
        float[] after = new float[3];
        for (int i = 0; i < 10; i++)
        {
            Save((i % 2) + 1);
            await model.LoadAsync(TestContext.Current.CancellationToken);
            await inference.InferAsync(inputs, after, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(expected[i % 2], after);
        }

        await end.CancelAsync();
        Assert.All(await Task.WhenAll(clients).WaitAsync(Soon, TestContext.Current.CancellationToken), count => Assert.True(count > 0));
        Assert.Equal(11, model.Generation);
    }

    [Fact]
    public async Task Weights_that_are_damaged_or_compute_something_else_never_serve()
    {
        Save(1);
        float[] inputs = Server.Samples(3, 36);
        using var network = new Small(seed: 1);
        float[] expected = Server.Alone(network, inputs), outputs = new float[3];
        await using Server server = await Server.StartAsync(models => models.AddModel<Small>("small", options =>
        {
            options.Weights = Weights;
            options.Check = new ModelCheck(inputs, expected, 1e-6);
        }));
        ServedModel model = server.Models.Find("small")!;
        Save(2);
        InvalidDataException wrong = await Assert.ThrowsAsync<InvalidDataException>(
            () => model.LoadAsync(TestContext.Current.CancellationToken));
        Assert.Matches(@"^Output \d of the check is [\d.E-]+ instead of [\d.E-]+, which differs by more than 1E-06\.$", wrong.Message);
        Assert.Equal((ModelState.Ready, wrong.Message), (model.State, model.Failure));
        await File.WriteAllTextAsync(Weights, "nothing", TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<Exception>(() => model.LoadAsync(TestContext.Current.CancellationToken));
        await model.InferAsync(inputs, outputs, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(expected, outputs);
        Save(1);
        await model.LoadAsync(TestContext.Current.CancellationToken);
        Assert.Null(model.Failure);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nothing")]
    public async Task An_app_whose_weights_cannot_be_read_ends_with_an_exit_code_and_says_why(string? content)
    {
        if (content is not null)
        {
            await File.WriteAllTextAsync(Weights, content, TestContext.Current.CancellationToken);
        }

        var logs = new Logs();
        try
        {
            await using Server server = await Server.StartAsync(
                models => models.AddModel<Small>("small", options => options.Weights = Weights),
                build: builder => builder.Logging.AddProvider(logs));
            CancellationToken end = server.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            await UntilAsync(() => end.IsCancellationRequested);
            Assert.Equal(1, Environment.ExitCode);
            string[] errors = [.. logs.Lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Text)];
            Assert.StartsWith("Model small: its weights were not loaded; it does not serve. ", errors[0], StringComparison.Ordinal);
            Assert.Contains(Weights, errors[0], StringComparison.Ordinal);
            Assert.Equal(["The app ends, since model small cannot serve."], errors[1..]);
            Assert.False(logs.HasExceptions);
        }
        finally
        {
            Environment.ExitCode = 0;
        }
    }

    [Fact]
    public async Task A_file_that_changes_is_loaded()
    {
        Save(1);
        await using Server server = await Server.StartAsync(models => models.AddModel<Small>("small", options =>
            (options.Weights, options.WatchInterval) = (Weights, TimeSpan.FromMilliseconds(20))));
        ServedModel model = server.Models.Find("small")!;
        await File.WriteAllTextAsync(Weights, "nothing", TestContext.Current.CancellationToken);
        await UntilAsync(() => model.Failure is not null);
        Save(2);
        await UntilAsync(() => model.Generation == 2);
        Assert.Null(model.Failure);
        float[] inputs = Server.Samples(3, 36), outputs = new float[3];
        await model.InferAsync(inputs, outputs, cancellation: TestContext.Current.CancellationToken);
        using var network = new Small(seed: 2);
        Assert.Equal(Server.Alone(network, inputs), outputs);
    }

    [Fact]
    public async Task Clients_load_and_unload_models_where_they_may()
    {
        await using Server server = await Server.StartAsync(
            models => models.AddModel<Small>("small", options => options.LoadAtStart = false), options => options.AllowLoading = true);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.GetAsync("v2/models/small/ready")).StatusCode);
        HttpResponseMessage response = await server.PostAsync("v2/models/small/infer", Json(Server.Samples(1, 36)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("1", response.Headers.RetryAfter!.ToString());
        Assert.Equal("""{"error":"Model 'small' is not ready: it is not loaded."}""", await Requests.TextAsync(response));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("v2/repository/models/small/load")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("v2/models/small/infer", Json(Server.Samples(1, 36)))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("v2/repository/models/small/unload")).StatusCode);
        Assert.Contains("UNAVAILABLE", await Requests.TextAsync(await server.PostAsync("v2/repository/index")),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await server.PostAsync("v2/repository/models/large/load")).StatusCode);
    }

    [Fact]
    public async Task A_full_queue_and_a_late_request_have_their_own_statuses()
    {
        await using Server server = await Server.StartAsync(models => models.AddModel<Small>("small", options =>
        {
            options.MaxBatch = 1;
            options.QueueCapacity = 1;
        }));
        var statuses = new ConcurrentDictionary<HttpStatusCode, HttpResponseMessage>();
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            HttpResponseMessage response = await server.PostAsync("v2/models/small/infer", Json(Server.Samples(i, 36)));
            statuses.TryAdd(response.StatusCode, response);
        });
        Assert.Superset(new[] { HttpStatusCode.OK }.ToHashSet(), statuses.Keys.ToHashSet());
        Assert.Subset(new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable }.ToHashSet(), statuses.Keys.ToHashSet());
        if (statuses.TryGetValue(HttpStatusCode.ServiceUnavailable, out HttpResponseMessage? full))
        {
            Assert.Equal("1", full.Headers.RetryAfter!.ToString());
            Assert.Contains("The queue of model 'small' is full: 1 samples wait.", await Requests.TextAsync(full),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Requests_that_are_too_long_are_refused()
    {
        await using Server server = await Server.StartAsync(
            models => models.AddModel<Small>("small"), options => options.MaxRequestLength = 2000);
        HttpResponseMessage response = await server.PostAsync("v2/models/small/infer", new ByteArrayContent(new byte[2001]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("""{"error":"The request has 2001 bytes or more; at most 2000 are taken."}""",
            await Requests.TextAsync(response));

        // Without a length that is said before.
        using var request = new HttpRequestMessage(HttpMethod.Post, "v2/models/small/infer")
        {
            Content = new ByteArrayContent(new byte[5000]),
        };
        request.Headers.TransferEncodingChunked = true;
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge,
            (await server.Http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_connection_goes_on_after_a_request_that_is_too_long()
    {
        await using Server server = await Server.StartAsync(
            models => models.AddModel<Small>("small"), options => options.MaxRequestLength = 2000);
        int connections = 0;
        using var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1,
            ConnectCallback = async (context, cancellation) =>
            {
                Interlocked.Increment(ref connections);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(server.RestAddress) };
        for (int i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "v2/models/small/infer")
            {
                Content = new ByteArrayContent(new byte[5000]),
            };
            request.Headers.TransferEncodingChunked = true;
            HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }

        Assert.Equal(1, connections);
    }

    [Fact]
    public async Task Requests_may_be_longer_than_Kestrel_allows_other_endpoints()
    {
        await using Server server = await Server.StartAsync(
            models => models.AddModel<Small>("small"), build: builder => builder.WebHost.ConfigureKestrel(
                kestrel => kestrel.Limits.MaxRequestBodySize = 100));
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("v2/models/small/infer", Json(Server.Samples(1, 36)))).StatusCode);
    }

    [Fact]
    public async Task Endpoints_take_the_conventions_of_the_app()
    {
        await using Server server = await Server.StartAsync(
            models => models.AddModel<Small>("small"),
            map: endpoints => endpoints.AddEndpointFilter((context, next) => ValueTask.FromResult<object?>(Results.Unauthorized())));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.GetAsync("v2")).StatusCode);
        await using Server limited = await Server.StartAsync(
            models => models.AddModel<Small>("small"), map: endpoints => endpoints.RequireHost("example.org"));
        Assert.Equal(HttpStatusCode.NotFound, (await limited.GetAsync("v2")).StatusCode);
    }

    [Theory]
    [InlineData("v2/health/live")]
    [InlineData("v2/health/ready")]
    public async Task Probes_need_no_authorization(string path)
    {
        await using Server server = await Server.StartAsync(
            models => models.AddModel<Small>("small"), map: endpoints => endpoints.RequireAuthorization(),
            build: builder =>
            {
                builder.Services.AddAuthentication().AddBearerToken();
                builder.Services.AddAuthorization();
            });
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.GetAsync("v2")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData("v2/health/live")]
    [InlineData("v2/health/ready")]
    public async Task Probes_have_no_rate_limit(string path)
    {
        await using Server server = await Server.StartAsync(
            models => models.AddModel<Small>("small"), map: endpoints => endpoints.RequireRateLimiting("one"),
            build: builder => builder.Services.AddRateLimiter(limiter => limiter.AddFixedWindowLimiter(
                "one", window => (window.PermitLimit, window.Window) = (1, TimeSpan.FromHours(1)))),
            use: app => app.UseRateLimiter());
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("v2")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.GetAsync("v2")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task The_health_check_says_which_models_are_not_ready()
    {
        await using Server server = await Server.StartAsync(models => models.AddModel<Small>("small").AddModel<Several>("several"));
        HealthCheckService health = server.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);
        await server.Models.Find("several")!.UnloadAsync(TestContext.Current.CancellationToken);
        HealthReport report = await health.CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HealthStatus.Unhealthy, "Not ready: several"), (report.Status, report.Entries["strata"].Description));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.GetAsync("v2/health/ready")).StatusCode);
    }

    [Fact]
    public async Task Metrics_count_requests_batches_and_loads()
    {
        var seen = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Strata.Serving")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        void Add(string name, double value, ReadOnlySpan<System.Collections.Generic.KeyValuePair<string, object?>> tags)
        {
            string[] labels = [.. tags.ToArray().Select(tag => $"{tag.Value}")];
            if (labels[0] == "metered")
            {
                seen.AddOrUpdate($"{name} {string.Join(' ', labels)}", value, (_, sum) => sum + value);
            }
        }

        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument.Name, value, tags));
        listener.Start();
        using (var ones = new Small())
        {
            foreach (Parameter parameter in ones.Parameters)
            {
                parameter.CopyFrom(Enumerable.Repeat(1f, parameter.Length).ToArray());
            }

            ones.Save(Weights);
        }

        await using Server server = await Server.StartAsync(models => models.AddModel<Small>(
            "metered", options => options.Weights = Weights));
        await server.PostAsync("v2/models/metered/infer", Json(Server.Samples(1, 36)));
        await server.PostAsync("v2/models/metered/infer", Json(Server.Samples(1, 3)));

        // The sums overflow. JSON has no number for what comes out.
        HttpResponseMessage noNumber = await server.PostAsync("v2/models/metered/infer", Json([.. Enumerable.Repeat(3e38f, 36)]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, noNumber.StatusCode);
        listener.RecordObservableInstruments();
        Assert.Equal(1, seen["strata.serving.requests metered success"]);
        Assert.Equal(2, seen["strata.serving.requests metered invalid"]);
        Assert.Equal(2, seen["strata.serving.batch.size metered"]);
        Assert.Equal(1, seen["strata.serving.reloads metered success"]);
        Assert.Equal(0, seen["strata.serving.queue.length metered"]);
        Assert.InRange(seen["strata.serving.queue.duration metered"], 0, 20);
        Assert.InRange(seen["strata.serving.computation.duration metered"], 0, 20);
    }

    [Fact]
    public async Task A_trace_tells_how_long_a_request_waited_and_computed()
    {
        var seen = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Strata.Serving" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = seen.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using Server server = await Server.StartAsync(models => models.AddModel<Small>("traced"));
        ActivityTraceId trace = ActivityTraceId.CreateRandom();
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("v2/models/traced/infer", UriKind.Relative))
        {
            Content = Json(Server.Samples(1, 36)),
        };
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        Assert.Equal(
            HttpStatusCode.OK, (await server.Http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);

        Activity[] ours = [.. seen.Where(activity => activity.TraceId == trace)];
        Activity[] steps = [.. ours.Where(activity => activity.Source.Name == "Strata.Serving")];
        Assert.Contains(steps, step => step.OperationName == "strata.serving.computation");
        Assert.All(steps, step =>
        {
            Assert.Contains(step.OperationName, (string[])["strata.serving.queue", "strata.serving.computation"]);
            Assert.Equal(("traced", 1), (step.GetTagItem("model"), step.GetTagItem("samples")));
            Assert.Equal(ActivityStatusCode.Unset, step.Status);
            Assert.True(step.HasRemoteParent == false && step.ParentSpanId != default);
        });
    }

    [Fact]
    public void Options_out_of_range_and_names_that_are_taken_are_refused_when_the_app_is_built()
    {
        StrataServingBuilder models = new ServiceCollection().AddStrata();
        Assert.Contains("Model 'a': MaxBatch", Assert.Throws<ArgumentOutOfRangeException>(
            () => models.AddModel<Small>("a", options => options.MaxBatch = 0)).Message, StringComparison.Ordinal);
        Assert.Contains("Model 'a': QueueCapacity", Assert.Throws<ArgumentOutOfRangeException>(
            () => models.AddModel<Small>("a", options => options.QueueCapacity = 3)).Message, StringComparison.Ordinal);
        models.AddModel<Small>("a");
        Assert.Contains("There is a model 'a' already.", Assert.Throws<ArgumentException>(() => models.AddModel<Several>("a")).Message,
            StringComparison.Ordinal);
        Assert.Contains("not 'a/b'", Assert.Throws<ArgumentException>(() => models.AddModel<Small>("a/b")).Message,
            StringComparison.Ordinal);
        Assert.Contains("called before", Assert.Throws<InvalidOperationException>(() => models.Services.AddStrata()).Message,
            StringComparison.Ordinal);
        Assert.Contains("AddStrata", Assert.Throws<InvalidOperationException>(
            () => WebApplication.CreateSlimBuilder().Build().MapStrata()).Message, StringComparison.Ordinal);
    }

    private static StringContent Json(float[] inputs) => new(
        """{"inputs":[{"name":"input","shape":[1,1,6,6],"datatype":"FP32","data":["""
        + string.Join(',', inputs.Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture))) + "]}]}",
        Encoding.UTF8, "application/json");

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var end = new CancellationTokenSource(Soon);
        while (!condition())
        {
            await Task.Delay(10, end.Token);
        }
    }

    private void Save(int seed)
    {
        using var network = new Small(seed: (ulong)seed);
        network.Save(Weights);
    }
}
