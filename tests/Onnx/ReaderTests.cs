using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Strata.Onnx.Model;
using Strata.Onnx.Reading;
using Strata.Onnx.Schema;
using Xunit;
using DataType = Strata.Onnx.Schema.TensorProto.Types.DataType;

namespace Strata.Onnx.Tests;

/// <summary>Inputs, outputs, order, names and cuts.</summary>
public class ReaderTests
{
    private static ModelBuilder Residual() => new ModelBuilder()
        .Input("x", "batch", 4, 8, 8).Noise("conv.weight", 4, 4, 3, 3).Noise("conv.bias", 4)
        .Node("Conv", "x,conv.weight,conv.bias", "a", ("pads", new[] { 1, 1, 1, 1 }))
        .Node("Relu", "a", "b").Node("Add", "b,x", "c").Node("GlobalAveragePool", "c", "d").Node("Flatten", "d", "y").Output("y");

    [Fact]
    public void A_small_network_is_read()
    {
        OnnxGraph graph = AgainstOnnxRuntime.Check(Residual(), "Conv Relu Add GlobalAveragePool Reshape");
        Assert.Equal([1, 4, 8, 8], graph.Inputs.Single().Shape);
        Assert.Equal("y", graph.Outputs.Single().Name);
        Assert.Equal(["y"], graph.OutputNames);
        Assert.Equal(17, graph.Opset);
        OnnxNode conv = graph.Nodes[0];
        Assert.Equal("Conv_a", conv.Name);
        Assert.Equal("conv.weight", conv.Inputs[1]!.Constant!.Key);
        Assert.Equal([3, 3], conv.Integers("kernel_shape"));
        Assert.Equal([1, 1], conv.Integers("dilations"));
        Assert.Equal(1, conv.Integer("group"));
        Assert.Equal(["Conv", "Add"], graph.Inputs[0].Readers.Select(node => node.Operator));
        Assert.Same(conv, conv.Output.Producer);
    }

    [Fact]
    public void Nodes_in_any_order_are_sorted()
    {
        ModelBuilder builder = Residual();
        NodeProto[] nodes = [.. builder.Graph.Node.Reverse()];
        builder.Graph.Node.Clear();
        builder.Graph.Node.AddRange(nodes);
        Assert.Equal(["Conv", "Relu", "Add", "GlobalAveragePool", "Reshape"], builder.Read().Nodes.Select(node => node.Operator));
    }

    [Fact]
    public void Nodes_without_names_are_read()
    {
        ModelBuilder builder = Residual();
        foreach (NodeProto node in builder.Graph.Node)
        {
            node.Name = "";
        }

        Assert.All(AgainstOnnxRuntime.Check(builder).Nodes, node => Assert.Equal("", node.Name));
    }

