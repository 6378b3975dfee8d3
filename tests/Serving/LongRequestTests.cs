using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Strata.Serving.Grpc;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>Long requests, and many at once. They run alone, since they need memory.</summary>
[Collection(nameof(Alone))]
public sealed class LongRequestTests
{
    private const int Megabyte = 1 << 20;

    /// <summary>Kestrel's own limit is 30,000,000 bytes.</summary>
    [Theory]
    [InlineData(40, StatusCode.InvalidArgument)]
    [InlineData(63, StatusCode.InvalidArgument)]
    public async Task Messages_of_gRPC_may_be_as_long_as_requests_over_HTTP(int megabytes, StatusCode status)
    {
        await using Server server = await Server.StartAsync(models => models.AddModel<Small>("small"));
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(server.Channel);
        var input = new ModelInferRequest.Types.InferInputTensor { Name = "input", Datatype = "FP32", Shape = { 1L, 1L, 6L, 6L } };
        var request = new ModelInferRequest
        {
            ModelName = "small",
            Inputs = { input },
            RawInputContents = { UnsafeByteOperations.UnsafeWrap(new byte[megabytes * Megabyte]) },
        };
        RpcException answer = await Assert.ThrowsAsync<RpcException>(
            async () => await client.ModelInferAsync(request, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Requests_that_are_not_ended_get_no_more_memory_than_all_may_have_and_short_ones_go_on()
    {
        const int Unended = 8;
        await using Server server = await Server.StartAsync(
            models => models.AddModel<Small>("small", options => options.Seed = 7),
            options => (options.MaxRequestLength, options.MaxRequestMemory) = (8 * Megabyte, 16 * Megabyte));
        var address = new Uri(server.RestAddress);
        var sockets = new List<Socket>();
        try
        {
            byte[] body = new byte[7 * Megabyte];
            Task<string>[] answers = [.. Enumerable.Range(0, Unended).Select(async _ =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                await socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
                await socket.SendAsync(Encoding.ASCII.GetBytes(
                    $"POST /v2/models/small/infer HTTP/1.1\r\nHost: a\r\nContent-Length: {body.Length + 1}\r\n\r\n"),
                    TestContext.Current.CancellationToken);
                for (int sent = 0; sent < body.Length;)
                {
                    sent += await socket.SendAsync(body.AsMemory(sent), TestContext.Current.CancellationToken);
                }

                byte[] answer = new byte[1000];
                int length = await socket.ReceiveAsync(answer, TestContext.Current.CancellationToken);
                return Encoding.ASCII.GetString(answer, 0, length);
            })];

            // Each needs 6 MB beside the first, so two have room. The others are refused before they end.
            var refused = new List<string>();
            List<Task<string>> waiting = [.. answers];
            while (refused.Count < Unended - 2)
            {
                Task<string> next = await Task.WhenAny(waiting).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
                waiting.Remove(next);
                refused.Add(await next);
            }

            Assert.All(refused, answer =>
            {
                Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
                Assert.Contains("Retry-After: 1\r\n", answer, StringComparison.Ordinal);
            });
            Assert.All(waiting, answer => Assert.False(answer.IsCompleted));
            HttpResponseMessage shorter = await server.PostAsync(
                "v2/models/small/infer", new StringContent(new string(' ', 100_000) + """{"inputs":[]}"""));
            Assert.Equal("""{"error":"The input 'input' of model 'small' is missing."}""", await Requests.TextAsync(shorter));
            RpcException grpc = await Assert.ThrowsAsync<RpcException>(async () => await MessageAsync(server, 6 * Megabyte));
            Assert.Equal(StatusCode.Unavailable, grpc.StatusCode);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }

        // The memory of those that have left is free again.
        await UntilAsync(async () =>
            (await Assert.ThrowsAsync<RpcException>(async () => await MessageAsync(server, 6 * Megabyte))).StatusCode
                == StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_client_of_gRPC_that_leaves_in_the_middle_is_no_failure()
    {
        var logs = new Logs();
        await using Server server = await Server.StartAsync(
            models => models.AddModel<Small>("small"), build: builder => builder.Logging.AddProvider(logs));
        for (int i = 0; i < 4; i++)
        {
            using var content = new Endless();
            using var request = new HttpRequestMessage(HttpMethod.Post, "/inference.GRPCInferenceService/ModelInfer") { Content = content };
            using var handler = new SocketsHttpHandler();
            using var client = new HttpClient(handler)
            {
                BaseAddress = new Uri(server.GrpcAddress),
                DefaultRequestVersion = new Version(2, 0),
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Timeout = TimeSpan.FromMilliseconds(150),
            };
            request.Version = new Version(2, 0);
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
            await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(request, TestContext.Current.CancellationToken));
        }

        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(logs.Lines, line => line.Level >= LogLevel.Error);
    }

    private static async Task MessageAsync(Server server, int bytes)
    {
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(server.Channel);
        var request = new ModelInferRequest
        {
            ModelName = "small",
            Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "input", Datatype = "FP32" } },
            RawInputContents = { UnsafeByteOperations.UnsafeWrap(new byte[bytes]) },
        };
        await client.ModelInferAsync(request, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (int i = 0; !await condition(); i++)
        {
            Assert.InRange(i, 0, 500);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The beginning of a message that never ends.</summary>
    private sealed class Endless : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(new byte[] { 0, 0, 0, 100, 0, 1, 2, 3 }, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
