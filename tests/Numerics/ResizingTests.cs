using Strata.Numerics.Tests.Oracle;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Resizing in all modes, coordinates and roundings, to a size or by a factor, larger and smaller.</summary>
public class ResizingTests
{
    private static readonly Extents Sequence = Extents.Sequence(5, 7), Image = Extents.Image(18, 4, 6), Volume = Extents.Volume(4, 3, 4, 2);

    private static readonly OperatorFamily Family = new(
        "resizing",
        new("nearest, smaller", Image, new Upsample(2, 0, Sizes: [2, 5])),
        new("nearest, 0.4", Sequence, new Upsample(1, 0.4)),
        new("nearest exact", Image, Nearest("HalfPixel", "RoundPreferCeil", 0, 7, 4)),
        new("nearest exact, 1.5", Sequence, Nearest("HalfPixel", "RoundPreferCeil", 1.5)),
        new("nearest exact of a volume", Volume, Nearest("HalfPixel", "RoundPreferCeil", 0, 2, 6, 3)),
        new("nearest, half pixel, prefer floor", Image, Nearest("HalfPixel", "RoundPreferFloor", 0, 6, 4)),
        new("nearest, half pixel, floor, 1.5", Sequence, Nearest("HalfPixel", "", 1.5)),
        new("nearest, half pixel, ceil", Image, Nearest("HalfPixel", "Ceil", 0, 3, 8)),
        new("nearest, asymmetric, ceil", Image, Nearest("Asymmetric", "Ceil", 2) with { Dimensions = 2 }),
        new("nearest, asymmetric, prefer floor", Image, Nearest("", "RoundPreferFloor", 2) with { Dimensions = 2 }),
        new("nearest, asymmetric, prefer ceil, 0.7", Sequence, Nearest("", "RoundPreferCeil", 0.7)),
        new("nearest, corners, floor", Image, Nearest("AlignCorners", "", 0, 7, 11)),
        new("nearest, corners, prefer ceil", Image, Nearest("AlignCorners", "RoundPreferCeil", 0, 7, 1)),
        new("nearest, PyTorch's half pixel", Image, Nearest("PytorchHalfPixel", "RoundPreferFloor", 0, 1, 9)),
        new("linear, asymmetric", Image, new Upsample(2, 2, "Bilinear") { Coordinates = "Asymmetric" }),
        new("linear, asymmetric, smaller", Sequence, new Upsample(1, 0, "Linear", false, 5) { Coordinates = "Asymmetric" }),
        new("linear, PyTorch's half pixel", Image, new Upsample(2, 0, "Bilinear", false, 1, 9) { Coordinates = "PytorchHalfPixel" }),
        new("linear, smaller", Image, new Upsample(2, 0, "Bilinear", false, 3, 2)),
        new("cubic", Image, new Upsample(2, 2, "Bicubic")),
        new("cubic, corners", Image, new Upsample(2, 0, "Bicubic", true, 9, 7)),
        new("cubic, smaller", Image, new Upsample(2, 0, "Cubic", false, 2, 5)),
        new("cubic, one row", Image, new Upsample(2, 0, "Cubic", false, 1, 8) { Coordinates = "AlignCorners" }),
        new("cubic, one pixel", Extents.Image(3, 1, 1), new Upsample(2, 0, "Cubic", false, 3, 4)),
        new("cubic, asymmetric", Image, new Upsample(2, 1.5, "Cubic") { Coordinates = "Asymmetric" }),
        new("cubic, coefficient", Sequence, new Upsample(1, 1.7, "Cubic") { Coefficient = -0.5 }),
        new("cubic of a volume", Volume, new Upsample(3, 0, "Cubic", false, 4, 3, 3)));

    public static TheoryData<string> Names => Family.Names;

    public static TheoryData<string, Isa> NamesAndTiers => Family.NamesAndTiers;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_oracle_computes_what_PyTorch_and_ONNX_compute(string name) => Family.CheckOracle(name);

    [Theory]
    [MemberData(nameof(NamesAndTiers))]
    public void Every_tier_computes_what_the_oracle_computes(string name, Isa isa) => Family.CheckTier(name, isa);

    /// <summary>Along one axis if there is a scale, along as many as there are sizes otherwise.</summary>
    private static Upsample Nearest(string coordinates, string rounding, double scale, params int[] sizes) =>
        new(sizes.Length > 0 ? sizes.Length : 1, scale, Sizes: sizes) { Coordinates = coordinates, Rounding = rounding };
}
