using System.Threading.Tasks;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class ShapeRuleTests
{
    private static Task ReportsAsync(string stack, params string[] messages) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", messages);

    [Fact]
    public Task A_kernel_larger_than_the_input_is_reported() => ReportsAsync(
        "[Input(16, 3, 3), Conv2D(16, 1), Conv2D(16, 1), Conv2D(8, {|STRATA030:5|})]",
        "Conv2D 'conv3': height (3 + 2·0 − 5)/1 + 1 = −1 is less than 1; input is 16×3×3. Reduce the kernel or add padding.");

    [Fact]
    public Task The_floor_rule_holds_for_negative_numbers() => ReportsAsync(
        "[Input(1, 2, 9), Conv2D(8, {|STRATA030:3|}, Stride = 2)]",
        "Conv2D 'conv1': height ⌊(2 + 2·0 − 3)/2⌋ + 1 = 0 is less than 1; input is 1×2×9. Reduce the kernel or add padding.");

    [Fact]
    public Task Both_axes_are_reported_where_they_fail_apart() => ReportsAsync(
        "[Input(1, 4, 4), Conv2D(8, 3, {|STRATA030:KernelHeight = 7|}, {|STRATA030:KernelWidth = 9|}, PaddingTop = 1)]",
        "Conv2D 'conv1': height (4 + 1 + 0 − 7)/1 + 1 = −1 is less than 1; input is 1×4×4. Reduce the kernel or add padding.",
        "Conv2D 'conv1': width (4 + 2·0 − 9)/1 + 1 = −4 is less than 1; input is 1×4×4. Reduce the kernel or add padding.");

    [Fact]
    public Task A_dilated_kernel_spans_more() => ReportsAsync(
        "[Input(1, 8, 8), Conv2D(8, {|STRATA030:5|}, Dilation = 2)]",
        "Conv2D 'conv1': height (8 + 2·0 − (2·(5 − 1) + 1))/1 + 1 = 0 is less than 1; input is 1×8×8. Reduce the kernel or add padding.");

    [Fact]
    public Task A_pooling_window_larger_than_the_input_is_reported() => ReportsAsync(
        "[Input(1, 8, 2), AveragePool2D({|STRATA030:4|})]",
        "AveragePool2D 'pool1': width ⌊(2 + 2·0 − 4)/4⌋ + 1 = 0 is less than 1; input is 1×8×2. Reduce the kernel.");

    [Fact]
    public Task Layers_behind_one_that_does_not_fit_are_not_reported() => ReportsAsync(
        "[Input(1, 3, 3), Conv2D(8, {|STRATA030:5|}), MaxPool2D(9), Dense(10), CrossEntropy]",
        "Conv2D 'conv1': height (3 + 2·0 − 5)/1 + 1 = −1 is less than 1; input is 1×3×3. Reduce the kernel or add padding.");

    [Fact]
    public Task Groups_that_do_not_divide_the_filters_are_reported() => ReportsAsync(
        "[Input(4, 8, 8), Conv2D(6, 3, {|STRATA031:Groups = 4|})]",
        "Conv2D 'conv1': 4 groups do not divide 6 filters: 6 = 1·4 + 2; input is 4×8×8");

    [Fact]
    public Task Groups_that_do_not_divide_the_channels_are_reported() => ReportsAsync(
        "[Input(3, 8, 8), Conv2D(6, 3, {|STRATA031:Groups = 2|})]",
        "Conv2D 'conv1': 2 groups do not divide 3 channels: 3 = 1·2 + 1; input is 3×8×8");

    [Fact]
    public Task A_dense_layer_on_an_image_is_reported_with_the_fix() => ReportsAsync(
        "[Input(16, 5, 5), {|STRATA032:Dense(120)|}]",
        "Dense 'dense1' needs a flat tensor; input is 16×5×5. Put [Flatten] before it: 16·5·5 = 400 features.");

    [Fact]
    public Task A_convolution_on_a_flat_tensor_is_reported() => ReportsAsync(
        "[Input(400), {|STRATA033:Conv2D(6, 5)|}]",
        "Conv2D 'conv1' needs channels×height×width; input is 400. Place it before the tensor becomes flat, or "
        + "declare [Input(channels, height, width)].");

    [Fact]
    public Task A_pooling_of_a_sequence_is_reported() => ReportsAsync(
        "[Input(4, 100), {|STRATA033:MaxPool2D(2)|}]",
        "MaxPool2D 'pool1' needs channels×height×width; input is 4×100. Use [MaxPool1D].");

    [Fact]
    public Task Padding_of_more_than_half_a_pooling_window_is_reported() => ReportsAsync(
        "[Input(1, 8, 8), MaxPool2D(3, {|STRATA034:Padding = 2|})]",
        "MaxPool2D 'pool1': padding 2 is more than half of the kernel 3, so that a window could lie outside the input. Use at most 1.");

    [Fact]
    public Task A_stride_that_leaves_the_last_row_unread_is_a_warning() => ReportsAsync(
        "[Input(1, 4, 4), Conv2D(1, 3, {|STRATA035:Stride = 2|})]",
        "Conv2D 'conv1': height (4 + 2·0 − 3)/2 + 1 = 1.5 is rounded down to 1: the last row of the 1×4×4 input is never read. Choose a "
        + "stride that divides, or add padding; AutoPad = AutoPad.Valid says that it is meant.");

    [Fact]
    public Task A_pooling_that_leaves_columns_unread_is_a_warning_at_its_kernel() => ReportsAsync(
        "[Input(1, 6, 8), MaxPool2D({|STRATA035:3|})]",
        "MaxPool2D 'pool1': width (8 + 2·0 − 3)/3 + 1 = 2.67 is rounded down to 2: the last 2 columns of the 1×6×8 input are never read. "
        + "Choose a stride that divides, add padding, or set CeilMode = true; CeilMode = false says that it is meant.");

    [Fact]
    public Task A_padded_convolution_that_leaves_a_row_unread_is_told_of_no_other_way() => ReportsAsync(
        "[Input(1, 9, 9), Conv2D(1, 3, {|STRATA035:Stride = 3|}, PaddingTop = 1)]",
        "Conv2D 'conv1': height (9 + 1 + 0 − 3)/3 + 1 = 3.33 is rounded down to 3: the last row of the 1×9×9 input is never read. Choose "
        + "a stride that divides, or add padding.");

    [Fact]
    public Task Windows_with_gaps_are_a_warning() => ReportsAsync(
        "[Input(1, 8, 8), MaxPool2D(2, {|STRATA035:Stride = 3|})]",
        "MaxPool2D 'pool1': height windows of 2 at stride 3: 1 row between two windows of the 1×8×8 "
        + "input is never read. Reduce the stride.");

    [Theory]
    [InlineData("[Input(3, 224, 224), Conv2D(64, 7, Stride = 2, Padding = 3)]")] // only padding is unread
    [InlineData("[Input(3, 56, 56), Conv2D(64, 1, Stride = 2)]")] // every second row, on purpose
    [InlineData("[Input(3, 5, 5), MaxPool2D(2, CeilMode = true)]")]
    [InlineData("[Input(3, 5, 5), MaxPool2D(2, CeilMode = false)]")] // said to be meant
    [InlineData("[Input(3, 5, 5), AveragePool2D(2, AutoPad = AutoPad.Valid)]")]
    [InlineData("[Input(3, 224, 224), Conv2D(64, 3, Stride = 2, AutoPad = AutoPad.Valid)]")]
    public Task Strides_that_read_what_they_should_are_no_warning(string stack) => ReportsAsync(stack);

    [Theory]
    [InlineData("[{|STRATA036:Input(1000, 1000, 1000)|}, ReLU]",
        "Input: its shape, 1000·1000·1000 = 1000000000 values, is more than a network can hold, 134217727")]
    [InlineData("[Input(1, 8000, 8000), {|STRATA036:Conv2D(100, 1)|}]",
        "Conv2D 'conv1': its output, 100·8000·8000 = 6400000000 values, is more than a network can hold, 134217727")]
    [InlineData("[Input(1, 8, 8), {|STRATA036:Conv2D(1, 9, Padding = 10000)|}]",
        "Conv2D 'conv1': its padded input, 1·20008·20008 = 400320064 values, is more than a network can hold, 134217727")]
    [InlineData("[Input(100000), {|STRATA036:Dense(100000)|}]",
        "Dense 'dense1': the number of parameters, 10000100000, is more than a network can hold, 1073741824")]
    [InlineData("[Input(1), {|STRATA036:Dense(int.MaxValue)|}]",
        "Dense 'dense1': its output, 2147483647 values, is more than a network can hold, 134217727")]
    [InlineData("[Input(1, 8, 8), Conv2D(1, {|STRATA036:int.MaxValue|}, Dilation = int.MaxValue)]",
        "Conv2D 'conv1': the height of its window, 2147483647·(2147483647 − 1) + 1 = 4611686011984936963, is "
        + "more than the largest extent, 268435456")]
    [InlineData("[Input(1, 8, 8), Conv2D(1, {|STRATA036:3|}, PaddingHeight = int.MaxValue, PaddingWidth = 0)]",
        "Conv2D 'conv1': its padded height, 8 + 2147483647 + 2147483647 = 4294967302, is more than the largest extent, 268435456")]
    public Task Sizes_that_overflow_are_reported(string stack, string message) => ReportsAsync(stack, message);
}
