using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Schema;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Functions in the file are inlined.</summary>
public class FunctionTests
{
    private static FunctionProto Function(string name, string inputs, string outputs, params NodeProto[] nodes)
    {
        var function = new FunctionProto
        {
            Name = name,
            Domain = "own",
            OpsetImport = { new OperatorSetIdProto { Version = 17 }, new OperatorSetIdProto { Domain = "own", Version = 1 } }
        };
        function.Input.AddRange(inputs.Split(','));
        function.Output.AddRange(outputs.Split(','));
        function.Node.AddRange(nodes);
        return function;
    }

    private static ModelBuilder Model(params FunctionProto[] functions)
    {
        var builder = new ModelBuilder();
        builder.Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        builder.Model.Functions.AddRange(functions);
        return builder.Input("x", 1, 4);
    }

    private static NodeProto Reference(string @operator, string input, string output, string attribute, string reference,
        AttributeProto.Types.AttributeType type)
    {
        NodeProto node = ModelBuilder.MakeNode(@operator, input, output);
        node.Attribute.Add(new AttributeProto { Name = attribute, RefAttrName = reference, Type = type });
        return node;
    }

    [Fact]
    public void A_call_becomes_the_nodes_of_the_function()
    {
        FunctionProto twice = Function("Twice", "a,b", "c", ModelBuilder.MakeNode("Add", "a,b", "s"),
            ModelBuilder.MakeNode("Relu", "s", "c"));
        ModelBuilder builder = Model(twice).Noise("w", 4).Node("own:Twice", "x,w", "p").Node("own:Twice", "p,x", "y").Output("y");
        OnnxGraph graph = AgainstOnnxRuntime.Check(builder, "Add Relu Add Relu");
        Assert.Equal(4, graph.Nodes.Select(node => node.Output.Name).Distinct().Count());
        Assert.Equal("Twice_p/Relu_c", graph.Nodes[1].Name);
        Assert.Equal("y", graph.Outputs[0].Name);
    }

    [Fact]
    public void Attributes_of_the_call_reach_the_nodes()
    {
        FunctionProto leaky = Function("Leaky", "a", "b",
            Reference("LeakyRelu", "a", "b", "alpha", "slope", AttributeProto.Types.AttributeType.Float));
        leaky.Attribute.Add("slope");
        ModelBuilder builder = Model(leaky).Node("own:Leaky", "x", "y", ("slope", 0.25)).Output("y");
        Assert.Equal(0.25f, AgainstOnnxRuntime.Check(builder, "LeakyRelu").Nodes[0].Float("alpha"));
    }

    [Fact]
    public void An_attribute_that_the_call_leaves_out_has_its_default()
    {
        FunctionProto leaky = Function("Leaky", "a", "b",
            Reference("LeakyRelu", "a", "b", "alpha", "slope", AttributeProto.Types.AttributeType.Float));
        leaky.AttributeProto.Add(ModelBuilder.Attribute("slope", 0.5));
        Assert.Equal(0.5f, AgainstOnnxRuntime.Check(Model(leaky).Node("own:Leaky", "x", "y").Output("y")).Nodes[0].Float("alpha"));
        FunctionProto bare = Function("Leaky", "a", "b",
            Reference("LeakyRelu", "a", "b", "alpha", "slope", AttributeProto.Types.AttributeType.Float));
        bare.Attribute.Add("slope");
        Assert.Equal(0.01f, Model(bare).Node("own:Leaky", "x", "y").Output("y").Read().Nodes[0].Float("alpha"));
    }

    [Fact]
    public void Functions_call_functions()
    {
        FunctionProto inner = Function("Inner", "a", "b", ModelBuilder.MakeNode("Tanh", "a", "b"));
        FunctionProto outer = Function("Outer", "a", "b", ModelBuilder.MakeNode("own:Inner", "a", "m"),
            ModelBuilder.MakeNode("own:Inner", "m", "b"));
        AgainstOnnxRuntime.Check(Model(inner, outer).Node("own:Outer", "x", "y").Output("y"), "Tanh Tanh");
    }

    [Fact]
    public void An_input_that_the_call_leaves_out_is_left_out_inside()
    {
        FunctionProto clip = Function("Clamp", "a,low,high", "b", ModelBuilder.MakeNode("Clip", "a,low,high", "b"));
        ModelBuilder builder = Model(clip).Floats("h", [], 0.5f).Node("own:Clamp", "x,,h", "p").Node("own:Clamp", "p", "y").Output("y");
        OnnxGraph graph = builder.Read();
        Assert.Equal("Clip", graph.Nodes.Single().Operator);
        Assert.False(graph.Nodes[0].Has("min"));
    }

    [Fact]
    public void A_function_that_calls_itself_is_an_error()
    {
        FunctionProto self = Function("Self", "a", "b", ModelBuilder.MakeNode("own:Self", "a", "b"));
        string message = Assert.Throws<OnnxFormatException>(() => Model(self).Node("own:Self", "x", "y").Output("y").Read()).Message;
        Assert.Contains("calls itself", message);
    }

    [Fact]
    public void Functions_that_double_at_each_level_are_an_error()
    {
        FunctionProto[] functions = [.. Enumerable.Range(0, 20).Select(level => Function(
            $"F{level}", "a", "b",
            ModelBuilder.MakeNode(level == 0 ? "Relu" : $"own:F{level - 1}", "a", "m"),
            ModelBuilder.MakeNode(level == 0 ? "Relu" : $"own:F{level - 1}", "m", "b")))];
        string message = Assert.Throws<OnnxFormatException>(() => Model(functions).Node("own:F19", "x", "y").Output("y").Read()).Message;
        Assert.Contains("more than 200,000 nodes", message);
    }
}
