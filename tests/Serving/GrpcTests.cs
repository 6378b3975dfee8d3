using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Google.Protobuf;
using Grpc.Core;
using Strata.Serving.Grpc;
using Xunit;

namespace Strata.Serving.Tests;

/// <summary>The Open Inference Protocol over gRPC.</summary>
public sealed class GrpcTests : IAsyncLifetime
{
    private Server _server = null!;
    private GRPCInferenceService.GRPCInferenceServiceClient _client = null!;

    private static CallOptions Until => new(cancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask InitializeAsync()
    {
        _server = await Server.StartAsync(models => models
            .AddModel<Small>("small", options => (options.Seed, options.MaxBatch) = (7, 4))
            .AddModel<Several>("several", options => options.Seed = 8));
        _client = new GRPCInferenceService.GRPCInferenceServiceClient(_server.Channel);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_server_tells_what_it_is_and_has()
    {
        Assert.True((await _client.ServerLiveAsync(new ServerLiveRequest(), Until)).Live);
        Assert.True((await _client.ServerReadyAsync(new ServerReadyRequest(), Until)).Ready);
        Assert.True((await _client.ModelReadyAsync(new ModelReadyRequest { Name = "small" }, Until)).Ready);
        Assert.Equal("strata", (await _client.ServerMetadataAsync(new ServerMetadataRequest(), Until)).Name);
        ModelMetadataResponse model = await _client.ModelMetadataAsync(new ModelMetadataRequest { Name = "several", Version = "1" }, Until);
        Assert.Equal(["map: FP32 -1,2,3,3", "features: FP32 -1,4"], model.Inputs.Select(Text));
        Assert.Equal(["scores: FP32 -1,2", "boxes: FP32 -1,3"], model.Outputs.Select(Text));
        RepositoryIndexResponse index = await _client.RepositoryIndexAsync(new RepositoryIndexRequest { Ready = true }, Until);
        Assert.Equal(["small READY", "several READY"], index.Models.Select(one => $"{one.Name} {one.State}"));

        static string Text(ModelMetadataResponse.Types.TensorMetadata tensor) =>
            $"{tensor.Name}: {tensor.Datatype} {string.Join(',', tensor.Shape)}";
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Outputs_have_the_bits_of_a_call_without_a_server(bool isRaw)
    {
        float[] inputs = Server.Samples(1, 2 * 36);
        ModelInferRequest request = Request("small", "input", [2, 1, 6, 6], inputs, isRaw);
        request.Id = "nine";
        ModelInferResponse response = await _client.ModelInferAsync(request, Until);
        using var network = new Small(seed: 7);
        Assert.Equal(("nine", "small", "1"), (response.Id, response.ModelName, response.ModelVersion));
        Assert.Equal([2, 3], Assert.Single(response.Outputs).Shape);
        Assert.Equal(Server.Alone(network, inputs), isRaw
            ? MemoryMarshal.Cast<byte, float>(Assert.Single(response.RawOutputContents).Span).ToArray()
            : response.Outputs[0].Contents.Fp32Contents);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Messages_may_be_compressed(string encoding)
    {
        float[] inputs = Server.Samples(1, 36);
        CallOptions compressed = Until.WithHeaders(new Metadata { { "grpc-internal-encoding-request", encoding } });
        ModelInferResponse response = await _client.ModelInferAsync(Request("small", "input", [1, 1, 6, 6], inputs, false), compressed);
        using var network = new Small(seed: 7);
        Assert.Equal(Server.Alone(network, inputs), response.Outputs[0].Contents.Fp32Contents);
    }

    [Fact]
    public async Task Bad_requests_get_the_statuses_of_gRPC()
    {
        async Task<Status> FailsAsync(Func<AsyncUnaryCall<ModelInferResponse>> call) =>
            (await Assert.ThrowsAsync<RpcException>(async () => await call())).Status;
        float[] inputs = Server.Samples(1, 36);
        Status status = await FailsAsync(() => _client.ModelInferAsync(Request("large", "input", [1, 1, 6, 6], inputs, true), Until));
        Assert.Equal((StatusCode.NotFound, "There is no model 'large'. Ask v2/repository/index for all of them."),
            (status.StatusCode, status.Detail));
        status = await FailsAsync(() => _client.ModelInferAsync(Request("small", "input", [1, 36], inputs, true), Until));
        Assert.Equal(
            (StatusCode.InvalidArgument, "The input 'input' of model 'small' is N×1×6×6 with 1 to 4 samples, not 1×36."),
            (status.StatusCode, status.Detail));
        ModelInferRequest two = Request("small", "input", [1, 1, 6, 6], inputs, true);
        two.RawInputContents.Add(ByteString.Empty);
        status = await FailsAsync(() => _client.ModelInferAsync(two, Until));
        Assert.Equal((StatusCode.InvalidArgument, "There are 1 inputs, but 2 in raw_input_contents."), (status.StatusCode, status.Detail));
        RpcException exception = await Assert.ThrowsAsync<RpcException>(async () =>
            await _client.RepositoryModelUnloadAsync(new RepositoryModelUnloadRequest { ModelName = "small" }, Until));
        Assert.Equal(StatusCode.Unimplemented, exception.StatusCode);
    }

    [Fact]
    public async Task What_a_message_says_twice_or_in_another_place_is_refused()
    {
        async Task<Status> FailsAsync(ModelInferRequest request) =>
            (await Assert.ThrowsAsync<RpcException>(async () => await _client.ModelInferAsync(request, Until))).Status;
        float[] inputs = Server.Samples(1, 36);
        ModelInferRequest both = Request("small", "input", [1, 1, 6, 6], inputs, isRaw: true);
        both.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { inputs } };
        Assert.Equal("The input 'input' has both 'contents' and 'raw_input_contents'.", (await FailsAsync(both)).Detail);
        ModelInferRequest other = Request("small", "input", [1, 1, 6, 6], [], isRaw: false);
        other.Inputs[0].Contents.Fp64Contents.Add(1);
        Assert.Equal("The input 'input' is FP32, whose numbers stand in 'fp32_contents'.", (await FailsAsync(other)).Detail);
        other.Inputs[0].Datatype = "FP64";
        Assert.Equal("The input 'input' is FP32, not 'FP64'.", (await FailsAsync(other)).Detail);
        ModelInferRequest shared = Request("small", "input", [1, 1, 6, 6], inputs, isRaw: true);
        shared.Inputs[0].Parameters["shared_memory_region"] = new InferParameter { StringParam = "a" };
        Assert.Contains("shared memory, which this server does not have", (await FailsAsync(shared)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_likeliest_classes_come_in_place_of_the_numbers(bool isRaw)
    {
        float[] inputs = Server.Samples(1, 36);
        ModelInferRequest request = Request("small", "input", [1, 1, 6, 6], inputs, isRaw);
        var output = new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "output" };
        output.Parameters["classification"] = new InferParameter { Int64Param = 2 };
        request.Outputs.Add(output);
        ModelInferResponse response = await _client.ModelInferAsync(request, Until);
        using var network = new Small(seed: 7);
        float[] scores = Server.Alone(network, inputs);
        string[] expected = [.. scores.Select((score, i) => (score, i)).OrderByDescending(one => one.score).Take(2)
            .Select(one => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{one.score}:{one.i}"))];
        Assert.Equal(("BYTES", 2), (response.Outputs[0].Datatype, response.Outputs[0].Shape[1]));
        Assert.Equal(expected, isRaw ? Requests.Texts(response.RawOutputContents[0].Span)
            : response.Outputs[0].Contents.BytesContents.Select(text => text.ToStringUtf8()));
    }

    private static ModelInferRequest Request(string model, string input, IEnumerable<long> shape, float[] values, bool isRaw)
    {
        var tensor = new ModelInferRequest.Types.InferInputTensor { Name = input, Datatype = "FP32", Shape = { shape } };
        var request = new ModelInferRequest { ModelName = model, Inputs = { tensor } };
        if (isRaw)
        {
            request.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())));
        }
        else
        {
            tensor.Contents = new InferTensorContents { Fp32Contents = { values } };
        }

        return request;
    }
}
