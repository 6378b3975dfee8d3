using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Tests;

/// <summary>Imports a file, compiles the class, loads the weights, and compares its outputs with ONNX Runtime's.</summary>
internal static class ImportCheck
{
    public const double Tolerance = 1e-5;

    /// <summary>What came of a file.</summary>
    /// <param name="Network">The class.</param>
    /// <param name="Error">The largest difference of an output, relative to the largest number of that output.</param>
    /// <param name="FirstDifference">The first node whose output differs, where there is one.</param>
    public sealed record Report(ImportedNetwork Network, double Error, string? FirstDifference)
    {
        public bool Agrees => Error <= Tolerance;

        public override string ToString() => FirstDifference is null
            ? $"{Network.Name}: {Error:E2}" : $"{Network.Name} differs from ONNX Runtime by {Error:E2}. {FirstDifference}";
    }

    /// <param name="path">The file.</param>
    /// <param name="options">How it is imported.</param>
    /// <param name="inputs">Numbers for an input of a shape; by default from -1 to 1.</param>
    public static Report Run(string path, OnnxImportOptions options, Func<int[], float[]>? inputs = null)
    {
        byte[] model = File.ReadAllBytes(path);
        return Run(model, model, options, inputs);
    }

    /// <summary>Compares the class of a model with what ONNX Runtime computes from another one, whose graph is the same.</summary>
    public static Report Run(byte[] model, byte[] expected, OnnxImportOptions options, Func<int[], float[]>? inputs = null)
    {
        ImportedNetwork network = Imported(model, options);
        Assembly assembly = ClassCompiler.Compile(network.Source);
        double error = Error(assembly, network, expected, options, inputs);
        using (CompiledNetwork instance = Instance(assembly, network))
        {
            CheckLoaded(instance, model, options);
        }

        string? first = error <= Tolerance ? null : FirstDifference.Find(model, expected, options, inputs);
        return new Report(network, error, first);
    }

    public static ImportedNetwork Imported(byte[] model, OnnxImportOptions options)
    {
        using var stream = new MemoryStream(model);
        return OnnxFile.Import(stream, options);
    }

