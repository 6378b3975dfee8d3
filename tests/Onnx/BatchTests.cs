using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>A network computes each sample by itself. What mixes samples is refused, and the rest agrees for several samples.</summary>
public sealed class BatchTests(ITestOutputHelper log)
{
    private const int InSlice = 150;

    [Theory]
    [InlineData("Softmax axis 0 of 4×3×5, opset 13, batch open", "Softmax", "along axis 0, which is the batch")]
    [InlineData("LogSoftmax axis -4 of 4×3×5, opset 13, batch 4", "LogSoftmax", "along axis 0, which is the batch")]
    [InlineData("Softmax axis -4 of 4×3×5, opset 13, batch 1", "Softmax", "it normalises single numbers")]
    [InlineData("ReduceMean axes [0, 1, 2, 3] keepdims True of 4×3×5, opset 11, batch 4", "ReduceMean", "along axis 0, which is the batch")]
    [InlineData("Div by the number of samples of 6, opset 13, batch open", "Div", "computed from the number of samples")]
    [InlineData("Reshape to [1, -1] and Softmax of 4×3×5, opset 13, batch open", "Softmax", "along axis 1, which is the batch")]
    [InlineData("samples added to each other's of 4, opset 13, batch 4", "Add", "combines samples with other samples")]
    [InlineData("Transpose of a row of 6, opset 13, batch open", "Transpose", "and not along the first one")]
    public void What_mixes_samples_is_refused_with_its_axis(string name, string @operator, string reason)
    {
        SampleCheck.Model model = BatchCases.All().Single(one => one.Name == name);
        var exception = Assert.Throws<UnsupportedOnnxException>(() => ImportCheck.Imported(model.Bytes, new OnnxImportOptions()));
        Assert.Contains(exception.Nodes, node => node.Operator == @operator && node.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_fixed_slice_of_operators_and_axes_is_refused_or_agrees_for_several_samples()
    {
        var random = new Random(2);
        SampleCheck.Model[] models = [.. BatchCases.All().OrderBy(_ => random.Next()).Take(InSlice)];
        IReadOnlyList<SampleCheck.Outcome> outcomes = SampleCheck.Run(models);
        log.WriteLine(string.Join('\n', outcomes.Where(one => one.Refusal is not null)));
        SampleCheck.Outcome[] failed = [.. outcomes.Where(one => one.Failure is not null)];
        Assert.True(failed.Length == 0, $"{failed.Length} of {models.Length} differ:\n{string.Join<SampleCheck.Outcome>('\n', failed)}");
        Assert.True(outcomes.Count(one => one.Refusal is null) > InSlice / 4, "Many operators are refused.");
    }

    [Fact]
    public void No_case_stands_twice() => Assert.DoesNotContain(BatchCases.All().GroupBy(one => one.Name), group => group.Count() > 1);
}
