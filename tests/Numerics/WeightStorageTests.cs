using System;
using System.IO;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Weights of dense layers in bfloat16: the same sums, to the bit, as of 32-bit weights that were rounded before.</summary>
public sealed class WeightStorageTests : IDisposable
{
    private const string Trained = "[Input(3, 8, 8), Conv2D(20, 3), BatchNorm, ReLU, Flatten, Dense(50), ReLU, Dense(10), CrossEntropy]";

    /// <summary>
    /// Layers whose weights leave a core's cache, and small ones; flat inputs, images and blocks of channels; one
    /// panel and several; long sums.
    /// </summary>
    private static readonly string[] Layers =
    [
        Trained,
        "[Input(37), Dense(10), Softmax]",
        "[Input(7), Dense(3)]",
        "[Input(3001), Dense(40, Bias = false)]",
        "[Input(1, 20, 60), Flatten, Dense(500)]",
        "[Input(16, 7, 7), Conv2D(64, 3, Padding = 1), ReLU, Flatten, Dense(300), Tanh, Dense(900, Bias = false)]",
        "[Input(16, 6, 6), Conv2D(64, 3, Padding = 1), MaxPool2D(2), Flatten, Dense(601), ReLU, Dense(10)]",
        "[Input(8, 4, 4), Conv2D(600, 3, Padding = 1), GlobalAveragePool2D, Flatten, Dense(500)]",
    ];

    private static readonly Lazy<CompiledNetworks> Types = new(() => NetworkCompiler.Compile(
        [.. Layers.Select((text, i) =>
                $"[Network(WeightStorage = WeightStorage.BFloat16, Observable = true)]\n{text}\npublic partial class Half{i};"),
            "[Network, Input(4), Dense(3)]\npublic partial class Whole;"],
        "WeightStorage"));

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");

    public static TheoryData<Isa, int> TiersAndThreads => new(Tiers.Supported.SelectMany(isa => new[] { (isa, 1), (isa, 2) }));

    public static TheoryData<Isa> AllTiers => Tiers.All;

    public void Dispose() => File.Delete(_path);

