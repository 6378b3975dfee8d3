using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>Optimizers that are derived from outside the library.</summary>
public sealed class OwnOptimizerTests : IDisposable
{
    private const int Inputs = LinearNetwork.Inputs, Outputs = LinearNetwork.Outputs;

    private static readonly float[] Samples = LinearNetwork.Noise(40 * Inputs, 1), Targets = LinearNetwork.Noise(40 * Outputs, 2);

    private readonly string _directory = Directory.CreateTempSubdirectory("strata-").FullName;

    public static TheoryData<string> Names => ["lion", "lars", "lamb"];

    private string FilePath => Path.Combine(_directory, "run.safetensors");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_are_those_of_the_papers_in_double_precision_with_any_number_of_threads(string name)
    {
        const int Steps = 4;
        float[]? first = null;
        foreach (int threads in (int[])[1, 2, 5])
        {
            using var network = new BulkNetwork(threads);
            using OptimizerPass pass = PassOf(network, Make(name));
            Set(network, 9);
            var expected = network.Parameters.Select(p => (p.Key, Values: Doubles(Values(p)), Slots: new double[2, p.Length])).ToArray();
            for (int step = 0; step < Steps; step++)
            {
                LinearNetwork.Noise(BulkNetwork.Length, step).CopyTo(Floats(pass.Gradients));
                ClearPadding(network, pass.Gradients);
                for (int k = 0; k < expected.Length; k++)
                {
                    float[] gradient = new float[network.Parameters[k].Length];
                    network.Parameters[k].Gather(pass.Gradients, 0, gradient);
                    Reference(name, expected[k].Values, Doubles(gradient), expected[k].Slots, expected[k].Key.EndsWith("weight"), step + 1);
                }

                Assert.Null(pass.Update(pass.GradientNorm(), step));
            }

            Assert.All(expected, (e, k) =>
                Assert.All(Values(network.Parameters[k]), (value, i) => Assert.Equal(e.Values[i], value, 2e-6)));
            float[] all = [.. network.Values, .. Floats(pass.State)];
            first ??= all;
            Assert.Equal(first, all);
        }
    }

