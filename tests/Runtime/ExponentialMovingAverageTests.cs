using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

public class ExponentialMovingAverageTests
{
    private const int Inputs = LinearNetwork.Inputs, Outputs = LinearNetwork.Outputs;

    private static readonly float[] Samples = LinearNetwork.Noise(32 * Inputs, 1), Targets = LinearNetwork.Noise(32 * Outputs, 2);

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.999)]
    public void Averages_follow_the_formula(double decay)
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 32, new Sgd(0.2));
        using var average = new ExponentialMovingAverage(network, decay);
        double[] expected = [.. All(network).Select(v => (double)v)];
        for (int t = 1; t <= 20; t++)
        {
            trainer.Step(Samples, Targets);
            average.Update();
            double d = Math.Min(decay, (1 + t) / (10.0 + t));
            float[] now = All(network);
            expected = [.. expected.Select((a, i) => (d * a) + ((1 - d) * now[i]))];
        }

        float[] last = All(network);
        Assert.Equal((20, decay), (average.Updates, average.Decay));
        average.Swap();
        NetworkTests.AssertClose(expected, All(network));
        average.Swap();
        Assert.Equal(last, All(network));
    }

    [Fact]
    public void Inference_sees_the_averages()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 32, new Sgd(0.2));
        using var average = new ExponentialMovingAverage(network, 0.9);
        float[] before = Predict(network);
        trainer.Step(Samples, Targets);
        average.Swap();
        Assert.Equal(before, Predict(network));

        static float[] Predict(LinearNetwork network)
        {
            float[] outputs = new float[Outputs];
            network.Forward(Samples.AsSpan(0, Inputs), outputs);
            return outputs;
        }
    }

    [Fact]
    public void Fit_validates_and_ends_with_the_averages()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 8, new Sgd(0.2));
        using var byHand = new LinearNetwork();
        using var ownTrainer = new RegressionTrainer(byHand, 8, new Sgd(0.2));
        using var average = new ExponentialMovingAverage(byHand, 0.8);
        var options = new FitOptions
        {
            Epochs = 3,
            Shuffle = false,
            AverageDecay = 0.8,
            ValidationInputs = Samples,
            ValidationValues = Targets
        };
        var losses = new List<double>();
        for (int epoch = 0; epoch < 3; epoch++)
        {
            for (int first = 0; first < 32; first += 8)
            {
                ownTrainer.Step(Samples.AsSpan(first * Inputs, 8 * Inputs), Targets.AsSpan(first * Outputs, 8 * Outputs));
                average.Update();
            }

            average.Swap();
            losses.Add(ownTrainer.Evaluate(Samples, Targets).Loss);
            average.Swap();
        }

        FitResult result = trainer.Fit(Samples, Targets, options);
        average.Swap();
        Assert.Equal(losses, result.Epochs.Select(e => e.ValidationLoss!.Value));
        Assert.Equal(All(byHand), All(network));
    }

    [Fact]
    public void The_best_epoch_is_that_of_the_averages()
    {
        // The rate is too large from the third epoch on.
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 32, new Sgd(0.2));
        var options = new FitOptions
        {
            Epochs = 12,
            AverageDecay = 0.1,
            RestoreBest = true,
            Schedule = Schedule.MultiStep([3], gamma: 100),
            ValidationInputs = Samples,
            ValidationValues = Targets,
        };
        FitResult result = trainer.Fit(Samples, Targets, options);
        Assert.InRange(result.BestEpoch, 1, 5);
        Assert.Equal(result.Epochs[result.BestEpoch - 1].ValidationLoss, trainer.Evaluate(Samples, Targets).Loss);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void A_decay_that_is_none_is_refused(double decay)
    {
        using var network = new LinearNetwork();
        Assert.Throws<ArgumentOutOfRangeException>(nameof(decay), () => new ExponentialMovingAverage(network, decay));
        Assert.Throws<ArgumentOutOfRangeException>("AverageDecay", () => new FitOptions { AverageDecay = decay });
    }

    [Fact]
    public void What_was_disposed_of_is_not_used()
    {
        var network = new LinearNetwork();
        var average = new ExponentialMovingAverage(network);
        using var other = new ExponentialMovingAverage(network);
        average.Dispose();
        average.Dispose();
        Assert.Throws<ObjectDisposedException>(average.Update);
        Assert.Throws<ObjectDisposedException>(average.Swap);
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(other.Update);
        Assert.Throws<ObjectDisposedException>(() => new ExponentialMovingAverage(network));
    }

    private static float[] All(LinearNetwork network) => [.. network.Values(0), .. network.Values(1)];
}
