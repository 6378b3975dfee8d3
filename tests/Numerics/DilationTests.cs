using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Convolutions whose taps are so far apart that some of them, or most, read only zeros of the padding. Forward, backward, and the
/// gradients of weights leave these out.
/// </summary>
public class DilationTests
{
    private static readonly OperatorFamily Family = new(
        "dilations",
        [.. InBothLayouts(
            Of("beyond the image", Extents.Image(18, 5, 6), new Conv2D(20, 3, padding: 7, dilation: 7)),
            Of("beyond the image, many channels", Extents.Image(40, 4, 5),
                new Conv2D(33, Axis.Of(3, 1, 6, 6), Axis.Of(3, 1, 6, 6), Bias: false)),
            Of("beyond the image, kernel of 5", Extents.Image(18, 3, 6), new Conv2D(16, 5, padding: 8, dilation: 4)),
            Of("beyond the image, one axis", Extents.Image(17, 5, 9), new Conv2D(18, Axis.Of(3, 1, 6, 6), Axis.Of(3, 1, 2, 2))),
            Of("beyond the image, rows of several", Extents.Image(17, 9, 4), new Conv2D(18, Axis.Of(3, 1, 1), Axis.Of(3, 1, 8, 4))),
            Of("beyond the image, sides", Extents.Image(18, 6, 12), new Conv2D(20, Axis.Of(3, 1, 9, 7), Axis.Of(3, 1, 4, 7))),
            Of("beyond the image, two of three", Extents.Image(18, 5, 7), new Conv2D(20, Axis.Of(4, 1, 8, 5), Axis.Of(3, 1, 5, 6))),
            Of("beyond the image, stride", Extents.Image(18, 8, 7), new Conv2D(19, Axis.Of(3, 2, 9, 9), Axis.Of(3, 3, 9, 9))),
            Of("beyond the image, groups", Extents.Image(15, 5, 6),
                new Conv2D(25, Axis.Of(3, 1, 7, 7), Axis.Of(3, 1, 7, 7), Groups: 5)),
            Of("beyond the image, groups in a vector", Extents.Image(24, 5, 6),
                new Conv2D(24, Axis.Of(3, 1, 7, 7), Axis.Of(3, 1, 7, 7), Groups: 6)),
            Of("beyond the image, groups of vectors", Extents.Image(32, 4, 6),
                new Conv2D(64, Axis.Of(3, 1, 5, 5), Axis.Of(3, 1, 2, 2), Groups: 2)),
            Of("beyond the image, depthwise", Extents.Image(20, 6, 5),
                new Conv2D(20, Axis.Of(3, 1, 7, 7), Axis.Of(3, 1, 7, 7), Groups: 20)),
            Of("beyond the image, depthwise, one axis", Extents.Image(20, 6, 5),
                new Conv2D(20, Axis.Of(3, 1, 7, 7), Axis.Of(3, 1, 1), Groups: 20)),
            Of("beyond the image, padding alone", Extents.Image(18, 1, 1), new Conv2D(20, 3, padding: 1)),
            new("beyond the image, pooled", Extents.Image(18, 6, 6), new Conv2D(20, 3, padding: 7, dilation: 7), new Tanh(),
                new MaxPool2D(2)) { IsNearKink = true },
            Of("beyond the sequence", Extents.Sequence(18, 9), new Conv1D(20, 5, padding: 20, dilation: 10)),
            Of("beyond the volume", Extents.Volume(17, 3, 5, 4),
                new Conv3D(18, Axis.Of(3, 1, 1), Axis.Of(3, 1, 6, 6), Axis.Of(3, 1, 5, 5))),
            Of("beyond the volume, planes", Extents.Volume(17, 3, 4, 5),
                new Conv3D(18, Axis.Of(3, 1, 4, 4), Axis.Of(3, 1, 1), Axis.Of(3, 1, 1))),
            Of("beyond the volume, groups", Extents.Volume(18, 3, 4, 5),
                new Conv3D(18, Axis.Of(3, 1, 4, 4), Axis.Of(3, 1, 5, 5), Axis.Of(3, 1, 1), Groups: 3)),
            Of("mostly padding", Extents.Image(18, 10, 11), new Conv2D(20, 3, padding: 8, dilation: 8)),
            Of("mostly padding, many channels", Extents.Image(40, 11, 12),
                new Conv2D(33, Axis.Of(3, 1, 9, 9), Axis.Of(3, 1, 9, 9), Bias: false)),
            Of("mostly padding, rectangular", Extents.Image(17, 11, 12), new Conv2D(18, Axis.Of(3, 1, 9, 9), Axis.Of(5, 1, 10, 6))),
            Of("mostly padding, stride", Extents.Image(18, 19, 20), new Conv2D(19, 3, stride: 2, padding: 12, dilation: 12)),
            Of("mostly padding, sides", Extents.Image(18, 11, 17), new Conv2D(20, Axis.Of(3, 1, 12, 9), Axis.Of(3, 1, 6, 9))),
            Of("mostly padding, depthwise", Extents.Image(20, 10, 11),
                new Conv2D(20, Axis.Of(3, 1, 8, 8), Axis.Of(3, 1, 8, 8), Groups: 20)),
            Of("mostly padding, groups", Extents.Image(32, 10, 11),
                new Conv2D(32, Axis.Of(3, 1, 8, 8), Axis.Of(3, 1, 8, 8), Groups: 2)),
            new("mostly padding, pooled", Extents.Image(18, 10, 12), new Conv2D(20, 3, padding: 8, dilation: 8), new Tanh(),
                new MaxPool2D(2)),
            Of("mostly padding, sequence", Extents.Sequence(18, 90), new Conv1D(20, 3, padding: 70, dilation: 70)),
            Of("mostly padding, volume", Extents.Volume(17, 2, 10, 10),
                new Conv3D(18, Axis.Of(3, 1, 1), Axis.Of(3, 1, 8, 8), Axis.Of(3, 1, 8, 8))))]);

    public static TheoryData<string> Names => Family.Names;

    public static TheoryData<string, Isa> NamesAndTiers => Family.NamesAndTiers;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_computes_what_PyTorch_computes(string name) => Family.CheckOracle(name);

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Family.CheckTier(name, isa);

    private static OperatorCase Of(string name, Extents input, WindowLayer convolution) =>
        new(name, input, new Tanh(), convolution, new Tanh());

    private static IEnumerable<OperatorCase> InBothLayouts(params OperatorCase[] cases) => cases.SelectMany(c => new[]
    {
        c with { TrainsIn = TrainingLayout.Blocked },
        c with { Name = c.Name + ", samples in lanes", TrainsIn = TrainingLayout.SampleLanes },
    });
}
