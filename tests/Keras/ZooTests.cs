using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;
using Zoo.Networks;

namespace Strata.Weights.Tests;

/// <summary>Networks of the zoo: written in Keras' order, loaded, and compared with the network that was written.</summary>
public sealed class ZooTests
{
    public static IEnumerable<TheoryDataRow<string>> Names => new[] { "LeNet5", "SqueezeNet", "MobileNetV2", "ResNet20", "GoogLeNet" }
        .Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_is_the_same_bit_by_bit_and_computes_the_same(string name)
    {
        Func<ulong, CompiledNetwork> make = name switch
        {
            "LeNet5" => seed => new LeNet5(seed),
            "SqueezeNet" => seed => new SqueezeNet(seed),
            "MobileNetV2" => seed => new MobileNetV2(seed),
            "ResNet20" => seed => new ResNet20(seed),
            _ => seed => new GoogLeNet(seed),
        };
        using CompiledNetwork source = make(1), saved = make(2), loaded = make(3);
        using var file = new MemoryStream();
        source.Save(file);
        saved.Load(file.ToArray().AsMemory());
        loaded.LoadKeras(new MemoryStream(Hdf5Writer.Legacy(KerasExport.LayersOf(source, layer => layer))));
        Assert.All(source.Parameters.Zip(loaded.Parameters), pair =>
            Assert.Equal(KerasGolden.Values(pair.First), KerasGolden.Values(pair.Second)));
        float[] input = new float[source.InputLength], expected = new float[source.OutputLength], found = new float[source.OutputLength];
        var random = new Random(1);
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = random.NextSingle() - 0.5f;
        }

        saved.Forward(input, expected);
        loaded.Forward(input, found);
        Assert.Equal(expected, found);
    }

    /// <summary>VGG's and LeNet's layers are in one row, so their order is enough.</summary>
    [Fact]
    public void A_chain_is_loaded_by_its_order()
    {
        using CompiledNetwork source = new LeNet5(seed: 1), loaded = new LeNet5(seed: 2);
        int count = 0;
        loaded.LoadKeras(new MemoryStream(Hdf5Writer.Legacy(KerasExport.LayersOf(source, _ => $"layer_{++count}"))));
        Assert.All(source.Parameters.Zip(loaded.Parameters), pair =>
            Assert.Equal(KerasGolden.Values(pair.First), KerasGolden.Values(pair.Second)));
    }

    /// <summary>Keras may list the layers of two branches in another order, which their shapes do not show.</summary>
    [Fact]
    public void Branches_need_names()
    {
        using CompiledNetwork source = new GoogLeNet(seed: 1), loaded = new GoogLeNet(seed: 2);
        var names = new Dictionary<string, string>();
        byte[] file = Hdf5Writer.Legacy(KerasExport.LayersOf(source, layer => names[layer] = $"layer_{names.Count}"));
        string message = Assert.Throws<WeightsFormatException>(() => loaded.LoadKeras(new MemoryStream(file))).Message;
        Assert.Contains("have the same shapes and are in different branches, whose order in Keras is not known", message);
        Dictionary<string, string> back = names.ToDictionary(pair => pair.Value, pair => pair.Key);
        loaded.LoadKeras(new MemoryStream(file), new WeightsLoadOptions
        {
            Rename = key => back[key[..key.IndexOf('.')]] + key[key.IndexOf('.')..],
        });
        Assert.All(source.Parameters.Zip(loaded.Parameters), pair =>
            Assert.Equal(KerasGolden.Values(pair.First), KerasGolden.Values(pair.Second)));
    }
}
