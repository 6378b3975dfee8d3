using System;
using System.Linq;
using System.Threading;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>What rounding to 8 bits makes of a network, and what is told about it.</summary>
public sealed class QuantizationTests
{
    private const int Samples = 12;

    private static NetworkBuilder Example() => new NetworkBuilder(3, 12, 12)
        .Conv2D(8, 3, padding: 1).BatchNorm().ReLU(name: "stem")
        .Branches(x => x, x => x.Conv2D(8, 3, padding: 1, bias: false, name: "inner").BatchNorm()).Add().ReLU(name: "joined")
        .Conv2D(8, 3, groups: 8, name: "depthwise").ReLU().ConvTranspose2D(6, 2, stride: 2, name: "up").Sigmoid(name: "gate")
        .GlobalAveragePool2D().Flatten().Dense(10, name: "hidden").Tanh(name: "tanh").Dense(5, name: "head").CrossEntropy();

    private static float[] Inputs(int length, int seed = 5)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    private static QuantizedNetwork Quantize(CompiledNetwork network, float[] samples, QuantizeOptions? options = null) =>
        network.Quantize(samples, (options ?? new QuantizeOptions()) with { FloatLayers = true }, TestContext.Current.CancellationToken);

    private static CompiledNetwork Network() => Example().Compile(new NetworkOptions { Seed = 3 });

