using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Single nodes, imported and compared with ONNX Runtime.</summary>
public sealed class NodeTests(ITestOutputHelper log)
{
    private const int InSlice = 120, Together = 60;

    /// <summary>How many cases run; the environment variable <c>STRATA_ONNX_CASES</c> sets more, up to all.</summary>
    private static int Count => int.TryParse(Environment.GetEnvironmentVariable("STRATA_ONNX_CASES"), out int count) ? count : InSlice;

    [Fact]
    public void A_fixed_slice_of_single_nodes_agrees_with_ONNX_Runtime()
    {
        var random = new Random(41);
        NodeCase[] all = [.. NodeCases.All()], cases = [.. all.OrderBy(_ => random.Next()).Take(Count)];
        log.WriteLine($"{cases.Length} of {all.Length} cases");
        var wrong = new List<string>();
        var unsaid = new List<string>();
        foreach (NodeCheck.Outcome outcome in cases.Chunk(Together).SelectMany(NodeCheck.Run))
        {
            if (outcome.Reason is { } reason)
            {
                unsaid.Add($"{outcome.Case}: {reason}");
            }
            else if (!outcome.Agrees)
            {
                wrong.Add($"{outcome.Case}: {outcome.Error:E2}\n{outcome.Source}");
            }
        }

        log.WriteLine($"{unsaid.Count} cannot be said:\n{string.Join('\n', unsaid)}");
        Assert.True(wrong.Count == 0, $"{wrong.Count} differ:\n{string.Join('\n', wrong)}");
    }
}
