using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Tests;

/// <summary>
/// Changes the graphs of real models and imports them. A model may be refused with a message of the importer's own, or become a class that
/// compiles; nothing else.
/// </summary>
internal static class StructureFuzz
{
    /// <param name="Imported">How many models became a class in spite of the change.</param>
    /// <param name="Refused">How many were refused with a message.</param>
    /// <param name="Compiled">How many of the classes were compiled.</param>
    /// <param name="Failures">What went wrong, with the number that makes the model again.</param>
    /// <param name="Slowest">The longest time for a model.</param>
    internal sealed record Report(int Imported, int Refused, int Compiled, IReadOnlyList<string> Failures, TimeSpan Slowest);

    /// <param name="folder">Where the exports stand.</param>
    /// <param name="seed">Another one makes other models.</param>
    /// <param name="count">How many models.</param>
    /// <param name="compiled">Every so many-th class is compiled.</param>
    public static Report Run(string folder, int seed, int count, int compiled)
    {
        byte[][] models = Models(folder);
        var failures = new List<string>();
        var sources = new List<(int Number, string Source)>();
        int imported = 0, refused = 0;
        TimeSpan slowest = default;
        for (int number = 0; number < count; number++)
        {
            byte[] bytes = Model(models, seed, number);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            try
            {
                ImportedNetwork network = Import(bytes, number);
                if (imported++ % compiled == 0)
                {
                    sources.Add((number, network.Source));
                }
            }
            catch (Exception exception) when (exception is OnnxFormatException or UnsupportedOnnxException)
            {
                refused++;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                failures.Add($"model {number}: {exception}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            if (watch.Elapsed.TotalSeconds > ModelFuzz.MaximumSeconds
                || allocated > (2 * ModelFuzz.FreeBytes) + ((long)ModelFuzz.BytesPerByte * bytes.Length))
            {
                failures.Add($"model {number}: {watch.Elapsed.TotalSeconds:F1} s and {allocated:N0} bytes for {bytes.Length:N0}");
            }
        }

        failures.AddRange(Compile(sources));
        return new Report(imported, refused, sources.Count, failures, slowest);
    }

    /// <summary>The bytes of one model, for a closer look.</summary>
    public static byte[] Model(byte[][] models, int seed, int number)
    {
        var random = new Random(ModelFuzz.HashCode(seed, number));
        ModelProto model = ModelProto.Parser.ParseFrom(models[random.Next(models.Length)]);
        var mutation = new GraphMutation(model, random);
        for (int round = random.Next(4); round >= 0; round--)
        {
            mutation.Apply();
        }

        return Google.Protobuf.MessageExtensions.ToByteArray(model);
    }

    /// <summary>Exports of PyTorch, small models, and single nodes.</summary>
    public static byte[][] Models(string folder) =>
    [
        .. Directory.GetFiles(folder, "*.onnx").Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
        .. ModelFuzz.Models().Select(model => model.ToBytes()),
        .. NodeCases.All().Where((_, i) => i % 29 == 0).Select(one => one.ToBytes()),
    ];

    /// <summary>Imports a model, and computes the values of its parameters.</summary>
    public static ImportedNetwork Import(byte[] bytes, int number)
    {
        using var stream = new MemoryStream(bytes);
        ImportedNetwork network = OnnxFile.Import(stream, new OnnxImportOptions { Name = "Fuzzed", Namespace = $"Model{number}" });
        foreach (ImportedParameter parameter in network.Parameters)
        {
            int count = parameter.Shape.Aggregate(1, (product, extent) => product * extent);
            if (parameter.Values().Length != count)
            {
                throw new InvalidDataException($"{parameter.Key} has {parameter.Values().Length} numbers, not {count}");
            }
        }

        return network;
    }

    /// <summary>Compiles classes together; those that fail, one by one.</summary>
    private static IEnumerable<string> Compile(List<(int Number, string Source)> sources)
    {
        const int Together = 40;
        foreach ((int Number, string Source)[] chunk in sources.Chunk(Together))
        {
            if (ErrorOf(chunk.Select(one => one.Source)) is null)
            {
                continue;
            }

            foreach ((int number, string source) in chunk)
            {
                if (ErrorOf([source]) is { } error)
                {
                    yield return $"model {number} does not compile: {error}";
                }
            }
        }
    }

    private static string? ErrorOf(IEnumerable<string> sources)
    {
        try
        {
            ClassCompiler.Compile(sources);
            return null;
        }
        catch (ClassException exception)
        {
            return exception.Message;
        }
    }
}
