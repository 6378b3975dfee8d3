using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace Strata.Onnx.Tests.Saving;

/// <summary>Compares networks with what ONNX Runtime computes from their files.</summary>
internal static class SavedNetwork
{
    private const float Tolerance = 1e-5f;

    /// <summary>A network of a class with random parameters.</summary>
    public static CompiledNetwork Create(Type type)
    {
        var network = (CompiledNetwork)Activator.CreateInstance(type, new NetworkOptions { Threads = 1, Seed = 1 })!;
        var random = new Random(1);
        foreach (Parameter parameter in network.Parameters)
        {
            float[] values = new float[parameter.Length];
            for (int i = 0; i < values.Length; i++)
            {
                // Variances and scales are positive, zero points are whole.
                float value = random.NextSingle();
                values[i] = parameter.Key[(parameter.Key.LastIndexOf('.') + 1)..] switch
                {
                    "running_var" => 0.5f + value,
                    "scale" => 0.02f + (0.1f * value),
                    "zero_point" => MathF.Round(5 * value),
                    _ => (2 * value) - 1,
                };
            }

            parameter.CopyFrom(values);
        }

        return network;
    }

    public static byte[] Save(CompiledNetwork network, OnnxSaveOptions? options = null)
    {
        using var stream = new MemoryStream();
        OnnxFile.Save(network, stream, options);
        return stream.ToArray();
    }

    /// <summary>Saves a network, and compares its outputs with those of the file.</summary>
    public static void Check(CompiledNetwork network, OnnxSaveOptions options, params IEnumerable<int> batches) =>
        Check(network, options, Tolerance, batches);

    /// <summary>The same with a tolerance, relative to the largest output.</summary>
    public static void Check(CompiledNetwork network, OnnxSaveOptions options, float tolerance, params IEnumerable<int> batches)
    {
        using SessionOptions session = Quiet();
        using var runtime = new InferenceSession(Save(network, options), session);
        foreach (int batch in batches)
        {
            Compare(network, runtime, batch, tolerance);
        }
    }

    public static void Compare(CompiledNetwork network, InferenceSession runtime, int batch, float tolerance = Tolerance)
    {
        NetworkInfo info = network.Info;
        float[] inputs = new float[batch * network.InputLength], outputs = new float[batch * network.OutputLength];
        var random = new Random(batch);
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = (4 * random.NextSingle()) - 2;
        }

        network.Forward(inputs, outputs);
        List<OrtValue> values = [];
        int offset = 0;
        foreach (TensorInfo input in info.Inputs)
        {
            values.Add(OrtValue.CreateTensorValueFromMemory(
                Part(inputs, batch, offset, input.Shape), [batch, .. input.Shape.Select(extent => (long)extent)]));
            offset += Length(input.Shape);
        }

        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = runtime.Run(
            options, [.. info.Inputs.Select(input => input.Name)], values, [.. info.Outputs.Select(output => output.Name)]);
        offset = 0;
        foreach ((TensorInfo output, OrtValue result) in info.Outputs.Zip(results))
        {
            Assert.Equal([batch, .. output.Shape.Select(extent => (long)extent)], result.GetTensorTypeAndShape().Shape);
            Compare(Part(outputs, batch, offset, output.Shape), result.GetTensorDataAsSpan<float>(), output.Name, tolerance);
            offset += Length(output.Shape);
        }

        values.ForEach(value => value.Dispose());
    }

    public static SessionOptions Quiet() => new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };

    private static void Compare(float[] strata, ReadOnlySpan<float> onnx, string output, float tolerance)
    {
        float range = strata.Max(MathF.Abs);
        Assert.True(range > 0, $"All of '{output}' is 0.");
        for (int i = 0; i < strata.Length; i++)
        {
            Assert.True(
                MathF.Abs(strata[i] - onnx[i]) <= tolerance * range,
                $"Element {i} of '{output}' is {strata[i]} in Strata, and {onnx[i]} in ONNX Runtime.");
        }
    }

    /// <summary>One tensor of all samples, which hold several one behind the other.</summary>
    private static float[] Part(float[] samples, int batch, int offset, IReadOnlyList<int> shape)
    {
        int length = Length(shape), sample = samples.Length / batch;
        return [.. Enumerable.Range(0, batch).SelectMany(i => samples.Skip((i * sample) + offset).Take(length))];
    }

    private static int Length(IReadOnlyList<int> shape) => shape.Aggregate(1, (length, extent) => length * extent);
}
