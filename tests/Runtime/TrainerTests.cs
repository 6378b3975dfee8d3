using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

public class TrainerTests
{
    private const int Inputs = LinearNetwork.Inputs, Outputs = LinearNetwork.Outputs;

    public static TheoryData<Isa> Tiers => LinearNetwork.Tiers;

    [Theory]
    [MemberData(nameof(Tiers))]
    public void A_step_gives_the_mean_loss_and_the_gradients_of_exactly_its_samples(Isa isa)
    {
        using var network = new LinearNetwork(new NetworkOptions { Isa = isa, Threads = 3, Seed = 1 });
        using var trainer = new RegressionTrainer(network, 70, new Sgd(0.1));

        // Large batches first, so that a smaller one would see what they left behind.
        foreach (int samples in (int[])[70, 64, 33, 17, 16, 5, 3, 1])
        {
            float[] inputs = LinearNetwork.Noise(samples * Inputs, samples), targets = LinearNetwork.Noise(samples * Outputs, -samples);
            float[] weight = network.Values(0), bias = network.Values(1);
            (double expectedLoss, double[] weightGradient, double[] biasGradient) = Reference(network, inputs, targets);

            double loss = trainer.Step(inputs, targets);

            Assert.Equal(expectedLoss, loss, 1e-5);
            AssertGradient(trainer, network.Weight, weightGradient);
            AssertGradient(trainer, network.Bias, biasGradient);
            NetworkTests.AssertClose([.. weight.Select((w, i) => w - (0.1 * weightGradient[i]))], network.Values(0));
            NetworkTests.AssertClose([.. bias.Select((b, i) => b - (0.1 * biasGradient[i]))], network.Values(1));
        }

        Assert.Equal(8, trainer.Steps);
    }

    [Fact]
    public void Cross_entropy_takes_classes()
    {
        using var network = new LinearNetwork(loss: "CrossEntropy");
        using var trainer = new ClassificationTrainer(network, 64, new Adam(0.05));
        float[] inputs = LinearNetwork.Noise(64 * Inputs, 1);

        // The class is that of the largest of the first five inputs, which a linear network can learn.
        int[] targets = [.. Enumerable.Range(0, 64).Select(s => Enumerable.Range(0, Outputs).MaxBy(o => inputs[(s * Inputs) + o]))];
        double first = trainer.ComputeGradients(inputs, targets);
        Assert.Equal(first, trainer.Evaluate(inputs, targets).Loss, 1e-5);
        Assert.Equal(0, trainer.Steps);
        for (int step = 0; step < 200; step++)
        {
            trainer.Step(inputs, targets);
        }

        ClassificationMetrics metrics = trainer.Evaluate(inputs, targets);
        Assert.InRange(metrics.Loss, 0, first / 4);
        Assert.InRange(metrics.Accuracy, 0.95, 1);
        Assert.Equal(64, metrics.ConfusionMatrix.Total);
        Assert.Equal(targets.Count(t => t == 2), Enumerable.Range(0, Outputs).Sum(predicted => metrics.ConfusionMatrix[2, predicted]));
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        float[] inputs = LinearNetwork.Noise(300 * Inputs, 1);
        int[] targets = [.. Enumerable.Range(0, 300).Select(s => s % Outputs)];
        float[][] results = [.. ((int[])[1, 2, 3, 8]).Select(threads =>
        {
            using var network = new LinearNetwork(new NetworkOptions { Threads = threads }, loss: "CrossEntropy");
            using var trainer = new ClassificationTrainer(network, 128, new AdamW(0.01));
            FitResult result = trainer.Fit(inputs, targets, new FitOptions { Epochs = 3, Seed = 9 });
            return (float[])[.. network.Values(0), .. network.Values(1), .. result.Epochs.Select(e => (float)e.Loss)];
        })];
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(64)]
    public void Forward_backward_and_update_are_a_step(int samples)
    {
        using var stepped = new LinearNetwork(new NetworkOptions { Threads = 2 });
        using var driven = new LinearNetwork(new NetworkOptions { Threads = 2 }, inputGradient: true);
        using var stepTrainer = new RegressionTrainer(stepped, 64, new Sgd(0.1) { Momentum = 0.9 });
        using var ownTrainer = new RegressionTrainer(driven, 64, new Sgd(0.1) { Momentum = 0.9 });
        float[] inputs = LinearNetwork.Noise(samples * Inputs, 2), targets = LinearNetwork.Noise(samples * Outputs, 3);
        float[] outputs = new float[samples * Outputs], inputGradient = new float[samples * Inputs];
        for (int step = 0; step < 3; step++)
        {
            stepTrainer.Step(inputs, targets);

            double[] expected = driven.Expected(inputs);
            float[] weight = driven.Values(0);
            ownTrainer.Forward(inputs, outputs);
            NetworkTests.AssertClose(expected, outputs);
            float[] gradient = [.. outputs.Select((y, i) => 2 * (y - targets[i]) / outputs.Length)];
            ownTrainer.Backward(gradient, inputGradient);
            double[] expectedInputGradient = [.. Enumerable.Range(0, inputGradient.Length).Select(k => Enumerable.Range(0, Outputs)
                .Sum(o => (double)gradient[(k / Inputs * Outputs) + o] * weight[(o * Inputs) + (k % Inputs)]))];
            NetworkTests.AssertClose(expectedInputGradient, inputGradient);
            ownTrainer.Update();
        }

        NetworkTests.AssertClose([.. stepped.Values(0).Select(v => (double)v)], driven.Values(0));
        NetworkTests.AssertClose([.. stepped.Values(1).Select(v => (double)v)], driven.Values(1));
    }

