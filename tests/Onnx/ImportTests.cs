using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using Xunit;

namespace Strata.Onnx.Tests;

/// <summary>Whole models become classes that compute the same.</summary>
public sealed class ImportTests
{
    private static ImportedNetwork Import(ModelBuilder model, OnnxImportOptions? options = null)
    {
        using var stream = new MemoryStream(model.ToBytes());
        return OnnxFile.Import(stream, options);
    }

    private static string[] Attributes(ImportedNetwork network) =>
        [.. network.Source.Split('\n').Where(line => line.StartsWith('[')).Where(line => line is not "[Network]")];

    private static void Agrees(ModelBuilder model, ImportedNetwork network, OnnxImportOptions? options = null)
    {
        Assembly assembly = ClassCompiler.Compile(network.Source);
        Assert.InRange(ImportCheck.Error(assembly, network, model.ToBytes(), options), 0, 1e-5);
    }

    private static ModelBuilder Residual() => new ModelBuilder(13).Input("x", "batch", 3, 8, 8)
        .Noise("stem.weight", 4, 3, 3, 3).Noise("body.weight", 4, 4, 3, 3).Noise("body.bias", 4).Noise("fc.weight", 5, 4)
            .Noise("fc.bias", 5)
        .Node("Conv", "x,stem.weight", "a", ("pads", (long[])[1, 1, 1, 1])).Node("Relu", "a", "b")
        .Node("Conv", "b,body.weight,body.bias", "c", ("pads", (long[])[1, 1, 1, 1])).Node("Add", "c,b", "d").Node("Relu", "d", "e")
        .Node("GlobalAveragePool", "e", "f").Node("Flatten", "f", "g").Node("Gemm", "g,fc.weight,fc.bias", "h", ("transB", 1))
        .Node("Softmax", "h", "y", ("axis", -1)).Output("y");

    [Fact]
    public void A_residual_network_reads_as_one_would_write_it_and_computes_the_same()
    {
        ModelBuilder model = Residual();
        ImportedNetwork network = Import(model, new OnnxImportOptions { Name = "Small", Namespace = "App.Models" });
        Assert.Equal(
            [
                "[Input(3, 8, 8)]",
                "[Conv2D(4, 3, Padding = 1, Bias = false, Name = \"stem\"), ReLU]",
                "[Branch, Conv2D(4, 3, Padding = 1, Name = \"body\")]",
                "[Branch]",
                "[Add, ReLU]",
                "[GlobalAveragePool2D, Flatten]",
                "[Dense(5, Name = \"fc\"), Softmax]",
            ],
            Attributes(network));
        Assert.Contains("namespace App.Models;", network.Source, StringComparison.Ordinal);
        Assert.Equal(["stem.weight", "body.weight", "body.bias", "fc.weight", "fc.bias"],
            network.Parameters.Select(parameter => parameter.Key));
        Agrees(model, network);
    }

    [Fact]
    public void What_exporters_take_apart_becomes_its_layer()
    {
        ModelBuilder model = new ModelBuilder(13).Input("x", 1, 4, 5, 6).Floats("three", [], 3).Floats("zero", [], 0).Floats("six", [], 6)
            .Floats("root", [], MathF.Sqrt(2)).Floats("one", [], 1).Floats("half", [], 0.5f)
            .Node("Add", "x,three", "a").Node("Clip", "a,zero,six", "b").Node("Mul", "x,b", "c").Node("Div", "c,six", "swish")
            .Node("Div", "swish,root", "d").Node("Erf", "d", "e").Node("Add", "e,one", "f").Node("Mul", "f,swish", "g")
                .Node("Mul", "g,half", "gelu")
            .Node("Softplus", "gelu", "h").Node("Tanh", "h", "i").Node("Mul", "gelu,i", "mish")
            .Node("Sigmoid", "mish", "j").Node("Mul", "j,mish", "y").Output("y");
        ImportedNetwork network = Import(model);
        Assert.Equal(["[Input(4, 5, 6)]", "[HardSwish, GELU, Mish, SiLU]"], Attributes(network));
        Agrees(model, network);
    }

