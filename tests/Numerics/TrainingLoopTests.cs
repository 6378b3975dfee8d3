using System;
using System.IO;
using System.Linq;
using System.Threading;
using Strata.Data;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

#pragma warning disable xUnit1051 // These runs take milliseconds.

namespace Strata.Numerics.Tests;

/// <summary>
/// What surrounds a step, with compiled kernels: batch norm's running statistics, dropout's random bits, names of layers.
/// </summary>
public class TrainingLoopTests
{
    private const int Samples = 50, Classes = 5;

    private const string Declaration = """
        [Network]
        [Input(2, 6, 6)]
        [Conv2D(5, 3, Padding = 1, Bias = false), BatchNorm, ReLU, MaxPool2D(2)]
        [Conv2D(7, 3), ReLU]
        [Flatten, Dropout(0.3)]
        [Dense(6), Sigmoid, Dense(5)]
        [CrossEntropy]
        public partial class Small;

        [Network]
        [Input(2, 6, 6)]
        [Conv2D(5, 3, Padding = 1), ReLU, MaxPool2D(2)]
        [Branch, Conv2D(4, 3, Padding = 1), ReLU]
        [Branch, Conv2D(4, 1)]
        [Add, ReLU]
        [Flatten]
        [Dense(6), ReLU, Dense(5)]
        [MeanSquaredError]
        public partial class Plain;

        [Network]
        [Input(2, 6, 6)]
        [Conv2D(4, 3, Padding = 1), BatchNorm, ReLU]
        [Conv2D(3, 1)]
        [CrossEntropy]
        public partial class Segmenter;

        [Network]
        [Input(2, 6, 6)]
        [Conv2D(3, 1)]
        [CrossEntropy]
        [CrossEntropy(Weight = 0.5)]
        public partial class Twice;

        [Network]
        [Input(2, 6, 6)]
        [Conv2D(3, 3)]
        [CrossEntropy]
        public partial class Smaller;

        [Network]
        [Input(72), Dense(8), BatchNorm, ReLU, Dense(5), Hinge]
        public partial class Normalized;
        """;

    private static readonly Lazy<CompiledNetworks> Networks = new(() => NetworkCompiler.Compile([Declaration], "TrainingLoop"));

    private static readonly float[] Inputs =
        [.. Formula.Uniforms(1, Samples * 72).Select(v => (v + 1) / 2)];

