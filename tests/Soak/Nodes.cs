using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Tests;

namespace Strata.Soak;

/// <summary>Imports ONNX files of single nodes, and compares each with ONNX Runtime.</summary>
internal static class Nodes
{
    private const int Together = 60, ShownFailures = 20;

    /// <summary>Prints counts; false where a case fails.</summary>
    /// <param name="filter">What a case's name contains.</param>
    public static bool Run(string filter)
    {
        NodeCase[] cases = [.. NodeCases.All().Where(one => one.ToString().Contains(filter, StringComparison.Ordinal))];
        List<NodeCheck.Outcome> outcomes = [.. cases.Chunk(Together).SelectMany(NodeCheck.Run)];
        NodeCheck.Outcome[] refused = [.. outcomes.Where(one => one.Refusal is not null)];
        NodeCheck.Outcome[] failed = [.. outcomes.Where(one => one.Fails)];
        Console.WriteLine($"{cases.Length} cases: {outcomes.Count(one => one.Agrees)} agree with ONNX Runtime within {NodeCheck.Tolerance}"
            + $" of the largest output, {refused.Length} are refused, {failed.Length} failed.");
        foreach (IGrouping<string, NodeCheck.Outcome> group in refused.GroupBy(one => $"{one.Case.Operator}: {one.Refusal}")
            .OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"refused {group.Count(),4}  {group.Key}");
        }

        foreach (NodeCheck.Outcome one in failed.Take(ShownFailures))
        {
            Console.WriteLine($"failed: {one}");
        }

        return failed.Length == 0 && outcomes.Count > 0;
    }
}
