using System.Threading.Tasks;
using Strata.Compiler.Graph;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class NormalizationRuleTests
{
    private static Task ReportsAsync(string stack, params string[] messages) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", messages);

    [Theory]
    [InlineData("6, 4, 4", "GroupNorm({|STRATA020:0|})", "GroupNorm 'gn1': groups cannot be 0. Use at least 1.")]
    [InlineData("6, 4, 4", "GroupNorm({|STRATA031:4|})",
        "GroupNorm 'gn1': 4 groups do not divide 6 input channels: 6 = 1·4 + 2; input is 6×4×4")]
    [InlineData("6, 4, 4", "GroupNorm(3, {|STRATA020:Epsilon = -0.5|})",
        "GroupNorm 'gn1': Epsilon cannot be −0.5. Use a finite number, at least 0.")]
    [InlineData("6, 4, 4", "BatchNorm({|STRATA020:Momentum = 7|})", "BatchNorm 'bn1': Momentum cannot be 7. Use a number from 0 to 1.")]
    [InlineData("6, 4, 4", "BatchNorm({|STRATA020:Momentum = double.NaN|})",
        "BatchNorm 'bn1': Momentum cannot be NaN. Use a number from 0 to 1.")]
    [InlineData("6, 4, 4", "InstanceNorm({|STRATA020:Epsilon = -1|})",
        "InstanceNorm 'in1': Epsilon cannot be −1. Use a finite number, at least 0.")]
    [InlineData(
        "6, 1, 1", "{|STRATA033:InstanceNorm|}",
        "InstanceNorm 'in1' needs channels of more than one value; input is 6×1×1. One value less its mean is "
        + "always 0. Use [LayerNorm] or [GroupNorm].")]
    [InlineData(
        "6", "{|STRATA033:InstanceNorm|}",
        "InstanceNorm 'in1' needs channels of more than one value; input is 6. One value less its mean is "
        + "always 0. Use [LayerNorm] or [GroupNorm].")]
    [InlineData("6", "LayerNorm({|STRATA020:Epsilon = double.NaN|})",
        "LayerNorm 'ln1': Epsilon cannot be NaN. Use a finite number, at least 0.")]
    [InlineData("6, 4", "LocalResponseNorm({|STRATA020:0|})", "LocalResponseNorm 'lrn1': size cannot be 0. Use at least 1.")]
    [InlineData("6, 4", "LocalResponseNorm(5, {|STRATA020:Alpha = -1|})",
        "LocalResponseNorm 'lrn1': Alpha cannot be −1. Use a finite number, at least 0.")]
    [InlineData("6, 4", "LocalResponseNorm(5, {|STRATA020:Beta = -1|})",
        "LocalResponseNorm 'lrn1': Beta cannot be −1. Use a finite number, at least 0.")]
    [InlineData("6, 4", "LocalResponseNorm(5, {|STRATA020:K = -1|})",
        "LocalResponseNorm 'lrn1': K cannot be −1. Use a finite number, at least 0.")]
    [InlineData("6, 4", "PReLU({|STRATA020:Slope = double.NaN|})", "PReLU 'prelu1': Slope cannot be NaN. Use a finite 32-bit number.")]
    [InlineData("6, 4", "SpatialDropout({|STRATA020:1|})", "SpatialDropout 'dropout1': rate cannot be 1. Use at least 0 and less than 1.")]
    [InlineData("6, 4", "StochasticDepth({|STRATA020:1|})", "StochasticDepth 'drop1': rate cannot be 1. Use at least 0 and less than 1.")]
    [InlineData(
        "6", "{|STRATA033:SpatialDropout|}",
        "SpatialDropout 'dropout1' needs channels with pixels; input is 6. Use [Dropout], or place it before the tensor becomes flat.")]
    [InlineData("6, 4, 4", "L2Pool2D({|STRATA020:0|})", "L2Pool2D 'pool1': kernel cannot be 0. Use at least 1.")]
    [InlineData("6, 4, 4", "LogSumExpPool2D(2, {|STRATA020:Sharpness = 0|})",
        "LogSumExpPool2D 'pool1': Sharpness cannot be 0. Use a finite number, more than 0.")]
    [InlineData(
        "6, 4, 4", "L2Pool2D({|STRATA030:5|})",
        "L2Pool2D 'pool1': height ⌊(4 + 2·0 − 5)/5⌋ + 1 = 0 is less than 1; input is 6×4×4. Reduce the kernel.")]
    [InlineData("6", "Scale({|STRATA020:Initial = double.NaN|})", "Scale 'scale1': Initial cannot be NaN. Use a finite 32-bit number.")]
    [InlineData("6", "Scale({|STRATA020:Key = \"a.b\"|})", "Scale 'scale1': Key cannot be \"a.b\". Use letters, digits and underscores.")]
    [InlineData("6", "Scale({|STRATA020:Key = \"\"|})",
        "Scale 'scale1': Key cannot be \"\". Use a name, or Bias = false: two parameters need two keys.")]
    [InlineData("6", "Scale({|STRATA020:Key = \"bias\"|})",
        "Scale 'scale1': Key cannot be \"bias\". Use another name, or Bias = false: the bias has it.")]
    [InlineData("6", "Pow({|STRATA020:0|})", "Pow 'pow1': exponent cannot be 0. Use another number: x⁰ is always 1.")]
    [InlineData("6", "Affine(1, {|STRATA020:double.PositiveInfinity|})",
        "Affine 'affine1': b cannot be Infinity. Use a finite 32-bit number.")]
    [InlineData("6", "{|STRATA020:Clip|}", "Clip 'clip1': Min cannot be −∞ without a Max. Use Min = 0, for example, or Max.")]
    [InlineData("6", "Clip(Min = 2, {|STRATA020:Max = 1|})", "Clip 'clip1': Max cannot be 1. Use more than Min, 2.")]
    [InlineData("6", "Clip({|STRATA020:Min = double.NaN|})", "Clip 'clip1': Min cannot be NaN. Use a finite 32-bit number.")]
    [InlineData("6", "HardSigmoid({|STRATA020:double.NaN|}, 1)",
        "HardSigmoid 'hardsigmoid1': alpha cannot be NaN. Use a finite 32-bit number.")]
    [InlineData("6", "Hardtanh({|STRATA020:Max = -1|})", "Hardtanh 'hardtanh1': Max cannot be −1. Use more than Min, −1.")]
    [InlineData("6", "Hardtanh({|STRATA020:Min = 2|})", "Hardtanh 'hardtanh1': Max cannot be 1. Use more than Min, 2.")]
    public Task What_does_not_suit_is_reported(string input, string layer, string message) =>
        ReportsAsync($"[Input({input}), {layer}]", message);

    [Theory]
    [InlineData("6, 4, 4", "GroupNorm(3)", "6 6")]
    [InlineData("6, 4, 4", "GroupNorm(3, Affine = false)", "")]
    [InlineData("6, 4, 4", "InstanceNorm", "")]
    [InlineData("6, 4", "InstanceNorm(Affine = true)", "6 6")]
    [InlineData("6, 4, 5", "LayerNorm", "6x4x5 6x4x5")]
    [InlineData("6, 4, 5", "LayerNorm(OverChannels = true)", "6 6")]
    [InlineData("6", "LayerNorm(OverChannels = true)", "6 6")]
    [InlineData("6, 4, 5", "PReLU", "1")]
    [InlineData("6, 4, 5", "PReLU(PerChannel = true)", "6")]
    [InlineData("6, 4, 5", "Scale", "6 6")]
    [InlineData("6, 4, 5", "Scale(Bias = false, PerElement = true)", "6x4x5")]
    [InlineData("6, 4, 5", "Scale(Bias = false, Key = \"\")", "6x1x1")]
    [InlineData("6, 4, 5", "LocalResponseNorm(5)", "")]
    public void Parameters_have_the_shapes_of_PyTorch(string input, string layer, string shapes)
    {
        NetworkGraph graph = Graphs.Of($"[Input({input}), {layer}]");
        Node node = graph.Output;
        Assert.Equal(graph.Input.Shape, node.Shape);
        Assert.Equal(shapes, string.Join(' ', System.Linq.Enumerable.Select(
            node.Operation.Parameters(graph.Input.Shape), parameter => string.Join('x', parameter.Extents))));
    }
}
