using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Text;
using Xunit;

namespace Strata.Onnx.Tests;

public sealed class ClassWriterTests
{
    private static readonly Dictionary<string, Func<LayerGraph>> Graphs = new()
    {
        ["ResNet18"] = () => Models.ResNet18(),
        ["ResNet50"] = () => Models.ResNet50(),
        ["MobileNetV2"] = () => Models.MobileNetV2(),
        ["GoogLeNet"] = () => Models.GoogLeNet(),
        ["DenseNet"] = () => Models.DenseNet(),
        ["UNet"] = () => Models.UNet(),
        ["TwoInputs"] = Models.TwoInputs,
        ["Crossed"] = Models.Crossed,
        ["MobileNetV1"] = () => MoreModels.MobileNetV1(),
        ["MobileNetV3"] = () => MoreModels.MobileNetV3(),
        ["SqueezeNet"] = () => MoreModels.SqueezeNet(),
        ["Vgg"] = MoreModels.Vgg,
        ["Detector"] = () => MoreModels.Detector(),
        ["KerasResNet"] = MoreModels.KerasResNet,
        ["ResNet50 with paths"] = () => Models.ResNet50(new GraphMaker { HasKeys = false }),
        ["MobileNetV3 with paths"] = () => MoreModels.MobileNetV3(new GraphMaker { HasKeys = false }),
        ["Detector with keys"] = () => MoreModels.Detector(new GraphMaker { HasPaths = false }),
        ["Nameless ResNet18"] = () => Models.ResNet18(Nameless()),
        ["Nameless MobileNetV1"] = () => MoreModels.MobileNetV1(Nameless()),
        ["Nameless MobileNetV2"] = () => Models.MobileNetV2(Nameless()),
        ["Nameless MobileNetV3"] = () => MoreModels.MobileNetV3(Nameless()),
        ["Nameless SqueezeNet"] = () => MoreModels.SqueezeNet(Nameless()),
        ["Nameless GoogLeNet"] = () => Models.GoogLeNet(Nameless()),
        ["Nameless DenseNet"] = () => Models.DenseNet(Nameless()),
        ["Nameless UNet"] = () => Models.UNet(Nameless()),
        ["Nameless Detector"] = () => MoreModels.Detector(Nameless()),
    };

