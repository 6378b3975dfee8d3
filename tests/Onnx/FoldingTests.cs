using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Schema;
using Xunit;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Tests;

/// <summary>What does not depend on the inputs is computed, and equals ONNX Runtime's values.</summary>
public class FoldingTests
{
    private static readonly long[] SomeIntegers = [7, -7, 3, -3, 0, 12];
    private static readonly float[] SomeFloats = [0.5f, -1.5f, 2.5f, -0.25f, 3, 0];

    /// <summary>Models whose output <c>y</c> is constant, with the type of the output.</summary>
    private static readonly Dictionary<string, (int Opset, DataType Type, Action<ModelBuilder> Build)> Models = new()
    {
        ["ConstantOfShape"] = (11, DataType.Int64, m => m.List("s", 2, 3)
            .Node("ConstantOfShape", "s", "y", ("value", ModelBuilder.Tensor("", [1], [5L])))),
        ["ConstantOfShape, zeros"] = (11, DataType.Float, m => m.List("s", 2, 3).Node("ConstantOfShape", "s", "y")),
        ["Range"] = (11, DataType.Int64, m => m.Integers("a", [], 10).Integers("b", [], -1).Integers("c", [], -3)
            .Node("Range", "a,b,c", "y")),
        ["Range of floats"] = (11, DataType.Float, m => m.Floats("a", [], 0.5f).Floats("b", [], 2).Floats("c", [], 0.3f)
            .Node("Range", "a,b,c", "y")),
        ["NonZero"] = (9, DataType.Int64, m => m.Integers("a", [2, 3], 0, 1, 2, 0, 0, 3).Node("NonZero", "a", "y")),
        ["Size"] = (9, DataType.Int64, m => m.Integers("a", [2, 3], 0, 1, 2, 0, 0, 3).Node("Size", "a", "y")),
        ["Shape, part"] = (15, DataType.Int64, m => m.Noise("a", 2, 3, 4).Node("Shape", "a", "y", ("start", -2), ("end", 100))),
        ["Add and so on"] = (13, DataType.Int64, m => m.List("a", SomeIntegers).List("b", 2, 3, -2, 2, 5, -5).Node("Add", "a,b", "p")
            .Node("Mul", "p,b", "q")
            .Node("Sub", "q,a", "r").Node("Div", "r,b", "y")),
        ["Division of negative integers"] = (13, DataType.Int64, m => m.List("a", SomeIntegers).Integers("b", [], -2)
            .Node("Div", "a,b", "y")),
        ["Mod"] = (13, DataType.Int64, m => m.List("a", SomeIntegers).List("b", 4, 4, -4, -4, 5, 5).Node("Mod", "a,b", "y")),
        ["Mod as in C"] = (13, DataType.Int64, m => m.List("a", SomeIntegers).List("b", 4, 4, -4, -4, 5, 5)
            .Node("Mod", "a,b", "y", ("fmod", 1))),
        ["Arithmetic of floats"] = (13, DataType.Float, m => m.Floats("a", [2, 3], SomeFloats).Floats("b", [3], 1, 2, 4)
            .Node("Div", "a,b", "p").Node("Pow", "p,b", "q")
            .Node("Max", "q,b", "r").Node("Min", "r,a", "y")),
        ["Functions"] = (13, DataType.Float, m => m.Floats("a", [6], SomeFloats).Node("Exp", "a", "b").Node("Sqrt", "b", "c")
            .Node("Log", "c", "d").Node("Floor", "d", "e")
            .Node("Neg", "e", "f").Node("Abs", "a", "g").Node("Ceil", "a", "h").Node("Round", "a", "i").Node("Sign", "a", "j")
            .Node("Concat", "c,f,g,h,i,j", "y", ("axis", 0))),
        ["Angles"] = (13, DataType.Float, m => m.Floats("a", [6], SomeFloats).Node("Sin", "a", "b").Node("Cos", "a", "c")
            .Node("Tanh", "a", "d").Node("Sigmoid", "a", "e")
            .Node("Atan", "a", "f").Node("Reciprocal", "b", "g").Node("Concat", "b,c,d,e,f,g", "y", ("axis", -1))),
        ["Comparison"] = (13, DataType.Bool, m => m.Floats("a", [6], SomeFloats).Floats("b", [], 0.5f).Node("Less", "a,b", "p")
            .Node("Equal", "a,b", "q").Node("Or", "p,q", "r")
            .Node("Not", "r", "s").Node("Greater", "a,b", "t").Node("Xor", "s,t", "u").Node("And", "r,t", "v")
            .Node("Concat", "p,q,r,s,t,u,v", "y", ("axis", 0))),
        ["Comparison of integers"] = (16, DataType.Bool, m => m.List("a", SomeIntegers).Integers("b", [], 3).Node("LessOrEqual", "a,b", "p")
            .Node("GreaterOrEqual", "a,b", "q")
            .Node("Concat", "p,q", "y", ("axis", 0))),
        ["Where"] = (13, DataType.Int64, m => m.List("a", SomeIntegers).Integers("b", [2, 1], 3, -3).Node("Less", "a,b", "c")
            .Node("Where", "c,a,b", "y")),
        ["Cast to int"] = (13, DataType.Int64, m => m.Floats("a", [6], SomeFloats).Node("Cast", "a", "y", ("to", 7))),
        ["Cast to bool"] = (13, DataType.Bool, m => m.Floats("a", [6], SomeFloats).Node("Cast", "a", "y", ("to", 9))),
        ["Cast to byte and back"] = (13, DataType.Float, m => m.List("a", 1, 255, 256, -1, 7, 300).Node("Cast", "a", "b", ("to", 2))
            .Node("Cast", "b", "y", ("to", 1))),
        ["Cast of bool"] = (13, DataType.Float, m => m.List("a", SomeIntegers).Integers("b", [], 0).Node("Greater", "a,b", "c")
            .Node("Cast", "c", "y", ("to", 1))),
        ["Transpose"] = (13, DataType.Float, m => m.Noise("a", 2, 3, 4).Node("Transpose", "a", "y", ("perm", new[] { 2, 0, 1 }))),
        ["Slice"] = (13, DataType.Int64, m => m.Integers("a", [2, 3], SomeIntegers).List("s", 1, 0).List("e", -100, 3).List("i", 0, 1)
            .List("t", -1, 2).Node("Slice", "a,s,e,i,t", "y")),
        ["Gather"] = (13, DataType.Float, m => m.Noise("a", 2, 5, 3).Integers("i", [2, 2], 0, -1, 3, 3)
            .Node("Gather", "a,i", "y", ("axis", 1))),
        ["Gather one"] = (13, DataType.Int64, m => m.List("a", SomeIntegers).Integers("i", [], -1).Node("Gather", "a,i", "y")),
        ["Concat"] = (13, DataType.Float, m => m.Noise("a", 2, 2, 3).Noise("b", 2, 1, 3).Node("Concat", "a,b", "y", ("axis", 1))),
        ["Expand and Tile"] = (13, DataType.Float, m => m.Noise("a", 2, 1).List("s", 3, 1, 4).Node("Expand", "a,s", "b").List("r", 1, 2, 1)
            .Node("Tile", "b,r", "y")),
        ["Pad"] = (13, DataType.Float, m => m.Noise("a", 3, 4).List("p", 1, 0, 2, 3).Floats("v", [], 9).Node("Pad", "a,p,v", "y")),
        ["Pad, reflect"] = (13, DataType.Float, m => m.Noise("a", 3, 4).List("p", 1, 2, 2, 3).Node("Pad", "a,p", "y", ("mode", "reflect"))),
        ["Pad, edge"] = (13, DataType.Float, m => m.Noise("a", 3, 4).List("p", 1, 2, 2, 3).Node("Pad", "a,p", "y", ("mode", "edge"))),
        ["Unsqueeze and Squeeze"] = (13, DataType.Float, m => m.Noise("a", 3, 1, 4).List("p", 1).List("q", 0, -1)
            .Node("Squeeze", "a,p", "b").Node("Unsqueeze", "b,q", "y")),
        ["Sums"] = (13, DataType.Float, m => m.Noise("a", 2, 3, 4).List("i", 1).Node("ReduceSum", "a,i", "b")
            .Node("ReduceMean", "a", "c", ("axes", new[] { 1 }))
            .Node("ReduceMax", "a", "d", ("axes", new[] { 1 })).Node("ReduceL2", "a", "e", ("axes", new[] { 1 }))
            .Node("Concat", "b,c,d,e", "y", ("axis", 1))),
        ["Product of extents"] = (13, DataType.Int64, m => m.List("a", 2, 3, 4).Node("ReduceProd", "a", "y", ("keepdims", 0))),
        ["MatMul"] = (13, DataType.Float, m => m.Noise("a", 2, 3).Noise("b", 3, 4).Node("MatMul", "a,b", "y")),
        ["Clip"] = (13, DataType.Float, m => m.Floats("a", [6], SomeFloats).Floats("l", [], -1).Floats("h", [], 1)
            .Node("Clip", "a,l,h", "y")),
        ["Dequantised weights"] = (13, DataType.Float, m => m.List("a", SomeIntegers).Node("Cast", "a", "b", ("to", 3)).List("s", 2, 3)
            .Node("Reshape", "b,s", "c")
            .Floats("f", [2], 0.5f, 0.25f).List("z", 1, 2).Node("Cast", "z", "w", ("to", 3))
            .Node("DequantizeLinear", "c,f,w", "y", ("axis", 0))),
    };

