using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace Strata.Onnx.Tests;

/// <summary>
/// Damages models, loads them as networks, and computes a sample. A file may be refused; no exception but those that the documentation
/// names may come out, and above all the process must not crash: what is emitted is machine code in the end.
/// </summary>
internal static class LoadFuzz
{
    private const double MaximumSeconds = 30;

    private static readonly CompileOptions Limits = new()
    {
        Trains = false,
        MaxMemory = 256 << 20,
        MaxCompileTime = TimeSpan.FromSeconds(10),
    };

    /// <param name="Computed">How many files gave a network that computed a sample.</param>
    /// <param name="Refused">How many were refused with a message.</param>
    /// <param name="Failures">What went wrong, with the number that makes the file again.</param>
    /// <param name="Slowest">The longest time for a file.</param>
    internal sealed record Report(int Computed, int Refused, IReadOnlyList<string> Failures, TimeSpan Slowest);

    /// <summary>Loads some damaged models, which the seed and their numbers make. Exported models of a folder are among them.</summary>
    public static Report Run(string exports, int seed, int count)
    {
        byte[][] models =
        [
            .. ModelFuzz.Models().Select(model => model.ToBytes()),
            .. Directory.EnumerateFiles(exports, "*-17-*.onnx").Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
        ];
        List<string> failures = [];
        int computed = 0, refused = 0;
        TimeSpan slowest = default;
        for (int number = 0; number < count; number++)
        {
            var random = new Random(ModelFuzz.HashCode(seed, number));
            byte[] bytes = ModelFuzz.Damage(models[random.Next(models.Length)], random);
            var watch = Stopwatch.StartNew();
            try
            {
                Compute(bytes);
                computed++;
            }
            catch (Exception e) when (e is OnnxFormatException or UnsupportedOnnxException or NetworkException)
            {
                refused++;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failures.Add($"file {number}: {e}");
            }

            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            if (watch.Elapsed.TotalSeconds > MaximumSeconds)
            {
                failures.Add($"file {number}: {watch.Elapsed.TotalSeconds:F1} s");
            }
        }

        return new Report(computed, refused, failures, slowest);
    }

    private static void Compute(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        using CompiledNetwork network = OnnxFile.Load(stream, network: new NetworkOptions { Threads = 1 }, compile: Limits);
        float[] input = new float[network.InputLength];
        input.AsSpan().Fill(0.25f);
        network.Forward(input, new float[network.OutputLength]);
    }
}
