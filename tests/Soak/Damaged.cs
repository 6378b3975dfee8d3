using System;
using System.Linq;
using Strata.Onnx.Tests;

namespace Strata.Soak;

/// <summary>Reads damaged ONNX files.</summary>
internal static class Damaged
{
    private const int ShownFailures = 20;

    public static bool Run(int files, int seed)
    {
        ModelFuzz.Report report = ModelFuzz.Run(seed, files);
        Console.WriteLine(
            $"{files} files with seed {seed}: {report.Read} were read, {report.Refused} refused, {report.Failures.Count} failed.");
        Console.WriteLine(
            $"The slowest took {report.Slowest.TotalMilliseconds:F0} ms; the most that was allocated is {report.MostBytes / 1e6:F1} MB.");
        foreach (string failure in report.Failures.Take(ShownFailures))
        {
            Console.WriteLine(failure);
        }

        return report.Failures.Count == 0;
    }
}
