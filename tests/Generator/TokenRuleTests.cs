using System.Linq;
using System.Threading.Tasks;
using Strata.Compiler.Declarations;
using Strata.Compiler.Graph;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Tensors of the network's own, attention, products of tensors, and axes: shapes, keys, and what is refused.</summary>
public sealed class TokenRuleTests
{
    [Theory]
    [InlineData("[Input(6, 7), Attention({|STRATA022:4|})]",
        "Attention 'attention1': 4 heads do not divide the features: 6 = 1·4 + 2. Input is 6×7: tokens of 6 features.")]
    [InlineData("[Input(6, 7), Branch, Branch, ReLU, {|STRATA022:MatMul|}]",
        "MatMul 'matmul1': a product of 6×7 and 6×7 is not defined: 7 columns of the first meet 6 rows of the second. TransposeA and "
        + "TransposeB exchange rows and columns.")]
    [InlineData("[Input(6), Branch, Branch, ReLU, {|STRATA022:MatMul|}]",
        "MatMul 'matmul1': a product of 6 and 6 is not defined: both need the same number of axes, at least 2. [Reshape] gives them "
        + "another shape.")]
    [InlineData("[Input(6, 5, 5), Branch, Conv2D(4, 1), Branch, {|STRATA022:MatMul|}]",
        "MatMul 'matmul1': a product of 4×5×5 and 6×5×5 is not defined: the axes before the matrices differ. Each pair must have one "
        + "extent, or 1 in one of the tensors.")]
    [InlineData("[Input(6, 7), Branch, Branch, Crop1D(1), Concat({|STRATA022:Axis = Axes.Height|})]",
        "Concat 'concat1': its input, 6×7, has no height. Choose from Axes.Channels, Axes.Width.")]
    [InlineData("[Input(6, 7), Slice(1, {|STRATA020:Axis = Axes.Pixels|})]", "Slice 'slice1': Axis cannot be Pixels. Use one axis.")]
    [InlineData("[Input(6, 7), Slice(1, {|STRATA020:9|}, Axis = Axes.Width)]",
        "Slice 'slice1': end cannot be 9. Use −7 to 7, as its input has 7 places.")]
    [InlineData("[Input(6, 7), Branch, Param(6, 7, {|STRATA021:Initial = 1|}, Deviation = 0.1), Branch, Add]",
        "Param 'param1': Initial and Deviation exclude each other. Remove one of them.")]
    [InlineData("[Input(6, 7), Branch, Buffer({|STRATA020:0|}, 7), Branch, Add]",
        "Buffer 'buffer1': channels cannot be 0. Use at least 1.")]
    public Task What_cannot_be_computed_is_refused_with_the_reason(string stack, string message) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", message);

    [Fact]
    public void Keys_are_those_of_PyTorch_s_modules()
    {
        NetworkGraph graph = Graphs.Of("""
            [Input(6, 7), Branch, Param(1, 6, BatchAxis = true, Name = "class_token"), Transpose(2, 1), Branch, Concat(Axis = Axes.Width),
            Attention(2, Name = "encoder.self_attention")]
            """);
        Assert.Equal(
            [
                "class_token (1, 1, 6)", "encoder.self_attention.in_proj_weight (18, 6)", "encoder.self_attention.in_proj_bias (18)",
                "encoder.self_attention.out_proj.weight (6, 6)", "encoder.self_attention.out_proj.bias (6)",
            ],
            new NetworkDescription(graph).Parameters.Select(
                one => $"{one.Parameter.KeyOf(one.Node.Layer)} ({string.Join(", ", one.Parameter.Extents)})"));
        LayerDescription attention = new NetworkDescription(graph).Layers[^1];
        Assert.Equal((4 * 36) + 24, attention.ParameterCount);
        Assert.Equal((4 * 36 * 8) + (2 * 6 * 8 * 8), attention.MultiplyAdds);
    }
}
