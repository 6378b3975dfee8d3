using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Strata.Onnx.Tests.Exports;

/// <summary>Imports a file that <c>export.py</c> wrote, compiles the class, and compares its outputs with PyTorch's.</summary>
internal static class ExportCheck
{
    /// <summary>
    /// What came of a file: the largest difference of an element of an output relative to that output's largest, the lines of the class
    /// without comments and blank ones, and times.
    /// </summary>
    public sealed record Report(ImportedNetwork Network, double Error, int Lines, TimeSpan Import, TimeSpan Build);

    /// <param name="path">The file, such as <c>plain-13-plain.onnx</c>. Its numbers are in <c>plain.safetensors</c> beside it.</param>
    public static Report Run(string path)
    {
        var clock = Stopwatch.StartNew();
        ImportedNetwork imported = OnnxFile.Import(path);
        using var weights = new MemoryStream();
        imported.SaveWeights(weights);
        TimeSpan import = clock.Elapsed;
        clock.Restart();
        Assembly assembly = ClassCompiler.Compile(imported.Source);
        TimeSpan build = clock.Elapsed;
        weights.Position = 0;
        using CompiledNetwork network = Create(assembly, imported.Name);
        network.Load(weights);
        ImportCheck.CheckLoaded(network, File.ReadAllBytes(path), new OnnxImportOptions());
        int lines = imported.Source.Split('\n').Count(
            line => line.Trim() is { Length: > 0 } text && !text.StartsWith("//", StringComparison.Ordinal));
        return new Report(imported, Error(network, Read(TensorsOf(path))), lines, import, build);
    }

    public static CompiledNetwork Create(Assembly assembly, string name) => (CompiledNetwork)Activator.CreateInstance(
        assembly.GetTypes().Single(type => type.Name == name), new NetworkOptions { Seed = 1, Threads = 1 })!;

    /// <summary>The tensors of a safetensors file whose numbers are all 32 bits wide.</summary>
    public static Dictionary<string, (int[] Shape, float[] Values)> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int length = (int)BitConverter.ToInt64(file);
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, length));
        return header.RootElement.EnumerateObject().Where(tensor => tensor.Name != "__metadata__").ToDictionary(
            tensor => tensor.Name,
            tensor =>
            {
                int[] offsets = [.. tensor.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
                int[] shape = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32())];
                return (shape, MemoryMarshal.Cast<byte, float>(file.AsSpan(8 + length)[offsets[0]..offsets[1]]).ToArray());
            });
    }

    /// <summary>The keys of PyTorch's state_dict.</summary>
    public static string[] KeysOf(string path)
    {
        byte[] file = File.ReadAllBytes(TensorsOf(path));
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, (int)BitConverter.ToInt64(file)));
        return header.RootElement.GetProperty("__metadata__").GetProperty("keys").GetString()!.Split(' ');
    }

    private static string TensorsOf(string path) => Path.Combine(
        Path.GetDirectoryName(path)!, string.Join('-', Path.GetFileNameWithoutExtension(path).Split('-').SkipLast(2)) + ".safetensors");

    private static double Error(CompiledNetwork network, Dictionary<string, (int[] Shape, float[] Values)> tensors)
    {
        float[][] inputs = Ordered(tensors, "input"), outputs = Ordered(tensors, "output");
        int batch = tensors["input0"].Shape[0];
        int[] lengths = [.. network.Info.Outputs.Select(output => output.Shape.Aggregate(1, (length, extent) => length * extent))];
        if (!lengths.SequenceEqual(outputs.Select(output => output.Length / batch)))
        {
            throw new InvalidDataException("The class has outputs of other lengths than PyTorch.");
        }

        // A sample has its tensors one behind the other.
        float[] read = [.. Enumerable.Range(0, batch).SelectMany(i => inputs.SelectMany(input => Sample(input, i)))];
        float[] expected = [.. Enumerable.Range(0, batch).SelectMany(i => outputs.SelectMany(output => Sample(output, i)))];
        float[] actual = new float[expected.Length];
        network.Forward(read, actual);
        double worst = 0;
        for (int start = 0, k = 0; start < actual.Length; start += lengths[k], k = (k + 1) % lengths.Length)
        {
            double range = outputs[k].Max(MathF.Abs);
            for (int i = start; i < start + lengths[k]; i++)
            {
                double difference = Math.Abs((double)expected[i] - actual[i]) / range;
                worst = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(worst, difference);
            }
        }

        return worst;

        IEnumerable<float> Sample(float[] values, int i) => values.Skip(i * (values.Length / batch)).Take(values.Length / batch);
    }

    private static float[][] Ordered(Dictionary<string, (int[] Shape, float[] Values)> tensors, string kind) =>
    [
        .. Enumerable.Range(0, tensors.Count).Select(i => tensors.GetValueOrDefault($"{kind}{i}").Values)
            .TakeWhile(values => values is not null),
    ];
}
