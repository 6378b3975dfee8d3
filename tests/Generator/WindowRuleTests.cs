using System.Threading.Tasks;
using Strata.Compiler.Graph;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Windows over sequences and volumes: their shapes, and what is wrong with them.</summary>
public sealed class WindowRuleTests
{
    [Theory]
    [InlineData("2, 100", "Conv1D(8, 5)", "8×96", "(100 + 2·0 − 5)/1 + 1 = 96")]
    [InlineData("2, 100", "Conv1D(8, 5, Stride = 2, Padding = 2)", "8×50", "⌊(100 + 2·2 − 5)/2⌋ + 1 = 50")]
    [InlineData("2, 100", "Conv1D(8, 5, PaddingLeft = 4)", "8×100", "(100 + 4 + 0 − 5)/1 + 1 = 100")]
    [InlineData("2, 100", "Conv1D(8, 4, AutoPad = AutoPad.Same)", "8×100", "(100 + 1 + 2 − 4)/1 + 1 = 100")]
    [InlineData("2, 100", "Conv1D(8, 3, Dilation = 4, AutoPad = AutoPad.Full)", "8×108", "(100 + 2·8 − (4·(3 − 1) + 1))/1 + 1 = 108")]
    [InlineData("2, 100", "MaxPool1D(2)", "2×50", "(100 + 2·0 − 2)/2 + 1 = 50")]
    [InlineData("2, 9", "AveragePool1D(2, CeilMode = true)", "2×5", "⌈(9 + 2·0 − 2)/2⌉ + 1 = 5")]
    [InlineData("1, 8, 8, 8", "Conv3D(4, 3)", "4×6×6×6", "(8 + 2·0 − 3)/1 + 1 = 6")]
    [InlineData(
        "1, 4, 8, 9", "Conv3D(4, 3, KernelDepth = 1, StrideHeight = 2, PaddingWidth = 1, PaddingFront = 1)", "4×5×3×9",
        "depth (4 + 1 + 0 − 1)/1 + 1 = 5, height ⌊(8 + 2·0 − 3)/2⌋ + 1 = 3, width (9 + 2·1 − 3)/1 + 1 = 9")]
    [InlineData("1, 4, 8, 9", "Conv3D(4, 3, AutoPad = AutoPad.Same)", "4×4×8×9",
        "depth (4 + 2·1 − 3)/1 + 1 = 4, height (8 + 2·1 − 3)/1 + 1 = 8, width (9 + 2·1 − 3)/1 + 1 = 9")]
    [InlineData("3, 8, 8, 8", "MaxPool3D(2)", "3×4×4×4", "(8 + 2·0 − 2)/2 + 1 = 4")]
    [InlineData("3, 8, 8, 8", "AveragePool3D(2, KernelDepth = 8)", "3×1×4×4",
        "depth (8 + 2·0 − 8)/8 + 1 = 1, height (8 + 2·0 − 2)/2 + 1 = 4, width (8 + 2·0 − 2)/2 + 1 = 4")]
    [InlineData("3, 2, 4, 5", "Flatten", "120", "3·2·4·5 = 120")]
    [InlineData("3, 2, 4, 5", "Softmax", "3×2×4×5", "")]
    public void The_output_has_the_shape_of_the_formula(string input, string layer, string shape, string formula)
    {
        Node node = Graphs.Layer(input, layer);
        Assert.Equal(shape, node.Shape.ToString());
        Assert.Equal(formula, node.Formula);
    }

    [Theory]
    [InlineData("4, 20", "Conv1D(6, 5, Groups = 2)", "6 2 5")]
    [InlineData("4, 8, 8", "Conv2D(6, 5, KernelWidth = 3)", "6 4 5 3")]
    [InlineData("4, 8, 8, 8", "Conv3D(6, 5, KernelDepth = 2, KernelWidth = 3)", "6 4 2 5 3")]
    public void The_weights_have_PyTorchs_shape(string input, string layer, string shape)
    {
        NetworkGraph graph = Graphs.Of($"[Input({input}), {layer}]");
        Assert.Equal(shape, string.Join(' ', graph.Nodes[1].Operation.Parameters(graph.Nodes[0].Shape)[0].Extents));
    }

