using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Single nodes, imported and compared with ONNX Runtime. The soak command <c>nodes</c> compares all of them.</summary>
public sealed class NodeTests(ITestOutputHelper log)
{
    private const int InSlice = 120, Together = 60;

    [Fact]
    public void A_fixed_slice_of_single_nodes_agrees_with_ONNX_Runtime()
    {
        var random = new Random(41);
        NodeCase[] all = [.. NodeCases.All()], cases = [.. all.OrderBy(_ => random.Next()).Take(InSlice)];
        log.WriteLine($"{cases.Length} of {all.Length} cases");
        List<NodeCheck.Outcome> outcomes = [.. cases.Chunk(Together).SelectMany(NodeCheck.Run)];
        log.WriteLine(string.Join('\n', outcomes.Where(one => one.Refusal is not null)));
        NodeCheck.Outcome[] failed = [.. outcomes.Where(one => one.Fails)];
        Assert.True(failed.Length == 0, $"{failed.Length} differ:\n{string.Join<NodeCheck.Outcome>('\n', failed)}");
        Assert.True(outcomes.Count(one => one.Agrees) > InSlice * 9 / 10, "Many cases are refused.");
    }

    [Fact]
    public void Operators_that_are_made_of_several_layers_agree_with_ONNX_Runtime()
    {
        NodeCheck.Outcome[] others = [.. NodeCheck.Run([.. NodeCases.Made()]).Where(one => !one.Agrees)];
        Assert.True(others.Length == 0, $"{others.Length} differ or are refused:\n{string.Join<NodeCheck.Outcome>('\n', others)}");
    }

    [Fact]
    public void No_case_stands_twice() => Assert.DoesNotContain(
        NodeCases.All().GroupBy(one => one.ToString()), group => group.Count() > 1);
}
