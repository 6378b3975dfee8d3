using System;
using System.Collections.Generic;
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
        ["Folded ResNet18"] = () => Models.ResNet18(new GraphMaker { HasKeys = false, HasPaths = false }),
        ["Folded MobileNetV2"] = () => Models.MobileNetV2(new GraphMaker { HasKeys = false, HasPaths = false }),
    };

    public static TheoryData<string> Names => [.. Graphs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_class_is_the_network_from_which_it_was_written(string name) => ClassGraph.Check(Graphs[name]());

    [Fact]
    public void A_class_is_the_network_however_its_layers_are_wired()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            ClassGraph.Check(RandomModels.Make(seed));
        }
    }

    [Theory]
    [InlineData("ResNet18")]
    [InlineData("ResNet50")]
    [InlineData("MobileNetV2")]
    [InlineData("GoogLeNet")]
    [InlineData("DenseNet")]
    [InlineData("UNet")]
    public void Keys_are_those_of_the_file(string name) => Assert.All(
        ClassWriter.Write(Graphs[name](), "Net", null).Parameters, pair => Assert.Equal(pair.Parameter.Key, pair.Key));
}
