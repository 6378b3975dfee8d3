using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Losses of sequences, images and volumes, whose pixels have targets of their own.</summary>
public class MapLossTests
{
    private static readonly Extents Sequence = Extents.Sequence(5, 7), Image = Extents.Image(5, 3, 6), Volume = Extents.Volume(5, 2, 3, 4);

    private static readonly double[] Weights = [0.5, 2, 1, 0.25, 1.5];

    /// <summary>The names are those of <c>make_map_loss_goldens.py</c>.</summary>
    private static readonly Dictionary<string, (Extents Input, Objective Objective)> Losses = new()
    {
        ["CrossEntropy, sequence"] = (Sequence, new CrossEntropyObjective()),
        ["CrossEntropy, image"] = (Image, new CrossEntropyObjective()),
        ["CrossEntropy, volume"] = (Volume, new CrossEntropyObjective()),
        ["CrossEntropy, sum"] = (Image, new CrossEntropyObjective { Sum = true }),
        ["CrossEntropy, smoothed"] = (Image, new CrossEntropyObjective(0.1)),
        ["CrossEntropy, smoothed, sum"] = (Image, new CrossEntropyObjective(0.1) { Sum = true }),
        ["CrossEntropy, weighted"] = (Image, new CrossEntropyObjective(0, Weights)),
        ["CrossEntropy, weighted, sum"] = (Sequence, new CrossEntropyObjective(0, Weights) { Sum = true }),
        ["CrossEntropy, smoothed, weighted"] = (Image, new CrossEntropyObjective(0.25, Weights)),
        ["CrossEntropy, 255 does not count"] = (Image, new CrossEntropyObjective { IgnoreIndex = 255 }),
        ["CrossEntropy, class 1 does not count"] = (Image, new CrossEntropyObjective(0, Weights) { IgnoreIndex = 1 }),
        ["MeanSquaredError, image"] = (Image, new SquaredError("MeanSquaredError")),
        ["L1, volume"] = (Volume, new AbsoluteError("L1") { Sum = true }),
        ["SmoothL1, sequence"] = (Sequence, new SmoothError("SmoothL1", 0.25)),
        ["Huber, image"] = (Image, new SmoothError("Huber", 0.25) { Sum = true }),
        ["BinaryCrossEntropy, image"] = (Image, new BinaryCrossEntropyObjective()),
        ["BinaryCrossEntropy, volume, sum"] = (Volume, new BinaryCrossEntropyObjective { Sum = true }),
    };

    internal static IEnumerable<OracleNetwork> Networks => Losses.Values.SelectMany(l => GoldensOf(l.Input).Networks(l.Objective));

    public static TheoryData<string> Names => [.. Losses.Keys];

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Fact]
    public void Every_golden_is_compared() => Assert.Equal(GoldensOf(Image).Names.Order(), Losses.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_and_gradient_are_those_of_PyTorch(string name) => GoldensOf(Losses[name].Input).Check(name, Losses[name].Objective);

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_segmenter_agrees_with_the_oracle(Isa isa)
    {
        foreach (Objective objective in new Objective[] { new CrossEntropyObjective(0.1, Weights) { IgnoreIndex = 255 },
            new BinaryCrossEntropyObjective() })
        {
            var oracle = new OracleNetwork(
                Extents.Image(3, 9, 7),
                [
                    new Conv2D(8, 3, padding: 1), new ReLU(), new MaxPool2D(2), new Conv2D(5, 2),
                    objective.TakesClasses ? new Softmax() : new Sigmoid(),
                ],
                objective,
                inputGradient: true);
            var comparison = new Comparison(oracle, 3, [1, 6, 19]);
            string? difference = comparison.Run(NetworkCompiler.Compile(oracle), isa);
            Assert.True(difference is null, $"{difference}\n{oracle.Declaration("Segmenter")}");
        }
    }

    [Fact]
    public void Metrics_count_pixels_and_leave_out_those_that_do_not_count()
    {
        // Logits are the inputs: two classes on 2×3 pixels, of two samples.
        var oracle = new OracleNetwork(Extents.Image(2, 2, 3), [new Softmax()], new CrossEntropyObjective { IgnoreIndex = 255 });
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create();
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, 2, new Sgd(0.1));
        float[] first = [0, 0, 0, 5, 5, 5, 1, 1, -1, 1, 1, 9], inputs = [.. first, .. first.Reverse()];
        int[] targets = [1, 255, 0, 0, 1, 255, 255, 1, 0, 1, 0, 1];
        ClassificationMetrics metrics = trainer.Evaluate(inputs, targets);
        int[,] expected = new int[2, 2];
        double loss = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            int at = (i / 6 * 12) + (i % 6);
            if (targets[i] != 255)
            {
                expected[targets[i], inputs[at + 6] > inputs[at] ? 1 : 0]++;
                loss += Math.Log(Math.Exp(inputs[at]) + Math.Exp(inputs[at + 6])) - inputs[at + (6 * targets[i])];
            }
        }

        for (int actual = 0; actual < 2; actual++)
        {
            for (int predicted = 0; predicted < 2; predicted++)
            {
                Assert.Equal(expected[actual, predicted], metrics.ConfusionMatrix[actual, predicted]);
            }
        }

        Assert.Equal(9, metrics.ConfusionMatrix.Total);
        Assert.Equal((expected[0, 0] + expected[1, 1]) / 9.0, metrics.Accuracy);
        int wrong = expected[0, 1] + expected[1, 0];
        Assert.Equal(
            ((expected[0, 0] / (expected[0, 0] + (double)wrong)) + (expected[1, 1] / (expected[1, 1] + (double)wrong))) / 2,
            metrics.ConfusionMatrix.MeanIntersectionOverUnion, 1e-15);
        Assert.Equal(loss / 9, metrics.Loss, 1e-6);
        Assert.Throws<ArgumentException>(() => trainer.Step(inputs, targets.AsSpan(0, 11)));
        targets[3] = 2;
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Step(inputs, targets)).Message;
        Assert.Contains("Target 3 is 2; the classes of Tested are 0 to 1, and 255 does not count.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_weighs_batches_by_the_pixels_that_count()
    {
        var oracle = new OracleNetwork(Sequence, [new PReLU(PerChannel: true)], new CrossEntropyObjective());
        Models.Fill(oracle);
        const int Samples = 50;
        float[] inputs = Formula.Uniforms(41, Samples * oracle.Input.Length);
        int[] targets = [.. Enumerable.Range(0, Samples * 7).Select(i => i < 200 && i % 3 > 0 ? -100 : Formula.Class(42, i, 5))];
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(oracle, IsaSelection.Default, threads: 2);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, 32, new Sgd(0));
        FitResult result = trainer.Fit(inputs, targets, new FitOptions(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(trainer.Evaluate(inputs, targets).Loss, result.Epochs[0].Loss, 1e-6);
        Assert.Equal(0, trainer.ComputeGradients(inputs.AsSpan(0, 35), [-100, -100, -100, -100, -100, -100, -100]));
    }

    private static LossGoldens GoldensOf(Extents input) => new(
        "map_losses", (objective, behind) => new OracleNetwork(input, [new PReLU(PerChannel: true), .. behind], objective));
}
