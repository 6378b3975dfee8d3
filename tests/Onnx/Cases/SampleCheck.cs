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

/// <summary>Imports models of one input, compiles their classes together, and compares several samples of each with ONNX Runtime.</summary>
internal static class SampleCheck
{
    /// <summary>The largest difference, relative to the largest number of the same sample.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>What one rounding of the largest tensor may change, where roundings decide.</summary>
    private const double Rounding = 1e-6;

    /// <param name="Name">What messages call it.</param>
    /// <param name="Bytes">The file.</param>
    /// <param name="Samples">Numbers for each sample.</param>
    /// <param name="IsRounded">Whether a neighbour's value counts, too.</param>
    /// <param name="IsFunction">Whether it is a function of single numbers, whose exact value counts, too.</param>
    public sealed record Model(string Name, byte[] Bytes, float[][] Samples, bool IsRounded = false, bool IsFunction = false);

    /// <summary>What came of a model: why it is refused, or what differs; neither if it agrees.</summary>
    public sealed record Outcome(Model Model, string? Refusal, string? Failure, string Source)
    {
        public override string ToString() => $"{Model.Name}: {Refusal ?? Failure ?? "agrees"}{(Failure is null ? "" : "\n" + Source)}";
    }

    public static IReadOnlyList<Outcome> Run(IReadOnlyList<Model> models)
    {
        var outcomes = new Outcome?[models.Count];
        var imported = new List<(int Index, ImportedNetwork Network)>();
        for (int i = 0; i < models.Count; i++)
        {
            try
            {
                using var stream = new MemoryStream(models[i].Bytes);
                ImportedNetwork network = OnnxFile.Import(stream, new OnnxImportOptions { Name = $"Case{i}", Namespace = $"Of{i}" });
                ClassCompiler.GraphOf(network.Source);
                imported.Add((i, network));
            }
            catch (Exception exception) when (exception is UnsupportedOnnxException or OnnxFormatException)
            {
                outcomes[i] = new Outcome(models[i], exception.Message, null, "");
            }
            catch (Exception exception)
            {
                outcomes[i] = new Outcome(models[i], null, exception.ToString(), "");
            }
        }

        Assembly assembly = ClassCompiler.Compile(imported.Select(one => one.Network.Source));
        foreach ((int index, ImportedNetwork network) in imported)
        {
            string? failure;
            try
            {
                failure = Difference(assembly, network, models[index]);
            }
            catch (Exception exception)
            {
                failure = exception.ToString();
            }

            outcomes[index] = new Outcome(models[index], null, failure, network.Source);
        }

        return outcomes!;
    }

    private static string? Difference(Assembly assembly, ImportedNetwork imported, Model model)
    {
        using CompiledNetwork network = ImportCheck.Instance(assembly, imported);
        int count = network.OutputLength;
        float[] outputs = new float[model.Samples.Length * count];
        network.Forward(model.Samples.SelectMany(sample => sample).ToArray(), outputs);
        bool isSingle = imported.Notes.Any(note => note.Contains("one sample only", StringComparison.Ordinal));
        (float[] expected, double[] scales) = Expected(model, shift: 0, isSingle);
        float[][] neighbours = model.IsRounded ? [Expected(model, -1, false).Values, Expected(model, 1, false).Values] : [];
        FunctionOracle? exact = model.IsFunction ? new FunctionOracle(ModelProto.Parser.ParseFrom(model.Bytes)) : null;
        if (expected.Length != outputs.Length)
        {
            return $"{expected.Length} numbers of ONNX Runtime, {outputs.Length} of the class";
        }

        for (int i = 0; i < expected.Length; i++)
        {
            int sample = i / count;
            double range = Math.Max(
                expected.Skip(sample * count).Take(count).Where(float.IsFinite).Select(MathF.Abs).DefaultIfEmpty().Max(), 1e-37);
            double most = (Tolerance * range) + (model.IsRounded ? Rounding * scales[sample] : 0);
            bool IsClose(float one) => one.Equals(outputs[i]) || Math.Abs((double)one - outputs[i]) <= most
                || (float.IsNaN(one) && float.IsNaN(outputs[i]));
            bool IsExact() => exact is not null && IsClose((float)exact.Value(model.Samples[sample][i % count]));
            if (!IsClose(expected[i]) && !neighbours.Any(other => IsClose(other[i])) && !IsExact())
            {
                string x = model.Samples[sample].Length == count ? $"x = {model.Samples[sample][i % count]:R}" : $"sample {sample}";
                double error = Math.Abs(expected[i] - outputs[i]) / range;
                return $"{x}: {expected[i]:R} by ONNX Runtime, {outputs[i]:R} by the class, {error:E1} of the largest";
            }
        }

        return null;
    }

    /// <summary>
    /// What ONNX Runtime computes from the samples, each moved by some parts in a million, and the largest of all its tensors.
    /// </summary>
    private static (float[] Values, double[] Scales) Expected(Model model, int shift, bool isSingle)
    {
        float[][] samples = [.. model.Samples.Select(sample => Array.ConvertAll(sample, x => x * (1 + (shift * 2e-6f))))];
        ModelProto ending = ModelProto.Parser.ParseFrom(model.Bytes);
        if (model.IsRounded)
        {
            ending.Graph.Output.AddRange(ending.Graph.Node.Where(node => !IsTruth(node)).SelectMany(node => node.Output)
                .Where(name => name != "y").Select(name => new ValueInfoProto { Name = name }));
        }

        using var options = new SessionOptions
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
        };
        using var session = new InferenceSession(ending.ToByteArray(), options);
        int[] shape = session.InputMetadata["x"].Dimensions;
        int batch = shape[0] > 0 ? shape[0] : isSingle ? 1 : samples.Length;
        var values = new List<float>();

        // Within a function such as e^x − 1 there are ones.
        double[] scales = [.. samples.Select(_ => 1.0)];
        for (int first = 0; first < samples.Length; first += batch)
        {
            shape[0] = batch;
            float[] input = [.. samples.Skip(first).Take(batch).SelectMany(sample => sample)];
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results =
                session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(input, shape))]);
            values.AddRange(results.Single(result => result.Name == "y").AsTensor<float>());
            foreach (float[] tensor in results.Select(result => result.AsTensor<float>().ToArray()).Where(_ => model.IsRounded))
            {
                for (int i = 0; i < tensor.Length && tensor.Length % batch == 0; i++)
                {
                    int sample = first + (i / (tensor.Length / batch));
                    scales[sample] = Math.Max(scales[sample], float.IsFinite(tensor[i]) ? Math.Abs(tensor[i]) : 0);
                }
            }
        }

        return ([.. values], scales);
    }

    private static bool IsTruth(NodeProto node) =>
        node.OpType is "Greater" or "GreaterOrEqual" or "Less" or "LessOrEqual" or "Equal" or "And" or "Or" or "Xor" or "Not";
}
