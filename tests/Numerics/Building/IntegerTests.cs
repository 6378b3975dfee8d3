using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests.Building;

/// <summary>
/// Products of 8-bit integers: they give what floats give for the same rounded numbers, up to the rounding of float sums, and the same bits
/// in every tier.
/// </summary>
public sealed class IntegerTests
{
    private static readonly Dictionary<string, Func<NetworkBuilder>> Networks = new()
    {
        ["pointwise"] = () => new NetworkBuilder(32, 9, 11).FakeQuantize(scale: 0.01, zeroPoint: 128).Conv2D(48, 1, name: "c"),
        ["signed"] = () => new NetworkBuilder(16, 7, 7)
            .FakeQuantize(quantMin: -128, quantMax: 127, scale: 0.02, zeroPoint: -7).Conv2D(16, 3, padding: 1, name: "c"),
        ["of few levels"] = () => new NetworkBuilder(20, 8, 5)
            .FakeQuantize(quantMin: 0, quantMax: 15, scale: 0.1, zeroPoint: 3).Conv2D(33, 3, padding: 1, name: "c"),
        ["of odd channels"] = () => new NetworkBuilder(37, 13, 10)
            .FakeQuantize(scale: 0.01, zeroPoint: 100).Conv2D(50, 3, padding: 2, dilation: 2, bias: false, name: "c"),
        ["with a stride"] = () => new NetworkBuilder(24, 15, 17)
            .FakeQuantize(scale: 0.01, zeroPoint: 130).Conv2D(64, 3, stride: 2, padding: 1, name: "c"),
        ["narrower than a tile"] = () => new NetworkBuilder(64, 3, 3)
            .FakeQuantize(scale: 0.01, zeroPoint: 128).Conv2D(96, 3, padding: 1, name: "c"),
        ["of one pixel"] = () => new NetworkBuilder(64, 1, 1).FakeQuantize(scale: 0.01, zeroPoint: 128).Conv2D(160, 1, name: "c"),
        ["with a norm"] = () => new NetworkBuilder(32, 10, 10)
            .FakeQuantize(scale: 0.01, zeroPoint: 128).Conv2D(32, 3, padding: 1, name: "c").BatchNorm().ReLU(),
        ["with a long activation"] = () => new NetworkBuilder(32, 10, 10)
            .FakeQuantize(scale: 0.01, zeroPoint: 128).Conv2D(32, 1, name: "c").GELU(),
        ["with a join"] = () => new NetworkBuilder(32, 12, 12)
            .Branches(x => x, x => x.FakeQuantize(scale: 0.01, zeroPoint: 128).Conv2D(32, 3, padding: 1, name: "c").BatchNorm())
            .Add().ReLU(),
        ["with pooled maxima"] = () => new NetworkBuilder(32, 12, 10).FakeQuantize(scale: 0.01, zeroPoint: 128)
            .Conv2D(64, 3, padding: 1, name: "c").BatchNorm().ReLU().MaxPool2D(2),
        ["with overlapping windows of maxima"] = () => new NetworkBuilder(32, 13, 11).FakeQuantize(scale: 0.01, zeroPoint: 128)
            .Conv2D(64, 1, name: "c").Tanh().MaxPool2D(3, stride: 2).FakeQuantize(scale: 0.01, zeroPoint: 128).Conv2D(32, 1, name: "d"),
        ["with pooled means"] = () => new NetworkBuilder(32, 12, 10).FakeQuantize(scale: 0.01, zeroPoint: 128)
            .Conv2D(64, 1, name: "c").ReLU().AveragePool2D(2),
        ["with a join of another rounding"] = () => new NetworkBuilder(32, 12, 12).Branches(
            x => x.FakeQuantize(scale: 0.01, zeroPoint: 128),
            x => x.FakeQuantize(scale: 0.02, zeroPoint: 128).Conv2D(32, 1, name: "c")).Add().ReLU(),
        ["in three dimensions"] = () => new NetworkBuilder(16, 1, 8, 8).FakeQuantize(scale: 0.01, zeroPoint: 128)
            .Conv3D(16, 3, kernelDepth: 1, paddingHeight: 1, paddingWidth: 1, name: "c"),
        ["behind a view"] = () => new NetworkBuilder(16, 3, 4).FakeQuantize(scale: 0.01, zeroPoint: 128).Flatten().Dense(20, name: "c"),
        ["of the network's input and output"] = () => new NetworkBuilder(5, 6, 7)
            .FakeQuantize(scale: 0.01, zeroPoint: 128, name: "q").Output("rounded").Conv2D(20, 3, name: "c").Output("sums"),
        ["read by two layers"] = () => new NetworkBuilder(32, 12, 12).FakeQuantize(scale: 0.01, zeroPoint: 128)
            .Branches(x => x.Conv2D(32, 3, padding: 1, name: "c"), x => x.Conv2D(32, 1, name: "d")).Add(),
        ["read by floats, too"] = () => new NetworkBuilder(32, 12, 12).FakeQuantize(scale: 0.01, zeroPoint: 128)
            .Branches(x => x, x => x.Conv2D(32, 1, name: "c")).Add(),
        ["one after the other"] = () => new NetworkBuilder(16, 14, 14).FakeQuantize(scale: 0.01, zeroPoint: 128)
            .Conv2D(32, 3, padding: 1, name: "c").ReLU().FakeQuantize(scale: 0.02).Conv2D(64, 1, name: "d").ReLU(),
        ["dense"] = () => new NetworkBuilder(100).FakeQuantize(scale: 0.01, zeroPoint: 128).Dense(130, name: "c").ReLU(),
        ["dense of few features"] = () => new NetworkBuilder(6).FakeQuantize(scale: 0.01, zeroPoint: 128).Dense(5, name: "c"),
        ["pointwise of three channels"] = () => new NetworkBuilder(3, 4, 4)
            .FakeQuantize(scale: 0.01, zeroPoint: 128).Conv2D(16, 1, name: "c"),
        ["dense behind a picture"] = () => new NetworkBuilder(16, 3, 3).Flatten()
            .FakeQuantize(scale: 0.01, zeroPoint: 128).Dense(7, name: "c"),
        ["in one dimension"] = () => new NetworkBuilder(32, 40).FakeQuantize(scale: 0.01, zeroPoint: 128)
            .Conv1D(48, 5, padding: 2, name: "c"),
    };

