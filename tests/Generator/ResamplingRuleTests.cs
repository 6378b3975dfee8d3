using System.Threading.Tasks;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class ResamplingRuleTests
{
    [Theory]
    [InlineData("[Input(3, 8, 8), Upsample2D({|STRATA020:0|})]",
        "Upsample2D 'upsample1': scale cannot be 0. Use a finite number, more than 0.")]
    [InlineData("[Input(3, 8, 8), Upsample2D({|STRATA020:double.NaN|})]",
        "Upsample2D 'upsample1': scale cannot be NaN. Use a finite number, more than 0.")]
    [InlineData("[Input(3, 8, 8), {|STRATA022:Upsample2D(Height = 4)|}]",
        "Upsample2D 'upsample1': it has neither a scale nor a width. Set Width, or give it a scale.")]
    [InlineData("[Input(3, 8, 8), Upsample2D(Width = 4, {|STRATA020:Height = 0|})]",
        "Upsample2D 'upsample1': Height cannot be 0. Use at least 1.")]
    [InlineData(
        "[Input(3, 8, 8), Upsample2D(2, Height = 4, {|STRATA021:ScaleHeight = 3|})]",
        "Upsample2D 'upsample1': Height and ScaleHeight exclude each other. Remove one of them.")]
    [InlineData(
        "[Input(3, 8, 8), Upsample2D(2, {|STRATA022:AlignCorners = true|})]",
        "Upsample2D 'upsample1': the nearest element has no corners to align. Set Mode = UpsampleMode.Linear, too.")]
    [InlineData(
        "[Input(3, 8, 8), Upsample2D(2, Mode = UpsampleMode.Linear, {|STRATA021:AlignCorners = true|}, Coordinates = "
        + "UpsampleCoordinates.HalfPixel)]",
        "Upsample2D 'upsample1': Coordinates and AlignCorners exclude each other. Remove one of them.")]
    [InlineData(
        "[Input(3, 8, 8), Upsample2D(2, Mode = UpsampleMode.Linear, {|STRATA022:Rounding = UpsampleRounding.Ceil|})]",
        "Upsample2D 'upsample1': places are not rounded where neighbours are interpolated. Remove Rounding, or set Mode = "
        + "UpsampleMode.Nearest.")]
    [InlineData(
        "[Input(3, 8, 8), Upsample2D(2, Mode = UpsampleMode.Linear, {|STRATA022:CubicCoefficient = -0.5|})]",
        "Upsample2D 'upsample1': only cubic interpolation has a coefficient. Set Mode = UpsampleMode.Cubic, too.")]
    [InlineData("[Input(3, 8, 8), Upsample2D(2, {|STRATA020:Coordinates = (UpsampleCoordinates)9|})]",
        "Upsample2D 'upsample1': Coordinates cannot be 9. Use one of the names of its enum.")]
    [InlineData("[Input(3, 8), Upsample1D({|STRATA030:0.1|})]",
        "Upsample1D 'upsample1': length ⌊8·0.1⌋ = 0 is less than 1; input is 3×8. Increase the scale.")]
    [InlineData("[Input(3, 8), Upsample1D({|STRATA036:1e9|})]",
        "Upsample1D 'upsample1': its length, 8·1000000000 = 8000000000, is more than the largest extent, 268435456")]
    [InlineData("[Input(3, 8, 8), AdaptiveMaxPool2D({|STRATA020:0|})]", "AdaptiveMaxPool2D 'pool1': size cannot be 0. Use at least 1.")]
    [InlineData("[Input(3, 8, 8), AdaptiveAveragePool2D(2, {|STRATA020:Height = 0|})]",
        "AdaptiveAveragePool2D 'pool1': Height cannot be 0. Use at least 1.")]
    [InlineData("[Input(12, 8, 8), PixelShuffle({|STRATA022:3|})]",
        "PixelShuffle 'shuffle1': 3² = 9 does not divide the channels: 12 = 1·9 + 3. Input is 12×8×8; choose a "
        + "factor whose square divides its channels.")]
    [InlineData("[Input(12, 8, 9), PixelUnshuffle({|STRATA022:2|})]",
        "PixelUnshuffle 'shuffle1': 2 does not divide the width: 9 = 4·2 + 1. Input is 12×8×9; choose a factor that divides both.")]
    [InlineData("[Input(12, 28, 29), PixelUnshuffle({|STRATA022:3|})]",
        "PixelUnshuffle 'shuffle1': 3 does not divide the height: 28 = 9·3 + 1, nor the width: 29 = 9·3 + 2. Input is "
        + "12×28×29; choose a factor that divides both.")]
    [InlineData("[Input(12, 8, 8), PixelShuffle(2, {|STRATA020:Order = (PixelOrder)2|})]",
        "PixelShuffle 'shuffle1': Order cannot be 2. Use one of the names of its enum.")]
    [InlineData("[Input(784), Reshape({|STRATA022:1|}, 28, 29)]",
        "Reshape 'reshape1': 1·28·29 = 812 ≠ 784. Input is 784; the number of elements stays the same.")]
    [InlineData("[Input(12, 8, 9), ChannelShuffle({|STRATA031:5|})]",
        "ChannelShuffle 'shuffle1': 5 groups do not divide 12 channels: 12 = 2·5 + 2; input is 12×8×9")]
    [InlineData("[Input(12), Reshape({|STRATA022:3|}, 5)]",
        "Reshape 'reshape1': 3·5 = 15 ≠ 12. Input is 12; the number of elements stays the same.")]
    [InlineData("[Input(12, 2), Reshape({|STRATA022:5|}, -1)]",
        "Reshape 'reshape1': 5 does not divide 12·2 = 24. Input is 12×2; the number of elements stays the same.")]
    [InlineData("[Input(12), Reshape(-1, {|STRATA020:-1|})]",
        "Reshape 'reshape1': length cannot be −1. Use at least 1 where another extent is −1.")]
    [InlineData("[Input(12), Reshape({|STRATA020:0|}, 12)]",
        "Reshape 'reshape1': channels cannot be 0. Use at least 1, or −1 for what is left.")]
    [InlineData("[Input(1, 2, 8), {|STRATA030:Filter2D(Filter.Edge)|}]",
        "Filter2D 'filter1': height 2 + 2·0 − 2 = 0 is less than 1; input is 1×2×8. Add padding.")]
    [InlineData("[Input(1, 8, 8), Filter2D({|STRATA020:(Filter)7|})]",
        "Filter2D 'filter1': filter cannot be 7. Use one of the names of its enum.")]
    public Task Arguments_that_do_not_fit_are_reported(string stack, string message) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", message);
}
