using System.Threading.Tasks;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class LintTests
{
    [Theory]
    [InlineData(
        "[Input(3, 8, 8), {|STRATA052:Conv2D(4, 3)|}, BatchNorm, ReLU]",
        "Conv2D 'conv1' adds a bias that BatchNorm 'bn1' right behind it takes away again with the mean. Set Bias = false.")]
    [InlineData(
        "[Input(3, 8), {|STRATA052:Conv1D(4, 3)|}, BatchNorm]",
        "Conv1D 'conv1' adds a bias that BatchNorm 'bn1' right behind it takes away again with the mean. Set Bias = false.")]
    [InlineData(
        "[Input(3, 8, 8), {|STRATA053:Dropout|}, BatchNorm]",
        "Dropout 'dropout1' stands before BatchNorm 'bn1', whose running variance is then that of training with dropout, which is larger "
        + "than without. Put it behind the last batch norm.")]
    [InlineData(
        "[Input(3, 8, 8), {|STRATA053:Dropout|}, ReLU, BatchNorm]",
        "Dropout 'dropout1' stands before BatchNorm 'bn1', whose running variance is then that of training with dropout, which is larger "
        + "than without. Put it behind the last batch norm.")]
    [InlineData(
        "[Input(3), {|STRATA054:Softmax|}, Dense(2)]",
        "Softmax 'softmax1' is followed by Dense 'dense1', not by [CrossEntropy], with which it is one stable "
        + "function. Remove it, or use that loss.")]
    [InlineData(
        "[Input(3), Dense(2), {|STRATA054:Softmax|}, MeanSquaredError]",
        "Softmax 'softmax1' is followed by [MeanSquaredError], not by [CrossEntropy], with which it is one stable "
        + "function. Remove it, or use that loss.")]
    [InlineData(
        "[Input(3), Dense(2), ReLU, {|STRATA055:Sigmoid|}]",
        "Sigmoid 'sigmoid1' stands right behind another activation, ReLU 'relu1'. Remove one of the two.")]
    public Task Layers_that_work_against_each_other_are_warned_of(string stack, string message) => new Harness().ReportsAsync(
        $"using Strata;\n[Network]\n{stack}\npartial class Net;", message);

    [Fact]
    public Task A_block_is_warned_of_once() => new Harness().ReportsAsync(
        "using Strata;\n[Network, Input(3), Twice(Repeat = 2)]\npartial class Net;\n[Dense(3), PReLU, {|STRATA055:Tanh|}] "
        + "class TwiceAttribute : BlockAttribute { }",
        "Tanh 'twice1.tanh1' stands right behind another activation, PReLU 'twice1.prelu1'. Remove one of the two.");

    [Theory]
    [InlineData("[Input(3, 8, 8), Conv2D(4, 3, Bias = false), BatchNorm, ReLU, Dropout, Conv2D(2, 1), ReLU]")]
    [InlineData("[Input(3, 8, 8), Conv2D(3, 1), Branch, BatchNorm, Branch, Add]")]
    [InlineData("[Input(3), Dense(2), Softmax]")]
    [InlineData("[Input(3), Dense(2), Softmax, CrossEntropy]")]
    [InlineData("[Input(3), Dense(2), ReLU, Branch, Sigmoid, Branch, Multiply]")]
    public Task What_is_common_is_not_warned_of(string stack) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;");

    /// <summary>Attention, and mixtures of experts: what multiplies a tensor that does not depend on it.</summary>
    [Theory]
    [InlineData("Input(4, 6, 6), Branch, GlobalAveragePool2D, Softmax, Conv2D(4, 1), Branch, Multiply, Conv2D(2, 1)")]
    [InlineData("Input(4, 6, 6), Branch, GlobalAveragePool2D, Softmax, Branch, Multiply, Conv2D(2, 1)")]
    [InlineData("Input(4), Dense(2), Softmax(Name = \"gate\"), Dense(8, From = \"gate\", Name = \"a\"), Dense(8, From = \"input\", "
        + "Name = \"b\"), Multiply(\"a\", \"b\")")]
    [InlineData("Input(4), Dense(4), Softmax(Name = \"gate\"), Multiply(\"gate\", \"input\"), Dense(2), Dense(2, From = \"gate\", Name "
        + "= \"c\"), Add(\"dense2\", \"c\")")]
    public Task A_softmax_that_is_a_gate_is_meant(string stack) =>
        new Harness().ReportsAsync($"using Strata;\n[Network, {stack}]\npartial class Net;");

    /// <summary>A gate behind it, of which both factors depend on it, makes it none.</summary>
    [Fact]
    public Task A_softmax_before_a_gate_is_not_one() => new Harness().ReportsAsync(
        "using Strata;\n[Network, Input(4), Dense(4), {|STRATA054:Softmax|}, Dense(4), Branch, Sigmoid, Branch, Multiply, "
            + "Dense(2)]\npartial class Net;",
        "Softmax 'softmax1' is followed by Dense 'dense2', not by [CrossEntropy], with which it is one stable function. Remove it, or "
            + "use that loss.");
}
