using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Sums of a million terms against exact ones. All terms are the same number, which is the worst case: each addition of a chain rounds the
/// same way. The bound is that of OPERATORS.md: 64 units of 2⁻²⁴ of Σ|terms|, 960 where the terms are products
/// that are summed in registers.
/// </summary>
public class LongSumTests(ITestOutputHelper log)
{
    private const int Million = 1_000_000, Terms = 64, Products = 960;

    /// <summary>What comes behind a sum: a division, a product, the sum over lanes.</summary>
    private const int Rest = 8;

    private const float Value = 0.1f;

    private static readonly double V = Value;

    /// <summary>A sample's gradient of the mean absolute error over a million.</summary>
    private static readonly double Share = (float)(1.0 / Million);

    /// <param name="Declaration">The network. All its parameters are 0.1.</param>
    /// <param name="Expected">By "output", "input", or a parameter's key: the exact value of the first element, and the error in units that
    /// it may have.</param>
    private sealed record Case(string Declaration, params (string Name, double Value, double Units)[] Expected)
    {
        /// <summary>Null for 0.1 everywhere.</summary>
        public Func<int, float>? Input { get; init; }

        /// <summary>Of the outputs; null for 0.1 everywhere.</summary>
        public Func<int, float>? Gradient { get; init; }

        /// <summary>Samples.</summary>
        public int Batch { get; init; } = 1;
    }