    [Fact]
    public Task A_kernel_longer_than_the_sequence_is_reported() => ReportsAsync(
        "[Input(3, 4), Conv1D(8, {|STRATA030:5|})]",
        "Conv1D 'conv1': length (4 + 2·0 − 5)/1 + 1 = 0 is less than 1; input is 3×4. Reduce the kernel or add padding.");

    [Fact]
    public Task A_kernel_deeper_than_the_volume_is_reported() => ReportsAsync(
        "[Input(3, 2, 8, 8), MaxPool3D(2, {|STRATA030:KernelDepth = 3|})]",
        "MaxPool3D 'pool1': depth ⌊(2 + 2·0 − 3)/3⌋ + 1 = 0 is less than 1; input is 3×2×8×8. Reduce the kernel.");

    [Fact]
    public Task Axes_that_fail_alike_are_one_mistake() => ReportsAsync(
        "[Input(3, 4, 6, 4), Conv3D(8, {|STRATA030:5|})]",
        "Conv3D 'conv1': depth (4 + 2·0 − 5)/1 + 1 = 0 is less than 1; input is 3×4×6×4. Reduce the kernel or add padding.");

    [Theory]
    [InlineData("[Input(4, 20), {|STRATA033:Conv2D(6, 5)|}]", "Conv2D 'conv1' needs channels×height×width; input is 4×20. Use [Conv1D].")]
    [InlineData("[Input(4, 20, 20), {|STRATA033:Conv1D(6, 5)|}]", "Conv1D 'conv1' needs channels×length; input is 4×20×20. Use [Conv2D].")]
    [InlineData("[Input(4, 20, 20), {|STRATA033:AveragePool3D(2)|}]",
        "AveragePool3D 'pool1' needs channels×depth×height×width; input is 4×20×20. Use [AveragePool2D].")]
    [InlineData("[Input(4, 8, 8, 8), {|STRATA033:MaxPool2D(2)|}]",
        "MaxPool2D 'pool1' needs channels×height×width; input is 4×8×8×8. Use [MaxPool3D].")]
    [InlineData("[Input(99), {|STRATA033:MaxPool1D(2)|}]",
        "MaxPool1D 'pool1' needs channels×length; input is 99. Place it before the tensor becomes "
        + "flat, or declare [Input(channels, length)].")]
    public Task Layers_of_other_dimensions_are_reported(string stack, string message) => ReportsAsync(stack, message);