    [Fact]
    public void A_circle_is_an_error()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 1, 4).Node("Add", "x,b", "a").Node("Relu", "a", "b").Output("b");
        Assert.Contains("circle", Error(builder));
    }

    [Fact]
    public void Two_nodes_with_the_same_output_are_an_error()
    {
        string message = Error(new ModelBuilder().Input("x", 1, 4).Node("Relu", "x", "a").Node("Tanh", "x", "a").Output("a"));
        Assert.Contains("'a'", message);
        Assert.Contains("Tanh", message);
        Assert.StartsWith("model.onnx: ", message);
    }

    [Fact]
    public void An_unknown_name_is_an_error() =>
        Assert.Contains("node 'Relu_a' (Relu): it reads 'z'", Error(new ModelBuilder().Input("x", 1, 4).Node("Relu", "z", "a")
            .Output("a")));

    [Fact]
    public void An_output_that_nothing_computes_is_an_error() =>
        Assert.Contains("'q'", Error(new ModelBuilder().Input("x", 1, 4).Node("Relu", "x", "a").Output("q")));

    [Fact]
    public void The_batch_becomes_one()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 8, 4).Node("Relu", "x", "y").Output("y");
        Assert.Equal([1, 4], builder.Read().Outputs[0].Shape);
    }

    [Fact]
    public void An_open_extent_is_asked_for()
    {
        string message = Error(new ModelBuilder().Input("picture", "n", 3, "height", "width").Node("Relu", "picture", "y").Output("y"));
        Assert.Contains("'picture'", message);
        Assert.Contains("[n, 3, height, width]", message);
        Assert.Contains("--input picture=3,224,224", message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    public void An_open_extent_may_be_given(string name)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", "n", 3, "h", "w").Node("Relu", "x", "y").Output("y");
        var options = new OnnxImportOptions { Inputs = new Dictionary<string, IReadOnlyList<int>> { [name] = [3, 5, 7] } };
        Assert.Equal([1, 3, 5, 7], builder.Read(options).Outputs[0].Shape);
    }

    [Fact]
    public void A_given_shape_must_fit()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", "n", 3, "h", "w").Node("Relu", "x", "y").Output("y");
        Assert.Contains("which the first is the batch", Error(builder, Shape("x", 5, 7)));
        Assert.Contains("'z'", Error(builder, Shape("z", 3, 5, 7)));
    }

    [Fact]
    public void An_input_that_is_not_needed_is_left_out()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 1, 4).Input("unused", "a", "b").Node("Relu", "x", "y").Output("y");
        Assert.Equal("x", builder.Read().Inputs.Single().Name);
    }

    [Fact]
    public void Initializers_among_the_inputs_are_no_inputs()
    {
        ModelBuilder builder = Residual();
        builder.Graph.Input.Add(ModelBuilder.Info("conv.weight", DataType.Float, 4, 4, 3, 3));
        Assert.Equal("x", builder.Read().Inputs.Single().Name);
    }

    [Fact]
    public void Several_outputs_keep_their_names_and_order()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 1, 4).Node("Relu", "x", "a").Node("Identity", "a", "b")
            .Node("Identity", "x", "c")
            .Node("Tanh", "a", "d").Output("b", "a", "c", "d");
        OnnxGraph graph = AgainstOnnxRuntime.Check(builder, "Relu Tanh");
        Assert.Equal(["b", "a", "c", "d"], graph.OutputNames);
        Assert.Equal(["b", "b", "x", "d"], graph.Outputs.Select(output => output.Name));
    }

    [Fact]
    public void Until_cuts_at_a_tensor_or_behind_a_node()
    {
        ModelBuilder builder = Residual();
        OnnxGraph graph = builder.Read(new OnnxImportOptions { Until = ["b", "Add_c"] });
        Assert.Equal(["b", "c"], graph.OutputNames);
        Assert.Equal(["Conv", "Relu", "Add"], graph.Nodes.Select(node => node.Operator));
        Assert.Contains(graph.Notes, note => note.Contains("2 of 5 nodes are left out", System.StringComparison.Ordinal));
    }

    [Fact]
    public void Until_names_what_is_near()
    {
        string message = Error(Residual(), new OnnxImportOptions { Until = ["Ad_c"] });
        Assert.Contains("'Ad_c'", message);
        Assert.Contains("near names are Add_c", message);
    }

    [Fact]
    public void Nodes_without_normal_form_stay_and_what_stands_behind_them_is_unknown()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 1, 4).Node("NonMaxSuppression", "x", "a", ("center_point_box", 1))
            .Node("my.domain:Thing", "a", "b").Node("Relu", "b", "y").Output("y");
        OnnxGraph graph = builder.Read();
        Assert.Equal(["NonMaxSuppression", "Thing", "Relu"], graph.Nodes.Select(node => node.Operator));
        Assert.Equal("my.domain", graph.Nodes[1].Domain);
        Assert.Equal(1, graph.Nodes[0].Integer("center_point_box"));
        Assert.All(graph.Nodes, node => Assert.True(node.Output.IsUnknown));
    }

    [Fact]
    public void A_file_that_imports_no_operator_set_is_read()
    {
        ModelBuilder builder = Residual();
        builder.Model.OpsetImport.Clear();
        Assert.Equal(17, builder.Read().Opset);
    }

    [Fact]
    public void A_stream_that_cannot_seek_is_read()
    {
        using var content = new MemoryStream();
        using (var compressor = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true))
        {
            compressor.Write(Residual().ToBytes());
        }

        content.Position = 0;
        using var stream = new GZipStream(content, CompressionMode.Decompress);
        Assert.Equal(5, GraphReader.Read(stream, "model.onnx", null, new OnnxImportOptions()).Nodes.Count);
    }

    [Fact]
    public void A_token_that_is_repeated_for_the_batch_of_the_file_is_there_once()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", 8, 4, 6).Noise("token", 1, 1, 6).List("s", 8, 1, 6)
            .Node("Expand", "token,s", "t")
            .Node("Concat", "t,x", "y", ("axis", 1)).Output("y");
        Assert.Equal([1, 5, 6], builder.Read().Outputs[0].Shape);
    }

    [Fact]
    public void A_file_is_read_with_the_weights_beside_it()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            ModelBuilder builder = new ModelBuilder().Input("x", 1, 4).Floats("w", [4], 1, 2, 3, 4).Node("Mul", "x,w", "y").Output("y");
            TensorProto weights = builder.Graph.Initializer[0];
            File.WriteAllBytes(Path.Combine(folder, "weights.bin"), [0, 0, 0, 0, .. weights.RawData.ToByteArray()]);
            weights.RawData = Google.Protobuf.ByteString.Empty;
            weights.DataLocation = TensorProto.Types.DataLocation.External;
            weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });
            weights.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "4" });
            weights.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = "16" });
            string path = Path.Combine(folder, "model.onnx");
            File.WriteAllBytes(path, builder.ToBytes());
            OnnxGraph graph = GraphReader.Read(path, new OnnxImportOptions());
            Assert.Equal([1f, 2, 3, 4], graph.Nodes[0].Inputs[1]!.Constant!.Floats);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static OnnxImportOptions Shape(string name, params int[] shape) =>
        new() { Inputs = new Dictionary<string, IReadOnlyList<int>> { [name] = shape } };

    private static string Error(ModelBuilder builder, OnnxImportOptions? options = null) =>
        Assert.Throws<OnnxFormatException>(() => builder.Read(options)).Message;
}
