using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>A file of losses and of gradients of one parameter, on a batch of 20.</summary>
/// <param name="file">Its name.</param>
/// <param name="build">The network for a loss, given the layers that stand before it.</param>
internal sealed class LossGoldens(string file, Func<Objective, Layer[], OracleNetwork> build)
{
    private const int Batch = 20;
    private const ulong WeightStream = 100, InputStream = 10040, TargetStream = 110040;

    private readonly Lazy<Dictionary<string, GoldenLoss>> _goldens =
        new(() => Golden.Read<GoldenLoss[]>(file).ToDictionary(golden => golden.Name));

    public IEnumerable<string> Names => _goldens.Value.Keys;

    public void Check(string name, Objective objective)
    {
        GoldenLoss golden = _goldens.Value[name];
        foreach (OracleNetwork oracle in Networks(objective))
        {
            int length = oracle.Input.Length, outputs = oracle.Output.Length;
            Formula.Uniforms(WeightStream, oracle.Weights[0].Length, 2).Select(w => (double)w).ToArray().CopyTo(oracle.Weights[0].Value, 0);
            float[] inputs = Formula.Uniforms(InputStream, Batch * length);
            float[] values = Formula.Uniforms(TargetStream + 1, Batch * outputs);
            Target[] targets =
            [
                .. Enumerable.Range(0, Batch).Select(n => objective.Suit(
                    new Target(Formula.Class(TargetStream, n, outputs), values[(n * outputs)..((n + 1) * outputs)]), oracle.Output)),
            ];
            double divisor = objective.Divisor(targets);
            var gradients = new GradientSums(oracle);
            var sum = new Sums(1);
            for (int n = 0; n < Batch; n++)
            {
                Pass pass = oracle.Forward(inputs.AsSpan(n * length, length));
                (double value, double variance) = oracle.Loss(pass, targets[n], divisor);
                sum.Add(0, value, variance);
                oracle.Backward(pass, targets[n], divisor, gradients);
            }

            var loss = new Numbers(1);
            sum.Store(loss);
            Numbers gradient = gradients.Result()[0];
            Assert.Equal(golden.Loss, loss.Value[0], 1e-11 * Math.Max(1, golden.Loss));
            for (int i = 0; i < gradient.Length; i++)
            {
                Assert.Equal(golden.Gradient[i], gradient.Value[i], 1e-11 * Math.Max(1, Math.Abs(golden.Gradient[i])));
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

    /// <summary>With and without the activation that the loss is fused with: the same logits have the same loss.</summary>
    public IEnumerable<OracleNetwork> Networks(Objective objective)
    {
        Layer[][] stacks = objective switch
        {
            CrossEntropyObjective => [[], [new Softmax()]],
            BinaryCrossEntropyObjective => [[], [new Sigmoid()]],
            _ => [[]],
        };
        return stacks.Select(behind => build(objective, behind));
    }

    private static (float Loss, double Evaluated) Run(Trainer trainer, float[] inputs, Target[] targets)
    {
        int[] classes = [.. targets.SelectMany(t => t.Classes)];
        float[] values = [.. targets.SelectMany(t => t.Values)];
        return (trainer.ComputeGradients(inputs, classes, values), trainer.Evaluate(inputs, classes, values).Loss);
    }

    private sealed record GoldenLoss(string Name, double Loss, double[] Gradient);
}
