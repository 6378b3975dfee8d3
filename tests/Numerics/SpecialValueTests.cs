using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Infinities and what is not a number, forward and backward: as PyTorch has it in <c>Goldens/special.json</c>.</summary>
public class SpecialValueTests
{
    /// <summary>
    /// Where OPERATORS.md says otherwise: PyTorch multiplies ∞ by 0 and has no number; here these functions have their limits. By
    /// activation, the point's index, value and derivative.
    /// </summary>
    private static readonly (string Activation, int Point, double Value, double Derivative)[] Limits =
    [
        ("GELU", 1, double.PositiveInfinity, 1), ("GELU", 2, 0, 0),
        ("GELU(Approximate = true)", 1, double.PositiveInfinity, 1), ("GELU(Approximate = true)", 2, 0, 0),
        ("SiLU", 1, double.PositiveInfinity, 1), ("SiLU", 2, 0, 0), ("HardSwish", 2, 0, 0),
        ("Mish", 1, double.PositiveInfinity, 1), ("Mish", 2, 0, 0),
        ("Softsign", 1, double.NaN, 0), ("Softsign", 2, double.NaN, 0), ("Softshrink", 0, double.NaN, 0),
    ];

    private static readonly JsonSerializerOptions NumbersByName = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static readonly Lazy<SpecialGoldens> Goldens = new(() => JsonSerializer.Deserialize<SpecialGoldens>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "special.json")), NumbersByName)!);

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [
            .. Goldens.Value.Activations.Keys.Select((name, i) => Declaration($"Activation{i}", $"1, {Goldens.Value.Points.Length}", name)),
            .. Goldens.Value.Pools.Select((pool, i) => Declaration($"Window{i}", $"1, {string.Join(", ", pool.Extents)}", pool.Layer)),

            // In a convolution's registers, which is the identity.
            .. Goldens.Value.Pools.Select((pool, i) => Declaration(
                $"Fused{i}", $"1, {string.Join(", ", pool.Extents)}", $"Conv{pool.Extents.Length}D(1, 1, Bias = false), {pool.Layer}")),
        ],
        "Special"));

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Activations_of_special_values_are_those_of_PyTorch_or_the_limits(Isa isa)
    {
        var failures = new List<string>();
        float[] points = [.. Goldens.Value.Points.Select(p => (float)p)];
        foreach ((string name, SpecialGolden golden, int i) in Goldens.Value.Activations.Select((a, i) => (a.Key, a.Value, i)))
        {
            double[] values = [.. golden.Values], derivatives = [.. golden.Gradients.Select((g, point) => g / (point + 1))];
            foreach ((_, int point, double value, double derivative) in Limits.Where(l => l.Activation == name))
            {
                (values[point], derivatives[point]) = (value, derivative);
            }

            (float[] outputs, float[] gradients, float[] alone) = Run(Compiled.Value[$"Activation{i}"], isa, points,
                [.. points.Select(_ => 1f)]);
            Check($"{isa}, {name}", values, outputs, failures);
            Check($"{isa}, {name} alone", values, alone, failures);
            Check($"{isa}, {name}'s derivative", derivatives, gradients, failures);
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Pools_of_special_values_are_those_of_PyTorch(Isa isa)
    {
        var failures = new List<string>();
        for (int i = 0; i < Goldens.Value.Pools.Length; i++)
        {
            PoolGolden golden = Goldens.Value.Pools[i];
            float[] inputs = [.. golden.Inputs.Select(v => (float)v)], gradient = [.. golden.Values.Select((_, k) => k + 1f)];
            foreach (string kind in new[] { "Window", "Fused" })
            {
                (float[] outputs, float[] gradients, float[] alone) = Run(Compiled.Value[$"{kind}{i}"], isa, inputs, gradient);
                Check($"{isa}, {kind} {golden.Layer}", golden.Values, outputs, failures);
                Check($"{isa}, {kind} {golden.Layer} alone", golden.Values, alone, failures);
                Check($"{isa}, {kind} {golden.Layer}'s gradient", golden.Gradients, gradients, failures);
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    /// <summary>Where OPERATORS.md says otherwise: PyTorch multiplies them by the zeros of the padding.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Weights_that_only_meet_padding_have_no_part_in_outputs_and_gradients(Isa isa)
    {
        CompiledType type = NetworkCompiler.Compile(
            [Declaration("FarApart", "1, 5, 6", "Conv2D(1, 3, Padding = 7, Dilation = 7, Bias = false)")], "FarApart")["FarApart"];
        using CompiledNetwork network = type.Create(isa);
        float[] weights = [.. Enumerable.Range(0, 9).Select(tap => tap == 4 ? 0.5f : tap % 2 == 0 ? float.NaN : float.PositiveInfinity)];
        network.Parameters.Single().CopyFrom(weights);
        using Trainer trainer = CompiledType.CreateTrainer(network, 1, new Sgd(0));
        float[] inputs = [.. Enumerable.Range(1, 30).Select(i => (float)i)], halves = [.. inputs.Select(x => x / 2)];
        float[] outputs = new float[30], gradients = new float[30], alone = new float[30];
        trainer.Forward(inputs, outputs);
        trainer.Backward(inputs, gradients);
        network.Forward(inputs, alone);
        Assert.Equal(halves, outputs);
        Assert.Equal(halves, gradients);
        Assert.Equal(halves, alone);
    }

    /// <summary>In training the outputs and the input's gradient, and the outputs of one sample in inference.</summary>
    private static (float[] Outputs, float[] Gradients, float[] Alone) Run(CompiledType type, Isa isa, float[] inputs, float[] gradient)
    {
        using CompiledNetwork network = type.Create(isa);
        foreach (Parameter parameter in network.Parameters.Where(p => p.Length == 1))
        {
            parameter.CopyFrom([type.Name.StartsWith("Fused", StringComparison.Ordinal) ? 1 : 0.25f]);
        }

        using Trainer trainer = CompiledType.CreateTrainer(network, 1, new Sgd(0));
        float[] outputs = new float[gradient.Length], gradients = new float[inputs.Length], alone = new float[gradient.Length];
        trainer.Forward(inputs, outputs);
        trainer.Backward(gradient, gradients);
        network.Forward(inputs, alone);
        return (outputs, gradients, alone);
    }

    private static void Check(string what, double[] expected, float[] actual, List<string> failures)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = double.IsFinite(expected[i]) ? Math.Abs(actual[i] - expected[i]) <= 1e-6 * Math.Max(1, Math.Abs(expected[i]))
                : double.IsNaN(expected[i]) ? float.IsNaN(actual[i]) : actual[i] == expected[i];
            if (!same)
            {
                failures.Add($"{what}[{i}] is {actual[i]:R} instead of {expected[i]:R}");
            }
        }
    }

    private static string Declaration(string name, string input, string layers) =>
        $"[Network(InputGradient = true), Input({input}), {layers}, MeanSquaredError]\npublic partial class {name};";

    private sealed record SpecialGoldens(double[] Points, Dictionary<string, SpecialGolden> Activations, PoolGolden[] Pools);

    private sealed record SpecialGolden(double[] Values, double[] Gradients);

    private sealed record PoolGolden(string Layer, int[] Extents, double[] Inputs, double[] Values, double[] Gradients);
}