    public static TheoryData<string> Cases => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Constants_are_computed(string name)
    {
        (int opset, DataType type, Action<ModelBuilder> build) = Models[name];
        ModelBuilder builder = new ModelBuilder(opset).Input("x", 1, 4).Node("Relu", "x", "used").Output("used").Output("y", type);
        build(builder);
        OnnxGraph graph = AgainstOnnxRuntime.Check(builder, "Relu");
        Assert.NotNull(graph.Outputs[1].Constant);
    }

    [Fact]
    public void Shapes_as_tensors_are_computed()
    {
        ModelBuilder builder = new ModelBuilder(11).Input("x", "n", 6, 4, 5).Node("Shape", "x", "s").Integers("zero", [], 0)
            .Node("Gather", "s,zero", "n")
            .Node("Unsqueeze", "n", "n1", ("axes", new[] { 0 })).List("two", 2).List("open", -1)
            .Node("Concat", "n1,two,open", "t", ("axis", 0))
            .Node("Reshape", "x,t", "y").Output("y");
        OnnxGraph graph = AgainstOnnxRuntime.Check(builder);
        Assert.Equal("Reshape", graph.Nodes.Single().Operator);
        Assert.Equal([1, 2, 60], graph.Outputs[0].Shape);
        Assert.Contains(graph.Notes, note => note.Contains("1 Shape", StringComparison.Ordinal));
    }

