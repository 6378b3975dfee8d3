using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.Extensions.Time.Testing;
using Strata.Onnx;
using Strata.Serving.Batching;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>Models that take inputs of several sizes.</summary>
public sealed class SizesTests : IDisposable
{
    private static readonly int[][] Others = [[24, 32], [8, 8]];

    private readonly string _folder = Directory.CreateTempSubdirectory("strata-sizes").FullName;

    private string File => Path.Combine(_folder, "map.onnx");

    private static OnnxImportOptions Import => new() { Inputs = new Dictionary<string, IReadOnlyList<int>> { ["input"] = [3, 16, 16] } };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A network whose output is as large as its input, and one whose output is not.</summary>
    private void SaveMap(ulong seed = 1)
    {
        using CompiledNetwork network = new NetworkBuilder(3, 16, 16)
            .Conv2D(4, 3, padding: 1).ReLU().Conv2D(2, 1, name: "map").Output("map")
            .GlobalAveragePool2D(from: "map").Flatten().Dense(5).Output("scores")
            .Compile(new NetworkOptions { Seed = seed, Threads = 1 }, new CompileOptions { Sizes = Others });
        OnnxFile.Save(network, File, new OnnxSaveOptions { DynamicSizes = true });
    }

    private Task<Server> StartAsync(CompileOptions? compile, Action<ModelOptions>? configure = null) =>
        Server.StartAsync(models => models.AddOnnx("map", File, configure, Import, compile));

    private CompiledNetwork Alone() => OnnxFile.Load(File, Import, new NetworkOptions { Threads = 1 });

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> AskAsync(Server server, long[] shape, string name = "input")
    {
        float[] data = Server.Samples(3, (int)shape.Aggregate(1L, (product, extent) => product * extent));
        string request = JsonSerializer.Serialize(new { inputs = new[] { new { name, shape, datatype = "FP32", data } } });
        using var content = new StringContent(request);
        using HttpResponseMessage response = await server.Http.PostAsync(
            "v2/models/map/infer", content, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonSerializer.Deserialize<JsonElement>(text));
    }