    private static readonly int[] Targets = [.. Enumerable.Range(0, Samples).Select(i => Formula.Class(2, i, Classes))];

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Training_goes_on_from_the_middle_of_an_epoch_to_the_bit(Isa isa)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");
        var options = new FitOptions
        {
            Epochs = 2,
            Seed = 3,
            Augmentation = new Augmentation(new RandomHorizontalFlip(), new RandomCrop(1), new GaussianNoise(0.05)),
            Schedule = Schedule.OneCycle(0.05),
        };
        try
        {
            using CompiledNetwork straight = Networks.Value["Small"].Create(isa, threads: 1, seed: 7);
            using var straightTrainer = Trainer(straight, new AdamW());
            straightTrainer.Fit(Inputs, Targets, options);

            options = options with { Checkpoint = new FitCheckpoint(path) { Resume = true } };
            using (CompiledNetwork first = Networks.Value["Small"].Create(isa, threads: 2, seed: 7))
            using (var firstTrainer = Trainer(first, new AdamW()))
            using (var source = new CancellationTokenSource())
            {
                firstTrainer.Fit(Inputs, Targets, options, new Stopper(source, 4), source.Token);
                Assert.Equal(4, firstTrainer.Steps);
            }

            using CompiledNetwork second = Networks.Value["Small"].Create(isa, threads: 3, seed: 1);
            using var secondTrainer = Trainer(second, new AdamW());
            secondTrainer.Fit(Inputs, Targets, options);
            Assert.Equal(straightTrainer.Steps, secondTrainer.Steps);
            AssertSame(straight, second);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Kernels find places by the classes of samples: those that memory has held once do not count.</summary>
    [Fact]
    public void Classes_that_become_wrong_while_training_goes_on_are_refused()
    {
        using CompiledNetwork network = Networks.Value["Normalized"].Create(threads: 1);
        using var trainer = Trainer(network, new Sgd(0.1));
        int[] targets = [.. Targets];
        var change = new Reports(now => targets[30] = now.Updates == 1 ? 1 << 20 : targets[30]);
        Exception thrown = Assert.Throws<ArgumentOutOfRangeException>("targets",
            () => trainer.Fit(Inputs, targets, new FitOptions { Shuffle = false }, change));
        Assert.Contains("Target 30 is 1048576", thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>A rest of one sample has no variance.</summary>
    [Fact]
    public void Batch_norm_of_a_vector_trains_on_any_number_of_samples_if_the_rest_is_left_out()
    {
        using CompiledNetwork network = Networks.Value["Normalized"].Create(threads: 1);
        using var trainer = (ClassificationTrainer)Strata.Training.Trainer.For(network, 7, new Sgd(0.1));
        Exception thrown = Assert.Throws<ArgumentException>(() => trainer.Fit(Inputs, Targets, new FitOptions()));
        Assert.Contains(nameof(FitOptions.DropLast), thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0, trainer.Steps);
        trainer.Fit(Inputs, Targets, new FitOptions { DropLast = true });
        Assert.Equal(7, trainer.Steps);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void The_best_epochs_running_statistics_come_back_too(Isa isa)
    {
        using CompiledNetwork best = Networks.Value["Small"].Create(isa, seed: 7);
        using CompiledNetwork last = Networks.Value["Small"].Create(isa, seed: 7);
        var options = new FitOptions { Epochs = 1, ValidationInputs = Inputs, ValidationTargets = Targets };
        using var once = Trainer(best, new Sgd(0.05));
        once.Fit(Inputs, Targets, options);

        // From the second epoch on the rate is far too large.
        using var longer = Trainer(last, new Sgd(0.05));
        FitResult result = longer.Fit(
            Inputs, Targets, options with { Epochs = 3, RestoreBest = true, Schedule = Schedule.MultiStep([1], gamma: 2000) });
        Assert.Equal(1, result.BestEpoch);
        AssertSame(best, last);
        Assert.Equal(result.Epochs[0].ValidationLoss, longer.Evaluate(Inputs, Targets).Loss);
    }

    [Theory]
    [InlineData("conv1", "conv1")]
    [InlineData("conv2", "conv2")]
    [InlineData("conv3", "add1")]
    [InlineData("dense1", "dense1")]
    [InlineData("dense2", "dense2")]
    public void The_first_layer_that_overflows_is_named(string scaled, string layer)
    {
        foreach (Isa isa in Tiers.Supported)
        {
            using CompiledNetwork network = Networks.Value["Plain"].Create(isa, threads: 2, seed: 7);
            using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, Samples, new Sgd(0.1));
            float[] targets = Formula.Uniforms(3, Samples * 5);
            trainer.Step(Inputs, targets);

            // Weights that are finite, but whose products with anything are not: positive, so that no ReLU stops them.
            Parameter weight = network.FindParameter(scaled + ".weight")!;
            float[] large = new float[weight.Length];
            Array.Fill(large, 2e38f);
            weight.CopyFrom(large);
            float[] bias = new float[network.FindParameter(scaled + ".bias")!.Length];
            Array.Fill(bias, 3e38f);
            network.FindParameter(scaled + ".bias")!.CopyFrom(bias);
            var e = Assert.Throws<TrainingException>(() => trainer.Step(Inputs, targets));
            Assert.Equal((layer, 1), (e.Layer, e.Step));
            Assert.Contains($"Forward, from finite samples and parameters, it first appears at {layer}", e.Message);

            // The sum takes the memory of what it adds.
            Assert.Equal(
                scaled == "conv3",
                e.Message.Contains("or before it at one of these, whose outputs are not kept: conv3. If ", StringComparison.Ordinal));
            Assert.Equal(large, Values(weight));
        }
    }

    [Fact]
    public void Batch_norm_is_gone_through_as_well_and_its_statistics_are_not_blamed()
    {
        using CompiledNetwork network = Networks.Value["Small"].Create(threads: 2, seed: 7);
        using var trainer = Trainer(network, new Sgd(0.1));
        Parameter weight = network.FindParameter("conv1.weight")!;
        float[] large = new float[weight.Length];
        Array.Fill(large, 3e38f);
        weight.CopyFrom(large);
        var e = Assert.Throws<TrainingException>(() => trainer.Fit(Inputs, Targets, new FitOptions()));
        Assert.Equal("conv1", e.Layer);

        // The loss alone overflows.
        using CompiledNetwork plain = Networks.Value["Plain"].Create(seed: 7);
        using var regression = (RegressionTrainer)CompiledType.CreateTrainer(plain, Samples, new Sgd(0.1));
        Parameter bias = plain.FindParameter("dense2.bias")!;
        bias.CopyFrom([1e30f, 0, 0, 0, 0]);
        e = Assert.Throws<TrainingException>(() => regression.Step(Inputs, new float[Samples * 5]));
        Assert.Equal("MeanSquaredError", e.Layer);
    }

    [Fact]
    public void Maps_of_classes_are_augmented_with_their_images()
    {
        int[] maps = [.. Enumerable.Range(0, Samples * 36).Select(i => Formula.Class(4, i, 3))];
        float[] Train(string name, float[] inputs, int[] targets, Augmentation? augmentation)
        {
            using CompiledNetwork network = Networks.Value[name].Create(threads: 2, seed: 7);
            using var trainer = Trainer(network, new Sgd(0.1) { Momentum = 0.9 });
            trainer.Fit(inputs, targets, new FitOptions { Epochs = 2, Augmentation = augmentation });
            return Values(network.Parameters[0]);
        }

        // What is mirrored on the way, and what was mirrored before.
        float[] mirrored = [.. Inputs.Chunk(6).SelectMany(row => row.Reverse())];
        int[] mirroredMaps = [.. maps.Chunk(6).SelectMany(row => row.Reverse())];
        Assert.Equal(
            Train("Segmenter", mirrored, mirroredMaps, null),
            Train("Segmenter", Inputs, maps, new Augmentation(new RandomHorizontalFlip(1))));

        // A target that two losses share moves once.
        Assert.Equal(
            Train("Twice", mirrored, mirroredMaps, null),
            Train("Twice", Inputs, maps, new Augmentation(new RandomHorizontalFlip(1))));

        // Most of each map does not count where most of each image is beyond the edges.
        float[] shifted = Train("Segmenter", Inputs, maps, new Augmentation(new RandomCrop(5)));
        Assert.All(shifted, value => Assert.True(float.IsFinite(value)));

        // The mean is that of the pixels that are left: of equal logits, ln 3 for each.
        using CompiledNetwork equal = Networks.Value["Segmenter"].Create(seed: 7);
        equal.FindParameter("conv2.weight")!.CopyFrom(new float[12]);
        equal.FindParameter("conv2.bias")!.CopyFrom(new float[3]);
        using ClassificationTrainer trainerOfEqual = Trainer(equal, new Sgd(0));
        var crop = new FitOptions { Augmentation = new Augmentation(new RandomCrop(5)), Accumulate = 2 };
        Assert.Equal(Math.Log(3), trainerOfEqual.Fit(Inputs, maps, crop).Epochs[0].Loss, 1e-6);

        int[] small = [.. maps.Take(Samples * 16)];
        var e = Assert.Throws<ArgumentException>(() => Train("Smaller", Inputs, small, new Augmentation(new RandomCrop(1))));
        Assert.Contains("Pixels of Smaller's samples would move away from the targets of CrossEntropy", e.Message);
        Train("Smaller", Inputs, small, new Augmentation(new GaussianNoise(0.1)));
    }

    [Fact]
    public void Batch_norms_parameters_need_not_decay()
    {
        using CompiledNetwork network = Networks.Value["Small"].Create(seed: 7);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, Samples,
            new AdamW(0.1) { WeightDecay = 0.5, DecayBiasesAndNorms = false });
        float[][] before = [.. network.Parameters.Select(Values)];

        // Gradients of zero leave decay alone.
        float[] outputs = new float[Samples * Classes];
        trainer.Forward(Inputs, outputs);
        trainer.Backward(new float[outputs.Length]);
        trainer.Update();
        foreach ((Parameter parameter, float[] values) in network.Parameters.Zip(before))
        {
            string key = parameter.Key;
            bool decays = key is "conv1.weight" or "conv2.weight" or "dense1.weight" or "dense2.weight";
            bool moves = key.Contains("running", StringComparison.Ordinal);
            Assert.Equal(moves || !decays ? values : [.. values.Select(v => v * 0.95f)], moves ? values : Values(parameter));
        }
    }

    private static ClassificationTrainer Trainer(CompiledNetwork network, Optimizer optimizer) =>
        (ClassificationTrainer)CompiledType.CreateTrainer(network, 18, optimizer);

    private static float[] Values(Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    private static void AssertSame(CompiledNetwork expected, CompiledNetwork actual)
    {
        Assert.Contains(expected.Parameters, p => p.Key == "bn1.running_var");
        foreach ((Parameter left, Parameter right) in expected.Parameters.Zip(actual.Parameters))
        {
            Compare.SameBits(Values(left), Values(right), left.Key);
        }
    }

    private sealed class Reports(Action<FitProgress> then) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => then(value);
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
