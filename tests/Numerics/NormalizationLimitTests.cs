using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Normalisations and pools where single precision is hard pressed: means far above the deviations from them, numbers whose squares are too
/// large or too small for floats, and infinities. All against the oracle, in both layouts of training.
/// </summary>
public class NormalizationLimitTests
{
    private const int Batch = 5;

    private static readonly Extents Image = Extents.Image(4, 8, 8), Deep = Extents.Image(24, 3, 5), Features = Extents.Vector(21);

    /// <summary>Those that are right for all numbers that a float can be.</summary>
    private static readonly Case[] Right =
    [
        .. Both(Image, new InstanceNorm()), .. Both(Deep, new InstanceNorm(Affine: true)), .. Both(Image, new GroupNorm(2)),
        .. Both(Image, new GroupNorm(4, 0)),
        .. Both(Image, new LayerNorm()), .. Both(Deep, new ChannelLayerNorm()), .. Both(Deep, new ChannelLayerNorm(0)),
        .. Both(Features, new LayerNorm()),
        .. Both(Features, new LayerNorm(0, Affine: false)), .. Both(Features, new GroupNorm(7)),
    ];

    private static readonly Case[] Norms =
    [
        .. Both(Image, new L2Pool(2, 2, 2)), .. Both(Image, new L2Pool(2, 3, 2, Ceil: true)), .. Both(Deep, new L2Pool(2, 3, 1)),
    ];

    private static readonly Case[] OfBatch =
        [.. Both(Image, new BatchNorm()), .. Both(Deep, new BatchNorm(Affine: false)), .. Both(Features, new BatchNorm())];

    /// <summary>Those whose results may be infinite or not a number where the right ones are not.</summary>
    private static readonly Case[] Others =
    [
        .. Both(Deep, new LocalResponseNorm(5)), .. Both(Image, new LocalResponseNorm(3, 1, 0.5, 2)), .. Both(Image, new AveragePool2D(2)),
        .. Both(Image, new AdaptiveAveragePool(2, 1, 1)), .. Both(Image, new AdaptiveAveragePool(2, 3, 3)),
        .. Both(Image, new LogSumExpPool(2, 2, 2)),
        .. Both(Deep, new Softmax()), .. Both(Deep, new LogSoftmax()), .. Both(Features, new Softmax()),
        .. Both(Features, new LogSoftmax()),
        .. Both(Image, new MaxPool2D(2)),
    ];

    private static readonly Case[] All = [.. Right, .. Norms, .. OfBatch, .. Others];