    private static readonly Case[] Cases =
    [
        // Pooling.
        new(
            "[Network, Input(2, 1000, 1000), GlobalAveragePool2D, Flatten, Dense(2), MeanSquaredError]",
            ("output", (2 * V * V) + V, Terms), ("weight", V * V, Terms)),
        new("[Network, Input(1, 1000000), AveragePool1D(1000000)]", ("output", V, Terms)),
        new("[Network, Input(1, 1200, 1000), AveragePool2D(1000), GlobalMaxPool2D]", ("output", V, Terms)),
        new("[Network, Input(3, 100, 100, 100), GlobalAveragePool3D]", ("output", V, Terms)),
        new("[Network, Input(1, 1000000), AdaptiveAveragePool1D(1)]", ("output", V, Terms)),
        new("[Network, Input(1, 1000, 1000), L2Pool2D(1000)]", ("output", 1000 * V, Terms)),
        new("[Network, Input(1, 1000, 1000), LogSumExpPool2D(1000)]",
            ("output", High + Math.Log((1 + Math.Exp((double)Low - High)) / 2), 4 * Terms))
        {
            Input = Alternating,
        },

        // Products.
        new(
            "[Network, Input(1, 1000, 1000), Conv2D(1, 1), MeanSquaredError]",
            ("output", (V * V) + V, 2), ("weight", Million * V * V, Products), ("bias", Million * V, Terms)),
        new(
            "[Network, Input(1, 1000000), Conv1D(1, 1), MeanSquaredError]",
            ("weight", Million * V * V, Products), ("bias", Million * V, Terms)),
        new("[Network, Input(1, 1000, 1000), Conv2D(1, 1000)]", ("output", (Million * V * V) + V, Products)),
        new("[Network, Input(1, 1000000), Conv1D(1, 1000000)]", ("output", (Million * V * V) + V, Products)),
        new("[Network, Input(1000000, 1, 1), Conv2D(1, 1)]", ("output", (Million * V * V) + V, Products)),
        new("[Network, Input(7680, 1, 1), Conv2D(1, 1)]", ("output", (7680 * V * V) + V, Products)),
        new("[Network, Input(7681, 1, 1), Conv2D(1, 1)]", ("output", (7681 * V * V) + V, Products)),
        new("[Network, Input(1000000), Dense(2)]", ("output", (Million * V * V) + V, Products)),
        new("[Network, Input(2, 700, 710), Conv2D(1, 1, Bias = false), Flatten, Dense(2)]",
            ("output", (497_000 * 2 * V * V * V) + V, Products + 4)),
        new("[Network(InputGradient = true), Input(1), Dense(1000000), MeanSquaredError]", ("input", Million * V * V, Products)),
        new("[Network(InputGradient = true), Input(1, 1, 1), Conv2D(1000000, 1), MeanSquaredError]", ("input", Million * V * V, Products)),

        // Over samples.
        new("[Network, Input(1), Dense(1), MeanAbsoluteError]", ("weight", Million * V * Share, Products + (2 * Terms)),
            ("bias", Million * Share, 4 * Terms))
        {
            Batch = Million,
        },
        new(
            "[Network, Input(1, 1, 1), Conv2D(1, 1), MeanAbsoluteError]",
            ("weight", Million * V * Share, 4 * Terms), ("bias", Million * Share, 4 * Terms))
        {
            Batch = Million,
        },

        // Parameters that all pixels share.
        new("[Network, Input(1, 1000, 1000), PReLU, MeanSquaredError]", ("weight", -Million * V * V, Terms)) { Input = _ => -Value },
        new("[Network, Input(2, 700, 715), PReLU(PerChannel = true), MeanSquaredError]", ("weight", -500_500 * V * V, Terms))
        {
            Input = _ => -Value,
        },
        new(
            "[Network(InputGradient = true), Input(1, 1, 1, Name = \"b\"), Input(1, 1000, 1000, Name = \"a\"), "
            + "Multiply(\"a\", \"b\"), MeanSquaredError]",
            ("input", Million * V * V, Terms)),

        // Normalisations: 0.1 and 0.3 in turn, which become −1 and 1. The mean's error counts twice, since the deviation is half as large.
        Norm("Input(1, 1000, 1000), InstanceNorm(Affine = true)", 1),
        Norm("Input(1, 1000000), GroupNorm(1)", 1),
        Norm("Input(4, 500, 500), GroupNorm(1)", 4),
        Norm("Input(1, 1000000), LayerNorm", Million),
        Norm("Input(1000000), LayerNorm", Million),
        Norm("Input(1, 1000, 1000), BatchNorm", 1),
        new(
            "[Network, Input(2, 1000, 1000), LayerNorm(OverChannels = true), MeanSquaredError]",
            ("weight", -Million * V * Normal, 4 * Terms), ("bias", Million * V, Terms))
        {
            Input = i => i < Million ? Low : High,
        },

        // Classes.
        new("[Network, Input(1000000), Softmax]",
            ("output", 1 / (500_000 * (1 + Math.Exp(Low - (double)High))) * Math.Exp(Low - (double)High), Terms))
        {
            Input = Alternating,
        },
        new("[Network, Input(1000000), LogSoftmax]",
            ("output", -Math.Log(500_000 * (1 + Math.Exp((double)High - Low))), 2 * Rest)) { Input = Alternating },
        new("[Network(InputGradient = true), Input(1000000), Softmax, MeanSquaredError]", ("input", SoftmaxSlope, 20 * Terms))
        {
            Input = Alternating,
            Gradient = Alternating,
        },

        // Losses: "loss" stands for a step's, with targets of 0.
        new("[Network, Input(1000000), ReLU, CrossEntropy]", ("loss", Math.Log(Million), Terms)),
        new("[Network, Input(1000000), ReLU, CrossEntropy]",
            ("loss", Math.Log(500_000 * (1 + Math.Exp((double)High - Low))), Terms)) { Input = Alternating },
        new(
            "[Network, Input(1000000), ReLU, CrossEntropy(LabelSmoothing = 0.5)]",
            ("loss", Math.Log(500_000 * (1 + Math.Exp((double)High - Low))) - (((double)High - Low) / 4), Terms))
        {
            Input = Alternating,
        },
        new("[Network, Input(2, 1000, 1000), ReLU, CrossEntropy]", ("loss", Math.Log(2), Terms)),
        new("[Network, Input(1000000), ReLU, Hinge]", ("loss", 1 - (1.0 / Million), Terms)),
        new("[Network, Input(1000000), ReLU, MeanSquaredError]", ("loss", V * V, Terms)),
        new("[Network, Input(1000000), ReLU, MeanAbsoluteError]", ("loss", V, Terms)),
        new("[Network, Input(1000000), ReLU, SmoothL1]", ("loss", V * V / 2, Terms)),
        new("[Network, Input(1000000), ReLU, Huber]", ("loss", V * V / 2, Terms)),
        new("[Network, Input(1000000), ReLU, BinaryCrossEntropy]", ("loss", Math.Log(1 + Math.Exp(V)), Terms)),

        // Each window holds all channels. A million of them would take 10¹² operations.
        new(
            "[Network(InputGradient = true), Input(4000, 1, 1), LocalResponseNorm(8000, Alpha = 8000, Beta = 1, K = 1), MeanSquaredError]",
            ("output", V / Scale, Terms), ("input", V * ((1 / Scale) - (2 * V * V * 4000 / (Scale * Scale))), 4 * Terms)),

        // Gradients that many outputs add to.
        new("[Network(InputGradient = true), Input(1, 1, 1), Upsample2D(1000), MeanSquaredError]", ("input", Million * V, Rest)),
        new("[Network(InputGradient = true), Input(1, 2, 2), Upsample2D(500, Mode = UpsampleMode.Linear), MeanSquaredError]",
            ("input", 250_000 * V, 2 * Rest)),
        new("[Network(InputGradient = true), Input(1, 1, 1), AdaptiveAveragePool2D(1000), MeanSquaredError]", ("input", Million * V, Rest)),
        new("[Network(InputGradient = true), Input(1, 1, 1), AdaptiveMaxPool2D(1000), MeanSquaredError]", ("input", Million * V, Rest)),
        new(
            "[Network(InputGradient = true), Input(1, 1), Pad1D(0, PaddingRight = 999999, Mode = PaddingMode.Replicate), MeanSquaredError]",
            ("input", Million * V, Rest)),
        new(
            "[Network(InputGradient = true), Input(1, 12001), AveragePool1D(4001, Stride = 1), AveragePool1D(1), MeanSquaredError]",
            ("input", V / 4001, Rest)),
    ];

