using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Strata.Serving.Batching;

namespace Strata.Serving.Tests;

/// <summary>What goes wrong only after many requests. The tests make some, and the soak command <c>serving</c> makes many.</summary>
internal static class LongRuns
{
    private const int Clients = 8, InputLength = 36, OutputLength = 3;

    /// <summary>How much a process may grow after its first tenth, in bytes: caches fill, and the collector takes its time.</summary>
    private const long MostGrowth = 32 * 1024 * 1024;

    private const string Head = "Inference-Header-Content-Length";

    private static readonly byte[] Json = Encoding.UTF8.GetBytes(
        """{"parameters":{"binary_data_output":true},"inputs":[{"name":"input","shape":[1,1,6,6],"datatype":"FP32","parameters":{"binary_data_size":144}}]}""");

    /// <param name="Count">How many calls were made.</param>
    /// <param name="Time">How long they took together.</param>
    /// <param name="Growth">By how many bytes the process grew after the first tenth.</param>
    /// <param name="Failures">What went wrong.</param>
    internal sealed record Report(int Count, TimeSpan Time, long Growth, string[] Failures)
    {
        public override string ToString() =>
            $"{Count:N0} in {Time.TotalSeconds:N1} s, {Count / Time.TotalSeconds:N0} per second; memory grew by {Growth / 1048576.0:F1} MB"
            + (Failures.Length == 0 ? "" : "\n" + string.Join('\n', Failures.Take(10)));
    }

    /// <summary>Calls in the same process, from some clients at once. All outputs must have the bits of a call alone.</summary>
    public static async Task<Report> InferenceAsync(int count)
    {
        await using Server server = await Server.StartAsync(models => models.AddModel<Small>("small", options => options.Seed = 7));
        IInference<Small> inference = server.Services.GetRequiredService<IInference<Small>>();
        (float[] inputs, float[] expected) = Sample();
        return await RunAsync(count, () =>
        {
            float[] outputs = new float[OutputLength];
            return async () =>
            {
                await inference.InferAsync(inputs, outputs, cancellation: CancellationToken.None);
                return outputs.AsSpan().SequenceEqual(expected) ? null : $"outputs {string.Join(", ", outputs)}";
            };
        });
    }

