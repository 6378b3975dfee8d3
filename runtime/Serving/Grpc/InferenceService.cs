using System;
using System.Collections.Generic;
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
            Inputs = { model.Info.Inputs.Zip(model.Shapes.Inputs, Describe) },
            Outputs = { model.Info.Outputs.Zip(model.Shapes.Outputs, Describe) },
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
            outcome = Failure.From(e).Outcome;
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
        ServedModel model = Changed(request.ModelName, request.Parameters.Keys);
        await Loads.LoadAsync(model, context.CancellationToken).ConfigureAwait(false);
        return new RepositoryModelLoadResponse();
    });

    public override Task<RepositoryModelUnloadResponse> RepositoryModelUnload(
        RepositoryModelUnloadRequest request, ServerCallContext context) => Safely(async () =>
    {
        await Changed(request.ModelName, request.Parameters.Keys).UnloadAsync(context.CancellationToken).ConfigureAwait(false);
        return new RepositoryModelUnloadResponse();
    });

    private ServedModel Changed(string name, IEnumerable<string> parameters)
    {
        if (!options.AllowLoading)
        {
            throw new RpcException(new Status(StatusCode.Unimplemented, "This server does not let clients load models."));
        }

        ServedModel model = ServerInfo.Find(repository, name, null);
        foreach (string parameter in parameters)
        {
            Parameters.CheckLoad(parameter);
        }

        return model;
    }

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorInfo tensor, long[] shape) => new()
    {
        Name = tensor.Name,
        Datatype = Tensors.DataType,
        Shape = { shape },
    };

    private static void Read(InferCall call, ModelInferRequest request)
    {
        call.Id = request.Id;
        foreach ((string name, InferParameter value) in request.Parameters)
        {
            Parameters.Check(name);
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
            foreach (string name in input.Parameters.Keys)
            {
                Parameters.Check(name);
            }

            if (raw > 0)
            {
                call.Add(input.Name, input.Datatype, input.Shape, RawOf(input, request.RawInputContents[i]));
            }
            else
            {
                call.Add(input.Name, input.Datatype, input.Shape, NumbersOf(input));
            }
        }

        foreach (ModelInferRequest.Types.InferRequestedOutputTensor output in request.Outputs)
        {
            long classes = 0;
            foreach ((string name, InferParameter value) in output.Parameters)
            {
                Parameters.Check(name);
                classes = name == ClassificationOutput.Parameter ? Integer(name, value) : classes;
            }

            call.Want(output.Name, isBinary: null, classes);
        }
    }

    private static ReadOnlySpan<byte> RawOf(ModelInferRequest.Types.InferInputTensor input, ByteString raw) =>
        input.Contents is null || input.Contents.CalculateSize() == 0 ? raw.Span
            : throw ProtocolException.Bad($"The input '{input.Name}' has both 'contents' and 'raw_input_contents'.");

    private static float[] NumbersOf(ModelInferRequest.Types.InferInputTensor input)
    {
        if (input.Contents is not { } contents)
        {
            return [];
        }

        // What another type's numbers are is said by the check of the type.
        bool hasOthers = contents.CalculateSize() > 0 && contents.Fp32Contents.Count == 0;
        return hasOthers && input.Datatype == Tensors.DataType
            ? throw ProtocolException.Bad($"The input '{input.Name}' is {Tensors.DataType}, whose numbers stand in 'fp32_contents'.")
            : [.. contents.Fp32Contents];
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
        foreach (Answer answer in call.Answers())
        {
            var output = new ModelInferResponse.Types.InferOutputTensor
            {
                Name = answer.Tensor.Name,
                Datatype = answer.DataType,
                Shape = { answer.Shape.Select(extent => (long)extent).Prepend(call.Samples) },
            };
            if (isRaw)
            {
                response.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(
                    answer.Classes > 0 ? ClassificationOutput.BytesOf(call, answer) : BytesOf(call, answer)));
            }
            else if (answer.Classes > 0)
            {
                IEnumerable<ByteString> texts = ClassificationOutput.TextsOf(call, answer).Select(ByteString.CopyFromUtf8);
                output.Contents = new InferTensorContents { BytesContents = { texts } };
            }
            else
            {
                float[] numbers = MemoryMarshal.Cast<byte, float>(BytesOf(call, answer).AsSpan()).ToArray();
                output.Contents = new InferTensorContents { Fp32Contents = { numbers } };
            }

            response.Outputs.Add(output);
        }

        return response;
    }

    private static byte[] BytesOf(InferCall call, Answer answer)
    {
        int length = Tensors.Length(answer.Tensor);
        byte[] bytes = new byte[call.Samples * length * sizeof(float)];
        Tensors.CopyOutput(
            call.Outputs, call.OutputLength, answer.Offset, length, MemoryMarshal.Cast<byte, float>(bytes.AsSpan()));
        return bytes;
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
            var failure = Failure.From(e);
            if (failure.Outcome == Failure.Unknown)
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
        StatusCodes.Status422UnprocessableEntity => StatusCode.InvalidArgument,
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
