using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Every loss with its options against PyTorch, oracle and kernels alike: a dense layer from 4 to 5 on a batch of 20.</summary>
public class GoldenLossTests
{
    private const int Batch = 20, Inputs = 4, Outputs = 5;
    private const ulong WeightStream = 100, InputStream = 10040, TargetStream = 110040;

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly double[] Weights = [0.5, 2, 1, 0.25, 1.5];

    /// <summary>The names are those of <c>make_goldens.py</c>.</summary>
    private static readonly Dictionary<string, Objective> Losses = new()
    {
        ["CrossEntropy"] = new CrossEntropyObjective(),
        ["CrossEntropy, sum"] = new CrossEntropyObjective { Sum = true },
        ["CrossEntropy, smoothed"] = new CrossEntropyObjective(0.1),
        ["CrossEntropy, weighted"] = new CrossEntropyObjective(0, Weights),
        ["CrossEntropy, weighted, sum"] = new CrossEntropyObjective(0, Weights) { Sum = true },
        ["CrossEntropy, smoothed, weighted"] = new CrossEntropyObjective(0.25, Weights),
        ["Hinge"] = new HingeObjective(),
        ["Hinge, margin"] = new HingeObjective(0.5),
        ["Hinge, weighted"] = new HingeObjective(1, Weights),
        ["Hinge, weighted, sum"] = new HingeObjective(1, Weights) { Sum = true },
        ["MeanSquaredError"] = new SquaredError("MeanSquaredError"),
        ["L2"] = new SquaredError("L2") { Sum = true },
        ["MeanAbsoluteError"] = new AbsoluteError("MeanAbsoluteError"),
        ["L1"] = new AbsoluteError("L1") { Sum = true },
        ["SmoothL1"] = new SmoothError("SmoothL1", 1),
        ["SmoothL1, beta"] = new SmoothError("SmoothL1", 0.25),
        ["SmoothL1, beta 0, sum"] = new SmoothError("SmoothL1", 0) { Sum = true },
        ["Huber"] = new SmoothError("Huber", 1),
        ["Huber, delta"] = new SmoothError("Huber", 0.25) { Sum = true },
        ["BinaryCrossEntropy"] = new BinaryCrossEntropyObjective(),
        ["BinaryCrossEntropy, sum"] = new BinaryCrossEntropyObjective { Sum = true },
    };

    private static readonly Lazy<Dictionary<string, GoldenLoss>> Goldens = new(() =>
        JsonSerializer.Deserialize<GoldenLoss[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "losses.json")), Format)!
            .ToDictionary(golden => golden.Name));

    public static TheoryData<string> Names => [.. Losses.Keys];

    [Fact]
    public void Every_golden_is_compared() => Assert.Equal(Goldens.Value.Keys.Order(), Losses.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_and_gradient_are_those_of_PyTorch(string name)
    {
        Objective objective = Losses[name];
        GoldenLoss golden = Goldens.Value[name];

        // With and without the activation that the loss is fused with, the same logits have the same loss.
        Layer[][] stacks = objective switch
        {
            CrossEntropyObjective => [[], [new Softmax()]],
            BinaryCrossEntropyObjective => [[], [new Sigmoid()]],
            _ => [[]],
        };
        foreach (Layer[] behind in stacks)
        {
            var oracle = new OracleNetwork(Extents.Vector(Inputs), [new Dense(Outputs, Bias: false), .. behind], objective);
            Formula.Uniforms(WeightStream, Inputs * Outputs, 2).Select(w => (double)w).ToArray().CopyTo(oracle.Weights[0].Value, 0);
            float[] inputs = Formula.Uniforms(InputStream, Batch * Inputs);
            float[] values = Formula.Uniforms(TargetStream + 1, Batch * Outputs);
            Target[] targets =
            [
                .. Enumerable.Range(0, Batch).Select(n => objective.Suit(new Target(
                    Formula.Class(TargetStream, n, Outputs), values[(n * Outputs)..((n + 1) * Outputs)]))),
            ];
            double divisor = objective.Divisor(targets);
            var gradients = new GradientSums(oracle);
            var sum = new Sums(1);
            for (int n = 0; n < Batch; n++)
            {
                Pass pass = oracle.Forward(inputs.AsSpan(n * Inputs, Inputs));
                (double value, double variance) = oracle.Loss(pass, targets[n], divisor);
                sum.Add(0, value, variance);
                oracle.Backward(pass, targets[n], divisor, gradients);
            }

            var loss = new Numbers(1);
            sum.Store(loss);
            Numbers gradient = gradients.Result()[0];
            Assert.Equal(golden.Loss, loss.Value[0], 1e-11);
            for (int i = 0; i < gradient.Length; i++)
            {
                Assert.Equal(golden.Gradient[i], gradient.Value[i], 1e-11);
            }

            foreach (Isa isa in Tiers.Supported)
            {
                using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, isa, threads: 2);
                using Trainer trainer = CompiledType.CreateTrainer(network, 32, new Sgd(0.1));
                (float actual, double evaluated) = Run(trainer, inputs, targets);
                float[] actualGradient = new float[gradient.Length];
                trainer.CopyGradientTo(network.Parameters[0], actualGradient);
                Compare.Equal(loss, [actual], $"{name}, {isa}: loss");
                Compare.Equal(gradient, actualGradient, $"{name}, {isa}: gradient");

                // Without dropout, evaluation gives the same, but for the rounding of the activation there and back.
                double expected = objective.Sum ? golden.Loss / Batch : golden.Loss;
                Assert.Equal(expected, evaluated, 3e-6 * Math.Max(1, expected));
            }
        }
    }

    private static (float Loss, double Evaluated) Run(Trainer trainer, float[] inputs, Target[] targets)
    {
        if (trainer is ClassificationTrainer classification)
        {
            int[] classes = [.. targets.Select(t => t.Class)];
            return (classification.ComputeGradients(inputs, classes), classification.Evaluate(inputs, classes).Loss);
        }

        float[] values = [.. targets.SelectMany(t => t.Values)];
        var regression = (RegressionTrainer)trainer;
        return (regression.ComputeGradients(inputs, values), regression.Evaluate(inputs, values).Loss);
    }

    private sealed record GoldenLoss(string Name, double Loss, double[] Gradient);
}
