using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

public class FitTests
{
    private const int Inputs = LinearNetwork.Inputs, Outputs = LinearNetwork.Outputs;

    private static readonly float[] Samples = LinearNetwork.Noise(50 * Inputs, 1), Targets = LinearNetwork.Noise(50 * Outputs, 2);

    [Theory]
    [InlineData("MeanSquaredError")]
    [InlineData("CrossEntropy")]
    public void Accumulated_parts_are_one_batch(string loss)
    {
        using var whole = new LinearNetwork(loss: loss);
        using var parts = new LinearNetwork(loss: loss);
        int[] sizes = [16, 16, 1, 7, 10];
        int[] classes = [.. Enumerable.Range(0, 50).Select(s => s * 7 % Outputs)];
        float expected, sum = 0;
        if (loss == "CrossEntropy")
        {
            using var one = new ClassificationTrainer(whole, 50, new Sgd(0.1));
            using var several = new ClassificationTrainer(parts, 16, new Sgd(0.1));
            expected = one.Step(Samples, classes);
            foreach ((int first, int size) in Cut(sizes))
            {
                sum += size * several.AccumulateGradients(Samples.AsSpan(first * Inputs, size * Inputs), classes.AsSpan(first, size));
            }

            several.Update();
            Assert.Equal((1, 1), (one.Steps, several.Steps));
        }
        else
        {
            using var one = new RegressionTrainer(whole, 50, new Sgd(0.1));
            using var several = new RegressionTrainer(parts, 16, new Sgd(0.1));
            expected = one.Step(Samples, Targets);

            // What was computed, but not accumulated, is forgotten; what an update has used, too.
            several.AccumulateGradients(Samples.AsSpan(0, Inputs), Targets.AsSpan(0, Outputs));
            foreach ((int first, int size) in Cut(sizes))
            {
                ReadOnlySpan<float> x = Samples.AsSpan(first * Inputs, size * Inputs), y = Targets.AsSpan(first * Outputs, size * Outputs);
                sum += size * (first == 0 ? several.ComputeGradients(x, y) : several.AccumulateGradients(x, y));
            }

            several.Update();
            Assert.Equal(one.GradientNorm, several.GradientNorm, 1e-5);
        }

        Assert.Equal(expected, sum / 50, 1e-5);
        NetworkTests.AssertClose([.. whole.Values(0).Select(v => (double)v)], parts.Values(0));
        NetworkTests.AssertClose([.. whole.Values(1).Select(v => (double)v)], parts.Values(1));
    }

    [Fact]
    public void Accumulating_in_Fit_is_training_with_larger_batches()
    {
        (float[] Parameters, List<FitProgress> Reports) Train(int batch, int accumulate)
        {
            using var network = new LinearNetwork();
            using var trainer = new RegressionTrainer(network, batch, new Sgd(0.1) { Momentum = 0.9 });
            var reports = new Recorder();
            trainer.Fit(Samples, Targets, new FitOptions { Epochs = 3, Seed = 4, Accumulate = accumulate }, reports);
            Assert.Equal(3 * 3, trainer.Steps);
            return ([.. network.Values(0), .. network.Values(1)], reports);
        }

        // 50 samples: the last step has two, and so only one batch.
        var (large, largeReports) = Train(24, 1);
        var (small, smallReports) = Train(8, 3);
        NetworkTests.AssertClose([.. large.Select(v => (double)v)], small);
        Assert.Equal(largeReports.Select(Places), smallReports.Select(Places));
        Assert.Equal(largeReports.Select(r => Math.Round(r.Loss, 5)), smallReports.Select(r => Math.Round(r.Loss, 5)));

        static (int, int, int, bool) Places(FitProgress r) => (r.Epoch, r.Step, r.StepsPerEpoch, r.EpochCompleted);
    }

