using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Padding with zeros and with copies, in all dimensionalities, up to the largest margins.</summary>
public class PaddingTests
{
    private static readonly Extents Sequence = Extents.Sequence(3, 5), Image = Extents.Image(17, 3, 4), Volume = Extents.Volume(5, 2, 3, 4);

    private static readonly OperatorFamily Family = new(
        "padding",
        new("ZeroPad1d", Sequence, new Pad(1, "Zeros", 2, 3)),
        new("ReflectionPad1d", Sequence, new Pad(1, "Reflect", 4, 3)),
        new("ReplicationPad1d", Sequence, new Pad(1, "Replicate", 0, 7)),
        new("CircularPad1d", Sequence, new Pad(1, "Circular", 5, 5)),
        new("ZeroPad2d", Image, new Pad(2, "Zeros", 1, 1, 1, 1)),
        new("ZeroPad2d, sides", Image, new Pad(2, "Zeros", 1, 0, 3, 2)),
        new("ReflectionPad2d", Image, new Pad(2, "Reflect", 2, 2, 2, 2)),
        new("ReflectionPad2d, sides", Image, new Pad(2, "Reflect", 0, 2, 3, 1)),
        new("ReplicationPad2d", Image, new Pad(2, "Replicate", 5, 1, 0, 2)),
        new("CircularPad2d", Image, new Pad(2, "Circular", 3, 1, 2, 4)),
        new("ZeroPad3d", Volume, new Pad(3, "Zeros", 1, 0, 2, 1, 3, 0)),
        new("ReflectionPad3d", Volume, new Pad(3, "Reflect", 1, 1, 2, 0, 1, 3)),
        new("ReplicationPad3d", Volume, new Pad(3, "Replicate", 1, 2, 0, 1, 2, 2)),
        new("CircularPad3d", Volume, new Pad(3, "Circular", 2, 2, 2, 2, 2, 2)));

    public static TheoryData<string> Names => Family.Names;

    public static TheoryData<string, Isa> NamesAndTiers => Family.NamesAndTiers;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_computes_what_PyTorch_computes(string name) => Family.CheckOracle(name);

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Family.CheckTier(name, isa);
}