    [Fact]
    public void Norms_are_those_of_whole_parameters()
    {
        using var network = new BulkNetwork(3);
        var seen = new System.Collections.Concurrent.ConcurrentBag<(double, double, double, int)>();
        using OptimizerPass pass = PassOf(network, new FreeOptimizer(
            c => seen.Add((c.ParameterNorm, c.GradientNorm, c.DirectionNorm, c.Parameter.Length)))
        {
            Norms = true,
            First = c =>
            {
                foreach (ref float d in c.Direction)
                {
                    d *= 2;
                }
            },
            ClipValue = 0.5,
        });
        Set(network, 9);
        LinearNetwork.Noise(BulkNetwork.Length, 1).CopyTo(Floats(pass.Gradients));
        ClearPadding(network, pass.Gradients);
        pass.Update(pass.GradientNorm(), 0);
        foreach (Parameter parameter in network.Parameters)
        {
            float[] gradient = new float[parameter.Length];
            parameter.Gather(pass.Gradients, 0, gradient);
            Assert.All(gradient, g => Assert.InRange(g, -0.5f, 0.5f));
            double p = Norm(Values(parameter)), g = Norm(gradient);
            Assert.Contains(seen, s => Near(s.Item1, p) && Near(s.Item2, g) && Near(s.Item3, 2 * g));
        }

        Assert.All(seen, s => Assert.True(s.Item4 % 16 == 0 && s.Item4 <= 16_384));

        static double Norm(float[] values) => Math.Sqrt(values.Sum(v => (double)v * v));
        static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-11 * b;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_loop_of_ones_own_goes_on_from_a_checkpoint_with_the_same_bits(string name)
    {
        using var first = new LinearNetwork(new NetworkOptions { Seed = 3 });
        using var second = new LinearNetwork(new NetworkOptions { Seed = 4, Threads = 3 });
        using var firstTrainer = new RegressionTrainer(first, 40, Make(name));
        using var secondTrainer = new RegressionTrainer(second, 40, Make(name));
        for (int step = 0; step < 3; step++)
        {
            firstTrainer.Step(Samples, Targets);
        }

        firstTrainer.SaveCheckpoint(FilePath);
        secondTrainer.LoadCheckpoint(FilePath);
        for (int step = 0; step < 3; step++)
        {
            Assert.Equal(firstTrainer.Step(Samples, Targets), secondTrainer.Step(Samples, Targets));
        }

        Assert.Equal([.. first.Values(0), .. first.Values(1)], (float[])[.. second.Values(0), .. second.Values(1)]);
        Assert.Equal(Floats(firstTrainer.State.Optimizer), Floats(secondTrainer.State.Optimizer));
        string header = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(FilePath));
        Assert.Contains($"optimizer/{(name == "lars" ? "momentum_buffer" : "exp_avg")}/dense1.weight", header);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_goes_on_with_the_same_bits_with_all_that_it_offers(string name)
    {
        FitOptions options = new()
        {
            Epochs = 3,
            Accumulate = 2,
            AverageDecay = 0.9,
            Schedule = Schedule.Cosine(7).AfterWarmup(2) with { Unit = ScheduleUnit.Step },
            OnWarning = _ => { },
        };
        using var straight = new LinearNetwork();
        using (var trainer = new RegressionTrainer(straight, 8, Make(name, clips: true)))
        {
            trainer.Fit(Samples, Targets, options);
        }

        using var network = new LinearNetwork();
        options = options with { Checkpoint = new FitCheckpoint(FilePath) { Resume = true } };
        foreach (int epochs in (int[])[1, 3])
        {
            using var trainer = new RegressionTrainer(network, 8, Make(name, clips: true));
            trainer.Fit(Samples, Targets, options with { Epochs = epochs });
        }

        Assert.Equal(straight.Values(0), network.Values(0));
        using var other = new RegressionTrainer(
            network, 8, name == "lion" ? new Lion(0.01) : name == "lars" ? new Lars(0.5) : new Lamb(0.01));
        var e = Assert.Throws<WeightsFormatException>(() => other.Fit(Samples, Targets, options with { Epochs = 4 }));
        Assert.Contains("the checkpoint was made with the optimizer's settings", e.Message);
    }

    [Fact]
    public void Groups_clipping_and_the_decay_of_biases_are_those_of_Sgd()
    {
        float[][] results = [.. ((Func<bool, Optimizer>[])[Plain, Built]).Select(make =>
        {
            using var network = new BulkNetwork(2);
            using OptimizerPass pass = PassOf(network, make(true));
            Set(network, 9);
            LinearNetwork.Noise(BulkNetwork.Length, 1).CopyTo(Floats(pass.Gradients));
            ClearPadding(network, pass.Gradients);
            pass.Update(pass.GradientNorm(), 0);
            return network.Values.ToArray();
        })];
        Assert.All(results[0], (value, i) => Assert.Equal(results[1][i], value, 1e-6f));

        static ParameterGroup[] Groups() =>
            [new("layer1.*.bias") { WeightDecay = 0.125, RateMultiplier = 3 }, new("layer1.*") { RateMultiplier = 0.5 }];
        static Optimizer Built(bool _) => new Sgd(0.1) { WeightDecay = 0.25, DecayBiasesAndNorms = false, ClipNorm = 2, Groups = Groups() };
        static Optimizer Plain(bool _) => new FreeOptimizer(c =>
        {
            for (int i = 0; i < c.Parameter.Length; i++)
            {
                c.Parameter[i] -= (float)c.LearningRate * (c.Gradient[i] + ((float)c.WeightDecay * c.Parameter[i]));
            }
        })
        {
            WeightDecay = 0.25,
            DecayBiasesAndNorms = false,
            ClipNorm = 2,
            Groups = Groups(),
        };
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void An_update_that_throws_is_undone(int threads, bool norms)
    {
        using var network = new BulkNetwork(threads);
        bool fails = false;
        using OptimizerPass pass = PassOf(network, new FreeOptimizer(Move, "sum") { Norms = norms, First = c => c.Slot(0)[0] += 1 });
        Set(network, 9);
        Floats(pass.Gradients).Fill(0.25f);
        pass.Update(pass.GradientNorm(), 0);
        float[] before = [.. network.Values, .. Floats(pass.State)];
        fails = true;
        Assert.Equal("at fc", Assert.Throws<ArithmeticException>(() => pass.Update(pass.GradientNorm(), 1)).Message);
        Assert.Equal(before, (float[])[.. network.Values, .. Floats(pass.State)]);
        fails = false;
        Assert.Null(pass.Update(pass.GradientNorm(), 1));
        Assert.NotEqual(before, (float[])[.. network.Values, .. Floats(pass.State)]);

        void Move(UpdateContext c)
        {
            for (int i = 0; i < c.Parameter.Length; i++)
            {
                c.Slot(0)[i] += c.Gradient[i];
                c.Parameter[i] -= c.Slot(0)[i];
            }

            if (fails && c.Parameter.Length == 16 && c.Role == ParameterRole.Bias)
            {
                throw new ArithmeticException("at fc");
            }
        }
    }

    [Fact]
    public void A_step_whose_update_throws_leaves_everything_as_it_was()
    {
        using var network = new MovingNetwork();
        bool fails = true;
        using var trainer = new RegressionTrainer(network, 1, new FreeOptimizer(c =>
        {
            c.Parameter[0] = 7;
            _ = fails ? throw new NotSupportedException() : 0;
        }));
        float weight = network.Weight, mean = network.Mean;
        Assert.Throws<NotSupportedException>(() => trainer.Step([8], [0]));
        Assert.Equal((weight, mean, 0), (network.Weight, network.Mean, trainer.Steps));
        Assert.Throws<InvalidOperationException>(trainer.Update);
        fails = false;
        trainer.Step([8], [0]);
        Assert.Equal((7, 1), (network.Weight, trainer.Steps));
    }

    [Theory]
    [InlineData("sum", float.PositiveInfinity)]
    [InlineData("sum", float.NaN)]
    [InlineData(null, float.NegativeInfinity)]
    public void An_update_that_is_not_finite_is_refused_and_changes_nothing(string? slot, float value)
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 40, new FreeOptimizer(
            c =>
            {
                c.Slot(0).Fill(c.Step);
                c.Parameter[0] = 1;
                (slot is null ? c.Parameter : c.Slot(0))[2] = c.Step == 2 ? value : 1;
            },
            "sum"));
        trainer.Step(Samples, Targets);
        float[] before = [.. network.Values(0), .. network.Values(1), .. Floats(trainer.State.Optimizer)];
        var e = Assert.Throws<TrainingException>(() => trainer.Step(Samples, Targets));
        Assert.StartsWith(
            "Training of Linear stopped after 1 update: the next one would make "
            + (slot is null ? "" : "'sum' of ") + "parameter 'dense1.bias' of layer 'dense1' ", e.Message);
        Assert.Equal(before, (float[])[.. network.Values(0), .. network.Values(1), .. Floats(trainer.State.Optimizer)]);
        Assert.Equal(1, trainer.Steps);
    }