    private static float[] ValuesOf(CompiledNetwork network, string key)
    {
        Parameter parameter = network.FindParameter(key)!;
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    [Fact]
    public void Convolutions_and_dense_layers_read_rounded_tensors_and_have_rounded_weights()
    {
        using CompiledNetwork network = Network();
        float[] samples = Inputs(Samples * network.InputLength);
        using QuantizedNetwork quantized = Quantize(network, samples);
        Assert.Equal(["inner", "depthwise", "up", "hidden"], quantized.Layers.Select(layer => layer.Name));
        Assert.Equal(["stem", "joined", "relu3", "flatten1"], quantized.Layers.Select(layer => layer.Input));
        Assert.Equal(["conv1", "head"], quantized.Kept);

        LayerInfo[] layers = [.. quantized.Network.Info.Layers];
        string InputOf(LayerInfo layer) => layer.Inputs.Count > 0 ? layer.Inputs[0] : layers[Array.IndexOf(layers, layer) - 1].Name;
        LayerInfo[] roundings = [.. layers.Where(layer => layer.Kind == "FakeQuantize")];
        Assert.Equal(quantized.Layers.Select(layer => layer.Input), roundings.Select(InputOf));
        Assert.Equal(
            roundings.Select(layer => layer.Name), layers.Where(layer => quantized.Layers.Any(one => one.Name == layer.Name))
                .Select(InputOf));

        // Whole numbers times the scale of a channel; the second axis has those of a transposed convolution.
        foreach ((string key, int channels, int inner, int outer) in new[]
        {
            ("inner.weight", 8, 72, 1), ("depthwise.weight", 8, 9, 1), ("hidden.weight", 10, 6, 1), ("up.weight", 6, 4, 8),
        })
        {
            float[] before = ValuesOf(network, key), after = ValuesOf(quantized.Network, key);
            for (int c = 0; c < channels; c++)
            {
                int[] own = [.. Enumerable.Range(0, outer).SelectMany(o => Enumerable.Range((((o * channels) + c) * inner), inner))];
                float scale = own.Max(i => MathF.Abs(before[i])) / 127;
                Assert.All(own, i => Assert.Equal(MathF.Round(before[i] / scale) * scale, after[i]));
            }
        }

        foreach (string key in new[] { "conv1.weight", "conv1.bias", "bn1.running_var", "depthwise.bias", "head.weight" })
        {
            Assert.Equal(ValuesOf(network, key), ValuesOf(quantized.Network, key));
        }
    }

    [Fact]
    public void The_report_is_what_the_two_networks_compute()
    {
        using CompiledNetwork network = Network();
        float[] samples = Inputs(Samples * network.InputLength);
        using QuantizedNetwork quantized = Quantize(network, samples);
        float[] expected = new float[Samples * network.OutputLength], found = new float[expected.Length];
        network.Forward(samples, expected);
        quantized.Network.Forward(samples, found);
        Assert.NotEqual(expected, found);
        double signal = expected.Sum(y => (double)y * y), noise = expected.Zip(found, (y, z) => Math.Pow((double)y - z, 2)).Sum();
        Assert.Equal(10 * Math.Log10(signal / noise), quantized.OutputNoise, 0.05);
        Assert.InRange(quantized.OutputNoise, 20, 80);
        Assert.InRange(quantized.Cosine, 0.999, 1);
        Assert.All(quantized.Layers, layer =>
        {
            Assert.InRange(layer.WeightNoise, 35, 60);
            Assert.InRange(layer.OutputNoise, 15, 60);
            Assert.Equal(0, layer.Clamped);
        });

        // The input of the transposed convolution is a ReLU's output, that of the head is at most 1.
        Assert.Equal(0, quantized.Layers.Single(layer => layer.Name == "up").ZeroPoint);
        string text = quantized.ToString();
        Assert.Contains("4 layers are rounded, 2 are not", text, StringComparison.Ordinal);
        Assert.All(quantized.Layers, layer => Assert.Contains(layer.Name, text, StringComparison.Ordinal));
    }

    /// <summary>
    /// A hundredth of a step more in a weight is another float, but the same integer: only layers of floats give other outputs for it.
    /// </summary>
    [Fact]
    public void The_report_says_which_layers_multiply_integers()
    {
        using CompiledNetwork network = new NetworkBuilder(32, 9, 9)
            .Conv2D(32, 1, name: "first").ReLU().Conv2D(64, 1, name: "pixels").ReLU().Conv2D(64, 3, groups: 64, name: "depthwise").ReLU()
            .Flatten().Dense(64, name: "hidden").ReLU().Dense(5, name: "last").Compile(new NetworkOptions { Seed = 3 });
        float[] samples = Inputs(Samples * network.InputLength);
        using QuantizedNetwork quantized = Quantize(network, samples);
        Assert.Equal(
            [("pixels", true), ("depthwise", false), ("hidden", true)],
            quantized.Layers.Select(layer => (layer.Name, layer.MultipliesIntegers)));
        Assert.Contains("3 layers are rounded, 2 are not; 2 multiply integers", quantized.ToString(), StringComparison.Ordinal);
        float[] expected = Outputs();
        foreach (QuantizedLayer layer in quantized.Layers)
        {
            Parameter weight = quantized.Network.FindParameter(layer.Name + ".weight")!;
            float[] values = ValuesOf(quantized.Network, weight.Key);
            int row = values.Length / weight.Shape[0];
            float[] changed = [.. values.Select((value, i) =>
            {
                float largest = values.AsSpan(i / row * row, row).ToArray().Max(MathF.Abs);
                return MathF.Abs(value) == largest ? value : value + (0.01f * largest / 127);
            })];
            weight.CopyFrom(changed);
            Assert.Equal(layer.MultipliesIntegers, expected.SequenceEqual(Outputs()));
            weight.CopyFrom(values);
        }

        float[] Outputs()
        {
            float[] outputs = new float[Samples * network.OutputLength];
            quantized.Network.Forward(samples, outputs);
            return outputs;
        }
    }

    [Fact]
    public void Layers_can_be_left_out_and_the_first_and_the_last_one_be_added()
    {
        using CompiledNetwork network = Network();
        float[] samples = Inputs(Samples * network.InputLength);
        using QuantizedNetwork all = Quantize(network, samples, new QuantizeOptions { FirstAndLast = true }),
            none = Quantize(network, samples, new QuantizeOptions { Except = ["inner", "depthwise", "up", "hidden"] });
        Assert.Equal(["conv1", "inner", "depthwise", "up", "hidden", "head"], all.Layers.Select(layer => layer.Name));
        Assert.Equal("input", all.Layers[0].Input);
        Assert.Empty(all.Kept);
        Assert.Empty(none.Layers);
        Assert.Equal(double.PositiveInfinity, none.OutputNoise);
        Assert.Equal(1, none.Cosine, 1e-9);
    }

    [Fact]
    public void Ranges_may_leave_outliers_out()
    {
        using CompiledNetwork network = new NetworkBuilder(400).Dense(300, name: "first").Dense(300, name: "wide").Dense(3, name: "last")
            .Compile(new NetworkOptions { Seed = 3 });
        float[] samples = Inputs(8 * 400);
        samples[17] = 300;
        QuantizedLayer Of(QuantizeOptions options)
        {
            using QuantizedNetwork quantized = Quantize(network, samples, options with { FirstAndLast = true });
            return quantized.Layers[0];
        }

        QuantizedLayer whole = Of(new QuantizeOptions()),
            most = Of(new QuantizeOptions { Method = RangeMethod.Percentile, Percentile = 0.998 }),
            least = Of(new QuantizeOptions { Method = RangeMethod.MeanSquaredError });
        Assert.Equal(301 / 255f, whole.Scale, 0.01f);
        Assert.Equal(0, whole.Clamped);
        Assert.InRange(most.Scale, 1.9f / 255, 2.2f / 255);
        Assert.InRange(most.Clamped, 0.0001, 0.004);

        // One number of 300, clamped, is a larger square than all the others that are rounded to 0.
        Assert.InRange(least.Scale, 0.5f * whole.Scale, whole.Scale);
    }

    [Fact]
    public void What_cannot_be_rounded_says_so()
    {
        using CompiledNetwork network = Network();
        string message = Assert.Throws<ArgumentException>(() => Quantize(network, new float[7])).Message;
        Assert.StartsWith("Network takes samples of 432 numbers, but 7 numbers were given.", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Quantize(network, []));
        float[] samples = Inputs(network.InputLength);
        message = Assert.Throws<ArgumentException>(() => Quantize(network, samples, new QuantizeOptions { Except = ["relu3"] })).Message;
        Assert.StartsWith("'relu3' is no convolution or dense layer with weights.", message, StringComparison.Ordinal);
        samples[3] = float.NaN;
        Assert.Throws<ArithmeticException>(() => Quantize(network, samples));
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantizeOptions { Percentile = 0.5 });
    }

