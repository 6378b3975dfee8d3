using System;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Rows of a table at the edges: indices from the end, with fractions, and those that have no row.</summary>
public sealed class EmbeddingTests
{
    private const int Count = 5, Features = 3;

    /// <summary>Indices, each with its row; −1 where there is none.</summary>
    private static readonly (float Index, int Row)[] Indices =
    [
        (0, 0), (4, 4), (4.9f, 4), (0.5f, 0), (-0.5f, 0), (-0f, 0), (-1, 4), (-1.9f, 4), (-5, 0), (-5.9f, 0), (5, -1), (-6, -1),
        (float.NaN, -1), (float.PositiveInfinity, -1), (float.NegativeInfinity, -1), (float.MaxValue, -1), (-3e9f, -1), (3, 3), (3, 3),
    ];

    private static readonly TrainingLayout[] Layouts = [TrainingLayout.SampleLanes, TrainingLayout.Blocked];

    /// <summary>Layers behind an index that is inside, but would not be if the input were 0, as it is where there is no sample.</summary>
    private static readonly string[] Behind =
    [
        "Affine(1, -10), Embedding(5, 3), Conv1D(2, 1)",
        "Affine(1, -10), Branch, Embedding(5, 3), Branch, Affine(1, 20), Embedding(50, 3), Multiply",
        "Branch, Branch, Affine(1, -10), Gather(Axis = Axes.Width), Conv1D(2, 1)",
    ];

    private static readonly Lazy<CompiledNetworks> Compiled = new(() => NetworkCompiler.Compile(
        [
            $"[Network, Input({Indices.Length}), Embedding({Count}, {Features}), MeanSquaredError] public partial class Rows;",
            $"[Network, Input(4), Embedding({Count}, 6, Deviation = 0.02), MeanSquaredError] public partial class Small;",
            $"[Network, Input(4), Embedding(2000, 6), MeanSquaredError] public partial class Standard;",
            .. from layout in Layouts
               from network in Behind.Select((layers, number) => (Layers: layers, Number: number))
               select $"[Network(TrainingLayout = TrainingLayout.{layout}), Input(1, 6), {network.Layers}, MeanSquaredError] "
                   + $"public partial class {layout}{network.Number};",
        ],
        "Embeddings"));

    public static TheoryData<Isa, int> AllTiers =>
        [.. from isa in Tiers.Supported from batch in new[] { 1, 3, isa.Lanes() + 1 } select (isa, batch)];

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void An_index_counts_from_either_end_and_what_has_no_row_is_NaN_and_trains_nothing(Isa isa, int batch)
    {
        using CompiledNetwork network = Compiled.Value["Rows"].Create(isa, seed: 7);
        Parameter table = network.Parameters.Single();
        float[] values = new float[table.Length], sums = new float[table.Length];
        table.CopyTo(values);
        Assert.Equal([Count, Features], table.Info.Shape);

        // The samples have the indices in other orders.
        (float Index, int Row)[][] samples =
            [.. Enumerable.Range(0, batch).Select(sample => Indices.Skip(sample).Concat(Indices.Take(sample)).ToArray())];
        float[] inputs = [.. samples.SelectMany(sample => sample.Select(one => one.Index))];
        float[] expected =
        [
            .. samples.SelectMany(sample => Enumerable.Range(0, Features).SelectMany(
                feature => sample.Select(one => one.Row < 0 ? float.NaN : values[(one.Row * Features) + feature]))),
        ];
        float[] outputs = new float[expected.Length];
        network.Forward(inputs, outputs);
        Assert.Equal(expected, outputs);

        // A gradient of 1, 2, … for the features.
        using Trainer trainer = CompiledType.CreateTrainer(network, batch, new Sgd(0.1));
        trainer.Forward(inputs, outputs);
        Assert.Equal(expected, outputs);
        trainer.Backward([.. Enumerable.Range(0, expected.Length).Select(i => (float)(1 + (i / Indices.Length % Features)))]);
        trainer.CopyGradientTo(table, sums);
        Assert.Equal(
            [
                .. Enumerable.Range(0, table.Length).Select(
                    i => (float)(batch * Indices.Count(one => one.Row == i / Features) * (1 + (i % Features)))),
            ],
            sums);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Lanes_without_a_sample_add_nothing_to_any_gradient(Isa isa, int batch)
    {
        float[] sample = [10, 14.5f, 12, 11, 10, 13];
        foreach (string name in Layouts.SelectMany(layout => Behind.Select((_, number) => $"{layout}{number}")))
        {
            using CompiledNetwork network = Compiled.Value[name].Create(isa, seed: 7);
            float[][] one = Gradients(network, sample, isa.Lanes()), other = Gradients(network, sample, batch);
            foreach ((float[] expected, float[] actual) in one.Zip(other))
            {
                double most = 2e-5 * expected.Max(Math.Abs);
                Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -most, most));
            }
        }
    }

    /// <summary>The gradients of all parameters for a batch of equal samples, of which the loss is the mean.</summary>
    private static float[][] Gradients(CompiledNetwork network, float[] sample, int batch)
    {
        using var trainer = (RegressionTrainer)CompiledType.CreateTrainer(network, batch, new Sgd(0.1));
        float[] targets = [.. Enumerable.Range(0, network.OutputLength).Select(i => (float)(i % 5))];
        trainer.ComputeGradients(
            [.. Enumerable.Repeat(sample, batch).SelectMany(x => x)], [.. Enumerable.Repeat(targets, batch).SelectMany(x => x)]);
        return
        [
            .. network.Parameters.Select(parameter =>
            {
                float[] gradient = new float[parameter.Length];
                trainer.CopyGradientTo(parameter, gradient);
                return gradient;
            }),
        ];
    }

    [Fact]
    public void Initial_values_are_normal_with_the_deviation_that_is_asked_for()
    {
        foreach ((string name, double deviation) in new[] { ("Standard", 1.0), ("Small", 0.02) })
        {
            using CompiledNetwork network = Compiled.Value[name].Create(seed: 3);
            float[] values = new float[network.Parameters.Single().Length];
            network.Parameters.Single().CopyTo(values);
            double square = values.Average(value => (double)value * value);
            Assert.InRange(Math.Sqrt(square) / deviation, values.Length > 1000 ? 0.97 : 0.6, values.Length > 1000 ? 1.03 : 1.4);
        }
    }
}
