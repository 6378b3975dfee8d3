using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Strata.CompilerServices;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

public class OptimizerTests
{
    private static readonly float[] Start = [0.5f, -1.25f, 2, 0, -0.03125f];

    public static TheoryData<string> Names => [.. TrainingGoldens.All.Optimizers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Ten_steps_end_where_PyTorchs_end(string name) =>
        NetworkTests.AssertClose(TrainingGoldens.All.Optimizers[name], Train(Make(name), () => { }), 2e-6);

    public static TheoryData<string> Cycles => [.. TrainingGoldens.All.Cycles.Keys];

    [Theory]
    [MemberData(nameof(Cycles))]
    public void One_cycle_moves_the_momentum_as_PyTorch_does(string name)
    {
        Optimizer optimizer = Make(name);
        double own = Momentum();
        var scheduler = new LearningRateScheduler(optimizer, name switch
        {
            "sgd nesterov" => Schedule.OneCycle(0.2, 10, baseMomentum: 0.5, maximumMomentum: 0.8),
            "adamw" => Schedule.OneCycle(0.2, 10, rise: 0.5),
            _ => Schedule.OneCycle(0.2, 10),
        });
        var momenta = new List<double>();
        float[] end = Train(optimizer, () =>
        {
            momenta.Add(Momentum());
            scheduler.Step();
        });
        Assert.All(TrainingGoldens.All.Momenta[name], (expected, t) => Assert.Equal(expected, momenta[t], 1e-12));
        NetworkTests.AssertClose(TrainingGoldens.All.Cycles[name], end, 4e-6);
        scheduler.Undo();
        Assert.Equal(own, Momentum());

        double Momentum() => optimizer switch { Sgd sgd => sgd.Momentum, RMSProp rms => rms.Momentum, AdamBase adam => adam.Beta1, _ => 0 };
    }

    [Fact]
    public void One_cycle_leaves_an_optimizer_without_momentum_as_it_is()
    {
        var optimizer = new Sgd(0.1);
        _ = new LearningRateScheduler(optimizer, Schedule.OneCycle(1, 10));
        Assert.Equal(0, optimizer.Momentum);
        var without = new Adam { Beta1 = 0 };
        _ = new LearningRateScheduler(without, Schedule.OneCycle(1, 10));
        Assert.Equal(0, without.Beta1);
        var adam = new Adam();
        _ = new LearningRateScheduler(adam, Schedule.OneCycle(1, 10, cycleMomentum: false));
        Assert.Equal(0.9, adam.Beta1);
        var scheduler = new LearningRateScheduler(adam, Schedule.OneCycle(1, 10).AfterWarmup(1));
        Assert.Equal(0.9, adam.Beta1);
        scheduler.Step();
        Assert.Equal(0.95, adam.Beta1);
    }

    /// <summary>Ten steps on the bias, whose gradients are a formula.</summary>
    private static float[] Train(Optimizer optimizer, Action afterStep)
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 1, optimizer);
        network.Bias.CopyFrom(Start);
        network.Weight.CopyFrom(new float[network.Weight.Length]);
        float[] inputs = new float[LinearNetwork.Inputs], outputs = new float[LinearNetwork.Outputs];
        for (int step = 0; step < 10; step++)
        {
            // Inputs of zero leave only the biases gradients: those of the outputs.
            trainer.Forward(inputs, outputs);
            float[] p = network.Values(1);
            trainer.Backward([.. p.Select((x, i) => (float)((0.5 * Math.Sin(1 + i + (3 * step))) + (0.25 * x)))]);
            trainer.Update();
            afterStep();
        }

