using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Normalisations, norms and learned activations, with their options and in all dimensionalities.</summary>
public class NormalizationTests
{
    private static readonly Extents Features = Extents.Vector(21), Sequence = Extents.Sequence(6, 11), Image = Extents.Image(6, 5, 7);
    private static readonly Extents Volume = Extents.Volume(6, 3, 4, 5), Deep = Extents.Image(19, 3, 5);

    private static readonly OperatorFamily Family = new(
        "normalization",
        new("PReLU", Image, new PReLU()),
        new("PReLU, features", Features, new PReLU(PerChannel: true)),
        new("PReLU, sequence", Sequence, new PReLU()),
        new("PReLU, channels", Image, new PReLU(PerChannel: true)),
        new("GroupNorm", Image, new GroupNorm(3)),
        new("GroupNorm, features", Features, new GroupNorm(7)),
        new("GroupNorm, sequence", Sequence, new GroupNorm(2, 0.25)),
        new("GroupNorm, volume", Volume, new GroupNorm(1, Affine: false)),
        new("GroupNorm, channels", Deep, new GroupNorm(19)),
        new("GroupNorm, no epsilon", Image, new Conv2D(6, 1), new GroupNorm(3, 0)),
        new("InstanceNorm, sequence", Sequence, new InstanceNorm()),
        new("InstanceNorm, image", Deep, new InstanceNorm()),
        new("InstanceNorm, affine", Image, new InstanceNorm(0.01, Affine: true)),
        new("InstanceNorm, no epsilon", Image, new Conv2D(6, 1), new InstanceNorm(0, Affine: true)),
        new("InstanceNorm, volume", Volume, new InstanceNorm(Affine: true)),
        new("LayerNorm, features", Features, new LayerNorm()),
        new("LayerNorm, sequence", Sequence, new LayerNorm(0.5)),
        new("LayerNorm, image", Image, new LayerNorm()),
        new("LayerNorm, volume", Volume, new LayerNorm(Affine: false)),
        new("LayerNorm, no epsilon", Image, new Conv2D(6, 1), new LayerNorm(0)),
        new("LayerNorm, over channels, no epsilon", Image, new Conv2D(6, 1), new ChannelLayerNorm(0)),
        new("LayerNorm, over channels", Deep, new ChannelLayerNorm()),
        new("LayerNorm, over channels of a volume", Volume, new ChannelLayerNorm(Affine: false)),
        new("LocalResponseNorm", Deep, new LocalResponseNorm(5)),
        new("LocalResponseNorm, sequence", Sequence, new LocalResponseNorm(2, 2, 0.5, 2)),
        new("LocalResponseNorm, even", Deep, new LocalResponseNorm(4, 3, 0.75, 2)),
        new("LocalResponseNorm, wide", Image, new LocalResponseNorm(15, 5, 1.2, 0.5)),
        new("LocalResponseNorm, k 0", Image, new Conv2D(6, 1), new LocalResponseNorm(3, 1, 0.75, 0)),
        new("LocalResponseNorm, volume", Volume, new LocalResponseNorm(3, 1, 1)),
        new("LogSoftmax, features", Features, new LogSoftmax()),
        new("LogSoftmax, sequence", Sequence, new LogSoftmax()),
        new("LogSoftmax, image", Deep, new LogSoftmax()),
        new("LogSoftmax, volume", Volume, new LogSoftmax()),
        new("L2Pool1D", Sequence, new L2Pool(1, 3, 2)),
        new("L2Pool2D", Deep, new L2Pool(2, 3, 2)),
        new("L2Pool2D, overlapping", Image, new L2Pool(2, 2, 1)),
        new("L2Pool2D, ceil", Image, new L2Pool(2, 3, 3, Ceil: true)),
        new("L2Pool3D", Volume, new L2Pool(3, 2, 1)),
        new("LogSumExpPool1D", Sequence, new LogSumExpPool(1, 3, 2)),
        new("LogSumExpPool2D", Deep, new LogSumExpPool(2, 3, 2)),
        new("LogSumExpPool2D, overlapping", Image, new LogSumExpPool(2, 2, 1, Sharpness: 4)),
        new("LogSumExpPool2D, ceil", Image, new LogSumExpPool(2, 3, 3, Sharpness: 0.5, Ceil: true)),
        new("LogSumExpPool3D", Volume, new LogSumExpPool(3, 2, 1)));

