using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>What trainers do with losses and targets: checks, reductions, weights, threads.</summary>
public class LossSemanticsTests
{
    private const int Samples = 50, Inputs = 6, Outputs = 3;

    private static readonly float[] Data = Formula.Uniforms(31, Samples * Inputs);
    private static readonly float[] Values = [.. Formula.Uniforms(32, Samples * Outputs).Select(v => (v + 1) / 2)];
    private static readonly int[] Classes = [.. Enumerable.Range(0, Samples).Select(n => Formula.Class(33, n, Outputs))];

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Targets_that_are_not_finite_are_refused(float target)
    {
        using var trainer = (RegressionTrainer)Create(Objective.MeanSquaredError);
        foreach (int at in new[] { 0, 17, (Samples * Outputs) - 1 })
        {
            Check(trainer, target, at, $"Target {at} is {target}; those of MeanSquaredError are finite.");
        }
    }

    [Theory]
    [InlineData(-0.001f)]
    [InlineData(1.001f)]
    [InlineData(float.NaN)]
    public void Targets_of_binary_cross_entropy_lie_from_0_to_1(float target)
    {
        using var trainer = (RegressionTrainer)Create(new BinaryCrossEntropyObjective());
        Check(trainer, target, 5, $"Target 5 is {target}; those of BinaryCrossEntropy are from 0 to 1.");
        trainer.Step(Data, [.. Enumerable.Repeat(1f, Samples * Outputs)]);
    }

