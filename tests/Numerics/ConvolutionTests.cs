using System.Collections.Generic;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// Transposed, depthwise, grouped and 3-D convolutions, convolutions that pad with copies, dense layers over channels, and the inverse of
/// max pooling.
/// </summary>
public class ConvolutionTests
{
    private static readonly Extents Sequence = Extents.Sequence(6, 9), Image = Extents.Image(6, 4, 5), Volume = Extents.Volume(4, 3, 2, 4);

    private static readonly OperatorFamily Family = new(
        "convolutions",
        [.. InBothLayouts(
            new("groups in a vector", Extents.Image(24, 9, 11), new Conv2D(24, Axis.Of(3, 1, 1), Axis.Of(3, 1, 1), Groups: 6), new Tanh(),
                new Conv2D(24, Axis.Of(3, 2, 1), Axis.Of(2, 1, 0, 2), Groups: 12, Bias: false)),
            new("groups of 8, pooled", Extents.Image(16, 8, 10), new Conv2D(16, Axis.Of(3, 1, 1), Axis.Of(5, 1, 2), Groups: 2),
                new Tanh(), new MaxPool2D(2)),
            new("groups of vectors", Extents.Image(32, 6, 7), new Conv2D(64, Axis.Of(3, 1, 1), Axis.Of(3, 1, 1), Groups: 2), new Tanh(),
                new Conv2D(32, Axis.Of(3, 2, 1), Axis.Of(3, 2, 1), Groups: 2)),
            new("groups of 3 and 5", Extents.Image(15, 5, 6), new Conv2D(25, Axis.Of(3, 1, 1), Axis.Of(3, 1, 1), Groups: 5),
                new Tanh(), new Conv2D(15, 2)),
            new("groups 1d", Extents.Sequence(32, 19), new Conv1D(32, Axis.Of(5, 2, 2), Groups: 8), new Tanh(),
                new Conv1D(16, new Axis(3), Groups: 2)),
            new("transposed 2d, groups in a vector", Extents.Image(32, 4, 5),
                new ConvTranspose(32, [Axis.Of(3, 2, 1), Axis.Of(3, 1, 1)], Groups: 8)),
            new("3d", Extents.Volume(3, 4, 6, 5), new Conv3D(20, 3, padding: 1), new Tanh(),
                new AveragePool3D(new Axis(2, 1), new Axis(2, 1), new Axis(2, 1)), new Conv3D(18, 3, stride: 2, padding: 1)),
            new("3d, axes apart", Extents.Volume(16, 6, 5, 7),
                new Conv3D(17, Axis.Of(3, 3, 1), Axis.Of(2, 1, 1, 2), new Axis(1, 2), Bias: false), new Tanh(),
                new AveragePool3D(Axis.Of(2, 1, 1), new Axis(1, 1), new Axis(2, 1))),
            new("3d, groups", Extents.Volume(32, 3, 4, 5), new Conv3D(32, Axis.Of(3, 1, 1), Axis.Of(3, 1, 1), Axis.Of(3, 1, 1), Groups: 8),
                new Tanh(), new Conv3D(32, new Axis(2), Axis.Of(3, 2, 1), new Axis(3), Groups: 2)),
            new("dense over channels 1d", Sequence, new Dense(17, OverChannels: true), new Tanh(),
                new Dense(5, Bias: false, OverChannels: true)),
            new("dense over channels 2d", Extents.Image(20, 7, 9), new Dense(33, OverChannels: true), new GELU(),
                new Dense(16, OverChannels: true)),
            new("dense over channels 3d", Volume, new Dense(18, Bias: false, OverChannels: true), new Tanh(),
                new Dense(3, OverChannels: true))),
        new("transposed 1d", Sequence, new ConvTranspose(5, [new Axis(3)])),
        new("transposed 1d, stride", Sequence, new ConvTranspose(17, [Axis.Of(4, 3, 2)], [2])),
        new("transposed 1d, groups", Sequence, new ConvTranspose(9, [Axis.Of(3, 2, 1)], Groups: 3, Bias: false)),
        new("transposed 2d", Image, new ConvTranspose(5, [new Axis(3), new Axis(3)])),
        new("transposed 2d, stride", Image, new ConvTranspose(16, [Axis.Of(2, 2, 0), Axis.Of(2, 2, 0)])),
        new("transposed 2d, output padding", Image, new ConvTranspose(5, [Axis.Of(3, 2, 1), Axis.Of(3, 2, 1)], [1, 1])),
        new("transposed 2d, rectangular", Image, new ConvTranspose(5, [Axis.Of(4, 3, 1), Axis.Of(2, 1, 0)], [2, 0])),
        new("transposed 2d, dilation", Image, new ConvTranspose(5, [Axis.Of(3, 2, 3, 2), Axis.Of(3, 1, 1, 2)], [1, 1])),
        new("transposed 2d, cut", Image, new ConvTranspose(5, [Axis.Of(3, 2, 3), Axis.Of(2, 3, 4)])),
        new("transposed 2d, sides", Image, new ConvTranspose(5, [new Axis(4, 2, 1, 3), new Axis(5, 2, 0, 2)])),
        new("transposed 2d, same", Image, new ConvTranspose(5, [new Axis(3, 2), new Axis(3, 2)], Auto: Auto.Same)),
        new("transposed 2d, same, gaps", Image, new ConvTranspose(5, [new Axis(2, 3), new Axis(2, 3)], Auto: Auto.Same)),
        new("transposed 2d, groups", Image, new ConvTranspose(4, [Axis.Of(3, 2, 1), Axis.Of(3, 2, 1)], [1, 0], Groups: 2)),
        new("transposed 2d, groups of blocks", Extents.Image(4, 3, 4),
            new ConvTranspose(32, [Axis.Of(3, 2, 1), Axis.Of(3, 2, 1)], Groups: 2)),
        new("transposed 2d, depthwise", Extents.Image(20, 3, 4), new ConvTranspose(20, [Axis.Of(3, 2, 1), Axis.Of(3, 2, 1)], Groups: 20)),
        new("transposed 2d, many channels", Extents.Image(33, 3, 4), new ConvTranspose(40, [Axis.Of(4, 2, 1), Axis.Of(4, 2, 1)])),
        new("transposed 2d, stacked", Image, new ConvTranspose(20, [Axis.Of(2, 2, 0), Axis.Of(2, 2, 0)]), new Tanh(),
            new Conv2D(5, 3, padding: 1), new Sigmoid(), new ConvTranspose(3, [Axis.Of(3, 2, 1), Axis.Of(3, 2, 1)])),
        new("transposed 3d", Volume, new ConvTranspose(5, [new Axis(3), new Axis(3), new Axis(3)])),
        new("transposed 3d, stride", Volume, new ConvTranspose(5, [Axis.Of(2, 2, 0), Axis.Of(3, 2, 1), Axis.Of(3, 3, 1)], [1, 0, 2])),
        new("transposed 3d, groups", Volume,
            new ConvTranspose(6, [Axis.Of(3, 2, 1), Axis.Of(3, 2, 1), Axis.Of(3, 2, 1)], Groups: 2, Bias: false)),
        new("reflect 1d", Sequence,
            new PaddedConvolution(new Conv1D(5, Axis.Of(3, 2, 2)), new Pad(1, "Reflect", 2, 2), new Conv1D(5, Axis.Of(3, 2, 0)))),
        new("reflect 2d", Image, new PaddedConvolution(new Conv2D(5, 3, padding: 1), new Pad(2, "Reflect", 1, 1, 1, 1), new Conv2D(5, 3))),
        new("replicate 2d", Image,
            new PaddedConvolution(new Conv2D(16, 3, padding: 2), new Pad(2, "Replicate", 2, 2, 2, 2), new Conv2D(16, 3))),
        new("circular 2d", Image, new PaddedConvolution(new Conv2D(4, Axis.Of(3, 1, 4), Axis.Of(2, 2, 1), Groups: 2, Bias: false),
            new Pad(2, "Circular", 4, 4, 1, 1), new Conv2D(4, new Axis(3), new Axis(2, 2), Groups: 2, Bias: false))),
        new("reflect 2d, same", Image,
            new PaddedConvolution(new Conv2D(5, new Axis(4), new Axis(2), Auto.Same), new Pad(2, "Reflect", 1, 2, 0, 1),
                new Conv2D(5, new Axis(4), new Axis(2)))),
        new("replicate 3d", Volume,
            new PaddedConvolution(new Conv3D(5, 3, padding: 1), new Pad(3, "Replicate", 1, 1, 1, 1, 1, 1), new Conv3D(5, 3))),
        new("circular 3d", Volume,
            new PaddedConvolution(new Conv3D(5, 3, padding: 1), new Pad(3, "Circular", 1, 1, 1, 1, 1, 1), new Conv3D(5, 3))),
        new("depthwise", Extents.Image(20, 9, 11), new Conv2D(20, Axis.Of(3, 1, 1), Axis.Of(3, 1, 1), Groups: 20)),
        new("depthwise, stride", Extents.Image(32, 9, 11), new Conv2D(32, Axis.Of(3, 2, 1), Axis.Of(3, 2, 1), Groups: 32, Bias: false)),
        new("depthwise, large", Extents.Image(17, 9, 8), new Conv2D(17, Axis.Of(7, 1, 3), Axis.Of(5, 1, 2), Groups: 17)),
        new("depthwise, separable", Extents.Image(3, 8, 9), new Conv2D(24, 3, padding: 1), new Tanh(),
            new Conv2D(24, Axis.Of(3, 1, 2, 2), Axis.Of(3, 1, 1), Groups: 24), new Tanh(), new Conv2D(5, 1)),
        new("depthwise, pooled", Extents.Image(18, 8, 8), new Conv2D(18, Axis.Of(3, 1, 1), Axis.Of(3, 1, 1), Groups: 18),
            new Tanh(), new MaxPool2D(2)),
        new("unpool 1d", Sequence, MaxUnpool.Around(new MaxPool1D(3), new Conv1D(6, 3, padding: 1))),
        new("unpool 2d", Extents.Image(18, 4, 6), MaxUnpool.Around(new MaxPool2D(2), new Conv2D(18, 1))),
        new("unpool 2d, padding and gaps", Image,
            MaxUnpool.Around(new MaxPool2D(new Axis(2, 2, 1, 1), new Axis(2, 3)), new Conv2D(6, 3, padding: 1))),
        new("unpool 3d", Extents.Volume(4, 2, 4, 4), MaxUnpool.Around(new MaxPool3D(2), new Conv3D(4, 1)))]);

    private static IEnumerable<OperatorCase> InBothLayouts(params OperatorCase[] cases) => cases.SelectMany(c => new[]
    {
        c with { TrainsIn = TrainingLayout.Blocked },
        c with { Name = c.Name + ", samples in lanes", TrainsIn = TrainingLayout.SampleLanes },
    });

    public static TheoryData<string> Names => Family.Names;

    public static TheoryData<string, Isa> NamesAndTiers => Family.NamesAndTiers;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_computes_what_PyTorch_computes(string name) => Family.CheckOracle(name);

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Family.CheckTier(name, isa);
}
