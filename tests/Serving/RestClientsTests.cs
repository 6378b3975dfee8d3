using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>What clients that others wrote send over HTTP: compressed bodies, nulls, bytes alone, other methods, half a request.</summary>
public sealed class RestClientsTests : IAsyncLifetime
{
    private const string Infer = "v2/models/small/infer", JsonLength = "Inference-Header-Content-Length";

    private readonly Logs _logs = new();
    private readonly float[] _inputs = Server.Samples(1, 36);
    private Server _server = null!;
    private float[] _expected = [];

    public async ValueTask InitializeAsync()
    {
        _server = await Server.StartAsync(
            models => models.AddModel<Small>("small", options =>
                (options.Seed, options.MaxBatch, options.ClassNames) = (7, 4, ["cat", "dog", "it's a \"bird\""]))
                .AddModel<Several>("several", options => options.Seed = 8),
            options => (options.MaxRequestLength, options.AllowLoading) = (1 << 20, true),
            build: builder => builder.Logging.AddProvider(_logs));
        using var network = new Small(seed: 7);
        _expected = Server.Alone(network, _inputs);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip", "x-gzip")]
    [InlineData("gzip", "GZIP")]
    [InlineData("deflate", "deflate")]
    [InlineData("br", "br")]
    [InlineData("identity", "identity")]
    public async Task Bodies_may_be_compressed(string encoding, string name)
    {
        using HttpResponseMessage response = await SendAsync(Compress(encoding, Encoding.UTF8.GetBytes(Json())), name);
        Assert.Equal(_expected, await NumbersAsync(response));
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, gzip")]
    [InlineData("compress")]
    public async Task Other_encodings_are_refused_with_the_names_of_those_that_are_taken(string name)
    {
        using HttpResponseMessage response = await SendAsync(Encoding.UTF8.GetBytes(Json()), name);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal($"The Content-Encoding '{name}' is not taken; one of gzip, deflate, br is, or none.", await ErrorAsync(response));
        Assert.Equal(["gzip", "deflate", "br"], response.Headers.TryGetValues("Accept-Encoding", out IEnumerable<string>? all)
            ? all.Single().Split(", ") : []);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Damaged_and_inflating_bodies_are_refused(string encoding)
    {
        using HttpResponseMessage plain = await SendAsync(Encoding.UTF8.GetBytes(Json()), encoding);
        Assert.Equal(HttpStatusCode.BadRequest, plain.StatusCode);
        Assert.StartsWith(
            $"The body is not what its Content-Encoding says ({encoding}): ", await ErrorAsync(plain), StringComparison.Ordinal);
        byte[] bomb = Compress(encoding, new byte[64 << 20]);
        Assert.InRange(bomb.Length, 1, 1 << 20);
        using HttpResponseMessage inflated = await SendAsync(bomb, encoding);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, inflated.StatusCode);
    }

    [Theory]
    [InlineData("""{"id":null,"parameters":null,"outputs":null,"inputs":[INPUT]}""")]
    [InlineData("""{"parameters":{"priority":null,"timeout":null,"binary_data_output":null,"own":null},"inputs":[INPUT]}""")]
    [InlineData("""{"parameters":{"timeout":0,"sequence_id":0},"inputs":[INPUT],"outputs":[{"name":"output","parameters":null}]}""")]
    [InlineData("""{"inputs":[INPUT],"outputs":[{"name":"output","parameters":{"binary_data":null,"classification":null}}]}""")]
    [InlineData("""{"inputs":[INPUT],"outputs":[{"name":"output","parameters":{"classification":0}}],"unknown":null}""")]
    [InlineData("""{"inputs":[INPUT],"outputs":[]}""")]
    public async Task Null_means_that_a_client_says_nothing(string request)
    {
        string input = Json()["{\"inputs\":[".Length..^2].Replace("\"data\"", "\"parameters\":null,\"data\"", StringComparison.Ordinal);
        using HttpResponseMessage response = await SendAsync(
            Encoding.UTF8.GetBytes(request.Replace("INPUT", input, StringComparison.Ordinal)), encoding: null);
        Assert.Equal(_expected, await NumbersAsync(response));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData(null)]
    public async Task The_type_of_the_content_does_not_matter(string? type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Json()));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        Assert.Equal(_expected, await NumbersAsync(await _server.PostAsync(Infer, content)));
        Assert.Equal(_expected, await NumbersAsync(await _server.PostAsync("v2/models/small/versions/1/infer/", content)));
    }

