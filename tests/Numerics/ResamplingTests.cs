using System;
using System.Linq;
using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Upsampling, adaptive pooling, shuffles, reshaping and fixed filters, with their options and in all dimensionalities.</summary>
public class ResamplingTests
{
    private static readonly Extents Sequence = Extents.Sequence(5, 7), Image = Extents.Image(18, 4, 6), Volume = Extents.Volume(4, 3, 4, 2);

    private static readonly int[] Edge = [-1, -1, -1, -1, 8, -1, -1, -1, -1], SobelX = [-1, 0, 1, -2, 0, 2, -1, 0, 1];

    private static readonly OperatorFamily Family = new(
        "resampling",
        new("nearest 1d", Sequence, new Upsample(1, 2)),
        new("nearest 1d, 1.5", Sequence, new Upsample(1, 1.5)),
        new("nearest 2d", Image, new Upsample(2, 3)),
        new("nearest 2d, size", Image, new Upsample(2, 0, Sizes: [7, 5])),
        new("linear 1d", Sequence, new Upsample(1, 2, "Linear")),
        new("linear 1d, 0.6, corners", Sequence, new Upsample(1, 0.6, "Linear", true)),
        new("bilinear", Image, new Upsample(2, 2, "Bilinear")),
        new("bilinear, 1.7", Image, new Upsample(2, 1.7, "Bilinear")),
        new("bilinear, corners", Image, new Upsample(2, 2, "Bilinear", true)),
        new("bilinear, size", Image, new Upsample(2, 0, "Bilinear", false, 3, 11)),
        new("bilinear, size, corners", Image, new Upsample(2, 0, "Bilinear", true, 1, 9)),
        new("bilinear, one pixel", Extents.Image(3, 1, 1), new Upsample(2, 0, "Bilinear", false, 3, 4)),
        new("nearest 3d", Volume, new Upsample(3, 2)),
        new("trilinear", Volume, new Upsample(3, 1.5, "Trilinear")),
        new("trilinear, size, corners", Volume, new Upsample(3, 0, "Trilinear", true, 4, 5, 3)),
        new("adaptive average 1d", Sequence, new AdaptiveAveragePool(1, 3)),
        new("adaptive average 2d", Image, new AdaptiveAveragePool(2, 3, 5)),
        new("adaptive average 2d, larger", Image, new AdaptiveAveragePool(2, 5, 5)),
        new("adaptive max 1d", Sequence, new AdaptiveMaxPool(1, 4)),
        new("adaptive max 2d", Image, new AdaptiveMaxPool(2, 3, 4)),
        new("adaptive max 2d, larger", Image, new AdaptiveMaxPool(2, 6, 7)),
        new("adaptive average 3d", Volume, new AdaptiveAveragePool(3, 2, 3, 2)),
        new("adaptive max 3d", Volume, new AdaptiveMaxPool(3, 2, 3, 1)),
        new("global average 3d", Volume, new AdaptiveAveragePool(3)),
        new("global max 3d", Volume, new AdaptiveMaxPool(3)),
        new("global average 1d", Sequence, new AdaptiveAveragePool(1)),
        new("global average 2d", Image, new AdaptiveAveragePool(2)),
        new("global max 1d", Sequence, new AdaptiveMaxPool(1)),
        new("global max 2d", Image, new AdaptiveMaxPool(2)),
        new("pixel shuffle", Image, new PixelShuffle(3)),
        new("pixel unshuffle", Image, new PixelUnshuffle(2)),
        new("pixel shuffle, pixels first", Image, new PixelShuffle(3, PixelsFirst: true)),
        new("pixel unshuffle, pixels first", Image, new PixelUnshuffle(2, PixelsFirst: true)),
        new("channel shuffle", Image, new ChannelShuffle(3)),
        new("unflatten", Extents.Vector(60), new Reshape("3, 4, -1", Extents.Image(3, 4, 5))),
        new("reshape", Image, new Reshape("-1, 12", Extents.Sequence(36, 12)), new Reshape("16, 9, 3", Extents.Image(16, 9, 3))),
        new("reshape to a volume", Sequence, new Reshape("5, 7, 1, -1", Extents.Volume(5, 7, 1, 1))),
        new("reshape to features", Image, new Reshape("-1", Extents.Vector(432))),
        new("edge", Image, new Filter2D("Edge", 1, 0, Edge)),
        new("Sobel x", Image, new Filter2D("SobelX", 1, 1, SobelX)),
        new("Sobel y", Image, new Filter2D("SobelY", 1, 0, -1, -2, -1, 0, 0, 0, 1, 2, 1)),
        new("box blur", Image, new Filter2D("BoxBlur", 9, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)),
        new("Gaussian blur", Image, new Filter2D("GaussianBlur", 16, 1, 1, 2, 1, 2, 4, 2, 1, 2, 1)),
        new("sharpen", Image, new Filter2D("Sharpen", 1, 2, 0, -1, 0, -1, 5, -1, 0, -1, 0)),
        new("emboss", Image, new Filter2D("Emboss", 1, 1, -2, -1, 0, -1, 1, 1, 0, 1, 2)));

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
    public void The_notes_Sobel_filter_gives_2(Isa isa)
    {
        var oracle = new OracleNetwork(Extents.Image(1, 3, 3), [new Filter2D("SobelX", 1, 0, SobelX)]);
        using CompiledNetwork network = NetworkCompiler.Compile(oracle).Create(isa);
        float[] image = [3, 2, 1, 1, 2, 3, 1, 1, 1], outputs = new float[19];
        network.Forward(image, outputs.AsSpan(0, 1));
        Assert.Equal(2, outputs[0]);
        network.Forward([.. Enumerable.Repeat(image, 19).SelectMany(x => x)], outputs);
        Assert.All(outputs, y => Assert.Equal(2, y));
    }
}
