using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Models whose graphs are not what exporters write: each becomes a class, or is refused with a message that says why.</summary>
public sealed class StructureTests(ITestOutputHelper log)
{
    private const int Models = 1000, Compiled = 12;

    [Fact]
    public void A_changed_graph_becomes_a_class_that_compiles_or_is_refused()
    {
        StructureFuzz.Report report = StructureFuzz.Run(Path.Combine(SourceFolder.Path, "Exports"), seed: 3, Models, Compiled);
        log.WriteLine($"{report.Imported} classes, {report.Compiled} compiled, {report.Refused} refused; {report.Slowest}");
        Assert.True(report.Failures.Count == 0, string.Join('\n', report.Failures.Take(10)));
        Assert.True(report.Imported > Models / 10 && report.Refused > Models / 10, "The changes are too small, or too large.");
    }

    [Fact]
    public void What_only_constants_compute_is_no_layer()
    {
        ModelBuilder model = new ModelBuilder().Input("x", "n", 3, 8, 8).Noise("weights", 2).Node("Softmax", "weights", "w", ("axis", 0))
            .List("axes", 0).List("zero", 0).List("one", 1).List("two", 2)
            .Node("Slice", "w,zero,one,axes", "w0").Node("Slice", "w,one,two,axes", "w1")
            .Noise("position", 1, 3, 4, 4).Floats("scales", [4], 1, 1, 2, 2).Node("Resize", "position,,scales", "p", ("mode", "linear"))
            .Node("Mul", "x,w0", "a").Node("Relu", "x", "r").Node("Mul", "r,w1", "b").Node("Add", "a,b", "c")
            .Node("Add", "c,p", "y").Output("y");
        Agrees(model);
        Assert.DoesNotContain(Import(model).Parameters, parameter => parameter.Key == "weights");
    }

