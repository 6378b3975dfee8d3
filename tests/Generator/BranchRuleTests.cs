using System;
using System.Threading.Tasks;
using Strata.Compiler.Graph;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class BranchRuleTests
{
    private static Task ReportsAsync(string stack, params string[] messages) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", messages);

    [Theory]
    [InlineData("Add", "Add 'add1'")]
    [InlineData("Concat", "Concat 'concat1'")]
    [InlineData("Multiply", "Multiply 'multiply1'")]
    public Task A_join_without_branches_is_reported(string join, string label) => ReportsAsync(
        $"[Input(4), Dense(2), {{|STRATA016:{join}|}}, ReLU]",
        $"{label} joins no branches. Put [Branch] before each branch; a branch without layers is the identity.");

    [Fact]
    public Task A_join_of_one_branch_is_reported() => ReportsAsync(
        "[Input(4), Branch, Dense(2), {|STRATA016:Add|}, Dense(3)]",
        "Add 'add1' joins one branch only. Put another [Branch] before or behind it; a branch without layers is the identity.");

    [Fact]
    public Task A_join_closes_its_group() => ReportsAsync(
        "[Input(4), Branch, Branch, Add, ReLU, {|STRATA016:Add|}]",
        "Add 'add2' joins no branches. Put [Branch] before each branch; a branch without layers is the identity.");

    [Fact]
    public Task Branches_that_are_not_joined_are_reported_where_they_begin() => ReportsAsync(
        "[Input(4), {|STRATA017:Branch|}, Dense(2)]\n[Branch, ReLU]",
        "The group of 2 branches that begins here is not joined before the network ends. Put [Add], "
        + "[Concat] or [Multiply] behind its last branch.");

    [Fact]
    public Task Branches_that_are_not_joined_before_the_loss_are_reported() => ReportsAsync(
        "[Input(4), Branch, Branch, Add, {|STRATA017:Branch|}, Dense(1), CrossEntropy]",
        "The group of 1 branch that begins here is not joined before the loss [CrossEntropy]. Put [Add], "
        + "[Concat] or [Multiply] behind its last branch.");

    [Fact]
    public Task A_join_behind_the_loss_is_reported_there() => ReportsAsync(
        "[Input(4), Branch, Branch, MeanSquaredError, {|STRATA014:Add|}]",
        "Add 'add1' stands behind the loss [MeanSquaredError]. Move the loss to the end, or say by From which tensor comes next.");

    [Fact]
    public Task A_branch_behind_the_loss_is_reported_there() => ReportsAsync(
        "[Input(4), ReLU, MeanSquaredError, {|STRATA014:Branch|}, Branch, Concat]",
        "[Branch] stands behind the loss [MeanSquaredError]. Move the loss to the end, or say by From which tensor comes next.");

    [Fact]
    public Task A_branch_before_the_input_is_reported() => ReportsAsync(
        "[{|STRATA012:Branch|}, ReLU, Branch, Add, Input(4)]",
        "[Branch] stands before the input. The stack reads from top to bottom: move [Input] above the first layer.");

    [Theory]
    [InlineData(
        "[Input(3, 8, 8), Branch, Conv2D(6, 3, Padding = 1), ReLU, Branch, Conv2D(5, 1), {|STRATA037:Add|}]",
        "Add 'add1' needs branches of one shape, or of 1 element along an axis: "
            + "the branch of Conv2D 'conv1' is 6×8×8, but the branch of Conv2D 'conv2' is 5×8×8: "
        + "channels 6 (since Conv2D 'conv1') ≠ 5 (since Conv2D 'conv2'). Put [Conv2D(6, 1)] at the end of the branch of Conv2D 'conv2'.")]
    [InlineData(
        "[Input(3, 8, 8), Branch]\n[Branch, Tanh, Conv2D(5, 1)]\n[{|STRATA037:Add(Name = \"sum\")|}]",
        "Add 'sum' needs branches of one shape, or of 1 element along an axis: "
            + "the empty branch is 3×8×8, but the branch of Tanh 'tanh1' is 5×8×8: channels 3 ≠ 5 "
        + "(since Conv2D 'conv1'). Put [Conv2D(5, 1)] at the end of the empty branch.")]
    [InlineData(
        "[Input(3, 9, 8), Branch, Conv2D(6, 3), Branch, Branch, {|STRATA037:Add|}, Conv2D(1, 99)]",
        "Add 'add1' needs branches of one shape, or of 1 element along an axis: "
            + "the branch of Conv2D 'conv1' is 6×7×6, but the empty branch is 3×9×8: channels 6 (since "
        + "Conv2D 'conv1') ≠ 3, height 7 (since Conv2D 'conv1') ≠ 9, width 6 (since Conv2D 'conv1') ≠ 8. Put "
        + "[Conv2D(6, 1)] at the end of the empty branch.")]
    [InlineData(
        "[Input(3, 9, 8), Branch, Branch, Conv2D(6, 1), Branch, AveragePool2D(3, Stride = 1, PaddingHeight = 1, "
        + "PaddingWidth = 0), {|STRATA037:Concat|}]",
        "Concat 'concat1' needs branches of one shape but for their channels: the empty branch is 3×9×8, but the branch of AveragePool2D "
        + "'pool1' is 3×9×6: width 8 ≠ 6 (since AveragePool2D 'pool1'). Use the same strides in both, and paddings that keep "
        + "the size, such as AutoPad = AutoPad.Same.")]
    [InlineData(
        "[Input(3, 2, 2), Branch, Branch, Flatten, {|STRATA037:Concat|}]",
        "Concat 'concat1' needs branches of one shape but for their channels: the empty branch is 3×2×2, but the branch of Flatten "
        + "'flatten1' is 12: rank 3 ≠ 1 (since Flatten 'flatten1'). Flatten both or neither.")]
    [InlineData(
        "[Input(4), Branch, Branch, Dense(2), {|STRATA037:Add|}]",
        "Add 'add1' needs branches of one shape, or of 1 element along an axis: "
            + "the empty branch is 4, but the branch of Dense 'dense1' is 2: features 4 ≠ 2 (since "
        + "Dense 'dense1'). Put [Dense(2)] at the end of the empty branch.")]
    [InlineData(
        "[Input(3, 9, 8), Branch, MaxPool2D(3, Stride = 1), Branch, Conv2D(5, 3), {|STRATA037:Multiply|}]",
        "Multiply 'multiply1' needs branches of one shape, or of 1 element along an axis: "
            + "the branch of MaxPool2D 'pool1' is 3×7×6, but the branch of Conv2D "
        + "'conv1' is 5×7×6: channels 3 ≠ 5 (since Conv2D 'conv1'). Put [Conv2D(3, 1)] at the end of the branch of Conv2D 'conv1'.")]
    [InlineData(
        "[Input(3, 9, 8), Branch, AdaptiveAveragePool2D(1), Branch, Branch, AdaptiveAveragePool2D(1, Width = 2), {|STRATA037:Multiply|}]",
        "Multiply 'multiply1' needs branches of one shape, or of 1 element along an axis: "
            + "the empty branch is 3×9×8, but the branch of AdaptiveAveragePool2D "
            + "'pool2' is 3×1×2: width 8 ≠ 2 (since AdaptiveAveragePool2D "
        + "'pool2'). Put [Upsample2D(Height = 9, Width = 8)] at the end of the branch of AdaptiveAveragePool2D 'pool2', which repeats "
        + "its elements.")]
    [InlineData(
        "[Input(3, 9, 8), Branch, Branch, GlobalAveragePool2D, Flatten, {|STRATA037:Subtract|}]",
        "Subtract 'subtract1' needs branches of one shape, or of 1 element along an axis: the empty branch is 3×9×8, but the branch of "
            + "GlobalAveragePool2D 'pool1' is 3: rank 3 ≠ 1 (since Flatten 'flatten1'). Put [Reshape(3, 1, 1)] at the end of the branch "
        + "of GlobalAveragePool2D 'pool1': each of its features then counts for all pixels of a channel.")]
    [InlineData(
        "[Input(3, 9, 8), Branch, Branch, Flatten, {|STRATA037:Maximum|}]",
        "Maximum 'maximum1' needs branches of one shape, or of 1 element along an axis: the empty branch is 3×9×8, but the branch of "
        + "Flatten 'flatten1' is 216: rank 3 ≠ 1 (since Flatten 'flatten1'). Flatten both or neither.")]
    [InlineData(
        "[Input(3, 9), Branch, Branch, GlobalAveragePool1D, {|STRATA037:Concat|}]",
        "Concat 'concat1' needs branches of one shape but for their channels: the empty branch is 3×9, but the branch of "
            + "GlobalAveragePool1D 'pool1' is 3×1: length 9 ≠ 1 (since GlobalAveragePool1D 'pool1'). Put [Upsample1D(Length = 9)] at the "
        + "end of the branch of GlobalAveragePool1D 'pool1', which repeats its one element.")]
    [InlineData(
        "[Input(3, 9, 8), Branch, Branch, GlobalAveragePool2D, Conv2D(5, 1), {|STRATA037:Concat|}]",
        "Concat 'concat1' needs branches of one shape but for their channels: the empty branch is 3×9×8, but the branch of "
            + "GlobalAveragePool2D 'pool1' is 5×1×1: height 9 ≠ 1 (since GlobalAveragePool2D 'pool1'), width 8 ≠ 1 (since "
        + "GlobalAveragePool2D 'pool1'). Put [Upsample2D(Height = 9, Width = 8)] at the end of the branch of GlobalAveragePool2D "
        + "'pool1', which repeats its one element.")]
    public Task Branches_of_different_shapes_are_reported(string stack, string message) => ReportsAsync(stack, message);

    [Theory]
    [InlineData("[Input(3, 9, 8), Branch, GlobalAveragePool2D, Branch, Conv2D(1, 1), Branch, {0}]")]
    [InlineData("[Input(3, 9, 8), Branch, GlobalAveragePool2D, Conv2D(1, 1), Branch, {0}]")]
    [InlineData("[Input(3, 9, 8), Branch, GlobalAveragePool2D, Branch, Conv2D(1, 1), {0}]")]
    [InlineData("[Input(3, 9, 8), Branch, AveragePool2D(9, KernelWidth = 1), Branch, AveragePool2D(1, KernelWidth = 8), {0}]")]
    public void A_branch_of_one_element_along_an_axis_is_repeated(string stack)
    {
        foreach (string join in new[] { "Add", "Multiply", "Maximum", "Minimum", "Subtract", "Divide" })
        {
            if (stack.Split("Branch").Length < 4 || join is not ("Subtract" or "Divide"))
            {
                Assert.Equal(Shape.Image(3, 9, 8), Graphs.Of(stack.Replace("{0}", join, StringComparison.Ordinal)).Output.Shape);
            }
        }
    }

    [Theory]
    [InlineData("[Input(4), Branch, Branch, Branch, {|STRATA016:Subtract|}]",
        "Subtract 'subtract1' joins 3 branches. It takes 2: write another [Subtract] for the next one.")]
    [InlineData("[Input(4), ReLU(Name = \"a\"), Tanh(Name = \"b\"), {|STRATA016:Divide(\"a\", \"b\", \"input\")|}]",
        "Divide 'divide1' joins 3 tensors. It takes 2: write another [Divide] for the next one.")]
    public Task A_difference_and_a_quotient_have_two_operands(string stack, string message) => ReportsAsync(stack, message);

    [Fact]
    public Task A_mistake_in_each_branch_is_reported_and_the_join_is_not() => ReportsAsync(
        "[Input(3, 4, 4), Branch, Conv2D(6, {|STRATA030:5|}), Branch, {|STRATA032:Dense(2)|}, Branch, Conv2D(2, 2), Add, Conv2D(1, 99)]",
        "Conv2D 'conv1': height (4 + 2·0 − 5)/1 + 1 = 0 is less than 1; input is 3×4×4. Reduce the kernel or add padding.",
        "Dense 'dense1' needs a flat tensor; input is 3×4×4. Put [Flatten] before it: 3·4·4 = 48 features.");

    [Fact]
    public Task The_sum_of_many_channels_is_limited() => ReportsAsync(
        "[Input(100000000), Branch, Branch, Branch, {|STRATA036:Concat|}]",
        "Concat 'concat1': the number of its channels, 100000000 + 100000000 + 100000000 = 300000000, is "
        + "more than the largest extent, 268435456");

    [Fact]
    public Task The_output_of_a_join_is_limited() => ReportsAsync(
        "[Input(10, 3000, 3000), Branch, Branch, {|STRATA036:Concat|}]",
        "Concat 'concat1': its output, 20·3000·3000 = 180000000 values, is more than a network can hold, 134217727");

    [Fact]
    public Task Cross_entropy_looks_for_its_activation_in_its_own_branch_only() => ReportsAsync(
        "[Input(4), Branch, Dense(3), ReLU, Branch, Dense(3), Add, Dropout, CrossEntropy]");

    [Fact]
    public Task A_branch_without_a_network_is_a_warning() => new Harness().ReportsAsync(
        "using Strata;\n[Branch]\nclass {|STRATA007:Net|};",
        "Class 'Net' has layers but is no network, so nothing is compiled. Add [Network] above them.");
}