    [Fact]
    public void Calls_in_the_wrong_order_or_with_wrong_lengths_are_refused()
    {
        using var network = new LinearNetwork();
        using var other = new LinearNetwork(loss: null);
        using var trainer = new RegressionTrainer(network, 4, new Sgd(0.1));
        float[] inputs = new float[2 * Inputs], outputs = new float[2 * Outputs];
        Assert.Throws<InvalidOperationException>(() => trainer.Backward(outputs));
        Assert.Throws<InvalidOperationException>(() => trainer.Update());
        trainer.Forward(inputs, outputs);
        Assert.Throws<ArgumentException>("outputGradient", () => trainer.Backward(new float[Outputs]));
        var e = Assert.Throws<InvalidOperationException>(() => trainer.Backward(outputs, inputs));
        Assert.Contains("[Network(InputGradient = true)]", e.Message);
        trainer.Backward(outputs);
        Assert.Throws<InvalidOperationException>(() => trainer.Backward(outputs));
        trainer.Update();
        Assert.Throws<InvalidOperationException>(() => trainer.Update());
        Assert.Throws<ArgumentException>("inputs", () => trainer.Step([], []));
        Assert.Throws<ArgumentException>("inputs", () => trainer.Step(new float[5 * Inputs], new float[5 * Outputs]));
        Assert.Throws<ArgumentException>("targets", () => trainer.Step(inputs, new float[Outputs]));
        Assert.Throws<ArgumentException>("parameter", () => trainer.CopyGradientTo(other.Bias, new float[5]));
        Assert.Throws<ArgumentException>("destination", () => trainer.CopyGradientTo(network.Bias, new float[4]));
        Assert.Throws<ArgumentException>("network", () => new RegressionTrainer(other, 4, new Sgd(0.1)));
        Assert.Throws<ArgumentException>("network", () => new ClassificationTrainer(network, 4, new Sgd(0.1)));
        Assert.Throws<ArgumentOutOfRangeException>("batchSize", () => new RegressionTrainer(network, 0, new Sgd(0.1)));
    }

    [Fact]
    public void A_target_that_is_no_class_is_named()
    {
        using var network = new LinearNetwork(loss: "CrossEntropy");
        using var trainer = new ClassificationTrainer(network, 4, new Sgd(0.1));
        var e = Assert.Throws<ArgumentOutOfRangeException>("targets", () => trainer.Step(new float[2 * Inputs], [4, 5]));
        Assert.Contains("Target 1 is 5; the classes of Linear are 0 to 4.", e.Message);
        Assert.Throws<ArgumentOutOfRangeException>("targets", () => trainer.Evaluate(new float[Inputs], (int[])[-1]));
        Assert.Throws<ArgumentOutOfRangeException>("targets", () => trainer.Fit(new float[Inputs], (int[])[7], new FitOptions()));
    }