    [Fact]
    public void Padding_stays_zero_whatever_an_optimizer_does_to_it()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 40, new FreeOptimizer(
            c =>
            {
                c.Parameter.Fill((float)c.ParameterNorm);
                c.Slot(0).Fill(float.NaN);
                c.Slot(0)[..Outputs].Clear();
            },
            "sum")
        {
            Norms = true,
        });
        network.Weight.CopyFrom(LinearNetwork.Noise(network.Weight.Length, 3));
        network.Bias.CopyFrom([3, 0, 0, 4, 0]);
        float norm = (float)Math.Sqrt(network.Values(0).Sum(w => (double)w * w));

        // Of the weight, all rows but the first have a slot of NaN. (Those of the padding would not matter.)
        Assert.Contains("'sum' of parameter 'dense1.weight'", Assert.Throws<TrainingException>(() => trainer.Step(Samples, Targets)).Message);
        using var right = new RegressionTrainer(
            network, 40, new FreeOptimizer(c => c.Parameter.Fill((float)c.ParameterNorm)) { Norms = true });
        right.Step(Samples, Targets);
        Assert.All(network.Values(0), w => Assert.Equal(norm, w));
        Assert.All(network.Values(1), b => Assert.Equal(5f, b));
        Span<float> memory = MemoryMarshal.CreateSpan(ref network.Memory.Reference, network.Program.ParametersLength);
        Assert.Equal(network.Weight.Length + network.Bias.Length, memory.ToArray().Count(value => value != 0));
    }

    [Fact]
    public void What_fades_becomes_zero_before_it_is_a_denormal_number()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 40, new FreeOptimizer(
            c =>
            {
                for (int i = 0; i < c.Parameter.Length; i++)
                {
                    c.Parameter[i] *= 0.5f;
                    c.Slot(0)[i] = c.Step == 1 ? 1 : 0.5f * c.Slot(0)[i];
                }
            },
            "share"));
        for (int step = 0; step < 150; step++)
        {
            trainer.Step(Samples, Targets);
            Assert.DoesNotContain(
                (float[])[.. network.Values(0), .. network.Values(1), .. Floats(trainer.State.Optimizer)],
                value => float.IsSubnormal(value));
        }

        Assert.All((float[])[.. network.Values(0), .. Floats(trainer.State.Optimizer)], value => Assert.Equal(0f, value));
    }

    [Theory]
    [InlineData("Free names several slots 'a'; each needs a name of its own.", "a", "b", "a")]
    [InlineData("Free names a slot ''. The name is a part of 'optimizer/NAME/conv1.weight' in checkpoints", "")]
    [InlineData("Free names a slot ''.", "a", null)]
    [InlineData("Free names a slot 'a/b'.", "a/b")]
    public void Names_of_slots_that_no_checkpoint_could_hold_are_refused(string message, params string?[] names)
    {
        using var network = new LinearNetwork();
        var optimizer = new FreeOptimizer(c => { }, names!);
        var e = Assert.Throws<ArgumentException>(() => new RegressionTrainer(network, 1, optimizer));
        Assert.StartsWith(message, e.Message);
        Assert.Equal(e.Message, Assert.Throws<ArgumentException>(() => MemoryUse.Of(network, 1, optimizer)).Message);
    }

    [Fact]
    public void An_optimizer_has_a_name_and_a_list_of_slots()
    {
        using var network = new LinearNetwork();
        var e = Assert.Throws<ArgumentException>(() => new RegressionTrainer(network, 1, new FreeOptimizer(c => { }) { Title = " " }));
        Assert.Equal("Name of the optimizer Strata.Runtime.Tests.FreeOptimizer is empty; checkpoints need one.", e.Message);
        e = Assert.Throws<ArgumentException>(() => new RegressionTrainer(network, 1, new FreeOptimizer(c => { }) { Slots = null! }));
        Assert.Equal("SlotNames of Free is null; an optimizer without slots has an empty list.", e.Message);
    }

    [Fact]
    public void Slots_are_those_of_when_the_trainer_was_created()
    {
        using var network = new LinearNetwork();
        var optimizer = new FreeOptimizer(c => c.Slot(c.Step == 1 ? 0 : 1).Fill(1), "a");
        using var trainer = new RegressionTrainer(network, 40, optimizer);
        trainer.Step(Samples, Targets);
        optimizer.Slots = ["a", "b"];
        var e = Assert.Throws<ArgumentOutOfRangeException>("index", () => trainer.Step(Samples, Targets));
        Assert.StartsWith("Free has no slot 1: when the trainer was created, its SlotNames were a.", e.Message);
        Assert.Equal(1, trainer.Steps);
        trainer.SaveCheckpoint(FilePath);
        using var second = new RegressionTrainer(network, 40, optimizer);
        Assert.Contains(
            "the checkpoint was made with the optimizer Free (a); here it is Free (a, b).",
            Assert.Throws<WeightsFormatException>(() => second.LoadCheckpoint(FilePath)).Message);
    }

    [Fact]
    public void A_checkpoint_of_another_optimizer_is_refused_by_name()
    {
        using var network = new LinearNetwork();
        using (var trainer = new RegressionTrainer(network, 40, new Lion(0.01)))
        {
            trainer.Step(Samples, Targets);
            trainer.SaveCheckpoint(FilePath);
        }

        using var lamb = new RegressionTrainer(network, 40, new Lamb(0.01));
        Assert.Contains(
            "the checkpoint was made with the optimizer Strata.Runtime.Tests.Lion (exp_avg); "
            + "here it is Strata.Runtime.Tests.Lamb (exp_avg, exp_avg_sq).",
            Assert.Throws<WeightsFormatException>(() => lamb.LoadCheckpoint(FilePath)).Message);

        // A class that has got another name says the one of before.
        using var renamed = new RegressionTrainer(
            network, 40, new FreeOptimizer(c => { }, "exp_avg") { Title = "Strata.Runtime.Tests.Lion" });
        renamed.LoadCheckpoint(FilePath);
        Assert.Equal(1, renamed.Steps);
    }

    [Fact]
    public void Norms_that_were_not_asked_for_are_refused_by_name()
    {
        using var network = new LinearNetwork();
        var reads = new (string Member, FreeOptimizer.Rule Read)[]
        {
            ("Direction", c => _ = c.Direction),
            ("ParameterNorm", c => _ = c.ParameterNorm),
            ("GradientNorm", c => _ = c.GradientNorm),
            ("DirectionNorm", c => _ = c.DirectionNorm),
        };
        foreach ((string member, FreeOptimizer.Rule read) in reads)
        {
            using var trainer = new RegressionTrainer(network, 40, new FreeOptimizer(read));
            var e = Assert.Throws<InvalidOperationException>(() => trainer.Step(Samples, Targets));
            Assert.Equal($"Free uses {member}, but its NeedsNorms is false; override it to be true.", e.Message);
            using var early = new RegressionTrainer(network, 40, new FreeOptimizer(read) { Norms = true, First = read });
            if (member != "Direction")
            {
                e = Assert.Throws<InvalidOperationException>(() => early.Step(Samples, Targets));
                Assert.Equal($"Free uses {member} in Prepare; norms are measured after it, for Update.", e.Message);
            }
        }
    }

    [Fact]
    public void One_object_serves_two_trainers()
    {
        using LinearNetwork first = new(), second = new();
        var shared = new Lamb(0.01);
        using RegressionTrainer firstTrainer = new(first, 40, shared), secondTrainer = new(second, 40, shared);
        for (int step = 0; step < 3; step++)
        {
            firstTrainer.Step(Samples, Targets);
            secondTrainer.Step(Samples, Targets);
        }

        Assert.Equal(first.Values(0), second.Values(0));
    }

    [Fact]
    public void A_schedule_sets_its_momentum()
    {
        var optimizer = new FreeOptimizer(c => { });
        Assert.Null(optimizer.Momentum);
        _ = new LearningRateScheduler(optimizer, Schedule.OneCycle(1, 10));
        Assert.Equal(0.95, optimizer.Momentum);
    }

    private static void Reference(string name, double[] p, double[] g, double[,] slots, bool isWeight, int step)
    {
        double decay = isWeight ? 0.1 : 0;
        for (int i = 0; i < p.Length && name == "lion"; i++)
        {
            double c = (0.9 * slots[0, i]) + (0.1 * g[i]);
            p[i] -= 0.01 * (Math.Sign(c) + (decay * p[i]));
            slots[0, i] = (0.99 * slots[0, i]) + (0.01 * g[i]);
        }

        double ratio = isWeight ? 0.02 * Norm(p) / (Norm(g) + (decay * Norm(p))) : 1;
        for (int i = 0; i < p.Length && name == "lars"; i++)
        {
            slots[0, i] = (0.9 * slots[0, i]) + (0.5 * ratio * (g[i] + (decay * p[i])));
            p[i] -= slots[0, i];
        }

        if (name == "lamb")
        {
            double[] r = new double[p.Length];
            for (int i = 0; i < p.Length; i++)
            {
                slots[0, i] = (0.9 * slots[0, i]) + (0.1 * g[i]);
                slots[1, i] = (0.999 * slots[1, i]) + (0.001 * g[i] * g[i]);
                double m = slots[0, i] / (1 - Math.Pow(0.9, step)), v = slots[1, i] / (1 - Math.Pow(0.999, step));
                r[i] = (m / (Math.Sqrt(v) + 1e-6)) + (decay * p[i]);
            }

            double trust = Norm(p) / Norm(r);
            for (int i = 0; i < p.Length; i++)
            {
                p[i] -= 0.01 * trust * r[i];
            }
        }

        static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));
    }

    private static Optimizer Make(string name, bool clips = false) => name switch
    {
        "lion" => new Lion(0.01) { WeightDecay = 0.1, DecayBiasesAndNorms = false, ClipNorm = clips ? 0.5 : null },
        "lars" => new Lars(0.5) { Trust = 0.02, WeightDecay = 0.1, DecayBiasesAndNorms = false, ClipNorm = clips ? 0.5 : null },
        _ => new Lamb(0.01) { WeightDecay = 0.1, DecayBiasesAndNorms = false, ClipValue = clips ? 0.1 : null },
    };

    private static OptimizerPass PassOf(CompiledNetwork network, Optimizer optimizer) =>
        new(network, optimizer, new DenseProducts(network.Program));

    private static Span<float> Floats(AlignedMemory memory) => MemoryMarshal.CreateSpan(ref memory.Reference, (int)memory.Length);

    private static double[] Doubles(float[] values) => [.. values.Select(v => (double)v)];

    private static float[] Values(Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    private static void Set(BulkNetwork network, int seed)
    {
        foreach (Parameter parameter in network.Parameters)
        {
            parameter.CopyFrom(LinearNetwork.Noise(parameter.Length, seed++));
        }
    }

    /// <summary>Sets the padding of gradients to 0, as kernels leave it.</summary>
    private static void ClearPadding(BulkNetwork network, AlignedMemory gradients)
    {
        float[][] values = [.. network.Parameters.Select(parameter =>
        {
            float[] own = new float[parameter.Length];
            parameter.Gather(gradients, 0, own);
            return own;
        })];
        Floats(gradients).Clear();
        foreach (Parameter parameter in network.Parameters)
        {
            parameter.Scatter(values[parameter.Index], 0, gradients);
        }
    }
}