    [Fact]
    public void A_schedule_counts_epochs_or_steps_and_the_rate_returns()
    {
        double[] Rates(Schedule schedule)
        {
            using var network = new LinearNetwork();
            var optimizer = new Sgd(0.5);
            using var trainer = new RegressionTrainer(network, 25, optimizer);
            var reports = new Recorder();
            trainer.Fit(Samples, Targets, new FitOptions { Epochs = 3, Schedule = schedule }, reports);
            Assert.Equal(0.5, optimizer.LearningRate);
            return [.. reports.Where(r => !r.EpochCompleted).Select(r => Math.Round(r.LearningRate, 9))];
        }

        Assert.Equal([0.5, 0.5, 0.25, 0.25, 0.125, 0.125], Rates(Schedule.Exponential(0.5)));
        Assert.Equal([0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625], Rates(Schedule.Exponential(0.5) with { Unit = ScheduleUnit.Step }));
        Assert.Equal([0.5, 0.5, 0.375, 0.375, 0.125, 0.125], Rates(Schedule.Cosine()));
        Assert.Equal([0.3, 1.65, 3, 2.25, 0.75, 0], Rates(Schedule.OneCycle(3, rise: 0.5, divisor: 10, finalDivisor: 1e12)));
    }

    [Fact]
    public void A_plateau_of_the_monitored_metric_lowers_the_rate()
    {
        using var network = new LinearNetwork(loss: "CrossEntropy");
        using var trainer = new ClassificationTrainer(network, 50, new Sgd(1e-9));
        int[] classes = [.. Enumerable.Range(0, 50).Select(s => s % Outputs)];
        var options = new FitOptions
        {
            Epochs = 5,
            Schedule = Schedule.OnPlateau(factor: 0.1, patience: 0),
            ValidationInputs = Samples,
            ValidationTargets = classes,
            Monitor = FitMetric.ValidationAccuracy,
        };

        // The accuracy stays as it is from the first epoch on; PyTorch changes no rate by less than 1e-8.
        FitResult result = trainer.Fit(Samples, classes, options);
        Assert.All(result.Epochs, e => Assert.Equal(1e-9, e.LearningRate));
        using var faster = new ClassificationTrainer(network, 50, new Sgd(1e-3));
        result = faster.Fit(Samples, classes, options);
        Assert.Equal([1e-3, 1e-3, 1e-4, 1e-5, 1e-6], result.Epochs.Select(e => Math.Round(e.LearningRate, 9)));
        Assert.Equal(1, result.BestEpoch);
    }

    [Fact]
    public void Training_ends_early_and_the_best_epoch_comes_back()
    {
        // A rate that is far too large: the loss grows from epoch to epoch, after the first ones were small.
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 50, new Sgd(0.2));
        var epochs = new List<float[]>();
        var options = new FitOptions
        {
            Epochs = 50,
            Schedule = Schedule.MultiStep([3], gamma: 1000),
            ValidationInputs = Samples,
            ValidationValues = Targets,
            EarlyStopping = new EarlyStopping(patience: 4),
            RestoreBest = true,
        };
        var recorder = new Recorder { Then = r => { if (r.EpochCompleted) { epochs.Add(network.Values(0)); } } };
        FitResult result = trainer.Fit(Samples, Targets, options, recorder);
        Assert.Equal((true, false, 3, 7), (result.StoppedEarly, result.Cancelled, result.BestEpoch, result.Epochs.Count));
        Assert.Equal(epochs[2], network.Values(0));
        Assert.Equal(result.Epochs[2].ValidationLoss, trainer.Evaluate(Samples, Targets).Loss);

