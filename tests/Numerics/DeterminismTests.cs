using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Data;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>The same seed gives the same bits, however many threads take part.</summary>
public class DeterminismTests
{
    private const int Batch = 70, Steps = 5;

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Inference_has_the_same_bits_for_any_number_of_threads(Isa isa)
    {
        foreach (OracleNetwork oracle in new[] { Models.LeNet5(), Models.Mixed(), Models.Branched() })
        {
            float[] inputs = Formula.Uniforms(1, Batch * oracle.Input.Length);
            float[]? expected = null;
            foreach (int threads in new[] { 1, 2, 3, 4 })
            {
                using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(isa, threads, seed: 3);
                Assert.Equal(threads, network.Threads);
                float[] outputs = new float[Batch * oracle.Output.Length];
                network.Forward(inputs, outputs);
                Compare.SameBits(expected ??= outputs, outputs, $"{threads} threads: output");
            }
        }
    }

    /// <summary>
    /// Branches, zeros that are written with a tensor, and zeros behind a layer whose last vectors reach into them; rows of loops that
    /// operators write, and moves between rows of pixels and lanes of channels; both directions of recurrent layers.
    /// </summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void One_sample_has_the_same_bits_for_any_number_of_threads(Isa isa)
    {
        const string Staged = """
            [Network]
            [Input(32, 101, 101), Conv2D(64, 1), LayerNorm(OverChannels = true), Conv2D(64, 3, Stride = 2, Padding = 1)]
            [Branch, Conv2D(32, 1), ReLU]
            [Branch, Conv2D(48, 1), ReLU, Conv2D(32, 3, Padding = 1)]
            [Branch, MaxPool2D(3, Stride = 1, Padding = 1), Conv2D(16, 1)]
            [Concat, GlobalAveragePool2D, Flatten, Dense(10)]
            public partial class Staged;
            """;
        const string Rows = """
            [Network]
            [Input(40, 61, 75), Conv2D(40, 3, Padding = 1), PReLU(PerChannel = true), Pad2D(2), Conv2D(40, 1), PReLU, Pad2D(3, Mode = PaddingMode.Reflect)]
            [Branch, Filter2D(Filter.SobelX, Padding = 1)]
            [Branch, GlobalAveragePool2D, Conv2D(40, 1), Sigmoid]
            [Multiply, Reshape(1, 40, 71, 85), Pad3D(0, PaddingBack = 5), Reshape(45, 71, 85), Conv2D(20, 3), MaxPool2D(4), Flatten, Dense(10)]
            public partial class Rows;
            """;
        const string Recurring = """
            [Network]
            [Input(64, 60), LSTM(250, Layers = 2, Bidirectional = true), GRU(120, Bidirectional = true)]
            [GlobalAveragePool1D, Flatten, Dense(10)]
            public partial class Recurring;
            """;
        CompiledNetworks types = NetworkCompiler.Compile([Staged, Rows, Recurring], "Shared");
        foreach ((string name, int length) in new[]
        {
            (nameof(Staged), 32 * 101 * 101), (nameof(Rows), 40 * 61 * 75), (nameof(Recurring), 64 * 60),
        })
        {
            float[] input = Formula.Uniforms(1, length);
            float[]? expected = null;
            foreach (int threads in new[] { 1, 2, 3, 8 })
            {
                using CompiledNetwork network = types[name].Create(isa, threads, seed: 3);
                Assert.True(network.Program.SharesSteps, "threads would not share steps");
                for (int call = 0; call < 8; call++)
                {
                    float[] output = new float[10];
                    network.Forward(input, output);
                    Compare.SameBits(expected ??= output, output, $"{name}, {threads} threads, call {call}: output");
                }
            }
        }
    }