    public static TheoryData<string> Names => [.. Graphs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_class_is_the_network_from_which_it_was_written(string name) => ClassGraph.Check(Graphs[name]());

    [Theory]
    [InlineData("TwoInputs")]
    [InlineData("Crossed")]
    [InlineData("ResNet18")]
    [InlineData("MobileNetV2")]
    public void A_class_compiles_and_says_what_the_text_says_of_its_parameters(string name)
    {
        ClassText text = ClassWriter.Write(Graphs[name](), "Net", "Demo");
        NetworkInfo info = ClassCompiler.InfoOf(text.Source, "Demo.Net");
        Assert.Equal(
            text.Parameters.Select(pair => $"{pair.Key} {string.Join('×', pair.Parameter.Shape)}").Order(StringComparer.Ordinal),
            info.Parameters.Select(one => $"{one.Key} {string.Join('×', one.Shape)}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_class_is_the_network_however_its_layers_are_wired()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            ClassGraph.Check(RandomModels.Make(seed));
        }
    }

    [Fact]
    public void A_class_is_the_network_whatever_its_modules_are_called()
    {
        for (int seed = 0; seed < 80; seed++)
        {
            LayerGraph graph = RandomModels.MakeModules(seed);
            ClassGraph.Check(graph);
            Assert.All(
                ClassWriter.Write(graph, "Net", null).Parameters.Where(pair => pair.Parameter.Key.Contains('.')),
                pair => Assert.Equal(pair.Parameter.Key, pair.Key));
        }
    }

    [Fact]
    public void Layers_without_valid_names_get_others()
    {
        var make = new GraphMaker();
        string[] keys =
        [
            "class", "1x1", "model/conv-1:0", "forward", "parameters", "net", "input", "0", "0.0", "a..b", "é", "Forward", "conv", "conv",
            "_0", "toString", "output",
        ];
        LayerTensor x = make.Input("0", 2, 4, 4);
        foreach (string key in keys)
        {
            x = make.ReLU(make.Conv(x, key, 2, 1), key);
        }

        make.Output("out.put", x);
        make.Output("class", make.Flatten(x));
        make.Output("CLASS", make.Dense(make.Flatten(x), "x", 3));
        string text = ClassGraph.Check(make.Graph(), "Net");
        Assert.Contains("[Output(\"out_put\"", text, StringComparison.Ordinal);
        Assert.Contains("Name = \"class\"", text, StringComparison.Ordinal);
        Assert.Contains("Name = \"conv_2\"", text.Replace("conv2", "conv_2", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_whose_name_is_taken_begins_with_the_name_of_the_network()
    {
        string text = ClassWriter.Write(Models.ResNet50(), "Net", null, name => name == "Bottleneck").Source;
        Assert.Contains("[NetBottleneck(64, Name = \"layer1\", Repeat = 3)]", text, StringComparison.Ordinal);
        Assert.Contains("class NetBottleneckAttribute", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_stands_at_the_end()
    {
        string text = ClassGraph.Check(Models.ResNet18() with { Loss = "CrossEntropy" });
        Assert.Contains("[Dense(1000, Name = \"fc\")]\n[CrossEntropy]\npublic partial class", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Operators_of_an_exporter_are_no_names()
    {
        var make = new GraphMaker { HasKeys = false };
        LayerTensor x = make.Input("x", 2, 4, 4), y = make.Conv(x, "head.Conv_3", 2, 1);
        make.Output("y", make.Concat(make.Sum(x, y), y, make.Conv(y, "tail", 2, 1)));
        ClassText text = ClassWriter.Write(make.Graph(), "Net", null);
        Assert.Equal(["conv1.weight", "tail.weight"], text.Parameters.Select(pair => pair.Key).Order());
        ClassGraph.Check(make.Graph());
    }

    [Fact]
    public void A_parameter_of_two_layers_has_two_names()
    {
        var make = new GraphMaker();
        LayerTensor x = make.Conv(make.Conv(make.Input("x", 2, 4, 4), "shared", 2, 1), "shared", 2, 1);
        make.Output("y", x);
        ClassText text = ClassWriter.Write(make.Graph(), "Net", null);
        Assert.Equal(["shared.weight", "shared2.weight"], text.Parameters.Select(pair => pair.Key));
        ClassGraph.Check(make.Graph());
    }

    [Fact]
    public void A_graph_of_5000_layers_takes_seconds()
    {
        var make = new GraphMaker();
        LayerTensor x = make.Conv(make.Input("x", 3, 32, 32), "conv1", 16, 3, 1, 1);
        for (int i = 0; i < 1000; i++)
        {
            string path = $"layer{1 + (i / 400)}.{i % 400}";
            LayerTensor inner = make.ReLU(make.Norm(make.Conv(x, path + ".conv1", 16, 3, 1, 1), path + ".bn1"));
            x = make.ReLU(make.Sum(inner, x));
        }

        make.Output("y", x);
        var watch = Stopwatch.StartNew();
        ClassText text = ClassWriter.Write(make.Graph(), "Net", null);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
        Assert.Equal(5001, text.Parameters.Count);
        Assert.InRange(text.Source.Split('\n').Length, 1, 30);
    }

    [Fact]
    public void Names_of_thousands_of_modules_take_no_time()
    {
        var make = new GraphMaker();
        LayerTensor x = make.Input("x", 2, 4, 4);
        for (int i = 0; i < 300; i++)
        {
            x = make.ReLU(make.Conv(x, string.Join('.', Enumerable.Repeat($"a{i % 3}", 5000)), 2, 1));
        }

        make.Output("y", x);
        var watch = Stopwatch.StartNew();
        ClassText text = ClassWriter.Write(make.Graph(), "Net", null);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
        Assert.Equal("conv300.weight", text.Parameters[^1].Key);
    }

    [Fact]
    public void A_chain_of_5000_layers_without_names_takes_seconds()
    {
        var make = new GraphMaker { HasKeys = false, HasPaths = false };
        LayerTensor x = make.Input("x", 8, 8, 8);
        for (int i = 0; i < 2500; i++)
        {
            x = make.Conv(x, "", 8 + (i % 7), 3, 1, 1);
            x = i % 3 == 0 ? make.ReLU(x) : make.Activation("Sigmoid", x);
        }

        make.Output("y", x);
        var watch = Stopwatch.StartNew();
        ClassWriter.Write(make.Graph(), "Net", null);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Theory]
    [InlineData("ResNet18")]
    [InlineData("ResNet50")]
    [InlineData("MobileNetV2")]
    [InlineData("GoogLeNet")]
    [InlineData("DenseNet")]
    [InlineData("UNet")]
    [InlineData("MobileNetV1")]
    [InlineData("MobileNetV3")]
    [InlineData("SqueezeNet")]
    [InlineData("Vgg")]
    [InlineData("Detector")]
    [InlineData("Detector with keys")]
    [InlineData("KerasResNet")]
    public void Keys_are_those_of_the_file(string name) => Assert.All(
        ClassWriter.Write(Graphs[name](), "Net", null).Parameters, pair => Assert.Equal(pair.Parameter.Key, pair.Key));

    private static GraphMaker Nameless() => new() { HasKeys = false, HasPaths = false };
}
