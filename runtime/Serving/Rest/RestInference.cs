using System;
using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Strata.Serving.Protocol;

namespace Strata.Serving.Rest;

/// <summary>Inference over HTTP: numbers as JSON, or as bytes behind it.</summary>
internal sealed class RestInference(ServingOptions options, RequestMemory memory)
{
    private const string JsonLength = "Inference-Header-Content-Length", Binary = "application/octet-stream";

    public async Task AnswerAsync(HttpContext context, ServedModel model)
    {
        string outcome = "success";
        using var call = new InferCall(model);
        var json = new ArrayBufferWriter<byte>();
        try
        {
            await RequestBody.ReadAsync(context, options, memory, body => Read(call, context.Request, body)).ConfigureAwait(false);
            await call.InferAsync(context.RequestAborted).ConfigureAwait(false);
            using var writer = new Utf8JsonWriter(json, ModelJson.Options);
            ModelJson.WriteAnswer(writer, call);
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

        await WriteAsync(context, call, json.WrittenMemory).ConfigureAwait(false);
    }

    private static void Read(InferCall call, HttpRequest request, ReadOnlySequence<byte> body)
    {
        int length = (int)body.Length, json = length;
        if (request.Headers[JsonLength] is { Count: > 0 } header
            && (!int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out json) || json > length))
        {
            throw ProtocolException.Bad($"The header {JsonLength} is '{header}'; the body has {length} bytes.");
        }

        if (body.IsSingleSegment)
        {
            Read(call, body.FirstSpan, json);
            return;
        }

        byte[] copy = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(copy);
            Read(call, copy.AsSpan(0, length), json);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private static void Read(InferCall call, ReadOnlySpan<byte> body, int json)
    {
        if (json == 0 && body.Length > 0)
        {
            call.AddRaw(body);
        }
        else
        {
            InferReader.Read(call, body, json);
        }
    }

    private static async Task WriteAsync(HttpContext context, InferCall call, ReadOnlyMemory<byte> json)
    {
        (Answer Answer, byte[]? Text)[] binary = [.. call.Answers().Where(answer => answer.IsBinary)
            .Select(answer => (answer, answer.Classes > 0 ? ClassificationOutput.BytesOf(call, answer) : null))];
        long length = binary.Sum(
            one => one.Text?.Length ?? (long)call.Samples * Tensors.Length(one.Answer.Tensor) * sizeof(float));
        HttpResponse response = context.Response;
        response.ContentType = binary.Length > 0 ? Binary : ModelJson.ContentType;
        response.ContentLength = json.Length + length;
        if (binary.Length > 0)
        {
            response.Headers[JsonLength] = json.Length.ToString(CultureInfo.InvariantCulture);
        }

        PipeWriter body = response.BodyWriter;
        body.Write(json.Span);
        foreach ((Answer answer, byte[]? text) in binary)
        {
            if (text is not null)
            {
                body.Write(text);
            }
            else
            {
                WriteBytes(body, call, answer);
            }
        }

        await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static void WriteBytes(PipeWriter body, InferCall call, Answer answer)
    {
        int length = Tensors.Length(answer.Tensor), bytes = call.Samples * length * sizeof(float);
        Span<float> values = MemoryMarshal.Cast<byte, float>(body.GetSpan(bytes)[..bytes]);
        Tensors.CopyOutput(call.Outputs, call.OutputLength, answer.Offset, length, values);
        body.Advance(bytes);
    }
}
