using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Strata.Onnx.Schema;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Tests;

/// <summary>Loads tests that ONNX publishes, each in all ways in which it can be read, and compares with the numbers of the test.</summary>
internal static class PublishedCheck
{
    /// <summary>As ONNX's own runner of these tests.</summary>
    private const double Relative = 1e-3, Absolute = 1e-7;

    /// <summary>Of the largest number.</summary>
    private const double OfLargest = 1e-5;

    /// <summary>Of a number that the test has in 16 bits: a float16 has 11 bits. A bfloat16 has 8; the tests cut the others off.</summary>
    private const double OfHalf = 1e-3, OfBfloat16 = 1.0 / 128;

    /// <summary>What came of a way to read a test: why it is refused, or what is wrong; neither if it agrees.</summary>
    /// <param name="Way">The way.</param>
    /// <param name="Refusals">Why it is refused.</param>
    /// <param name="Failure">What is wrong.</param>
    /// <param name="IsAsRuntime">Whether the numbers are not the test's, but those of ONNX Runtime.</param>
    public sealed record Reading(PublishedReading Way, IReadOnlyList<string> Refusals, string? Failure, bool IsAsRuntime = false)
    {
        public bool Agrees => Refusals.Count == 0 && Failure is null;
    }

    /// <summary>What came of a test.</summary>
    public sealed record Outcome(PublishedTest Test, IReadOnlyList<Reading> Readings)
    {
        public bool Fails => Readings.Any(reading => reading.Failure is not null);

        public bool Agrees => !Fails && Readings.Any(reading => reading.Agrees);

        public bool IsAsRuntime => Agrees && Readings.Any(reading => reading.IsAsRuntime);

        /// <summary>Why it is refused, in the last way, which asks for the least.</summary>
        public IReadOnlyList<string> Refusals => Readings[^1].Refusals;

        public override string ToString() => $"{Test}: " + string.Join("\n  ", Readings.Select(reading =>
            $"{reading.Way}: {reading.Failure ?? (reading.Agrees ? "agrees" : string.Join("; ", reading.Refusals))}"));
    }

    public static Outcome Run(PublishedTest test) => new(test, [.. PublishedReading.All.Select(way => Run(test, way)).OfType<Reading>()]);

    private static Reading? Run(PublishedTest test, PublishedReading way)
    {
        try
        {
            if (way.Of(test) is not var (bytes, options, inputs))
            {
                return null;
            }

            using CompiledNetwork network = Load(test, way, bytes, options);
            float[][] outputs = Computed(network, Read(bytes, options, inputs));
            ValueInfoProto[] declared = [.. test.Model().Graph.Output];
            string? difference = Difference(network, outputs, [.. declared.Select((one, k) => test.Output(k, one)).Select(tensor =>
                (PublishedTest.Floats(tensor), (int[])[.. tensor.Dims.Select(extent => (int)extent)], (DataType)tensor.DataType))]);
            bool isAsRuntime = difference is not null && RuntimeOutputs(bytes, inputs) is { } other
                && Difference(network, outputs, other) is null;
            return new Reading(way, [], isAsRuntime ? null : difference, isAsRuntime);
        }
        catch (UnsupportedOnnxException exception)
        {
            return new Reading(way, [.. exception.Nodes.Select(node => $"{node.Operator}: {node.Reason}").Distinct()], null);
        }
        catch (Exception exception) when (exception is OnnxFormatException or NetworkException)
        {
            return new Reading(way, [exception.Message.Replace(test.ModelPath, "the stream", StringComparison.Ordinal)], null);
        }
        catch (Exception exception)
        {
            return new Reading(way, [], exception.ToString());
        }
    }

    private static CompiledNetwork Load(PublishedTest test, PublishedReading way, byte[] bytes, OnnxImportOptions options)
    {
        var network = new NetworkOptions { Threads = 1 };
        if (!way.HasConstants)
        {
            return OnnxFile.Load(test.ModelPath, options, network);
        }

        using var stream = new MemoryStream(bytes);
        return OnnxFile.Load(stream, options, network);
    }

