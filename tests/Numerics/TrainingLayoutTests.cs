using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Training with samples that lie apart, in blocks of channels, against training with samples in lanes: what they compute of everything
/// that has kernels of its own in blocks, with blocks of channels that are full and that are not. Each is checked
/// against the oracle elsewhere.
/// </summary>
public class TrainingLayoutTests
{
    private const int Steps = 2;

    /// <summary>So large that steps in a row go sample by sample.</summary>
    private const string LargeTensors = "tensors that leave the caches";

    private static readonly (string Name, int Inputs, string Layers)[] Cases =
    [
        ("strides", 3 * 46 * 43, """
            [Input(3, 46, 43), Conv2D(32, 7, Stride = 2, Padding = 3), Tanh]
            [Conv2D(20, 3, Stride = 2, Padding = 1), SiLU, Conv2D(36, 1, Stride = 3), Tanh]
            """),
        ("long sums and dilation", 5 * 40 * 37, """
            [Input(5, 40, 37), Conv2D(48, 3, Padding = 2, Dilation = 2), Tanh, Conv2D(48, 5, KernelWidth = 1, Padding = 0), Sigmoid, AveragePool2D(3, Stride = 2, Padding = 1)]
            """),
        ("depthwise", 24 * 30 * 29, """
            [Input(24, 30, 29), Conv2D(40, 1), SiLU, Conv2D(40, 3, Padding = 1, Groups = 40), Tanh, Conv2D(40, 5, Stride = 2, Padding = 2, Groups = 40, Bias = false), SiLU, Conv2D(24, 1)]
            """),
        ("depthwise with holes", 24 * 21 * 26, """
            [Input(24, 21, 26), Conv2D(40, 1), SiLU, Conv2D(40, 3, Padding = 2, Dilation = 2, Groups = 40), Tanh, Conv2D(40, 3, Stride = 2, Dilation = 3, Groups = 40, Bias = false), SiLU]
            [Conv2D(24, 3, Padding = 1, Stride = 2), Tanh, Conv2D(24, 3, Padding = 1, Groups = 24), SiLU]
            """),
        ("residual, batch norm, pooling", 16 * 17 * 19, """
            [Input(16, 17, 19), Conv2D(32, 3, Padding = 1, Bias = false, Name = "first"), BatchNorm, Tanh, MaxPool2D(3, Stride = 2, Padding = 1, Name = "pool")]
            [Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm, Tanh, Conv2D(32, 3, Padding = 1), BatchNorm, Add("bn3", "pool"), Tanh, GlobalAveragePool2D]
            """),
        ("branches, and layers that need lanes", 8 * 12 * 12, """
            [Input(8, 12, 12), Conv2D(24, 3, Padding = 1), PReLU]
            [Branch, Conv2D(32, 1), Tanh]
            [Branch, MaxPool2D(3, Stride = 1, Padding = 1), Conv2D(20, 3, Padding = 1, Groups = 4)]
            [Concat, GroupNorm(4), Conv2D(16, 3, Padding = 1), BatchNorm(Frozen = true), Dropout(0.25), Conv2D(16, 2, Stride = 2)]
            """),
        ("operators that write their loops", 20 * 10 * 9, """
            [Input(20, 10, 9), Conv2D(24, 3), PReLU, Upsample2D(2, Mode = UpsampleMode.Bilinear), Pad2D(1, Mode = PaddingMode.Reflect), Conv2D(20, 2)]
            [ConvTranspose2D(18, 3, Stride = 2), Tanh(Name = "gated"), AdaptiveAveragePool2D(3), Upsample2D(11), AdaptiveAveragePool2D(1), Conv2D(18, 1), Sigmoid(Name = "gate")]
            [Multiply("gated", "gate"), Conv2D(5, 4)]
            """),
        ("elements, channels and samples that are dropped", 5 * 10 * 9, """
            [Input(5, 10, 9), Conv2D(24, 3, Padding = 1), Dropout(0.25), Conv2D(20, 3, Padding = 1, Bias = false), BatchNorm, Tanh(Name = "in")]
            [Branch, Conv2D(40, 1), SpatialDropout(0.5), SiLU, Conv2D(20, 3, Padding = 1, Bias = false), BatchNorm, StochasticDepth(0.4)]
            [Branch, Conv2D(20, 1), StochasticDepth(0)]
            [Add, Tanh, Reshape(20, 3, 5, 6), Conv3D(18, 2), Dropout(0.1), SpatialDropout(0.2), StochasticDepth(0.2), Conv3D(16, 1)]
            """),
        ("groups that divide a vector", 32 * 30 * 27, """
            [Input(32, 30, 27), Conv2D(32, 3, Padding = 1, Groups = 8), Tanh, Conv2D(40, 1), SiLU, Conv2D(40, 3, Stride = 2, PaddingTop = 1, Groups = 20, Bias = false), BatchNorm, Tanh]
            [Conv2D(40, 3, Padding = 2, Dilation = 2, Groups = 10), SiLU, Conv2D(64, 1), Tanh, Conv2D(64, 5, KernelWidth = 1, StrideWidth = 2, Groups = 8)]
            """),
        ("groups that fill vectors", 64 * 11 * 9, """
            [Input(64, 11, 9), Conv2D(96, 1), Tanh, Conv2D(128, 3, Padding = 1, Groups = 2), BatchNorm, SiLU, Conv2D(64, 3, Stride = 2, Padding = 1, Groups = 4), Tanh]
            [ConvTranspose2D(32, 3, Stride = 2, Groups = 2), SiLU, ConvTranspose2D(32, 3, Groups = 16), Tanh, Conv2D(32, 1, Stride = 3, Groups = 8)]
            """),
        ("groups of odd sizes", 24 * 27 * 25, """
            [Input(24, 27, 25), Conv2D(40, 3, Padding = 1, Groups = 8), Tanh, Conv2D(40, 3, Stride = 2, PaddingTop = 1, Groups = 8, Bias = false), BatchNorm, SiLU]
            [Conv2D(80, 3, Padding = 2, Dilation = 2, Groups = 40), Tanh, MaxPool2D(2), Conv2D(48, 1), SiLU, Conv2D(48, 3, Padding = 1, Groups = 2), Tanh, Conv2D(24, 3, Padding = 1, Groups = 24)]
            """),
        ("groups of odd sizes, transposed", 24 * 9 * 10, """
            [Input(24, 9, 10), ConvTranspose2D(40, 3, Stride = 2, Groups = 8, Bias = false), Tanh, ConvTranspose2D(72, 2, Groups = 8), SiLU, Conv2D(84, 3, Stride = 3, Groups = 12), Tanh]
            [Conv2D(24, 3, Groups = 2, Padding = 1)]
            """),
        ("groups of odd sizes and dimensions", 21 * 60, """
            [Input(21, 60), Conv1D(35, 3, Groups = 7), Tanh, Conv1D(60, 7, Stride = 3, Padding = 4, Groups = 5), SiLU, Reshape(60, 2, 2, 5), Conv3D(40, 2, Padding = 1, Groups = 20), Tanh]
            [ConvTranspose3D(20, 2, Stride = 2, Groups = 4)]
            """),
        ("groups and dimensions", 24 * 412, """
            [Input(24, 412), Conv1D(32, 3), Tanh, Conv1D(32, 7, Stride = 3, Padding = 4, Groups = 16), SiLU, Reshape(32, 3, 2, 23), Conv3D(32, 2, Padding = 1, Groups = 8)]
            """),
        ("volumes", 3 * 7 * 12 * 13, """
            [Input(3, 7, 12, 13), Conv3D(20, 3, Padding = 1), BatchNorm, Tanh, Conv3D(24, 3, Stride = 2, Padding = 1), SiLU, MaxPool3D(2, Stride = 1)]
            [Conv3D(24, 3, KernelDepth = 1, Padding = 2, PaddingDepth = 0, Dilation = 2), Tanh, Conv3D(24, 3, Padding = 1, Groups = 24), SiLU, AveragePool3D(2, Stride = 1), Conv3D(18, 1, Stride = 2)]
            """),
        ("volumes, steps of an axis", 4 * 9 * 11 * 10, """
            [Input(4, 9, 11, 10), Conv3D(32, 3, StrideDepth = 3, PaddingHeight = 1), SiLU, Conv3D(16, 2, DilationDepth = 2, StrideWidth = 2, PaddingDepth = 1, Bias = false), BatchNorm, Tanh(Name = "in")]
            [Conv3D(16, 3, Padding = 1), Add("conv3", "in"), ConvTranspose3D(20, 2, Stride = 2), Tanh, Conv3D(16, 4, StrideDepth = 4, StrideHeight = 3)]
            """),
        ("long sums of a volume", 8 * 6 * 40 * 33, "[Input(8, 6, 40, 33), Conv3D(16, 3, Padding = 1), Tanh, AveragePool3D(2, Stride = 4)]"),
        ("a row of more products than one sum", 4 * 2100,
            "[Input(4, 2100), Conv1D(20, 5), Tanh, Conv1D(16, 1, Stride = 2), AveragePool1D(50)]"),
        ("joined channels that begin and end inside of blocks", 20 * 10 * 9, """
            [Input(20, 10, 9), Conv2D(21, 3, Padding = 1), Tanh]
            [Branch, Conv2D(19, 1), Tanh]
            [Branch]
            [Branch, Conv2D(32, 3, Padding = 1), Tanh]
            [Branch, Conv2D(3, 1), Tanh]
            [Branch, Conv2D(16, 1), Tanh]
            [Concat, Conv2D(20, 3, Padding = 1), Tanh]
            """),
        ("pixels in channels", 3 * 62 * 61,
            "[Input(3, 62, 61), Conv2D(48, 7, Stride = 2, Padding = 3, Bias = false), BatchNorm, Tanh, AveragePool2D(3, "
            + "Stride = 2, Padding = 1), Conv2D(16, 4)]"),
        ("pixels in channels behind an activation", 3 * 62 * 61,
            "[Input(3, 62, 61), BatchNorm, ReLU, Conv2D(48, 7, Stride = 2, Padding = 3), Tanh, AveragePool2D(3, Stride = 2, Padding = 1)]"),
        ("pixels in channels behind a convolution", 3 * 62 * 61,
            "[Input(3, 62, 61), Conv2D(3, 3, Padding = 1), Tanh, Conv2D(48, 7, Stride = 2, Padding = 3), Tanh, "
            + "AveragePool2D(3, Stride = 2, Padding = 1)]"),
        ("pixels in channels behind others", 2 * 94 * 87,
            "[Input(2, 94, 87), BatchNorm, SiLU, Conv2D(40, 11, Stride = 4, Padding = 2), Tanh, AveragePool2D(2), Conv2D(16, 3)]"),
        (LargeTensors, 3 * 144 * 144, """
            [Input(3, 144, 144), Conv2D(24, 3, Padding = 1, Bias = false), BatchNorm, Tanh, Conv2D(20, 1, Bias = false), BatchNorm, Tanh, Conv2D(8, 3, Stride = 2), BatchNorm, Tanh, AveragePool2D(13)]
            """),
        ("weights that lie in the order of rows", 3 * 32 * 32, """
            [Input(3, 32, 32), Conv2D(64, 5, Padding = 2), Tanh, MaxPool2D(2), Conv2D(32, 3, Stride = 2), SiLU]
            """),
        ("one dimension", 20 * 700, "[Input(20, 700), Conv1D(33, 9, Stride = 4), BatchNorm, Tanh, MaxPool1D(2), Conv1D(17, 3)]"),
    ];

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [.. from c in Cases.Select((c, i) => (c.Layers, Number: i))
            from layout in new[] { TrainingLayout.SampleLanes, TrainingLayout.Blocked }
            select $"[Network(InputGradient = true, TrainingLayout = TrainingLayout.{layout})]\n{c.Layers}\n[Flatten, Dense(10), "
                + $"CrossEntropy]\npublic partial class {layout}{c.Number};"],
        "TrainingLayouts"));

    public static TheoryData<Isa, int> TiersAndCases =>
        [.. from isa in Tiers.Supported from i in Enumerable.Range(0, Cases.Length) select (isa, i)];

    [Theory]
    [MemberData(nameof(TiersAndCases))]
    public void Both_layouts_compute_the_same_losses_and_gradients(Isa isa, int number)
    {
        int lanes = isa.Lanes();
        CompiledType blocked = Compiled.Value[$"Blocked{number}"], inLanes = Compiled.Value[$"SampleLanes{number}"];
        Assert.True(blocked.Program(isa).TrainingSampleLength > 0, $"{Cases[number].Name}: nothing lies in blocks");
        Assert.Equal(0, inLanes.Program(isa).TrainingSampleLength);
        Assert.True(blocked.Program(isa).GoesBySample || Cases[number].Name != LargeTensors);
        foreach (int batch in new[] { 2, lanes - 1, lanes + 1, (2 * lanes) + 1 })
        {
            (float[] losses, List<float[]> gradients) = Train(inLanes, isa, number, batch, threads: 1);
            (float[] losses2, List<float[]> gradients2) = Train(blocked, isa, number, batch, threads: 1);
            for (int i = 0; i < Steps; i++)
            {
                Assert.InRange(losses2[i], losses[i] - (1e-5f * losses[i]), losses[i] + (1e-5f * losses[i]));
            }

            // Relative to the largest of each gradient: a sum over all pixels and samples, added in another order.
            for (int i = 0; i < gradients.Count; i++)
            {
                float largest = gradients.Max(g => g.Max(Math.Abs)), own = gradients[i].Max(Math.Abs);
                float allowed = (1e-4f * own) + (1e-6f * largest),
                    difference = gradients[i].Zip(gradients2[i], (a, b) => Math.Abs(a - b)).Max();
                Assert.True(difference <= allowed, $"{Cases[number].Name}, {isa}, batch {batch}, gradient {i}: {difference} of {own}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(TiersAndCases))]
    public void Blocks_have_the_same_bits_for_any_number_of_threads(Isa isa, int number)
    {
        CompiledType type = Compiled.Value[$"Blocked{number}"];
        Assert.True(type.SharedTrainingSteps(isa) > 0,
            $"{Cases[number].Name}: a block takes too little time for threads to share its steps");
        foreach (int batch in new[] { 3, isa.Lanes() + 2 })
        {
            (float[] losses, List<float[]> gradients) = Train(type, isa, number, batch, threads: 1);
            foreach (int threads in new[] { 2, 3, 8 })
            {
                (float[] losses2, List<float[]> gradients2) = Train(type, isa, number, batch, threads);
                Compare.SameBits(losses, losses2, $"{threads} threads: losses");
                for (int i = 0; i < gradients.Count; i++)
                {
                    Compare.SameBits(gradients[i], gradients2[i], $"{threads} threads: gradient {i}");
                }
            }
        }
    }

    /// <summary>A trainer of one block sums its gradients in their place, and one of several blocks in a slot.</summary>
    [Theory]
    [MemberData(nameof(TiersAndCases))]
    public void A_batch_has_the_same_bits_in_trainers_of_any_batch_size(Isa isa, int number)
    {
        const int Batch = 3;
        foreach (CompiledType type in new[] { Compiled.Value[$"Blocked{number}"], Compiled.Value[$"SampleLanes{number}"] })
        {
            List<float[]> expected = Accumulate(type, isa, Batch, isa.Lanes() + 1);
            foreach ((float[] values, int i) in Accumulate(type, isa, Batch, Batch).Select((values, i) => (values, i)))
            {
                Compare.SameBits(expected[i], values, $"{Cases[number].Name}, {isa}: parameter {i}");
            }
        }
    }

    [Fact]
    public void A_later_batch_may_be_larger_than_the_first()
    {
        using CompiledNetwork network = Compiled.Value["Blocked4"].Create(Tiers.Supported[0], threads: 2);
        using Trainer trainer = CompiledType.CreateTrainer(network, 40, new Sgd(0.01f));
        foreach (int batch in new[] { 2, 40, 3, 17 })
        {
            Assert.True(float.IsFinite(Step(trainer, network, batch)));
        }
    }

    /// <summary>The parameters behind two steps, each with the gradients of two parts.</summary>
    private static List<float[]> Accumulate(CompiledType type, Isa isa, int batch, int batchSize)
    {
        using CompiledNetwork network = type.Create(isa, threads: 2, seed: 11);
        network.Initialize(5);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, batchSize, new Sgd(0.02f) { Momentum = 0.5f });
        int[] classes = [.. Enumerable.Range(0, batch).Select(n => Formula.Class(6, n, 10))];
        for (int i = 0; i < 4; i++)
        {
            trainer.AccumulateGradients(Formula.Uniforms(5 + (ulong)i, batch * network.InputLength), classes);
            if (i % 2 == 1)
            {
                trainer.Update();
            }
        }

        return [.. network.Parameters.Select(parameter =>
        {
            float[] values = new float[parameter.Length];
            parameter.CopyTo(values);
            return values;
        })];
    }

    private static float Step(Trainer trainer, CompiledNetwork network, int batch) =>
        ((ClassificationTrainer)trainer).Step(Formula.Uniforms(5, batch * network.InputLength),
            [.. Enumerable.Range(0, batch).Select(n => Formula.Class(6, n, 10))]);

    /// <summary>Losses of some steps, and the gradients of the last.</summary>
    private static (float[] Losses, List<float[]> Gradients) Train(CompiledType type, Isa isa, int number, int batch, int threads)
    {
        using CompiledNetwork network = type.Create(isa, threads, seed: 11);
        network.Initialize(5);
        Assert.Equal(Cases[number].Inputs, network.InputLength);
        using Trainer trainer = CompiledType.CreateTrainer(network, batch, new Sgd(0.02f) { Momentum = 0.5f });
        float[] losses = [.. Enumerable.Range(0, Steps).Select(_ => Step(trainer, network, batch))];
        var gradients = new List<float[]>();
        foreach (Parameter parameter in network.Parameters.Where(p => p.IsTrainable))
        {
            float[] gradient = new float[parameter.Length];
            trainer.CopyGradientTo(parameter, gradient);
            gradients.Add(gradient);
        }

        return (losses, gradients);
    }
}
