using System;
using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.ML.OnnxRuntime;

namespace Strata.Benchmarks.Serving;

/// <summary>
/// The service that one would write by hand: each request runs ONNX Runtime's session on the thread that has read it. It takes the same
/// bytes as Strata.Serving, and skips the JSON before them.
/// </summary>
internal sealed class OnnxService : IDisposable
{
    private const string Head = "Inference-Header-Content-Length";

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string[] _inputs, _outputs;
    private readonly long[] _shape;

    public OnnxService(string model)
    {
        _session = new InferenceSession(model);
        (_inputs, _outputs) = ([.. _session.InputNames], [.. _session.OutputNames]);
        _shape = [1, .. _session.InputMetadata[_inputs[0]].Dimensions.Skip(1).Select(extent => (long)extent)];
    }

    public void Map(WebApplication app) => app.MapPost("/v2/models/{model}/infer", InferAsync);

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private async Task InferAsync(HttpContext context)
    {
        int head = int.Parse(context.Request.Headers[Head].ToString(), CultureInfo.InvariantCulture);
        int length = (int)context.Request.ContentLength!.Value - head;
        float[] input = ArrayPool<float>.Shared.Rent(length / sizeof(float));
        try
        {
            PipeReader body = context.Request.BodyReader;
            ReadResult read = await body.ReadAtLeastAsync(head + length);
            read.Buffer.Slice(head, length).CopyTo(MemoryMarshal.AsBytes(input.AsSpan()));
            body.AdvanceTo(read.Buffer.End);
            using OrtValue value = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance, input.AsMemory(0, length / sizeof(float)), _shape);
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_run, _inputs, [value], _outputs);
            byte[] answer = MemoryMarshal.AsBytes(outputs[0].GetTensorDataAsSpan<float>()).ToArray();
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(input);
        }
    }
}