    [Fact]
    public void Weights_keep_their_keys_through_moves()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 1, 3).Noise("fc.weight", 4, 3)
            .Node("Transpose", "fc.weight", "t", ("perm", new[] { 1, 0 }))
            .Node("MatMul", "x,t", "y").Output("y");
        OnnxConstant weights = AgainstOnnxRuntime.Check(builder, "MatMul").Nodes[0].Inputs[1]!.Constant!;
        Assert.Equal("fc.weight", weights.Key);
        Assert.Equal([3, 4], weights.Shape);
    }

    [Fact]
    public void Computed_weights_have_no_key()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 1, 3).Noise("a", 3).Noise("b", 3).Node("Mul", "a,b", "c")
            .Node("Add", "x,c", "y").Output("y");
        Assert.Equal("", AgainstOnnxRuntime.Check(builder, "Add").Nodes[0].Inputs[1]!.Constant!.Key);
    }

    [Fact]
    public void Constants_have_all_forms()
    {
        ModelBuilder builder = new ModelBuilder(13).Input("x", 1, 3).Node("Constant", "", "a", ("value_float", 2.0))
            .Node("Constant", "", "b", ("value_floats", new[] { 1f, 2, 3 }))
            .Node("Constant", "", "c", ("value_ints", new[] { 1, 3 }))
            .Node("Constant", "", "d", ("value", ModelBuilder.Tensor("", [1, 3], [4f, 5, 6])))
            .Node("Constant", "", "e", ("value_int", 1)).Node("Cast", "e", "f", ("to", 1))
            .Node("Mul", "x,a", "p").Node("Add", "p,b", "q").Node("Sub", "q,d", "r").Node("Add", "r,f", "s").Node("Reshape", "s,c", "y")
            .Output("y");
        AgainstOnnxRuntime.Check(builder, "Mul Add Sub Add");
    }

    [Fact]
    public void What_changes_nothing_is_gone()
    {
        ModelBuilder builder = new ModelBuilder(13).Input("x", 1, 3, 4, 5).List("p", 0, 0, 0, 0, 0, 0, 0, 0).Node("Pad", "x,p", "a")
            .List("s", 0).List("e", 5).List("x3", 3)
            .Node("Slice", "a,s,e,x3", "b").Node("Concat", "b", "c", ("axis", 1)).List("z", 1, 3, 4, 5).Node("Expand", "c,z", "d")
            .Floats("f", [4], 1, 1, 1, 1)
            .Node("Resize", "d,,f", "e1").Node("Transpose", "e1", "g", ("perm", new[] { 0, 1, 2, 3 })).Node("Reshape", "g,z", "h")
            .Node("Identity", "h", "i").Node("Relu", "i", "y").Output("y");
        AgainstOnnxRuntime.Check(builder, "Relu");
    }

    [Fact]
    public void A_long_chain_of_computations_needs_little_stack()
    {
        const int Links = 5000;
        ModelBuilder builder = new ModelBuilder().Input("x", 1, 1100).Floats("c0", [1100], new float[1100]).Floats("one", [], 0.5f);
        for (int link = 0; link < Links; link++)
        {
            builder.Node("Add", $"c{link},one", $"c{link + 1}");
        }

        builder.Node("Add", $"x,c{Links}", "y").Output("y");
        OnnxGraph graph = builder.Read();
        Assert.Equal(Links / 2, graph.Nodes.Single().Inputs[1]!.Constant!.Floats[0]);
    }

    [Fact]
    public void A_branch_with_a_constant_condition_is_taken()
    {
        ModelBuilder builder = new ModelBuilder(13).Input("x", 1, 4).Node("Shape", "x", "s").List("four", 1, 4).Node("Equal", "s,four", "q")
            .Node("Cast", "q", "i", ("to", 6))
            .Node("ReduceMin", "i", "m", ("keepdims", 0)).Node("Cast", "m", "condition", ("to", 9));
        var then = new GraphProto
        {
            Name = "then",
            Node = { ModelBuilder.MakeNode("Relu", "x", "t") },
            Output = { ModelBuilder.Info("t", DataType.Float, 1, 4) }
        };
        var otherwise = new GraphProto
        {
            Name = "else",
            Node = { ModelBuilder.MakeNode("Tanh", "x", "e") },
            Output = { ModelBuilder.Info("e", DataType.Float, 1, 4) }
        };
        builder.Node("If", "condition", "y", ("then_branch", then), ("else_branch", otherwise)).Output("y");
        AgainstOnnxRuntime.Check(builder, "Relu");
    }

    [Fact]
    public void A_branch_that_depends_on_the_input_stays()
    {
        var then = new GraphProto
        {
            Name = "then",
            Node = { ModelBuilder.MakeNode("Relu", "x", "t") },
            Output = { ModelBuilder.Info("t", DataType.Float, 1, 4) }
        };
        ModelBuilder builder = new ModelBuilder(13).Input("x", 1, 4).Input("c", DataType.Bool, [])
            .Node("If", "c", "y", ("then_branch", then), ("else_branch", then)).Output("y");
        OnnxGraph graph = builder.Read();
        Assert.Equal("If", graph.Nodes.Single().Operator);
        Assert.True(graph.Outputs[0].IsUnknown);
    }

    [Theory]
    [InlineData(new long[] { 8, -1 }, new[] { 1, 24 })]
    [InlineData(new long[] { 8, 6, 4 }, new[] { 1, 6, 4 })]
    [InlineData(new long[] { 16, 12 }, new[] { 2, 12 })]
    [InlineData(new long[] { 8, 2, -1 }, new[] { 1, 2, 12 })]
    [InlineData(new long[] { -1, 24 }, new[] { 1, 24 })]
    [InlineData(new long[] { 0, 24 }, new[] { 1, 24 })]
    [InlineData(new long[] { 2, 8, 12 }, new[] { 2, 1, 12 })]
    public void A_reshape_for_a_batch_of_8_is_read_for_one_sample(long[] target, int[] shape)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 8, 6, 2, 2).List("t", target).Node("Reshape", "x,t", "y").Output("y");
        Assert.Equal(shape, builder.Read().Outputs[0].Shape);
    }

    [Fact]
    public void A_squeeze_without_axes_keeps_an_open_batch()
    {
        ModelBuilder builder = new ModelBuilder(11).Input("x", "n", 3, 1, 1).Node("Squeeze", "x", "y").Output("y");
        Assert.Equal([1, 3], builder.Read().Outputs[0].Shape);
    }

    [Fact]
    public void Integers_that_are_converted_at_once_are_an_input_of_numbers()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Uint8, [1, 4]).Node("Cast", "x", "a", ("to", 1))
            .Node("Relu", "a", "y").Output("y");
        OnnxGraph graph = builder.Read();
        Assert.Equal("Relu", graph.Nodes.Single().Operator);
        Assert.Equal(ElementType.Float, graph.Inputs[0].Type);
    }
}
