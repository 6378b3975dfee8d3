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
    [InlineData("[Input(6, 7), Conv1D(4, 1, Name = \"c\"), Attention(2, From = \"input\", {|STRATA022:Context = \"c\"|})]",
        "Attention 'attention1': tokens of 6 features meet a context of 4×7. It is 6×M, M tokens of as many features; "
        + "[Dense(…, OverChannels = true)] gives them.")]
    [InlineData("[Input(6, 7), Flatten(Name = \"c\"), Attention(2, From = \"input\", {|STRATA022:Context = \"c\"|})]",
        "Attention 'attention1': tokens of 6 features meet a context of 42. It is 6×M, M tokens of as many features; "
        + "[Dense(…, OverChannels = true)] gives them.")]
    [InlineData("[Input(6, 7), Buffer(3, 7, 6, Name = \"m\"), Attention(3, From = \"input\", {|STRATA022:Mask = \"m\"|})]",
        "Attention 'attention1': the mask, 3×7×6, does not have the shape of the pairs of queries and keys. It is 7×7, 1×7×7, or 3×7×7 "
            + "for the heads; one row, 1 in the place of the queries, is for all of them.")]
    [InlineData("[Input(6, 7), Attention(2, {|STRATA044:Context = \"c\"|})]",
        "Attention 'attention1': there is no layer, block or input 'c'. The nearest name is 'input'.")]
    [InlineData("[Input(6, 7), Branch, Branch, ReLU, {|STRATA022:MatMul|}]",
        "MatMul 'matmul1': a product of 6×7 and 6×7 is not defined: 7 columns of the first meet 6 rows of the second. TransposeA and "
        + "TransposeB exchange rows and columns.")]
    [InlineData("[Input(6), Branch, Branch, ReLU, {|STRATA022:MatMul|}]",
        "MatMul 'matmul1': a product of 6 and 6 is not defined: both need the same number of axes, at least 2. [Reshape] gives them "
        + "another shape.")]
    [InlineData("[Input(6, 5, 5), Branch, Conv2D(4, 1), Branch, {|STRATA022:MatMul|}]",
        "MatMul 'matmul1': a product of 4×5×5 and 6×5×5 is not defined: the axes before the matrices differ. Each pair must have one "
        + "extent, or 1 in one of the tensors.")]
    [InlineData("[Input(6, 7), Branch, Branch, ReLU, {|STRATA016:ScaledDotProductAttention|}]",
        "ScaledDotProductAttention 'dotproductattention1' joins 2 tensors. It takes three: queries, keys and values; a mask may be the "
        + "fourth.")]
    [InlineData("[Input(6, 7), Branch, Branch, ReLU, Branch, Flatten, {|STRATA022:ScaledDotProductAttention|}]",
        "ScaledDotProductAttention 'dotproductattention1': attention of 6×7, 6×7 and 42 is not defined: all three are sequences, C×L. "
        + "[Reshape] makes them such.")]
    [InlineData("[Input(6, 7), Branch, Conv1D(4, 1), Branch, Branch, {|STRATA022:ScaledDotProductAttention|}]",
        "ScaledDotProductAttention 'dotproductattention1': queries of 4 features meet keys of 6 features. "
        + "[Dense(…, OverChannels = true)] gives both the same number.")]
    [InlineData("[Input(6, 7), Branch, Branch, Branch, Crop1D(Left = 4), {|STRATA022:ScaledDotProductAttention|}]",
        "ScaledDotProductAttention 'dotproductattention1': 7 keys meet 3 values. Each key has one value.")]
    [InlineData("[Input(6, 7), Branch, Branch, Crop1D(Left = 6), Branch, Crop1D(Left = 4), {|STRATA022:ScaledDotProductAttention|}]",
        "ScaledDotProductAttention 'dotproductattention1': 1 key meets 3 values. Each key has one value.")]
    [InlineData("[Input(6, 7), Branch, Branch, Branch, Conv1D(4, 1), ScaledDotProductAttention({|STRATA022:Heads = 3|})]",
        "ScaledDotProductAttention 'dotproductattention1': 3 heads do not divide the features: 4 = 1·3 + 1. Queries are 6×7 and values "
        + "4×7: choose a number that divides both.")]
    [InlineData("[Input(6, 7), Branch, Branch, Branch, Branch, Buffer(6, 7), {|STRATA022:ScaledDotProductAttention(Heads = 2)|}]",
        "ScaledDotProductAttention 'dotproductattention1': the mask, 6×7, does not have the shape of the pairs of queries and keys. It is "
        + "7×7, 1×7×7, or 2×7×7 for the heads; one row, 1 in the place of the queries, is for all of them.")]
    [InlineData("[Input(6, 7), Branch, Branch, Crop1D(1), Concat({|STRATA022:Axis = Axes.Height|})]",
        "Concat 'concat1': its input, 6×7, has no height. Choose from Axes.Channels, Axes.Width.")]
    [InlineData("[Input(6, 7), Slice(1, {|STRATA020:Axis = Axes.Pixels|})]", "Slice 'slice1': Axis cannot be Pixels. Use one axis.")]
    [InlineData("[Input(6, 7), Slice(1, {|STRATA020:9|}, Axis = Axes.Width)]",
        "Slice 'slice1': end cannot be 9. Use −7 to 7, as its input has 7 places.")]
    [InlineData("[Input(2, 16777217), ArgMax({|STRATA022:Axis = Axes.Width|})]",
        "ArgMax 'argmax1': its input, 2×16777217, is too long along the length. An index is a float, which is exact up to 16777216: "
        + "split the input before.")]
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

    [Fact]
    public void Attention_counts_the_keys_of_its_own_tensor()
    {
        NetworkGraph graph = Graphs.Of("""
            [Input(6, 7), Branch, Branch, AveragePool1D(2), Branch, AveragePool1D(2), Conv1D(4, 1), ScaledDotProductAttention(Heads = 2)]
            """);
        Assert.Equal((7 * 3 * 6) + (7 * 3 * 4), new NetworkDescription(graph).Layers[^1].MultiplyAdds);
    }

    /// <summary>Both sums of a kernel are then cut into blocks.</summary>
    [Theory]
    [InlineData("[Input(1000, 1000), Branch, Branch, Branch, ScaledDotProductAttention]")]
    [InlineData("[Input(1000, 1000), Branch, Branch, Branch, Branch, Buffer(1000, 1000), ScaledDotProductAttention(Causal = true)]")]
    [InlineData("[Input(1000, 1000), Attention(1)]")]
    [InlineData("[Input(1000, 1000), Branch, Branch, MatMul(TransposeB = true)]")]
    public void Attention_of_many_tokens_with_many_features_is_compiled(string stack)
    {
        NetworkModel model = Graphs.ModelOf($"using Strata;\n[Network]\n{stack}\npartial class Net;");
        Assert.Empty(model.Problems);
        Assert.Empty(StrataGenerator.Write(model, TierSelection.All, TestContext.Current.CancellationToken).Errors);
    }
}
