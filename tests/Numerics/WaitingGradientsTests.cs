using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// <c>Step</c> computes the gradients of large dense weights a part at a time, when the optimizer uses them; <c>ComputeGradients</c> and
/// <c>Update</c>, one after the other, have all of them in between. Both have to end at the same weights.
/// </summary>
public sealed class WaitingGradientsTests
{
    private const int Classes = 7, Steps = 3;

    private static readonly CompiledNetworks Types = NetworkCompiler.Compile(
        [
            // Two large layers, one behind the other, whose outputs fill no panel, and a small one.
            $"[Network, Input(1103), Dense(601), ReLU, Dense(907), Tanh, Dense({Classes}), CrossEntropy] public partial class Lanes;",
            $"""
            [Network(TrainingLayout = TrainingLayout.Blocked), Input(16, 15, 17), Conv2D(16, 3, Padding = 1), BatchNorm, ReLU, MaxPool2D(2), Flatten]
            [Dense(640), ReLU, Dropout(0.5), Dense({Classes}), CrossEntropy] public partial class Blocks;
            """,
        ],
        "WaitingGradients");

    private static readonly (string Name, Func<Optimizer> Make)[] Optimizers =
    [
        ("SGD", () => new Sgd(0.05)),
        ("momentum and groups", () => new Sgd(0.05)
        {
            Momentum = 0.9, WeightDecay = 1e-3, Groups = [new ParameterGroup("dense1.weight") { RateMultiplier = 0.5, WeightDecay = 0.01 }],
        }),
        ("AdamW", () => new AdamW(1e-3) { DecayBiasesAndNorms = false }),
        ("clipped values", () => new Adam(1e-3) { ClipValue = 1e-3 }),
    ];

    public static TheoryData<Isa, string> All =>
        [.. from isa in Tiers.Supported from name in new[] { "Lanes", "Blocks" } select (isa, name)];

    public static TheoryData<Isa> EveryTier => [.. Tiers.Supported];

