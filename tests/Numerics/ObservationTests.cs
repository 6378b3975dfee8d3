using System;
using System.Linq;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Activations of layers that are otherwise fused or overwritten, and heads that exist in training only.</summary>
public class ObservationTests
{
    private const string Layers = """
        [Conv2D(20, 3, Padding = 1), BatchNorm, ReLU, MaxPool2D(2)]
        [Conv2D(7, 3, Padding = 1), Sigmoid, AveragePool2D(2), Dropout(0.5), Flatten, Dense(5), Softmax]
        """;

    private static readonly string[] Names = ["conv1", "bn1", "relu1", "pool1", "conv2", "sigmoid1", "pool2", "dropout1", "flatten1",
        "dense1", "softmax1"];

    private static readonly CompiledNetworks Types = NetworkCompiler.CompileClasses(
        [
            $"[Network(Observable = true), Input(3, 9, 11)]\n{Layers}\npublic partial class Observed;",
            "[Network, Input(3, 9, 11)]\n" + Layers + "\n" + string.Concat(Names.Select(n => $"[Output(\"{n}Out\", From = \"{n}\")]"))
            + "\npublic partial class Outputs;",
            """
            [Network(Observable = true), Input(4), Dense(3), ReLU(Name = "shared"), Dense(2), Output("main")]
            [CrossEntropy]
            [Dense(2, From = "shared", Name = "aux"), CrossEntropy(From = "aux", Weight = 0.3)]
            public partial class Aided;
            """,
            """
            [Network(Observable = true), Input(2, 6, 6), Conv2D(3, 3, Padding = 1, PaddingMode = PaddingMode.Reflect)]
            [ConvTranspose2D(2, 2, Stride = 2, Name = "up"), Filter2D(Filter.SobelX, Padding = 1)]
            public partial class Parts;
            """,
        ],
        "Observation");

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Activations_are_what_the_layers_would_put_out(Isa isa)
    {
        const int Samples = 3;
        using CompiledNetwork observed = Create("Observed", new NetworkOptions { Isa = isa, Seed = 5, Observe = Names });
        using CompiledNetwork plain = Create("Observed", new NetworkOptions { Isa = isa, Seed = 5 });
        using CompiledNetwork outputs = Create("Outputs", new NetworkOptions { Isa = isa, Seed = 5 });
        float[] input = [.. Enumerable.Range(0, Samples * 297).Select(i => MathF.Sin(i * 0.7f))];
        float[] y = new float[Samples * 5], expectedY = new float[Samples * 5];
        float[] all = new float[Samples * outputs.Info.OutputShape.Aggregate(1, (a, b) => a * b)];
        observed.Forward(input, y);
        plain.Forward(input, expectedY);
        outputs.Forward(input, all);
        Near(expectedY, y);
        int offset = 0, total = all.Length / Samples;
        foreach (string name in Names)
        {
            ReadOnlySpan<float> activation = observed.Activation(name);
            int length = activation.Length / Samples;
            for (int sample = 0; sample < Samples; sample++)
            {
                Near(all.AsSpan((sample * total) + offset, length), activation.Slice(sample * length, length));
            }

            offset += length;
        }

        Assert.Equal(total, offset);
    }

    [Fact]
    public void What_cannot_be_observed_is_refused()
    {
        Assert.Contains(
            "no layer 'conv9'",
            Assert.Throws<ArgumentException>(() => Create("Observed", new NetworkOptions { Observe = ["conv9"] })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Observable = true",
            Assert.Throws<ArgumentException>(() => Create("Outputs", new NetworkOptions { Observe = ["conv1"] })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "training only", Assert.Throws<ArgumentException>(() => Create("Aided", new NetworkOptions { Observe = ["aux"] })).Message,
            StringComparison.Ordinal);
        using CompiledNetwork network = Create("Observed", new NetworkOptions { Observe = ["conv1"] });
        Assert.Throws<ArgumentException>(() => network.Activation("conv2"));
        Assert.True(network.Activation("conv1").IsEmpty);
    }

    [Fact]
    public void A_head_for_training_is_not_part_of_inference()
    {
        using CompiledNetwork network = Create("Aided", new NetworkOptions());
        Assert.Equal(2, network.Info.OutputShape.Single());
        Assert.Equal(["aux"], network.Info.Layers.Where(l => l.TrainingOnly).Select(l => l.Name));
        using var trainer = (ClassificationTrainer)Types["Aided"].Type.GetMethod("CreateTrainer")!.Invoke(network, [4, new Sgd(0.5)])!;
        float[] inputs = [1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 1, 1];
        int[] targets = [0, 1, 0, 1];
        float first = trainer.Step(inputs, targets);
        float last = first;
        for (int i = 0; i < 40; i++)
        {
            last = trainer.Step(inputs, targets);
        }

        // Both heads learn: the sum of the losses falls below what either alone would leave.
        Assert.InRange(last, 0, 0.5f * first);
        Assert.InRange(trainer.Evaluate(inputs, targets).Loss, 0, last);
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Padding_and_spreading_inside_of_layers_are_no_layers(Isa isa)
    {
        using CompiledNetwork network = Create("Parts", new NetworkOptions { Isa = isa, Seed = 5, Observe = ["filter1", "conv1"] });
        Assert.Equal(["conv1", "up", "filter1"], network.Info.Layers.Select(layer => layer.Name));
        Assert.Throws<ArgumentException>(() => Create("Parts", new NetworkOptions { Observe = ["conv1.pad"] }));
        float[] output = new float[network.OutputLength];
        network.Forward([.. Enumerable.Range(0, network.InputLength).Select(i => MathF.Sin(i * 0.7f))], output);
        Near(output, network.Activation("filter1"));
        Assert.Equal(3 * 6 * 6, network.Activation("conv1").Length);
    }

    [Fact]
    public void The_lengths_of_a_sample_are_known_of_any_network()
    {
        using CompiledNetwork network = Create("Parts", new NetworkOptions());
        Assert.Equal((2 * 6 * 6, 2 * 12 * 12), (network.InputLength, network.OutputLength));
        Assert.Equal(network.OutputLength, Types["Parts"].Type.GetField("OutputLength")!.GetRawConstantValue());
    }

    private static CompiledNetwork Create(string name, NetworkOptions options)
    {
        try
        {
            return (CompiledNetwork)Activator.CreateInstance(Types[name].Type, options)!;
        }
        catch (System.Reflection.TargetInvocationException exception)
        {
            throw exception.InnerException!;
        }
    }

    private static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            // Sums of at most 180 products in another order.
            Assert.InRange(actual[i], expected[i] - 1e-5f, expected[i] + 1e-5f);
        }
    }
}