    /// <summary>Heads of attention, products of matrices and rows, which threads share.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Training_of_attention_has_the_same_bits_for_any_number_of_threads(Isa isa)
    {
        const string Text = """
            [Network(TrainingLayout = TrainingLayout.Blocked)]
            [Input(48, 70), Conv1D(48, 1), Attention(3, Causal = true)]
            [Branch]
            [Branch, Conv1D(48, 1)]
            [Branch]
            [Branch, Param(3, 70, 70, Deviation = 1)]
            [ScaledDotProductAttention(Heads = 3)]
            [Branch, Conv1D(70, 1), Softmax(Axes = Axes.Width)]
            [Branch, Reshape(70, 48)]
            [MatMul, Flatten, Dense(10), CrossEntropy]
            public partial class Attended;
            """;
        CompiledType type = NetworkCompiler.Compile([Text], "Attended")["Attended"];
        Assert.True(type.SharedTrainingSteps(isa) > 10, "threads would not share steps");
        float[] inputs = Formula.Uniforms(3, Batch * 48 * 70);
        int[] classes = [.. Enumerable.Range(0, Batch).Select(i => i % 10)];
        List<float[]>? expected = null;
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using CompiledNetwork network = type.Create(isa, threads, seed: 3);
            using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, Batch, new Sgd(0.01));
            trainer.Step(inputs, classes);
            trainer.Step(inputs.AsSpan(0, 5 * 48 * 70), classes.AsSpan(0, 5));
            List<float[]> weights = Weights(network);
            expected ??= weights;
            foreach ((float[] one, float[] other) in expected.Zip(weights))
            {
                Compare.SameBits(one, other, $"{threads} threads: weights");
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Training_has_the_same_bits_for_any_number_of_threads(Isa isa)
    {
        foreach (OracleNetwork oracle in new[] { Models.LeNet5(), Models.Mixed(), Models.Branched() })
        {
            List<float[]>? expected = null;
            foreach (int threads in new[] { 1, 2, 3, 4 })
            {
                List<float[]> weights = Train(oracle, isa, threads, seed: 5);
                expected ??= weights;
                for (int k = 0; k < weights.Count; k++)
                {
                    Compare.SameBits(expected[k], weights[k], $"{threads} threads: {(k == 0 ? "losses" : oracle.Parameters[k - 1].Key)}");
                }
            }
        }
    }

    /// <summary>Blocks that take long enough for threads to share their steps: of one or few of them.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Few_samples_train_with_the_same_bits_for_any_number_of_threads(Isa isa)
    {
        const string Declaration = """
            [Network]
            [Input(3, 40, 40), Conv2D(32, 3, Stride = 2, Padding = 1), BatchNorm, ReLU, MaxPool2D(3, Stride = 2, Padding = 1)]
            [Branch, Conv2D(32, 1), Tanh, Conv2D(32, 3, Padding = 1, Groups = 32), InstanceNorm, PReLU(PerChannel = true)]
            [Branch, Conv2D(32, 3, Padding = 2, Dilation = 2), GELU, Dropout(0.2)]
            [Branch]
            [Add, AveragePool2D(2), ConvTranspose2D(24, 2, Stride = 2), LeakyReLU]
            [Branch, LocalResponseNorm(5), Upsample2D(2), AdaptiveAveragePool2D(7)]
            [Branch, L2Pool2D(4, Stride = 1), Softmax]
            [Concat, Flatten, Dense(50), ReLU, Dense(10), CrossEntropy]
            public partial class Shared;
            """;
        CompiledType type = NetworkCompiler.Compile([Declaration], "Shared")["Shared"];
        int lanes = isa.Lanes();
        Assert.True(type.SharedTrainingSteps(isa) > 10, "threads would not share steps");
        foreach (int samples in new[] { 1, lanes, (2 * lanes) + 1 })
        {
            List<float[]>? expected = null;
            string? message = null;
            foreach (int threads in new[] { 1, 2, 3, 8 })
            {
                using CompiledNetwork network = type.Create(isa, threads, seed: 3);
                using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, samples, new Sgd(0.05) { Momentum = 0.9 });
                float[] losses = new float[Steps];
                for (int step = 0; step < Steps; step++)
                {
                    losses[step] = trainer.Step(
                        Formula.Uniforms(20 + (ulong)step, samples * 3 * 40 * 40),
                        [.. Enumerable.Range(0, samples).Select(n => Formula.Class(40 + (ulong)step, n, 10))]);
                }

                // Shuffled, augmented, and with a last batch that is not full: threads gather the samples of a block that they share.
                int all = (2 * samples) + 1;
                trainer.Fit(
                    Formula.Uniforms(50, all * 3 * 40 * 40), Enumerable.Range(0, all).Select(n => Formula.Class(60, n, 10)).ToArray(),
                    new FitOptions
                    {
                        Epochs = 1,
                        MixUp = 0.4,
                        Augmentation = new Augmentation(new RandomHorizontalFlip(), new RandomCrop(2))
                    },
                    cancellationToken: TestContext.Current.CancellationToken);

                List<float[]> weights = [losses, .. Weights(network)];
                expected ??= weights;
                for (int k = 0; k < weights.Count; k++)
                {
                    Compare.SameBits(expected[k], weights[k],
                        $"{samples} samples, {threads} threads: {(k == 0 ? "losses" : network.Info.Parameters[k - 1].Key)}");
                }

                // The forward pass that looks for the layer at fault goes through the steps once more.
                string failure = Assert.Throws<TrainingException>(() => trainer.Step(
                    [.. Enumerable.Repeat(3e38f, samples * 3 * 40 * 40)], new int[samples])).Message;
                Assert.Contains("conv1", failure, StringComparison.Ordinal);
                message ??= failure;
                Assert.Equal(message, failure);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Training_twice_with_one_seed_has_the_same_bits_and_another_seed_has_others(Isa isa)
    {
        OracleNetwork oracle = Models.Mixed();
        List<float[]> first = Train(oracle, isa, 2, seed: 1), second = Train(oracle, isa, 2, seed: 1),
            third = Train(oracle, isa, 2, seed: 2);
        for (int k = 0; k < first.Count; k++)
        {
            Compare.SameBits(first[k], second[k], "second run");
        }

        Assert.NotEqual(first[0], third[0]);
    }

    [Fact]
    public void Every_tier_draws_the_same_weights()
    {
        foreach (OracleNetwork oracle in new[] { Models.LeNet5(), Models.Mixed(), Models.Branched() })
        {
            List<float[]>? expected = null;
            foreach (Isa isa in Tiers.Supported)
            {
                using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(isa, seed: 11);
                Assert.Equal(isa, network.Isa);
                List<float[]> weights = Weights(network);
                expected ??= weights;
                for (int k = 0; k < weights.Count; k++)
                {
                    Compare.SameBits(expected[k], weights[k], network.Parameters[k].Key);
                }
            }

            Assert.All(expected!, tensor => Assert.True(tensor.Distinct().Count() > 1));
        }
    }

    [Fact]
    public void Fresh_weights_have_the_bounds_of_PyTorch()
    {
        OracleNetwork oracle = Models.LeNet5();
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(seed: 11);
        for (int k = 0; k < oracle.Parameters.Count; k++)
        {
            // Both weight and bias: U(−1/√fan_in, 1/√fan_in), with the weight's fan-in.
            int weight = oracle.Parameters[k].Shape.Length == 1 ? k - 1 : k;
            double bound = 1 / Math.Sqrt(oracle.Parameters[weight].FanIn);
            float[] values = new float[network.Parameters[k].Length];
            network.Parameters[k].CopyTo(values);
            Assert.All(values, v => Assert.InRange(v, -bound * 1.000001, bound * 1.000001));
            if (values.Length >= 100)
            {
                Assert.True(values.Max() > 0.9 * bound && values.Min() < -0.9 * bound);
                Assert.Equal(0, values.Average(), 6 * bound / Math.Sqrt(3 * values.Length));
            }
        }
    }

    [Fact]
    public void Tiers_agree_on_the_weights_after_training_with_dropout()
    {
        // The same dropout in each tier: otherwise the weights would differ in the second digit.
        OracleNetwork oracle = Models.Mixed();
        List<float[]>? expected = null;
        foreach (Isa isa in Tiers.Supported)
        {
            List<float[]> weights = Train(oracle, isa, 2, seed: 9);
            expected ??= weights;
            for (int k = 0; k < weights.Count; k++)
            {
                for (int i = 0; i < weights[k].Length; i++)
                {
                    Assert.Equal(expected[k][i], weights[k][i], 1e-4f);
                }
            }
        }
    }

    /// <summary>The losses, then the weights.</summary>
    private static List<float[]> Train(OracleNetwork oracle, Isa isa, int threads, ulong seed)
    {
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(isa, threads, seed);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, Batch, new Sgd(0.05) { Momentum = 0.9 });
        float[] losses = new float[Steps];
        for (int step = 0; step < Steps; step++)
        {
            // The last batch is a partial one.
            int samples = step == Steps - 1 ? 37 : Batch;
            float[] inputs = Formula.Uniforms(20 + (ulong)step, samples * oracle.Input.Length);
            int[] targets = [.. Enumerable.Range(0, samples).Select(n => Formula.Class(40 + (ulong)step, n, oracle.Output.Length))];
            losses[step] = trainer.Step(inputs, targets);
        }

        return [losses, .. Weights(network)];
    }

    private static List<float[]> Weights(CompiledNetwork network) => [.. network.Parameters.Select(p =>
    {
        float[] values = new float[p.Length];
        p.CopyTo(values);
        return values;
    })];
}
