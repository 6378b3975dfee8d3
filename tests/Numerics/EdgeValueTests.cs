using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// All elementwise layers at the edges of the range of floats, at kinks, infinities and NaN, forward and backward: as PyTorch has it in
/// <c>Goldens/special.json</c>, in single precision.
/// </summary>
public class EdgeValueTests
{
    /// <summary>
    /// Those that PyTorch computes in single precision by a difference of numbers near 1, such as 1 − tanh². GELU of −6 is 0 there.
    /// Other tests compare their digits with double precision.
    /// </summary>
    private static readonly string[] Rounded = ["GELU", "GELU(Approximate = true)", "ELU", "SELU", "CELU", "Tanh", "Softsign"];

    private const double RoundingOfPyTorch = 2e-7;

    private const double Infinity = double.PositiveInfinity, NaN = double.NaN, Largest = 3.4028234663852886e38;

    /// <summary>The rows of OPERATORS.md, "These cases differ from PyTorch": value and derivative, null where they do not differ.</summary>
    private static readonly (string Function, double At, double? Value, double? Derivative)[] Differences =
    [
        ("GELU", Infinity, null, 1), ("GELU", -Infinity, 0, 0),
        ("GELU(Approximate = true)", Infinity, null, 1), ("GELU(Approximate = true)", -Infinity, 0, 0),
        ("GELU(Approximate = true)", Largest, null, 1), ("GELU(Approximate = true)", -Largest, null, 0),
        ("SiLU", Infinity, null, 1), ("SiLU", -Infinity, 0, 0),
        ("Mish", Infinity, null, 1), ("Mish", -Infinity, 0, 0),
        ("HardSwish", -Infinity, 0, null), ("HardSwish", Largest, Largest, null), ("HardSwish", -3, null, 0),
        ("Softsign", Infinity, null, 0), ("Softsign", -Infinity, null, 0),
        ("Softshrink", NaN, NaN, null), ("Abs", NaN, null, NaN),
        ("Pow(-1.5)", -Infinity, NaN, NaN), ("Pow(-0.5)", -Infinity, null, NaN), ("Pow(-0.5)", -0.0, null, Infinity),
        ("Pow(1.5)", -Infinity, NaN, null), ("Pow(4.5)", -Infinity, NaN, NaN),
    ];

    private static readonly JsonSerializerOptions NumbersByName = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static readonly Lazy<EdgeGoldens> Goldens = new(() => JsonSerializer.Deserialize<EdgeGoldens>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "special.json")), NumbersByName)!);

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [
            .. Goldens.Value.Functions.Keys.Select((name, i) => "[Network(InputGradient = true), "
                + $"Input(1, {Goldens.Value.Edges.Length}), {name}, ExternalLoss] public partial class Function{i};"),
            .. Goldens.Value.Joins.Keys.Select((name, i) => $"[Network(InputGradient = true), Input(1, {Pairs}, Name = \"a\"), "
                + $"Input(1, {Pairs}, Name = \"b\"), {name}(\"a\", \"b\"), ExternalLoss] public partial class Join{i};"),
        ],
        "Edges"));

    public static TheoryData<Isa> AllTiers => Tiers.All;

    private static int Pairs => Goldens.Value.Paired.Length * Goldens.Value.Paired.Length;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Functions_at_the_edges_are_those_of_PyTorch_or_the_limits(Isa isa)
    {
        var failures = new List<string>();
        double[] edges = Goldens.Value.Edges;
        foreach ((string name, EdgeGolden golden, int i) in Goldens.Value.Functions.Select((one, i) => (one.Key, one.Value, i)))
        {
            (float[] y, float[] dx) = Run(Compiled.Value[$"Function{i}"], isa, [.. edges.Select(edge => (float)edge)], edges.Length, 1);
            for (int at = 0; at < edges.Length; at++)
            {
                double rounding = Array.IndexOf(Rounded, name) >= 0 ? RoundingOfPyTorch : 0;
                (_, _, double? value, double? derivative) = Array.Find(Differences, own => own.Function == name && Same(own.At, edges[at]));
                Check(name, $"at {edges[at]:R}", value ?? golden.Values[at], y[at], failures, rounding);
                Check($"{name}'s derivative", $"at {edges[at]:R}", derivative ?? golden.Gradients[at], dx[at], failures, rounding);
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));

        // 0 and −0 are two edges.
        static bool Same(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Joins_of_all_pairs_of_special_values_are_those_of_PyTorch(Isa isa)
    {
        var failures = new List<string>();
        double[] paired = Goldens.Value.Paired;
        double[] left = [.. paired.SelectMany(a => paired.Select(_ => a))], right = [.. paired.SelectMany(_ => paired)];
        foreach ((string name, EdgeGolden[] goldens, int i) in Goldens.Value.Joins.Select((one, i) => (one.Key, one.Value, i)))
        {
            for (int scale = 0; scale < goldens.Length; scale++)
            {
                float gradient = (float)Goldens.Value.Scales[scale];
                (float[] y, float[] dx) = Run(
                    Compiled.Value[$"Join{i}"], isa, [.. left.Concat(right).Select(value => (float)value)], Pairs, gradient);
                for (int at = 0; at < Pairs; at++)
                {
                    string where = $"of {left[at]:R} and {right[at]:R}, times {gradient:R}";
                    Check(name, where, goldens[scale].Values[at], y[at], failures);
                    Check($"{name}'s left gradient", where, goldens[scale].Gradients[at], dx[at], failures);
                    Check($"{name}'s right gradient", where, goldens[scale].Others![at], dx[Pairs + at], failures);
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static (float[] Outputs, float[] Gradients) Run(CompiledType type, Isa isa, float[] inputs, int outputs, float gradient)
    {
        using CompiledNetwork network = type.Create(isa);
        using Trainer trainer = CompiledType.CreateTrainer(network, 1, new Sgd(0));
        float[] y = new float[outputs], dx = new float[inputs.Length], alone = new float[outputs];
        trainer.Forward(inputs, y);
        trainer.Backward([.. Enumerable.Repeat(gradient, outputs)], dx);
        network.Forward(inputs, alone);
        Assert.Equal(y, alone);
        return (y, dx);
    }

    private static void Check(
        string what, string where, double expected, float actual, List<string> failures, double rounding = 0)
    {
        bool same = double.IsNaN(expected) ? float.IsNaN(actual)
            : double.IsInfinity(expected) ? actual == expected
            : Math.Abs(actual - expected) <= (2e-6 * Math.Max(1e-6, Math.Abs(expected))) + Numbers.SmallestNormal + rounding;
        if (!same)
        {
            failures.Add($"{what} {where} is {actual:R} instead of {expected:R}");
        }
    }

    private sealed record EdgeGoldens(
        double[] Edges, Dictionary<string, EdgeGolden> Functions, double[] Paired, double[] Scales, Dictionary<string, EdgeGolden[]> Joins);

    private sealed record EdgeGolden(double[] Values, double[] Gradients, double[]? Others);
}