    /// <summary>
    /// Between other layers: fused activations, halos, flat views, channels that no vector divides, whole channels dropped.
    /// </summary>
    internal static readonly OracleNetwork[] Mixed =
    [
        new(
            Extents.Image(3, 9, 8),
            [
                new Conv2D(10, 3, padding: 1), new GroupNorm(5), new ReLU(), new MaxPool2D(2), new SpatialDropout(0.25),
                new PReLU(PerChannel: true),
                new Conv2D(18, 3, padding: 1), new InstanceNorm(Affine: true), new ReLU(), new LocalResponseNorm(5, 0.5),
                new Conv2D(6, 3, padding: 1),
                new ChannelLayerNorm(), new LeakyReLU(0.2), new Flatten(), new LayerNorm(), new PReLU(), new Dense(5), new LogSoftmax(),
            ],
            Objective.CrossEntropy,
            inputGradient: true),
        new(
            Extents.Sequence(5, 13),
            [
                new SpatialDropout(0.5), new Add([new InstanceNorm(), new Tanh()], [new LayerNorm()]), new LogSoftmax(), new Flatten(),
                new Dense(12), new GroupNorm(3), new ReLU(), new Dropout(0.5), new PReLU(PerChannel: true), new Dense(3),
            ],
            Objective.MeanSquaredError,
            inputGradient: true),

        // Branches that samples go past.
        new(
            Extents.Image(3, 9, 8),
            [
                new Conv2D(18, 3, padding: 1), new Tanh(),
                new Add([new Conv2D(18, 3, padding: 1), new GroupNorm(3), new StochasticDepth(0.5)], []), new SiLU(),
                new Add([new Conv2D(6, 1), new StochasticDepth(0)], [new Conv2D(6, 1), new StochasticDepth(0.25)]), new Sigmoid(),
                new Flatten(), new StochasticDepth(0.1), new Dense(5), new LogSoftmax(),
            ],
            Objective.CrossEntropy,
            inputGradient: true),

        // The parameters of one channel's elements.
        new(Extents.Image(1, 5, 4), [new LayerNorm(), new Tanh(), new Conv2D(1, 2), new LayerNorm()], Objective.MeanSquaredError,
            inputGradient: true),
    ];

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
    public void Between_other_layers_they_agree_with_the_oracle(Isa isa)
    {
        foreach (OracleNetwork network in Mixed)
        {
            string? difference = new Comparison(network, 11, [1, 5, 19]).Run(NetworkCompiler.Compile(network), isa);
            Assert.True(difference is null, $"{difference}\n{network.Declaration("Mixed")}");
        }
    }

    [Theory]
    [MemberData(nameof(AllTiers))]
    public void Nothing_but_zeros_becomes_the_shift_even_where_nothing_is_added_to_their_variance(Isa isa)
    {
        string[] layers =
        [
            "GroupNorm(2, Epsilon = 0)", "InstanceNorm(Affine = true, Epsilon = 0)", "LayerNorm(Epsilon = 0)",
            "LayerNorm(OverChannels = true, Epsilon = 0)",
            "BatchNorm(Epsilon = 0)", "LocalResponseNorm(3, Alpha = 1, K = 0)", "LocalResponseNorm(3, Alpha = 1, Beta = 2.5, K = 0)",
        ];
        CompiledNetworks compiled = NetworkCompiler.Compile(
            [
                .. layers.Select((layer, i) =>
                    $"[Network(InputGradient = true)]\n[Input(4, 3, 5)]\n[{layer}]\n[MeanSquaredError]\npublic sealed "
                    + $"partial class Equal{i};\n"),
            ],
            "Equal");
        const int Count = 5, Length = 60;
        for (int i = 0; i < layers.Length; i++)
        {
            using CompiledNetwork network = compiled[$"Equal{i}"].Create(isa);
            using Trainer trainer = CompiledType.CreateTrainer(network, Count, new Sgd(0.1));
            float shift = 0;
            if (network.Parameters.FirstOrDefault(p => p.Key.EndsWith(".bias", StringComparison.Ordinal)) is { } bias)
            {
                shift = 0.75f;
                bias.CopyFrom([.. Enumerable.Repeat(shift, bias.Length)]);
            }

            float[] inputs = new float[Count * Length], outputs = new float[inputs.Length], gradient = new float[inputs.Length];
            trainer.Forward(inputs, outputs);
            Assert.All(outputs, y => Assert.Equal(shift, y));
            trainer.Backward([.. Enumerable.Repeat(0.5f, inputs.Length)], gradient);
            Assert.All(gradient, g => Assert.True(float.IsFinite(g), $"{layers[i]}: {g}"));
            foreach (Parameter parameter in network.Parameters.Where(p => p.IsTrainable))
            {
                float[] values = new float[parameter.Length];
                trainer.CopyGradientTo(parameter, values);
                Assert.All(values, g => Assert.True(float.IsFinite(g), $"{layers[i]}, {parameter.Key}: {g}"));
            }
        }
    }
}