    /// <summary>The second of them reads the same weights; a tied one reads them along the other axis, and stays.</summary>
    [Fact]
    public void Shared_weights_are_rounded_once_and_tied_ones_stay()
    {
        using CompiledNetwork network = new NetworkBuilder(6)
            .Dense(6, name: "shared").Tanh().Dense(6, name: "again", weights: "shared").Tanh()
            .Dense(4, name: "narrow").Tanh().Dense(6, name: "wide", tied: "narrow")
            .Compile(new NetworkOptions { Seed = 3 });
        float[] samples = Inputs(8 * 6);
        using QuantizedNetwork quantized = Quantize(network, samples, new QuantizeOptions { FirstAndLast = true });
        Assert.Equal(["shared", "again"], quantized.Layers.Select(layer => layer.Name));
        Assert.Equal(["narrow", "wide"], quantized.Kept);
        Assert.Equal(quantized.Layers[0].WeightNoise, quantized.Layers[1].WeightNoise);
        Assert.Equal(ValuesOf(network, "narrow.weight"), ValuesOf(quantized.Network, "narrow.weight"));
        Assert.NotEqual(ValuesOf(network, "shared.weight"), ValuesOf(quantized.Network, "shared.weight"));
    }

    /// <summary>In a group, the second axis has its own output channels only.</summary>
    [Fact]
    public void Groups_of_a_transposed_convolution_have_scales_of_their_own()
    {
        using CompiledNetwork network = new NetworkBuilder(4, 5, 5).ConvTranspose2D(6, 3, groups: 2, name: "up")
            .Compile(new NetworkOptions { Seed = 3 });
        float[] before = ValuesOf(network, "up.weight");
        for (int i = 0; i < before.Length / 2; i++)
        {
            before[i] *= 100;
        }

        network.FindParameter("up.weight")!.CopyFrom(before);
        using QuantizedNetwork quantized = Quantize(network, Inputs(100), new QuantizeOptions { FirstAndLast = true });
        float[] after = ValuesOf(quantized.Network, "up.weight");
        int half = before.Length / 2;
        Assert.All(Enumerable.Range(half, half), i => Assert.Equal(before[i], after[i], 0.01f * before[half..].Max(MathF.Abs)));
    }

