using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading.Tasks;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>Compressed messages of gRPC. They run alone, since memory is measured.</summary>
[Collection(nameof(Alone))]
public sealed class CompressionTests
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_message_that_inflates_beyond_the_limit_is_refused_before_it_fills_the_memory(string encoding)
    {
        const int Limit = 1 << 20, Inflated = 256 << 20;
        byte[] message = Compress(encoding, Inflated);
        Assert.InRange(message.Length, 1, Limit);
        await using Server server = await Server.StartAsync(
            models => models.AddModel<Small>("small"), options => options.MaxRequestLength = Limit);
        using var content = new ByteArrayContent(message);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var request = new HttpRequestMessage(
            HttpMethod.Post, server.GrpcAddress + "/inference.GRPCInferenceService/ModelInfer")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.Add("grpc-encoding", encoding);
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        long before = GC.GetTotalAllocatedBytes(precise: true);
        using HttpResponseMessage response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 16 * Limit);
        HttpResponseHeaders headers = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        Assert.Equal($"{(int)StatusCode.ResourceExhausted}", headers.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task The_limit_is_none_of_the_other_services_of_the_app()
    {
        await using Server server = await Server.StartAsync(
            models => models.AddModel<Small>("small"), options => options.MaxRequestLength = 1 << 20);
        GrpcServiceOptions options = server.Services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
        Assert.Equal(4 << 20, options.MaxReceiveMessageSize);
    }

    /// <summary>A message of zeros as gRPC sends it: a flag, the length, the bytes.</summary>
    private static byte[] Compress(string encoding, int length)
    {
        using var message = new MemoryStream();
        message.Write([1, 0, 0, 0, 0]);
        using (Stream stream = encoding == "gzip"
            ? new GZipStream(message, CompressionLevel.Optimal, leaveOpen: true)
            : new ZLibStream(message, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] zeros = new byte[1 << 20];
            for (int written = 0; written < length; written += zeros.Length)
            {
                stream.Write(zeros);
            }
        }

        byte[] bytes = message.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), bytes.Length - 5);
        return bytes;
    }
}
