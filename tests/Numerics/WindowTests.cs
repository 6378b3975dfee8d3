using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Convolutions and poolings of sequences, images and volumes, with their options.</summary>
public class WindowTests
{
    private static readonly Extents Sequence = Extents.Sequence(6, 23), Image = Extents.Image(6, 9, 11),
        Volume = Extents.Volume(4, 5, 6, 7);

    private static readonly OperatorFamily Family = new(
        "windows",
        new("Conv1D", Sequence, new Conv1D(5, 3)),
        new("Conv1D, stride and padding", Sequence, new Conv1D(8, new Axis(4, 3, 2, 2))),
        new("Conv1D, one side", Sequence, new Conv1D(5, new Axis(3, 1, 2, 0))),
        new("Conv1D, same", Sequence, new Conv1D(5, new Axis(4), Auto.Same)),
        new("Conv1D, full", Sequence, new Conv1D(5, new Axis(3, Dilation: 2), Auto.Full)),
        new("Conv1D, dilation", Sequence, new Conv1D(7, new Axis(3, 1, 2, 2, Dilation: 3))),
        new("Conv1D, groups without bias", Sequence, new Conv1D(9, new Axis(3, 2, 1, 1), Groups: 3, Bias: false)),
        new("Conv1D, depthwise", Extents.Sequence(17, 40), new Conv1D(17, new Axis(5, 1, 2, 2), Groups: 17)),
        new("Conv1D, pointwise", Sequence, new Conv1D(16, 1)),
        new("Conv1D, many channels", Extents.Sequence(40, 12), new Conv1D(36, new Axis(3, 1, 1, 1))),
        new("Conv1D, pooled", Extents.Sequence(3, 40), new Conv1D(6, new Axis(3, 1, 1, 1)), new MaxPool1D(2)),
        new("Conv1D, stacked", Extents.Sequence(3, 40), new Conv1D(6, new Axis(3, 2, 1, 1)), new Tanh(),
            new Conv1D(4, new Axis(5, 1, 2, 2))),
        new("Conv2D", Image, new Conv2D(5, 3)),
        new("Conv2D, rectangular", Image, new Conv2D(5, new Axis(2, 2, 1, 1), new Axis(4, 1, 0, 3))),
        new("Conv2D, dilation and groups", Image, new Conv2D(4, new Axis(3, 1, 2, 2, 2), new Axis(2, 1, 0, 0, 3), Groups: 2)),
        new("Conv2D, stride and padding", Image, new Conv2D(8, Axis.Of(4, 3, 2), Axis.Of(4, 3, 2))),
        new("Conv2D, one side", Image, new Conv2D(5, new Axis(3, 1, 2, 0), new Axis(3, 1, 0, 1))),
        new("Conv2D, same", Image, new Conv2D(5, new Axis(4), new Axis(3), Auto.Same)),
        new("Conv2D, full", Image, new Conv2D(3, new Axis(3), new Axis(2), Auto.Full)),
        new("Conv2D, groups without bias", Image, new Conv2D(9, Axis.Of(3, 2, 1), Axis.Of(3, 2, 1), Groups: 3, Bias: false)),
        new("Conv2D, pointwise", Image, new Conv2D(16, 1)),
        new("Conv3D", Volume, new Conv3D(5, 3)),
        new("Conv3D, padding", Volume, new Conv3D(5, 3, padding: 1)),
        new("Conv3D, stride and padding", Volume, new Conv3D(6, 3, stride: 2, padding: 1)),
        new("Conv3D, rectangular", Volume, new Conv3D(3, new Axis(1), new Axis(2, 2, 1, 1), new Axis(4, 1, 2, 2))),
        new("Conv3D, one side", Volume, new Conv3D(3, new Axis(2, 1, 1, 0), new Axis(3, 1, 0, 2), new Axis(2, 1, 0, 1))),
        new("Conv3D, same", Volume, new Conv3D(3, new Axis(2), new Axis(4), new Axis(3), Auto.Same)),
        new("Conv3D, full", Volume, new Conv3D(2, new Axis(2), new Axis(3), new Axis(2), Auto.Full)),
        new("Conv3D, dilation", Extents.Volume(2, 7, 8, 9), new Conv3D(4, 2, padding: 1, dilation: 3)),
        new("Conv3D, gaps", Volume, new Conv3D(3, new Axis(2, 3), new Axis(1, 2), new Axis(2, 3))),
        new("Conv3D, groups without bias", Volume,
            new Conv3D(6, Axis.Of(3, 1, 1), Axis.Of(3, 1, 1), Axis.Of(3, 1, 1), Groups: 2, Bias: false)),
        new("Conv3D, depthwise", Extents.Volume(17, 3, 4, 5),
            new Conv3D(17, Axis.Of(3, 1, 1), Axis.Of(3, 1, 1), Axis.Of(3, 1, 1), Groups: 17)),
        new("Conv3D, pointwise", Volume, new Conv3D(16, 1)),
        new("Conv3D, many channels", Extents.Volume(33, 2, 4, 5), new Conv3D(34, 3, padding: 1)),
        new("Conv3D, wide", Extents.Volume(2, 3, 4, 37), new Conv3D(3, 3, padding: 1)),
        new("Conv3D, pooled by planes", Volume, new Conv3D(6, 3, padding: 1), new MaxPool3D(new Axis(1), new Axis(2, 2), new Axis(2, 2))),
        new("Conv3D, stacked", Volume, new Conv3D(6, 3, padding: 1), new Tanh(), new Conv3D(4, 3, stride: 2, padding: 1),
            new Sigmoid(), new Conv3D(3, 2)),
        new("MaxPool1D", Sequence, new MaxPool1D(2)),
        new("MaxPool1D, overlapping with padding", Sequence, new MaxPool1D(3, stride: 2, padding: 1)),
        new("MaxPool1D, ceil", Sequence, new MaxPool1D(new Axis(4, 4, 2, 2), Ceil: true)),
        new("MaxPool1D, long", Extents.Sequence(18, 64), new MaxPool1D(20, stride: 9)),
        new("MaxPool2D", Image, new MaxPool2D(2)),
        new("MaxPool2D, overlapping with padding", Image, new MaxPool2D(3, stride: 2, padding: 1)),
        new("MaxPool2D, rectangular with ceil", Image, new MaxPool2D(new Axis(2, 3), new Axis(4, 2, 2, 2), Ceil: true)),
        new("MaxPool3D", Volume, new MaxPool3D(2)),
        new("MaxPool3D, overlapping with padding", Volume, new MaxPool3D(3, stride: 2, padding: 1)),
        new("MaxPool3D, rectangular with ceil", Volume, new MaxPool3D(new Axis(2, 3), new Axis(1, 1), new Axis(4, 2, 2, 2), Ceil: true)),
        new("MaxPool3D, tiles", Extents.Volume(18, 2, 4, 4), new MaxPool3D(2)),
        new("MaxPool3D, one plane", Extents.Volume(3, 1, 6, 6), new MaxPool3D(new Axis(2, 1, 1, 1), new Axis(2, 2), new Axis(2, 2))),
        new("MaxPool1D, dilation", Sequence, new MaxPool1D(new Axis(3, 2, 1, 1, 3))),
        new("MaxPool2D, dilation", Extents.Image(18, 9, 11), new MaxPool2D(new Axis(3, 2, 1, 1, 2), new Axis(2, 1, 1, 1, 3))),
        new("MaxPool2D, dilation of the columns", Image, new MaxPool2D(new Axis(2, 2), new Axis(3, 3, Dilation: 2), Ceil: true)),
        new("MaxPool3D, dilation", Volume, new MaxPool3D(new Axis(2, 1, Dilation: 2), new Axis(3, 2, 1, 1, 2), new Axis(2, 2))),
        new("AveragePool1D", Sequence, new AveragePool1D(2)),
        new("AveragePool1D, padding", Sequence, new AveragePool1D(4, stride: 3, padding: 2)),
        new("AveragePool1D, ceil, inside only", Sequence, new AveragePool1D(new Axis(3, 2, 1, 1), Ceil: true, CountIncludePad: false)),
        new("AveragePool2D", Image, new AveragePool2D(2)),
        new("AveragePool2D, padding", Image, new AveragePool2D(3, stride: 2, padding: 1)),
        new("AveragePool2D, ceil, inside only", Image,
            new AveragePool2D(Axis.Of(3, 2, 1), Axis.Of(2, 2, 1), Ceil: true, CountIncludePad: false)),
        new("AveragePool2D, ceil with padding", Image, new AveragePool2D(Axis.Of(3, 2, 1), Axis.Of(4, 3, 2), Ceil: true)),
        new("AveragePool3D", Volume, new AveragePool3D(2)),
        new("AveragePool3D, padding", Volume, new AveragePool3D(3, stride: 2, padding: 1)),
        new("AveragePool3D, ceil, inside only", Volume,
            new AveragePool3D(Axis.Of(3, 2, 1), Axis.Of(2, 2, 1), Axis.Of(3, 2, 1), Ceil: true, CountIncludePad: false)),
        new("AveragePool3D, ceil with padding", Volume,
            new AveragePool3D(Axis.Of(2, 3, 1), Axis.Of(3, 2, 1), Axis.Of(4, 3, 2), Ceil: true)),
        new("AveragePool3D, two planes", Extents.Volume(3, 2, 6, 6),
            new AveragePool3D(Axis.Of(2, 1, 1), Axis.Of(3, 1, 1), Axis.Of(3, 1, 1))),
        new("AveragePool3D, by planes", Extents.Volume(3, 1, 6, 6), new AveragePool3D(new Axis(1), Axis.Of(3, 1, 1), Axis.Of(3, 1, 1))));

    public static TheoryData<string> Names => Family.Names;

    public static TheoryData<string, Isa> NamesAndTiers => Family.NamesAndTiers;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_computes_what_PyTorch_computes(string name) => Family.CheckOracle(name);

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Family.CheckTier(name, isa);
}