    /// <summary>With 128 bits these stay in floats, since Arm's processors would take twice as long with integers.</summary>
    private static readonly string[] FloatsIn128Bits = ["of few levels", "of odd channels", "with a norm", "in one dimension"];

    public static TheoryData<string, Isa> Cases() =>
        [.. from name in Networks.Keys from isa in Isas() select new TheoryDataRow<string, Isa>(name, isa)];

    public static IEnumerable<Isa> Isas() => Enum.GetValues<Isa>().Where(IsaSelection.IsSupported);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Integers_give_what_floats_give_for_the_same_rounded_numbers(string name, Isa isa)
    {
        using CompiledNetwork floats = Compile(name, isa, int8: false), integers = Compile(name, isa, int8: true);
        float[] input = Numbers(3 * floats.InputLength, seed: 4);
        float[] expected = new float[3 * floats.OutputLength], found = new float[expected.Length];
        floats.Forward(input, expected);
        integers.Forward(input, found);
        double largest = expected.Max(MathF.Abs), error = expected.Zip(found, (y, z) => Math.Abs((double)y - z)).Max();
        Assert.True(error <= 4e-6 * largest, $"{error / largest:E1} of {largest}");
        Assert.True(expected.Distinct().Count() > expected.Length / 20);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Tiers_threads_and_batches_give_the_same_bits(string name)
    {
        // Functions such as GELU are rounded differently.
        Assert.SkipWhen(name == "with a long activation", "The activation is one of floats.");
        IEnumerable<Isa> tiers = Isas().Where(isa => isa != Isa.Vector128 || !FloatsIn128Bits.Contains(name));
        float[][] results = [.. tiers.SelectMany(isa => new[] { 1, 2 }.Select(threads =>
        {
            using CompiledNetwork network = Compile(name, isa, int8: true, threads);
            float[] input = Numbers(5 * network.InputLength, seed: 9), output = new float[5 * network.OutputLength];
            network.Forward(input, output);
            float[] alone = new float[network.OutputLength];
            network.Forward(input.AsSpan(2 * network.InputLength, network.InputLength), alone);
            Assert.Equal(alone, output.AsSpan(2 * network.OutputLength, network.OutputLength).ToArray());
            return output;
        }))];
        Assert.All(results, output => Assert.Equal(results[0], output));
    }

    [Fact]
    public void Weights_are_rounded_again_after_training()
    {
        NetworkBuilder builder = new NetworkBuilder(16, 6, 6)
            .FakeQuantize(scale: 0.01, zeroPoint: 128).Conv2D(16, 3, name: "c").BatchNorm().ReLU().Flatten().Dense(3).CrossEntropy();
        var options = new CompileOptions { Int8 = true };
        using CompiledNetwork trained = builder.Compile(new NetworkOptions { Seed = 1 }, options),
            other = builder.Compile(new NetworkOptions { Seed = 2 }, options);
        float[] input = Numbers(4 * trained.InputLength, seed: 3), before = new float[4 * trained.OutputLength],
            after = new float[before.Length], copied = new float[before.Length];
        trained.Forward(input, before);
        using var trainer = (ClassificationTrainer)Trainer.For(trained, 4, new Sgd(0.1));
        trainer.Step(input, [0, 1, 2, 0]);
        trained.Forward(input, after);
        other.CopyParametersFrom(trained);
        other.Forward(input, copied);
        Assert.NotEqual(before, after);
        Assert.Equal(after, copied);
    }

    [Theory]
    [MemberData(nameof(Tiers))]
    public void A_weight_that_is_no_number_makes_its_channel_none(Isa isa)
    {
        foreach (float weight in new[] { float.NaN, float.PositiveInfinity })
        {
            using CompiledNetwork network = new NetworkBuilder(2).FakeQuantize(scale: 0.5).Dense(2, bias: false, name: "c")
                .Compile(new NetworkOptions { Isa = isa }, new CompileOptions { Int8 = true, Trains = false });
            network.FindParameter("c.weight")!.CopyFrom([weight, 300, 127, 127]);
            float[] output = new float[2];
            network.Forward([1, 2], output);
            Assert.Equal([float.NaN, 381], output);
        }
    }

    [Fact]
    public void Another_size_has_the_numbers_of_a_network_of_that_size()
    {
        static NetworkBuilder Of(int width) => new NetworkBuilder(24, 9, width).FakeQuantize(scale: 0.01, zeroPoint: 128)
            .Conv2D(32, 3, padding: 1, name: "c").ReLU().FakeQuantize(scale: 0.02).Conv2D(17, 1, name: "d").GlobalAveragePool2D();
        var options = new CompileOptions { Int8 = true, Trains = false };
        using CompiledNetwork small = Of(8).Compile(new NetworkOptions { Seed = 1 }, options);
        foreach (int width in new[] { 3, 21 })
        {
            using CompiledNetwork expected = Of(width).Compile(new NetworkOptions { Seed = 2 }, options);
            expected.CopyParametersFrom(small);
            CompiledNetwork found = small.At(9, width);
            float[] input = Numbers(expected.InputLength, seed: 6), one = new float[expected.OutputLength], other = new float[one.Length];
            expected.Forward(input, one);
            found.Forward(input, other);
            Assert.Equal(one, other);
        }
    }

    /// <summary>
    /// NaN counts as zero; what is beyond the range, as its end. A zero point that a file has is made an integer of the range.
    /// </summary>
    [Theory]
    [MemberData(nameof(Tiers))]
    public void What_no_integer_stands_for_becomes_one(Isa isa)
    {
        using CompiledNetwork network = new NetworkBuilder(3).FakeQuantize(scale: 0.5, zeroPoint: 10).Dense(3, bias: false, name: "c")
            .Compile(new NetworkOptions { Isa = isa }, new CompileOptions { Int8 = true, Trains = false });
        network.FindParameter("c.weight")!.CopyFrom([127, 0, 0, 0, 127, 0, 0, 0, 127]);
        float[] Outputs(params float[] input)
        {
            float[] output = new float[3];
            network.Forward(input, output);
            return [.. output.Select(y => y / 127)];
        }

        Assert.Equal([0, 1, -1.5f], Outputs(float.NaN, 1.1f, -1.4f));
        Assert.Equal([122.5f, -5, 122.5f], Outputs(float.PositiveInfinity, float.NegativeInfinity, 1e30f));
        network.FindParameter("quant1.zero_point")!.CopyFrom([300.25f]);
        Assert.Equal([0, -127.5f, 0], Outputs(float.NaN, -1e30f, 1e30f));
    }

    public static TheoryData<string> Names() => [.. Networks.Keys];

    public static TheoryData<Isa> Tiers() => [.. Isas()];

    private static CompiledNetwork Compile(string name, Isa isa, bool int8, int threads = 1)
    {
        CompiledNetwork network = Networks[name]().Compile(
            new NetworkOptions { Isa = isa, Seed = 5, Threads = threads },
            new CompileOptions { Int8 = int8, Trains = false, Winograd = false });
        foreach (Parameter weight in network.Parameters.Where(parameter => parameter.Key is "c.weight" or "d.weight"))
        {
            weight.CopyFrom(Rounded(weight));
        }

        return network;
    }

    /// <summary>A weight of whole numbers up to 127, times the scale of each output channel.</summary>
    private static float[] Rounded(Parameter weight)
    {
        float[] values = new float[weight.Length];
        weight.CopyTo(values);
        int length = values.Length / weight.Shape[0];
        for (int first = 0; first < values.Length; first += length)
        {
            float scale = values.AsSpan(first, length).ToArray().Max(MathF.Abs) / 127;
            for (int i = first; i < first + length; i++)
            {
                values[i] = MathF.Round(values[i] / scale) * scale;
            }
        }

        return values;
    }

    private static float[] Numbers(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)((3 * random.NextDouble()) - 1.5))];
    }
}
