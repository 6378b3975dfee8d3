using System.Threading.Tasks;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class ConvTransposeRuleTests
{
    [Theory]
    [InlineData("[Input(4, 8, 8), ConvTranspose2D({|STRATA020:0|}, 3)]", "ConvTranspose2D 'conv1': filters cannot be 0. Use at least 1.")]
    [InlineData(
        "[Input(4, 8, 8), ConvTranspose2D(6, 3, Stride = 2, {|STRATA020:OutputPadding = 2|})]",
        "ConvTranspose2D 'conv1': OutputPadding cannot be 2. Use less than the stride 2 or the dilation 1.")]
    [InlineData(
        "[Input(4, 8, 8), ConvTranspose2D(6, 3, {|STRATA031:Groups = 4|})]",
        "ConvTranspose2D 'conv1': 4 groups do not divide 6 filters: 6 = 1·4 + 2; input is 4×8×8")]
    [InlineData(
        "[Input(4, 2, 2), ConvTranspose2D(6, {|STRATA030:3|}, Padding = 2)]",
        "ConvTranspose2D 'conv1': height (2 − 1)·1 − 2·2 + (3 − 1) + 0 + 1 = 0 is less than 1; input is 4×2×2. Reduce the padding.")]
    [InlineData(
        "[Input(4, 8, 8), ConvTranspose2D(6, 3, {|STRATA022:AutoPad = AutoPad.Full|})]",
        "ConvTranspose2D 'conv1': AutoPad.Full would pad what has to be cut off. Use AutoPad.Same or AutoPad.Valid.")]
    [InlineData(
        "[Input(4, 8, 8), ConvTranspose2D(6, 3, AutoPad = AutoPad.Same, {|STRATA021:Padding = 1|})]",
        "ConvTranspose2D 'conv1': AutoPad and Padding exclude each other. Remove one of them.")]
    [InlineData(
        "[Input(4, 8), ConvTranspose1D(6, {|STRATA036:3|}, Stride = int.MaxValue)]",
        "ConvTranspose1D 'conv1': its length, (8 − 1)·2147483647 − 2·0 + (3 − 1) + 0 + 1 = 15032385532, is "
        + "more than the largest extent, 268435456")]
    [InlineData(
        "[Input(4, 8, 8), Conv2D(6, 3, {|STRATA020:Padding = 8|}, PaddingMode = PaddingMode.Reflect)]",
        "Conv2D 'conv1': Padding cannot be 8. Use less than the height 8 with PaddingMode.Reflect.")]
    [InlineData(
        "[Input(4, 8, 2), Conv2D(6, 5, {|STRATA020:AutoPad = AutoPad.Full|}, PaddingMode = PaddingMode.Circular)]",
        "Conv2D 'conv1': its padding cannot be 4. Use at most the width 2 with PaddingMode.Circular.")]
    [InlineData(
        "[Input(4, 8, 8), AveragePool2D(2, Name = \"down\"), MaxUnpool2D({|STRATA022:\"down\"|})]",
        "MaxUnpool2D 'unpool1': 'down' is no max pooling. Name the one whose windows it is to fill.")]
    [InlineData(
        "[Input(4, 8, 8), MaxPool2D(2, Name = \"down\"), Conv2D(3, 1), MaxUnpool2D({|STRATA022:\"down\"|})]",
        "MaxUnpool2D 'unpool1': its input is 3×4×4, but 'down' has 4×4×4. Each element needs a window.")]
    public Task Arguments_that_do_not_fit_are_reported(string stack, string message) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", message);
}
