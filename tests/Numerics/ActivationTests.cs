using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Activations with their arguments: against PyTorch at the points of the goldens, and in every place of a network.</summary>
public class ActivationTests
{
    /// <summary>Each with another of its kind, which stands in the same network.</summary>
    private static readonly (ActivationLayer Layer, ActivationLayer Sibling)[] Activations =
    [
        (new LeakyReLU(), new LeakyReLU(0.7)),
        (new LeakyReLU(0.2), new LeakyReLU(-0.2)),
        (new LeakyReLU(1.5), new LeakyReLU(0)),
        (new LeakyReLU(-0.3), new LeakyReLU()),
        (new ELU(), new ELU(0.25)),
        (new ELU(1.7), new ELU()),
        (new ELU(-0.5), new ELU(0)),
        (new Softplus(), new Softplus(3)),
        (new Softplus(0.5), new Softplus()),
        (new Softplus(2, 3), new Softplus(2)),
        (new GELU(), new GELU(Approximate: true)),
        (new GELU(Approximate: true), new GELU()),
        (new SiLU(), new HardSwish()),
        (new ReLU6(), new ReLU()),
        (new HardSigmoid(), new Sigmoid()),
        (new HardSwish(), new SiLU()),
        (new Hardtanh(), new Hardtanh(-1, 2)),
        (new Hardtanh(-2, 0.5), new ReLU6()),
        (new SELU(), new ELU()),
        (new LogSigmoid(), new Softplus()),
        (new Mish(), new SiLU()),
        (new Softsign(), new Tanh()),
        (new Tanhshrink(), new Softsign()),
        (new CELU(), new CELU(2)),
        (new CELU(0.25), new ELU()),
        (new CELU(2), new CELU()),
        (new Hardshrink(), new Hardshrink(1)),
        (new Hardshrink(0), new Softshrink()),
        (new Softshrink(), new Hardshrink()),
        (new Softshrink(1.5), new Softshrink(0)),
        (new Threshold(0.1, 20), new Threshold(0.1, -20)),
        (new Threshold(-1, -2), new ReLU()),
        (new Affine(2, -1), new Affine(-0.5, 0)),
        (new Affine(-0.5, 0), new ReLU()),
        (new Affine(1, 3), new Abs()),
        (new Abs(), new Clip(-1)),
        (new Clip(-1, 1.5), new Clip(Max: 0.5)),
        (new Clip(Min: 0.5), new Affine(1, 3)),
        (new Clip(Max: 0.5), new Clip(-1, 2)),
        (new HardSigmoidOf(0.2, 0.5), new HardSigmoid()),
        (new HardSigmoidOf(-0.5, 1), new HardSigmoidOf(1, 2.5)),
        .. ActivationLayer.Listed.SelectMany(cases => cases.Select((layer, i) => (layer, cases[(i + 1) % cases.Length]))),
    ];

    /// <summary>Alone, a block with a remainder in every tier.</summary>
    private static readonly int[] Batches = [1, 5, 19];

    private static readonly Lazy<ActivationGoldens> Goldens = new(ActivationGoldens.Read);

    /// <summary>
    /// The networks of each activation. They are compiled when one of its tests runs, so that those of one activation are quick.
    /// </summary>
    private static readonly Lazy<CompiledNetworks>[] Compiled =
    [
        .. Enumerable.Range(0, Activations.Length).Select(i => new Lazy<CompiledNetworks>(() => NetworkCompiler.Compile(
            [Alone(i).Declaration("Alone"), Fused(i).Declaration("Fused"), Apart(i).Declaration("Apart")], $"Activation{i}"))),
    ];

    private static readonly Lazy<Comparison>[] FusedComparisons =
        [.. Enumerable.Range(0, Activations.Length).Select(i => new Lazy<Comparison>(() => new Comparison(Fused(i), i, Batches)))];

    private static readonly Lazy<Comparison>[] ApartComparisons =
        [.. Enumerable.Range(0, Activations.Length).Select(i => new Lazy<Comparison>(() => new Comparison(Apart(i), i, Batches)))];

    internal static IEnumerable<Layer> Layers => Activations.Select(a => a.Layer);

    public static TheoryData<string, int> All
    {
        get
        {
            var data = new TheoryData<string, int>();
            for (int i = 0; i < Activations.Length; i++)
            {
                data.Add(Activations[i].Layer.Attribute, i);
            }

            return data;
        }
    }

