using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Training that computes tensors again in backward, against training that keeps them: less memory, and the same bits.</summary>
public sealed class RecomputationTests
{
    private const int Steps = 3;

    private static readonly (string Name, string Layers)[] Cases =
    [
        ("residual blocks", """
            [Input(16, 17, 19), Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm, ReLU, MaxPool2D(3, Stride = 2, Padding = 1, Name = "pool")]
            [Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm, Add("bn3", "pool"), ReLU(Name = "sum")]
            [Conv2D(32, 1), BatchNorm, SiLU, Conv2D(32, 3, Padding = 1), BatchNorm(Frozen = true), Add("bn5", "sum"), ReLU, GlobalAveragePool2D]
            """),
        ("dense connections", """
            [Input(16, 12, 12), Conv2D(32, 3, Padding = 1, Name = "a"), BatchNorm, ReLU, Conv2D(16, 3, Padding = 1, Name = "b"), Concat("a", "b", Name = "ab")]
            [BatchNorm, ReLU, Conv2D(16, 3, Padding = 1, Name = "c"), Concat("ab", "c"), BatchNorm, Tanh, AveragePool2D(2)]
            """),
        ("random bits, and layers that write their loops", """
            [Input(5, 10, 9), Conv2D(24, 3, Padding = 1), PReLU(PerChannel = true), Dropout(0.25), Conv2D(20, 3, Padding = 1, Bias = false), BatchNorm, GELU(Name = "in")]
            [Branch, Conv2D(40, 1), SpatialDropout(0.5), SiLU, Conv2D(20, 3, Padding = 1, Bias = false), BatchNorm, StochasticDepth(0.4)]
            [Branch, Upsample2D(2), Pad2D(1, Mode = PaddingMode.Reflect), Conv2D(20, 4, Stride = 2)]
            [Add, GroupNorm(4), Mish, ConvTranspose2D(18, 3, Stride = 2), LocalResponseNorm(3), Tanh, AdaptiveAveragePool2D(3)]
            """),
        ("softmaxes with scratch memory, twice", """
            [Input(6, 9, 21), Conv2D(18, 3, Padding = 1), BatchNorm, Softmax(Axes = Axes.Width)]
            [Conv2D(20, 1), BatchNorm, Tanh, Softmax(Axes = Axes.Width), Conv2D(20, 1), BatchNorm, Tanh]
            """),
        ("volumes", "[Input(4, 6, 7, 5), Conv3D(18, 3, Padding = 1), BatchNorm, ReLU, Conv3D(16, 2), BatchNorm, Sigmoid, MaxPool3D(2)]"),
    ];

    private static readonly TrainingLayout[] Layouts = [TrainingLayout.SampleLanes, TrainingLayout.Blocked];

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [.. from c in Cases.Select((c, i) => (c.Layers, Number: i))
            from layout in Layouts
            from recompute in new[] { "false", "true" }
            select $"""
                [Network(InputGradient = true, TrainingLayout = TrainingLayout.{layout}, Recompute = {recompute})]
                {c.Layers}
                [Flatten, Dense(20), ReLU, Dropout(0.5), Dense(10), CrossEntropy]
                public partial class {layout}{recompute}{c.Number};
                """],
        "Recomputation"));

    public static TheoryData<Isa, TrainingLayout, int> All =>
        [.. from isa in Tiers.Supported from layout in Layouts from i in Enumerable.Range(0, Cases.Length) select (isa, layout, i)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_network_that_recomputes_trains_to_the_same_bits_in_less_memory(Isa isa, TrainingLayout layout, int number)
    {
        CompiledType kept = Compiled.Value[$"{layout}false{number}"], again = Compiled.Value[$"{layout}true{number}"];
        Assert.True(Length(again) < Length(kept), $"{Cases[number].Name}: {Length(again)} of {Length(kept)} floats");
        Assert.True(Planned(again) < Planned(kept));
        foreach (int batch in new[] { 3, isa.Lanes() + 2 })
        {
            List<float[]> expected = Train(kept, isa, batch, threads: 1);
            foreach (int threads in new[] { 1, 2, 3 })
            {
                foreach ((float[] one, float[] other, int i) in expected.Zip(Train(again, isa, batch, threads))
                    .Select((pair, i) => (pair.First, pair.Second, i)))
                {
                    Compare.SameBits(one, other, $"{Cases[number].Name}, {isa}, batch {batch}, {threads} threads: result {i}");
                }
            }
        }

        long Planned(CompiledType type)
        {
            using CompiledNetwork network = type.Create(isa);
            return MemoryUse.Of(network, 3, new Sgd(0.1)).Training;
        }

        long Length(CompiledType type) => type.Program(isa).TrainingArenaLength + (isa.Lanes() * (long)type.Program(isa).TrainingSampleLength);
    }

    /// <summary>
    /// Losses of some steps, the parameters behind them, and gradients of a pass with a gradient of the caller's,
    /// that of the inputs included.
    /// </summary>
    private static List<float[]> Train(CompiledType type, Isa isa, int batch, int threads)
    {
        using CompiledNetwork network = type.Create(isa, threads, seed: 11);
        network.Initialize(5);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, batch, new Sgd(0.02f) { Momentum = 0.5f });
        float[] inputs = Formula.Uniforms(5, batch * network.InputLength), outputs = new float[batch * network.OutputLength],
            inputGradient = new float[inputs.Length];
        int[] classes = [.. Enumerable.Range(0, batch).Select(n => Formula.Class(6, n, 10))];
        var results = new List<float[]> { Enumerable.Range(0, Steps).Select(_ => trainer.Step(inputs, classes)).ToArray() };
        trainer.Forward(inputs, outputs);
        trainer.Backward(Formula.Uniforms(7, outputs.Length), inputGradient);
        results.AddRange([outputs, inputGradient]);
        foreach (Parameter parameter in network.Parameters)
        {
            float[] values = new float[parameter.Length];
            parameter.CopyTo(values);
            results.Add(values);
            if (parameter.IsTrainable)
            {
                float[] gradient = new float[parameter.Length];
                trainer.CopyGradientTo(parameter, gradient);
                results.Add(gradient);
            }
        }

        return results;
    }
}