    [Fact]
    public async Task Requests_of_each_size_get_what_the_network_computes_at_it()
    {
        SaveMap();
        await using Server server = await StartAsync(new CompileOptions { Sizes = Others });
        using CompiledNetwork alone = Alone();
        foreach (int[] size in Others.Prepend([16, 16]))
        {
            CompiledNetwork sized = alone.At(size);
            (HttpStatusCode status, JsonElement answer) = await AskAsync(server, [2, 3, size[0], size[1]]);
            Assert.Equal(HttpStatusCode.OK, status);
            float[] expected = Server.Alone(sized, Server.Samples(3, 2 * sized.InputLength));
            JsonElement map = answer.GetProperty("outputs")[0], scores = answer.GetProperty("outputs")[1];
            Assert.Equal([2, 2, size[0], size[1]], map.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32()));
            Assert.Equal([2, 5], scores.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32()));
            int length = 2 * size[0] * size[1];
            Assert.Equal(
                [.. expected.AsSpan(0, length), .. expected.AsSpan(length + 5, length)],
                map.GetProperty("data").EnumerateArray().Select(value => value.GetSingle()));
            Assert.Equal(
                [.. expected.AsSpan(length, 5), .. expected.AsSpan((2 * length) + 5, 5)],
                scores.GetProperty("data").EnumerateArray().Select(value => value.GetSingle()));
        }
    }

    [Fact]
    public async Task Metadata_have_minus_one_for_extents_that_depend_on_the_size()
    {
        SaveMap();
        await using Server server = await StartAsync(new CompileOptions { Sizes = Others });
        JsonElement model = JsonSerializer.Deserialize<JsonElement>(
            await server.Http.GetStringAsync("v2/models/map", TestContext.Current.CancellationToken));
        Assert.Equal("[[-1,3,-1,-1]]", Shapes(model.GetProperty("inputs")));
        Assert.Equal("[[-1,2,-1,-1],[-1,5]]", Shapes(model.GetProperty("outputs")));
        var client = new Grpc.GRPCInferenceService.GRPCInferenceServiceClient(server.Channel);
        Grpc.ModelMetadataResponse grpc = await client.ModelMetadataAsync(
            new Grpc.ModelMetadataRequest { Name = "map" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([-1, 3, -1, -1], Assert.Single(grpc.Inputs).Shape);
        Assert.Equal([-1, 2, -1, -1], grpc.Outputs[0].Shape);
        string description = await server.Http.GetStringAsync("v2/openapi.json", TestContext.Current.CancellationToken);
        Assert.Contains("N×3×?×?", description, StringComparison.Ordinal);

        static string Shapes(JsonElement tensors) =>
            $"[{string.Join(',', tensors.EnumerateArray().Select(tensor => tensor.GetProperty("shape").GetRawText()))}]";
    }

    [Fact]
    public async Task A_size_that_the_model_does_not_take_is_refused_with_those_that_it_takes()
    {
        SaveMap();
        await using Server server = await StartAsync(new CompileOptions { Sizes = Others });
        (HttpStatusCode status, JsonElement answer) = await AskAsync(server, [1, 3, 24, 24]);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            "Model 'map' takes no inputs of 24×24. Its sizes are 16×16, 24×32, 8×8.", answer.GetProperty("error").GetString());
        (status, answer) = await AskAsync(server, [1, 4, 24, 32]);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            "The input 'input' of model 'map' is N×3×?×? with 1 to 16 samples, not 1×4×24×32. Its sizes are 16×16, 24×32, 8×8.",
            answer.GetProperty("error").GetString());
        (status, _) = await AskAsync(server, [1, 3, 24, 0]);
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task Multiples_of_a_number_are_taken_as_they_come()
    {
        SaveMap();
        await using Server server = await StartAsync(new CompileOptions { SizeMultiple = 8 });
        using CompiledNetwork alone = Alone();
        (HttpStatusCode status, JsonElement answer) = await AskAsync(server, [1, 3, 40, 8]);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            Server.Alone(alone.At(40, 8), Server.Samples(3, 3 * 40 * 8)).Take(2 * 40 * 8),
            answer.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(value => value.GetSingle()));
        (status, answer) = await AskAsync(server, [1, 3, 12, 8]);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            "Model 'map' takes no inputs of 12×8. Its sizes are all whose extents are multiples of 8.",
            answer.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_class_serves_the_sizes_that_it_declares()
    {
        await using Server server = await Server.StartAsync(models => models.AddModel<Mapped>(
            "map", options => (options.Seed, options.MaxBatch) = (5, 4)));
        using var alone = new Mapped(new NetworkOptions { Seed = 5, Threads = 1 });
        int[][] sizes = [[16, 16], [8, 8], [8, 16], [8, 24]];

        // Requests of all sizes at once.
        float[][] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            (HttpStatusCode status, JsonElement answer) = await AskAsync(server, [2, 3, .. sizes[i % 4].Select(extent => (long)extent)]);
            Assert.Equal(HttpStatusCode.OK, status);
            JsonElement map = answer.GetProperty("outputs")[0];
            Assert.Equal([2, 2, .. sizes[i % 4]], map.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32()));
            return map.GetProperty("data").EnumerateArray().Select(value => value.GetSingle()).ToArray();
        }));
        Assert.All(answers.Select((answer, i) => (answer, sized: alone.At(sizes[i % 4]))), pair => Assert.Equal(
            Server.Alone(pair.sized, Server.Samples(3, 2 * pair.sized.InputLength)), pair.answer));

        (HttpStatusCode refused, JsonElement error) = await AskAsync(server, [1, 3, 16, 24]);
        Assert.Equal(HttpStatusCode.BadRequest, refused);
        Assert.Equal(
            "Model 'map' takes no inputs of 16×24. Its sizes are 16×16, 8×8, 8×16, 8×24.", error.GetProperty("error").GetString());
        JsonElement model = JsonSerializer.Deserialize<JsonElement>(
            await server.Http.GetStringAsync("v2/models/map", TestContext.Current.CancellationToken));
        Assert.Equal("[-1,3,-1,-1]", model.GetProperty("inputs")[0].GetProperty("shape").GetRawText());
    }

    [Fact]
    public async Task Without_a_word_about_sizes_a_file_has_one()
    {
        SaveMap();
        await using Server server = await StartAsync(compile: null);
        (HttpStatusCode status, JsonElement answer) = await AskAsync(server, [1, 3, 24, 32]);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            "The input 'input' of model 'map' is N×3×16×16 with 1 to 16 samples, not 1×3×24×32.",
            answer.GetProperty("error").GetString());
        (status, _) = await AskAsync(server, [1, 3, 16, 16]);
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Calls_of_several_sizes_at_once_have_the_bits_of_each_alone()
    {
        SaveMap();
        await using Server server = await StartAsync(new CompileOptions { Sizes = Others }, options => options.MaxBatch = 4);
        ServedModel model = server.Models.Find("map")!;
        using CompiledNetwork alone = Alone();
        int[][] sizes = [[], .. Others];
        (float[] Expected, float[] Output)[] calls = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            int[] size = sizes[i % sizes.Length];
            CompiledNetwork sized = size.Length == 0 ? alone : alone.At(size);
            float[] inputs = Server.Samples(i, (1 + (i % 3)) * sized.InputLength), expected = Server.Alone(sized, inputs);
            float[] outputs = new float[expected.Length];
            await model.InferAsync(inputs, outputs, new InferenceOptions { Size = size }, TestContext.Current.CancellationToken);
            return (expected, outputs);
        })));
        Assert.All(calls, call => Assert.Equal(call.Expected, call.Output));
        await Assert.ThrowsAsync<ArgumentException>(async () => await model.InferAsync(
            new float[3], new float[3], new InferenceOptions { Size = new[] { 9, 9 } }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Weights_that_are_loaded_again_serve_at_all_sizes()
    {
        SaveMap();
        await using Server server = await StartAsync(new CompileOptions { Sizes = Others });
        SaveMap(seed: 2);
        await server.Models.Find("map")!.LoadAsync(TestContext.Current.CancellationToken);
        using CompiledNetwork alone = Alone();
        (_, JsonElement answer) = await AskAsync(server, [1, 3, 24, 32]);
        Assert.Equal(
            Server.Alone(alone.At(24, 32), Server.Samples(3, 3 * 24 * 32)).Take(2 * 24 * 32),
            answer.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(value => value.GetSingle()));
    }

    [Fact]
    public void A_batch_has_calls_of_one_size()
    {
        var time = new FakeTimeProvider();
        var queue = new CallQueue(capacity: 16, maxBatch: 8, maxDelay: TimeSpan.Zero, time);
        int[] small = [8, 8], large = [24, 32];
        foreach (int[] size in new[] { small, [], large, [8, 8], small, [] })
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(queue.TryAdd(InferenceCall.Rent(
                new float[1], new float[1], 1, InferencePriority.Normal, time.GetTimestamp(), size)));
        }

        BatchCosts costs = BatchCosts.From(Enumerable.Range(1, 8).Select(size => (size, 1.0)));
        Assert.Equal(["8×8", "8×8", "8×8"], Taken());
        Assert.Equal(["", ""], Taken());
        Assert.Equal(["24×32"], Taken());
        Assert.Equal(0, queue.Waiting);

        string[] Taken()
        {
            var batch = new List<InferenceCall>();
            Assert.True(queue.Take(batch, costs));
            return [.. batch.Select(call => string.Join('×', call.Size.ToArray()))];
        }
    }

    [Fact]
    public async Task A_size_that_the_network_cannot_have_ends_the_load()
    {
        using (CompiledNetwork network = new NetworkBuilder(3, 16, 16).Conv2D(4, 3).Flatten().Dense(2).Compile())
        {
            OnnxFile.Save(network, File);
        }

        await using Server server = await StartAsync(
            new CompileOptions { Sizes = [[8, 8]] }, options => options.LoadAtStart = false);
        var refused = await Assert.ThrowsAsync<InvalidDataException>(
            () => server.Models.Find("map")!.LoadAsync(TestContext.Current.CancellationToken));
        Assert.Contains("cannot serve inputs of 8×8", refused.Message, StringComparison.Ordinal);
    }
}
