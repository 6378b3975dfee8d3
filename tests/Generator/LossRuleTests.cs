using System.Threading.Tasks;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class LossRuleTests
{
    private static Task ReportsAsync(string stack, params string[] messages) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", messages);

    [Fact]
    public Task Cross_entropy_of_an_image_is_reported() => ReportsAsync(
        "[Input(3, 8, 8), Conv2D(4, 1), {|STRATA050:CrossEntropy|}]",
        "CrossEntropy needs a flat tensor with one value for each class; input is 4×8×8. Put [Flatten] and [Dense(classes)] before it: 4·8·8 = 256 features.");

    [Fact]
    public Task Cross_entropy_of_one_class_is_reported() => ReportsAsync(
        "[Input(3), Dense(1), {|STRATA050:CrossEntropy|}]",
        "CrossEntropy needs at least two classes; input is 1. With one class the loss is always 0. Use [BinaryCrossEntropy], or one output for each class.");

    [Theory]
    [InlineData("ReLU", "ReLU 'relu1'")]
    [InlineData("Sigmoid", "Sigmoid 'sigmoid1'")]
    [InlineData("Tanh, Dropout", "Tanh 'tanh1'")]
    public Task Cross_entropy_behind_an_activation_is_a_warning(string layers, string name) => ReportsAsync(
        $"[Input(3), Dense(4), {layers}, {{|STRATA051:CrossEntropy|}}]",
        $"CrossEntropy stands behind {name}, but takes logits or the output of a softmax. Remove that activation, or use [Softmax].");

    [Fact]
    public Task A_softmax_that_is_not_the_last_layer_is_a_warning() => ReportsAsync(
        "[Input(3, 1, 1), Softmax, Flatten, {|STRATA051:CrossEntropy|}]",
        "CrossEntropy stands behind Flatten 'flatten1', but takes logits or the output of a softmax. Softmax 'softmax1' would be applied a second time: move it to the end.");

    [Theory]
    [InlineData("[Input(3), Dense(4), CrossEntropy]")]
    [InlineData("[Input(3), ReLU, Dense(4), Softmax, CrossEntropy]")]
    [InlineData("[Input(3, 4, 4), Sigmoid, MeanSquaredError]")]
    [InlineData("[Input(3), Dense(1), Tanh, MeanSquaredError]")]
    public Task Losses_that_suit_are_not_reported(string stack) => ReportsAsync(stack);
}
