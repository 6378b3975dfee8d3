using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>Clients that others wrote: curl with the binary extension, and Python's gRPC with nothing but the protocol's file.</summary>
public sealed class ClientTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("strata-clients").FullName;
    private readonly float[] _inputs = Server.Samples(6, 2 * 36);
    private Server _server = null!;
    private float[] _expected = [];

    public async ValueTask InitializeAsync()
    {
        _server = await Server.StartAsync(
            models => models.AddModel<Small>("small", options => options.Seed = 7), options => options.AllowLoading = true);
        using var network = new Small(seed: 7);
        _expected = Server.Alone(network, _inputs);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Curl_sends_and_gets_binary_tensors()
    {
        const string Json = """{"parameters":{"binary_data_output":true},"inputs":[{"name":"input","shape":[2,1,6,6],"datatype":"FP32","parameters":{"binary_data_size":288}}]}""";
        string body = Path.Combine(_folder, "body"), head = Path.Combine(_folder, "head");
        await File.WriteAllBytesAsync(body, [.. Encoding.UTF8.GetBytes(Json), .. MemoryMarshal.AsBytes(_inputs.AsSpan()).ToArray()],
            TestContext.Current.CancellationToken);
        byte[] answer = await RunAsync("curl", "--silent", "--show-error", "--dump-header", head, "--data-binary", "@" + body,
            "-H", $"Inference-Header-Content-Length: {Json.Length}", "-H", "Content-Type: application/octet-stream",
            $"{_server.RestAddress}/v2/models/small/infer");
        string length = (await File.ReadAllLinesAsync(head, TestContext.Current.CancellationToken))
            .Single(line => line.StartsWith("Inference-Header-Content-Length: ", StringComparison.OrdinalIgnoreCase)).Split(' ')[1];
        int at = int.Parse(length, CultureInfo.InvariantCulture);
        using JsonDocument document = JsonDocument.Parse(answer.AsMemory(0, at));
        Assert.Equal("small", document.RootElement.GetProperty("model_name").GetString());
        Assert.Equal(_expected, MemoryMarshal.Cast<byte, float>(answer.AsSpan(at)).ToArray());
    }

    [Fact]
    public async Task Python_speaks_gRPC_with_it()
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python) && await HasAsync(Python, "-c", "import grpc") && await HasAsync("protoc", "--version"),
            "There is no python3-grpcio, or no protobuf-compiler.");
        string inputs = Path.Combine(_folder, "inputs"), outputs = Path.Combine(_folder, "outputs");
        await File.WriteAllBytesAsync(inputs, MemoryMarshal.AsBytes(_inputs.AsSpan()).ToArray(), TestContext.Current.CancellationToken);
        byte[] said = await RunAsync(Python, Path.Combine(AppContext.BaseDirectory, "client.py"), AppContext.BaseDirectory,
            new Uri(_server.GrpcAddress).Authority, "small", "2,1,6,6", inputs, outputs);
        Assert.Equal("small 2,3\n", Encoding.UTF8.GetString(said));
        byte[] bytes = await File.ReadAllBytesAsync(outputs, TestContext.Current.CancellationToken);
        Assert.Equal(_expected, MemoryMarshal.Cast<byte, float>(bytes.AsSpan()).ToArray());
    }

    /// <summary>
    /// <c>pip install kserve tritonclient[all]</c>, or their sources in <c>PYTHONPATH</c>. Neither is a package of Debian.
    /// </summary>
    [Theory]
    [InlineData("triton", "import tritonclient.http, tritonclient.grpc")]
    [InlineData("kserve", "import kserve.inference_client")]
    public async Task The_clients_of_Triton_and_KServe_work_as_they_are(string client, string import)
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(
            File.Exists(Python) && await HasAsync(Python, "-c", import), $"There is no client of {client} for Python.");
        string inputs = Path.Combine(_folder, "inputs"), outputs = Path.Combine(_folder, "outputs");
        await File.WriteAllBytesAsync(inputs, MemoryMarshal.AsBytes(_inputs.AsSpan()).ToArray(), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(outputs, MemoryMarshal.AsBytes(_expected.AsSpan()).ToArray(), TestContext.Current.CancellationToken);
        await RunAsync(
            Python, Path.Combine(AppContext.BaseDirectory, "others.py"), client, new Uri(_server.RestAddress).Authority,
            new Uri(_server.GrpcAddress).Authority, "small", inputs, outputs, "2,1,6,6");
    }

    private static async Task<bool> HasAsync(string program, params string[] arguments)
    {
        try
        {
            await RunAsync(program, arguments);
            return true;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task<byte[]> RunAsync(string program, params string[] arguments)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(TimeSpan.FromMinutes(1));
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var output = new MemoryStream();
        Task<string> error = process.StandardError.ReadToEndAsync(end.Token);
        await process.StandardOutput.BaseStream.CopyToAsync(output, end.Token);
        await process.WaitForExitAsync(end.Token);
        return process.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"{program}: {await error}");
    }
}
