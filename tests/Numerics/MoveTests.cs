using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Layers that only take elements or move them: slices of channels that begin with a block in every tier and that do not, crops, and other
/// orders of the axes, in all dimensionalities.
/// </summary>
public class MoveTests
{
    private static readonly Extents Sequence = Extents.Sequence(5, 11), Image = Extents.Image(18, 7, 9),
        Volume = Extents.Volume(17, 4, 5, 6);

    private static readonly OperatorFamily Family = new(
        "moves",
        new("crop 1d", Sequence, new Crop(1, [2, 3])),
        new("crop 1d, stride", Sequence, new Crop(1, [1, 1], 4)),
        new("crop 2d", Image, new Crop(2, [1, 1, 1, 1])),
        new("crop 2d, sides", Image, new Crop(2, [0, 2, 3, 1])),
        new("crop 2d, strides", Image, new Crop(2, [1, 0, 0, 0], 2, 3)),
        new("crop 2d, nothing", Image, new Crop(2, [0, 0, 0, 0])),
        new("crop 2d, one channel", Extents.Image(1, 9, 20), new Crop(2, [2, 1, 0, 2])),
        new("crop 3d", Volume, new Crop(3, [1, 0, 2, 1, 0, 3])),
        new("crop 3d, strides", Volume, new Crop(3, [0, 1, 0, 0, 1, 1], 3, 2, 1)),
        new("slice of features", Extents.Vector(40), new Slice(3, 29)),
        new("slice of the last features", Extents.Vector(40), new Slice(-7)),
        new("slice 1d", Sequence, new Slice(1, -1)),
        new("slice of a block", Extents.Image(48, 3, 4), new Slice(16, 32)),
        new("slice 2d", Extents.Image(48, 3, 4), new Slice(5, 39)),
        new("slice 2d, behind a convolution", Image, new Conv2D(40, 1), new Slice(16, -3), new Conv2D(5, 3, padding: 1)),
        new("slice 2d, inside a block, behind a convolution", Image, new Conv2D(40, 1), new Slice(7, 38), new Conv2D(20, 1)),
        new("slice 2d, activated", Image, new Conv2D(40, 1), new Slice(16), new Tanh(), new Conv2D(5, 1)),
        new("slice 3d", Volume, new Slice(8)),
        new("slice of features behind a dense layer", Extents.Vector(5), new Dense(40), new Slice(16, 35), new Dense(3)),
        new("half of the channels", Image, new Split(1, 2)),
        new("half of the channels, behind a convolution", Image, new Conv2D(32, 3), new Split(1, 2), new Conv2D(4, 3)),
        new("third of a sequence", Extents.Sequence(9, 5), new Split(2, 3)),
        new("shuffle, behind a convolution", Image, new Conv2D(36, 3), new ChannelShuffle(2), new Conv2D(4, 1)),
        new("shuffle of many groups", Image, new Conv2D(34, 1), new ChannelShuffle(17), new Conv2D(4, 1)),
        new("roll 1d", Sequence, new Roll(4)),
        new("roll 2d", Image, new Roll(-2)),
        new("roll 2d, rows", Image, new Roll(9) { Axis = Axes.Height }),
        new("roll 2d, channels", Image, new Roll(-5) { Axis = Axes.Channels }),
        new("roll 2d, in a stack", Image, new Conv2D(20, 1), new Roll(1), new Tanh(), new Conv2D(5, 3, padding: 1)),
        new("roll 3d, planes", Volume, new Roll(3) { Axis = Axes.Depth }),
        new("roll of features", Extents.Vector(40), new Roll(7) { Axis = Axes.Channels }),
        new("transpose 1d", Sequence, new Transpose(2, 1)),
        new("transpose 2d, channels last", Image, new Transpose(2, 3, 1)),
        new("transpose 2d, channels first", Image, new Transpose(3, 1, 2)),
        new("transpose 2d, rows and columns", Image, new Transpose(1, 3, 2)),
        new("transpose 2d, rows and channels", Image, new Transpose(2, 1, 3)),
        new("transpose 2d, nothing", Image, new Transpose(1, 2, 3)),
        new("transpose 3d", Volume, new Transpose(4, 2, 1, 3)),
        new("transpose 3d, pixels", Volume, new Transpose(1, 3, 4, 2)),
        new("windows of an image", Extents.Image(20, 6, 8), new Reshape("20, 2, 3, 2, -1", Extents.Of(20, 2, 3, 2, 4)),
            new Transpose(2, 4, 1, 3, 5), new Reshape("4, 20, 12", Extents.Image(4, 20, 12))),
        new("windows of an image, channels first", Extents.Image(20, 6, 8), new Conv2D(18, 1),
            new Reshape("18, 2, 3, 2, 4", Extents.Of(18, 2, 3, 2, 4)), new Transpose(1, 2, 4, 3, 5), new Tanh(),
            new Reshape("18, 4, 12", Extents.Image(18, 4, 12)), new Conv2D(5, 1)),
        new("windows become an image", Extents.Image(4, 18, 12), new Reshape("2, 2, 18, 3, 4", Extents.Of(2, 2, 18, 3, 4)),
            new Transpose(3, 1, 4, 2, 5), new Flatten(), new Reshape("18, 6, 8", Extents.Image(18, 6, 8))),
        new("blocks of a volume", Extents.Volume(17, 4, 6, 6), new Reshape("17, 4, 2, 3, 3, 2", Extents.Of(17, 4, 2, 3, 3, 2)),
            new Transpose(6, 4, 1, 2, 5, 3), new Sigmoid(), new Reshape("102, 24", Extents.Sequence(102, 24))),
        new("six axes whose channels stay", Extents.Volume(17, 4, 6, 6), new Reshape("17, 4, 2, 3, 3, 2", Extents.Of(17, 4, 2, 3, 3, 2)),
            new Transpose(1, 5, 2, 6, 3, 4), new Reshape("17, 12, 2, 6", Extents.Volume(17, 12, 2, 6))),
        new("five axes, twice", Image, new Reshape("2, 9, 7, 3, 3", Extents.Of(2, 9, 7, 3, 3)),
            new Transpose(5, 4, 3, 2, 1), new Transpose(4, 3, 1, 2, 5), new Flatten()),
        new("five axes, of which the columns stay", Image, new Reshape("2, 9, 7, 3, 3", Extents.Of(2, 9, 7, 3, 3)),
            new Transpose(2, 1, 3, 4, 5), new Reshape("18, 7, 9", Image)));

    public static TheoryData<string> Names => Family.Names;

    public static TheoryData<string, Isa> NamesAndTiers => Family.NamesAndTiers;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_computes_what_PyTorch_computes(string name) => Family.CheckOracle(name);

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Family.CheckTier(name, isa);
}
