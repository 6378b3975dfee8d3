using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Strata.Weights.Tests;

/// <summary>Files as Keras 1, 2 and 3 write them: every parameter has all its bits, in PyTorch's order.</summary>
public sealed class GoldenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static IEnumerable<TheoryDataRow<string, string>> Files =>
        from model in KerasGolden.Models.Keys
        from ending in KerasGolden.Endings
        select new TheoryDataRow<string, string>(model, ending);

    [Theory]
    [MemberData(nameof(Files))]
    public void A_network_loads_a_file_bit_by_bit(string model, string ending)
    {
        byte[] bytes = KerasGolden.Files[model + ending];
        string path = _folder.Write(model + ending, bytes);
        foreach (Func<CompiledNetwork, WeightsLoadReport> load in (Func<CompiledNetwork, WeightsLoadReport>[])
        [
            net => net.LoadKeras(path), net => net.LoadKeras(new MemoryStream(bytes)),
            net => net.LoadKeras(new MemoryStream([9, 9, .. bytes]) { Position = 2 }),
        ])
        {
            using CompiledNetwork net = KerasGolden.NetworkOf(model);
            WeightsLoadReport report = load(net);
            Assert.Equal(net.Parameters.Select(parameter => parameter.Key).Order(), report.Loaded.Order());
            AssertLoaded(net, model);
        }
    }

    /// <summary>The keys of the model whose names are Keras' own are other ones; the layers are the same, in order.</summary>
    private static void AssertLoaded(CompiledNetwork net, string model)
    {
        (int[] Shape, float[] Values)[] expected = [.. KerasGolden.Models[model].Values];
        if (model != "numbered")
        {
            expected = [.. net.Parameters.Select(parameter => KerasGolden.Models[model][parameter.Key])];
        }

        Assert.Equal(expected.Length, net.Parameters.Count);
        Assert.All(expected.Zip(net.Parameters), pair =>
        {
            Assert.Equal(pair.First.Shape, pair.Second.Shape);
            Assert.Equal(pair.First.Values, KerasGolden.Values(pair.Second));
        });
    }

    /// <summary>
    /// Keras flattens rows, columns and channels, and makes images of features so, too. The outputs were computed in that order, from the
    /// weights in Keras' own. Each has several channels at several places.
    /// </summary>
    [Theory]
    [InlineData("picture")]
    [InlineData("generator")]
    [InlineData("flat")]
    public void A_network_computes_what_Keras_computes(string model)
    {
        foreach (string ending in KerasGolden.Endings)
        {
            using CompiledNetwork net = KerasGolden.NetworkOf(model);
            net.LoadKeras(new MemoryStream(KerasGolden.Files[model + ending]));
            float[] output = new float[net.OutputLength], expected = KerasGolden.Computed[model]["output"].Values;
            net.Forward(KerasGolden.Computed[model]["input"].Values, output);
            Assert.Equal(expected.Length, output.Length);

            // Sums of at most 27 products, one after the other, of numbers below 10.
            Assert.All(expected.Zip(output), pair => Assert.Equal(pair.First, pair.Second, 2e-4f));
        }
    }

    [Theory]
    [InlineData("keras1.h5", "picture")]
    [InlineData("divided.h5", "picture")]
    [InlineData("unnamed.weights.h5", "numbered")]
    public void Older_layouts_are_loaded(string name, string model)
    {
        using CompiledNetwork net = KerasGolden.NetworkOf(model);
        net.LoadKeras(new MemoryStream(KerasGolden.Files[name]));
        AssertLoaded(net, model);
    }

    [Theory]
    [InlineData("picture")]
    [InlineData("grids")]
    [InlineData("flat")]
    [InlineData("tokens")]
    [InlineData("volume")]
    public void A_converted_file_is_loaded_as_it_is(string model)
    {
        string path = _folder.Write("model.keras", KerasGolden.Files[model + ".keras"]), output = _folder["model.safetensors"];
        KerasWeights.ConvertToSafetensors(path, output);
        using CompiledNetwork net = KerasGolden.NetworkOf(model);
        net.Load(output);
        AssertLoaded(net, model);
    }

    [Fact]
    public void What_a_conversion_cannot_decide_is_refused_and_the_output_stays()
    {
        string output = _folder.Write("out.safetensors", [1, 2, 3]);
        foreach ((string file, string message) in new[]
        {
            ("picture-2.h5",
                "the order of the features of its layer 'fc1' (kernel (16, 5), bias (5)) cannot be decided: it may stand behind Flatten"),
            ("picture-2-whole.h5", "cannot be decided: the file does not tell what 'flatten' flattens. A network tells it"),
            ("generator.keras", "cannot be decided: the model has a Reshape"),
            ("theano.h5", "it was written with the backend theano"),
        })
        {
            string path = _folder.Write(file, KerasGolden.Files[file]);
            string found = Assert.Throws<WeightsFormatException>(() => KerasWeights.ConvertToSafetensors(path, output)).Message;
            Assert.StartsWith(path + ": ", found);
            Assert.Contains(message, found);
            Assert.Equal([1, 2, 3], File.ReadAllBytes(output));
        }
    }

    [Fact]
    public void Shortened_floats_become_floats()
    {
        using var net = new Shortened(seed: 1);
        net.LoadKeras(new MemoryStream(KerasGolden.Files["brain.weights.h5"]));
        // 0 and 1 are the first of six: −1 + i · (2654435761 mod 65536)/32768, cut to bfloat16.
        float Number(int i) => BitConverter.UInt32BitsToSingle(
            BitConverter.SingleToUInt32Bits((((i * 2654435761L) + 40503) % 65536 / 32768f) - 1) & 0xFFFF0000);
        Assert.Equal(
            [Number(0), Number(3), Number(1), Number(4), Number(2), Number(5)], KerasGolden.Values(net.FindParameter("fc.weight")!));
    }

    [Fact]
    public void A_normalisation_without_a_scale_has_ones()
    {
        using var net = new Shifted(seed: 1);
        net.LoadKeras(new MemoryStream(KerasGolden.Files["scale.keras"]));
        Assert.Equal([1, 1, 1], KerasGolden.Values(net.FindParameter("bn.weight")!));
        Assert.NotEqual([0, 0, 0], KerasGolden.Values(net.FindParameter("bn.bias")!));
        Assert.Contains("has either a scale or a shift, and does not tell which",
            Assert.Throws<WeightsFormatException>(() => net.LoadKeras(new MemoryStream(KerasGolden.Files["scale.weights.h5"]))).Message);
    }
}
