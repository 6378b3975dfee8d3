using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Batch norm with its options in all dimensionalities: by the statistics of the batch, and by the running ones.</summary>
public class BatchNormTests
{
    private static readonly Extents Features = Extents.Vector(21), Sequence = Extents.Sequence(6, 11), Image = Extents.Image(6, 5, 7);
    private static readonly Extents Volume = Extents.Volume(6, 3, 4, 5);

    private static readonly OperatorFamily Family = new(
        "batch_norm",
        new("features", Features, new BatchNorm()),
        new("sequence", Sequence, new BatchNorm(Momentum: 0.3)),
        new("image", Image, new BatchNorm()),
        new("image, many channels", Extents.Image(33, 2, 3), new BatchNorm(0.25)),
        new("image, one pixel", Extents.Image(17, 1, 1), new BatchNorm()),
        new("volume", Volume, new BatchNorm(Affine: false)),
        new("volume, momentum 1", Volume, new BatchNorm(Momentum: 1)),
        new("statistics that stay", Image, new BatchNorm(Momentum: 0)),
        new("no epsilon", Image, new BatchNorm(0)),
        new("behind a convolution", Image, new Conv2D(18, 3, padding: 1) { Bias = false }, new BatchNorm(1e-3, 0.01), new Tanh()),
        new("between convolutions", Image, new Conv2D(5, 3, stride: 2), new BatchNorm(), new Sigmoid(), new Conv2D(4, 2),
            new BatchNorm(Affine: false)));

    public static TheoryData<string> Names => Family.Names;

    public static TheoryData<string, Isa> NamesAndTiers => Family.NamesAndTiers;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_computes_what_PyTorch_computes(string name) => Family.CheckOracle(name);

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Family.CheckTier(name, isa);
}