    /// <summary>A network has only those inputs that are read.</summary>
    private static (string Name, TensorProto Tensor)[] Read(
        byte[] model, OnnxImportOptions options, IEnumerable<(string Name, TensorProto Tensor)> inputs)
    {
        HashSet<string> read = [.. ModelBuilder.Read(model, options).Inputs.Select(input => input.Name)];
        return [.. inputs.Where(input => read.Contains(input.Name))];
    }

    /// <summary>The network's outputs, each with its numbers of all samples.</summary>
    private static float[][] Computed(CompiledNetwork network, (string Name, TensorProto Tensor)[] read)
    {
        IReadOnlyList<TensorInfo> own = network.Info.Inputs;
        float[][] values = [.. read.Select((one, k) => ImportCheck.ChannelsFirst(
            PublishedTest.Floats(one.Tensor), [.. one.Tensor.Dims.Select(extent => (int)extent)], own[k].Shape))];
        int[] lengths = [.. own.Select(Length)];
        int samples = values.Zip(lengths, (one, length) => one.Length / length).Max();
        float[] input = new float[samples * lengths.Sum()], output = new float[samples * network.OutputLength];
        for (int sample = 0, at = 0; sample < samples; sample++)
        {
            foreach ((float[] one, int length) in values.Zip(lengths))
            {
                // An input with one sample is the same for all.
                one.AsSpan(one.Length == length ? 0 : sample * length, length).CopyTo(input.AsSpan(at));
                at += length;
            }
        }

        network.Forward(input, output);
        int[] outputs = [.. network.Info.Outputs.Select(Length)];
        return [.. outputs.Select((length, k) => Enumerable.Range(0, samples)
            .SelectMany(sample => output.AsSpan((sample * network.OutputLength) + outputs.Take(k).Sum(), length).ToArray()).ToArray())];
    }

    private static int Length(TensorInfo tensor) => tensor.Shape.Aggregate(1, (a, b) => a * b);

    /// <summary>What ONNX Runtime computes of floats; null if there are other inputs or outputs.</summary>
    private static (float[] Values, int[] Shape, DataType Type)[]? RuntimeOutputs(
        byte[] model, IReadOnlyList<(string Name, TensorProto Tensor)> inputs)
    {
        if (inputs.Any(input => (DataType)input.Tensor.DataType != DataType.Float))
        {
            return null;
        }

        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(model, options);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([.. inputs.Select(input =>
            NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>(
                PublishedTest.Floats(input.Tensor), [.. input.Tensor.Dims.Select(extent => (int)extent)])))]);
        return results.All(result => result.Value is Tensor<float>) ? [.. results.Select(result => result.AsTensor<float>())
            .Select(tensor => (tensor.ToArray(), tensor.Dimensions.ToArray(), DataType.Float))] : null;
    }

    private static string? Difference(CompiledNetwork network, float[][] outputs, (float[] Values, int[] Shape, DataType Type)[] expected)
    {
        for (int k = 0; k < outputs.Length; k++)
        {
            TensorInfo own = network.Info.Outputs[k];
            (float[] values, int[] shape, DataType type) = expected[k];
            string? difference = values.Length != outputs[k].Length
                ? $"{outputs[k].Length} numbers, {string.Join('×', own.Shape)} for each sample, and not {string.Join('×', shape)}"
                : Difference(ImportCheck.ChannelsFirst(values, shape, own.Shape), outputs[k], type);
            if (difference is not null)
            {
                return $"output {k}, {difference}";
            }
        }

        return null;
    }

    private static string? Difference(float[] expected, float[] actual, DataType type)
    {
        double relative = type == DataType.Bfloat16 ? OfBfloat16 : Relative;
        double share = type == DataType.Bfloat16 ? OfBfloat16 : type == DataType.Float16 ? OfHalf : OfLargest;
        double most = share * expected.Where(float.IsFinite).Select(MathF.Abs).DefaultIfEmpty().Max();
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected[i] - actual[i]);
            bool isClose = difference <= Absolute + Math.Min(relative * Math.Abs(expected[i]), most);
            if (!expected[i].Equals(actual[i]) && !isClose)
            {
                return $"element {i}: {expected[i]:R} in the test, {actual[i]:R} by the network";
            }
        }

        return null;
    }
}
