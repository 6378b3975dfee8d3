using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Which samples go past a residual branch in training, and what is left of the others; the numbers behind it are compared
/// with the oracle elsewhere.
/// </summary>
public sealed class StochasticDepthTests
{
    private const int Inputs = 3 * 5 * 4, Branch = 20 * 5 * 4, Samples = 4000;

    private const double Rate = 0.3;

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [
            .. new[] { TrainingLayout.SampleLanes, TrainingLayout.Blocked }.Select(layout => $"""
                [Network(TrainingLayout = TrainingLayout.{layout})]
                [Input(3, 5, 4), Conv2D(20, 1), Output("before"), StochasticDepth(0.3), Output("behind"), Conv2D(2, 1), MeanSquaredError]
                public partial class {layout};
                """),
            .. new[] { ("Plain", ""), ("Deep", ", StochasticDepth(0.3)") }.Select(c => $"""
                [Network]
                [Input(3, 5, 4), Conv2D(20, 3, Padding = 1, Bias = false), BatchNorm, SiLU]
                [Branch, Conv2D(20, 3, Padding = 1, Groups = 20, Bias = false), BatchNorm, SiLU, Conv2D(20, 1, Bias = false), BatchNorm{c.Item2}]
                [Branch]
                [Add, Branch, Conv2D(20, 3, Padding = 1), BatchNorm{c.Item2}]
                [Branch, Shortcut(20, Stride = 1)]
                [Add, ReLU, GlobalAveragePool2D, Flatten{c.Item2}, Dense(4), CrossEntropy]
                public partial class {c.Item1};
                """),
        ],
        "StochasticDepth"));

    public static TheoryData<TrainingLayout, Isa> LayoutsAndTiers =>
        [.. from layout in new[] { TrainingLayout.SampleLanes, TrainingLayout.Blocked } from isa in Tiers.Supported select (layout, isa)];

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(LayoutsAndTiers))]
    public void A_share_of_the_samples_is_zero_and_the_others_are_scaled(TrainingLayout layout, Isa isa)
    {
        int dropped = 0;
        double before = 0, behind = 0;
        foreach ((float[] x, float[] y) in Forward(layout, isa, threads: 2, Samples))
        {
            bool isDropped = y[0] == 0;
            dropped += isDropped ? 1 : 0;
            Assert.Equal(x.Select(value => isDropped ? 0 : value * (float)(1 / (1 - Rate))), y);
            before += x.Sum();
            behind += y.Sum();
        }

        // Six standard deviations of a binomial; the mean of what is left is that of the input, as far as the share is.
        double deviation = Math.Sqrt(Rate * (1 - Rate) / Samples);
        Assert.InRange((double)dropped / Samples, Rate - (6 * deviation), Rate + (6 * deviation));
        Assert.InRange(behind / before, 1 - (8 * deviation / (1 - Rate)), 1 + (8 * deviation / (1 - Rate)));
    }

    [Fact]
    public void Which_samples_are_dropped_depends_neither_on_the_tier_nor_on_threads_nor_on_the_layout_nor_on_the_samples_behind_them()
    {
        bool[] expected = [.. Dropped(TrainingLayout.SampleLanes, Tiers.Supported[0], threads: 1, 77)];
        Assert.Contains(true, expected);
        foreach (TrainingLayout layout in new[] { TrainingLayout.SampleLanes, TrainingLayout.Blocked })
        {
            foreach (Isa isa in Tiers.Supported)
            {
                foreach ((int threads, int samples) in new[] { (1, 77), (3, 77), (2, 5), (8, 1), (1, 30) })
                {
                    Assert.Equal(expected[..samples], Dropped(layout, isa, threads, samples));
                }
            }
        }
    }

    [Fact]
    public void Each_pass_draws_again()
    {
        using CompiledNetwork network = Compiled.Value["Blocked"].Create(threads: 1, seed: 5);
        using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, 40, new Sgd(0.1));
        bool[][] passes =
            [.. Enumerable.Range(0, 3).Select(_ => Pass(trainer, network, 40).Select(sample => sample.Behind[0] == 0).ToArray())];
        Assert.Equal(3, passes.Select(pass => string.Concat(pass)).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Inference_has_the_bits_of_the_network_without_it(Isa isa)
    {
        foreach (int samples in new[] { 1, 19 })
        {
            float[][] outputs = [.. new[] { "Plain", "Deep" }.Select(name =>
            {
                using CompiledNetwork network = Compiled.Value[name].Create(isa, seed: 11);
                float[] output = new float[samples * 4];
                network.Forward(Formula.Uniforms(1, samples * Inputs), output);
                return output;
            })];
            Compare.SameBits(outputs[0], outputs[1], $"{samples} samples");
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_residual_network_learns_with_it(Isa isa)
    {
        const int Count = 48;
        using CompiledNetwork network = Compiled.Value["Deep"].Create(isa, threads: 2, seed: 3);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, Count, new Adam(0.01));
        float[] inputs = Formula.Uniforms(1, Count * Inputs);
        int[] classes = [.. Enumerable.Range(0, Count).Select(n => Formula.Class(2, n, 4))];
        double first = Enumerable.Range(0, 5).Average(_ => trainer.Step(inputs, classes));
        for (int i = 0; i < 60; i++)
        {
            trainer.Step(inputs, classes);
        }

        Assert.InRange(Enumerable.Range(0, 5).Average(_ => trainer.Step(inputs, classes)), 0, 0.8 * first);
    }

    private static IEnumerable<bool> Dropped(TrainingLayout layout, Isa isa, int threads, int samples) =>
        Forward(layout, isa, threads, samples).Select(sample => sample.Behind.All(value => value == 0));

    /// <summary>What the branch has before and behind it, of each sample of the first pass.</summary>
    private static List<(float[] Before, float[] Behind)> Forward(TrainingLayout layout, Isa isa, int threads, int samples)
    {
        using CompiledNetwork network = Compiled.Value[$"{layout}"].Create(isa, threads, seed: 5);
        Assert.Equal(layout == TrainingLayout.Blocked, network.Program.TrainingSampleLength > 0);
        using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, samples, new Sgd(0.1));
        return Pass(trainer, network, samples);
    }

    private static List<(float[] Before, float[] Behind)> Pass(RegressionTrainer trainer, CompiledNetwork network, int samples)
    {
        float[] outputs = new float[samples * network.OutputLength];
        trainer.Forward(Formula.Uniforms(1, samples * Inputs), outputs);
        return [.. outputs.Chunk(network.OutputLength).Select(output => (output[..Branch], output[Branch..(2 * Branch)]))];
    }
}
