using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using global::Grpc.Core;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Strata.Serving.Protocol;

namespace Strata.Serving.Grpc;

/// <summary>The Open Inference Protocol over gRPC.</summary>
internal sealed partial class InferenceService(ModelRepository repository, ServingOptions options, ILogger<InferenceService> logger)
    : GRPCInferenceService.GRPCInferenceServiceBase
{
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = repository.IsReady });

    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context) => Safely(() =>
        Task.FromResult(new ModelReadyResponse
        {
            Ready = ServerInfo.Find(repository, request.Name, request.Version).State == ModelState.Ready,
        }));

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse
        {
            Name = options.Name,
            Version = ServerInfo.Version,
            Extensions = { ServerInfo.Extensions },
        });

    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context) => Safely(() =>
    {
        ServedModel model = ServerInfo.Find(repository, request.Name, request.Version);
        return Task.FromResult(new ModelMetadataResponse
        {
            Name = model.Name,
            Versions = { model.Version },
            Platform = ServerInfo.Platform,
            Inputs = { model.Info.Inputs.Select(Describe) },
            Outputs = { model.Info.Outputs.Select(Describe) },
        });
    });

    public override Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context) => Safely(async () =>
    {
        ServedModel model = ServerInfo.Find(repository, request.ModelName, request.ModelVersion);
        string outcome = "success";
        using var call = new InferCall(model);
        try
        {
            Read(call, request);
            await call.InferAsync(context.CancellationToken).ConfigureAwait(false);
            return Answer(call, isRaw: request.RawInputContents.Count > 0);
        }
        catch (Exception e)
        {
            outcome = Failure.Of(e).Outcome;
            throw;
        }
        finally
        {
            model.Metrics.Request(outcome);
        }
    });

    public override Task<RepositoryIndexResponse> RepositoryIndex(RepositoryIndexRequest request, ServerCallContext context) =>
        Task.FromResult(new RepositoryIndexResponse
        {
            Models =
            {
                repository.Models.Where(model => !request.Ready || model.State == ModelState.Ready).Select(
                    model => new RepositoryIndexResponse.Types.ModelIndex
                    {
                        Name = model.Name,
                        Version = model.Version,
                        State = ServerInfo.StateOf(model),
                        Reason = model.Failure ?? "",
                    }),
            },
        });

    public override Task<RepositoryModelLoadResponse> RepositoryModelLoad(
        RepositoryModelLoadRequest request, ServerCallContext context) => Safely(async () =>
    {
        await Changed(request.ModelName).LoadAsync(context.CancellationToken).ConfigureAwait(false);
        return new RepositoryModelLoadResponse();
    });

    public override Task<RepositoryModelUnloadResponse> RepositoryModelUnload(
        RepositoryModelUnloadRequest request, ServerCallContext context) => Safely(async () =>
    {
        await Changed(request.ModelName).UnloadAsync(context.CancellationToken).ConfigureAwait(false);
        return new RepositoryModelUnloadResponse();
    });

    private ServedModel Changed(string name) => options.AllowLoading ? ServerInfo.Find(repository, name, null)
        : throw new RpcException(new Status(StatusCode.Unimplemented, "This server does not let clients load models."));

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorInfo tensor) => new()
    {
        Name = tensor.Name,
        Datatype = Tensors.DataType,
        Shape = { Tensors.ShapeOf(tensor) },
    };

    private static void Read(InferCall call, ModelInferRequest request)
    {
        call.Id = request.Id;
        foreach ((string name, InferParameter value) in request.Parameters)
        {
            switch (name)
            {
                case "priority":
                    call.SetPriority(Integer(name, value));
                    break;
                case "timeout":
                    call.SetTimeout(Integer(name, value));
                    break;
            }
        }

        int raw = request.RawInputContents.Count;
        if (raw > 0 && raw != request.Inputs.Count)
        {
            throw ProtocolException.Bad($"There are {request.Inputs.Count} inputs, but {raw} in raw_input_contents.");
        }

        for (int i = 0; i < request.Inputs.Count; i++)
        {
            ModelInferRequest.Types.InferInputTensor input = request.Inputs[i];
            if (raw > 0)
            {
                call.Add(input.Name, input.Datatype, input.Shape, request.RawInputContents[i].Span);
            }
            else
            {
                float[] values = input.Contents is { } contents ? [.. contents.Fp32Contents] : [];
                call.Add(input.Name, input.Datatype, input.Shape, values);
            }
        }

        foreach (ModelInferRequest.Types.InferRequestedOutputTensor output in request.Outputs)
        {
            call.Want(output.Name, isBinary: null);
        }
    }

    private static long Integer(string name, InferParameter value) => value.ParameterChoiceCase switch
    {
        InferParameter.ParameterChoiceOneofCase.Int64Param => value.Int64Param,
        InferParameter.ParameterChoiceOneofCase.Uint64Param => (long)Math.Min(value.Uint64Param, long.MaxValue),
        _ => throw ProtocolException.Bad($"The parameter '{name}' is no whole number."),
    };

    private static ModelInferResponse Answer(InferCall call, bool isRaw)
    {
        var response = new ModelInferResponse { ModelName = call.Model.Name, ModelVersion = call.Model.Version, Id = call.Id };
        foreach ((TensorInfo tensor, int offset, _) in call.Answers())
        {
            int length = Tensors.Length(tensor);
            byte[] bytes = new byte[call.Samples * length * sizeof(float)];
            Span<float> values = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
            Tensors.CopyOutput(call.Outputs, call.Model.OutputLength, offset, length, values);
            var output = new ModelInferResponse.Types.InferOutputTensor
            {
                Name = tensor.Name,
                Datatype = Tensors.DataType,
                Shape = { tensor.Shape.Select(extent => (long)extent).Prepend(call.Samples) },
            };
            if (isRaw)
            {
                response.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(bytes));
            }
            else
            {
                output.Contents = new InferTensorContents { Fp32Contents = { values.ToArray() } };
            }

            response.Outputs.Add(output);
        }

        return response;
    }

    /// <summary>Answers exceptions with the statuses of gRPC.</summary>
    private async Task<T> Safely<T>(Func<Task<T>> answer)
    {
        try
        {
            return await answer().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not RpcException)
        {
            var failure = Failure.Of(e);
            if (failure.Status == StatusCodes.Status500InternalServerError)
            {
                Log.Failed(logger, e);
            }

            Metadata trailers = failure.RetryAfter is { } seconds ? new Metadata { { "retry-after", seconds } } : [];
            throw new RpcException(new Status(CodeOf(failure.Status), failure.Message), trailers);
        }
    }

    private static StatusCode CodeOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => StatusCode.InvalidArgument,
        StatusCodes.Status404NotFound => StatusCode.NotFound,
        StatusCodes.Status499ClientClosedRequest => StatusCode.Cancelled,
        StatusCodes.Status503ServiceUnavailable => StatusCode.Unavailable,
        StatusCodes.Status504GatewayTimeout => StatusCode.DeadlineExceeded,
        _ => StatusCode.Internal,
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A call failed.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
