using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>An optimizer that is derived from outside, on a network with frozen layers, norms, padding and a large dense layer.</summary>
public sealed class OwnOptimizerTests
{
    private const int Samples = 12, Classes = 5;

    private static readonly CompiledNetworks Types = NetworkCompiler.Compile(
        [
            $"""
            [Network, Input(3, 9, 9), Conv2D(11, 3, Frozen = true), ReLU, Conv2D(10, 3), BatchNorm, ReLU, Flatten]
            [Dense(2111), Tanh, Dense({Classes}), CrossEntropy] public partial class Mixed;
            """,
        ],
        "OwnOptimizer");

    [Fact]
    public void It_ends_where_the_built_in_one_does_and_sees_trainable_parameters_only()
    {
        foreach (Isa isa in Tiers.Supported)
        {
            var own = new Momentum(0.05) { WeightDecay = 0.01, DecayBiasesAndNorms = false, ClipNorm = 1 };
            float[][] expected = Train(isa, threads: 1, new Sgd(0.05)
            {
                Momentum = 0.9,
                WeightDecay = 0.01,
                DecayBiasesAndNorms = false,
                ClipNorm = 1,
            });
            float[][] one = Train(isa, threads: 1, own), two = Train(isa, threads: 2, own);
            Assert.Equal(one, two);
            Assert.All(one, (values, k) => Assert.All(values, (value, i) => Assert.Equal(expected[k][i], value, 1e-5f)));
            Assert.Equal(
                [ParameterRole.Weight, ParameterRole.Bias, ParameterRole.NormWeight, ParameterRole.NormBias],
                own.Roles.Keys.Order());

            // The frozen convolution is as it was drawn.
            using CompiledNetwork fresh = Types["Mixed"].Create(isa, threads: 1, seed: 3);
            Assert.Equal(Values(fresh.Parameters[0]), one[0]);
            Assert.NotEqual(Values(fresh.Parameters[2]), one[2]);
        }
    }

    private static float[][] Train(Isa isa, int threads, Optimizer optimizer)
    {
        using CompiledNetwork network = Types["Mixed"].Create(isa, threads: threads, seed: 3);
        using var trainer = (ClassificationTrainer)Trainer.For(network, Samples, optimizer);
        var random = new Random(1);
        float[] inputs = [.. Enumerable.Range(0, Samples * network.InputLength).Select(_ => (random.NextSingle() * 2) - 1)];
        int[] targets = [.. Enumerable.Range(0, Samples).Select(_ => random.Next(Classes))];
        for (int step = 0; step < 4; step++)
        {
            trainer.Step(inputs, targets);
        }

        return [.. network.Parameters.Select(Values)];
    }

    private static float[] Values(Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    private sealed class Momentum(double learningRate) : Optimizer(learningRate)
    {
        public ConcurrentDictionary<ParameterRole, bool> Roles { get; } = [];

        protected override IReadOnlyList<string> SlotNames => ["momentum_buffer"];

        protected override void Update(UpdateContext context)
        {
            Roles[context.Role] = true;
            Span<float> p = context.Parameter, b = context.Slot(0);
            for (int i = 0; i < p.Length; i++)
            {
                b[i] = (0.9f * b[i]) + context.Gradient[i] + ((float)context.WeightDecay * p[i]);
                p[i] -= (float)context.LearningRate * b[i];
            }
        }
    }
}