        using var last = new LinearNetwork();
        using var lastTrainer = new RegressionTrainer(last, 50, new Sgd(0.2));
        result = lastTrainer.Fit(Samples, Targets, options with { RestoreBest = false, EarlyStopping = null, Epochs = 7 });
        Assert.Equal((false, 3, 7), (result.StoppedEarly, result.BestEpoch, result.Epochs.Count));
        Assert.Equal(epochs[6], last.Values(0));
    }

    [Fact]
    public void A_gain_that_is_too_small_does_not_count()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 50, new Sgd(1e-6));
        FitResult result = trainer.Fit(
            Samples, Targets, new FitOptions { Epochs = 20, EarlyStopping = new EarlyStopping(3) { MinDelta = 0.5 } });
        Assert.Equal((true, 1, 4), (result.StoppedEarly, result.BestEpoch, result.Epochs.Count));
        result = trainer.Fit(Samples, Targets, new FitOptions { Epochs = 20, EarlyStopping = new EarlyStopping(3) });
        Assert.Equal((false, 20, 20), (result.StoppedEarly, result.BestEpoch, result.Epochs.Count));
    }

    [Fact]
    public void The_epoch_that_comes_back_is_better_by_more_than_the_least_gain()
    {
        // The least gain is half of what all epochs gain: one of them passes it, and what is left then is too little.
        FitResult free = Train(rule: null, []);
        List<double> losses = [.. free.Epochs.Select(e => e.Loss)];
        Assert.Equal(losses.OrderDescending(), losses);
        Assert.Equal(12, free.BestEpoch);
        double least = (losses[0] - losses[^1]) / 2;
        int best = losses.FindIndex(loss => losses[0] - loss > least) + 1;
        Assert.InRange(best, 2, 11);

        var epochs = new List<float[]>();
        using var network = new LinearNetwork();
        FitResult result = Train(new EarlyStopping(patience: 20) { MinDelta = least }, epochs, network);
        Assert.Equal(losses, result.Epochs.Select(e => e.Loss));
        Assert.Equal((false, best), (result.StoppedEarly, result.BestEpoch));
        Assert.Equal(epochs[best - 1], network.Values(0));
        Assert.NotEqual(epochs[^1], network.Values(0));

        static FitResult Train(EarlyStopping? rule, List<float[]> epochs, LinearNetwork? network = null)
        {
            using LinearNetwork? own = network is null ? new LinearNetwork() : null;
            network ??= own!;
            using var trainer = new RegressionTrainer(network, 50, new Sgd(0.1));
            var recorder = new Recorder { Then = r => { if (r.EpochCompleted) { epochs.Add(network.Values(0)); } } };
            return trainer.Fit(Samples, Targets, new FitOptions { Epochs = 12, EarlyStopping = rule, RestoreBest = true }, recorder);
        }
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 16, new Sgd(0.1));
        void Refused(string parameter, FitOptions options, float[]? targets = null) => Assert.Equal(
            parameter, Assert.ThrowsAny<ArgumentException>(() => trainer.Fit(Samples, targets ?? Targets, options)).ParamName);
        Refused("options.Accumulate", new FitOptions { Accumulate = 0 });
        Refused("options", new FitOptions { Monitor = FitMetric.ValidationLoss });
        Refused("options", new FitOptions
        {
            Monitor = FitMetric.ValidationAccuracy,
            ValidationInputs = Samples,
            ValidationValues = Targets,
        });
        Refused("options", new FitOptions { Schedule = Schedule.OnPlateau() with { Unit = ScheduleUnit.Step } });
        Refused("options", new FitOptions { Monitor = (FitMetric)9 });
        Refused("options", new FitOptions { Schedule = Schedule.Exponential(1e200), Epochs = 3 });
        Refused("options", new FitOptions { Schedule = Schedule.OneCycle(1e300, divisor: 1e-300) });
        Refused("targets", new FitOptions(), Targets[1..]);
        Assert.Equal((0, 0.1), (trainer.Steps, trainer.Optimizer.LearningRate));
        Assert.Throws<ArgumentOutOfRangeException>("patience", () => new EarlyStopping(0));
        Assert.Throws<ArgumentOutOfRangeException>("MinDelta", () => new EarlyStopping(1) { MinDelta = -1 });
    }

    [Fact]
    public void Training_may_be_said_to_be_endless_and_ends_when_nothing_improves()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 50, new Sgd(0));
        FitResult result = trainer.Fit(Samples, Targets, new FitOptions
        {
            Epochs = int.MaxValue,
            Schedule = Schedule.Cosine() with { Unit = ScheduleUnit.Step },
            EarlyStopping = new EarlyStopping(2),
        });
        Assert.Equal((true, 3), (result.StoppedEarly, result.Epochs.Count));
    }

    [Fact]
    public void A_number_that_is_not_finite_in_a_parameter_is_named_before_it_spreads()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 50, new Sgd(0.1));
        trainer.Step(Samples, Targets);
        float[] weight = network.Values(0), bias = network.Values(1);
        bias[3] = float.PositiveInfinity;
        network.Bias.CopyFrom(bias);
        var e = Assert.Throws<TrainingException>(() => trainer.Step(Samples, Targets));
        Assert.Equal(("dense1", 1), (e.Layer, e.Step));
        Assert.Equal(
            "Training of Linear stopped after 1 update: the loss is Infinity, since parameter 'dense1.bias' of layer 'dense1' "
            + "holds Infinity at element 3.",
            e.Message);
        Assert.Equal(weight, network.Values(0));
        Assert.Equal(1, trainer.Steps);
    }

    [Fact]
    public void Collection_expressions_train_and_evaluate_wherever_a_step_takes_them()
    {
        List<float> samples = [.. Samples];
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 50, new Sgd(0.1));
        trainer.Step([.. samples], [.. Targets]);
        Assert.Equal(trainer.Evaluate(Samples.AsMemory(), Targets.AsMemory()).Loss, trainer.Evaluate([.. samples], [.. Targets]).Loss);
        Assert.Single(trainer.Fit([.. samples], [.. Targets], new FitOptions()).Epochs);
        Assert.Single(trainer.Fit([new SampleBatch([.. samples], [.. Targets])], new FitOptions()).Epochs);

        using var classes = new LinearNetwork(loss: "CrossEntropy");
        using var classifier = new ClassificationTrainer(classes, 50, new Sgd(0.1));
        int[] labels = new int[Samples.Length / LinearNetwork.Inputs];
        classifier.Fit([.. samples], [.. labels], new FitOptions());
        classifier.Fit([new SampleBatch([.. samples], [.. labels])], new FitOptions());
        ClassificationMetrics metrics = classifier.Evaluate([.. samples], [.. labels]);
        Assert.Equal(labels.Length, metrics.ConfusionMatrix.Total);
        Assert.Throws<ArgumentException>("inputs", () => classifier.Fit([], [], new FitOptions()));
    }

    [Fact]
    public void A_sample_that_is_not_finite_is_numbered()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 8, new Sgd(0.1));
        float[] samples = [.. Samples];
        samples[(37 * Inputs) + 2] = float.NaN;
        var e = Assert.Throws<TrainingException>(() => trainer.Fit(samples, Targets, new FitOptions { Epochs = 3, Accumulate = 2 }));
        Assert.Equal("input", e.Layer);
        Assert.InRange(e.Step, 0, 3);
        Assert.Contains("since sample 37 holds numbers that are not finite.", e.Message);
        Assert.All(network.Values(0), w => Assert.True(float.IsFinite(w)));
    }

    [Fact]
    public void A_gradient_that_overflows_is_named_and_not_used()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 2, new Adam());
        float[] inputs = new float[2 * Inputs], outputs = new float[2 * Outputs], weight = network.Values(0);
        inputs.AsSpan().Fill(10);
        trainer.Forward(inputs, outputs);
        outputs.AsSpan().Fill(3e38f);
        trainer.Backward(outputs);
        var e = Assert.Throws<TrainingException>(trainer.Update);
        Assert.Equal(("dense1", 0), (e.Layer, e.Step));
        Assert.Equal(weight, network.Values(0));

        // The trainer is as good as before.
        trainer.Step(inputs, new float[2 * Outputs]);
        Assert.Equal(1, trainer.Steps);
    }

    private static IEnumerable<(int First, int Size)> Cut(int[] sizes)
    {
        int first = 0;
        foreach (int size in sizes)
        {
            yield return (first, size);
            first += size;
        }
    }

    internal sealed class Recorder : List<FitProgress>, IProgress<FitProgress>
    {
        public Action<FitProgress>? Then { get; init; }

        public void Report(FitProgress value)
        {
            Add(value);
            Then?.Invoke(value);
        }
    }
}
