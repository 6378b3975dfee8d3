using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>Files in which the weights of a rounded network are integers.</summary>
public sealed class IntegerFileTests
{
    private static NetworkBuilder Example() => new NetworkBuilder(3, 12, 12)
        .Conv2D(16, 3, padding: 1).BatchNorm().ReLU()
        .Conv2D(32, 1, name: "point").BatchNorm().ReLU()
        .Conv2D(32, 3, groups: 32, name: "depthwise").ReLU().ConvTranspose2D(16, 2, stride: 2, name: "up").ReLU()
        .ConvTranspose2D(16, 2, groups: 2, name: "groups").ReLU()
        .AveragePool2D(2).Flatten().Dense(100, name: "hidden").ReLU().Dense(5, name: "head").CrossEntropy();

    private static float[] Inputs(CompiledNetwork network, int samples)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, samples * network.InputLength).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    private static QuantizedNetwork Quantize(CompiledNetwork network) => network.Quantize(
        Inputs(network, 4), new QuantizeOptions { FloatLayers = true }, TestContext.Current.CancellationToken);

    private static byte[] Saved(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        return stream.ToArray();
    }

    private static float[] ValuesOf(Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    [Fact]
    public void A_file_of_integers_has_the_bits_of_the_rounded_network_in_a_quarter_of_the_bytes()
    {
        using CompiledNetwork network = Example().Compile(new NetworkOptions { Seed = 3 });
        using QuantizedNetwork quantized = Quantize(network);
        CompiledNetwork rounded = quantized.Network;
        byte[] integers = Saved(rounded.SaveInt8), floats = Saved(rounded.Save);
        Assert.InRange(integers.Length, floats.Length / 4, floats.Length * 3 / 10);
        foreach (Isa isa in IntegerTests.Isas())
        {
            using CompiledNetwork loaded = NetworkBuilder.Of(rounded).Compile(
                new NetworkOptions { Seed = 9, Isa = isa, WeightsStream = new MemoryStream(integers) }, new CompileOptions { Int8 = true });
            Assert.All(rounded.Parameters.Zip(loaded.Parameters), pair =>
            {
                Assert.Equal(pair.First.Key, pair.Second.Key);
                Assert.Equal(ValuesOf(pair.First), ValuesOf(pair.Second));
            });
            using CompiledNetwork same = NetworkBuilder.Of(rounded).Compile(
                new NetworkOptions { Isa = isa }, new CompileOptions { Int8 = true });
            same.CopyParametersFrom(rounded);
            float[] sample = Inputs(rounded, 1), expected = new float[5], found = new float[5];
            same.Forward(sample, expected);
            loaded.Forward(sample, found);
            Assert.Equal(expected, found);
        }
    }

    /// <summary>As after training with roundings.</summary>
    [Fact]
    public void Weights_that_are_not_rounded_become_so_once()
    {
        using CompiledNetwork network = Example().Compile(new NetworkOptions { Seed = 3 });
        using QuantizedNetwork quantized = Quantize(network);
        var random = new Random(7);
        float[] weight = [.. ValuesOf(quantized.Network.FindParameter("point.weight")!).Select(_ => random.NextSingle() - 0.5f)];
        quantized.Network.FindParameter("point.weight")!.CopyFrom(weight);
        byte[] file = Saved(quantized.Network.SaveInt8);
        using CompiledNetwork loaded = NetworkBuilder.Of(quantized.Network).Compile(
            new NetworkOptions { WeightsStream = new MemoryStream(file) });
        float[] found = ValuesOf(loaded.FindParameter("point.weight")!);
        Assert.All(weight.Chunk(16).Zip(found.Chunk(16)), channel =>
        {
            float step = channel.First.Max(MathF.Abs) / 127;
            Assert.All(channel.First.Zip(channel.Second), pair => Assert.InRange(MathF.Abs(pair.First - pair.Second), 0, 0.501f * step));
        });
        Assert.Equal(file, Saved(loaded.SaveInt8));
    }

    [Fact]
    public void A_channel_with_a_weight_that_is_no_number_is_none_in_the_file()
    {
        using CompiledNetwork network = Example().Compile(new NetworkOptions { Seed = 3 });
        using QuantizedNetwork quantized = Quantize(network);
        float[] weight = ValuesOf(quantized.Network.FindParameter("hidden.weight")!);
        int inputs = weight.Length / 100;
        (weight[0], weight[inputs]) = (float.NaN, float.PositiveInfinity);
        quantized.Network.FindParameter("hidden.weight")!.CopyFrom(weight);
        quantized.Network.Load(Saved(quantized.Network.SaveInt8));
        float[] found = ValuesOf(quantized.Network.FindParameter("hidden.weight")!);
        Assert.All(found[..(2 * inputs)], value => Assert.True(float.IsNaN(value)));
        Assert.All(found[(2 * inputs)..], value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Without_roundings_the_file_has_floats()
    {
        using CompiledNetwork network = Example().Compile(new NetworkOptions { Seed = 3 });
        Assert.Equal(Saved(network.Save), Saved(network.SaveInt8));
        string path = Path.GetTempFileName();
        try
        {
            network.SaveInt8(path);
            Assert.Equal(Saved(network.Save), File.ReadAllBytes(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A transposed convolution has its outputs along the second axis, so that scales of one axis would say nothing.</summary>
    [Fact]
    public void Scales_of_a_transposed_convolution_have_all_axes()
    {
        using CompiledNetwork network = new NetworkBuilder(4, 3, 3).ConvTranspose2D(4, 2, bias: false, name: "up").Compile();
        byte[] FileOf(params int[] shape) => Saved(stream => SafetensorsFile.Write(stream,
        [
            new SafetensorsTensor("up.weight", [4, 4, 2, 2], Enumerable.Repeat(1f, 64).ToArray()) { Int8 = true },
            new SafetensorsTensor("up.weight_scale", shape, new float[] { 1, 2, 3, 4 }),
        ]));
        Assert.Contains("Integers need", Assert.Throws<WeightsFormatException>(() => network.Load(FileOf(4))).Message);
        Assert.Contains("Integers need", Assert.Throws<WeightsFormatException>(() => network.Load(FileOf(4, 1, 1))).Message);
        network.Load(FileOf(1, 4, 1, 1));
        Assert.Equal(Enumerable.Range(0, 64).Select(i => 1f + (i / 4 % 4)), ValuesOf(network.Parameters[0]));
    }

    /// <summary>The scale of such a channel is one of the least floats, whose steps are as large as it.</summary>
    [Fact]
    public void A_channel_of_the_least_floats_is_clamped()
    {
        using CompiledNetwork network = Example().Compile(new NetworkOptions { Seed = 3 });
        using QuantizedNetwork quantized = Quantize(network);
        Parameter weight = quantized.Network.FindParameter("hidden.weight")!;
        float[] values = ValuesOf(weight);
        values.AsSpan(0, values.Length / 100).Fill(190 * float.Epsilon);
        weight.CopyFrom(values);
        quantized.Network.Load(Saved(quantized.Network.SaveInt8));
        Assert.All(ValuesOf(weight)[..(values.Length / 100)], value => Assert.InRange(value, 0, 190 * float.Epsilon));
    }
}
