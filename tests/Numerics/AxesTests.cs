using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Layers that compute something of all elements along some axes, with each kind of axes in all dimensionalities.</summary>
public class AxesTests
{
    private static readonly Extents Features = Extents.Vector(60), Sequence = Extents.Sequence(6, 11), Image = Extents.Image(18, 5, 7);
    private static readonly Extents Volume = Extents.Volume(6, 3, 4, 5);

    private static readonly OperatorFamily Family = new(
        "axes",
        new("mean over pixels", Image, new Total(Axes.Pixels, IsMean: true)),
        new("mean over pixels, kept", Image, new Total(Axes.Pixels, KeepAxes: true, IsMean: true)),
        new("mean over channels", Image, new Total(Axes.Channels, IsMean: true)),
        new("mean over channels, kept", Image, new Total(Axes.Channels, KeepAxes: true, IsMean: true)),
        new("mean over all", Image, new Total(Axes.All, IsMean: true)),
        new("mean over all of a volume, kept", Volume, new Total(Axes.All, KeepAxes: true, IsMean: true)),
        new("mean over channels of a volume", Volume, new Total(Axes.Channels, IsMean: true)),
        new("sum over channels of a sequence", Sequence, new Total(Axes.Channels)),
        new("sum over a sequence", Sequence, new Total(Axes.Width)),
        new("sum over channels and columns, kept", Image, new Total(Axes.Channels | Axes.Width, KeepAxes: true)),
        new("sum over channels and columns", Image, new Total(Axes.Channels | Axes.Width)),
        new("sum over planes of a volume", Volume, new Total(Axes.Depth)),
        new("sum over features", Features, new Total(Axes.Channels)),
        new("sum over channels and planes", Volume, new Total(Axes.Channels | Axes.Depth)),
        new("sum over channels and columns of a volume", Volume, new Total(Axes.Channels | Axes.Width)),
        new("max over pixels", Image, new Largest(Axes.Pixels)),
        new("max over channels", Image, new Largest(Axes.Channels)),
        new("max over channels of a volume, kept", Volume, new Largest(Axes.Channels, KeepAxes: true)),
        new("max over all", Image, new Largest(Axes.All)),
        new("max over rows", Image, new Largest(Axes.Height)),
        new("max over columns", Image, new Largest(Axes.Width)),
        new("max over rows of a volume", Volume, new Largest(Axes.Height)),
        new("max over channels and columns of a volume", Volume, new Largest(Axes.Channels | Axes.Width)),
        new("argmax over channels", Image, new IndexAlong()) { IsNearKink = true },
        new("argmax over features", Features, new IndexAlong()) { IsNearKink = true },
        new("argmin over rows", Image, new IndexAlong(Axes.Height, IsLeast: true)) { IsNearKink = true },
        new("argmin over channels of a volume", Volume, new IndexAlong(IsLeast: true)) { IsNearKink = true },
        new("argmax over a sequence, of whole numbers", Sequence, new Affine(2, 0), new Round(), new IndexAlong(Axes.Width))
        {
            IsNearKink = true,
        },
        new("argmin over planes, of whole numbers", Volume, new Floor(), new IndexAlong(Axes.Depth, IsLeast: true)) { IsNearKink = true },
        new("softmax over pixels", Image, new Softmax(Axes.Pixels)),
        new("softmax over columns", Image, new Softmax(Axes.Width)),
        new("softmax over a sequence", Sequence, new Softmax(Axes.Width)),
        new("softmax over planes and rows", Volume, new Softmax(Axes.Depth | Axes.Height)),
        new("softmax over channels and columns", Image, new Softmax(Axes.Channels | Axes.Width)),
        new("softmax over all", Image, new Softmax(Axes.All)),
        new("log softmax over pixels", Image, new LogSoftmax(Axes.Pixels)),
        new("log softmax over all", Volume, new LogSoftmax(Axes.All)),
        new("log softmax over a sequence", Sequence, new LogSoftmax(Axes.Width)),
        new("layer norm over pixels", Image, new AxesLayerNorm(Axes.Pixels)),
        new("layer norm over pixels, plain", Image, new AxesLayerNorm(Axes.Pixels, Affine: false)),
        new("layer norm over columns", Image, new AxesLayerNorm(Axes.Width, 0.25)),
        new("layer norm over a sequence", Sequence, new AxesLayerNorm(Axes.Width)),
        new("layer norm over rows of a volume", Volume, new AxesLayerNorm(Axes.Height)),
        new("layer norm over channels and rows", Image, new AxesLayerNorm(Axes.Channels | Axes.Height)),
        new("layer norm over channels", Sequence, new AxesLayerNorm(Axes.Channels)),
        new("layer norm over all", Image, new AxesLayerNorm(Axes.All)));

    /// <summary>Between other layers: halos, channels that no vector divides, shapes of other ranks, fused activations.</summary>
    private static readonly OracleNetwork[] Mixed =
    [
        new(
            Extents.Image(3, 9, 8),
            [
                new Conv2D(20, 3, padding: 1), new AxesLayerNorm(Axes.Pixels), new ReLU(), new Conv2D(18, 3, padding: 1),
                new Softmax(Axes.Pixels), new Conv2D(10, 3, padding: 1), new AxesLayerNorm(Axes.Width, Affine: false), new Tanh(),
                new Total(Axes.Height, IsMean: true), new Conv1D(5, 3, padding: 1), new Largest(Axes.Width), new Dense(4),
            ],
            Objective.CrossEntropy,
            inputGradient: true),
        new(
            Extents.Image(4, 6, 7),
            [
                new Conv2D(17, 3, padding: 1), new Tanh(), new Total(Axes.Channels), new Conv1D(5, 3, padding: 1),
                new LogSoftmax(Axes.All), new Total(Axes.Channels, KeepAxes: true, IsMean: true), new Conv1D(3, 2),
                    new Largest(Axes.Channels),
                new Dense(3),
            ],
            Objective.MeanSquaredError,
            inputGradient: true),
        new(
            Extents.Volume(2, 4, 6, 5),
            [
                new Conv3D(6, 3, padding: 1), new AxesLayerNorm(Axes.Channels | Axes.Depth), new Largest(Axes.Channels),
                new Conv2D(5, 3, padding: 1), new Total(Axes.Width, KeepAxes: true), new Conv2D(4, 1), new Total(Axes.All, IsMean: true),
            ],
            Objective.MeanSquaredError,
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
}
