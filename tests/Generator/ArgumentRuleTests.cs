using System.Threading.Tasks;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class ArgumentRuleTests
{
    private static Task ReportsAsync(string stack, params string[] messages) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", messages);

    [Theory]
    [InlineData("{|STRATA020:0|}, 28, 28", "channels cannot be 0")]
    [InlineData("1, {|STRATA020:-1|}, 28", "height cannot be −1")]
    [InlineData("1, {|STRATA020:width: 0|}, height: 28", "width cannot be 0")]
    [InlineData("{|STRATA020:0|}", "features cannot be 0")]
    [InlineData("3, {|STRATA020:0|}", "length cannot be 0")]
    public Task An_input_of_nothing_is_reported(string arguments, string problem) => ReportsAsync(
        $"[Input({arguments}), ReLU]",
        $"Input: {problem}. Use at least 1.");

    [Theory]
    [InlineData("{|STRATA020:0|}, 5", "filters cannot be 0. Use at least 1.")]
    [InlineData("6, {|STRATA020:-5|}", "kernel cannot be −5. Use at least 1.")]
    [InlineData("{|STRATA020:kernel: 0|}, filters: 6", "kernel cannot be 0. Use at least 1.")]
    [InlineData("6, 5, {|STRATA020:Stride = 0|}", "Stride cannot be 0. Use at least 1.")]
    [InlineData("6, 5, {|STRATA020:StrideWidth = -2|}", "StrideWidth cannot be −2. Use at least 1.")]
    [InlineData("6, 5, {|STRATA020:Padding = -1|}", "Padding cannot be −1. Use at least 0.")]
    [InlineData("6, 5, {|STRATA020:PaddingLeft = -1|}", "PaddingLeft cannot be −1. Use at least 0.")]
    [InlineData("6, 5, {|STRATA020:Dilation = 0|}", "Dilation cannot be 0. Use at least 1.")]
    [InlineData("6, 5, {|STRATA020:KernelHeight = 0|}", "KernelHeight cannot be 0. Use at least 1.")]
    [InlineData("6, 5, {|STRATA020:Groups = 0|}", "Groups cannot be 0. Use at least 1.")]
    [InlineData("6, 5, {|STRATA020:AutoPad = (AutoPad)9|}", "AutoPad cannot be 9. Use one of the names of its enum.")]
    [InlineData("6, 5, {|STRATA020:Initializer = (Initializer)(-1)|}", "Initializer cannot be −1. Use one of the names of its enum.")]
    public Task A_number_of_a_convolution_that_is_out_of_range_is_reported(string arguments, string problem) =>
        ReportsAsync($"[Input(1, 28, 28), Conv2D({arguments})]", $"Conv2D 'conv1': {problem}");

    [Fact]
    public Task Every_argument_is_reported_on_its_own_and_layers_behind_it_too() => ReportsAsync(
        "[Input(1, 28, 28), Conv2D({|STRATA020:0|}, {|STRATA020:0|}), MaxPool2D({|STRATA020:0|}), Dense({|STRATA020:0|})]",
        "Conv2D 'conv1': filters cannot be 0. Use at least 1.",
        "Conv2D 'conv1': kernel cannot be 0. Use at least 1.",
        "MaxPool2D 'pool1': kernel cannot be 0. Use at least 1.",
        "Dense 'dense1': units cannot be 0. Use at least 1.");

    [Theory]
    [InlineData("{|STRATA020:-0.5|}", "−0.5")]
    [InlineData("{|STRATA020:1|}", "1")]
    [InlineData("{|STRATA020:rate: 1.5|}", "1.5")]
    [InlineData("{|STRATA020:double.NaN|}", "NaN")]
    public Task A_rate_of_dropout_that_is_no_probability_is_reported(string rate, string text) => ReportsAsync(
        $"[Input(4), Dropout({rate})]", $"Dropout 'dropout1': rate cannot be {text}. Use at least 0 and less than 1.");

    [Theory]
    [InlineData("LeakyReLU({|STRATA020:double.NaN|})", "LeakyReLU 'leakyrelu1': slope cannot be NaN. Use a finite 32-bit number.")]
    [InlineData("LeakyReLU({|STRATA020:slope: 1e300|})", "LeakyReLU 'leakyrelu1': slope cannot be 1E+300. Use a finite 32-bit number.")]
    [InlineData("ELU({|STRATA020:double.NegativeInfinity|})", "ELU 'elu1': alpha cannot be −Infinity. Use a finite 32-bit number.")]
    [InlineData("Softplus({|STRATA020:Beta = 0|})", "Softplus 'softplus1': Beta cannot be 0. Use a positive 32-bit number.")]
    [InlineData("Softplus({|STRATA020:Beta = -1.5|}, Threshold = 10)",
        "Softplus 'softplus1': Beta cannot be −1.5. Use a positive 32-bit number.")]
    [InlineData("Softplus({|STRATA020:Beta = 1e-60|})", "Softplus 'softplus1': Beta cannot be 1E−60. Use a positive 32-bit number.")]
    [InlineData("Softplus({|STRATA020:Beta = double.PositiveInfinity|})",
        "Softplus 'softplus1': Beta cannot be Infinity. Use a finite 32-bit number.")]
    [InlineData("Softplus({|STRATA020:Threshold = double.NaN|})",
        "Softplus 'softplus1': Threshold cannot be NaN. Use a finite 32-bit number.")]
    public Task An_argument_of_an_activation_that_no_vector_can_hold_is_reported(string layer, string message) =>
        ReportsAsync($"[Input(4), {layer}]", message);

    [Fact]
    public Task Negative_slopes_and_integers_are_fine() => ReportsAsync(
        "[Input(4), LeakyReLU(-1), Flatten, LeakyReLU(0), Flatten, LeakyReLU(1.5), Flatten, ELU(-2), Flatten, ELU(0), Flatten, "
        + "Softplus(Beta = 2, Threshold = -3), Flatten, GELU(Approximate = true)]");

    [Fact]
    public Task Constants_are_evaluated() => ReportsAsync(
        "[Input(Size, Size * 2, Size + 1), Conv2D(6, Size), Dropout(1.0 / 3), Dropout]\npartial class Net { const int Size = 3; }\n");

    [Theory]
    [InlineData("{|STRATA021:Padding = 1|}, AutoPad = AutoPad.Same", "Padding")]
    [InlineData("AutoPad = AutoPad.Valid, {|STRATA021:PaddingTop = 0|}", "PaddingTop")]
    public Task AutoPad_with_numbers_is_reported(string arguments, string argument) => ReportsAsync(
        $"[Input(1, 28, 28), Conv2D(6, 5, {arguments})]",
        $"Conv2D 'conv1': AutoPad and {argument} exclude each other. Remove one of them.");

    [Fact]
    public Task Full_padding_of_a_pooling_is_reported() => ReportsAsync(
        "[Input(1, 28, 28), MaxPool2D(2, {|STRATA022:AutoPad = AutoPad.Full|})]",
        "MaxPool2D 'pool1': AutoPad.Full would pad with whole windows, which have no maximum and no "
        + "mean. Use AutoPad.Same or AutoPad.Valid.");
}
