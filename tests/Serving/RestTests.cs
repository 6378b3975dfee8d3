using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>The Open Inference Protocol over HTTP.</summary>
public sealed class RestTests : IAsyncLifetime
{
    private const string JsonLength = "Inference-Header-Content-Length";

    private Server _server = null!;

    public async ValueTask InitializeAsync() => _server = await Server.StartAsync(models => models
        .AddModel<Small>("small", options => (options.Seed, options.MaxBatch) = (7, 4))
        .AddModel<Several>("several", options => options.Seed = 8));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("v2/health/live", """{"live":true}""")]
    [InlineData("v2/health/ready", """{"ready":true}""")]
    [InlineData("v2/models/small/ready", """{"name":"small","ready":true}""")]
    [InlineData("v2/models/small/versions/1/ready", """{"name":"small","ready":true}""")]
    public async Task A_server_with_all_models_says_in_JSON_that_it_is_ready(string path, string expected)
    {
        HttpResponseMessage response = await _server.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, "application/json", expected), (
            response.StatusCode, response.Content.Headers.ContentType!.ToString(), await Requests.TextAsync(response)));
        using var head = new HttpRequestMessage(HttpMethod.Head, path);
        Assert.Equal(HttpStatusCode.OK, (await _server.Http.SendAsync(head, TestContext.Current.CancellationToken)).StatusCode);
        await _server.Models.Find("small")!.UnloadAsync(TestContext.Current.CancellationToken);
        if (!path.EndsWith("live", StringComparison.Ordinal))
        {
            response = await _server.GetAsync(path);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, expected.Replace("true", "false", StringComparison.Ordinal)),
                (response.StatusCode, await Requests.TextAsync(response)));
        }
    }

    [Theory]
    [InlineData("v2", """{"name":"strata","version":"VERSION","extensions":["binary_tensor_data","classification","model_repository"]}""")]
    [InlineData("v2/models/small",
        """{"name":"small","versions":["1"],"platform":"strata","inputs":[{"name":"input","datatype":"FP32","shape":[-1,1,6,6]}],"outputs":[{"name":"output","datatype":"FP32","shape":[-1,3]}]}""")]
    [InlineData("v2/models/several/versions/1",
        """{"name":"several","versions":["1"],"platform":"strata","inputs":[{"name":"map","datatype":"FP32","shape":[-1,2,3,3]},{"name":"features","datatype":"FP32","shape":[-1,4]}],"outputs":[{"name":"scores","datatype":"FP32","shape":[-1,2]},{"name":"boxes","datatype":"FP32","shape":[-1,3]}]}""")]
    public async Task Metadata_are_those_of_the_network(string path, string expected)
    {
        string version = typeof(ModelOptions).Assembly.GetName().Version!.ToString(3);
        Assert.Equal(expected.Replace("VERSION", version, StringComparison.Ordinal),
            await _server.Http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Numbers_as_JSON_come_back_with_the_bits_of_a_call_without_a_server()
    {
        float[] inputs = Server.Samples(1, 2 * 36);
        string data = string.Join(',', inputs.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
        JsonElement answer = await InferAsync("small",
            $$"""{"id":"seven","inputs":[{"name":"input","shape":[2,1,6,6],"datatype":"FP32","data":[{{data}}]}]}""");
        Assert.Equal(("seven", "small", "1"), (answer.GetProperty("id").GetString(), answer.GetProperty("model_name").GetString(),
            answer.GetProperty("model_version").GetString()));
        JsonElement output = Assert.Single(answer.GetProperty("outputs").EnumerateArray());
        Assert.Equal([2, 3], output.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32()));
        using var network = new Small(seed: 7);
        Assert.Equal(Server.Alone(network, inputs), output.GetProperty("data").EnumerateArray().Select(value => value.GetSingle()));
    }

    [Fact]
    public async Task Data_may_have_the_brackets_of_its_axes_and_properties_any_order()
    {
        float[] inputs = Server.Samples(2, 36);
        string rows = string.Join(',', inputs.Chunk(6).Select(
            row => "[" + string.Join(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture))) + "]"));
        JsonElement answer = await InferAsync("small",
            $$"""{"outputs":[{"name":"output"}],"inputs":[{"data":[[[{{rows}}]]],"unknown":{"a":[1]},"datatype":"FP32","shape":[1,1,6,6],"name":"input"}],"more":[{}]}""");
        using var network = new Small(seed: 7);
        Assert.Equal(Server.Alone(network, inputs),
            answer.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(value => value.GetSingle()));
    }

    [Fact]
    public async Task Binary_tensors_come_back_with_the_bits_of_a_call_without_a_server()
    {
        float[] inputs = Server.Samples(3, 3 * 36);
        HttpResponseMessage response = await InferBinaryAsync("small", [("input", [3, 1, 6, 6], inputs)],
            """{"name":"output","parameters":{"binary_data":true}}""");
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.MediaType);
        using var network = new Small(seed: 7);
        Assert.Equal(Server.Alone(network, inputs), Assert.Single(await BinaryOutputsAsync(response)));
    }

    [Fact]
    public async Task Several_inputs_and_outputs_keep_their_samples_apart()
    {
        float[] maps = Server.Samples(4, 2 * 18), features = Server.Samples(5, 2 * 4);
        HttpResponseMessage response = await InferBinaryAsync(
            "several", [("features", [2, 4], features), ("map", [2, 2, 3, 3], maps)],
            """{"name":"boxes","parameters":{"binary_data":true}},{"name":"scores","parameters":{"binary_data":true}}""");
        using var network = new Several(seed: 8);
        float[] inputs = [.. maps[..18], .. features[..4], .. maps[18..], .. features[4..]];
        float[] alone = Server.Alone(network, inputs);
        List<float[]> outputs = await BinaryOutputsAsync(response);
        Assert.Equal([.. alone[2..5], .. alone[7..10]], outputs[0]);
        Assert.Equal([.. alone[..2], .. alone[5..7]], outputs[1]);
    }

    [Theory]
    [InlineData(400, "The request is no JSON: ", "{")]
    [InlineData(400, "The request is no object: '['.", "[]")]
    [InlineData(400, "The request has no 'inputs'.", "{}")]
    [InlineData(400, "'inputs' is no array: '{'.", """{"inputs":{}}""")]
    [InlineData(400, "'id' is no text: '7'.", """{"id":7}""")]
    [InlineData(400, "The input 'input' of model 'small' is missing.", """{"inputs":[]}""")]
    [InlineData(400, "Model 'small' has no input 'x'; it has 'input'.",
        """{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""")]
    [InlineData(400, "The input 'input' is FP32, not 'INT8'.",
        """{"inputs":[{"name":"input","shape":[1,1,6,6],"datatype":"INT8","data":[1]}]}""")]
    [InlineData(400, "The input 'input' of model 'small' is N×1×6×6 with 1 to 4 samples, not 5×1×6×6.",
        """{"inputs":[{"name":"input","shape":[5,1,6,6],"datatype":"FP32","data":[1]}]}""")]
    [InlineData(400, "The input 'input' of model 'small' is N×1×6×6 with 1 to 4 samples, not 1×6×6.",
        """{"inputs":[{"name":"input","shape":[1,6,6],"datatype":"FP32","data":[1]}]}""")]
    [InlineData(400, "The input 'input' of shape 1×1×6×6 has 2 numbers instead of 36.",
        """{"inputs":[{"name":"input","shape":[1,1,6,6],"datatype":"FP32","data":[1,2]}]}""")]
    [InlineData(400, "Number 1 of 'data' is no FP32 number: 'a'.",
        """{"inputs":[{"name":"input","shape":[1,1,6,6],"datatype":"FP32","data":[1,"a"]}]}""")]
    [InlineData(400, "The input 'input' has neither 'data' nor 'binary_data_size'.",
        """{"inputs":[{"name":"input","shape":[1,1,6,6],"datatype":"FP32"}]}""")]
    [InlineData(400, "The input 'input' has 144 bytes, but only 0 stand behind the JSON and the inputs before.",
        """{"inputs":[{"name":"input","shape":[1,1,6,6],"datatype":"FP32","parameters":{"binary_data_size":144}}]}""")]
    [InlineData(400, "'shape' is no whole number: '1.5'.", """{"inputs":[{"name":"input","shape":[1.5]}]}""")]
    [InlineData(400, "Model 'small' has no output 'y'; it has 'output'.", """{"outputs":[{"name":"y"}]}""")]
    [InlineData(400, "The parameter 'timeout' is 0 to 3,600,000,000 microseconds, not -1.", """{"parameters":{"timeout":-1}}""")]
    [InlineData(400, "The input 'input' is FP32, not 'BYTES'.",
        """{"inputs":[{"name":"input","shape":[1,1,6,6],"datatype":"BYTES","data":["a"]}]}""")]
    [InlineData(400, "Number 0 of 'data' is no FP32 number: '1e39'.",
        """{"inputs":[{"name":"input","shape":[1,1,6,6],"datatype":"FP32","data":[1e39]}]}""")]
    [InlineData(400, "The input 'input' of model 'small' is N×1×6×6 with 1 to 4 samples, not 0×1×6×6.",
        """{"inputs":[{"name":"input","shape":[0,1,6,6],"datatype":"FP32","data":[]}]}""")]
    [InlineData(400, "'name' is no text: 'null'.", """{"inputs":[{"name":null}]}""")]
    [InlineData(400, "'shape' is no array: 'null'.", """{"inputs":[{"shape":null}]}""")]
    [InlineData(400, "'inputs' is no array: 'null'.", """{"inputs":null}""")]
    [InlineData(400, "The output 'output' is asked for twice.", """{"outputs":[{"name":"output"},{"name":"output"}]}""")]
    [InlineData(400, "There is no parameter 'class_count'. An output's parameter 'classification' asks for its likeliest classes.",
        """{"outputs":[{"name":"output","parameters":{"class_count":2}}]}""")]
    [InlineData(400, "The parameter 'classification' of the output 'output' is -1.",
        """{"outputs":[{"name":"output","parameters":{"classification":-1}}]}""")]
    [InlineData(400, "The parameter 'shared_memory_region' asks for shared memory, which this server does not have.",
        """{"outputs":[{"name":"output","parameters":{"shared_memory_region":"a"}}]}""")]
    public async Task What_is_wrong_with_a_request_is_said(int status, string error, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        HttpResponseMessage response = await _server.Http.PostAsync(
            new Uri("v2/models/small/infer", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.StartsWith(error, await ErrorAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_are_read_no_further_than_the_largest_batch_has_them()
    {
        string data = string.Join(',', Enumerable.Repeat("0", (4 * 36) + 1));
        using var content = new StringContent(
            $$"""{"inputs":[{"name":"input","shape":[1,1,6,6],"datatype":"FP32","data":[{{data}}, ""}]}""",
            Encoding.UTF8, "application/json");
        HttpResponseMessage response = await _server.Http.PostAsync(
            new Uri("v2/models/small/infer", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("'data' has more than 144 numbers; model 'small' takes 1 to 4 samples of 36.", await ErrorAsync(response));
    }

    [Theory]
    [InlineData("There is no model 'large'. Ask v2/repository/index for all of them.", "v2/models/large")]
    [InlineData("Model 'small' has version '1', not '2'.", "v2/models/small/versions/2")]
    public async Task Models_that_are_not_there_are_not_found(string error, string path)
    {
        HttpResponseMessage response = await _server.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(error, await ErrorAsync(response));
    }

    [Fact]
    public async Task The_index_lists_models_and_clients_cannot_load_them_unless_they_may()
    {
        HttpResponseMessage index = await PostAsync("v2/repository/index");
        Assert.Equal(
            """[{"name":"small","version":"1","state":"READY","reason":""},{"name":"several","version":"1","state":"READY","reason":""}]""",
            await index.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("v2/repository/models/small/unload")).StatusCode);
    }

    [Fact]
    public async Task The_OpenAPI_document_has_the_paths_of_all_models()
    {
        string text = await Requests.TextAsync(await _server.GetAsync("v2/openapi.json"));
        using JsonDocument document = JsonDocument.Parse(text);
        Assert.Equal("3.1.0", document.RootElement.GetProperty("openapi").GetString());
        JsonElement paths = document.RootElement.GetProperty("paths"), schemas = document.RootElement.GetProperty("components")
            .GetProperty("schemas");
        Assert.Contains("/v2/models/several/infer", paths.EnumerateObject().Select(path => path.Name));
        foreach (string reference in text.Split("#/components/schemas/").Skip(1)
            .Select(rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)]))
        {
            Assert.True(schemas.TryGetProperty(reference, out _), reference);
        }
    }

    private Task<HttpResponseMessage> PostAsync(string path) =>
        _server.Http.PostAsync(new Uri(path, UriKind.Relative), null, TestContext.Current.CancellationToken);

    private static async Task<string> ErrorAsync(HttpResponseMessage response)
    {
        using JsonDocument error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return error.RootElement.GetProperty("error").GetString()!;
    }

    private async Task<JsonElement> InferAsync(string model, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        HttpResponseMessage response = await _server.Http.PostAsync(
            new Uri($"v2/models/{model}/infer", UriKind.Relative), content, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private async Task<HttpResponseMessage> InferBinaryAsync(
        string model, (string Name, int[] Shape, float[] Values)[] inputs, string outputs)
    {
        string json = "{\"inputs\":[" + string.Join(',', inputs.Select(input =>
            $$$"""{"name":"{{{input.Name}}}","shape":[{{{string.Join(',', input.Shape)}}}],"datatype":"FP32","parameters":{"binary_data_size":{{{4 * input.Values.Length}}}}}"""))
            + "],\"outputs\":[" + outputs + "]}";
        byte[] head = Encoding.UTF8.GetBytes(json);
        using var content = new ByteArrayContent(
            [.. head, .. inputs.SelectMany(input => MemoryMarshal.AsBytes(input.Values.AsSpan()).ToArray())]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add(JsonLength, head.Length.ToString(CultureInfo.InvariantCulture));
        HttpResponseMessage response = await _server.Http.PostAsync(
            new Uri($"v2/models/{model}/infer", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return response;
    }

    private static async Task<List<float[]>> BinaryOutputsAsync(HttpResponseMessage response)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        int at = int.Parse(response.Headers.GetValues(JsonLength).Single(), CultureInfo.InvariantCulture);
        using JsonDocument document = JsonDocument.Parse(body.AsMemory(0, at));
        var outputs = new List<float[]>();
        foreach (JsonElement output in document.RootElement.GetProperty("outputs").EnumerateArray())
        {
            int length = output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
            outputs.Add(MemoryMarshal.Cast<byte, float>(body.AsSpan(at, length)).ToArray());
            at += length;
        }

        Assert.Equal(body.Length, at);
        return outputs;
    }
}
