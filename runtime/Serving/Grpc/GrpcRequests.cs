using System;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using global::Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Strata.Serving.Protocol;

namespace Strata.Serving.Grpc;

/// <summary>What all requests of gRPC may have, before the library reads them.</summary>
internal static class GrpcRequests
{
    /// <summary>Limits requests by the length of their messages and by what all of them have together, as over HTTP.</summary>
    public static void Limit(IEndpointConventionBuilder endpoints, RequestMemory memory) => endpoints.Add(endpoint =>
    {
        RequestDelegate answer = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = async context =>
        {
            // The library knows the limit of messages, and has a status for it. Kestrel's own limit would end the stream without one.
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            {
                limit.MaxRequestBodySize = null;
            }

            using var counted = new CountedReader(context.Request.BodyReader, memory);
            context.Features.Set<IRequestBodyPipeFeature>(new Body(new StatusReader(counted)));
            await answer(context).ConfigureAwait(false);
        };
    });

    private sealed record Body(PipeReader Reader) : IRequestBodyPipeFeature;

    /// <summary>Ends a call whose message cannot be read with a status of gRPC.</summary>
    private sealed class StatusReader(PipeReader inner) : PipeReader
    {
        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return await inner.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (RequestMemoryException e)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, e.Message));
            }
            catch (IOException e) when (e is not BadHttpRequestException)
            {
                throw new OperationCanceledException("The client has closed the connection.", e);
            }
        }

        public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
