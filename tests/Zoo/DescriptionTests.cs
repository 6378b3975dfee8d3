using System.Collections.Generic;
using System.Linq;
using Xunit;
using Zoo;
using Zoo.Networks;

namespace Strata.Zoo.Tests;

/// <summary>What a network says about its layers is enough to build it elsewhere.</summary>
public sealed class DescriptionTests
{
    public static TheoryData<string> Names() => [.. Catalog.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_sample_costs_is_what_the_layers_tell(string name)
    {
        NetworkInfo info = ZooNetwork.Find(name)!.Info;
        Assert.Equal((info with { SampleCost = 0 }).SampleCost, info.SampleCost);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Layers_read_what_stands_before_them_and_all_of_it(string name)
    {
        NetworkInfo info = ZooNetwork.Find(name)!.Info;
        var known = new HashSet<string> { "input" };
        var read = new HashSet<string>(info.Losses.Select(loss => loss.Tensor));
        string before = "input";
        foreach (LayerInfo layer in info.Layers)
        {
            IReadOnlyList<string> inputs = layer.Inputs.Count > 0 ? layer.Inputs : [before];
            Assert.All(inputs, input => Assert.Contains(input, known));
            read.UnionWith(inputs);
            known.Add(layer.Name);
            before = layer.Name;
        }

        Assert.Empty(known.Except(read));
    }

    [Fact]
    public void Arguments_are_those_of_the_declaration_with_what_blocks_made_of_them()
    {
        Assert.Equal("6, 5, Padding = 2", ArgumentsOf<LeNet5>("conv1"));
        Assert.Equal("32, 3, Stride = 1, Padding = 1, Groups = 32, Bias = false", ArgumentsOf<MobileNetV2>("features.1.conv.0.0"));
        Assert.Equal("32, 3, AutoPad = AutoPad.Same", ArgumentsOf<MakeModel>("conv1"));
        Assert.Equal("Epsilon = 0.001", ArgumentsOf<InceptionV3>("Conv2d_1a_3x3.bn"));
        Assert.Equal("4, Mode = UpsampleMode.Linear", NetworkInfo.Of<Pyramid>().Layers[^1].Arguments);
        Assert.Equal("", ArgumentsOf<LeNet5>("relu1"));
    }

    [Fact]
    public void Inputs_are_said_where_a_layer_does_not_read_the_one_before_it()
    {
        Assert.Equal(["upconv4", "encoder4.relu2"], Layer<UNet>("concat1").Inputs);
        Assert.Empty(Layer<UNet>("conv").Inputs);
        Assert.Equal(["input"], Layer<ENet>("pool1").Inputs);
    }

    private static string ArgumentsOf<TNetwork>(string layer) where TNetwork : CompiledNetwork, INetwork<TNetwork> => Layer<TNetwork>(layer).Arguments;

    private static LayerInfo Layer<TNetwork>(string name) where TNetwork : CompiledNetwork, INetwork<TNetwork> =>
        NetworkInfo.Of<TNetwork>().Layers.Single(layer => layer.Name == name);
}
