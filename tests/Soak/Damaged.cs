using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Strata.Imaging.Tests;
using Strata.Onnx.Tests;
using Strata.Weights;
using Strata.Weights.Tests;

namespace Strata.Soak;

/// <summary>Reads damaged files.</summary>
internal static class Damaged
{
    private const int ShownFailures = 20;

    public static bool RunOnnx(int files, int seed)
    {
        ModelFuzz.Report report = ModelFuzz.Run(seed, files);
        Console.WriteLine(
            $"{files} files with seed {seed}: {report.Read} were read, {report.Refused} refused, {report.Failures.Count} failed.");
        Console.WriteLine(
            $"The slowest took {report.Slowest.TotalMilliseconds:F0} ms; the most that was allocated is {report.MostBytes / 1e6:F1} MB.");
        return Show(report.Failures);
    }

    public static bool RunLoads(int files, int seed)
    {
        LoadFuzz.Report report = LoadFuzz.Run(Exports, seed, files);
        Console.WriteLine(
            $"{files} files with seed {seed}: {report.Computed} computed a sample, {report.Refused} were refused, "
            + $"{report.Failures.Count} failed. The slowest took {report.Slowest.TotalMilliseconds:F0} ms.");
        return Show(report.Failures);
    }

    /// <summary>The folder of exported models.</summary>
    private static string Exports => Path.Combine(
        typeof(Damaged).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "ProjectDirectory").Value!,
        "..", "Onnx", "Exports");

    public static bool RunGraphs(int models, int seed)
    {
        const int Compiled = 50;
        StructureFuzz.Report report = StructureFuzz.Run(Exports, seed, models, Compiled);
        Console.WriteLine($"{models} models with seed {seed}: {report.Imported} became classes, {report.Refused} were refused, "
            + $"{report.Failures.Count} failed. {report.Compiled} of the classes were compiled.");
        Console.WriteLine($"The slowest took {report.Slowest.TotalMilliseconds:F0} ms.");
        return Show(report.Failures);
    }

    public static bool RunWeights(int files, int seed)
    {
        using var net = new Small(seed: 1);
        var options = new WeightsLoadOptions { Strict = false, SkipMismatched = true };
        WeightsFuzz.Report report = WeightsFuzz.Run(
            Golden.OfTorch.Select(file => file.Value), seed, files, file => net.LoadPyTorch(file, options));
        Console.WriteLine(
            $"{files} files with seed {seed}: {report.Read} were read, {report.Refused} refused, {report.Failures.Count} failed.");
        Console.WriteLine(
            $"The slowest took {report.Slowest.TotalMilliseconds:F0} ms; the most that was allocated is {report.MostBytes / 1e6:F1} MB.");
        return RunKeras(files, seed) & Show(report.Failures);
    }

    private static bool RunKeras(int files, int seed)
    {
        WeightsFuzz.Report report = KerasFuzz.Run(seed, files);
        Console.WriteLine($"{files} files of Keras with seed {seed}: {report.Read} were read, {report.Refused} refused, "
            + $"{report.Failures.Count} failed.");
        Console.WriteLine(
            $"The slowest took {report.Slowest.TotalMilliseconds:F0} ms; the most that was allocated is {report.MostBytes / 1e6:F1} MB.");
        return Show(report.Failures);
    }

    public static bool RunImages(string corpus, int files, int seed, string format = "")
    {
        ImageFuzz.Report report = ImageFuzz.Run(corpus, seed, files, format);
        Console.WriteLine(
            $"{files} files with seed {seed}: {report.Read} were read, {report.Refused} refused, {report.Failures.Count} failed.");
        Console.WriteLine(
            $"The slowest took {report.Slowest.TotalMilliseconds:F0} ms; the most memory was {100 * report.MostShare:F0} % of the limit.");
        return Show(report.Failures);
    }

    private static bool Show(IReadOnlyList<string> failures)
    {
        foreach (string failure in failures.Take(ShownFailures))
        {
            Console.WriteLine(failure);
        }

        return failures.Count == 0;
    }
}