    [Fact]
    public void Targets_of_hinge_are_classes()
    {
        using var trainer = (ClassificationTrainer)Create(new HingeObjective());
        int[] targets = [.. Classes];
        targets[3] = Outputs;
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Step(Data, targets));
        Assert.Contains("Target 3 is 3; the classes of Tested are 0 to 2.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_summed_loss_is_so_many_means_and_so_are_its_gradients()
    {
        using var mean = (RegressionTrainer)Create(new SquaredError("MeanSquaredError"));
        using var sum = (RegressionTrainer)Create(new SquaredError("L2") { Sum = true });
        const int Count = Samples * Outputs;
        Assert.Equal(mean.ComputeGradients(Data, Values) * Count, sum.ComputeGradients(Data, Values), 1e-3);
        float[] ofMean = new float[Inputs * Outputs], ofSum = new float[Inputs * Outputs];
        mean.CopyGradientTo(mean.Network.Parameters[0], ofMean);
        sum.CopyGradientTo(sum.Network.Parameters[0], ofSum);
        for (int i = 0; i < ofMean.Length; i++)
        {
            Assert.Equal(ofMean[i] * Count, ofSum[i], 1e-3);
        }

        // What is reported of many samples does not depend on how many there are.
        Assert.Equal(mean.Evaluate(Data, Values).Loss * Outputs, sum.Evaluate(Data, Values).Loss, 1e-5);
    }

    [Fact]
    public void Fit_reports_the_loss_that_evaluation_has()
    {
        Objective[] objectives =
        [
            new CrossEntropyObjective(), new CrossEntropyObjective(0.1, 0.5, 3, 1), new CrossEntropyObjective(0, 0.5, 3, 1) { Sum = true },
            new HingeObjective(1, 0.5, 3, 1),
        ];
        foreach (Objective objective in objectives)
        {
            // Batches of 32 and 18, which weigh differently; a rate of 0 leaves the network as it is.
            using var trainer = (ClassificationTrainer)Create(objective, batch: 32, rate: 0);
            FitResult result = trainer.Fit(Data, Classes, new FitOptions(), cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(trainer.Evaluate(Data, Classes).Loss, result.Epochs[0].Loss, 1e-6);
        }
    }

    [Fact]
    public void A_batch_without_any_weight_has_no_loss_and_no_gradient()
    {
        using var trainer = (ClassificationTrainer)Create(new CrossEntropyObjective(0, 0, 1, 1));
        Assert.Equal(0, trainer.ComputeGradients(Data, new int[Samples]));
        float[] gradient = new float[Inputs * Outputs];
        trainer.CopyGradientTo(trainer.Network.Parameters[0], gradient);
        Assert.All(gradient, g => Assert.Equal(0, g));
    }

    [Fact]
    public void Losses_and_gradients_are_the_same_to_the_bit_for_any_number_of_threads()
    {
        Objective[] objectives =
        [
            new CrossEntropyObjective(0.1, 0.5, 3, 1), new HingeObjective(), new BinaryCrossEntropyObjective(),
            new SmoothError("Huber", 0.5),
        ];
        foreach (Objective objective in objectives)
        {
            float[] Run(int threads)
            {
                using Trainer trainer = Create(objective, threads: threads);
                float[] results = new float[1 + (Inputs * Outputs)];
                for (int step = 0; step < 3; step++)
                {
                    results[0] = trainer.Step(Data, Classes, Values);
                }

                trainer.Network.Parameters[0].CopyTo(results.AsSpan(1));
                return results;
            }

            float[] alone = Run(1);
            Compare.SameBits(alone, Run(2), objective.Attribute);
            Compare.SameBits(alone, Run(3), objective.Attribute);
        }
    }

    [Fact]
    public void Each_loss_checks_its_own_targets()
    {
        string[] losses = ["BinaryCrossEntropy", "MeanSquaredError(Target = \"other\")"];
        CompiledNetworks types = NetworkCompiler.Compile(
            [
                .. new[] { losses, [losses[1], losses[0]] }.Select((order, i) => $"""
                    [Network, Input(3), Dense(2, Name = "a"), {order[0]}]
                    [Dense(5, From = "a"), {order[1]}]
                    public partial class Both{i};
                    """),
            ],
            "Both");
        for (int i = 0; i < 2; i++)
        {
            // Two samples; the probabilities are the first two of seven numbers, or the last five.
            using CompiledNetwork network = types[$"Both{i}"].Create();
            using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, 2, new Sgd(0.1));
            float[] inputs = [1, 2, 3, -1, 0, 1], targets = [0, 1, 5, -5, 3, 7, -9, 1, 0, 2, 4, -6, 8, 0];
            targets = i == 0 ? targets : [.. targets.Chunk(7).SelectMany(sample => new[] { sample[2], sample[3], 0, 1, 0.5f, 0, 1 })];
            Assert.True(float.IsFinite(trainer.ComputeGradients(inputs, targets)));
            targets[i == 0 ? 8 : 9] = -1;
            Assert.Contains("those of BinaryCrossEntropy are from 0 to 1",
                Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Step(inputs, targets)).Message, StringComparison.Ordinal);
            targets[i == 0 ? 8 : 9] = 1;
            targets[i == 0 ? 9 : 7] = float.NaN;
            Assert.Contains("those of MeanSquaredError are finite",
                Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Step(inputs, targets)).Message, StringComparison.Ordinal);
        }
    }

    private static void Check(RegressionTrainer trainer, float target, int at, string message)
    {
        float[] targets = [.. Values];
        targets[at] = target;
        Action[] calls =
        [
            () => trainer.Step(Data, targets), () => trainer.ComputeGradients(Data, targets), () => trainer.Evaluate(Data, targets),
            () => trainer.Fit(Data, targets, new FitOptions()),
            () => trainer.Fit(Data, Values, new FitOptions { ValidationInputs = Data, ValidationValues = targets }),
        ];
        foreach (Action call in calls)
        {
            Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(call).Message, StringComparison.Ordinal);
        }
    }

    private static Trainer Create(Objective objective, int batch = Samples, double rate = 0.1, int threads = 1)
    {
        var oracle = new OracleNetwork(Extents.Vector(Inputs), [new Dense(Outputs, Bias: false)], objective);
        Models.Fill(oracle);
        CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, IsaSelection.Default, threads);
        return CompiledType.CreateTrainer(network, batch, new Sgd(rate));
    }
}