    public static TheoryData<string, int, Isa> AllInAllTiers
    {
        get
        {
            var data = new TheoryData<string, int, Isa>();
            for (int i = 0; i < Activations.Length; i++)
            {
                foreach (Isa isa in Tiers.Supported)
                {
                    data.Add(Activations[i].Layer.Attribute, i, isa);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_oracle_has_the_values_and_derivatives_of_PyTorch(string name, int number)
    {
        ActivationGolden golden = Goldens.Value.Activations[name];
        (Numbers values, Numbers derivatives) = Oracle(number);
        // PyTorch's sixth in the derivative of Hardsigmoid is one of single precision.
        double relative = Activations[number].Layer is HardSigmoid ? Numbers.U : 1e-11;
        for (int i = 0; i < values.Length; i++)
        {
            double tolerance = PyTorchError(i);
            Assert.Equal(golden.Values[i], values.Value[i], tolerance + (1e-11 * Math.Abs(golden.Values[i])));
            Assert.Equal(golden.Derivatives[i], derivatives.Value[i], tolerance + (relative * Math.Abs(golden.Derivatives[i])));
        }
    }

    [Theory]
    [MemberData(nameof(AllInAllTiers))]
    public void Values_and_derivatives_are_those_of_PyTorch(string name, int number, Isa isa)
    {
        float[] points = Goldens.Value.Points;
        ActivationGolden golden = Goldens.Value.Activations[name];
        (Numbers values, Numbers derivatives) = Oracle(number);
        for (int i = 0; i < points.Length; i++)
        {
            // How far single precision may be off is the oracle's estimate; where PyTorch cancels, it is the value, too.
            values.Value[i] = Closest(golden.Values[i], values.Value[i], PyTorchError(i));
            derivatives.Value[i] = Closest(golden.Derivatives[i], derivatives.Value[i], PyTorchError(i));
        }

        using CompiledNetwork network = Compiled[number].Value["Alone"].Create(isa);
        float[] output = new float[points.Length];
        network.Forward(points, output);
        Compare.Equal(values, output, "value");

        const int Batch = 19;
        float[] inputs = Repeat(points), outputs = new float[inputs.Length];
        network.Forward(inputs, outputs);
        Assert.Equal(Repeat(output), outputs);

        using Trainer trainer = CompiledType.CreateTrainer(network, Batch, new Sgd(0.1));
        trainer.Forward(inputs, outputs);
        Assert.Equal(Repeat(output), outputs);
        float[] gradients = new float[inputs.Length];
        trainer.Backward([.. Enumerable.Repeat(1f, inputs.Length)], gradients);
        Compare.Equal(derivatives, gradients.AsSpan(0, points.Length), "derivative");
        Assert.Equal(Repeat(gradients[..points.Length]), gradients);

        static float[] Repeat(float[] sample) => [.. Enumerable.Repeat(sample, Batch).SelectMany(v => v)];
    }

    [Theory]
    [MemberData(nameof(AllInAllTiers))]
    public void Fused_with_convolutions_and_pooling_it_agrees_with_the_oracle(string name, int number, Isa isa) =>
        Check(name, Compiled[number].Value["Fused"], FusedComparisons[number].Value, isa);

    [Theory]
    [MemberData(nameof(AllInAllTiers))]
    public void Between_layers_that_are_not_fused_it_agrees_with_the_oracle(string name, int number, Isa isa) =>
        Check(name, Compiled[number].Value["Apart"], ApartComparisons[number].Value, isa);

    [Theory]
    [MemberData(nameof(AllInAllTiers))]
    public void NaN_passes_through_but_for_layers_of_truths(string name, int number, Isa isa)
    {
        Assert.NotEmpty(name);
        double expected = Activations[number].Layer.OfNaN;
        using CompiledNetwork network = Compiled[number].Value["Alone"].Create(isa);
        int length = Goldens.Value.Points.Length;
        float[] inputs = new float[18 * length], outputs = new float[inputs.Length];
        inputs.AsSpan().Fill(float.NaN);
        network.Forward(inputs, outputs);
        Assert.All(outputs, output => Assert.Equal(expected, output));
        network.Forward(inputs.AsSpan(0, length), outputs.AsSpan(0, length));
        Assert.All(outputs, output => Assert.Equal(expected, output));
    }

    private static void Check(string name, CompiledType type, Comparison comparison, Isa isa)
    {
        string? difference = comparison.Run(type, isa);
        Assert.True(difference is null, $"{difference}\n{comparison.Network.Declaration(name)}");
    }

    private static (Numbers Values, Numbers Derivatives) Oracle(int number)
    {
        OracleNetwork network = Alone(number);
        Pass pass = network.Forward(Goldens.Value.Points);
        var gradients = new GradientSums(network);
        network.Backward(pass, [.. Enumerable.Repeat(1f, network.Output.Length)], gradients);
        return (pass.Output, gradients.Input!);
    }

    /// <summary>PyTorch computes x·(1 + erf(…)) and x·(1 + tanh(…)) in double precision, of which little is left far below 0.</summary>
    private static double PyTorchError(int point) =>
        Math.Abs(Goldens.Value.Points[point]) > 100 ? 1e-14 : 1e-14 * (1 + Math.Abs(Goldens.Value.Points[point]));

    private static double Closest(double golden, double oracle, double tolerance) =>
        Math.Abs(golden - oracle) <= tolerance ? oracle : golden;

    private static OracleNetwork Alone(int number) => new(
        Extents.Vector(Goldens.Value.Points.Length), [Activations[number].Layer], Objective.MeanSquaredError, inputGradient: true);

    private static OracleNetwork Fused(int number)
    {
        (ActivationLayer layer, ActivationLayer sibling) = Activations[number];
        return new OracleNetwork(
            Extents.Image(2, 12, 12),
            [
                new Conv2D(5, 3, padding: 1), layer, new MaxPool2D(2), new Conv2D(17, 3, padding: 1), layer, new AveragePool2D(2),
                new Conv2D(6, 2), sibling, new Flatten(), new Dense(9), layer, new Dense(8), sibling, new Dense(3),
            ],
            Objective.CrossEntropy,
            inputGradient: true);
    }

    private static OracleNetwork Apart(int number)
    {
        (ActivationLayer layer, ActivationLayer sibling) = Activations[number];
        return new OracleNetwork(
            Extents.Image(2, 11, 11),
            [
                new Conv2D(4, 3, padding: 1), layer, new MaxPool2D(3, stride: 2, padding: 1), new Conv2D(5, 3, padding: 1), layer,
                new AveragePool2D(3, stride: 1, padding: 1), layer, sibling, new MaxPool2D(2), layer, new Flatten(), layer,
                new Dense(4), layer,
            ],
            Objective.MeanSquaredError,
            inputGradient: true);
    }
}
