using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Strata.Onnx.Tests;

namespace Strata.Soak;

/// <summary>Loads the tests that ONNX publishes for backends, and compares with their numbers.</summary>
internal static class Published
{
    private const int ShownNames = 4;

    /// <summary>Prints what agrees, what is refused for what reason, and what is wrong.</summary>
    /// <param name="filter">What a test's name contains.</param>
    /// <returns>Whether nothing is wrong.</returns>
    public static bool Run(string filter)
    {
        PublishedTest[] tests = [.. PublishedTest.All().Where(one => one.Name.Contains(filter, StringComparison.Ordinal))];
        if (tests.Length == 0)
        {
            Console.Error.WriteLine($"No tests in {PublishedTest.Root}: apt-get install libonnx-testdata.");
            return false;
        }

        var outcomes = new PublishedCheck.Outcome[tests.Length];
        Parallel.For(0, tests.Length, i => outcomes[i] = PublishedCheck.Run(tests[i]));
        PublishedCheck.Outcome[] refused = [.. outcomes.Where(one => !one.Agrees && !one.Fails)];
        PublishedCheck.Outcome[] failed = [.. outcomes.Where(one => one.Fails)], others = [.. outcomes.Where(one => one.IsAsRuntime)];
        Console.WriteLine($"{tests.Length} tests: {outcomes.Count(one => one.Agrees) - others.Length} agree, {others.Length} agree with "
            + $"ONNX Runtime and not with the test, {refused.Length} are refused, {failed.Length} failed.");
        foreach (PublishedReading way in PublishedReading.All)
        {
            PublishedCheck.Reading[] readings = [.. outcomes.SelectMany(one => one.Readings).Where(reading => reading.Way == way)];
            Console.WriteLine($"{way,-40} {readings.Length,4} read, {readings.Count(reading => reading.Agrees),4} agree");
        }

        foreach (IGrouping<string, (string Reason, string Name)> group in refused
            .SelectMany(one => one.Refusals.Select(reason => (Reason: reason, one.Test.Name)))
            .GroupBy(one => one.Reason).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"refused {group.Count(),4}  {group.Key}  ({Names(group.Select(one => one.Name))})");
        }

        foreach (PublishedCheck.Outcome one in others)
        {
            Console.WriteLine($"as ONNX Runtime, not as the test: {one.Test}");
        }

        foreach (PublishedCheck.Outcome one in failed)
        {
            Console.WriteLine($"failed: {one}");
        }

        return failed.Length == 0;
    }

    private static string Names(IEnumerable<string> names) =>
        string.Join(", ", names.Take(ShownNames)) + (names.Skip(ShownNames).Any() ? ", …" : "");
}