    [Fact]
    public void A_constant_that_takes_too_long_is_refused_with_the_name_of_its_node()
    {
        ModelBuilder model = new ModelBuilder().Input("x", 1, 64, 64, 64)
            .List("big", 1, 64, 128, 128).Node("ConstantOfShape", "big", "c").Noise("w", 64, 64, 3, 3)
            .Node("Conv", "c,w", "k", ("pads", new[] { 1, 1, 1, 1 })).Node("Add", "k,k", "k2")
            .Node("MaxPool", "k2", "p", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 })).Node("Add", "x,p", "y").Output("y");
        string message = Refusal(model);
        Assert.StartsWith("1 node has no words in Strata:\n  Conv 'Conv_k': it reads constants only", message);
    }

    [Fact]
    public void Nodes_without_inputs_and_layer_norms_of_unknown_shape_are_refused_with_their_cause_only()
    {
        ModelBuilder model = new ModelBuilder(13).Input("x", 1, 4, 8)
            .Node("RandomNormal", "", "n", ("shape", new[] { 1, 4, 8 })).Node("Add", "x,n", "a")
            .Node("ReduceMean", "a", "m", ("axes", new[] { -1 })).Node("Sub", "a,m", "d").Floats("two", [], 2).Node("Pow", "d,two", "s")
            .Node("ReduceMean", "s", "v", ("axes", new[] { -1 })).Floats("e", [], 1e-5f).Node("Add", "v,e", "ve").Node("Sqrt", "ve", "q")
            .Node("Div", "d,q", "l").Noise("w", 8, 8).Node("MatMul", "l,w", "z").Node("Shape", "z", "sh").Node("Reshape", "z,sh", "y")
            .Output("y");
        Assert.Equal(["RandomNormal"], Assert.Throws<UnsupportedOnnxException>(() => Import(model)).Nodes.Select(node => node.Operator));
    }

    [Theory]
    [InlineData("Not", "x", "'x' has numbers, not truth values")]
    [InlineData("Xor", "g,x", "'x' has numbers, not truth values")]
    [InlineData("Add", "x,g", "'g' has truth values, not numbers")]
    [InlineData("Relu", "g", "'g' has truth values, not numbers")]
    [InlineData("Less", "g,x", "'g' has truth values, not numbers")]
    public void Operands_of_the_wrong_type_are_named(string @operator, string operands, string reason)
    {
        ModelBuilder model = Map().Floats("zero", [], 0).Node("Greater", "x,zero", "g").Node(@operator, operands, "y").Output("y");
        Assert.Contains(reason, Assert.Throws<OnnxFormatException>(() => Import(model)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("And")]
    [InlineData("Or")]
    [InlineData("Xor")]
    public void Connectives_are_layers_of_their_names(string @operator)
    {
        ModelBuilder model = Map().Node("Softmax", "x", "t", ("axis", 1)).Node("Greater", "x,t", "g").Node("Equal", "x,t", "e")
            .Node(@operator, "g,e", "c").Node("Not", "c", "n").Node("Where", "n,x,t", "y").Output("y");
        string source = Import(model).Source;
        Assert.Contains($"[{@operator}(\"greater1\", \"equal1\"), Not(Name = \"not1\")]", source, StringComparison.Ordinal);
        Agrees(model);
    }

    /// <summary>All but 0 is true, so that what makes truth values of numbers is no layer.</summary>
    [Theory]
    [InlineData("Cast", "[Branch, Floor]")]
    [InlineData("Equal", "[Branch, Floor, Not]")]
    public void Truths_of_numbers_are_the_numbers(string @operator, string condition)
    {
        ModelBuilder model = Map().Node("Floor", "x", "f").Node("Softmax", "x", "r", ("axis", 1));
        model = @operator == "Cast" ? model.Node("Cast", "f", "c", ("to", 9)) : model.Floats("zero", [], 0).Node("Equal", "f,zero", "c");
        model = model.Node("Where", "c,r,x", "y").Output("y");
        string source = Import(model).Source;
        Assert.Contains(condition + "\n[Branch, Softmax]\n[Branch]\n[Where]\n", source, StringComparison.Ordinal);
        Agrees(model);
    }

    [Fact]
    public void Operators_without_a_layer_are_listed_also_behind_others()
    {
        ModelBuilder model = new ModelBuilder().Input("x", 1, 4, 8).Node("Det", "x", "v")
            .Node("Relu", "v", "r").Node("Shape", "r", "s").Node("Reshape", "r,s", "t").Node("Det", "t", "y").Output("y");
        Assert.Equal(["Det", "Det"], Assert.Throws<UnsupportedOnnxException>(() => Import(model)).Nodes.Select(node => node.Operator));
    }

    /// <summary>Boxes and scores of 64 places, of which suppression chooses some.</summary>
    private static ModelBuilder Detector() => new ModelBuilder(13).Input("x", 1, 3, 8, 8).Noise("w", 9, 3, 1, 1).Node("Conv", "x,w", "map")
        .List("places", 1, 9, 64).Node("Reshape", "map,places", "r").List("parts", 4, 5).Node("Split", "r,parts", "b,s", ("axis", 1))
        .Node("Transpose", "b", "boxes", ("perm", (long[])[0, 2, 1])).Node("Sigmoid", "s", "scores").List("most", 10)
        .Floats("overlap", [1], 0.5f).Floats("least", [1], 0.2f).Node("NonMaxSuppression", "boxes,scores,most,overlap,least", "chosen")
        .Integers("column", [1], 2).Node("Gather", "chosen,column", "rows", ("axis", 1)).Node("Shape", "boxes", "extents")
        .Node("Cast", "extents", "unused", ("to", 1)).Node("GatherND", "boxes,chosen", "found");

    [Fact]
    public void A_detector_ends_before_its_suppression()
    {
        ImportedNetwork whole = Import(Detector().Output("found", "rows"));
        Assert.Contains(whole.Notes, note => note.StartsWith("It ends at boxes, scores; ", StringComparison.Ordinal));
        Assert.Contains(whole.Notes, note => note.Contains(
            "(NonMaxSuppression), since how many boxes are left depends on the picture", StringComparison.Ordinal));

        // The same as the file without what is left out.
        string[] Words(ImportedNetwork network) =>
            [.. network.Source.Split('\n').Where(line => !line.TrimStart().StartsWith("///", StringComparison.Ordinal))];
        Assert.Equal(Words(Import(Detector().Output("boxes", "scores"))), Words(whole));
    }

    [Fact]
    public void Weights_behind_a_suppression_are_not_left_out()
    {
        ModelBuilder model = Detector().Noise("w2", 4, 3).Node("MatMul", "found,w2", "y").Output("y");
        Assert.Contains("NonMaxSuppression", Refusal(model), StringComparison.Ordinal);
    }

    private static readonly Dictionary<string, Func<ModelBuilder>> Refused = new()
    {
        ["spatial is 0"] = () => Norm(new ModelBuilder(8), "y", ("spatial", 0)),
        ["its statistics are read"] = () => Norm(new ModelBuilder(15), "z,m,v", ("training_mode", 1)).Node("Add", "z,m", "y"),
        ["roi"] = () => Map().Floats("roi", [8], 0, 0, 0, 0, 1, 1, 1, 1).Floats("s", [4], 1, 1, 2, 2).Node(
            "Resize", "x,roi,s", "y", ("coordinate_transformation_mode", "tf_crop_and_resize")),
        ["storage_order"] = () => Map().Node("MaxPool", "x", "p,i", ("kernel_shape", new[] { 2, 2 }), ("storage_order", 1))
            .Node("Cast", "i", "f", ("to", 1)).Node("Add", "p,f", "y"),
        ["its mask is read"] = () => Map().Node("Dropout", "x", "d,k").Node("Where", "k,d,x", "y"),
        ["a constant number"] = () => Map().Integers("zero", [], 0).Node("Gather", "x,zero", "g").Node("STFT", "g,zero", "y"),
        ["past_key"] = () => Heads(4).Node("Attention", "x,x,x,,p,p", "y"),
        ["another output than its first is read"] = () => Heads(4).Node("Attention", "x,x,x", "z,k,v").Node("Add", "k,v", "y"),
        ["it multiplies many numbers"] = () => new ModelBuilder().Input("x", 1, 65).Node("ReduceProd", "x", "y", ("axes", new[] { 1 })),
        ["finds neither"] = () => Map().Node("IsInf", "x", "i", ("detect_positive", 0), ("detect_negative", 0)).Node("Cast", "i", "y",
            ("to", 1)),
        ["only [MaxPool] dilates"] = () => Map().Node(
            "AveragePool", "x", "y", ("kernel_shape", new[] { 2, 2 }), ("dilations", new[] { 2, 2 })),
        ["channels of more than one value"] = () =>
            Map().Node("GlobalMaxPool", "x", "g").Noise("s", 4).Noise("b", 4).Node("InstanceNormalization", "g,s,b", "y"),
    };

    private static ModelBuilder Heads(int heads) => new ModelBuilder(23).Input("x", 1, heads, 5, 3).Noise("p", 1, heads, 2, 3)
        .List("zero", 0).List("one", 1);

    public static TheoryData<string> Reasons => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void What_is_refused_says_why(string reason) =>
        Assert.Contains(reason, Refusal(Refused[reason]().Output("y")), StringComparison.Ordinal);

    private static readonly Dictionary<string, Func<ModelBuilder>> Said = new()
    {
        ["a maximum that pads by 2 of 3"] = () =>
            Map().Node("MaxPool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("pads", new[] { 2, 2, 2, 2 })),
        ["a maximum that pads at one side"] = () =>
            Map().Node("MaxPool", "x", "y", ("kernel_shape", new[] { 3, 2 }), ("pads", new[] { 0, 1, 2, 1 }), ("strides", new[] { 2, 3 })),
        ["a maximum that pads by 2 of 3 in ceil mode"] = () =>
            Map().Node("MaxPool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("pads", new[] { 2, 2, 2, 2 }), ("strides", new[] { 3, 3 }),
            ("ceil_mode", 1)),
        ["a mean that counts its pads"] = () =>
            Map().Node("AveragePool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("pads", new[] { 2, 2, 2, 2 }),
            ("count_include_pad", 1)),
        ["a norm that pads by 2 of 3"] = () =>
            Map().Node("LpPool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("pads", new[] { 2, 2, 2, 2 })),
        ["limits in the wrong order"] = () => Map().Floats("low", [], 0.5f).Floats("high", [], -0.25f).Node("Clip", "x,low,high", "y"),
        ["unread indices"] = () => Map().Node("MaxPool", "x", "p,unread", ("kernel_shape", new[] { 2, 2 })).Node("Relu", "p", "y"),
        ["weights that a batch norm standardises"] = () => Map().Noise("w", 1, 6, 36).Noise("s", 6).Noise("b", 6).Noise("m", 6)
            .Floats("v", [6], 1, 2, 3, 4, 5, 6).Node("BatchNormalization", "w,s,b,m,v", "n,m2,v2", ("training_mode", 1))
            .List("shape", 6, 4, 3, 3).Node("Reshape", "n,shape", "f").Node("Conv", "x,f", "y"),
        ["a layer norm whose weights stand along another axis"] = () => new ModelBuilder(13).Input("x", 1, 8, 8).Noise("w", 8, 1)
            .Node("ReduceMean", "x", "m", ("axes", new[] { -1 })).Node("Sub", "x,m", "d").Floats("two", [], 2).Node("Pow", "d,two", "s")
            .Node("ReduceMean", "s", "v", ("axes", new[] { -1 })).Floats("e", [], 1e-5f).Node("Add", "v,e", "a").Node("Sqrt", "a", "q")
            .Node("Div", "d,q", "l").Node("Mul", "l,w", "y"),
        ["an unread mask"] = () => Map().Node("Dropout", "x", "d,unread").Node("Relu", "d", "y"),
        ["unread statistics"] = () => Map().Noise("s", 6).Noise("b", 6).Node("LayerNormalization", "x,s,b", "y,mean,deviation"),
        ["normalize"] = () =>
            Map().Node("ReduceL2", "x", "n", ("axes", new[] { 1 })).Node("Shape", "x", "s").Floats("e", [], 1e-12f).Node("Clip", "n,e", "c")
            .Node("Expand", "c,s", "f").Node("Div", "x,f", "y"),
        ["a reversed gather"] = () =>
            new ModelBuilder(12).Input("x", 1, 100, 3).Integers("i", [100], [.. Enumerable.Range(0, 100).Select(i => 99L - i)])
            .Node("Gather", "x,i", "y", ("axis", 1)),
        ["a reversed slice of maps"] = () =>
            new ModelBuilder(12).Input("x", 1, 3, 200, 5).List("from", -1, -1).List("to", long.MinValue, long.MinValue).List("axes", 2, 3)
            .List("by", -2, -1).Node("Slice", "x,from,to,axes,by", "y"),
        ["a reversed slice of a vector"] = () =>
            new ModelBuilder(12).Input("x", 1, 300).List("from", 299).List("to", 10).List("axes", 1).List("by", -3)
            .Node("Slice", "x,from,to,axes,by", "y"),
    };

    public static TheoryData<string> Sayable => [.. Said.Keys];

    [Theory]
    [MemberData(nameof(Sayable))]
    public void What_the_language_says_otherwise_agrees_with_ONNX_Runtime(string name) => Agrees(Said[name]().Output("y"));

    [Fact]
    public void An_input_without_a_batch_is_told_by_all_of_its_extents()
    {
        ModelBuilder model = new ModelBuilder(12).Input("x", 3, 8, 8).Node("Unsqueeze", "x", "b", ("axes", new[] { 0 }))
            .Noise("w", 4, 3, 3, 3).Node("Conv", "b,w", "c").Node("Relu", "c", "r").Node("GlobalAveragePool", "r", "g")
            .Node("Flatten", "g", "y").Output("y");
        ImportedNetwork network = Import(
            model, new OnnxImportOptions { Inputs = new Dictionary<string, IReadOnlyList<int>> { [""] = [3, 8, 8] } });
        Assert.Contains("[Input(3, 8, 8)]", network.Source, StringComparison.Ordinal);
        float[] input = ModelBuilder.NoiseValues(192, 100), output = new float[4];
        using CompiledNetwork instance = ImportCheck.Instance(ClassCompiler.Compile(network.Source), network);
        instance.Forward(input, output);
        float[] expected = AgainstOnnxRuntime.Run(model.ToBytes())[0].Values;
        Assert.All(expected.Zip(output), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    private static ModelBuilder Map() => new ModelBuilder().Input("x", "n", 4, 7, 6);

    private static ModelBuilder Norm(ModelBuilder model, string outputs, (string Name, object Value) attribute) => model
        .Input("x", 1, 4, 3, 3).Noise("s", 4).Noise("b", 4).Noise("m0", 4).Noise("v0", 4)
        .Node("BatchNormalization", "x,s,b,m0,v0", outputs, attribute);

    private static ImportedNetwork Import(ModelBuilder model, OnnxImportOptions? options = null)
    {
        using var stream = new MemoryStream(model.ToBytes());
        return OnnxFile.Import(stream, options);
    }

    private static void Agrees(ModelBuilder model, OnnxImportOptions? options = null)
    {
        ImportCheck.Report report = ImportCheck.Run(model.ToBytes(), model.ToBytes(), options ?? new OnnxImportOptions());
        Assert.True(report.Agrees, $"{report}\n{report.Network.Source}");
    }

    private static string Refusal(ModelBuilder model) => Assert.Throws<UnsupportedOnnxException>(() => Import(model)).Message;
}
