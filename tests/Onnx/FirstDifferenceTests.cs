using System;
using System.Linq;
using Strata.Onnx.Schema;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Where a class differs from ONNX Runtime, the check names the first node whose output does.</summary>
public sealed class FirstDifferenceTests
{
    private static ModelBuilder Branches() => new ModelBuilder(13).Input("x", 1, 3, 8, 8)
        .Noise("w1", 6, 3, 3, 3).Noise("w2", 6, 6, 1, 1).Noise("w3", 6, 6, 3, 3).Noise("w4", 5, 6, 1, 1)
        .Noise("scale", 6).Noise("shift", 6).Noise("mean", 6).Floats("variance", [6], 1, 2, 0.5f, 1.5f, 1, 3)
        .Node("Conv", "x,w1", "stem", ("pads", (long[])[1, 1, 1, 1])).Node("Relu", "stem", "a")
        .Node("Conv", "a,w2", "left").Node("Conv", "a,w3", "right", ("pads", (long[])[1, 1, 1, 1]))
        .Node("BatchNormalization", "right,scale,shift,mean,variance", "norm").Node("Add", "left,norm", "sum")
        .Node("Sigmoid", "sum", "b").Node("Conv", "b,w4", "y").Output("y");

    [Theory]
    [InlineData("w1", "Conv", "stem")]
    [InlineData("w2", "Conv", "left")]
    [InlineData("w3", "Conv", "right")]
    [InlineData("shift", "BatchNormalization", "norm")]
    [InlineData("w4", "Conv", "y")]
    public void It_names_the_node_whose_weight_was_damaged(string weight, string @operator, string output)
    {
        byte[] damaged = Damaged(Branches(), weight), whole = Branches().ToBytes();
        ImportCheck.Report report = ImportCheck.Run(damaged, whole, new OnnxImportOptions());
        Assert.False(report.Agrees);
        Assert.Contains($"The first node that differs is {@operator} '{@operator}_{output}': its output '{output}'", report.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void It_names_none_where_all_agree()
    {
        byte[] whole = Branches().ToBytes();
        ImportCheck.Report report = ImportCheck.Run(whole, whole, new OnnxImportOptions());
        Assert.True(report.Agrees, report.ToString());
        Assert.Null(report.FirstDifference);
    }

    private static byte[] Damaged(ModelBuilder model, string weight)
    {
        TensorProto tensor = model.Graph.Initializer.Single(one => one.Name == weight);
        float[] values = ModelBuilder.NoiseValues(tensor.RawData.Length / sizeof(float), 77);
        tensor.RawData = ModelBuilder.Bytes(values);
        return model.ToBytes();
    }
}