    private const float Low = 0.1f, High = 0.3f;

    /// <summary>What local response norm divides by.</summary>
    private static double Scale => 1 + (4000 * V * V);

    private static double Deviation => ((double)High - Low) / 2;

    private static double Normal => Deviation / Math.Sqrt((Deviation * Deviation) + 1e-5);

    private static double SoftmaxSlope
    {
        get
        {
            double low = Math.Exp(Low - (double)High), sum = 500_000 * (1 + low);
            return low / sum * (Low - (500_000 * ((low * Low) + High) / sum));
        }
    }

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void A_sum_of_a_million_terms_keeps_its_bound(Isa isa)
    {
        var failures = new List<string>();
        for (int i = 0; i < Cases.Length; i++)
        {
            CompiledType type = Compiled.Value[$"Long{i}"];
            Check(Cases[i], type, isa, failures);
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private void Check(Case test, CompiledType type, Isa isa, List<string> failures)
    {
        using CompiledNetwork network = type.Create(new NetworkOptions { Isa = isa, Threads = 1 });
        foreach (Parameter parameter in network.Parameters.Where(p => p.IsTrainable))
        {
            float[] values = new float[parameter.Length];
            values.AsSpan().Fill(Value);
            parameter.CopyFrom(values);
        }

        float[] inputs = Fill(InputLength(test) * test.Batch, test.Input), outputs = new float[OutputLength(network) * test.Batch];
        var results = new Dictionary<string, double>();
        if (network.Info.Losses.Count == 0)
        {
            network.Forward(inputs, outputs);
        }
        else
        {
            using Trainer trainer = CompiledType.CreateTrainer(network, test.Batch, new Sgd(0));
            float[] gradient = Fill(outputs.Length, test.Gradient);
            if (test.Batch > 1 || test.Expected.Any(e => e.Name == "loss"))
            {
                results.Add("loss", trainer switch
                {
                    ClassificationTrainer classes =>
                        classes.ComputeGradients(inputs, new int[test.Batch * network.Info.Losses[0].TargetLength]),
                    RegressionTrainer values => values.ComputeGradients(inputs, new float[outputs.Length]),
                    _ => throw new InvalidOperationException(trainer.ToString()),
                });
            }
            else
            {
                trainer.Forward(inputs, outputs);
            }

            if (test.Expected.Any(e => e.Name == "input"))
            {
                float[] inputGradient = new float[inputs.Length];
                trainer.Backward(gradient, inputGradient);
                results.Add("input", inputGradient[0]);
            }
            else if (!results.ContainsKey("loss"))
            {
                trainer.Backward(gradient);
            }

            foreach (Parameter parameter in network.Parameters.Where(p => p.IsTrainable))
            {
                float[] values = new float[parameter.Length];
                trainer.CopyGradientTo(parameter, values);
                results.Add(parameter.Key[(parameter.Key.LastIndexOf('.') + 1)..], values[0]);
            }
        }

        results.Add("output", outputs[0]);
        foreach ((string name, double value, double units) in test.Expected)
        {
            double error = Math.Abs(results[name] - value) / Math.Abs(value) * (1 << 24);
            log.WriteLine($"{error:F1} of {units} units: {name} of {test.Declaration}");
            if (!(error <= units + Rest))
            {
                failures.Add(
                    $"{test.Declaration}: {name} is {results[name]:R} instead of {value:R}, off by {error:F0} units instead of {units}");
            }
        }
    }

    private static float[] Fill(int length, Func<int, float>? value)
    {
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = value is null ? Value : value(i);
        }

        return values;
    }

    private static float Alternating(int i) => i % 2 == 0 ? Low : High;

    /// <summary>The gradient is the input, so that the weight's does not cancel.</summary>
    private static Case Norm(string layers, int weights) => new(
        $"[Network, {layers}, MeanSquaredError]",
        ("output", (Normal * V) + V, 8 * Terms),
        ("weight", weights == Million ? High * Normal : Million / weights * Deviation * Normal, 8 * Terms),
        ("bias", weights == Million ? High : Million / weights * (((double)Low + High) / 2), Terms))
    {
        Input = i => Alternating(i + 1),
        Gradient = i => Alternating(i + 1),
    };

    private static int InputLength(Case test) => System.Text.RegularExpressions.Regex.Matches(test.Declaration, @"Input\(([\d, ]+)")
        .Sum(match => match.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(int.Parse).Aggregate((product, extent) => product * extent));

    private static int OutputLength(CompiledNetwork network) =>
        network.Info.OutputShape.Aggregate(1, (product, extent) => product * extent);

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [.. Cases.Select((test, i) => $"{test.Declaration}\npublic partial class Long{i};")], "Long"));
}