    /// <summary>The largest difference from ONNX Runtime, relative to the largest number of the same output.</summary>
    public static double Error(
        Assembly assembly, ImportedNetwork imported, byte[] model, OnnxImportOptions? options = null, Func<int[], float[]>? inputs = null)
    {
        using CompiledNetwork network = Instance(assembly, imported);
        var random = new Random(1);
        return Error(network, model, options ?? new OnnxImportOptions(), inputs ?? (shape =>
            [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => (2 * random.NextSingle()) - 1)]));
    }

    /// <summary>Loads the model at run time, too: its network must compute the bits of the class.</summary>
    public static void CheckLoaded(CompiledNetwork network, byte[] model, OnnxImportOptions options)
    {
        using var stream = new MemoryStream(model);
        using CompiledNetwork loaded = OnnxFile.Load(stream, options, new NetworkOptions { Isa = network.Isa, Threads = 1 });
        if (!loaded.Info.Inputs.Select(One).SequenceEqual(network.Info.Inputs.Select(One))
            || !loaded.Info.Outputs.Select(One).SequenceEqual(network.Info.Outputs.Select(One)))
        {
            throw new InvalidDataException($"The network that was loaded has other inputs or outputs than {network.Info.Name}.");
        }

        var random = new Random(2);
        float[] input = [.. Enumerable.Range(0, 2 * network.InputLength).Select(_ => (2 * random.NextSingle()) - 1)];
        float[] expected = new float[2 * network.OutputLength], actual = new float[expected.Length];
        network.Forward(input, expected);
        loaded.Forward(input, actual);
        int different = Enumerable.Range(0, expected.Length).FirstOrDefault(i => !expected[i].Equals(actual[i]), -1);
        if (different >= 0)
        {
            throw new InvalidDataException(
                $"Output {different} of {network.Info.Name} is {expected[different]:R}, and {actual[different]:R} if it is loaded.");
        }

        static string One(TensorInfo tensor) => $"{tensor.Name} {string.Join('×', tensor.Shape)}";
    }

    public static CompiledNetwork Instance(Assembly assembly, ImportedNetwork imported, NetworkOptions? options = null)
    {
        var network = (CompiledNetwork)Activator.CreateInstance(
            assembly.GetTypes().Single(type => type.Name == imported.Name), options ?? new NetworkOptions { Seed = 1, Threads = 1 })!;
        using var weights = new MemoryStream();
        imported.SaveWeights(weights);
        weights.Position = 0;
        network.Load(weights);
        return network;
    }

    public static double Error(CompiledNetwork network, byte[] model, OnnxImportOptions importOptions, Func<int[], float[]> valuesOf)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(Ending(model, importOptions.Until), options);
        var inputs = new List<NamedOnnxValue>();
        var samples = new List<float[]>();
        foreach ((string name, NodeMetadata metadata) in session.InputMetadata)
        {
            if (importOptions.Constants.TryGetValue(name, out double number))
            {
                inputs.Add(metadata.ElementType == typeof(long)
                    ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(new[] { (long)number }, metadata.Dimensions))
                    : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(new[] { (float)number }, metadata.Dimensions)));
                continue;
            }

            int[] shape = [.. metadata.Dimensions.Select(extent => extent < 0 ? 1 : extent)];
            if (importOptions.Inputs.TryGetValue(name, out IReadOnlyList<int>? given) || importOptions.Inputs.TryGetValue("", out given))
            {
                shape = given.Count == metadata.Dimensions.Length ? [.. given] : [1, .. given];
            }
            else if (shape.Length > 0)
            {
                shape[0] = 1;
            }

            float[] values = valuesOf(shape);
            inputs.Add(NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(values, shape)));
            // A part of a network may not read all inputs of the whole.
            IReadOnlyList<TensorInfo> read = network.Info.Inputs;
            TensorInfo? own = read.Count == session.InputMetadata.Count - importOptions.Constants.Count ? read[samples.Count]
                : read.FirstOrDefault(input => input.Name == name);
            if (own is not null)
            {
                samples.Add(ChannelsFirst(values, shape, own.Shape));
            }
        }

        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = importOptions.Until.Count == 0
            ? session.Run(inputs) : session.Run(inputs, [.. importOptions.Until]);
        float[] outputs = new float[network.OutputLength];
        network.Forward(samples.SelectMany(sample => sample).ToArray(), outputs);
        return Error([.. results], outputs, network.Info.Outputs);
    }

    /// <summary>ONNX Runtime gives only what the graph names as outputs.</summary>
    private static byte[] Ending(byte[] model, IReadOnlyList<string> until)
    {
        if (until.Count == 0)
        {
            return model;
        }

        ModelProto ending = ModelProto.Parser.ParseFrom(model);
        ending.Graph.Output.AddRange(until.Except(ending.Graph.Output.Select(output => output.Name))
            .Select(name => new ValueInfoProto { Name = name }));
        return ending.ToByteArray();
    }

    private static double Error(DisposableNamedOnnxValue[] results, float[] outputs, IReadOnlyList<TensorInfo> infos)
    {
        if (results.Length != infos.Count)
        {
            throw new InvalidDataException($"{results.Length} outputs of ONNX Runtime, {infos.Count} of the class.");
        }

        double worst = 0;
        int at = 0;
        for (int k = 0; k < results.Length; k++)
        {
            Tensor<float> tensor = results[k].AsTensor<float>();
            float[] expected = ChannelsFirst([.. tensor], tensor.Dimensions.ToArray(), infos[k].Shape);
            if (expected.Length != infos[k].Shape.Aggregate(1, (a, b) => a * b))
            {
                throw new InvalidDataException(
                    $"'{results[k].Name}' has {expected.Length} numbers; the class has {string.Join('×', infos[k].Shape)}.");
            }

            double range = Math.Max(expected.Where(float.IsFinite).Select(MathF.Abs).DefaultIfEmpty().Max(), 1e-30);
            for (int i = 0; i < expected.Length; i++, at++)
            {
                double difference = expected[i].Equals(outputs[at]) ? 0 : Math.Abs((double)expected[i] - outputs[at]) / range;
                worst = Math.Max(worst, double.IsNaN(difference) ? double.PositiveInfinity : difference);
            }
        }

        return worst;
    }

    /// <summary>Values of some samples in the order of the class, if the file has channels last.</summary>
    public static float[] ChannelsFirst(float[] values, int[] shape, IReadOnlyList<int> sample)
    {
        int rank = sample.Count;
        if (rank < 2 || shape.Length != rank + 1 || shape.Skip(1).SequenceEqual(sample)
            || !sample.Skip(1).Append(sample[0]).SequenceEqual(shape.Skip(1)))
        {
            return values;
        }

        int channels = sample[0], pixels = sample.Skip(1).Aggregate(1, (a, b) => a * b), length = channels * pixels;
        float[] moved = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            moved[(i / length * length) + (i % channels * pixels) + (i % length / channels)] = values[i];
        }

        return moved;
    }
}
