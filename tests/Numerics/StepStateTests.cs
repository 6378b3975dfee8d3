using System;
using System.IO;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

#pragma warning disable xUnit1051 // These runs take milliseconds.

namespace Strata.Numerics.Tests;

/// <summary>What a training pass changes besides gradients: batch norm's running statistics, and the random numbers of dropout.</summary>
public class StepStateTests
{
    private const int Samples = 20, Length = 72, Classes = 5, Wide = 3 * 36;

    private const string Declaration = """
        [Network]
        [Input(2, 6, 6)]
        [Conv2D(5, 3, Padding = 1), BatchNorm, ReLU, MaxPool2D(2)]
        [Conv2D(7, 3), BatchNorm, ReLU]
        [Flatten, Dropout(0.3)]
        [Dense(5)]
        [CrossEntropy]
        public partial class Normed;

        [Network]
        [Input(2, 6, 6)]
        [BatchNorm, Conv2D(3, 1)]
        [MeanSquaredError]
        public partial class First;

        [Network]
        [Input(2, 6, 6)]
        [BatchNorm, GlobalAveragePool2D, BatchNorm, Flatten, Dense(2)]
        [MeanSquaredError]
        public partial class Pooled;

        [Network]
        [Input(4)]
        [Dense(3, Name = "first"), Dense(2, Name = "second")]
        [MeanSquaredError(From = "first", Target = "a"), MeanSquaredError(From = "second", Target = "b")]
        public partial class Both;

        [Network]
        [Input(50)]
        [Dense(40), ReLU, Dropout(0.5), Dense(3)]
        [MeanSquaredError]
        public partial class Dropped;
        """;

    private static readonly Lazy<CompiledNetworks> Networks = new(() => NetworkCompiler.Compile([Declaration], "StepState"));

    private static readonly float[] Inputs = Formula.Uniforms(1, Samples * Length);

    private static readonly int[] Targets = [.. Enumerable.Range(0, Samples).Select(i => Formula.Class(2, i, Classes))];

    public static TheoryData<string> Ways => ["step", "compute", "accumulate", "forward", "fit", "accumulating fit"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Running_statistics_that_would_overflow_stop_the_step_and_stay(string way)
    {
        foreach (Isa isa in Tiers.Supported)
        {
            using CompiledNetwork network = Networks.Value["First"].Create(isa, threads: 2, seed: 7);
            using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, Samples, new Sgd(0.01));
            float[] targets = new float[Samples * Wide];
            trainer.Step(Inputs, targets);
            using var before = new State(trainer);

            // Its square is too large for a float, so the normalised values are NaN instead of plausible numbers.
            float[] inputs = [.. Inputs];
            inputs[3 * Length] = 1e20f;
            var e = Assert.Throws<TrainingException>(() => Run(trainer, way, inputs, targets));
            Assert.Equal(("bn1", 1), (e.Layer, e.Step));
            Assert.True(
                new[] { "the loss is NaN", "running statistic 'bn1.running_var' of layer 'bn1' would become NaN at element 0" }.Any(
                    what => e.Message.StartsWith($"Training of First stopped after 1 update: {what}", StringComparison.Ordinal)),
                e.Message);
            before.AssertSame();

            inputs[3 * Length] = float.NaN;
            e = Assert.Throws<TrainingException>(() => Run(trainer, way, inputs, targets));
            Assert.Equal("input", e.Layer);
            Assert.EndsWith("since sample 3 holds numbers that are not finite.", e.Message);
            before.AssertSame();

            // The trainer is as good as before.
            Assert.True(float.IsFinite(trainer.Step(Inputs, targets)));
            Assert.Equal(2, trainer.Steps);
        }
    }