        Assert.All(network.Values(0), w => Assert.Equal(0f, w));
        return network.Values(1);
    }

    [Fact]
    public void Every_lane_is_updated_alike()
    {
        foreach (string name in TrainingGoldens.All.Optimizers.Keys)
        {
            Optimizer optimizer = Make(name);
            const int Length = 4096;
            float[] p = LinearNetwork.Noise(Length, 1), g = LinearNetwork.Noise(Length, 2);
            float[] state = [.. LinearNetwork.Noise(3 * Length, 3).Select(Math.Abs)];
            float[] all = [.. p];
            OptimizerInfo info = optimizer.Describe();
            var step = new OptimizerStep(5, 0.05, 0.01);
            optimizer.Run(new UpdateContext(info, all, g, ref ((float[])[.. state])[0], Length, step));
            foreach (int i in (int[])[0, 1, 15, 16, 2047, 4095])
            {
                float[] p1 = new float[16], g1 = new float[16], state1 = new float[48];
                (p1[5], g1[5]) = (p[i], g[i]);
                (state1[5], state1[21], state1[37]) = (state[i], state[Length + i], state[(2 * Length) + i]);
                optimizer.Run(new UpdateContext(info, p1, g1, ref state1[0], 16, step));
                Assert.Equal(p1[5], all[i]);
                Assert.All(p1.Where((_, k) => k != 5), padding => Assert.Equal(0f, padding));
            }
        }
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit_of_an_update()
    {
        foreach (string name in TrainingGoldens.All.Optimizers.Keys)
        {
            float[][] results = [.. ((int[])[1, 2, 5]).Select(threads =>
            {
                using var network = new BulkNetwork(threads);
                using var pass = PassOf(network, Make(name));
                for (int step = 0; step < 3; step++)
                {
                    LinearNetwork.Noise(BulkNetwork.Length, step).CopyTo(Floats(pass));
                    pass.PutAside();
                    LinearNetwork.Noise(BulkNetwork.Length, step + 10).CopyTo(Floats(pass));
                    pass.Join(0.25);
                    pass.Update(pass.GradientNorm(), step);
                }

                return (float[])[.. network.Values, .. Floats(pass), (float)pass.GradientNorm()];
            })];
            Assert.All(results, result => Assert.Equal(results[0], result));
        }
    }

    [Fact]
    public void A_groups_parameters_have_its_rate_and_decay()
    {
        // p ← p − lr·(g + λp) with gradients of 0: what decays, and how fast, can be read off.
        using var network = new BulkNetwork(2);
        using var pass = PassOf(network, new Sgd(0.5)
        {
            WeightDecay = 0.25,
            DecayBiasesAndNorms = false,
            Groups =
            [
                new ParameterGroup("layer1.*.bias") { WeightDecay = 0.125, RateMultiplier = 3 },
                new ParameterGroup("layer1.*") { RateMultiplier = 0.5 },
                new ParameterGroup("fc.weigh?") { WeightDecay = 0 },
            ],
        });
        network.Fill(1);
        pass.Update(pass.GradientNorm(), 0);
        Assert.Equal(
            [
                ("conv1.weight", 1 - (0.5f * 0.25f)),
                ("conv1.bias", 1),
                ("layer1.0.weight", 1 - (0.25f * 0.25f)),
                ("layer1.0.bias", 1 - (1.5f * 0.125f)),
                ("layer1.10.weight", 1 - (0.25f * 0.25f)),
                ("fc.weight", 1),
                ("fc.bias", 1),
            ],
            network.FirstAndLast());
    }

    [Fact]
    public void Biases_decay_too_unless_told_otherwise()
    {
        using var network = new BulkNetwork(1);
        using var pass = PassOf(network, new AdamW(0.5) { WeightDecay = 0.25 });
        network.Fill(1);
        pass.Update(pass.GradientNorm(), 0);
        Assert.All(network.FirstAndLast(), p => Assert.Equal(0.875f, p.Value));
    }

    [Fact]
    public void A_group_without_parameters_is_refused()
    {
        using var network = new BulkNetwork(1);
        var e = Assert.Throws<ArgumentException>(
            "optimizer", () => PassOf(network, new Sgd(0.1) { Groups = [new("fc.*"), new("layer2.*")] }));
        Assert.Contains("No trainable parameter of Bulk belongs to the group 'layer2.*'; they are conv1.weight, conv1.bias", e.Message);

        // What earlier groups take is not left for later ones.
        Assert.Throws<ArgumentException>(
            "optimizer", () => PassOf(network, new Sgd(0.1) { Groups = [new("*"), new("fc.*")] }));
    }

    [Fact]
    public void The_norm_is_that_of_all_gradients_and_survives_large_ones()
    {
        using var network = new BulkNetwork(2);
        using var pass = PassOf(network, new Sgd(1) { ClipNorm = 2 });
        float[] gradients = LinearNetwork.Noise(BulkNetwork.Length, 1);
        gradients.CopyTo(Floats(pass));
        Assert.Equal(Math.Sqrt(gradients.Sum(g => (double)g * g)), pass.GradientNorm(), 1e-9);

        // Squares of floats like these would overflow.
        Floats(pass).Clear();
        (Floats(pass)[3], Floats(pass)[^4]) = (3e30f, -4e30f);
        double norm = pass.GradientNorm();
        Assert.Equal(5e30, norm, 1e24);
        pass.Update(norm, 0);
        Assert.Equal((1.2f, -1.6f), (Floats(pass)[3], Floats(pass)[^4]), Close);

        Floats(pass)[77] = float.NegativeInfinity;
        Assert.False(double.IsFinite(pass.GradientNorm()));
    }

    [Fact]
    public void Gradients_within_the_limits_are_not_touched()
    {
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(1) { ClipNorm = 1e4 }, new Sgd(1) { ClipValue = 1 }])
        {
            using var network = new BulkNetwork(1);
            using var pass = PassOf(network, optimizer);
            float[] gradients = LinearNetwork.Noise(BulkNetwork.Length, 1);
            gradients.CopyTo(Floats(pass));
            pass.Update(pass.GradientNorm(), 0);
            Assert.Equal(gradients, Floats(pass).ToArray());
        }
    }

    [Fact]
    public void Defaults_are_PyTorchs()
    {
        var sgd = new Sgd(0.1);
        Assert.Equal((0.1, 0, 0, false, 0), (sgd.LearningRate, sgd.Momentum, sgd.Dampening, sgd.Nesterov, sgd.WeightDecay));
        var adam = new Adam();
        Assert.Equal((1e-3, 0.9, 0.999, 1e-8, 0), (adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon, adam.WeightDecay));
        var adamW = new AdamW();
        Assert.Equal((1e-3, 0.9, 0.999, 1e-8, 0.01), (adamW.LearningRate, adamW.Beta1, adamW.Beta2, adamW.Epsilon, adamW.WeightDecay));
        var rmsProp = new RMSProp();
        Assert.Equal((1e-2, 0.99, 1e-8, 0, false),
            (rmsProp.LearningRate, rmsProp.Alpha, rmsProp.Epsilon, rmsProp.Momentum, rmsProp.Centered));
        Assert.Equal(0, rmsProp.WeightDecay);
        Assert.Equal((null, null, true), (sgd.ClipNorm, sgd.ClipValue, sgd.DecayBiasesAndNorms));
        Assert.Empty(sgd.Groups);
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("LearningRate", () => new Sgd(-1));
        Assert.Throws<ArgumentOutOfRangeException>("LearningRate", () => new Adam(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("LearningRate", () => new Adam().LearningRate = double.PositiveInfinity);
        Assert.Throws<ArgumentOutOfRangeException>("Momentum", () => new Sgd(0.1) { Momentum = 1 });
        Assert.Throws<ArgumentOutOfRangeException>("Beta2", () => new Adam { Beta2 = 1 });
        Assert.Throws<ArgumentOutOfRangeException>("Epsilon", () => new Adam { Epsilon = 0 });
        Assert.Throws<ArgumentOutOfRangeException>("Epsilon", () => new Adam { Epsilon = 1e-60 });
        Assert.Throws<ArgumentOutOfRangeException>("Epsilon", () => new RMSProp { Epsilon = 0 });
        Assert.Throws<ArgumentOutOfRangeException>("Alpha", () => new RMSProp { Alpha = 1 });
        Assert.Throws<ArgumentOutOfRangeException>("WeightDecay", () => new AdamW { WeightDecay = -0.1 });
        Assert.Throws<ArgumentOutOfRangeException>("ClipNorm", () => new AdamW { ClipNorm = 0 });
        Assert.Throws<ArgumentOutOfRangeException>("ClipValue", () => new AdamW { ClipValue = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>("RateMultiplier", () => new ParameterGroup("*") { RateMultiplier = -1 });
        Assert.Throws<ArgumentOutOfRangeException>("WeightDecay", () => new ParameterGroup("*") { WeightDecay = double.NaN });
        Assert.Throws<ArgumentException>("pattern", () => new ParameterGroup(""));
        using var network = new LinearNetwork();
        foreach (Optimizer optimizer in (Optimizer[])
        [
            new Sgd(0.1) { Nesterov = true },
            new Sgd(0.1) { Nesterov = true, Momentum = 0.9, Dampening = 0.1 },
            new Adam { ClipNorm = 1, ClipValue = 1 },
        ])
        {
            Assert.Throws<ArgumentException>(() => new RegressionTrainer(network, 1, optimizer));
        }
    }

    private static OptimizerPass PassOf(CompiledNetwork network, Optimizer optimizer) =>
        new(network, optimizer, new DenseProducts(network.Program));

    private static Span<float> Floats(OptimizerPass pass) =>
        MemoryMarshal.CreateSpan(ref pass.Gradients.Reference, BulkNetwork.Length);

    private static bool Close((float, float) a, (float, float) b) =>
        Math.Abs(a.Item1 - b.Item1) < 1e-5 && Math.Abs(a.Item2 - b.Item2) < 1e-5;

    [Fact]
    public void No_group_is_null() =>
        Assert.Throws<ArgumentException>("Groups", () => new Sgd(0.1) { Groups = [new ParameterGroup("*"), null!] });

    private static Optimizer Make(string name) => name switch
    {
        "sgd" => new Sgd(0.1),
        "sgd decay" => new Sgd(0.1) { WeightDecay = 0.01 },
        "sgd momentum" => new Sgd(0.1) { Momentum = 0.9, WeightDecay = 0.01 },
        "sgd dampening" => new Sgd(0.1) { Momentum = 0.9, Dampening = 0.3 },
        "sgd nesterov" => new Sgd(0.1) { Momentum = 0.9, Nesterov = true, WeightDecay = 0.01 },
        "adam" => new Adam(),
        "adam all" => new Adam(0.05) { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-4, WeightDecay = 0.1 },
        "adamw" => new AdamW(),
        "adamw all" => new AdamW(0.05) { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-4, WeightDecay = 0.1 },
        "rmsprop" => new RMSProp(),
        "rmsprop momentum" => new RMSProp(0.02) { Alpha = 0.9, Epsilon = 1e-3, Momentum = 0.8, WeightDecay = 0.05 },
        "rmsprop centered" => new RMSProp(0.02) { Alpha = 0.9, Epsilon = 1e-3, Centered = true },
        "rmsprop all" => new RMSProp(0.02) { Alpha = 0.9, Epsilon = 1e-3, Momentum = 0.8, Centered = true, WeightDecay = 0.05 },
        "sgd clip norm" => new Sgd(0.1) { Momentum = 0.9, ClipNorm = 0.7 },
        "adam clip value" => new Adam(0.05) { ClipValue = 0.2 },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };
}

/// <summary>Many parameters that nothing computes with, so that updates are shared among threads.</summary>
internal sealed class BulkNetwork(int threads) : CompiledNetwork(
    new NetworkInfo("Bulk", [1], [1], [], [.. Sizes.Select(p => new ParameterInfo(p.Key, p.Shape, Initializer.HeNormal, 1, 1))], []),
    isa => new Kernels(isa),
    new NetworkOptions { Threads = threads })
{
    private static readonly (string Key, int[] Shape)[] Sizes =
    [
        ("conv1.weight", [7, 13]), ("conv1.bias", [40_000]), ("layer1.0.weight", [200, 300]), ("layer1.0.bias", [3]),
        ("layer1.10.weight", [30_000, 2]), ("fc.weight", [16_384, 2]), ("fc.bias", [1]),
    ];

    public static int Length => Kernels.OffsetOf(Sizes.Length);

    public Span<float> Values => MemoryMarshal.CreateSpan(ref Memory.Reference, Length);

    public void Fill(float value) => Values.Fill(value);

    /// <summary>The value of each parameter's first element, which the last one must have, too.</summary>
    public IEnumerable<(string Key, float Value)> FirstAndLast() => Parameters.Select(p =>
    {
        float[] values = new float[p.Length];
        p.CopyTo(values);
        Assert.Equal(values[0], values[^1]);
        return (p.Key, values[0]);
    });

    private sealed class Kernels(Isa isa) : NetworkProgram
    {
        public override Isa Isa => isa;

        public override int ParametersLength => Length;

        public override IReadOnlyList<ParameterPacking> Packing { get; } =
        [
            .. Sizes.Select((p, i) => new ParameterPacking(
                OffsetOf(i), OffsetOf(i + 1) - OffsetOf(i), [.. p.Shape.Select((extent, axis) =>
                    new PackedAxis((extent, axis + 1 < p.Shape.Length ? p.Shape[axis + 1] : 1)))])),
        ];

        public override int SampleArenaLength => 0;

        public override int BlockArenaLength => 0;

        public override int BlockThreshold => 1;

        public static int OffsetOf(int index) =>
            Sizes[..index].Sum(p => (int)AlignedMemory.RoundUp(p.Shape.Aggregate((a, b) => a * b)));

        public override void InferSample(ref readonly float input, ref float output, ref readonly float parameters, ref float arena,
            ref float scratch) =>
            throw new NotSupportedException();

        public override void InferBlock(
            ref readonly float input, int samples, ref float output, ref readonly float parameters, ref float arena) =>
            throw new NotSupportedException();
    }
}
