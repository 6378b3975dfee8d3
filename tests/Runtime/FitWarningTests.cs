using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>
/// What is known before <c>Fit</c> begins is reported before it: as an exception if training would fail, as a warning if it may be meant.
/// </summary>
public class FitWarningTests
{
    private const int Inputs = LinearNetwork.Inputs, Outputs = LinearNetwork.Outputs;

    private static readonly float[] Samples = LinearNetwork.Noise(20 * Inputs, 1), Targets = LinearNetwork.Noise(20 * Outputs, 2);

    [Theory]
    [InlineData(17, 8, 1, false, true)]
    [InlineData(17, 8, 1, true, false)]
    [InlineData(16, 8, 1, false, false)]
    [InlineData(18, 8, 1, false, false)]
    [InlineData(17, 8, 2, false, true)]
    [InlineData(17, 8, 2, true, false)]
    [InlineData(17, 17, 1, false, false)]
    [InlineData(17, 32, 1, false, false)]
    [InlineData(1, 8, 1, true, true)]
    [InlineData(9, 8, 2, true, true)]
    [InlineData(5, 1, 1, false, true)]
    [InlineData(5, 1, 5, false, true)]
    public void A_batch_of_one_sample_that_batch_norm_cannot_train_on_is_refused_before_the_first_step(
        int samples, int batch, int accumulate, bool dropLast, bool refused)
    {
        using var network = new NormNetwork();
        using var trainer = new RegressionTrainer(network, batch, new Sgd(0.1));
        var options = new FitOptions { Accumulate = accumulate, DropLast = dropLast };
        float[] data = LinearNetwork.Noise(samples, 3);
        if (refused)
        {
            var e = Assert.Throws<ArgumentException>("options", () => trainer.Fit(data, data, options));
            Assert.Contains("batch norm 'bn1' of Norm has one value per channel", e.Message, StringComparison.Ordinal);
            Assert.Contains("Set DropLast = true", e.Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>("options", () => trainer.FitAsync(new SampleBatch(data, data), options));
        }
        else
        {
            trainer.Fit(data, data, options);
        }

        Assert.Equal(!refused, trainer.Steps > 0);
    }

    [Fact]
    public void Data_that_are_read_piece_by_piece_are_refused_where_every_batch_is_one_sample()
    {
        using var network = new NormNetwork();
        using var trainer = new RegressionTrainer(network, 1, new Sgd(0.1));
        var e = Assert.Throws<ArgumentException>("options",
            () => trainer.Fit([new SampleBatch(new float[5], new float[5])], new FitOptions()));
        Assert.Contains("Batches have one sample", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no/such/directory/file.safetensors")]
    [InlineData(".")]
    public void A_checkpoint_that_cannot_be_written_is_said_before_the_first_step(string path)
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 5, new Sgd(0.1));
        foreach (bool resume in (bool[])[false, true])
        {
            var e = Assert.ThrowsAny<IOException>(
                () => trainer.Fit(Samples, Targets, new FitOptions { Checkpoint = new FitCheckpoint(path) { Resume = resume } }));
            Assert.StartsWith($"{path}: the file cannot be written: ", e.Message, StringComparison.Ordinal);
            Assert.Equal(0, trainer.Steps);
        }
    }

    [Fact]
    public void Looking_whether_a_checkpoint_can_be_written_leaves_nothing_behind()
    {
        string directory = Directory.CreateTempSubdirectory().FullName, path = Path.Combine(directory, "c.safetensors");
        try
        {
            AtomicFile.CheckWritable(path);
            Assert.Empty(Directory.GetFileSystemEntries(directory));
            File.WriteAllText(path, "as it was");
            AtomicFile.CheckWritable(path);
            Assert.Equal("as it was", File.ReadAllText(path));
            Assert.Equal([path], Directory.GetFileSystemEntries(directory));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("cosine 3", 10, "The cosine of 3 epochs is over before training is, which takes 10: from there on the rate rises again.")]
    [InlineData("cosine 10", 10, null)]
    [InlineData("cosine 19", 10, null)]
    [InlineData("cosine 20", 10, "Training takes 10 epochs and ends in the first half of the cosine, which takes 20.")]
    [InlineData("cosine", 10, null)]
    [InlineData("cycle 10", 10,
        "The cycle of 10 steps is over before training is, which takes 40: from there on the rate stays at its least.")]
    [InlineData("cycle 40", 10, null)]
    [InlineData("cycle", 10, null)]
    [InlineData("warm-up 10", 10, "Training takes 10 epochs and ends before the warm-up does, which takes 10.")]
    [InlineData("warm-up 9", 10, null)]
    [InlineData("warm-up 2 cosine 3", 10,
        "The cosine of 3 epochs is over before training is, which takes 8: from there on the rate rises again.")]
    [InlineData("step 30", 10, null)]
    public void A_schedule_whose_length_does_not_suit_the_training_is_told(string name, int epochs, string? expected)
    {
        Schedule schedule = name switch
        {
            "cosine" => Schedule.Cosine(),
            "cosine 3" => Schedule.Cosine(3),
            "cosine 10" => Schedule.Cosine(10),
            "cosine 19" => Schedule.Cosine(19),
            "cosine 20" => Schedule.Cosine(20),
            "cycle" => Schedule.OneCycle(0.1),
            "cycle 10" => Schedule.OneCycle(0.1, 10),
            "cycle 40" => Schedule.OneCycle(0.1, 40),
            "warm-up 10" => Schedule.Constant().AfterWarmup(10),
            "warm-up 9" => Schedule.Constant().AfterWarmup(9),
            "warm-up 2 cosine 3" => Schedule.Cosine(3).AfterWarmup(2),
            _ => Schedule.Step(30),
        };
        FitResult result = Fit(new FitOptions { Epochs = epochs, Schedule = schedule }, out List<TrainingWarning> told);
        Assert.Equal(expected is null ? [] : [new TrainingWarning(TrainingWarningKind.ScheduleLength, expected)], told);
        Assert.Equal(told, result.Warnings);
    }

    [Fact]
    public void Options_without_effect_are_told()
    {
        Fit(new FitOptions { StepsPerEpoch = 2 }, out List<TrainingWarning> told);
        Assert.Equal("StepsPerEpoch has no effect on samples in memory, of which each epoch takes all.", Assert.Single(told).Message);
        Assert.Equal(TrainingWarningKind.OptionWithoutEffect, told[0].Kind);
        Fit(new FitOptions { MixUp = 0.2 }, out told, batch: 1);
        Assert.Equal(TrainingWarningKind.OptionWithoutEffect, Assert.Single(told).Kind);
        Fit(new FitOptions { MixUp = 0.2 }, out told);
        Assert.Empty(told);
    }

    [Fact]
    public void A_rate_that_jumps_when_training_goes_on_with_more_epochs_is_told()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");
        try
        {
            var checkpoint = new FitCheckpoint(path) { Resume = true };
            Fit(new FitOptions { Epochs = 4, Schedule = Schedule.Cosine(), Checkpoint = checkpoint }, out List<TrainingWarning> told);
            Assert.Empty(told);
            Fit(new FitOptions { Epochs = 4, Schedule = Schedule.Cosine(), Checkpoint = checkpoint }, out told);
            Assert.Empty(told);
            FitResult result = Fit(new FitOptions { Epochs = 8, Schedule = Schedule.Cosine(), Checkpoint = checkpoint }, out told);
            Assert.Equal(8, result.Epochs.Count);
            TrainingWarning warning = Assert.Single(told);
            Assert.Equal(TrainingWarningKind.LearningRateJump, warning.Kind);
            Assert.StartsWith(
                "The learning rate goes on at 0.05; in the checkpoint it is 0. The schedule is as long as training is", warning.Message,
                StringComparison.Ordinal);
            Assert.Contains("which had 4.", warning.Message, StringComparison.Ordinal);

            // One with a length of its own goes on where it was.
            File.Delete(path);
            Fit(new FitOptions { Epochs = 4, Schedule = Schedule.Exponential(0.5), Checkpoint = checkpoint }, out told);
            Fit(new FitOptions { Epochs = 8, Schedule = Schedule.Exponential(0.5), Checkpoint = checkpoint }, out told);
            Assert.Empty(told);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(0, 1, false, null)]
    [InlineData(0, 255, true, "Divide them by 255, as Forward does with bytes.")]
    [InlineData(-2, 2, false, null)]
    [InlineData(0, 4000, true, "a mean of")]
    [InlineData(0.4f, 0.401f, true, "a mean of")]
    [InlineData(0.5f, 0.5f, false, null)]
    public void Samples_on_another_scale_than_the_networks_constants_are_told_once(float least, float most, bool warned, string? text)
    {
        float[] data = [.. LinearNetwork.Noise(64, 5).Select(x => least + ((most - least) * (x + 1) / 2))], targets = new float[64];
        using var network = new NormNetwork(new InputNormalization([0.485], [0.229]));
        using var trainer = new RegressionTrainer(network, 8, new Sgd(1e-9));
        foreach (bool stream in (bool[])[false, true])
        {
            var told = new List<TrainingWarning>();
            var options = new FitOptions { Epochs = 3, OnWarning = told.Add };
            _ = stream ? trainer.Fit([new SampleBatch(data, targets)], options) : trainer.Fit(data, targets, options);
            Assert.Equal(warned ? 1 : 0, told.Count);
            if (warned)
            {
                Assert.Equal(TrainingWarningKind.InputRange, told[0].Kind);
                Assert.StartsWith("The samples go from ", told[0].Message, StringComparison.Ordinal);
                Assert.Contains(text!, told[0].Message, StringComparison.Ordinal);
            }
        }

        var validated = new List<TrainingWarning>();
        float[] good = [.. LinearNetwork.Noise(64, 6).Select(x => (x + 1) / 2)];
        trainer.Fit(good, targets, new FitOptions { ValidationInputs = data, ValidationValues = targets, OnWarning = validated.Add });
        Assert.Equal(warned ? ["The validation samples"] : [], validated.Select(w => w.Message[.."The validation samples".Length]));
    }

    [Theory]
    [InlineData("Dense", true)]
    [InlineData("Conv2D", true)]
    [InlineData("Flatten", false)]                       // nothing with weights follows
    [InlineData("BatchNorm", false)]
    [InlineData("Scale", false)]
    public void Floats_of_0_to_255_are_told_once_by_steps_and_by_fit_without_normalize(string kind, bool warned)
    {
        float[] bytes = [.. LinearNetwork.Noise(64, 5).Select(x => 127.5f * (x + 1))], targets = new float[64];
        using var network = new NormNetwork(kind: kind);
        using var trainer = new RegressionTrainer(network, 8, new Sgd(1e-9));
        List<TrainingWarning> bySteps = [], byFit = [];
        trainer.OnWarning = bySteps.Add;
        for (int i = 0; i < 3; i++)
        {
            trainer.Step(bytes.AsSpan(0, 8), targets.AsSpan(0, 8));
        }

        Assert.Equal(warned ? 1 : 0, bySteps.Count);
        trainer.Fit(bytes, targets, new FitOptions { Epochs = 2, OnWarning = byFit.Add });
        Assert.Equal(warned ? 1 : 0, byFit.Count);
        Assert.All(bySteps.Concat(byFit), warning =>
        {
            Assert.Equal(TrainingWarningKind.InputRange, warning.Kind);
            Assert.Contains($"{kind} 'first' of Norm sees them as they are", warning.Message, StringComparison.Ordinal);
            Assert.EndsWith("Divide them by 255, as Forward does with bytes.", warning.Message, StringComparison.Ordinal);
        });

        // Without a receiver of its own, Fit tells the trainer's.
        bySteps.Clear();
        trainer.Fit(bytes, targets, new FitOptions());
        Assert.Equal(warned ? 1 : 0, bySteps.Count);
    }

    [Fact]
    public void Samples_to_evaluate_on_another_scale_are_told_once()
    {
        var told = new List<TrainingWarning>();
        using var network = new NormNetwork(kind: "Dense");
        using var trainer = new RegressionTrainer(network, 8, new Sgd(0.1)) { OnWarning = told.Add };
        trainer.Evaluate([0, 0.5f, 1], new float[3]);
        Assert.Empty(told);
        using var other = new RegressionTrainer(network, 8, new Sgd(0.1)) { OnWarning = told.Add };
        other.Evaluate([0, 100, 200], new float[3]);
        other.Evaluate([0, 100, 200], new float[3]);
        Assert.StartsWith("The samples to evaluate go from 0 to 200, but", Assert.Single(told).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1000, 3000, "or let the network do so: over all channels it is [Normalize([")]
    [InlineData(500, 500, "Scale them to numbers near 1.")]
    public void Numbers_of_any_scale_are_told_with_a_cure(float least, float most, string cure)
    {
        float[] data = [.. LinearNetwork.Noise(4096, 5).Select(x => least + ((most - least) * (x + 1) / 2))];
        using var network = new NormNetwork(kind: "Dense");
        Assert.Contains(cure, InputRange.FindProblem(network, data, "The samples"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sgd", 1e6, true)]
    [InlineData("Sgd", 1, false)]
    [InlineData("Adam", 3, true)]
    [InlineData("AdamW", 0.01, false)]
    [InlineData("RMSProp", 3, true)]
    public void A_learning_rate_that_nobody_uses_is_told_once_by_steps_and_by_fit(string name, double rate, bool warned)
    {
        Optimizer optimizer = name switch
        {
            "Sgd" => new Sgd(rate),
            "Adam" => new Adam(rate),
            "AdamW" => new AdamW(rate),
            _ => new RMSProp(rate),
        };
        var told = new List<TrainingWarning>();
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 8, optimizer) { OnWarning = told.Add };
        network.Weight.CopyFrom(new float[network.Weight.Length]);
        network.Bias.CopyFrom(new float[Outputs]);

        // The loss and its gradients are 0.
        float[] nothing = new float[8 * Inputs], targets = new float[8 * Outputs];
        trainer.Step(nothing, targets);
        trainer.Step(nothing, targets);
        Assert.Equal(warned ? 1 : 0, told.Count(warning => warning.Kind == TrainingWarningKind.LearningRate));
        trainer.Fit(nothing, targets, new FitOptions { Epochs = 3 });
        Assert.Equal(warned ? 2 : 0, told.Count);
        Assert.All(told, warning => Assert.Contains(FormattableString.Invariant($"{rate:G4}"), warning.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_loss_that_explodes_is_told_once_and_the_rate_is_named()
    {
        var told = new List<TrainingWarning>();
        using var network = new LinearNetwork(new NetworkOptions { Seed = 1 });
        using var trainer = new RegressionTrainer(network, 20, new Sgd(9)) { OnWarning = told.Add };
        for (int i = 0; i < 8; i++)
        {
            trainer.Step(Samples, Targets);
        }

        TrainingWarning warning = Assert.Single(told);
        Assert.Equal(TrainingWarningKind.LearningRate, warning.Kind);
        Assert.Matches("^The loss has grown from .* to .*, with a learning rate of 9\\. Choose a lower rate, or clip", warning.Message);
        var e = Assert.Throws<TrainingException>(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                trainer.Step(Samples, Targets);
            }
        });
        Assert.Contains("choose a lower learning rate than 9", e.Message, StringComparison.Ordinal);
    }

    private static FitResult Fit(FitOptions options, out List<TrainingWarning> told, int batch = 5)
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, batch, new Sgd(0.1));
        var warnings = new List<TrainingWarning>();
        told = warnings;
        return trainer.Fit(Samples, Targets, options with { OnWarning = warnings.Add });
    }

    /// <summary>As <see cref="MovingNetwork"/>, whose layer calls itself a batch norm.</summary>
    private sealed class NormNetwork(InputNormalization? constants = null, string? kind = null) : CompiledNetwork(
        new NetworkInfo(
            "Norm",
            [1],
            [1],
            [
                .. kind is null ? [] : (LayerInfo[])[new LayerInfo("first", kind, [1], "", 0, 0)],
                new LayerInfo("bn1", "BatchNorm", [1], "", 1, 1),
            ],
            [
                new ParameterInfo("bn1.weight", [1], Initializer.Ones, 1, 1),
                new ParameterInfo("bn1.running_mean", [1], Initializer.Zeros, 1, 1) { Role = ParameterRole.Buffer },
            ],
            [new LossInfo("MeanSquaredError", TargetKind.Values) { Tensor = "bn1", OutputOffset = 0 }])
        {
            InputNormalization = constants,
        },
        isa => new MovingProgram(isa, phased: true),
        new NetworkOptions { Threads = 1 });
}