    [Fact]
    public void The_focus_of_YOLOv5_moves_pixels_to_channels()
    {
        ModelBuilder model = new ModelBuilder(13).Input("x", 1, 3, 8, 10).List("rows", 2).List("columns", 3).List("even", 0).List("odd", 1)
            .List("end", 100).List("two", 2).Noise("stem.weight", 5, 12, 3, 3)
            .Node("Slice", "x,even,end,rows,two", "a").Node("Slice", "a,even,end,columns,two", "p")
            .Node("Slice", "x,odd,end,rows,two", "b").Node("Slice", "b,even,end,columns,two", "q")
            .Node("Slice", "a,odd,end,columns,two", "r").Node("Slice", "b,odd,end,columns,two", "s")
            .Node("Concat", "p,q,r,s", "c", ("axis", 1)).Node("Conv", "c,stem.weight", "y").Output("y");
        ImportedNetwork network = Import(model);
        Assert.Equal(
            ["[Input(3, 8, 10)]", "[PixelUnshuffle(2, Order = PixelOrder.PixelsFirst)]", "[Conv2D(5, 3, Bias = false, Name = \"stem\")]"],
            Attributes(network));
        Agrees(model, network);
    }

    [Fact]
    public void Constants_go_into_the_layer_before()
    {
        ModelBuilder model = new ModelBuilder(13).Input("x", 1, 3, 6, 6).Floats("scale", [1, 3, 1, 1], 2, 3, 4)
            .Floats("shift", [1, 3, 1, 1], 1, 2, 3)
            .Noise("w", 5, 3, 3, 3).Noise("factor", 5, 1, 1).Noise("bias", 1, 5, 1, 1)
            .Node("Sub", "x,shift", "a").Node("Div", "a,scale", "b").Node("Conv", "b,w", "c").Node("Mul", "c,factor", "d")
                .Node("Add", "d,bias", "y")
            .Output("y");
        ImportedNetwork network = Import(model);
        Assert.Equal(["[Input(3, 6, 6)]", "[Normalize([1, 2, 3], [2, 3, 4])]", "[Conv2D(5, 3)]"], Attributes(network));
        Agrees(model, network);
    }

    [Fact]
    public void Channels_that_stand_last_at_the_borders_stand_first()
    {
        ModelBuilder model = new ModelBuilder(13).Input("x", 1, 7, 9, 3).Noise("w", 5, 3, 3, 3)
            .Node("Transpose", "x", "a", ("perm", (long[])[0, 3, 1, 2]))
            .Node("Conv", "a,w", "b").Node("Relu", "b", "c").Node("Transpose", "c", "y", ("perm", (long[])[0, 2, 3, 1])).Output("y");
        ImportedNetwork network = Import(model);
        Assert.Equal(["[Input(3, 7, 9)]", "[Conv2D(5, 3, Bias = false), ReLU]"], Attributes(network));
        Assert.Contains(network.Notes, note => note.Contains("the file has 7×9×3", StringComparison.Ordinal));
        Agrees(model, network);
    }

    [Fact]
    public void All_nodes_without_words_are_listed_and_where_to_cut()
    {
        ModelBuilder model = new ModelBuilder(13).Input("x", 1, 4, 8, 8).Noise("w", 6, 4, 3, 3).Node("Conv", "x,w", "map")
            .Node("Relu", "map", "features")
            .Node("Det", "features", "classes").Node("vendor:Magic", "features", "magic").Output("classes", "magic");
        UnsupportedOnnxException exception = Assert.Throws<UnsupportedOnnxException>(() => Import(model));
        Assert.Equal(["Det", "Magic"], exception.Nodes.Select(node => node.Operator));
        Assert.Equal(["", "vendor"], exception.Nodes.Select(node => node.Domain));
        Assert.Contains("'features' of 1×6×6×6", exception.Message, StringComparison.Ordinal);
        Assert.Contains("--until \"features\"", exception.Message, StringComparison.Ordinal);

        ImportedNetwork cut = Import(model, new OnnxImportOptions { Until = ["features"] });
        Assert.Equal(["[Input(4, 8, 8)]", "[Conv2D(6, 3, Bias = false), ReLU]"], Attributes(cut));
    }

    [Fact]
    public void Nodes_without_words_are_listed_also_behind_others()
    {
        ModelBuilder model = new ModelBuilder(13).Input("x", 1, 4, 8, 8).Node("Tan", "x", "a").Node("Relu", "a", "b")
            .Node("Atan", "b", "c").Node("Sinh", "c", "y").Output("y");
        UnsupportedOnnxException exception = Assert.Throws<UnsupportedOnnxException>(() => Import(model));
        Assert.Equal(["Tan", "Atan", "Sinh"], exception.Nodes.Select(node => node.Operator));
    }