    [Theory]
    [MemberData(nameof(All))]
    public void Steps_end_at_the_same_bits_as_gradients_and_updates(Isa isa, string name)
    {
        foreach ((string optimizer, Func<Optimizer> make) in Optimizers)
        {
            // Of one block, of several, and one beyond which nothing waits.
            foreach (int samples in new[] { 1, 3, isa.Lanes(), 21, 32, 33 })
            {
                float[] expected = Train(isa, name, make(), samples, threads: 1, inOne: false);
                foreach (int threads in new[] { 1, 2, 3 })
                {
                    Compare.SameBits(expected, Train(isa, name, make(), samples, threads, inOne: true),
                        $"{optimizer}, {samples} samples, {threads} threads");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_norm_of_gradients_that_wait_is_that_of_those_that_are_there(Isa isa, string name)
    {
        foreach (int samples in new[] { 1, 5, 32 })
        {
            using CompiledNetwork network = Types[name].Create(isa, threads: 2, seed: 3);
            using ClassificationTrainer trainer = TrainerOf(network, samples, new Sgd(0));
            (float[] x, int[] y) = Data(network, samples);
            trainer.Step(x, y);
            double waited = trainer.GradientNorm, sum = 0;
            foreach (Parameter parameter in network.Parameters.Where(p => p.IsTrainable))
            {
                sum += ParameterValues.GradientOf(trainer, parameter).Sum(g => (double)g * g);
            }

            Assert.Equal(1, waited / Math.Sqrt(sum), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Clipping_by_the_norm_scales_them_and_what_is_read_of_them(Isa isa, string name)
    {
        const double Limit = 0.01;
        using CompiledNetwork network = Types[name].Create(isa, threads: 2, seed: 3), other = Types[name].Create(isa, threads: 1, seed: 3);
        using ClassificationTrainer trainer = TrainerOf(network, 5, new Sgd(0.5) { ClipNorm = Limit }),
            others = TrainerOf(other, 5, new Sgd(0.5) { ClipNorm = Limit });
        (float[] x, int[] y) = Data(network, 5);
        trainer.Step(x, y);
        others.ComputeGradients(x, y);
        others.Update();
        Assert.True(trainer.GradientNorm > 2 * Limit, $"{trainer.GradientNorm}");
        double sum = 0;
        foreach ((Parameter parameter, Parameter expected) in network.Parameters.Zip(other.Parameters)
            .Where(pair => pair.First.IsTrainable))
        {
            float[] gradient = ParameterValues.GradientOf(trainer, parameter);
            sum += gradient.Sum(g => (double)g * g);
            Assert.All(gradient.Zip(ParameterValues.GradientOf(others, expected)),
                pair => Assert.Equal(pair.Second, pair.First, Math.Abs(1e-5f * pair.Second)));
            Assert.All(
                ParameterValues.Values(parameter).Zip(ParameterValues.Values(expected)),
                pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        }

        Assert.Equal(Limit, Math.Sqrt(sum), 1e-3 * Limit);
    }

    /// <summary>An update that might leave the range of floats computes them beforehand, and clips all gradients afterwards.</summary>
    [Theory]
    [MemberData(nameof(EveryTier))]
    public void They_are_clipped_once_if_the_update_might_have_to_be_undone(Isa isa)
    {
        float[] AfterStep(float first)
        {
            using CompiledNetwork network = Types["Lanes"].Create(isa, seed: 3);
            using ClassificationTrainer trainer = TrainerOf(network, 2, new Sgd(1e38) { ClipNorm = 1 });
            (float[] x, int[] y) = Data(network, 2);
            (x[0], x[network.InputLength]) = (0, 0);
            Parameter weight = network.Parameters[0];
            float[] values = ParameterValues.Values(weight);
            values[0] = first;
            weight.CopyFrom(values);
            trainer.Step(x, y);
            Assert.True(trainer.GradientNorm > 1.1, $"{trainer.GradientNorm}");
            return Weights(network);
        }

        float[] safe = AfterStep(0), other = AfterStep(3e38f);
        Assert.Equal(3e38f, other[0]);
        Assert.All(safe.Zip(other).Skip(1), pair => Assert.Equal(pair.First, pair.Second, Math.Abs(1e-5f * pair.First)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void They_can_be_read_until_the_next_gradients(Isa isa, string name)
    {
        using CompiledNetwork network = Types[name].Create(isa, threads: 2, seed: 3), other = Types[name].Create(isa, threads: 1, seed: 3);
        using ClassificationTrainer trainer = TrainerOf(network, 9, new Sgd(0.5)), others = TrainerOf(other, 9, new Sgd(0.5));
        (float[] x, int[] y) = Data(network, 9);
        trainer.Step(x, y);
        others.ComputeGradients(x, y);

        // A pass of one's own takes the place of what they are computed from.
        foreach (ClassificationTrainer each in new[] { trainer, others })
        {
            each.Forward(x.AsSpan(0, 2 * network.InputLength), new float[2 * network.OutputLength]);
        }

        SameGradients(trainer, others, "behind a pass");

        // Gradients that are accumulated have to be there.
        trainer.Step(x, y);
        others.Update();
        others.ComputeGradients(x, y);
        SameGradients(trainer, others, "of another step");
        others.Update();
        foreach (ClassificationTrainer each in new[] { trainer, others })
        {
            each.AccumulateGradients(x.AsSpan(0, 4 * network.InputLength), y.AsSpan(0, 4));
            each.AccumulateGradients(x.AsSpan(4 * network.InputLength), y.AsSpan(4));
        }

        SameGradients(trainer, others, "accumulated");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_step_whose_gradients_leave_the_range_of_floats_changes_nothing(Isa isa, string name)
    {
        using CompiledNetwork network = Types[name].Create(isa, threads: 2, seed: 3);
        using ClassificationTrainer trainer = TrainerOf(network, 8, new Sgd(0.1) { Momentum = 0.9 });
        (float[] x, int[] y) = Data(network, 8);
        trainer.Step(x, y);

        // The first large layer's inputs are finite, and the gradients of its outputs are, but not their products.
        Scale("dense1.weight", 1e-14f);
        Scale(network.Parameters[^2].Key, 1e30f);
        if (name == "Blocks")
        {
            Scale("bn1.weight", 1e14f);
            Scale("bn1.bias", 1e14f);
        }
        else
        {
            x = [.. x.Select(value => value * 1e14f)];
        }

        // Classes that it has not just learned.
        int[] others = [.. y.Select(label => (label + 1) % Classes)];
        float[] before = Weights(network);
        TrainingException e = Assert.Throws<TrainingException>(() => trainer.Step(x, others));
        Assert.Contains("the gradient of 'dense1.weight' holds", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, trainer.Steps);
        Compare.SameBits(before, Weights(network), "weights");

        void Scale(string key, float factor) => ScaleWeights(network, key, factor);
    }

    [Theory]
    [MemberData(nameof(EveryTier))]
    public void A_failure_names_a_layer_of_its_own_step_and_none_of_an_earlier_one(Isa isa)
    {
        using CompiledNetwork network = Types["Blocks"].Create(isa, threads: 2, seed: 3);
        using ClassificationTrainer trainer = TrainerOf(network, 8, new Sgd(0.1));
        (float[] x, int[] y) = Data(network, 8);
        float[][] weights = [.. network.Parameters.Select(ParameterValues.Values)];

        // Finite inputs and output gradients of the large layer, whose products are not.
        ScaleWeights(network, "dense1.weight", 1e-14f);
        ScaleWeights(network, "dense2.weight", 1e30f);
        ScaleWeights(network, "bn1.weight", 1e14f);
        Assert.Contains("the gradient of 'dense1.weight' holds", Assert.Throws<TrainingException>(() => trainer.Step(x, y)).Message,
            StringComparison.Ordinal);

        // The same for the convolution, while the large layer's gradient is finite, and waits.
        foreach ((Parameter parameter, float[] values) in network.Parameters.Zip(weights))
        {
            parameter.CopyFrom(values);
        }

        x = [.. x.Select(value => value * 1e14f)];
        ScaleWeights(network, "conv1.weight", 1e-16f);
        ScaleWeights(network, "bn1.weight", 1e26f);
        TrainingException e = Assert.Throws<TrainingException>(() => trainer.Step(x, y));
        Assert.Contains("the gradient of 'conv1.weight' holds", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Their_steps_allocate_nothing(Isa isa, string name)
    {
        using CompiledNetwork network = Types[name].Create(isa, threads: 1, seed: 3);
        using ClassificationTrainer trainer = TrainerOf(network, 5, new Sgd(0.1) { Momentum = 0.9 });
        (float[] x, int[] y) = Data(network, 5);
        trainer.Step(x, y);
        trainer.Step(x, y);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5; i++)
        {
            trainer.Step(x, y);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void SameGradients(ClassificationTrainer trainer, ClassificationTrainer others, string what)
    {
        foreach ((Parameter one, Parameter other) in trainer.Network.Parameters.Zip(others.Network.Parameters)
            .Where(pair => pair.First.IsTrainable))
        {
            Compare.SameBits(ParameterValues.GradientOf(others, other), ParameterValues.GradientOf(trainer, one), $"{what}: {one.Key}");
        }
    }

    private static float[] Train(Isa isa, string name, Optimizer optimizer, int samples, int threads, bool inOne)
    {
        using CompiledNetwork network = Types[name].Create(isa, threads, seed: 3);
        using ClassificationTrainer trainer = TrainerOf(network, samples, optimizer);
        (float[] x, int[] y) = Data(network, samples);
        for (int step = 0; step < Steps; step++)
        {
            if (inOne)
            {
                trainer.Step(x, y);
            }
            else
            {
                trainer.ComputeGradients(x, y);
                trainer.Update();
            }
        }

        return Weights(network);
    }

    private static void ScaleWeights(CompiledNetwork network, string key, float factor)
    {
        Parameter parameter = network.Parameters.Single(p => p.Key == key);
        parameter.CopyFrom([.. ParameterValues.Values(parameter).Select(value => value * factor)]);
    }

    private static ClassificationTrainer TrainerOf(CompiledNetwork network, int samples, Optimizer optimizer) =>
        (ClassificationTrainer)CompiledType.CreateTrainer(network, samples, optimizer);

    private static float[] Weights(CompiledNetwork network) => [.. network.Parameters.SelectMany(ParameterValues.Values)];

    private static (float[] X, int[] Y) Data(CompiledNetwork network, int samples) =>
        (Formula.Uniforms(8, samples * network.InputLength), [.. Enumerable.Range(0, samples).Select(n => Formula.Class(6, n, Classes))]);
}