    [Theory]
    [MemberData(nameof(TiersAndThreads))]
    public void Outputs_are_those_of_rounded_weights_to_the_bit(Isa isa, int threads)
    {
        for (int i = 0; i < Layers.Length; i++)
        {
            using CompiledNetwork half = Half(i, isa, threads), whole = Whole(i, isa, threads);
            RoundWeights(whole);
            foreach (int batch in new[] { 1, 3, 8, 17 })
            {
                float[] inputs = Formula.Uniforms(5, batch * half.InputLength), expected = new float[batch * half.OutputLength],
                    actual = new float[expected.Length];
                whole.Forward(inputs, expected);
                half.Forward(inputs, actual);
                Compare.SameBits(expected, actual, $"batch of {batch}, {Layers[i]}: output");
                Assert.Contains(actual, value => value != 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Observed_layers_are_those_of_rounded_weights_to_the_bit(Isa isa)
    {
        var options = new NetworkOptions { Isa = isa, Seed = 3, Observe = ["relu1", "dense1", "dense2"] };
        using CompiledNetwork half = Types.Value["Half0"].Create(options with { WeightStorage = WeightStorage.BFloat16 }),
            whole = Types.Value["Half0"].Create(options);
        RoundWeights(whole);
        float[] inputs = Formula.Uniforms(5, half.InputLength), outputs = new float[half.OutputLength];
        whole.Forward(inputs, outputs);
        half.Forward(inputs, outputs);
        foreach (string layer in options.Observe)
        {
            Compare.SameBits(whole.Activation(layer), half.Activation(layer), layer);
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public unsafe void Kernels_stay_inside_their_memory_and_read_nothing_that_they_did_not_write(Isa isa)
    {
        for (int i = 0; i < Layers.Length; i++)
        {
            using CompiledNetwork half = Half(i, isa);
            float[] inputs = Formula.Uniforms(5, half.InputLength), expected = new float[half.OutputLength];
            half.Forward(inputs, expected);
            using var parameters = new GuardedMemory(half.Program.ParametersLength, Guard.Canaries, aligned: true);
            using var arena = new GuardedMemory(half.Program.SampleArenaLength, Guard.Canaries, aligned: true);
            using var scratch = new GuardedMemory(half.Program.ScratchLength, Guard.Canaries, aligned: true);
            using var output = new GuardedMemory(half.OutputLength, Guard.Canaries, aligned: false);
            new ReadOnlySpan<float>(half.Memory.Pointer, parameters.Length).CopyTo(parameters.Span);
            half.Program.InferSample(ref inputs[0], ref output.First, ref parameters.First, ref arena.First, ref scratch.First);
            parameters.Check("parameters");
            arena.Check("arena");
            scratch.Check("scratch");
            output.Check("output");
            Compare.SameBits(expected, output.Span, Layers[i]);
        }
    }

    /// <summary>Ties, the largest numbers, the smallest ones, infinities and what is no number; in every order that a layout has.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_weight_is_rounded_to_the_nearest_one_and_ties_to_even(Isa isa)
    {
        uint[] special =
        [
            0, 0x8000_0000, 0x3F80_0000, 0x3F80_7FFF, 0x3F80_8000, 0x3F80_8001, 0x3F81_7FFF, 0x3F81_8000, 0xBF81_8001, 0x3FFF_FFFF, 1,
            0x8000, 0x8001, 0x8001_8000,
            0x7F7F_7FFF, 0x7F7F_8000, 0x7F7F_FFFF, 0x7F80_0000, 0xFF80_0000, 0x7F80_0001, 0xFFBF_FFFF, 0x7FC0_0000, 0x7FFF_FFFF,
        ];
        for (int i = 0; i < Layers.Length; i++)
        {
            using CompiledNetwork half = Half(i, isa);
            foreach (Parameter parameter in half.Parameters)
            {
                float[] values = Formula.Uniforms(7, parameter.Length), copy = new float[values.Length];
                for (int k = 0; k < values.Length; k += 1 + (values.Length / 1000))
                {
                    values[k] = BitConverter.UInt32BitsToSingle(special[k % special.Length]);
                }

                parameter.CopyFrom(values);
                parameter.CopyTo(copy);
                Compare.SameBits(IsRounded(parameter) ? [.. values.Select(Rounded)] : values, copy, parameter.Key);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Its_weights_take_half_the_memory(Isa isa)
    {
        for (int i = 0; i < Layers.Length; i++)
        {
            using CompiledNetwork half = Half(i, isa), whole = Whole(i, isa);
            long saved = half.Program.Packing.Sum(packing => packing.Element == WeightStorage.BFloat16 ? (long)packing.Length : 0);
            long count = half.Parameters.Sum(parameter => (long)parameter.Length),
                rounded = half.Parameters.Where(IsRounded).Sum(parameter => (long)parameter.Length);
            Assert.Contains(FormattableString.Invariant($"({(4 * count) - (2 * rounded):N0} bytes)"), half.Summary(),
                StringComparison.Ordinal);
            Assert.Contains(FormattableString.Invariant($"({4 * count:N0} bytes)"), whole.Summary(), StringComparison.Ordinal);
            Assert.InRange(saved, rounded / 2, long.MaxValue);
            Assert.InRange(whole.Memory.Length - half.Memory.Length, saved - (16 * half.Parameters.Count),
                saved + (16 * half.Parameters.Count));
        }
    }

    [Fact]
    public void Parameters_go_to_files_and_other_instances_and_come_back()
    {
        for (int i = 0; i < Layers.Length; i++)
        {
            using CompiledNetwork whole = Whole(i), half = Half(i, seed: 99);
            whole.Save(_path);
            RoundWeights(whole);
            half.Load(_path);
            Same(whole, half);
            half.Save(_path);
            foreach (CompiledNetwork loaded in new[]
            {
                Types.Value[$"Half{i}"].Create(new NetworkOptions { Weights = _path, WeightStorage = WeightStorage.BFloat16 }),
                Types.Value[$"Half{i}"].Create(new NetworkOptions { Weights = _path }),
            })
            {
                using CompiledNetwork network = loaded;
                Same(whole, network);
            }

            // From another tier.
            using CompiledNetwork other = Half(i, Isa.Vector128, seed: 98), back = Whole(i, seed: 97);
            other.CopyParametersFrom(whole);
            Same(whole, other);
            back.CopyParametersFrom(other);
            Same(whole, back);
            other.Initialize(3);
            half.CopyParametersFrom(other);
            back.Initialize(3);
            RoundWeights(back);
            Same(back, half);
        }
    }

    [Fact]
    public void A_file_that_ends_too_early_changes_nothing()
    {
        using CompiledNetwork half = Half(0), same = Half(0);
        half.Save(_path);
        byte[] bytes = File.ReadAllBytes(_path);
        using CompiledNetwork other = Half(0, seed: 99);
        other.Save(_path);
        Assert.Throws<WeightsFormatException>(() => half.Load(new MemoryStream(File.ReadAllBytes(_path)[..^1])));
        Same(same, half);
        half.Load(new MemoryStream(File.ReadAllBytes(_path)));
        Same(other, half);
        half.Load(bytes);
        Same(same, half);
    }

    [Fact]
    public void Only_32_bit_weights_are_trained()
    {
        using CompiledNetwork half = Half(0), whole = Whole(0);
        Assert.Equal((WeightStorage.BFloat16, WeightStorage.Float32), (half.WeightStorage, whole.WeightStorage));
        const string Refusal =
            "Half0 keeps its weights as BFloat16, too coarse for the steps of training. Train an instance with WeightStorage.Float32, "
            + "and take its parameters over with CopyParametersFrom.";
        Assert.Equal(Refusal, Assert.Throws<InvalidOperationException>(() => Trainer.For(half, 4, new Sgd(0.1))).Message);
        Assert.Equal(Refusal, Assert.Throws<InvalidOperationException>(() => new ExponentialMovingAverage(half)).Message);
        MemoryUse use = MemoryUse.Of(half, 1, new Sgd(0.1)), usual = MemoryUse.Of(whole, 1, new Sgd(0.1));
        Assert.Equal((0, sizeof(float) * half.Memory.Length), (use.Training, use.Parameters));
        Assert.InRange(usual.Training, 1, long.MaxValue);
        using Trainer trainer = CompiledType.CreateTrainer(whole, 4, new Sgd(0.1));
        ((ClassificationTrainer)trainer).Step(Formula.Uniforms(5, 4 * whole.InputLength), [1, 2, 3, 4]);
        half.CopyParametersFrom(whole);
        RoundWeights(whole);
        Same(whole, half);
    }

    [Fact]
    public void A_network_that_is_not_declared_so_refuses()
    {
        Assert.Equal(
            "Whole has no kernels for weights in bfloat16; declare it with [Network(WeightStorage = WeightStorage.BFloat16)], or "
            + "at run time with CompileOptions.WeightStorage. (Parameter 'options')",
            Refused<ArgumentException>("Whole", WeightStorage.BFloat16).Message);
        Assert.Equal("options.WeightStorage", Refused<ArgumentOutOfRangeException>("Half0", (WeightStorage)2).ParamName);

        static TException Refused<TException>(string name, WeightStorage storage)
            where TException : Exception =>
            Assert.Throws<TException>(() => Types.Value[name].Create(new NetworkOptions { WeightStorage = storage }));
    }

    private static CompiledNetwork Half(int index, Isa? isa = null, int threads = 1, ulong seed = 3) =>
        Types.Value[$"Half{index}"].Create(
            new NetworkOptions { Isa = isa, Threads = threads, Seed = seed, WeightStorage = WeightStorage.BFloat16 });

    private static CompiledNetwork Whole(int index, Isa? isa = null, int threads = 1, ulong seed = 3) =>
        Types.Value[$"Half{index}"].Create(isa, threads, seed);

    private static bool IsRounded(Parameter parameter) =>
        parameter.Key.StartsWith("dense", StringComparison.Ordinal) && parameter.Key.EndsWith(".weight", StringComparison.Ordinal);

    private static void RoundWeights(CompiledNetwork network)
    {
        foreach (Parameter parameter in network.Parameters.Where(IsRounded))
        {
            float[] values = ValuesOf(parameter);
            parameter.CopyFrom([.. values.Select(Rounded)]);
        }
    }

    /// <summary>
    /// The nearer one of the two floats with 16 zeros at their ends that a number lies between: the one whose last bit
    /// is 0 where both are as near.
    /// </summary>
    private static float Rounded(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value), lower = bits & 0xFFFF_0000;
        if (!float.IsFinite(value))
        {
            return BitConverter.UInt32BitsToSingle(lower | (float.IsNaN(value) ? 0x40_0000u : 0));
        }

        // What lies behind the largest finite number counts as the next power of two, as in IEEE 754, § 4.3.1.
        uint upper = lower + 0x1_0000;
        double above = Math.Abs((double)BitConverter.UInt32BitsToSingle(upper));
        double toUpper = (double.IsInfinity(above) ? Math.Pow(2, 128) : above) - Math.Abs((double)value);
        double toLower = Math.Abs((double)value) - Math.Abs((double)BitConverter.UInt32BitsToSingle(lower));
        return BitConverter.UInt32BitsToSingle(toUpper < toLower || (toUpper == toLower && (upper & 0x1_0000) == 0) ? upper : lower);
    }

    private static float[] ValuesOf(Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    private static void Same(CompiledNetwork expected, CompiledNetwork actual)
    {
        foreach ((Parameter one, Parameter other) in expected.Parameters.Zip(actual.Parameters))
        {
            Compare.SameBits(ValuesOf(one), ValuesOf(other), one.Key);
        }
    }
}
