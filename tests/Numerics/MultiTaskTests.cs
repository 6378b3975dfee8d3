using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Strata.Data;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>A detector: classes by cross-entropy and boxes by smooth L1, and networks whose loss the caller computes.</summary>
public sealed class MultiTaskTests
{
    private const int Inputs = 72, Classes = 3, Box = 4, Samples = 70;

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.CompileClasses(
        [
            """
            [Network]
            [Input(2, 6, 6), Conv2D(8, 3), ReLU, Dropout(0.2), Flatten(Name = "features")]
            [Dense(3, Name = "kind"), Softmax(Name = "probabilities"), CrossEntropy(LabelSmoothing = 0.1), Output("kind")]
            [Dense(4, Name = "box", From = "features"), SmoothL1(Weight = 2), Output("box")]
            public sealed partial class Detector;
            """,
            """
            [Network]
            [Input(5), Dense(6, Name = "features"), Tanh]
            [Dense(3, Name = "aux"), CrossEntropy(Weight = 0.3)]
            [Dense(2, From = "features"), Output, MeanSquaredError]
            public sealed partial class Aided;
            """,
            """
            [Network]
            [Input(2, 6, 6), Dropout(0.2)]
            [Flatten, Dense(3), CrossEntropy]
            [Conv2D(1, 1, From = "input"), MeanSquaredError, Output("map"), Output("classes", From = "dense1")]
            public sealed partial class Mapper;
            """,
            """
            [Network(InputGradient = true)]
            [Input(2, 4, 4), Conv2D(3, 3), BatchNorm, Tanh, Flatten, Dense(5), ExternalLoss]
            public sealed partial class Embedding;
            """,
            """
            [Network(InputGradient = true)]
            [Input(2, 4, 4), Conv2D(3, 3), BatchNorm, Tanh, Flatten, Dense(5), MeanSquaredError]
            public sealed partial class Regressor;
            """,
        ],
        "MultiTask"));

    private static readonly float[] Data = Formula.Uniforms(1, Samples * Inputs), Boxes = Formula.Uniforms(2, Samples * Box);

    private static readonly int[] Kinds = [.. Enumerable.Range(0, Samples).Select(n => Formula.Class(3, n, Classes))];

    private static MultiTaskTrainer TrainerOf(CompiledNetwork network, int batch = 16, double rate = 0.05) =>
        (MultiTaskTrainer)CompiledType.CreateTrainer(network, batch, new Adam(rate));

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void A_detector_learns_classes_and_boxes(Isa isa)
    {
        using CompiledNetwork network = Compiled.Value["Detector"].Create(isa, seed: 1);
        using MultiTaskTrainer trainer = TrainerOf(network);
        ClassificationMetrics before = trainer.Evaluate(Data, Kinds, Boxes);
        FitResult result = trainer.Fit(
            Data, Kinds, Boxes,
            new FitOptions { Epochs = 30, ValidationInputs = Data, ValidationTargets = Kinds, ValidationValues = Boxes },
            cancellationToken: TestContext.Current.CancellationToken);
        ClassificationMetrics after = trainer.Evaluate(Data, Kinds, Boxes);
        Assert.Equal(["probabilities", "box"], after.Losses.Keys);
        Assert.All(after.Losses,
            loss => Assert.True(loss.Value < 0.5 * before.Losses[loss.Key], $"{loss.Key}: {before.Losses[loss.Key]} → {loss.Value}"));
        Assert.True(after.Accuracy > 0.9);
        Assert.Equal(after.Losses["probabilities"] + (2 * after.Losses["box"]), after.Loss, 1e-6);
        Assert.Equal((after.Loss, after.Accuracy), (result.Epochs[^1].ValidationLoss!.Value, result.Epochs[^1].ValidationAccuracy!.Value));

        // What Forward gives says the same.
        float[] outputs = new float[Samples * (Classes + Box)];
        network.Forward(Data, outputs);
        int right = Enumerable.Range(0, Samples)
            .Count(n =>
                outputs.AsSpan(n * (Classes + Box), Classes)
                    .IndexOf(outputs.AsSpan(n * (Classes + Box), Classes).ToArray().Max()) == Kinds[n]);
        Assert.Equal((double)right / Samples, after.Accuracy);
    }

    [Fact]
    public void Training_of_both_kinds_goes_on_from_a_checkpoint_to_the_bit_and_on_any_number_of_threads()
    {
        FitOptions options = new() { Epochs = 4, Seed = 2, Accumulate = 2 };
        string path = Path.GetTempFileName();
        try
        {
            float[] Train(int threads, FitOptions how)
            {
                using CompiledNetwork network = Compiled.Value["Detector"].Create(threads: threads, seed: 1);
                using MultiTaskTrainer trainer = TrainerOf(network);
                trainer.Fit(Data, Kinds, Boxes, how, cancellationToken: TestContext.Current.CancellationToken);
                return [.. network.Parameters.SelectMany(Values)];
            }

            float[] straight = Train(1, options);
            Compare.SameBits(straight, Train(2, options), "two threads");
            Train(2, options with { Epochs = 2, Checkpoint = new FitCheckpoint(path) });
            Compare.SameBits(straight, Train(1, options with { Checkpoint = new FitCheckpoint(path) { Resume = true } }), "resumed");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Each_kind_of_targets_is_checked_by_itself()
    {
        using CompiledNetwork network = Compiled.Value["Detector"].Create();
        using MultiTaskTrainer trainer = TrainerOf(network);
        float[] inputs = new float[2 * Inputs], boxes = new float[2 * Box];
        Says<ArgumentException>("classes", "2 samples need 2 targets; there are 3.", () => trainer.Step(inputs, [0, 1, 2], boxes));
        Says<ArgumentException>("values", "2 samples need 8 targets; there are 7.", () => trainer.Step(inputs, [0, 1], boxes.AsSpan(1)));
        Says<ArgumentOutOfRangeException>("classes", "Target 1 is 3; the classes of Detector are 0 to 2",
            () => trainer.ComputeGradients(inputs, [0, 3], boxes));
        boxes[5] = float.NaN;
        Says<ArgumentOutOfRangeException>("values", "Target 5 is NaN; those of SmoothL1 are finite.",
            () => trainer.AccumulateGradients(inputs, [0, 1], boxes));
        Says<ArgumentOutOfRangeException>("values", "Target 5 is NaN", () => trainer.Evaluate(inputs, new[] { 0, 1 }, boxes));
        var options = new FitOptions { ValidationInputs = inputs, ValidationTargets = new[] { 0, 1 }, ValidationValues = new float[7] };
        Says<ArgumentException>("options.ValidationValues", "2 samples need 8 targets; there are 7.",
            () => trainer.Fit(inputs, new[] { 0, 1 }, new float[8], options, cancellationToken: TestContext.Current.CancellationToken));

        static void Says<TException>(string parameter, string message, Action action)
            where TException : ArgumentException =>
            Assert.Contains(message, Assert.Throws<TException>(parameter, action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_classes_on_an_output_there_are_losses_but_no_accuracy()
    {
        using CompiledNetwork network = Compiled.Value["Aided"].Create();
        using MultiTaskTrainer trainer = TrainerOf(network);
        float[] inputs = Formula.Uniforms(4, 20 * 5), values = Formula.Uniforms(5, 20 * 2);
        int[] classes = [.. Enumerable.Range(0, 20).Select(n => n % 3)];
        ClassificationMetrics metrics = trainer.Evaluate(inputs, classes, values);
        Assert.Equal(["dense3"], metrics.Losses.Keys);
        Assert.Equal(0, metrics.ConfusionMatrix.Total);
        var options = new FitOptions { ValidationInputs = inputs, ValidationTargets = classes, ValidationValues = values };
        FitProgress epoch =
            trainer.Fit(inputs, classes, values, options, cancellationToken: TestContext.Current.CancellationToken).Epochs[0];
        Assert.NotNull(epoch.ValidationLoss);
        Assert.Null(epoch.ValidationAccuracy);
        Assert.Throws<ArgumentException>(
            () => trainer.Fit(inputs, classes, values, options with { Monitor = FitMetric.ValidationAccuracy },
                cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_map_of_values_on_one_of_several_outputs_does_not_move_with_the_samples()
    {
        using CompiledNetwork network = Compiled.Value["Mapper"].Create();
        using MultiTaskTrainer trainer = TrainerOf(network);
        var options = new FitOptions { Augmentation = new Augmentation(new RandomHorizontalFlip()) { Range = (-1, 1) } };
        string message = Assert.Throws<ArgumentException>(
            () => trainer.Fit(new float[2 * Inputs], new int[2], new float[2 * 36], options,
                cancellationToken: TestContext.Current.CancellationToken)).Message;
        Assert.Contains("would move away from the targets of MeanSquaredError", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void A_loss_of_the_callers_trains_as_a_declared_one_does(Isa isa)
    {
        const int Length = 32, Outputs = 5, Batch = 21;
        using CompiledNetwork own = Compiled.Value["Embedding"].Create(isa, seed: 3),
            declared = Compiled.Value["Regressor"].Create(isa, seed: 3);
        using Trainer trainer = CompiledType.CreateTrainer(own, Batch, new Sgd(0.1));
        using var regression = (RegressionTrainer)CompiledType.CreateTrainer(declared, Batch, new Sgd(0.1));
        Assert.Equal(typeof(Trainer), trainer.GetType());
        Assert.Empty(trainer.LossNames);
        Assert.Equal(typeof(Trainer), own.GetType().GetMethod("CreateTrainer")!.ReturnType);
        float[] inputs = Formula.Uniforms(6, Batch * Length), targets = Formula.Uniforms(7, Batch * Outputs),
            outputs = new float[targets.Length];
        for (int step = 0; step < 3; step++)
        {
            trainer.Forward(inputs, outputs);
            trainer.Backward([.. outputs.Zip(targets, (y, t) => 2 * (y - t) / (Batch * Outputs))], new float[inputs.Length]);
            trainer.Update();
            regression.Step(inputs, targets);
        }

        // Gradients are rounded once more, three steps of 0.1.
        Assert.All(
            own.Parameters.SelectMany(Values).Zip(declared.Parameters.SelectMany(Values)),
            pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        Assert.Equal(3, trainer.Steps);
    }

    [Fact]
    public void Fit_refuses_a_loss_of_the_callers()
    {
        using CompiledNetwork network = Compiled.Value["Embedding"].Create();
        using Trainer trainer = Trainer.For(network, 4, new Sgd(0.1));
        var samples = new SampleBatch(new float[64], ReadOnlyMemory<float>.Empty);
        const string Message = "Embedding has a loss of its own, which Fit cannot compute; train it step by step.";
        CancellationToken token = TestContext.Current.CancellationToken;
        Assert.Equal(Message,
            Assert.Throws<InvalidOperationException>(() => trainer.Fit([samples], new FitOptions(), cancellationToken: token)).Message);
        Assert.Equal(Message, Assert.Throws<InvalidOperationException>(() => trainer.FitAsync([samples], new FitOptions(), token)).Message);
        Assert.Equal(Message, Assert.Throws<InvalidOperationException>(() => trainer.FitAsync(samples, new FitOptions(), token)).Message);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Pieces_of_classes_and_values_train_a_detector_as_samples_in_memory(Isa isa)
    {
        var options = new FitOptions
        {
            Epochs = 2,
            Shuffle = false,
            Accumulate = 3,
            MixUp = 0.4,
            AverageDecay = 0.9,
            Augmentation = new Augmentation(new GaussianNoise(0.1)) { Range = (-2, 2) }
        };
        float[][] parameters = [.. new[] { false, true }.Select(inPieces =>
        {
            using CompiledNetwork network = Compiled.Value["Detector"].Create(isa, seed: 1);
            using MultiTaskTrainer trainer = TrainerOf(network, batch: 9);
            _ = inPieces
                ? trainer.Fit(Pieces(), options, cancellationToken: TestContext.Current.CancellationToken)
                : trainer.Fit(Data, Kinds, Boxes, options, cancellationToken: TestContext.Current.CancellationToken);
            return network.Parameters.SelectMany(p =>
            {
                float[] values = new float[p.Length];
                p.CopyTo(values);
                return values;
            }).ToArray();
        })];
        Assert.Equal(parameters[0], parameters[1]);

        static IEnumerable<SampleBatch> Pieces()
        {
            const int Length = 8;
            for (int first = 0; first < Samples; first += Length)
            {
                int end = int.Min(first + Length, Samples);
                yield return new SampleBatch(
                    Data.AsMemory((first * Inputs)..(end * Inputs)), Kinds.AsMemory(first..end),
                    Boxes.AsMemory((first * Box)..(end * Box)));
            }
        }
    }

    [Fact]
    public void A_trainer_of_the_right_kind_is_made_for_a_network_of_any_class()
    {
        (string Network, Type Trainer)[] expected =
        [
            ("Detector", typeof(MultiTaskTrainer)), ("Embedding", typeof(Trainer)), ("Regressor", typeof(RegressionTrainer)),
        ];
        foreach ((string name, Type type) in expected)
        {
            using CompiledNetwork network = Compiled.Value[name].Create();
            using Trainer trainer = Trainer.For(network, 4, new Sgd(0.1));
            Assert.Equal(type, trainer.GetType());
        }
    }

    private static float[] Values(Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }
}
