using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Strata.Data;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

public sealed class CheckpointTests : IDisposable
{
    private const int Inputs = LinearNetwork.Inputs, Outputs = LinearNetwork.Outputs;

    private static readonly float[] Samples = LinearNetwork.Noise(50 * Inputs, 1), Targets = LinearNetwork.Noise(50 * Outputs, 2);

    private readonly string _directory = Directory.CreateTempSubdirectory("strata-").FullName;

    public static TheoryData<string, int> Interruptions => new MatrixTheoryData<string, int>(
        ["sgd", "adam", "rmsprop"], [0, 1, 3, 4, 5, 8, 11]);

    private string FilePath => Path.Combine(_directory, "run.safetensors");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Interruptions))]
    public void Training_that_goes_on_gives_the_bits_of_training_that_was_not_interrupted(string name, int steps)
    {
        FitOptions options = Options();
        using var straight = new LinearNetwork(new NetworkOptions { Seed = 3 });
        using var straightTrainer = new RegressionTrainer(straight, 8, Make(name));
        var reports = new FitTests.Recorder();
        FitResult expected = straightTrainer.Fit(Samples, Targets, options, reports);

        // 4 steps of two batches an epoch; the first run ends within one of 3 epochs, or between two.
        options = options with { Checkpoint = new FitCheckpoint(FilePath) { Resume = true } };
        var before = new FitTests.Recorder();
        using (var first = new LinearNetwork(new NetworkOptions { Seed = 3 }))
        using (var trainer = new RegressionTrainer(first, 8, Make(name)))
        using (var source = new CancellationTokenSource())
        {
            int left = steps;
            if (left == 0)
            {
                source.Cancel();
            }

            var stopper = new FitTests.Recorder { Then = r => Stop(r, ref left, source) };
            FitResult result = trainer.Fit(Samples, Targets, options, stopper, source.Token);
            Assert.True(result.Cancelled);
            Assert.Equal(steps, trainer.Steps);
            before.AddRange(stopper);
        }

        // Fresh objects, with another seed and number of threads.
        using var second = new LinearNetwork(new NetworkOptions { Seed = 99, Threads = 3 });
        using var secondTrainer = new RegressionTrainer(second, 8, Make(name));
        var after = new FitTests.Recorder();
        FitResult resumed = secondTrainer.Fit(Samples, Targets, options, after);

        Assert.Equal(straight.Values(0), second.Values(0));
        Assert.Equal(straight.Values(1), second.Values(1));
        Assert.Equal(straightTrainer.Steps, secondTrainer.Steps);
        Assert.Equal(straight.Seed, second.Seed);
        Assert.Equal(reports.Select(Timeless), before.Concat(after).Select(Timeless));
        Assert.Equal(expected.Epochs.Select(Timeless), resumed.Epochs.Select(Timeless));
        Assert.Equal((expected.BestEpoch, expected.StoppedEarly), (resumed.BestEpoch, resumed.StoppedEarly));
        Assert.Equal(straightTrainer.Optimizer.LearningRate, secondTrainer.Optimizer.LearningRate);
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_directory));

        // What is finished is not done again.
        secondTrainer.Fit(Samples, Targets, options, after);
        Assert.Equal(straightTrainer.Steps, secondTrainer.Steps);
    }

    [Fact]
    public void The_file_is_written_within_epochs_too_if_wanted()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 8, Make("adam"));
        FitOptions options = Options() with { Checkpoint = new FitCheckpoint(FilePath) { EverySteps = 3 } };

        // The process dies at the eighth step: the checkpoint of the sixth is there.
        int left = 8;
        var dying = new FitTests.Recorder { Then = r => _ = r.EpochCompleted || --left > 0 ? 0 : throw new InvalidOperationException() };
        Assert.Throws<InvalidOperationException>(() => trainer.Fit(Samples, Targets, options, dying));

        using var second = new LinearNetwork();
        using var secondTrainer = new RegressionTrainer(second, 8, Make("adam"));
        var reports = new FitTests.Recorder();
        secondTrainer.Fit(Samples, Targets, options with { Checkpoint = new FitCheckpoint(FilePath) { Resume = true } }, reports);
        Assert.Equal((2, 3), (reports[0].Epoch, reports[0].Step));

        using var straight = new LinearNetwork();
        using var straightTrainer = new RegressionTrainer(straight, 8, Make("adam"));
        straightTrainer.Fit(Samples, Targets, Options());
        Assert.Equal(straight.Values(0), second.Values(0));
    }

    [Fact]
    public void The_best_epoch_outlives_an_interruption()
    {
        // The first epoch is the best: later ones diverge.
        FitOptions options = Options() with
        {
            Schedule = Schedule.MultiStep([1], gamma: 100),
            RestoreBest = true,
            EarlyStopping = new EarlyStopping(2),
            Epochs = 10,
        };
        using var straight = new LinearNetwork();
        using var straightTrainer = new RegressionTrainer(straight, 8, new Sgd(0.1));
        FitResult expected = straightTrainer.Fit(Samples, Targets, options);
        Assert.Equal((1, true), (expected.BestEpoch, expected.StoppedEarly));

        options = options with { Checkpoint = new FitCheckpoint(FilePath) { Resume = true } };
        using var source = new CancellationTokenSource();
        using var first = new LinearNetwork();
        using var firstTrainer = new RegressionTrainer(first, 8, new Sgd(0.1));
        int left = 6;
        firstTrainer.Fit(Samples, Targets, options, new FitTests.Recorder { Then = r => Stop(r, ref left, source) }, source.Token);

        using var second = new LinearNetwork(new NetworkOptions { Seed = 5 });
        using var secondTrainer = new RegressionTrainer(second, 8, new Sgd(0.1));
        FitResult resumed = secondTrainer.Fit(Samples, Targets, options);
        Assert.Equal((1, true, expected.Epochs.Count), (resumed.BestEpoch, resumed.StoppedEarly, resumed.Epochs.Count));
        Assert.Equal(straight.Values(0), second.Values(0));
    }

    [Fact]
    public void A_loop_of_ones_own_goes_on_with_the_same_bits()
    {
        using var first = new LinearNetwork();
        using var second = new LinearNetwork(new NetworkOptions { Seed = 7 });
        using var firstTrainer = new RegressionTrainer(first, 50, new RMSProp(0.02) { Momentum = 0.5, Centered = true });
        using var secondTrainer = new RegressionTrainer(second, 50, new RMSProp(1) { Momentum = 0.5, Centered = true });
        for (int step = 0; step < 4; step++)
        {
            firstTrainer.Step(Samples, Targets);
        }

        firstTrainer.SaveCheckpoint(FilePath);
        secondTrainer.LoadCheckpoint(FilePath);
        Assert.Equal((4, 0.02, 0UL), (secondTrainer.Steps, secondTrainer.Optimizer.LearningRate, second.Seed));
        for (int step = 0; step < 3; step++)
        {
            Assert.Equal(firstTrainer.Step(Samples, Targets), secondTrainer.Step(Samples, Targets));
        }

        Assert.Equal(first.Values(0), second.Values(0));

        // The network alone reads its parameters out of the file.
        using var third = new LinearNetwork(new NetworkOptions { Seed = 8 });
        firstTrainer.SaveCheckpoint(FilePath);
        third.Load(FilePath);
        Assert.Equal(first.Values(0), third.Values(0));
    }

    /// <summary>Checkpoints of two epochs of Fit, on 16 samples in batches of 8, from before optimizers could be derived.</summary>
    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("rmsprop")]
    public void Checkpoints_of_earlier_versions_load(string name)
    {
        string golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "checkpoints.json"));
        byte[] bytes = System.Text.Json.JsonDocument.Parse(golden).RootElement.GetProperty(name).GetBytesFromBase64();
        File.WriteAllBytes(FilePath, bytes);
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 8, name == "adamw" ? new AdamW(0.01) : Make(name));
        trainer.Fit(LinearNetwork.Noise(16 * Inputs, 1), LinearNetwork.Noise(16 * Outputs, 2), new FitOptions
        {
            Epochs = 2,
            Checkpoint = new FitCheckpoint(FilePath) { Resume = true },
        });
        Assert.Equal(4, trainer.Steps);
        trainer.LoadCheckpoint(FilePath);
        File.WriteAllBytes(FilePath, bytes);
        using var weights = new LinearNetwork();
        weights.Load(FilePath);
        Assert.Equal(weights.Values(0), network.Values(0));
    }

    [Fact]
    public void Another_tier_goes_on_from_the_same_numbers()
    {
        using var first = new LinearNetwork();
        using var second = new LinearNetwork(new NetworkOptions { Seed = 7, Isa = Isa.Vector128 });
        using var firstTrainer = new RegressionTrainer(first, 50, new Adam(0.02));
        using var secondTrainer = new RegressionTrainer(second, 50, new Adam(0.02));
        firstTrainer.Step(Samples, Targets);
        firstTrainer.SaveCheckpoint(FilePath);
        secondTrainer.LoadCheckpoint(FilePath);
        firstTrainer.Step(Samples, Targets);
        secondTrainer.Step(Samples, Targets);
        NetworkTests.AssertClose([.. first.Values(0).Select(v => (double)v)], second.Values(0));
    }

    [Fact]
    public void What_does_not_fit_is_named_and_nothing_changes()
    {
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 8, Make("adam"));
        trainer.Fit(Samples, Targets, Options() with { Epochs = 1, Checkpoint = new FitCheckpoint(FilePath) });
        byte[] good = File.ReadAllBytes(FilePath);

        void Refused(string message, FitOptions options, string optimizer = "adam", int batch = 8, int samples = 50)
        {
            using var other = new LinearNetwork(new NetworkOptions { Seed = 1 });
            using var otherTrainer = new RegressionTrainer(other, batch, Make(optimizer));
            float[] weight = other.Values(0);
            var e = Assert.Throws<WeightsFormatException>(() => otherTrainer.Fit(
                Samples.AsMemory(0, samples * Inputs),
                Targets.AsMemory(0, samples * Outputs),
                options with { Checkpoint = new FitCheckpoint(FilePath) { Resume = true } }));
            Assert.StartsWith(FilePath + ": ", e.Message);
            Assert.Contains(message, e.Message);
            Assert.Equal(weight, other.Values(0));
            Assert.Equal((0, 1UL), (otherTrainer.Steps, other.Seed));
            Assert.Equal(Make(optimizer).LearningRate, otherTrainer.Optimizer.LearningRate);
        }

        Refused(
            "the checkpoint was made with the optimizer Adam (exp_avg, exp_avg_sq); here it is Sgd (momentum_buffer).",
            Options(),
            optimizer: "sgd");
        Refused("the checkpoint was made with a batch size of 8; here it is 16.", Options(), batch: 16);
        Refused("the checkpoint was made with a number of samples of 50; here it is 40.", Options(), samples: 40);
        Refused("the checkpoint was made with Seed = 4; here it is 5.", Options() with { Seed = 5 });
        Refused("the checkpoint was made with Shuffle = True; here it is False.", Options() with { Shuffle = false });
        Refused("the checkpoint was made with Accumulate = 2; here it is 1.", Options() with { Accumulate = 1 });
        Refused(
            "the checkpoint was made with Schedule = SequentialSchedule { Unit = Step, First = LinearSchedule "
            + "{ Unit = Epoch, Length = 2, Start = 0.",
            Options() with { Schedule = null });
        Refused("here it is StepSchedule { Unit = Epoch, Size = 2, Gamma = 0.1 }.", Options() with { Schedule = Schedule.Step(2) });
        Refused("the checkpoint was made with RestoreBest = False; here it is True.", Options() with { RestoreBest = true });
        Refused("the checkpoint was made with Monitor = ValidationLoss; here it is Loss.", Options() with { Monitor = FitMetric.Loss });
        Refused(
            "the checkpoint was made with Augmentation = none; here it is GaussianNoise",
            Options() with { Augmentation = new Augmentation(new GaussianNoise(0.1)) { Range = (-9, 9) } });
        Refused(
            "the checkpoint was made with the optimizer's settings Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1E-08, WeightDecay = 0, "
            + "DecayBiasesAndNorms = True, ClipNorm = , ClipValue = , Groups = []; here it is Beta1 = 0.8, ",
            Options(),
            optimizer: "adam 0.8");

        trainer.SaveCheckpoint(FilePath);
        Refused("the checkpoint is none of Fit; load it with LoadCheckpoint.", Options());
        network.Save(FilePath);
        Refused("the file holds weights, but no checkpoint.", Options());

        string text = System.Text.Encoding.Latin1.GetString(good);
        void Damaged(string message, string from, string to)
        {
            Assert.Contains(from, text);
            Assert.Equal(from.Length, to.Length);
            File.WriteAllBytes(FilePath, System.Text.Encoding.Latin1.GetBytes(text.Replace(from, to)));
            Refused(message, Options());
        }

        Damaged("tensor 'optimizer/exp_abc/dense1.weight': no part of a checkpoint of Linear.", "r/exp_avg/dense1.w", "r/exp_abc/dense1.w");
        Damaged("tensor 'dense1.weighd': no part of a checkpoint of Linear.", "\"dense1.weight", "\"dense1.weighd");
        Damaged("tensor 'dense1.weight': expected F32, F64, F16 or BF16 (5, 7), found F32 (7, 5).",
            "\"dense1.weight\":{\"dtype\":\"F32\",\"shape\":[5,7]", "\"dense1.weight\":{\"dtype\":\"F32\",\"shape\":[7,5]");
        Damaged("the checkpoint's metadata is damaged", "steps", "stexs");
        Damaged("the checkpoint was made with format version 7; here it is 3.", "version\\u0022:3", "version\\u0022:7");
        File.WriteAllBytes(FilePath, good[..^4]);
        Refused("the file is truncated", Options());
    }

    [Fact]
    public void More_epochs_may_follow_a_finished_training()
    {
        using var straight = new LinearNetwork();
        using var straightTrainer = new RegressionTrainer(straight, 8, Make("sgd"));
        FitOptions options = Options() with { Schedule = null };
        straightTrainer.Fit(Samples, Targets, options with { Epochs = 5 });

        using var network = new LinearNetwork();
        options = options with { Checkpoint = new FitCheckpoint(FilePath) { Resume = true } };
        using (var trainer = new RegressionTrainer(network, 8, Make("sgd")))
        {
            trainer.Fit(Samples, Targets, options with { Epochs = 2 });
        }

        using (var trainer = new RegressionTrainer(network, 8, Make("sgd")))
        {
            Assert.Equal(5, trainer.Fit(Samples, Targets, options with { Epochs = 5 }).Epochs.Count);
        }

        Assert.Equal(straight.Values(0), network.Values(0));
    }

    [Theory]
    [InlineData("learningRate", "-1", "'learningRate' is -1.")]
    [InlineData("learningRate", "\"NaN\"", "'learningRate' is NaN.")]
    [InlineData("learningRate", "\"Infinity\"", "'learningRate' is Infinity.")]
    [InlineData("learningRate", null, "missing required properties")]
    [InlineData("steps", "-3", "'steps' is -3.")]
    [InlineData("steps", "9223372036854775807", "'steps' is 9223372036854775807.")]
    [InlineData("passes", "-1", "'passes' is -1.")]
    [InlineData("fit/scheduler/initialRate", "-1", "'initialRate' is -1.")]
    [InlineData("fit/scheduler/initialRate", "1e300", "'initialRate' is 1E+300.", false)]
    [InlineData("fit/scheduler/time", "-1", "'time' is -1.")]
    [InlineData("fit/scheduler/time", "4", "'time' is 4.", false)]
    [InlineData("fit/scheduler/plateau", null, "missing required properties")]
    [InlineData("fit/scheduler/plateau", "null", "Consider updating its nullability")]
    [InlineData("fit/scheduler/plateau/rate", "-0.5", "'rate' is -0.5.")]
    [InlineData("fit/scheduler/plateau/badEpochs", "-1", "'badEpochs' is -1.")]
    [InlineData("fit/scheduler/plateau/cooldown", null, "missing required properties")]
    [InlineData("fit/scheduler", null, "missing required properties")]
    [InlineData("fit/scheduler", "null", "'scheduler' is missing.", false)]
    [InlineData("fit/epochs", "null", "Consider updating its nullability")]
    [InlineData("fit/epochs", "[]", "'bestEpoch' is 1.")]
    [InlineData("fit/epochs/0/epoch", "7", "'epochs' is a list with epoch 7 in place 1.")]
    [InlineData("fit/lossSums", "[]", "'lossSums' is")]
    [InlineData("fit/lossSums/0", "\"NaN\"", "'lossSums' is NaN.")]
    [InlineData("fit/divisors/0", "-1", "'divisors' is -1.")]
    [InlineData("fit/bestEpoch", "-1", "'bestEpoch' is -1.")]
    [InlineData("fit/bestEpoch", "2", "'bestEpoch' is 2.")]
    [InlineData("fit/best", "\"NaN\"", "'best' is NaN.")]
    [InlineData("fit/hasBest", "true", "'hasBest' is True.")]
    [InlineData("fit/averageDecay", "1", "'averageDecay' is 1.")]
    [InlineData("fit/averageUpdates", "-1", "'averageUpdates' is -1.")]
    [InlineData("fit/averageDecay", "0.5", "made with AverageDecay = 0.5", false)]
    [InlineData("fit/mixUp", "0.5", "made with MixUp = 0.5", false)]
    [InlineData("fit/stepsPerEpoch", "9", "made with StepsPerEpoch = 9", false)]
    [InlineData("fit/step", "-1", "'step' is -1.")]
    [InlineData("fit/step", "4", "'step' is 4.", false)]
    [InlineData("fit/step", null, "missing required properties")]
    [InlineData("version", "1", "the checkpoint was made with format version 1; here it is 3.")]
    [InlineData("version", null, "missing required properties")]
    public void Damaged_numbers_are_refused_before_anything_changes(string entry, string? json, string message,
        bool whateverTheOptions = true)
    {
        var schedule = Schedule.Exponential(1e10) with { Unit = ScheduleUnit.Step };
        FitOptions options =
            Options() with { Schedule = entry.EndsWith("initialRate", StringComparison.Ordinal) ? schedule : Schedule.OnPlateau() };
        using (var first = new LinearNetwork())
        using (var firstTrainer = new RegressionTrainer(first, 8, new Sgd(0)))
        {
            firstTrainer.Fit(Samples, Targets, options with { Epochs = 1, Checkpoint = new FitCheckpoint(FilePath) });
        }

        File.WriteAllBytes(FilePath,
            CheckpointFile.Edit(File.ReadAllBytes(FilePath), metadata => CheckpointFile.Set(metadata, entry, json)));
        using var network = new LinearNetwork(new NetworkOptions { Seed = 5 });
        using var trainer = new RegressionTrainer(network, 8, new Sgd(0));
        trainer.Step(Samples.AsSpan(0, Inputs), Targets.AsSpan(0, Outputs));
        byte[] before = Bytes(trainer);
        options = options with { Checkpoint = new FitCheckpoint(FilePath) { Resume = true } };
        var e = Assert.Throws<WeightsFormatException>(() => trainer.Fit(Samples, Targets, options));
        Assert.StartsWith(FilePath + ": ", e.Message);
        Assert.Contains(message, e.Message);
        Assert.Equal(before, Bytes(trainer));
        if (whateverTheOptions)
        {
            e = Assert.Throws<WeightsFormatException>(() => trainer.LoadCheckpoint(FilePath));
            Assert.Contains(message, e.Message);
            Assert.Equal(before, Bytes(trainer));
        }
    }

    [Fact]
    public void Options_are_compared_in_whatever_country()
    {
        FitOptions options = Options() with
        {
            Augmentation = new Augmentation(new GaussianNoise(0.125)) { Range = (-9.5f, 9.5f) },
            Schedule = Schedule.MultiStep([2, 5], gamma: 0.25),
            Checkpoint = new FitCheckpoint(FilePath) { Resume = true },
        };
        using var network = new LinearNetwork();
        using var trainer = new RegressionTrainer(network, 8, Make("adam"));
        trainer.Fit(Samples, Targets, options);
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            german.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = german;
            Assert.Equal(4, trainer.Fit(Samples, Targets, options with { Epochs = 4 }).Epochs.Count);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        var e = Assert.Throws<WeightsFormatException>(
            () => trainer.Fit(Samples, Targets, options with { Schedule = Schedule.MultiStep([2, 6], gamma: 0.25) }));
        Assert.Contains("here it is MultiStepSchedule { Unit = Epoch, Milestones = [2, 6], Gamma = 0.25 }.", e.Message);
    }

    /// <summary>All of a trainer's state.</summary>
    private byte[] Bytes(Trainer trainer)
    {
        string path = FilePath + ".state";
        trainer.SaveCheckpoint(path);
        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }

    private static FitOptions Options() => new()
    {
        Epochs = 3,
        Seed = 4,
        Accumulate = 2,
        Schedule = Schedule.Cosine().AfterWarmup(2) with { Unit = ScheduleUnit.Step },
        ValidationInputs = Samples,
        ValidationValues = Targets,
    };

    private static void Stop(FitProgress report, ref int left, CancellationTokenSource source)
    {
        if (!report.EpochCompleted && --left == 0)
        {
            source.Cancel();
        }
    }

    private static FitProgress Timeless(FitProgress report) => report with { SamplesPerSecond = 0 };

    private static Optimizer Make(string name) => name switch
    {
        "sgd" => new Sgd(0.1) { Momentum = 0.9, Nesterov = true, ClipNorm = 0.5 },
        "adam" => new Adam(0.01),
        "adam 0.8" => new Adam(0.01) { Beta1 = 0.8 },
        _ => new RMSProp(0.01) { Momentum = 0.9, Centered = true },
    };
}