    [Theory]
    [InlineData("[Input(4, 20), MaxPool1D(2, {|STRATA020:Stride = 0|})]", "MaxPool1D 'pool1': Stride cannot be 0. Use at least 1.")]
    [InlineData("[Input(4, 20), Conv1D(6, 3, {|STRATA020:PaddingRight = -1|})]",
        "Conv1D 'conv1': PaddingRight cannot be −1. Use at least 0.")]
    [InlineData("[Input(4, 9, 9, 9), Conv3D(6, 3, {|STRATA020:DilationDepth = 0|})]",
        "Conv3D 'conv1': DilationDepth cannot be 0. Use at least 1.")]
    [InlineData("[Input(4, 9, 9, 9), Conv3D(6, 3, {|STRATA020:KernelDepth = 0|})]",
        "Conv3D 'conv1': KernelDepth cannot be 0. Use at least 1.")]
    [InlineData("[Input(4, {|STRATA020:0|}, 9, 9), ReLU]", "Input: depth cannot be 0. Use at least 1.")]
    [InlineData("[Input(4, 9, 9, 9), Conv3D(6, 3, AutoPad = AutoPad.Same, {|STRATA021:PaddingBack = 1|})]",
        "Conv3D 'conv1': AutoPad and PaddingBack exclude each other. Remove one of them.")]
    [InlineData("[Input(4, 9), MaxPool1D(3, {|STRATA022:AutoPad = AutoPad.Full|})]",
        "MaxPool1D 'pool1': AutoPad.Full would pad with whole windows, which have no maximum and no "
        + "mean. Use AutoPad.Same or AutoPad.Valid.")]
    [InlineData("[Input(3, 20), Conv1D(6, 3, {|STRATA031:Groups = 2|})]",
        "Conv1D 'conv1': 2 groups do not divide 3 channels: 3 = 1·2 + 1; input is 3×20")]
    [InlineData("[Input(3, 9, 9, 9), AveragePool3D(3, {|STRATA034:PaddingDepth = 2|})]",
        "AveragePool3D 'pool1': padding 2 is more than half of the kernel 3, so that a window could lie outside the input. Use at most 1.")]
    [InlineData("[Input(3, 20), MaxPool1D(3, Dilation = 2, {|STRATA034:Padding = 3|})]",
        "MaxPool1D 'pool1': padding 3 is more than half of the kernel 2·(3 − 1) + 1 = 5, so that a window could lie outside the input. "
        + "Use at most 2.")]
    [InlineData("[Input(3, 20), MaxPool1D(3, {|STRATA020:Dilation = 0|})]", "MaxPool1D 'pool1': Dilation cannot be 0. Use at least 1.")]
    [InlineData("[Input(3, 4), MaxPool1D({|STRATA030:3|}, Dilation = 2)]",
        "MaxPool1D 'pool1': length ⌊(4 + 2·0 − (2·(3 − 1) + 1))/3⌋ + 1 = 0 is less than 1; input is 3×4. Reduce the kernel.")]
    [InlineData("[Input(3, 21), MaxPool1D(2, Dilation = 2), MaxUnpool1D({|STRATA022:\"pool1\"|})]",
        "MaxUnpool1D 'unpool1': the windows of 'pool1' are dilated. Name a pooling whose Dilation is 1.")]
    [InlineData("[Input(1, 100, 100, 100), {|STRATA036:Conv3D(200, 1)|}]",
        "Conv3D 'conv1': its output, 200·100·100·100 = 200000000 values, is more than a network can hold, 134217727")]
    public Task Arguments_out_of_range_are_reported(string stack, string message) => ReportsAsync(stack, message);

    [Fact]
    public Task Steps_that_are_never_read_are_a_warning() => ReportsAsync(
        "[Input(1, 10), MaxPool1D({|STRATA035:4|})]",
        "MaxPool1D 'pool1': length (10 + 2·0 − 4)/4 + 1 = 2.5 is rounded down to 2: the last 2 steps of the 1×10 input are never read. "
        + "Choose a stride that divides, add padding, or set CeilMode = true; CeilMode = false says that it is meant.");

    [Fact]
    public Task Planes_that_are_never_read_are_a_warning() => ReportsAsync(
        "[Input(1, 5, 4, 4), Conv3D(1, 2, {|STRATA035:StrideDepth = 2|})]",
        "Conv3D 'conv1': depth (5 + 2·0 − 2)/2 + 1 = 2.5 is rounded down to 2: the last plane of the 1×5×4×4 input is never read. Choose "
        + "a stride that divides, or add padding; AutoPad = AutoPad.Valid says that it is meant.");

    [Fact]
    public Task Branches_of_sequences_are_projected_by_their_own_convolution() => ReportsAsync(
        "[Input(4, 20)]\n[Branch, Conv1D(8, 1)]\n[Branch]\n[{|STRATA037:Add|}]",
        "Add 'add1' needs branches of one shape, or of 1 element along an axis: the branch of Conv1D 'conv1' is 8×20, but the empty branch is 4×20:"
            + " channels 8 (since "
        + "Conv1D 'conv1') ≠ 4. Put [Conv1D(8, 1)] at the end of the empty branch.");

    private static Task ReportsAsync(string stack, params string[] messages) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", messages);
}