    [Fact]
    public void An_output_that_is_a_constant_is_named()
    {
        ModelBuilder model = new ModelBuilder(13).Input("x", 1, 4, 8, 8).Node("Relu", "x", "y").Node("Shape", "x", "extents")
            .Node("Cast", "extents", "numbers", ("to", 1)).Output("y", "numbers");
        OnnxFormatException exception = Assert.Throws<OnnxFormatException>(() => Import(model));
        Assert.Contains("'numbers' is a constant", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_makes_the_class_trainable()
    {
        ImportedNetwork network = Import(Residual(), new OnnxImportOptions { Loss = "CrossEntropy" });
        Assert.Contains("[CrossEntropy]", network.Source, StringComparison.Ordinal);
        ClassCompiler.Compile(network.Source);
    }

    [Fact]
    public void A_loss_that_does_not_exist_is_answered_by_those_that_do()
    {
        string[] losses = [.. typeof(LossAttribute).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(LossAttribute)) && !type.IsAbstract
                && type.GetConstructors().Any(constructor => constructor.GetParameters().All(parameter => parameter.IsOptional)))
            .Select(type => type.Name[..^"Attribute".Length]).Append("ExternalLoss").Order(StringComparer.Ordinal)];
        ArgumentException exception =
            Assert.Throws<ArgumentException>(() => Import(Residual(), new OnnxImportOptions { Loss = "CrossEntrophy" }));
        Assert.Contains($"There are {string.Join(", ", losses)}. ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_layers_are_told_with_what_to_do()
    {
        ModelBuilder model = new ModelBuilder(13).Input("x", 1, 2, 2);
        const int Count = 5001;
        for (int i = 0; i < Count; i++)
        {
            model.Node(i % 2 == 0 ? "Relu" : "Softmax", i == 0 ? "x" : $"y{i - 1}", $"y{i}");
        }

        model.Output($"y{Count - 1}");
        OnnxFormatException exception = Assert.Throws<OnnxFormatException>(() => Import(model));
        Assert.Contains("5,001 layers and branches; at most 5,000", exception.Message, StringComparison.Ordinal);
        Assert.Contains("--until TENSOR", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_of_two_networks_in_one_namespace_have_two_names()
    {
        ModelBuilder model = new ModelBuilder(13).Input("x", 1, 4, 6, 6);
        string last = "x";
        for (int i = 0; i < 4; i++)
        {
            model.Noise($"w{i}", 4, 4, 3, 3).Noise($"v{i}", 4, 4, 3, 3)
                .Node("Conv", $"{last},w{i}", $"a{i}", ("pads", (long[])[1, 1, 1, 1])).Node("Relu", $"a{i}", $"b{i}")
                .Node("Conv", $"b{i},v{i}", $"c{i}", ("pads", (long[])[1, 1, 1, 1])).Node("Add", $"c{i},{last}", $"d{i}")
                .Node("Relu", $"d{i}", $"e{i}");
            last = $"e{i}";
        }

        model.Output(last);
        ImportedNetwork first = Import(model, new OnnxImportOptions { Name = "First" });
        ImportedNetwork second = Import(model, new OnnxImportOptions { Name = "Second", TakenNames = ["BasicBlock"] });
        Assert.Contains("class BasicBlockAttribute", first.Source, StringComparison.Ordinal);
        Assert.Contains("class SecondBasicBlockAttribute", second.Source, StringComparison.Ordinal);
        ClassCompiler.Compile([first.Source, second.Source]);
    }

    [Fact]
    public void Unpooling_reads_its_pooling()
    {
        ModelBuilder model = new ModelBuilder(13).Input("x", 1, 3, 6, 8).Noise("w", 3, 3, 1, 1)
            .Node("MaxPool", "x", "a,indices", ("kernel_shape", (long[])[2, 2]), ("strides", (long[])[2, 2])).Node("Conv", "a,w", "b")
            .Node("MaxUnpool", "b,indices", "y", ("kernel_shape", (long[])[2, 2]), ("strides", (long[])[2, 2])).Output("y");
        ImportedNetwork network = Import(model);
        Assert.Equal(["[Input(3, 6, 8)]", "[MaxPool2D(2, Name = \"pool1\")]", "[Conv2D(3, 1, Bias = false), MaxUnpool2D(\"pool1\")]"],
            Attributes(network));
        Agrees(model, network);

        ModelBuilder indices = new ModelBuilder(13).Input("x", 1, 3, 6, 8)
            .Node("MaxPool", "x", "a,indices", ("kernel_shape", (long[])[2, 2])).Output("a", "indices");
        Assert.Contains("'indices'", Assert.Throws<UnsupportedOnnxException>(() => Import(indices)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_are_padded_as_planes_of_a_volume()
    {
        ModelBuilder model = new ModelBuilder(13).Input("x", 1, 2, 4, 4).List("in", 1, 1, 2, 4, 4).List("out", 1, 7, 4, 4)
            .List("pads", 0, 0, 0, 0, 0, 0, 0, 5, 0, 0)
            .Node("Reshape", "x,in", "a").Node("Pad", "a,pads", "b").Node("Reshape", "b,out", "y").Output("y");
        ImportedNetwork network = Import(model);
        Assert.Contains("Pad3D(0, PaddingBack = 5)", network.Source, StringComparison.Ordinal);
        Agrees(model, network);
    }

    [Theory]
    [InlineData("model/conv2d_{0}/Conv2D/ReadVariableOp:0")]
    [InlineData("StatefulPartitionedCall/model/conv2d_{0}/Conv2D/ReadVariableOp:0")]
    public void Names_that_Keras_makes_up_do_not_stand_in_the_way_of_blocks(string key)
    {
        ModelBuilder model = new ModelBuilder(13).Input("x", 1, 4, 6, 6);
        string last = "x";
        for (int i = 0; i < 8; i += 2)
        {
            string first = string.Format(CultureInfo.InvariantCulture, key, i);
            string second = string.Format(CultureInfo.InvariantCulture, key, i + 1);
            model.Noise(first, 4, 4, 3, 3).Noise(second, 4, 4, 3, 3)
                .Node("Conv", $"{last},{first}", $"a{i}", ("pads", (long[])[1, 1, 1, 1])).Node("Relu", $"a{i}", $"b{i}")
                .Node("Conv", $"b{i},{second}", $"c{i}", ("pads", (long[])[1, 1, 1, 1])).Node("Add", $"c{i},{last}", $"d{i}")
                .Node("Relu", $"d{i}", $"e{i}");
            last = $"e{i}";
        }

        model.Output(last);
        ImportedNetwork network = Import(model);
        Assert.Contains("[BasicBlock(Repeat = 4)]", network.Source, StringComparison.Ordinal);
        Agrees(model, network);
    }

    [Theory]
    [InlineData("model/stem/Conv2D/ReadVariableOp:0", "[Conv2D(4, 3, Bias = false, Name = \"stem\")]")]
    [InlineData("StatefulPartitionedCall/model/stem/Conv2D/ReadVariableOp:0", "[Conv2D(4, 3, Bias = false, Name = \"stem\")]")]
    [InlineData("model/conv2d_7/Conv2D/ReadVariableOp:0", "[Conv2D(4, 3, Bias = false)]")]
    public void Names_of_TensorFlow_become_those_of_layers(string key, string attribute)
    {
        ModelBuilder model = new ModelBuilder(13).Input("x", 1, 4, 6, 6).Noise(key, 4, 4, 3, 3).Node("Conv", $"x,{key}", "y").Output("y");
        Assert.Equal(["[Input(4, 6, 6)]", attribute], Attributes(Import(model)));
    }

    [Fact]
    public void A_class_that_was_edited_stays_as_it_is()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            ImportedNetwork network = Import(Residual(), new OnnxImportOptions { Name = "Small" });
            string path = Path.Combine(folder, "Small.cs");
            network.Save(folder);
            network.Save(folder);
            Assert.Equal(["Small.cs", "Small.safetensors"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());

            File.WriteAllText(path, File.ReadAllText(path).Replace("Dense(5", "Dense(7", StringComparison.Ordinal));
            IOException exception = Assert.Throws<IOException>(() => network.Save(folder));
            Assert.Contains("--force", exception.Message, StringComparison.Ordinal);
            Assert.Contains("Dense(7", File.ReadAllText(path), StringComparison.Ordinal);
            network.Save(folder, force: true);
            Assert.DoesNotContain("Dense(7", File.ReadAllText(path), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
