using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Strata.Onnx.Tests;

/// <summary>Imports a file, compiles the class, loads the weights, and compares its outputs with ONNX Runtime's.</summary>
internal static class ImportCheck
{
    /// <summary>
    /// What came of a file: the largest difference of an output relative to the largest output, the lines of code without comments and
    /// blank ones, and times.
    /// </summary>
    public sealed record Report(ImportedNetwork Network, double Error, int Lines, TimeSpan Import, TimeSpan Build);

    public static Report Run(string path, OnnxImportOptions? options = null, string tier = "vector128")
    {
        var clock = Stopwatch.StartNew();
        ImportedNetwork imported = OnnxFile.Import(path, options);
        using var weights = new MemoryStream();
        imported.SaveWeights(weights);
        TimeSpan import = clock.Elapsed;
        clock.Restart();
        Assembly assembly = ClassCompiler.Compile(imported.Source, tier);
        TimeSpan build = clock.Elapsed;
        int lines = imported.Source.Split('\n').Count(line => line.Trim() is { Length: > 0 } text
            && !text.StartsWith("//", StringComparison.Ordinal));
        double error = Error(assembly, imported, File.ReadAllBytes(path), options);
        return new Report(imported, error, lines, import, build);
    }

    /// <summary>The largest difference from ONNX Runtime, relative to the largest output.</summary>
    public static double Error(Assembly assembly, ImportedNetwork imported, byte[] model, OnnxImportOptions? options = null)
    {
        using CompiledNetwork network = Instance(assembly, imported.Name);
        using var weights = new MemoryStream();
        imported.SaveWeights(weights);
        weights.Position = 0;
        network.Load(weights);
        return Error(network, model, options ?? new OnnxImportOptions());
    }

    public static CompiledNetwork Instance(Assembly assembly, string name) => (CompiledNetwork)Activator.CreateInstance(
        assembly.GetTypes().Single(type => type.Name == name), new NetworkOptions { Seed = 1, Threads = 1 })!;

    /// <summary>The largest difference from ONNX Runtime, for numbers from -1 to 1.</summary>
    private static double Error(CompiledNetwork network, byte[] model, OnnxImportOptions importOptions)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(model, options);
        var random = new Random(1);
        var inputs = new List<NamedOnnxValue>();
        var samples = new List<float[]>();
        foreach ((string name, NodeMetadata metadata) in session.InputMetadata)
        {
            int[] shape = [.. metadata.Dimensions.Select(extent => extent < 0 ? 1 : extent)];
            if (importOptions.Inputs.TryGetValue(name, out IReadOnlyList<int>? given) || importOptions.Inputs.TryGetValue("", out given))
            {
                shape = [1, .. given];
            }

            shape[0] = 1;
            float[] values = [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (2 * random.NextSingle()) - 1)];
            inputs.Add(NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(values, shape)));
            samples.Add(ChannelsFirst(values, shape, network.Info.InputShape));
        }

        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = importOptions.Until.Count == 0
            ? session.Run(inputs) : session.Run(inputs, [.. importOptions.Until]);
        float[] expected = [.. results.SelectMany(result => Output(result, network))], actual = new float[network.OutputLength];
        network.Forward(samples.SelectMany(sample => sample).ToArray(), actual);
        if (expected.Length != actual.Length)
        {
            throw new InvalidDataException($"{expected.Length} outputs of ONNX Runtime, {actual.Length} of the class.");
        }

        double range = expected.Max(MathF.Abs), error = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected[i] - actual[i]);
            error = Math.Max(error, double.IsNaN(difference) ? double.PositiveInfinity : difference);
        }

        return error / Math.Max(range, 1e-30);
    }

    private static float[] Output(NamedOnnxValue result, CompiledNetwork network)
    {
        Tensor<float> tensor = result.AsTensor<float>();
        return ChannelsFirst([.. tensor], tensor.Dimensions.ToArray(), network.Info.OutputShape);
    }

    /// <summary>Values in the order of the class, if the file has channels last.</summary>
    private static float[] ChannelsFirst(float[] values, int[] shape, IReadOnlyList<int> sample)
    {
        if (shape.Length != 4 || sample.Count != 3 || shape.Skip(1).SequenceEqual(sample)
            || !new[] { sample[1], sample[2], sample[0] }.SequenceEqual(shape.Skip(1)))
        {
            return values;
        }

        int channels = sample[0], pixels = sample[1] * sample[2];
        float[] moved = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            moved[(i % channels * pixels) + (i / channels)] = values[i];
        }

        return moved;
    }
}
