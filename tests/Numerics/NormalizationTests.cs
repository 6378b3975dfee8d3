using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Normalisations and learned activations, with their options and in all dimensionalities.</summary>
public class NormalizationTests
{
    private static readonly Extents Features = Extents.Vector(21), Sequence = Extents.Sequence(6, 11), Image = Extents.Image(6, 5, 7);

    private static readonly OperatorFamily Family = new(
        "normalization",
        new("PReLU", Image, new PReLU()),
        new("PReLU, features", Features, new PReLU(PerChannel: true)),
        new("PReLU, sequence", Sequence, new PReLU()),
        new("PReLU, channels", Image, new PReLU(PerChannel: true)));

    public static TheoryData<string> Names => Family.Names;

    public static TheoryData<string, Isa> NamesAndTiers => Family.NamesAndTiers;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_computes_what_PyTorch_computes(string name) => Family.CheckOracle(name);

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Family.CheckTier(name, isa);
}
