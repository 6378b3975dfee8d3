using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

public class MixUpTests
{
    private const int Inputs = LinearNetwork.Inputs, Outputs = LinearNetwork.Outputs, Samples = 37;

    private static readonly float[] X = LinearNetwork.Noise(Samples * Inputs, 1), Y = LinearNetwork.Noise(Samples * Outputs, 2);

    private static readonly int[] Classes = [.. Enumerable.Range(0, Samples).Select(i => i * 7 % Outputs)];

    public static TheoryData<Isa> Tiers => LinearNetwork.Tiers;

    [Theory]
    [MemberData(nameof(Tiers))]
    public void The_loss_of_mixed_samples_is_that_of_both_classes(Isa isa)
    {
        using var network = new LinearNetwork(new NetworkOptions { Isa = isa, Threads = 2 }, loss: "CrossEntropy");
        using var trainer = new ClassificationTrainer(network, Samples, new Sgd(0.1));
        int[] order = [.. Enumerable.Range(0, 29).Select(i => i * 5 % Samples)];
        int[] others = [order[^1], .. order[..^1]];
        const float Share = 0.3f;
        double loss = trainer.Train(
            new StepData(X, new Targets(Classes, default), order, order.Length) { Share = Share }, accumulate: false, update: false);
        double[] gradient = Gradient(trainer, network);

        float[] mixed = [.. Enumerable.Range(0, order.Length * Inputs).Select(i =>
            (Share * X[(order[i / Inputs] * Inputs) + (i % Inputs)]) + ((1 - Share) * X[(others[i / Inputs] * Inputs) + (i % Inputs)]))];
        double own = trainer.ComputeGradients(mixed, [.. order.Select(s => Classes[s])]);
        double[] ownGradient = Gradient(trainer, network);
        double other = trainer.ComputeGradients(mixed, [.. others.Select(s => Classes[s])]);
        double[] otherGradient = Gradient(trainer, network);
        Assert.Equal((Share * own) + ((1 - Share) * other), loss, 1e-6);
        Assert.NotEqual(own, other, 1e-3);
        AssertClose(ownGradient.Zip(otherGradient, (a, b) => (Share * a) + ((1 - Share) * b)), gradient);
    }

    [Fact]
    public void Values_are_mixed_as_samples_are()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, Samples, new Sgd(0.1));
        int[] order = [4, 9, 2];
        double loss = trainer.Train(
            new StepData(X, new Targets(default, Y), order, order.Length) { Share = 0.75f }, accumulate: false, update: false);
        double[] gradient = Gradient(trainer, network);
        double expected = trainer.ComputeGradients(Mix(X, Inputs), Mix(Y, Outputs));
        Assert.Equal(expected, loss, 1e-6);
        AssertClose(Gradient(trainer, network), gradient);

        static float[] Mix(float[] all, int length) =>
            [.. new[] { (4, 2), (9, 4), (2, 9) }
                .SelectMany(
                    p => Enumerable.Range(0, length)
                        .Select(i => (0.75f * all[(p.Item1 * length) + i]) + (0.25f * all[(p.Item2 * length) + i])))];
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(1.0)]
    [InlineData(8.0)]
    public void Shares_are_of_the_beta_distribution(double alpha)
    {
        var mixUp = new MixUp(alpha, seed: 5);
        const int Count = 20_000;
        double[] shares = [.. Enumerable.Range(0, Count).Select(i => (double)mixUp.ShareOf(1 + (i / 1000), i % 1000))];
        Assert.All(shares, share => Assert.InRange(share, 0, 1));

        // Mean 1/2, variance 1/(4(2α + 1)), fourth central moment 3/(16(2α + 1)(2α + 3)): within five standard errors.
        double variance = 1 / (4 * ((2 * alpha) + 1)), fourth = 3 / (16 * ((2 * alpha) + 1) * ((2 * alpha) + 3));
        Assert.Equal(0.5, shares.Average(), 5 * Math.Sqrt(variance / Count));
        Assert.Equal(variance, shares.Average(s => (s - 0.5) * (s - 0.5)), 5 * Math.Sqrt((fourth - (variance * variance)) / Count));

        // The same for the same numbers, and another one for others.
        Assert.Equal(shares[1234], mixUp.ShareOf(2, 234));
        Assert.NotEqual(shares[1234], new MixUp(alpha, seed: 6).ShareOf(2, 234));
    }

    [Fact]
    public void Neighbouring_seeds_have_no_share_in_common()
    {
        Assert.Empty(Shares(4).Intersect(Shares(5)));

        static IEnumerable<float> Shares(ulong seed)
        {
            var mixUp = new MixUp(1, seed);
            return Enumerable.Range(0, 100).Select(batch => mixUp.ShareOf(1, batch));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Fit_mixes_each_batch_by_a_share_of_its_own(int accumulate)
    {
        int[] classes = [.. Classes];
        float[] Train(int threads, double? alpha)
        {
            using var network = new LinearNetwork(new NetworkOptions { Threads = threads }, loss: "CrossEntropy");
            using var trainer = new ClassificationTrainer(network, 8, new Sgd(0.1));
            trainer.Fit(X, classes, new FitOptions { Epochs = 2, MixUp = alpha, Seed = 4, Accumulate = accumulate });
            return [.. network.Values(0), .. network.Values(1)];
        }

        using var byHand = new LinearNetwork(loss: "CrossEntropy");
        using var trainer = new ClassificationTrainer(byHand, 8, new Sgd(0.1));
        var mixUp = new MixUp(0.4, seed: 4);
        for (int epoch = 1; epoch <= 2; epoch++)
        {
            using var source = new MemorySource(X, new TargetMemory(classes, default), Samples, 8 * accumulate, 8,
                new FitOptions { Seed = 4 });
            source.Begin(epoch, 0);
            for (int step = 0; source.TryNext(out StepSamples samples); step++)
            {
                for (int first = 0; first < samples.Order.Length; first += 8)
                {
                    ReadOnlySpan<int> part = samples.Order.Span[first..int.Min(first + 8, samples.Order.Length)];
                    bool last = first + 8 >= samples.Order.Length;
                    var data = new StepData(X, new Targets(classes, default), part, part.Length)
                    {
                        Divisors = [samples.Order.Length],
                        Share = mixUp.ShareOf(epoch, (step * accumulate) + (first / 8)),
                    };
                    trainer.Train(in data, accumulate: first > 0, update: last);
                }
            }
        }

        float[] mixed = Train(1, 0.4);
        Assert.Equal([.. byHand.Values(0), .. byHand.Values(1)], mixed);
        Assert.Equal(mixed, Train(2, 0.4));
        Assert.NotEqual(mixed, Train(1, null));
        Assert.NotEqual(mixed, Train(1, 0.5));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(1001.0)]
    [InlineData(double.NaN)]
    public void An_alpha_that_is_none_is_refused(double alpha) =>
        Assert.Throws<ArgumentOutOfRangeException>("MixUp", () => new FitOptions { MixUp = alpha });

    private static double[] Gradient(Trainer trainer, LinearNetwork network)
    {
        float[] weight = new float[network.Weight.Length], bias = new float[network.Bias.Length];
        trainer.CopyGradientTo(network.Weight, weight);
        trainer.CopyGradientTo(network.Bias, bias);
        return [.. weight.Concat(bias).Select(v => (double)v)];
    }

    private static void AssertClose(IEnumerable<double> expected, double[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
}