    [Fact]
    public void A_step_that_fails_behind_batch_norm_takes_its_statistics_back()
    {
        foreach (Isa isa in Tiers.Supported)
        {
            using CompiledNetwork network = Networks.Value["Normed"].Create(isa, threads: 2, seed: 7);
            using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, Samples, new Adam());
            trainer.Step(Inputs, Targets);
            float[] bias = Values(network.FindParameter("dense1.bias")!);
            bias[2] = float.NaN;
            network.FindParameter("dense1.bias")!.CopyFrom(bias);
            using var before = new State(trainer);
            ClassificationMetrics metrics = trainer.Evaluate(Inputs, Targets);

            // The loss alone is not finite.
            var e = Assert.Throws<TrainingException>(() => trainer.Step(Inputs, Targets));
            Assert.Equal("dense1", e.Layer);
            before.AssertSame();
            e = Assert.Throws<TrainingException>(() => trainer.AccumulateGradients(Inputs, Targets));
            before.AssertSame();

            // Gradients were computed, which the caller sees before the update refuses them.
            Assert.True(float.IsNaN(trainer.ComputeGradients(Inputs, Targets)));
            Assert.NotEqual(before.Statistics, Statistics(network));
            e = Assert.Throws<TrainingException>(trainer.Update);
            before.AssertSame();
            Assert.Throws<InvalidOperationException>(trainer.Update);

            float[] outputs = new float[Samples * Classes];
            trainer.Forward(Inputs, outputs);
            outputs.AsSpan().Fill(float.NaN);
            trainer.Backward(outputs);
            e = Assert.Throws<TrainingException>(trainer.Update);
            before.AssertSame();
            Assert.Equal(metrics.ConfusionMatrix.Accuracy, trainer.Evaluate(Inputs, Targets).Accuracy);
        }
    }

    [Fact]
    public void The_first_layer_is_named_whether_its_statistics_or_its_outputs_overflow()
    {
        using CompiledNetwork network = Networks.Value["Normed"].Create(seed: 7);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, Samples, new Sgd(0.01));
        Set("conv1.weight", 1e20f);
        Set("conv2.weight", 3e38f);
        Set("bn1.bias", 1);
        Assert.Equal("bn1", Assert.Throws<TrainingException>(() => trainer.Step(Inputs, Targets)).Layer);
        Set("conv1.weight", 0.1f);
        Assert.Equal("conv2", Assert.Throws<TrainingException>(() => trainer.Step(Inputs, Targets)).Layer);

        void Set(string key, float value)
        {
            float[] values = new float[network.FindParameter(key)!.Length];
            Array.Fill(values, value);
            network.FindParameter(key)!.CopyFrom(values);
        }
    }

    [Fact]
    public void Parts_of_a_batch_are_taken_back_together()
    {
        using CompiledNetwork network = Networks.Value["Normed"].Create(threads: 2, seed: 7);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, Samples, new Adam());
        trainer.Step(Inputs, Targets);
        using var before = new State(trainer);
        trainer.AccumulateGradients(Inputs, Targets);
        trainer.AccumulateGradients(Inputs, Targets);
        Assert.NotEqual(before.Statistics, Statistics(network));
        float[] inputs = [.. Inputs];
        inputs[5] = float.PositiveInfinity;
        Assert.Throws<TrainingException>(() => trainer.AccumulateGradients(inputs, Targets));
        before.AssertSame();
        Assert.Throws<InvalidOperationException>(trainer.Update);

        // In Fit: the fourth batch of 5 is the second part of the second step, which is taken back as a whole.
        using CompiledNetwork other = Networks.Value["Normed"].Create(threads: 1, seed: 7);
        using var otherTrainer = (ClassificationTrainer)CompiledType.CreateTrainer(other, 5, new Adam());
        inputs = [.. Inputs];
        inputs[16 * Length] = 1e30f;
        State? expected = null;
        var reports = new Reports(() => expected = new State(otherTrainer));
        var e = Assert.Throws<TrainingException>(
            () => otherTrainer.Fit(inputs, Targets, new FitOptions { Shuffle = false, Accumulate = 2 }, reports));
        Assert.Equal(1, e.Step);
        expected!.AssertSame();
        expected.Dispose();
    }

    [Fact]
    public void A_batch_that_a_later_batch_norm_refuses_moves_no_statistics()
    {
        using CompiledNetwork network = Networks.Value["Pooled"].Create(seed: 7);
        using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, Samples, new Sgd(0.01));
        trainer.Step(Inputs, new float[Samples * 2]);
        using var before = new State(trainer);
        Assert.Throws<InvalidOperationException>(() => trainer.Step(Inputs.AsSpan(0, Length), new float[2]));
        before.AssertSame();
        Assert.Throws<InvalidOperationException>(() => trainer.Forward(Inputs.AsSpan(0, Length), new float[2]));
        before.AssertSame();
    }

    [Fact]
    public void Statistics_that_were_not_finite_before_are_named()
    {
        using CompiledNetwork network = Networks.Value["Normed"].Create(seed: 7);
        using var trainer = (ClassificationTrainer)CompiledType.CreateTrainer(network, Samples, new Sgd(0.01));
        network.FindParameter("bn2.running_mean")!.CopyFrom([0, 0, 0, float.NaN, 0, 0, 0]);
        var e = Assert.Throws<TrainingException>(() => trainer.Step(Inputs, Targets));
        Assert.Equal("bn2", e.Layer);
        Assert.EndsWith("since parameter 'bn2.running_mean' of layer 'bn2' holds NaN at element 3.", e.Message);
    }

    [Fact]
    public void Losses_are_those_of_the_last_step_that_did_not_fail()
    {
        using CompiledNetwork network = Networks.Value["First"].Create(seed: 7);
        using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, Samples, new Sgd(0.01));
        float loss = trainer.Step(Inputs, new float[Samples * Wide]);
        Assert.Equal(loss, (float)trainer.LossOf(trainer.LossNames[0]));
        float[] inputs = Inputs[..(2 * Length)];
        inputs[0] = float.NaN;
        Assert.Throws<TrainingException>(() => trainer.Step(inputs, new float[2 * Wide]));
        Assert.Equal(loss, (float)trainer.LossOf(trainer.LossNames[0]));
    }

    [Fact]
    public void Targets_of_a_wrong_length_are_refused_by_their_number()
    {
        using CompiledNetwork network = Networks.Value["Both"].Create(seed: 7);
        using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, Samples, new Sgd(0.01));
        foreach (int length in new[] { 0, 7, 9, 11, 15 })
        {
            var e = Assert.Throws<ArgumentException>("targets", () => trainer.Fit(new float[8], new float[length], new FitOptions()));
            Assert.StartsWith($"2 samples need 10 targets; there are {length}.", e.Message);
        }
    }

    /// <summary>The gradient of a sigmoid comes from its output, which an evaluation computes, too.</summary>
    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void An_evaluation_between_forward_and_backward_changes_no_gradient(Isa isa)
    {
        const string Declaration =
            "[Network(InputGradient = true), Input(6), Dense(5), Sigmoid, MeanSquaredError] public partial class Evaluated;";
        CompiledType type = NetworkCompiler.Compile([Declaration], "Evaluated")["Evaluated"];
        float[] inputs = Formula.Uniforms(1, 3 * 6), others = Formula.Uniforms(2, 3 * 6), gradient = Formula.Uniforms(3, 3 * 5);
        float[] GradientOf(bool evaluates)
        {
            using CompiledNetwork network = type.Create(isa, threads: 1, seed: 3);
            using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, 3, new Sgd(0.1));
            float[] result = new float[3 * 6];
            trainer.Forward(inputs, new float[3 * 5]);
            if (evaluates)
            {
                trainer.Evaluate(others, new float[3 * 5]);
            }

            trainer.Backward(gradient, result);
            return result;
        }

        Compare.SameBits(GradientOf(evaluates: false), GradientOf(evaluates: true), "gradient of the input");
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Each_forward_pass_draws_dropout_anew_and_backward_uses_its_own(Isa isa)
    {
        using CompiledNetwork network = Networks.Value["Dropped"].Create(isa, threads: 2, seed: 7);
        using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, Samples, new Sgd(0.01));
        float[] inputs = Inputs[..(Samples * 50)], first = new float[Samples * 3], second = new float[Samples * 3];
        trainer.Forward(inputs, first);
        trainer.Forward(inputs, second);
        Assert.DoesNotContain(true, first.Zip(second, (a, b) => a == b));

        // ∂Σy/∂(hidden bias) of the last pass: what its mask lets through, times the sum of the rows of the last layer's weight.
        trainer.Backward([.. Enumerable.Repeat(1f, Samples * 3)]);
        float[] weight = Values(network.FindParameter("dense1.weight")!), bias = Values(network.FindParameter("dense1.bias")!);
        float[] last = Values(network.FindParameter("dense2.weight")!), gradient = new float[40];
        trainer.CopyGradientTo(network.FindParameter("dense1.bias")!, gradient);
        Func<int, int, bool> kept = Kept(network.Seed, pass: 1);
        for (int unit = 0; unit < 40; unit++)
        {
            double expected = 0;
            for (int sample = 0; sample < Samples; sample++)
            {
                double hidden = bias[unit];
                for (int i = 0; i < 50; i++)
                {
                    hidden += (double)inputs[(sample * 50) + i] * weight[(unit * 50) + i];
                }

                expected += hidden > 0 && kept(sample, unit) ? 2.0 * (last[unit] + last[40 + unit] + last[80 + unit]) : 0;
            }

            Assert.Equal(expected, gradient[unit], 1e-4);
        }
    }

    [Fact]
    public void Every_kind_of_pass_draws_anew()
    {
        using CompiledNetwork network = Networks.Value["Dropped"].Create(seed: 7);
        using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, Samples, new Sgd(0));
        float[] inputs = Inputs[..(Samples * 50)], targets = new float[Samples * 3];
        float[] losses =
        [
            trainer.ComputeGradients(inputs, targets), trainer.ComputeGradients(inputs, targets), trainer.Step(inputs, targets),
            trainer.Step(inputs, targets), trainer.AccumulateGradients(inputs, targets), trainer.AccumulateGradients(inputs, targets),
        ];
        Assert.Equal(losses.Length, losses.Distinct().Count());

        // Evaluating is none: it has no dropout.
        using CompiledNetwork other = Networks.Value["Dropped"].Create(seed: 7);
        using var evaluated = (RegressionTrainer)CompiledType.CreateTrainer(other, Samples, new Sgd(0));
        foreach (float loss in losses)
        {
            evaluated.Evaluate(inputs, targets);
            Assert.Equal(loss, evaluated.ComputeGradients(inputs, targets));
        }
    }

    [Fact]
    public void Dropout_goes_on_where_a_checkpoint_was_saved()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");
        float[] inputs = Inputs[..(Samples * 50)], targets = new float[Samples * 3];
        float[] straight = new float[Samples * 3], resumed = new float[Samples * 3];
        using CompiledNetwork first = Networks.Value["Dropped"].Create(threads: 1, seed: 7);
        using CompiledNetwork second = Networks.Value["Dropped"].Create(threads: 3, seed: 99);
        using var firstTrainer = (RegressionTrainer)CompiledType.CreateTrainer(first, Samples, new Adam());
        using var secondTrainer = (RegressionTrainer)CompiledType.CreateTrainer(second, Samples, new Adam());
        try
        {
            // More passes than updates.
            firstTrainer.Step(inputs, targets);
            firstTrainer.Forward(inputs, straight);
            firstTrainer.Forward(inputs, straight);
            firstTrainer.SaveCheckpoint(path);
            secondTrainer.LoadCheckpoint(path);
        }
        finally
        {
            File.Delete(path);
        }

        for (int i = 0; i < 3; i++)
        {
            firstTrainer.Forward(inputs, straight);
            secondTrainer.Forward(inputs, resumed);
            Assert.Equal(straight, resumed);
            Assert.Equal(firstTrainer.Step(inputs, targets), secondTrainer.Step(inputs, targets));
        }

        Assert.Equal(first.Parameters.SelectMany(Values), second.Parameters.SelectMany(Values));
    }

    [Fact]
    public void Monte_Carlo_dropout_gives_the_mean_and_the_variance_of_the_outputs()
    {
        // A network whose outputs' moments are known: y = Σ wᵢmᵢrᵢ + b, with rᵢ = ReLU(…) and mᵢ = 0 or 2, each with probability 1/2.
        const int Passes = 4000;
        using CompiledNetwork network = Networks.Value["Dropped"].Create(seed: 7);
        using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, 1, new Sgd(0.01));
        float[] input = Inputs[..50], outputs = new float[3], exact = new float[3];
        double[] sums = new double[3], squares = new double[3];
        for (int pass = 0; pass < Passes; pass++)
        {
            trainer.Forward(input, outputs);
            for (int k = 0; k < 3; k++)
            {
                sums[k] += outputs[k];
                squares[k] += (double)outputs[k] * outputs[k];
            }
        }

        float[] weight = Values(network.FindParameter("dense1.weight")!), bias = Values(network.FindParameter("dense1.bias")!);
        float[] last = Values(network.FindParameter("dense2.weight")!);
        network.Forward(input, exact);
        for (int k = 0; k < 3; k++)
        {
            double variance = Enumerable.Range(0, 40).Sum(unit =>
            {
                double hidden = bias[unit] + Enumerable.Range(0, 50).Sum(i => (double)input[i] * weight[(unit * 50) + i]);
                return hidden > 0 ? Math.Pow(hidden * last[(k * 40) + unit], 2) : 0;
            });
            double mean = sums[k] / Passes, found = (squares[k] / Passes) - (mean * mean);

            // Five standard errors of the mean; of the variance, that of a nearly normal distribution.
            Assert.Equal(exact[k], mean, 5 * Math.Sqrt(variance / Passes));
            Assert.Equal(variance, found, 5 * variance * Math.Sqrt(2.0 / Passes));
        }
    }

    private static void Run(RegressionTrainer trainer, string way, float[] inputs, float[] targets)
    {
        switch (way)
        {
            case "step":
                trainer.Step(inputs, targets);
                break;
            case "compute":
                trainer.ComputeGradients(inputs, targets);
                break;
            case "accumulate":
                trainer.AccumulateGradients(Inputs, targets);
                trainer.AccumulateGradients(inputs, targets);
                break;
            case "forward":
                trainer.Forward(inputs, new float[targets.Length]);
                break;
            default:
                trainer.Fit(inputs, targets, new FitOptions { Accumulate = way == "fit" ? 1 : 2 });
                break;
        }
    }

    /// <summary>The only dropout layer's mask, by the tests' own formula.</summary>
    private static Func<int, int, bool> Kept(ulong seed, long pass)
    {
        var oracle = new OracleNetwork(
            Extents.Vector(50), [new Dense(40), new ReLU(), new Dropout(0.5), new Dense(3)], Objective.MeanSquaredError);
        DropoutMask mask = DropoutBits.Mask(oracle, seed, pass);
        int node = oracle.Nodes.Single(n => n.Layer is Dropout).Number;
        return (sample, element) => mask(node, sample, element);
    }

    private static float[] Values(Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    }

    private static float[] Statistics(CompiledNetwork network) =>
        [.. network.Parameters.Where(p => p.Key.Contains("running")).SelectMany(Values)];

    /// <summary>All of a trainer, as its checkpoint holds it, and what the network infers.</summary>
    private sealed class State : IDisposable
    {
        private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");
        private readonly Trainer _trainer;
        private readonly float[] _values;
        private readonly float[] _outputs;
        private readonly (long, double) _numbers;
        private readonly byte[] _optimizer;

        public State(Trainer trainer)
        {
            _trainer = trainer;
            _values = AllValues();
            _outputs = Outputs();
            _numbers = (trainer.Steps, trainer.GradientNorm);
            _optimizer = Tensors();
            Statistics = StepStateTests.Statistics(trainer.Network);
        }

        public float[] Statistics { get; }

        public void AssertSame()
        {
            Compare.SameBits(_values, AllValues(), "parameters");
            Compare.SameBits(_outputs, Outputs(), "outputs");
            Assert.Equal(_numbers, (_trainer.Steps, _trainer.GradientNorm));
            Assert.Equal(_optimizer, Tensors());
        }

        public void Dispose() => File.Delete(_path);

        private float[] AllValues() => [.. _trainer.Network.Parameters.SelectMany(Values)];

        private float[] Outputs()
        {
            float[] outputs = new float[Samples * _trainer.Network.Info.OutputShape.Aggregate(1, (a, b) => a * b)];
            _trainer.Network.Forward(Inputs, outputs);
            return outputs;
        }

        // Behind the header, which counts passes.
        private byte[] Tensors()
        {
            _trainer.SaveCheckpoint(_path);
            byte[] bytes = File.ReadAllBytes(_path);
            return bytes[(8 + (int)BitConverter.ToUInt64(bytes))..];
        }
    }

    private sealed class Reports(Action then) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => then();
    }
}
