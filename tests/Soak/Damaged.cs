using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Imaging.Tests;
using Strata.Onnx.Tests;

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