    /// <summary>A rounded network may be rounded again, and a head for training only is left out.</summary>
    [Fact]
    public void Names_of_roundings_differ_from_those_that_are_there()
    {
        using CompiledNetwork network = new NetworkBuilder(3, 8, 8)
            .Conv2D(4, 3, name: "first").FakeQuantize(scale: 0.1, name: "quant2").Conv2D(4, 3, name: "second")
            .Conv2D(4, 3, name: "third").Flatten().Dense(3, name: "fourth").CrossEntropy().Compile(new NetworkOptions { Seed = 3 });
        float[] samples = Inputs(4 * network.InputLength);
        var options = new QuantizeOptions
        {
            FirstAndLast = true,
            Network = new NetworkOptions { Observe = ["first"], Weights = "missing.safetensors" },
        };
        using QuantizedNetwork once = Quantize(network, samples, options), twice = Quantize(once.Network, samples, options);
        Assert.Equal(4, once.Layers.Count);
        Assert.Equal(4, twice.Layers.Count);
        string[] names = [.. twice.Network.Info.Layers.Select(layer => layer.Name)];
        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Layers_that_stay_in_floats_are_not_rounded()
    {
        using CompiledNetwork network = Network();
        using QuantizedNetwork quantized = network.Quantize(
            Inputs(Samples * network.InputLength), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["inner", "hidden"], quantized.Layers.Select(layer => layer.Name));
        Assert.Equal(["conv1", "depthwise", "up", "head"], quantized.Kept);
        Assert.Equal(ValuesOf(network, "up.weight"), ValuesOf(quantized.Network, "up.weight"));
    }

    [Fact]
    public void Work_can_be_cancelled()
    {
        using CompiledNetwork network = Network();
        Assert.Throws<OperationCanceledException>(
            () => network.Quantize(Inputs(network.InputLength), cancellationToken: new CancellationToken(true)));
    }

    [Fact]
    public void The_rounded_network_is_saved_and_changed_like_any_other()
    {
        using CompiledNetwork network = Network();
        float[] samples = Inputs(Samples * network.InputLength);
        using QuantizedNetwork quantized = Quantize(network, samples);
        using CompiledNetwork again = NetworkBuilder.Of(quantized.Network)
            .Compile(new NetworkOptions { Seed = 9 }, new CompileOptions { Int8 = true });
        again.CopyParametersFrom(quantized.Network);
        float[] expected = new float[Samples * network.OutputLength], found = new float[expected.Length];
        quantized.Network.Forward(samples, expected);
        again.Forward(samples, found);
        Assert.Equal(expected, found);
        Assert.Contains("FakeQuantize", NetworkBuilder.Of(quantized.Network).ToCSharp("Rounded"), StringComparison.Ordinal);
    }

    /// <summary>As few layers as are needed, the noisiest first.</summary>
    [Fact]
    public void Layers_stay_floats_until_the_output_loses_no_more_than_is_allowed()
    {
        using CompiledNetwork network = Network();
        float[] samples = Inputs(Samples * network.InputLength);
        using QuantizedNetwork all = Quantize(network, samples);
        foreach (double more in new[] { 1.0, 4, 10 })
        {
            double least = all.OutputNoise + more;
            using QuantizedNetwork some = Quantize(network, samples, new QuantizeOptions { LeastOutputNoise = least });
            Assert.InRange(some.OutputNoise, least, double.PositiveInfinity);
            Assert.Empty(some.Layers.Select(layer => layer.Name).Except(all.Layers.Select(layer => layer.Name)));
            Assert.Equal(all.Layers.Count + all.Kept.Count, some.Layers.Count + some.Kept.Count);
            Assert.True(some.Layers.Count < all.Layers.Count);

            // The report is that of the network which leaves these layers out.
            string[] left = [.. some.Kept.Except(all.Kept)];
            using QuantizedNetwork same = Quantize(network, samples, new QuantizeOptions { Except = left });
            Assert.Equal(same.ToString(), some.ToString());
        }

        using QuantizedNetwork easy = Quantize(network, samples, new QuantizeOptions { LeastOutputNoise = all.OutputNoise - 1 });
        Assert.Equal(all.ToString(), easy.ToString());
        using QuantizedNetwork none = Quantize(network, samples, new QuantizeOptions { LeastOutputNoise = double.PositiveInfinity });
        Assert.Empty(none.Layers);
        Assert.Equal(double.PositiveInfinity, none.OutputNoise);
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantizeOptions { LeastOutputNoise = double.NaN });
    }

    [Fact]
    public void Where_joins_alone_lose_too_much_all_layers_are_floats()
    {
        using CompiledNetwork network = Network();
        float[] samples = Inputs(Samples * network.InputLength);
        using QuantizedNetwork quantized = Quantize(
            network, samples, new QuantizeOptions { Joins = true, LeastOutputNoise = double.PositiveInfinity });
        Assert.Empty(quantized.Layers);
        Assert.True(double.IsFinite(quantized.OutputNoise));
        Assert.Equal(2, quantized.Network.Info.Layers.Count(layer => layer.Kind == "FakeQuantize"));
    }
}
