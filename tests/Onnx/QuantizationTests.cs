using System.Linq;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Networks of integers of few bits, as floats that hold them.</summary>
public sealed class QuantizationTests(ITestOutputHelper log)
{
    [Fact]
    public void Quantised_operators_agree_with_ONNX_Runtime_to_one_step()
    {
        QuantizedCheck.Outcome[] outcomes = [.. QuantizedCheck.Run(QuantizedCases.All())];
        log.WriteLine($"{outcomes.Length} cases; {outcomes.Count(one => one.IsSame)} the same, the others:");
        log.WriteLine(string.Join('\n', outcomes.Where(one => !one.IsSame)));
        QuantizedCheck.Outcome[] failed = [.. outcomes.Where(one => !one.Agrees)];
        Assert.True(failed.Length == 0, $"{failed.Length} differ:\n{string.Join<QuantizedCheck.Outcome>('\n', failed)}");
    }
}
