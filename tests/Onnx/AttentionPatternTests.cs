using System;
using System.Linq;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Self-attention as exporters take it apart, and graphs that only look like it. All agree with ONNX Runtime.</summary>
public sealed class AttentionPatternTests
{
    private const string Heads = "reshape";

    [Fact]
    public void Attention_of_PyTorch_with_tokens_first_becomes_the_layer()
    {
        ModelBuilder model = new ModelBuilder().Input("x", 1, 5, 6).Noise("in", 6, 18).Noise("block.attn.in_proj_bias", 18)
            .Noise("block.attn.out_proj.weight", 6, 6).Noise("block.attn.out_proj.bias", 6).Floats("root", [1], MathF.Sqrt(2))
            .List("zero", 0).List("six", 6).List("twelve", 12).List("all", 18).List("two", 2)
            .List("heads", 5, 3, 2).List("matrix", 5, 6).List("sequence", 5, 1, 6)
            .Node("Transpose", "x", "t", ("perm", new long[] { 1, 0, 2 })).Node("MatMul", "t,in", "m")
            .Node("Add", "block.attn.in_proj_bias,m", "p")
            .Node("Slice", "p,zero,six,two", "q0").Node("Slice", "p,six,twelve,two", "k0").Node("Slice", "p,twelve,all,two", "v0")
            .Node("Reshape", "q0,heads", "q1").Node("Reshape", "k0,heads", "k1").Node("Reshape", "v0,heads", "v1")
            .Node("Transpose", "q1", "q2", ("perm", new long[] { 1, 0, 2 })).Node("Div", "q2,root", "q")
            .Node("Transpose", "k1", "k", ("perm", new long[] { 1, 2, 0 })).Node("Transpose", "v1", "v", ("perm", new long[] { 1, 0, 2 }))
            .Node("MatMul", "q,k", "s").Node("Softmax", "s", "w", ("axis", -1)).Node("MatMul", "w,v", "y0")
            .Node("Transpose", "y0", "y1", ("perm", new long[] { 1, 0, 2 })).Node("Reshape", "y1,matrix", "y2")
            .Node("Gemm", "y2,block.attn.out_proj.weight,block.attn.out_proj.bias", "y3", ("transB", 1))
            .Node("Reshape", "y3,sequence", "y4").Node("Transpose", "y4", "y", ("perm", new long[] { 1, 0, 2 })).Output("y");
        ImportedNetwork network = Checked(model);
        Assert.Contains("Attention(3, Name = \"block.attn\")", network.Source, StringComparison.Ordinal);
        Assert.Equal(
            ["block.attn.in_proj_bias", "block.attn.in_proj_weight", "block.attn.out_proj.bias", "block.attn.out_proj.weight"],
            network.Parameters.Select(parameter => parameter.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Attention_with_products_of_their_own_becomes_the_layer() =>
        Assert.Contains("Attention(3)", Checked(Separate()).Source, StringComparison.Ordinal);

    [Fact]
    public void Attention_whose_queries_and_keys_are_both_scaled_becomes_the_layer() =>
        Assert.Contains("Attention(3)", Checked(Separate(scale: MathF.Pow(2, -0.25f), scalesBoth: true)).Source, StringComparison.Ordinal);

    [Fact]
    public void Attention_without_biases_becomes_the_layer() =>
        Assert.Contains("Attention(3, Bias = false)", Checked(Separate(hasBias: false)).Source, StringComparison.Ordinal);

    [Fact]
    public void Another_scale_is_no_attention() => AssertApart(Separate(scale: 0.7f));

    [Fact]
    public void Heads_of_other_features_are_no_attention() => AssertApart(Separate(interleaves: true));

    [Fact]
    public void A_softmax_along_the_queries_is_no_attention() => AssertApart(Separate(axis: 2));

    [Fact]
    public void Attention_whose_weights_are_an_output_stays_apart() => AssertApart(Separate().Output("w"));

    [Fact]
    public void Values_from_other_tokens_leave_the_products_apart()
    {
        string source = Checked(Separate(values: "z")).Source;
        Assert.Contains("ScaledDotProductAttention(\"qp\", \"kp\", \"vp\", Heads = 3)", source, StringComparison.Ordinal);
        Assert.DoesNotContain("MatMul(", source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Queries_and_keys_of_other_numbers_and_a_mask_are_attention(bool readsKeysElsewhere)
    {
        ModelBuilder model = new ModelBuilder().Input("q", 1, 24, 3).Input("k", 1, 24, 5).Input("v", 1, 8, 5).Input("mask", 1, 1, 3, 5)
            .Floats("scale", [1], 1 / MathF.Sqrt(6)).List("ofkeys", 1, 4, 6, -1).List("ofvalues", 1, 4, 2, 5).List("flat", 1, 8, 3)
            .Node("Reshape", "q,ofkeys", "q0").Node("Transpose", "q0", "q1", ("perm", new long[] { 0, 1, 3, 2 }))
            .Node("Reshape", "k,ofkeys", "k0").Node("Reshape", "v,ofvalues", "v0")
            .Node("MatMul", "q1,k0", "s0").Node("Mul", "s0,scale", "s1").Node("Add", "mask,s1", "s").Node("Softmax", "s", "w", ("axis", -1))
            .Node("Transpose", "w", "w1", ("perm", new long[] { 0, 1, 3, 2 })).Node("MatMul", "v0,w1", "y0")
            .Node("Reshape", "y0,flat", "y").Output("y");
        string source = Checked(readsKeysElsewhere ? model.Node("Relu", "k0", "u").Output("u") : model).Source;
        Assert.Contains("ScaledDotProductAttention(", source, StringComparison.Ordinal);
    }

    private static void AssertApart(ModelBuilder model)
    {
        ImportedNetwork network = Checked(model);
        Assert.DoesNotContain("Attention(", network.Source, StringComparison.Ordinal);
        Assert.Contains("MatMul(", network.Source, StringComparison.Ordinal);
    }

    private static ImportedNetwork Checked(ModelBuilder model)
    {
        byte[] bytes = model.ToBytes();
        ImportCheck.Report report = ImportCheck.Run(bytes, bytes, new OnnxImportOptions());
        Assert.True(report.Agrees, report + "\n" + report.Network.Source);
        return report.Network;
    }

    /// <summary>Products with three matrices; the scores are scaled, or queries and keys are.</summary>
    private static ModelBuilder Separate(
        float scale = 0.70710677f, bool scalesBoth = false, bool hasBias = true, bool interleaves = false, int axis = 3,
        string values = "x")
    {
        ModelBuilder model = new ModelBuilder().Input("x", 1, 5, 6).Floats("scale", [1], scale)
            .List(Heads, interleaves ? [1, 5, 2, 3] : [1, 5, 3, 2]).List("tokens", 1, 5, 6).Node("Sin", "x", "z");
        Project("q", "x", [0, 2, 1, 3], [0, 3, 1, 2]);
        Project("k", "x", [0, 2, 3, 1], [0, 3, 2, 1]);
        Project("v", values, [0, 2, 1, 3], [0, 3, 1, 2]);
        if (scalesBoth)
        {
            model.Node("Mul", "q,scale", "qs").Node("Mul", "k,scale", "ks").Node("MatMul", "qs,ks", "s");
        }
        else
        {
            model.Node("MatMul", "q,k", "s0").Node("Mul", "s0,scale", "s");
        }

        model.Node("Softmax", "s", "w", ("axis", axis)).Node("MatMul", "w,v", "y0")
            .Node("Transpose", "y0", "y1", ("perm", interleaves ? new long[] { 0, 2, 3, 1 } : [0, 2, 1, 3]))
            .Node("Reshape", "y1,tokens", "y2");
        return Product("y2", "o", "r").Node("Add", "r,z", "y").Output("y");

        ModelBuilder Product(string input, string name, string output)
        {
            model.Noise(name + ".weight", 6, 6).Node("MatMul", $"{input},{name}.weight", hasBias ? name + "m" : output);
            return hasBias ? model.Noise(name + ".bias", 6).Node("Add", $"{name}m,{name}.bias", output) : model;
        }

        void Project(string name, string input, long[] order, long[] interleaved) => Product(input, name + "p", name + "f")
            .Node("Reshape", $"{name}f,{Heads}", name + "h")
            .Node("Transpose", name + "h", name, ("perm", interleaves ? interleaved : order));
    }
}
