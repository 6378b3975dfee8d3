using System.Linq;
using Strata.Numerics.Tests.Oracle;

namespace Strata.Numerics.Tests.Drawing;

internal sealed partial class RandomLayers
{
    public Layer Normalized(Extents input) => random.Below(10) switch
    {
        < 4 => new BatchNorm(Epsilon(), random.Pick(0.1, 0.1, 0.5, 0), Affine: !random.Chance(4)),
        4 => new GroupNorm(random.Divisor(input.Channels), Epsilon(), Affine: !random.Chance(4)),
        5 when input.Positions > 1 => new InstanceNorm(Epsilon(), Affine: random.Chance(2)),
        6 or 8 when input.Rank > 1 => new ChannelLayerNorm(Epsilon(), Affine: !random.Chance(4)),
        7 => new LocalResponseNorm(random.Between(1, 6), random.Pick(1e-4, 0.5, 3), random.Pick(0.5, 0.75, 1, 1.2), random.Pick(1, 0.5, 2)),
        _ => new LayerNorm(Epsilon(), Affine: !random.Chance(4)),
    };

    /// <summary>Learned factors.</summary>
    private Scale Scaled(Extents input) =>
        new(Bias: !random.Chance(3), PerElement: random.Chance(3), Initial: random.Pick(1, 1, 0.5, 1e-6));

    /// <summary>Constants of a data set.</summary>
    public Normalize Standardized(Extents input) => new(
        [.. Enumerable.Range(0, input.Channels).Select(_ => random.Below(100) / 100.0)],
        [.. Enumerable.Range(0, input.Channels).Select(_ => random.Between(20, 80) / 100.0)]);

    private double Epsilon() => random.Pick(1e-5, 1e-5, 0.01, 0.5);
}