    [Fact]
    public async Task A_request_without_JSON_is_the_only_input_in_bytes()
    {
        float[] inputs = Server.Samples(2, 2 * 36);
        using HttpResponseMessage response = await SendAsync(MemoryMarshal.AsBytes(inputs.AsSpan()).ToArray(), null, "0");
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        int json = int.Parse(response.Headers.GetValues(JsonLength).Single(), CultureInfo.InvariantCulture);
        using var network = new Small(seed: 7);
        Assert.Equal(Server.Alone(network, inputs), MemoryMarshal.Cast<byte, float>(body.AsSpan(json)).ToArray());
        using HttpResponseMessage part = await SendAsync(new byte[143], null, "0");
        Assert.Equal("A request without JSON has 1 to 4 samples of 144 bytes for model 'small', not 143 bytes.", await ErrorAsync(part));
        using HttpResponseMessage many = await SendAsync(new byte[5 * 144], null, "0");
        Assert.Equal("The input 'input' of model 'small' is N×1×6×6 with 1 to 4 samples, not 5×1×6×6.", await ErrorAsync(many));
        using HttpResponseMessage several = await SendAsync(new byte[88], null, "0", "v2/models/several/infer");
        Assert.Equal("A request without JSON has one input, but model 'several' has 2: 'map', 'features'.", await ErrorAsync(several));
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    [InlineData(true, 9)]
    public async Task The_likeliest_classes_come_with_their_names(bool isBinary, int count)
    {
        string flag = isBinary ? "true" : "false";
        string request = Json()[..^1]
            + $$$""","outputs":[{"name":"output","parameters":{"classification":{{{count}}},"binary_data":{{{flag}}}}}]}""";
        using HttpResponseMessage response = await SendAsync(Encoding.UTF8.GetBytes(request), null);
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        int json = isBinary ? int.Parse(response.Headers.GetValues(JsonLength).Single(), CultureInfo.InvariantCulture) : body.Length;
        using JsonDocument document = JsonDocument.Parse(body.AsMemory(0, json));
        JsonElement output = Assert.Single(document.RootElement.GetProperty("outputs").EnumerateArray());
        string[] names = ["cat", "dog", "it's a \"bird\""];
        string[] expected = [.. _expected.Select((score, i) => (score, i)).OrderByDescending(one => one.score).Take(count)
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.score}:{one.i}:{names[one.i]}"))];
        Assert.Equal("BYTES", output.GetProperty("datatype").GetString());
        Assert.Equal([1, expected.Length], output.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32()));
        Assert.Equal(expected, isBinary ? Requests.Texts(body.AsSpan(json))
            : output.GetProperty("data").EnumerateArray().Select(text => text.GetString()!));
    }

