using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Layers that take elements from places that are computed: the largest ones, those at indices, and those at points.</summary>
public class SamplingTests
{
    private static readonly Extents Features = Extents.Vector(21), Sequence = Extents.Sequence(6, 11), Image = Extents.Image(19, 5, 7),
        Volume = Extents.Volume(6, 3, 4, 5), Long = Extents.Sequence(2, 90);

    private static readonly OperatorFamily Family = new("sampling", [.. Elements(), .. Rows(), .. Images(), .. Volumes()]);

    private static OperatorCase[] Elements() =>
    [
        new("top of channels", Image, new TopK(4)),
        new("top of features", Features, new Dense(9), new TopK(3), new Dense(5)),
        new("bottom of rows", Image, new TopK(3, Axes.Height, Largest: false)),
        new("all of a sequence, sorted", Sequence, new TopK(11, Axes.Width)),
        new("top planes, activated", Volume, new TopK(2, Axes.Depth), new Tanh(), new Conv3D(4, 1)),
        new("indices of the top", Image, new TopK(5, Indices: true)) { IsNearKink = true },
        new("indices of whole numbers", Sequence, new Affine(2, 0), new Round(), new TopK(7, Axes.Width, Indices: true))
        {
            IsNearKink = true,
        },
        new("indices of the bottom of whole numbers", Features, new Affine(3, 0), new Floor(), new TopK(20, Largest: false, Indices: true))
        {
            IsNearKink = true,
        },
        new("gather the top", Image, new Gather([], [new TopK(3, Indices: true)])),
        new("gather columns, activated", Image,
            new Gather([], [new TopK(2, Axes.Width, Indices: true)]) { Axis = Axes.Width }, new Tanh(), new Conv2D(3, 1)),
        new("gather tokens", Sequence,
            new Gather([new Conv1D(7, 1)], [new Conv1D(1, 1), new TopK(4, Axes.Width, Indices: true)]) { Axis = Axes.Width }),
        new("gather features", Features, new Gather([new Tanh()], [new Dense(8), new Affine(4, 0)])) { IsNearKink = true },
        new("gather one feature many times", Long,
            new Gather([new Tanh()], [new Affine(0.4, 0), new Affine(1, 0.6)]) { Axis = Axes.Width }) { IsNearKink = true },
        new("gather planes, from the end", Volume,
            new Gather([], [new Affine(1, -1.5)]) { Axis = Axes.Depth }) { IsNearKink = true },
    ];

    private static OperatorCase[] Rows() =>
    [
        new("rows of a table", Features, new Affine(3, 0), new Embedding(7, 5)) { IsNearKink = true },
        new("one row many times, activated", Long,
            new Slice(0, 1), new Affine(0.4, 0.6), new Embedding(3, 4), new Tanh(), new Conv1D(3, 1)) { IsNearKink = true },
        new("rows for pixels", Image, new TopK(1, Indices: true), new Embedding(19, 6), new Conv2D(2, 3)) { IsNearKink = true },
        new("rows for places, from the end", Volume,
            new TopK(1, Indices: true), new Affine(1, -6), new Embedding(6, 3)) { IsNearKink = true },
    ];

    private static OperatorCase[] Images() =>
    [
        .. from mode in new[] { "Bilinear", "Nearest", "Bicubic" }
           from padding in new[] { "Zeros", "Border", "Reflection" }
           from align in new[] { false, true }
           select new OperatorCase(
               $"{mode} {padding}{(align ? " aligned" : "")}", Image,
               new GridSample([new Conv2D(4, 1)], [new Conv2D(2, 1), new Transpose(2, 3, 1)])
               {
                   Mode = mode, PaddingMode = padding, AlignCorners = align,
               })
           {
               IsNearKink = mode != "Bicubic" || padding != "Zeros",
           },
        new("Bilinear points of their own, activated", Image,
            new GridSample([], [new OwnTensor(Extents.Image(4, 3, 2))]), new Tanh(), new Conv2D(3, 1)) { IsNearKink = true },
        new("Bicubic of one row", Extents.Image(3, 1, 6),
            new GridSample([], [new Conv2D(2, 1), new Transpose(2, 3, 1)])
            {
                Mode = "Bicubic", PaddingMode = "Reflection", AlignCorners = true,
            })
        {
            IsNearKink = true,
        },
    ];

    private static OperatorCase[] Volumes() =>
    [
        .. from mode in new[] { "Bilinear", "Nearest" }
           from padding in new[] { "Zeros", "Border", "Reflection" }
           from align in new[] { false, true }
           select new OperatorCase(
               $"{mode} {padding}{(align ? " aligned" : "")} of a volume", Volume,
               new GridSample([], [new Conv3D(3, 1), new Transpose(2, 3, 4, 1)])
               {
                   Mode = mode, PaddingMode = padding, AlignCorners = align,
               })
           {
               IsNearKink = true,
           },
    ];

    public static TheoryData<string> Names => Family.Names;

    public static TheoryData<string, Isa> NamesAndTiers => Family.NamesAndTiers;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_computes_what_PyTorch_computes(string name) => Family.CheckOracle(name);

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Family.CheckTier(name, isa);
}
