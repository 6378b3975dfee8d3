using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Tests;

namespace Strata.Soak;

/// <summary>
/// Imports functions of single numbers, or operators along each axis, and compares several samples of each with ONNX Runtime.
/// </summary>
internal static class Samples
{
    private const int Together = 60, ShownFailures = 20;

    /// <summary>All functions that are written down, and random ones.</summary>
    public static bool RunFunctions(int count, int seed) => Run(FunctionCases.All()
        .Concat(Enumerable.Range(seed, count).Select(FunctionCases.Random))
        .Select(one => new SampleCheck.Model(one.Name, one.ToBytes(), one.Samples(), one.IsRounded, IsFunction: true)));

    public static bool RunBatches() => Run(BatchCases.All());

    /// <summary>Prints counts; false where a case differs.</summary>
    private static bool Run(IEnumerable<SampleCheck.Model> models)
    {
        int agree = 0, failed = 0;
        var refusals = new List<string>();
        foreach (SampleCheck.Outcome one in models.Chunk(Together).SelectMany(SampleCheck.Run))
        {
            if (one.Failure is not null && failed++ < ShownFailures)
            {
                Console.WriteLine($"failed: {one}");
            }

            agree += one.Failure is null && one.Refusal is null ? 1 : 0;
            refusals.AddRange(one.Refusal is { } reason ? [$"{one.Model.Name}: {reason}"] : []);
        }

        Console.WriteLine(string.Join('\n', refusals));
        Console.WriteLine($"{agree} agree with ONNX Runtime, {refusals.Count} are refused, {failed} differ.");
        return failed == 0 && agree > 0;
    }
}