    [Theory]
    [InlineData("GET", Infer, 405, "POST")]
    [InlineData("DELETE", Infer, 405, "POST")]
    [InlineData("OPTIONS", Infer, 405, "POST")]
    [InlineData("POST", "v2", 405, "GET, HEAD")]
    [InlineData("PUT", "v2/models/small", 405, "GET, HEAD")]
    [InlineData("POST", "v2/health/live", 405, "GET, HEAD")]
    [InlineData("GET", "v2/repository/index", 405, "POST")]
    [InlineData("GET", "v2/repository/models/small/load", 405, "POST")]
    [InlineData("GET", "v2/nothing", 404, null)]
    [InlineData("GET", "v2/models", 404, null)]
    [InlineData("GET", "v2/models/small/config", 404, null)]
    [InlineData("POST", "v2/models/small/versions/2/infer", 404, null)]
    [InlineData("GET", "v2/models/SMALL", 404, null)]
    public async Task Paths_and_methods_that_are_not_there_are_refused_in_JSON(string method, string path, int status, string? allowed)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage response = await _server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.NotEmpty(await ErrorAsync(response));
        Assert.Equal(allowed, response.Content.Headers.Allow.Count == 0 ? null : string.Join(", ", response.Content.Headers.Allow));
    }

    [Fact]
    public async Task The_repository_reads_what_clients_ask_of_it()
    {
        await _server.Models.Find("several")!.UnloadAsync(TestContext.Current.CancellationToken);
        string ready = await Requests.TextAsync(await _server.PostAsync("v2/repository/index", new StringContent("""{"ready":true}""")));
        Assert.Equal("""[{"name":"small","version":"1","state":"READY","reason":""}]""", ready);
        HttpResponseMessage config = await _server.PostAsync(
            "v2/repository/models/several/load", new StringContent("""{"parameters":{"config":"{}"}}"""));
        Assert.Equal(HttpStatusCode.BadRequest, config.StatusCode);
        Assert.Equal("The parameter 'config' is not taken: a model loads the file that the app has configured.", await ErrorAsync(config));
        (string, string)[] calls = [("load", ""), ("unload", """{"parameters":{"unload_dependents":false}}"""), ("load", "{}")];
        foreach ((string call, string body) in calls)
        {
            HttpResponseMessage done = await _server.PostAsync($"v2/repository/models/several/{call}", new StringContent(body));
            Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        }
    }

    [Fact]
    public async Task Clients_that_leave_in_the_middle_are_no_failures()
    {
        var address = new Uri(_server.RestAddress);
        for (int i = 0; i < 8; i++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
            byte[] begin = Encoding.ASCII.GetBytes($"POST /{Infer} HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n{{\"inputs\"");
            await socket.SendAsync(begin, TestContext.Current.CancellationToken);
            await Task.Delay(20, TestContext.Current.CancellationToken);
            if (i % 2 == 0)
            {
                // The system then resets the connection.
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
        }

        Assert.Equal(_expected, await NumbersAsync(await SendAsync(Encoding.UTF8.GetBytes(Json()), null)));
        await Task.Delay(200, TestContext.Current.CancellationToken);

        // Kestrel has a line of its own for bodies that end too early.
        Assert.DoesNotContain(_logs.Lines, line => line.Text.StartsWith("The request to ", StringComparison.Ordinal));
    }

    private static byte[] Compress(string encoding, byte[] bytes)
    {
        if (encoding == "identity")
        {
            return bytes;
        }

        using var compressed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true),
            "deflate" => new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true),
            _ => new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            stream.Write(bytes);
        }

        return compressed.ToArray();
    }

    private string Json() => """{"inputs":[{"name":"input","shape":[1,1,6,6],"datatype":"FP32","data":["""
        + string.Join(',', _inputs.Select(value => value.ToString("R", CultureInfo.InvariantCulture))) + "]}]}";

    private async Task<HttpResponseMessage> SendAsync(byte[] body, string? encoding, string? jsonLength = null, string path = Infer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        if (encoding is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        if (jsonLength is not null)
        {
            request.Headers.TryAddWithoutValidation(JsonLength, jsonLength);
        }

        return await _server.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<float[]> NumbersAsync(HttpResponseMessage response)
    {
        string text = await Requests.TextAsync(response);
        Assert.True(response.IsSuccessStatusCode, text);
        using JsonDocument document = JsonDocument.Parse(text);
        return [.. document.RootElement.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(value => value.GetSingle())];
    }

    private static async Task<string> ErrorAsync(HttpResponseMessage response)
    {
        string text = await Requests.TextAsync(response);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using JsonDocument error = JsonDocument.Parse(text);
        Assert.DoesNotContain("\\u0027", text, StringComparison.Ordinal);
        return error.RootElement.GetProperty("error").GetString()!;
    }
}
