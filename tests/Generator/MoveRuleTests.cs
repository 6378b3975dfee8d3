using System.Threading.Tasks;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Slices, crops and transpositions that do not fit their input.</summary>
public sealed class MoveRuleTests
{
    [Theory]
    [InlineData("[Input(3, 8, 8), Slice({|STRATA020:3|})]",
        "Slice 'slice1': start cannot be 3. Use −3 to 2, as its input has 3 channels.")]
    [InlineData("[Input(3, 8, 8), Slice({|STRATA020:-4|}, 2)]",
        "Slice 'slice1': start cannot be −4. Use −3 to 2, as its input has 3 channels.")]
    [InlineData("[Input(3, 8, 8), Slice(0, {|STRATA020:4|})]",
        "Slice 'slice1': end cannot be 4. Use −3 to 3, as its input has 3 channels.")]
    [InlineData("[Input(12), Slice(-4, {|STRATA022:7|})]",
        "Slice 'slice1': 7 − 8 = −1 features are left. Input is 12; the end is the feature after the last one, and must be behind the "
        + "start.")]
    [InlineData("[Input(12, 8), Split(0, {|STRATA022:5|})]",
        "Split 'split1': 5 parts do not divide the channels: 12 = 2·5 + 2. Input is 12×8; [Slice(start, end)] takes any part.")]
    [InlineData("[Input(12, 8), Split({|STRATA020:2|}, 2)]",
        "Split 'split1': part cannot be 2. Use 0 to 1, as parts are counted from 0.")]
    [InlineData("[Input(12, 8), Split({|STRATA020:-1|}, 2)]", "Split 'split1': part cannot be −1. Use at least 0.")]
    [InlineData("[Input(12, 8), Split(0, {|STRATA020:0|})]", "Split 'split1': parts cannot be 0. Use at least 1.")]
    [InlineData("[Input(3, 8, 8), Crop2D({|STRATA020:-1|})]", "Crop2D 'crop1': crop cannot be −1. Use at least 0.")]
    [InlineData("[Input(3, 8, 8), Crop2D(1, {|STRATA020:Top = -2|})]", "Crop2D 'crop1': Top cannot be −2. Use at least 0.")]
    [InlineData("[Input(3, 8, 8), Crop2D(1, {|STRATA020:StrideWidth = 0|})]",
        "Crop2D 'crop1': StrideWidth cannot be 0. Use at least 1.")]
    [InlineData("[Input(3, 8, 20), Crop2D({|STRATA030:4|})]",
        "Crop2D 'crop1': height 8 − 4 − 4 = 0 is less than 1; input is 3×8×20. Remove less.")]
    [InlineData("[Input(3, 8), Crop1D({|STRATA030:Right = 9|}, Stride = 2)]",
        "Crop1D 'crop1': length 8 − 0 − 9 = −1 is less than 1; input is 3×8. Remove less.")]
    [InlineData("[Input(3, 8), {|STRATA033:Crop2D(1)|}]",
        "Crop2D 'crop1' needs channels×height×width; input is 3×8. Use [Crop1D].")]
    [InlineData("[Input(3, 8, 9), Transpose({|STRATA020:0|}, 1, 2)]",
        "Transpose 'transpose1': first cannot be 0. Use 1 to 3; axis 0 is the batch, which stays the first.")]
    [InlineData("[Input(3, 8, 9), Transpose(2, 3, {|STRATA020:4|})]", "Transpose 'transpose1': third cannot be 4. Use 1 to 3.")]
    [InlineData("[Input(3, 8, 9), Transpose(2, {|STRATA022:2|}, 1)]",
        "Transpose 'transpose1': axis 2 is there twice. Write each of 1 to 3 once.")]
    [InlineData("[Input(3, 8, 9), {|STRATA022:Transpose(2, 1)|}]",
        "Transpose 'transpose1': it orders 2 axes, but its input has 3. Input is 3×8×9; write the numbers of all of its axes, "
        + "without the batch's 0.")]
    [InlineData("[Input(96, 56, 56), Reshape({|STRATA022:96|}, 8, 7, 8, 8)]",
        "Reshape 'reshape1': 96·8·7·8·8 = 344064 ≠ 96·56·56 = 301056. Input is 96×56×56; the number of elements stays the same.")]
    [InlineData("[Input(96, 56, 56), Reshape(96, 8, 7, 8, {|STRATA020:0|})]",
        "Reshape 'reshape1': fifth cannot be 0. Use at least 1, or −1 for what is left.")]
    [InlineData("[Input(96, 56, 56), Reshape(96, 8, 7, 8, 7), Transpose(2, 4, 1, 3, {|STRATA020:6|})]",
        "Transpose 'transpose1': fifth cannot be 6. Use 1 to 5.")]
    [InlineData("[Input(96, 56, 56), Reshape(96, 8, 7, 8, 7), {|STRATA033:Conv3D(8, 3)|}]",
        "Conv3D 'conv1' needs at most 4 axes; input is 96×8×7×8×7. Put [Reshape] before it: only elementwise layers, joins of "
        + "one shape, [Transpose], [Flatten] and [Dropout] take more.")]
    [InlineData("[Input(4, 6, 6), Reshape(4, 2, 3, 2, 3), Branch, Tanh, Branch, Transpose(1, 3, 2, 5, 4), {|STRATA037:Add|}]",
        "Add 'add1' needs branches of one shape, or of 1 element along an axis: the branch of Tanh 'tanh1' is 4×2×3×2×3, but the branch of "
        + "Transpose 'transpose1' is 4×3×2×3×2: axis 2 2 ≠ 3 (since Transpose 'transpose1'), axis 3 3 ≠ 2 (since Transpose 'transpose1'), "
        + "axis 4 2 ≠ 3 (since Transpose 'transpose1'), axis 5 3 ≠ 2 (since Transpose 'transpose1'). Give both the same extents: of more "
        + "than 4 axes, none is repeated.")]
    [InlineData("[Input(4, 6, 6), Reshape(4, 2, 3, 2, 3), {|STRATA033:MeanSquaredError|}]",
        "MeanSquaredError needs at most 4 axes; input is 4×2×3×2×3. Put [Reshape] before it: only elementwise layers, joins of "
        + "one shape, [Transpose], [Flatten] and [Dropout] take more.")]
    public Task Moves_that_do_not_fit_are_reported(string stack, string message) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", message);
}
