using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Strata.Serving.Tests;

namespace Strata.Soak;

/// <summary>A server under requests without end.</summary>
internal static class Serving
{
    public static async Task<bool> RunAsync(int thousands)
    {
        bool isRight = true;
        foreach ((string what, Func<Task<LongRuns.Report>> run) in Runs(thousands))
        {
            LongRuns.Report report = await run();
            Console.WriteLine($"{what}: {report}");
            isRight &= report.Failures.Length == 0;
        }

        return isRight;
    }

    private static IEnumerable<(string What, Func<Task<LongRuns.Report>> Run)> Runs(int thousands) =>
    [
        ("damaged requests", () => LongRuns.MalformedAsync(10 * thousands, seed: 2)),
        ("reloads under load", () => LongRuns.ReloadsAsync(Math.Max(10, thousands / 5))),
        ("calls in the same process", () => LongRuns.InferenceAsync(10_000 * thousands)),
        ("calls through the queue", () => LongRuns.QueueAsync(10_000 * thousands)),
        ("requests over HTTP", () => LongRuns.RequestsAsync(1000 * thousands)),
    ];
}