    [Fact]
    public void Fit_takes_every_sample_once_per_epoch_in_an_order_that_the_seed_fixes()
    {
        // With a rate of 0 the loss of an epoch is the mean over all samples, whatever their order.
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(0));
        float[] inputs = LinearNetwork.Noise(50 * Inputs, 1), targets = LinearNetwork.Noise(50 * Outputs, 2);
        double expected = trainer.Evaluate(inputs, targets).Loss;
        double[] StepLosses(FitOptions options)
        {
            var reports = new Recorder();
            FitResult result = trainer.Fit(inputs, targets, options, reports);
            Assert.False(result.Cancelled);
            Assert.All(result.Epochs, epoch => Assert.Equal(expected, epoch.Loss, 1e-6));
            return [.. reports.Select(report => report.Loss)];
        }

        double[] shuffled = StepLosses(new FitOptions { Epochs = 2, Seed = 5 });
        Assert.Equal(2 * (4 + 1), shuffled.Length);
        Assert.Equal(shuffled, StepLosses(new FitOptions { Epochs = 2, Seed = 5 }));
        Assert.NotEqual(shuffled, StepLosses(new FitOptions { Epochs = 2, Seed = 6 }));
        Assert.NotEqual(shuffled[0], shuffled[5]);
        double[] inOrder = StepLosses(new FitOptions { Epochs = 2, Shuffle = false });
        Assert.Equal(inOrder[..5], inOrder[5..]);
        Assert.Equal(trainer.Evaluate(inputs.AsMemory(0, 16 * Inputs), targets.AsMemory(0, 16 * Outputs)).Loss, inOrder[0], 1e-6);
    }

    [Fact]
    public void Fit_reports_steps_epochs_and_validation()
    {
        using var network = new LinearNetwork(loss: "CrossEntropy");
        using var trainer = new ClassificationTrainer(network, 16, new Sgd(0.1));
        float[] inputs = LinearNetwork.Noise(40 * Inputs, 1);
        int[] targets = [.. Enumerable.Range(0, 40).Select(i => i % Outputs)];
        var reports = new Recorder();
        var options = new FitOptions { Epochs = 2, ValidationInputs = inputs, ValidationTargets = targets };
        FitResult result = trainer.Fit(inputs, targets, options, reports);

        Assert.Equal([(1, 1), (1, 2), (1, 3), (1, 3), (2, 1), (2, 2), (2, 3), (2, 3)], reports.Select(r => (r.Epoch, r.Step)));
        Assert.All(reports, r => Assert.Equal((2, 3), (r.Epochs, r.StepsPerEpoch)));
        Assert.All(reports, r => Assert.True(r.SamplesPerSecond > 0));
        Assert.Equal([3, 7], reports.Select((r, i) => (r, i)).Where(x => x.r.EpochCompleted).Select(x => x.i));
        Assert.All(reports, r => Assert.Equal(r.EpochCompleted, r.ValidationAccuracy.HasValue && r.ValidationLoss.HasValue));
        Assert.Equal([reports[3], reports[7]], result.Epochs);
        ClassificationMetrics metrics = trainer.Evaluate(inputs, targets);
        Assert.Equal((metrics.Loss, metrics.Accuracy), (reports[7].ValidationLoss, reports[7].ValidationAccuracy));
        Assert.Equal(6, trainer.Steps);
    }

    [Fact]
    public void Cancelling_ends_between_two_steps()
    {
        float[] inputs = LinearNetwork.Noise(64 * Inputs, 1), targets = LinearNetwork.Noise(64 * Outputs, 2);
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(0.1));
        using var source = new CancellationTokenSource();
        FitResult result = trainer.Fit(
            inputs, targets, new FitOptions { Epochs = 5, Shuffle = false }, new Stopper(source, 6), source.Token);
        Assert.True(result.Cancelled);
        Assert.Single(result.Epochs);
        Assert.Equal(6, trainer.Steps);

        using var expected = new LinearNetwork();
        using var steps = new RegressionTrainer(expected, 16, new Sgd(0.1));
        for (int step = 0; step < 6; step++)
        {
            int first = step % 4 * 16;
            steps.Step(inputs.AsSpan(first * Inputs, 16 * Inputs), targets.AsSpan(first * Outputs, 16 * Outputs));
        }

        Assert.Equal(expected.Values(0), network.Values(0));
    }

    [Fact]
    public void Fit_checks_what_it_is_given()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(0.1));
        Assert.Throws<ArgumentException>("inputs", () => trainer.Fit(default, default, new FitOptions()));
        Assert.Throws<ArgumentException>("targets", () => trainer.Fit(new float[Inputs], new float[3], new FitOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(
            "options.Epochs", () => trainer.Fit(new float[Inputs], new float[Outputs], new FitOptions { Epochs = 0 }));
        Assert.Throws<ArgumentException>("options.ValidationValues", () => trainer.Fit(
            new float[Inputs], new float[Outputs], new FitOptions { ValidationInputs = new float[Inputs] }));
        Assert.Throws<ArgumentException>("options", () => trainer.Fit(
            new float[Inputs], new float[Outputs], new FitOptions { ValidationValues = new float[Outputs] }));
    }

    [Fact]
    public void Evaluating_many_samples_equals_evaluating_them_at_once()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(0.1));
        float[] inputs = LinearNetwork.Noise(2500 * Inputs, 1), targets = LinearNetwork.Noise(2500 * Outputs, 2);
        double expected = network.Expected(inputs).Select((y, i) => (y - targets[i]) * (y - targets[i])).Average();
        Assert.Equal(expected, trainer.Evaluate(inputs, targets).Loss, 1e-6);
        Assert.Equal(0, trainer.Evaluate(default, default).Loss);
    }

    [Fact]
    public void A_disposed_trainer_says_so_and_the_network_lives_on()
    {
        using var network = new LinearNetwork();
        var trainer = new RegressionTrainer(network, 4, new Sgd(0.1));
        trainer.Dispose();
        trainer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => trainer.Step(new float[Inputs], new float[Outputs]));
        Assert.Throws<ObjectDisposedException>(() => trainer.CopyGradientTo(network.Bias, new float[Outputs]));
        network.Forward(new float[Inputs], new float[Outputs]);
    }

    [Fact]
    public void A_trainer_of_a_disposed_network_says_so()
    {
        var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 4, new Sgd(0.1));
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => trainer.Step(new float[Inputs], new float[Outputs]));
    }

    [Fact]
    public void Padding_stays_zero()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new AdamW(0.1));
        for (int step = 0; step < 20; step++)
        {
            trainer.Step(LinearNetwork.Noise(16 * Inputs, step), LinearNetwork.Noise(16 * Outputs, step));
        }

        for (int i = 0; i < network.Memory.Length; i++)
        {
            float value = Unsafe.Add(ref network.Memory.Reference, i);
            Assert.True(i % 16 < Outputs ? value != 0 : value == 0);
        }
    }

    private static (double Loss, double[] Weight, double[] Bias) Reference(LinearNetwork network, float[] inputs, float[] targets)
    {
        double[] outputs = network.Expected(inputs), weight = new double[Outputs * Inputs], bias = new double[Outputs];
        double loss = 0;
        for (int k = 0; k < outputs.Length; k++)
        {
            double difference = outputs[k] - targets[k], gradient = 2 * difference / outputs.Length;
            loss += difference * difference / outputs.Length;
            bias[k % Outputs] += gradient;
            for (int i = 0; i < Inputs; i++)
            {
                weight[(k % Outputs * Inputs) + i] += gradient * inputs[(k / Outputs * Inputs) + i];
            }
        }

        return (loss, weight, bias);
    }

    private static void AssertGradient(Trainer trainer, Parameter parameter, double[] expected)
    {
        float[] gradient = new float[parameter.Length];
        trainer.CopyGradientTo(parameter, gradient);
        NetworkTests.AssertClose(expected, gradient);
    }

    private sealed class Recorder : List<FitProgress>, IProgress<FitProgress>
    {
        public void Report(FitProgress value) => Add(value);
    }

    private sealed class Stopper(CancellationTokenSource source, int steps) : IProgress<FitProgress>
    {
        private int _left = steps;

        public void Report(FitProgress value)
        {
            if (!value.EpochCompleted && --_left == 0)
            {
                source.Cancel();
            }
        }
    }
}