    private static readonly Lazy<CompiledNetworks> Compiled =
        new(() => NetworkCompiler.Compile([.. All.Select((c, i) => c.Network().Declaration($"Limit{i}"))], "NormalizationLimits"));

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_mean_far_above_the_deviations_costs_no_digits(Isa isa)
    {
        var failures = new List<string>();
        foreach (double mean in new[] { 0, 10, -100, 1000, 1e5 })
        {
            foreach (Case test in Right.Concat(OfBatch))
            {
                float[] inputs = [.. Formula.Uniforms(77, Batch * test.Input.Length).Select(v => (float)(mean + (0.01 * v)))];
                Run(test, isa, inputs, $"mean {mean}", (_, _) => false, failures);
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count}:\n{string.Join('\n', failures.Take(40))}");
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Squares_beyond_the_range_of_floats_do_no_harm(Isa isa)
    {
        var failures = new List<string>();
        foreach (double scale in new[] { 1e18, 1e20, 1e30, 1e38, 3.3e38, 1e-18, 1e-21, 1e-25, 1e-30 })
        {
            // Norms of the largest numbers are beyond a float.
            foreach (Case test in scale is > 1e38 ? Right : Right.Concat(Norms))
            {
                // Every other sample is an ordinary one.
                float[] inputs = [.. Formula.Uniforms(78, Batch * test.Input.Length)
                    .Select((v, i) => (float)(v * (i / test.Input.Length % 2 == 0 ? scale : 1)))];
                Run(test, isa, inputs, $"scale {scale}", (expected, _) => Math.Abs(expected) > float.MaxValue, failures);
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count}:\n{string.Join('\n', failures.Take(40))}");
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void What_leaves_the_range_of_floats_is_infinite_or_not_a_number(Isa isa)
    {
        var failures = new List<string>();
        foreach (double scale in new[] { 1e18, 1e20, 1e30, 3.3e38 })
        {
            foreach (Case test in Others.Concat(OfBatch))
            {
                float[] inputs = [.. Formula.Uniforms(79, Batch * test.Input.Length).Select(v => (float)((v > 0 ? v : v / 16) * scale))];
                Run(test, isa, inputs, $"scale {scale}", (_, actual) => !float.IsFinite(actual), failures);
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count}:\n{string.Join('\n', failures.Take(40))}");
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Infinities_make_no_plausible_numbers(Isa isa)
    {
        var failures = new List<string>();
        foreach (float infinite in new[] { float.PositiveInfinity, float.NegativeInfinity, float.NaN })
        {
            // Behind a smooth maximum of ∞ the gradients of the others are 0, their limit; the oracle has no number.
            foreach (Case test in All.Where(test => test.Layer is not LogSumExpPool))
            {
                // In the second sample's first element; the others are ordinary, and stay so.
                float[] inputs = Formula.Uniforms(80, Batch * test.Input.Length);
                inputs[test.Input.Length] = infinite;
                Run(test, isa, inputs, $"{infinite}",
                    (expected, actual) => !double.IsFinite(expected) ? !float.IsFinite(actual) : Matters(test) && !float.IsFinite(actual),
                    failures);
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count}:\n{string.Join('\n', failures.Take(40))}");

        // Beside an infinite element, a local response norm has no numbers (PyTorch: 0), and training stops at batch
        // norm's running statistics.
        static bool Matters(Case test) => test.Layer is LocalResponseNorm or BatchNorm;
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Equal_values_of_any_size_become_the_shift(Isa isa)
    {
        var failures = new List<string>();
        foreach (float value in new[] { 0, 0.1f, 1e9f, -1e19f, 1e30f, 3.3e38f, 1e-30f, 1e-42f })
        {
            foreach (Case test in Right)
            {
                float[] inputs = [.. Enumerable.Repeat(value, Batch * test.Input.Length)];
                (float[] outputs, _, _) = Outputs(test, isa, inputs, new float[inputs.Length]);
                double[] shifts = test.Shifts();
                for (int i = 0; i < outputs.Length; i++)
                {
                    double expected = shifts.Length == 0 ? 0 : shifts[i % test.Input.Length / (test.Input.Length / shifts.Length)];
                    if (Math.Abs(outputs[i] - expected) > 1e-6)
                    {
                        failures.Add(
                            $"{isa}, {test.Layer.Attribute} of {value} everywhere: output {i} is {outputs[i]:R} instead of {expected:R}");
                    }
                }
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count}:\n{string.Join('\n', failures.Take(40))}");
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Four_numbers_of_1e30_are_normalised(Isa isa)
    {
        CompiledType type = NetworkCompiler.Compile(new OracleNetwork(Extents.Vector(4), [new LayerNorm()], Objective.MeanSquaredError));
        using CompiledNetwork network = type.Create(isa);
        float[] outputs = new float[4];
        network.Forward(new[] { 1e30f, 2e30f, 3e30f, -4e30f }, outputs);
        Assert.All(outputs.Zip([0.18569534, 0.55708601, 0.92847669, -1.67125804]), pair => Assert.Equal(pair.Second, pair.First, 2e-7));
    }

    /// <summary>A case for each layout of training; a vector has one.</summary>
    private static IEnumerable<Case> Both(Extents input, Layer layer) => input.Rank == 1 ? [new Case(input, layer, null)]
        : new TrainingLayout?[] { TrainingLayout.Blocked, TrainingLayout.SampleLanes }.Select(layout => new Case(input, layer, layout));

    /// <summary>Outputs of training and of one sample alone, and all gradients, against the oracle's.</summary>
    private static void Run(Case test, Isa isa, float[] inputs, string what, Func<double, float, bool> isAccepted, List<string> failures)
    {
        OracleNetwork oracle = test.Network();
        Models.Fill(oracle);
        Numbers[] samples =
            [.. Enumerable.Range(0, Batch).Select(n => Numbers.Exact(inputs.AsSpan(n * test.Input.Length, test.Input.Length)))];
        float[] slopes = Formula.Uniforms(81, Batch * oracle.OutputLength);
        Pass[] passes = oracle.Forward(samples, training: true);
        var sums = new GradientSums(oracle);
        oracle.Backward(passes,
            [.. passes.Select((_, n) => Numbers.Exact(slopes.AsSpan(n * oracle.OutputLength, oracle.OutputLength)))], sums);
        (float[] outputs, float[] gradient, float[] alone) = Outputs(test, isa, inputs, slopes, (trainer, network) =>
        {
            IReadOnlyList<Numbers> expected = sums.Result();
            for (int k = 0; k < expected.Count; k++)
            {
                if (oracle.Parameters[k].IsTrained)
                {
                    float[] actual = new float[expected[k].Length];
                    trainer.CopyGradientTo(network.Parameters[k], actual);
                    Check(expected[k].Value, actual, $"gradient of {oracle.Parameters[k].Key}");
                }
            }
        });
        Check(Numbers.Join([.. passes.Select(pass => pass.Output)]).Value, outputs, "output");
        Check(Numbers.Join(sums.Inputs).Value, gradient, "gradient");
        if (test.Layer is not BatchNorm)
        {
            Check(passes[0].Output.Value, alone, "output alone");
        }

        // Gradients of a local response norm come to an input by terms of its window, which are multiplied with 2αβ/n times the input.
        double Lost(string which) => which == "gradient" && test.Layer is LocalResponseNorm { Alpha: double alpha, Beta: double beta }
            ? 2 * alpha * beta * Numbers.SmallestNormal * inputs.Max(Math.Abs) : 0;

        // A part of 64·u for the longest chain of additions, beside the largest result of the sample.
        void Check(double[] expected, float[] actual, string which)
        {
            int length = which.StartsWith("gradient of", StringComparison.Ordinal) || expected.Length < Batch
                ? expected.Length : Math.Max(1, expected.Length / (which == "output alone" ? 1 : Batch));
            int shown = 0;
            for (int i = 0; i < expected.Length; i++)
            {
                double largest = expected.AsSpan(i / length * length, Math.Min(length, expected.Length - (i / length * length))).ToArray()
                    .Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
                bool same = double.IsNaN(expected[i]) ? float.IsNaN(actual[i])
                    : double.IsInfinity(expected[i]) ? actual[i] == expected[i]
                    : Math.Abs(actual[i] - expected[i]) <= Math.Max(64 * Numbers.U * largest, Numbers.SmallestNormal) + Lost(which);
                if (!same && !isAccepted(expected[i], actual[i]) && shown++ < 3)
                {
                    failures.Add(
                        $"{isa}, {test}, {what}: {which} {i} is {actual[i]:R} instead of {expected[i]:R} (of at most {largest:R})");
                }
            }
        }
    }

    private static (float[] Outputs, float[] Gradient, float[] Alone) Outputs(
        Case test, Isa isa, float[] inputs, float[] slopes, Action<Trainer, CompiledNetwork>? look = null)
    {
        OracleNetwork oracle = test.Network();
        Models.Fill(oracle);
        using CompiledNetwork network = Compiled.Value[$"Limit{Array.IndexOf(All, test)}"].Create(oracle, isa);
        using Trainer trainer = CompiledType.CreateTrainer(network, Batch, new Sgd(0));
        float[] outputs = new float[Batch * oracle.OutputLength], gradient = new float[inputs.Length],
            alone = new float[oracle.OutputLength];
        try
        {
            trainer.Forward(inputs, outputs);
        }
        catch (TrainingException) when (test.Layer is BatchNorm)
        {
            // The running statistics would not be numbers: training says so by itself.
            Array.Fill(outputs, float.NaN);
            Array.Fill(gradient, float.NaN);
            return (outputs, gradient, alone);
        }

        trainer.Backward(slopes.AsSpan(0, outputs.Length), gradient);
        look?.Invoke(trainer, network);
        network.Forward(inputs.AsSpan(0, test.Input.Length), alone);
        return (outputs, gradient, alone);
    }

    private sealed record Case(Extents Input, Layer Layer, TrainingLayout? TrainsIn)
    {
        public OracleNetwork Network() => new(Input, [Layer], Objective.MeanSquaredError, inputGradient: true) { TrainsIn = TrainsIn };

        /// <summary>The parameters that are added, in the order of the elements; empty for none.</summary>
        public double[] Shifts()
        {
            OracleNetwork oracle = Network();
            Models.Fill(oracle);
            int k = oracle.Parameters.ToList().FindIndex(p => p.Key.EndsWith(".bias", StringComparison.Ordinal));
            return k < 0 ? [] : oracle.Weights[k].Value;
        }

        public override string ToString() => $"{Layer.Attribute} on {Input} in {TrainsIn}";
    }
}
