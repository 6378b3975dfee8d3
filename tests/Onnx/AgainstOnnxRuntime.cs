using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Strata.Onnx.Model;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Compares what the reader makes of a model with what ONNX Runtime computes.</summary>
internal static class AgainstOnnxRuntime
{
    private const float Tolerance = 1e-5f;

    /// <summary>
    /// Reads the model. The shapes of the outputs must be ONNX Runtime's, and normal form, written as a model again, must compute the same.
    /// </summary>
    /// <param name="builder">The model. Its inputs have numbers between -1 and 1.</param>
    /// <param name="operators">The operators that the graph should have, with blanks between them; by default it does not matter.</param>
    public static OnnxGraph Check(ModelBuilder builder, string? operators = null)
    {
        byte[] original = builder.ToBytes();
        OnnxGraph graph = ModelBuilder.Read(original);
        if (operators is not null)
        {
            Assert.Equal(operators, string.Join(' ', graph.Nodes.Select(node => node.Operator)));
        }

        Assert.DoesNotContain(graph.Outputs, output => output.IsUnknown);
        IReadOnlyList<Result> expected = Run(original), actual = Run(NormalFormWriter.Write(graph));
        Assert.Equal(expected.Count, graph.Outputs.Count);
        for (int index = 0; index < expected.Count; index++)
        {
            Assert.Equal(expected[index].Shape, graph.Outputs[index].Shape.Select(extent => (long)extent));
            Compare(expected[index], actual[index].Values);
            if (graph.Outputs[index].Constant is { } constant)
            {
                Compare(expected[index], constant.Floats);
            }
        }

        return graph;
    }

    private static void Compare(Result expected, float[] actual)
    {
        Assert.Equal(expected.Values.Length, actual.Length);
        float range = 1 + expected.Values.Where(float.IsFinite).Select(MathF.Abs).DefaultIfEmpty().Max();
        for (int index = 0; index < actual.Length; index++)
        {
            float difference = MathF.Abs(expected.Values[index] - actual[index]);
            Assert.True(
                expected.Values[index].Equals(actual[index]) || difference <= Tolerance * range,
                $"element {index}: {expected.Values[index]} and {actual[index]}");
        }
    }

    /// <param name="model">The model.</param>
    /// <param name="optimizes">Whether ONNX Runtime may compute nodes together, and in another way.</param>
    /// <param name="isPrecise">
    /// Whether sums of two products of bytes keep all their bits. Else they saturate at 16 bits on processors that lack VNNI. It has no
    /// effect unless ONNX Runtime optimizes, and refuses convolutions of signed bytes.
    /// </param>
    public static IReadOnlyList<Result> Run(byte[] model, bool optimizes = true, bool isPrecise = false)
    {
        using var options = new SessionOptions
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            GraphOptimizationLevel =
                optimizes ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
        };
        if (isPrecise)
        {
            options.AddSessionConfigEntry("session.x64quantprecision", "1");
        }

        using var session = new InferenceSession(model, options);
        using var runOptions = new RunOptions();
        List<OrtValue> inputs = [];
        try
        {
            int seed = 100;
            foreach ((string _, NodeMetadata metadata) in session.InputMetadata)
            {
                long[] shape = [.. metadata.Dimensions.Select((extent, axis) => (long)(extent > 0 ? extent : axis == 0 ? 1 : 4))];
                int count = (int)shape.Aggregate(1L, (product, extent) => product * extent);
                inputs.Add(OrtValue.CreateTensorValueFromMemory(ModelBuilder.NoiseValues(count, seed++), shape));
            }

            using IDisposableReadOnlyCollection<OrtValue> outputs =
                session.Run(runOptions, [.. session.InputMetadata.Keys], inputs, session.OutputNames);
            return [.. outputs.Select(Result.Of)];
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    /// <summary>An output.</summary>
    internal sealed record Result(long[] Shape, float[] Values)
    {
        public static Result Of(OrtValue value)
        {
            OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
            float[] values = info.ElementDataType switch
            {
                TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
                TensorElementType.Int64 => Converted<long>(value, one => (float)one),
                TensorElementType.Int32 => Converted<int>(value, one => (float)one),
                TensorElementType.Bool => Converted<bool>(value, one => one ? 1f : 0),
                TensorElementType.Double => Converted<double>(value, one => (float)one),
                TensorElementType.UInt8 => Converted<byte>(value, one => (float)one),
                TensorElementType.Float16 => Converted<Float16>(value, one => (float)one),
                _ => throw new NotSupportedException($"{info.ElementDataType}"),
            };
            return new Result(info.Shape, values);
        }

        private static float[] Converted<T>(OrtValue value, Converter<T, float> convert) where T : unmanaged =>
            Array.ConvertAll(value.GetTensorDataAsSpan<T>().ToArray(), convert);
    }
}
