using System.Threading.Tasks;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class LossRuleTests
{
    private static Task ReportsAsync(string stack, params string[] messages) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", messages);

    [Theory]
    [InlineData("3", "Dense(1)", "1")]
    [InlineData("3, 8, 8", "Conv2D(1, 1)", "1×8×8")]
    public Task Cross_entropy_of_one_class_is_reported(string input, string layer, string shape) => ReportsAsync(
        $"[Input({input}), {layer}, {{|STRATA050:CrossEntropy|}}]",
        $"CrossEntropy needs at least two classes; input is {shape}. With one class the loss is always 0. Use [BinaryCrossEntropy], or "
        + "one output for each class.");

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
        "CrossEntropy stands behind Flatten 'flatten1', but takes logits or the output of a softmax. Softmax 'softmax1' would be "
        + "applied a second time: move it to the end.");

    [Theory]
    [InlineData("[Input(3), Dense(4), CrossEntropy]")]
    [InlineData("[Input(3), ReLU, Dense(4), Softmax, CrossEntropy]")]
    [InlineData("[Input(3, 4, 4), Sigmoid, MeanSquaredError]")]
    [InlineData("[Input(3), Dense(1), Tanh, MeanSquaredError]")]
    [InlineData("[Input(3, 4, 4), Conv2D(2, 1), BinaryCrossEntropy]")]
    [InlineData("[Input(3), Dense(1), Sigmoid, BinaryCrossEntropy(Reduction = Reduction.Sum)]")]
    [InlineData("[Input(3), Dense(2), CrossEntropy(LabelSmoothing = 1, ClassWeights = new double[] { "
        + "0, 2.5 }, Reduction = Reduction.Mean)]")]
    [InlineData("[Input(3), Dense(2), Hinge(Margin = 0, ClassWeights = new[] { 1.0, 0.5 })]")]
    [InlineData("[Input(3, 4, 4), Conv2D(2, 1), SmoothL1(Beta = 0)]")]
    [InlineData("[Input(3, 4, 4), Conv2D(2, 1), CrossEntropy(IgnoreIndex = 255, ClassWeights = new double[] { 0, 2.5 })]")]
    [InlineData("[Input(3, 4, 4), Conv2D(2, 1), Softmax, CrossEntropy(IgnoreIndex = -1)]")]
    [InlineData("[Input(3, 4), ReLU6, Dropout, Softmax, CrossEntropy]")]
    [InlineData("[Input(3, 4, 4, 4), Dropout, CrossEntropy]")]
    [InlineData("[Input(3, 4, 4), Conv2D(2, 1), Huber(Delta = 0.5)]")]
    [InlineData("[Input(3, 4, 4), Conv2D(2, 1), L1(Reduction = Reduction.Mean)]")]
    [InlineData("[Input(3, 4, 4), Conv2D(2, 1), L2]")]
    [InlineData("[Input(3, 4, 4), Conv2D(2, 1), MeanAbsoluteError]")]
    public Task Losses_that_suit_are_not_reported(string stack) => ReportsAsync(stack);

    [Fact]
    public Task Hinge_of_an_image_is_reported() => ReportsAsync(
        "[Input(3, 8, 8), Conv2D(4, 1), {|STRATA050:Hinge|}]",
        "Hinge needs a flat tensor with one value for each class; input is 4×8×8. Put [Flatten] and "
        + "[Dense(classes)] before it: 4·8·8 = 256 features.");

    [Theory]
    [InlineData("ReLU", "ReLU 'relu1'")]
    [InlineData("Softmax", "Softmax 'softmax1'")]
    [InlineData("Tanh, Dropout", "Tanh 'tanh1'")]
    public Task Binary_cross_entropy_behind_an_activation_is_a_warning(string layers, string name) => ReportsAsync(
        $"[Input(3), Dense(4), {layers}, {{|STRATA051:BinaryCrossEntropy|}}]",
        $"BinaryCrossEntropy stands behind {name}, but takes logits or the output of a sigmoid. Remove that activation, or use [Sigmoid].");

    [Fact]
    public Task A_sigmoid_that_is_not_the_last_layer_is_a_warning() => ReportsAsync(
        "[Input(3, 1, 1), Sigmoid, Flatten, {|STRATA051:BinaryCrossEntropy|}]",
        "BinaryCrossEntropy stands behind Flatten 'flatten1', but takes logits or the output of a sigmoid. Sigmoid 'sigmoid1' would be "
        + "applied a second time: move it to the end.");

    [Theory]
    [InlineData("[Input(4), Dense(3), CrossEntropy, {|STRATA056:CrossEntropy|}]", "[CrossEntropy]", "Dense 'dense1'", "2")]
    [InlineData("[Input(4), Dense(3), MeanSquaredError(Weight = 0.5), {|STRATA056:MeanSquaredError(Weight = 0.25)|}]", "[MeanSquaredError]",
        "Dense 'dense1'", "0.75")]
    [InlineData("[Input(4), Dense(3), L2, {|STRATA056:MeanSquaredError(Reduction = Reduction.Sum)|}]", "[MeanSquaredError]",
        "Dense 'dense1'", "2")]
    [InlineData("[Input(4), Dense(3, Name = \"fc\"), CrossEntropy]\n[Softmax(From = \"fc\"), {|STRATA056:CrossEntropy|}]", "[CrossEntropy]",
        "Softmax 'softmax1'", "2")]
    public Task The_same_loss_of_the_same_numbers_is_a_warning(string stack, string loss, string tensor, string weight) => ReportsAsync(
        stack,
        $"{loss} compares {tensor} with the same target as the same loss before it: together they count as one of Weight = {weight}. "
        + "Remove it, or give the other one that weight.");

    [Theory]
    [InlineData("[Input(4), Dense(3), CrossEntropy, MeanSquaredError]")]
    [InlineData("[Input(4), Dense(3), CrossEntropy, CrossEntropy(LabelSmoothing = 0.1)]")]
    [InlineData("[Input(4), Dense(3), MeanSquaredError, MeanSquaredError(Target = \"other\")]")]
    [InlineData("[Input(4), Dense(3), MeanSquaredError]\n[Dense(3, From = \"input\"), MeanSquaredError]")]
    [InlineData("[Input(4), Dense(3), MeanSquaredError, L2]")]
    public Task Losses_that_differ_in_what_they_compute_or_compare_are_not_reported(string stack) => ReportsAsync(stack);

    [Theory]
    [InlineData("[Input(4), Dense(3), ExternalLoss]")]
    [InlineData("[Input(4), Dense(3), Output(\"a\"), Dense(2), Output(\"b\"), ExternalLoss]")]
    public Task A_network_may_leave_its_loss_to_the_caller(string stack) => ReportsAsync(stack);

    [Fact]
    public Task An_external_loss_beside_a_declared_one_is_a_warning() => ReportsAsync(
        "[Input(4), Dense(3), CrossEntropy, {|STRATA057:ExternalLoss|}]",
        "[ExternalLoss] changes nothing beside [CrossEntropy]: the trainer of a network with a loss "
        + "serves others, too. Remove one of the two.");

    [Fact]
    public Task A_layer_behind_an_external_loss_is_reported() => ReportsAsync(
        "[Input(4), Dense(3), ExternalLoss, {|STRATA014:ReLU|}]",
        "ReLU 'relu1' stands behind the loss [ExternalLoss]. Move the loss to the end, or say by From which tensor comes next.");

    [Theory]
    [InlineData("CrossEntropy({|STRATA020:LabelSmoothing = 1.5|})",
        "CrossEntropy: LabelSmoothing cannot be 1.5. Use a number from 0 to 1.")]
    [InlineData("CrossEntropy({|STRATA020:LabelSmoothing = double.NaN|})",
        "CrossEntropy: LabelSmoothing cannot be NaN. Use a number from 0 to 1.")]
    [InlineData("CrossEntropy({|STRATA020:Reduction = (Reduction)2|})",
        "CrossEntropy: Reduction cannot be 2. Use one of the names of its enum.")]
    [InlineData(
        "CrossEntropy({|STRATA020:ClassWeights = new double[] { 1, 2 }|})",
        "CrossEntropy: ClassWeights cannot be 2 numbers. Use 3 numbers, one for each class.")]
    [InlineData(
        "Hinge({|STRATA020:ClassWeights = new[] { 1.0, -2, 3 }|})",
        "Hinge: a number of ClassWeights cannot be −2. Use a finite number, at least 0.")]
    [InlineData("Hinge({|STRATA020:ClassWeights = new[] { 1.0 }|})",
        "Hinge: ClassWeights cannot be 1 number. Use 3 numbers, one for each class.")]
    [InlineData("CrossEntropy({|STRATA020:ClassWeights = new double[] { 0, 0, 0 }|})",
        "CrossEntropy: ClassWeights cannot be 0 for every class. Use a number of more than 0 for each class that counts.")]
    [InlineData("MeanSquaredError({|STRATA020:Weight = 0|})",
        "[MeanSquaredError]: Weight cannot be 0. Use another number: nothing would be trained.")]
    [InlineData("Hinge({|STRATA020:Margin = -1|})", "Hinge: Margin cannot be −1. Use a finite number, at least 0.")]
    [InlineData("SmoothL1({|STRATA020:Beta = -0.5|})", "SmoothL1: Beta cannot be −0.5. Use a finite number, at least 0.")]
    [InlineData("Huber({|STRATA020:Delta = 0|})", "Huber: Delta cannot be 0. Use a finite number, more than 0.")]
    [InlineData("Huber({|STRATA020:Delta = 1e39|})", "Huber: Delta cannot be 1E+39. Use a finite number, more than 0.")]
    [InlineData("L1({|STRATA020:Reduction = (Reduction)(-1)|})", "L1: Reduction cannot be −1. Use one of the names of its enum.")]
    public Task An_argument_of_a_loss_that_is_out_of_range_is_reported(string loss, string message) =>
        ReportsAsync($"[Input(4), Dense(3), {loss}]", message);
}
