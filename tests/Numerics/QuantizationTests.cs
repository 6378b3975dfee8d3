using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Numbers that integers of few bits can stand for, in networks of floats.</summary>
public class QuantizationTests
{
    private static readonly Extents Features = Extents.Vector(21), Sequence = Extents.Sequence(6, 11), Image = Extents.Image(6, 5, 7);
    private static readonly Extents Volume = Extents.Volume(6, 3, 4, 5);

    private static readonly OperatorFamily Family = new(
        "quantization",
        Of("uint8", Image),
        Of("int8", Image, new FakeQuantize(-128, 127)),
        Of("4 bits", Image, new FakeQuantize(-8, 7)),
        Of("channels", Image, new FakeQuantize(-8, 7, PerChannel: true)),
        Of("learned", Image, new FakeQuantize(-8, 7, Learned: true)),
        Of("learned, channels", Image, new FakeQuantize(0, 15, PerChannel: true, Learned: true)),
        Of("features", Features, new FakeQuantize(-16, 15, PerChannel: true, Learned: true)),
        Of("sequence", Sequence, new FakeQuantize(-8, 7, PerChannel: true, Learned: true)),
        Of("volume", Volume, new FakeQuantize(-8, 7, PerChannel: true, Learned: true)));

    public static TheoryData<string> Names => Family.Names;

    public static TheoryData<string, Isa> NamesAndTiers => Family.NamesAndTiers;

    public static TheoryData<Isa> AllTiers => Tiers.All;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_computes_what_PyTorch_computes(string name) => Family.CheckOracle(name);

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Family.CheckTier(name, isa);

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Between_other_layers_it_agrees_with_the_oracle(Isa isa)
    {
        var network = new OracleNetwork(
            Extents.Image(3, 9, 8),
            [
                new FakeQuantize(-128, 127), new Conv2D(18, 3, padding: 1), new BatchNorm(), new ReLU(), new FakeQuantize(Learned: true),
                new MaxPool2D(2), new Conv2D(6, 1), new FakeQuantize(-128, 127, PerChannel: true), new Flatten(), new Dense(5),
            ],
            Objective.CrossEntropy, inputGradient: true);
        string? difference = new Comparison(network, 11, [1, 5, 19]).Run(NetworkCompiler.Compile(network), isa);
        Assert.True(difference is null, $"{difference}\n{network.Declaration("Mixed")}");
    }

    /// <summary>Of two nearest integers the even one, the range's ends, what is beyond them, and what is no number.</summary>
    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Numbers_are_rounded_clamped_and_kept_as_QuantizeLinear_says(Isa isa)
    {
        float[] x = [0.25f, 0.75f, 1.25f, -0.25f, -0.75f, 4, 4.25f, 100, -1.5f, -1.75f, -100, 1e30f, -1e30f, 0, -0.0f, 1e-30f];
        float[] expected = [0, 1, 1, 0, -1, 4, 4, 4.5f, -1.5f, -2, -3, 4.5f, -3, 0, 0, 0];
        float[] special = [float.PositiveInfinity, float.NegativeInfinity, float.NaN], becomes = [4.5f, -3, float.NaN];
        using CompiledNetwork network = NetworkCompiler.Compile(
            [
                "[Network(InputGradient = true), Input(19), FakeQuantize(QuantMin = -5, QuantMax = 10, Scale = 0.5, ZeroPoint = 1), "
                    + "MeanSquaredError]\npublic sealed partial class Rounded;\n",
            ],
            "Rounded")["Rounded"].Create(isa);
        float[] input = [.. x, .. special], output = new float[input.Length];
        network.Forward(input, output);
        Assert.Equal([.. expected, .. becomes], output);
        Assert.DoesNotContain(output, y => y == 0 && float.IsNegative(y));

        using Trainer trainer = CompiledType.CreateTrainer(network, 1, new Sgd(0.1));
        float[] gradient = new float[input.Length];
        trainer.Forward(input, output);
        trainer.Backward([.. Enumerable.Repeat(3f, input.Length)], gradient);

        // The ends of the range are in it: 4.25 becomes the even 8 of 8.5, and 9 steps are 4.5.
        Assert.Equal([3, 3, 3, 3, 3, 3, 3, 0, 3, 3, 0, 0, 0, 3, 3, 3, 0, 0, 3], gradient);
    }

    private static OperatorCase Of(string name, Extents input, FakeQuantize? layer = null) =>
        new(name, input, layer ?? new FakeQuantize()) { IsNearKink = true };
}