    /// <summary>Calls that go through the queue, to an engine that takes no time.</summary>
    public static async Task<Report> QueueAsync(int count)
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new ServingMetrics(services.GetRequiredService<IMeterFactory>());
        var batcher = new Batcher("model", new ModelOptions(), new Doubling(), new ModelMetrics(metrics, "model"), TimeProvider.System);
        int number = 0;
        Report report = await RunAsync(count, () =>
        {
            float[] input = [Interlocked.Increment(ref number)], output = [0];
            return async () =>
            {
                await batcher.InferAsync(input, output, 1, default, CancellationToken.None);
                return output[0] == 2 * input[0]++ ? null : $"2 · {input[0] - 1} is {output[0]}";
            };
        });
        batcher.Close();
        return report;
    }

    private sealed class Doubling : IBatchEngine
    {
        public int InputLength => 1;

        public int OutputLength => 1;

        public BatchCosts Costs { get; } = BatchCosts.From(Enumerable.Range(1, 16).Select(size => (size, 1.0)));

        public IBatchEngine At(ReadOnlySpan<int> size) => this;

        public void Forward(ReadOnlySpan<float> inputs, Span<float> outputs)
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                outputs[i] = 2 * inputs[i];
            }
        }
    }

    /// <summary>Requests over HTTP, as binary tensors.</summary>
    public static async Task<Report> RequestsAsync(int count)
    {
        await using Server server = await Server.StartAsync(models => models.AddModel<Small>("small", options => options.Seed = 7));
        (float[] inputs, float[] expected) = Sample();
        byte[] body = [.. Json, .. MemoryMarshal.AsBytes(inputs.AsSpan()).ToArray()];
        byte[] bytes = MemoryMarshal.AsBytes(expected.AsSpan()).ToArray();
        return await RunAsync(count, () => async () =>
        {
            using HttpResponseMessage response = await PostAsync(server, body, $"{Json.Length}");
            byte[] answer = await response.Content.ReadAsByteArrayAsync(CancellationToken.None);
            return answer.AsSpan().EndsWith(bytes) ? null : Encoding.UTF8.GetString(answer);
        });
    }

    /// <summary>Weights are exchanged again and again while clients ask. No answer may be lost, or of neither weights.</summary>
    public static async Task<Report> ReloadsAsync(int count)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("strata-reloads-");
        string weights = Path.Combine(folder.FullName, "small.safetensors");
        float[] inputs = Server.Samples(1, InputLength);
        float[][] expected = [Save(weights, 2, inputs), Save(weights, 1, inputs)];
        try
        {
            await using Server server = await Server.StartAsync(
                models => models.AddModel<Small>("small", options => options.Weights = weights));
            ServedModel model = server.Models.Find("small")!;
            var failures = new ConcurrentQueue<string>();
            using var end = new CancellationTokenSource();
            Task[] clients = [.. Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
            {
                float[] outputs = new float[OutputLength];
                while (!end.IsCancellationRequested)
                {
                    // The call may end at once, and others need the thread.
                    await Task.Yield();
                    await model.InferAsync(inputs, outputs, cancellation: CancellationToken.None);
                    if (!expected.Any(one => one.SequenceEqual(outputs)))
                    {
                        failures.Enqueue($"outputs {string.Join(", ", outputs)}");
                    }
                }
            }))];
            int loads = 0;
            Report report = await RunAsync(count, () => async () =>
            {
                int load = Interlocked.Increment(ref loads);
                await model.LoadAsync();
                return model.Generation > load ? null : $"generation {model.Generation} after load {load}";
            }, clients: 1);
            await end.CancelAsync();
            await Task.WhenAll(clients);
            return report with { Failures = [.. report.Failures, .. failures] };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Damaged requests. Each must be answered, with outputs or with the protocol's error.</summary>
    public static async Task<Report> MalformedAsync(int count, int seed)
    {
        await using Server server = await Server.StartAsync(models => models.AddModel<Small>("small", options => options.Seed = 7));
        (float[] inputs, _) = Sample();
        byte[] binary = [.. Json, .. MemoryMarshal.AsBytes(inputs.AsSpan()).ToArray()];
        byte[] text = Encoding.UTF8.GetBytes(
            "{\"id\":\"a\",\"inputs\":[{\"name\":\"input\",\"shape\":[1,1,6,6],\"datatype\":\"FP32\",\"data\":["
            + string.Join(',', inputs.Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))
            + "]}],\"outputs\":[{\"name\":\"output\",\"parameters\":{\"binary_data\":false}}],"
            + "\"parameters\":{\"timeout\":10000000,\"priority\":1}}");
        int number = 0;
        return await RunAsync(count, () => async () =>
        {
            int own = Interlocked.Increment(ref number);
            var random = new Random((seed * 1_000_003) + own);
            bool isBinary = random.Next(2) == 0;
            byte[] body = Damage(isBinary ? binary : text, random);
            string? head = random.Next(8) == 0 ? new[] { "", "-1", "x", "99999999999", $"{random.Next(400)}" }[random.Next(5)]
                : isBinary ? $"{Json.Length}" : null;
            using HttpResponseMessage response = await PostAsync(server, body, head);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(CancellationToken.None);
            return IsOfProtocol(response, answer) ? null
                : $"request {own}: {(int)response.StatusCode} {Encoding.UTF8.GetString(answer)} to {Convert.ToBase64String(body)} ({head})";
        });
    }

    private static bool IsOfProtocol(HttpResponseMessage response, byte[] answer)
    {
        if (response.IsSuccessStatusCode)
        {
            return answer.Length > 0;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            return (int)response.StatusCode is >= 400 and < 500 or 504
                && document.RootElement.GetProperty("error").GetString() is { Length: > 0 };
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] Damage(byte[] request, Random random)
    {
        byte[] bytes = [.. request];
        for (int i = random.Next(1, 5); i > 0 && bytes.Length > 1; i--)
        {
            int at = random.Next(bytes.Length), length = random.Next(1, Math.Min(40, bytes.Length - at) + 1);
            bytes = random.Next(5) switch
            {
                0 => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
                1 => [.. bytes[..at], .. bytes[(at + length)..]],
                2 => [.. bytes[..(at + length)], .. bytes[at..]],
                3 => bytes[..at],
                _ => [.. bytes[..at], (byte)"0123456789-.eE[]{}\",:"[random.Next(21)], .. bytes[at..]],
            };
        }

        return bytes;
    }

    private static async Task<HttpResponseMessage> PostAsync(Server server, byte[] body, string? head)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (head is not null)
        {
            content.Headers.TryAddWithoutValidation(Head, head);
        }

        return await server.Http.PostAsync(new Uri("v2/models/small/infer", UriKind.Relative), content, CancellationToken.None);
    }

    private static (float[] Inputs, float[] Outputs) Sample()
    {
        float[] inputs = Server.Samples(1, InputLength);
        using var network = new Small(seed: 7);
        return (inputs, Server.Alone(network, inputs));
    }

    private static float[] Save(string file, int seed, float[] inputs)
    {
        using var network = new Small(seed: (ulong)seed);
        network.Save(file);
        return Server.Alone(network, inputs);
    }

    /// <summary>Makes calls from some clients, and measures the memory after a tenth and after all of them.</summary>
    private static async Task<Report> RunAsync(int count, Func<Func<Task<string?>>> client, int clients = Clients)
    {
        var failures = new ConcurrentQueue<string>();
        var watch = Stopwatch.StartNew();
        async Task MakeAsync(int calls)
        {
            int left = calls;
            await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
            {
                Func<Task<string?>> call = client();
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    if (await call() is { } failure)
                    {
                        failures.Enqueue(failure);
                    }
                }
            })));
        }

        await MakeAsync(count / 10);
        long before = Memory();
        await MakeAsync(count - (count / 10));
        TimeSpan time = watch.Elapsed;
        long growth = Memory() - before;
        if (growth > MostGrowth)
        {
            failures.Enqueue($"the process grew by {growth / 1048576.0:F1} MB");
        }

        return new Report(count, time, growth, [.. failures]);
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
