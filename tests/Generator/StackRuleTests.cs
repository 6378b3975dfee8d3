using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class StackRuleTests
{
    private static Task ReportsAsync(string stack, params string[] messages) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", messages);

    [Fact]
    public async Task A_nameless_output_is_reported_beside_a_nameless_input()
    {
        string[] ids = [.. (await new Harness().AnalyzeAsync(
            "using Strata;\n[Network, Input(4), Dense(2), Output, Input(4), Dense(2), Output(\"b\")]\npartial class Net;"))
            .Select(diagnostic => diagnostic.Id)];
        Assert.Equal(["STRATA011", "STRATA011"], ids);
    }

    [Fact]
    public Task A_network_without_input_is_reported() => new Harness().ReportsAsync(
        "using Strata;\n[Network, Dense(2)]\npartial class {|STRATA010:Net|};",
        "Network 'Net' has no input. Add [Input(features)], [Input(channels, length)], [Input(channels, height, width)] or "
        + "[Input(channels, depth, height, width)] before its first layer.");

    [Fact]
    public Task A_second_input_without_a_name_is_reported() => ReportsAsync(
        "[Input(4), Dense(2, Name = \"a\"), {|STRATA011:Input(4)|}, Dense(2, Name = \"b\"), Add(\"a\", \"b\")]",
        "Network 'Net' has another input of this name or without one. Give it a name of its own, Name = \"input2\", or remove it.");

    [Fact]
    public Task A_layer_before_the_input_is_reported_once() => ReportsAsync(
        "[{|STRATA012:ReLU|}, Dense(2)]\n[Input(4)]",
        "ReLU 'relu1' stands before the input. The stack reads from top to bottom: move [Input] above the first layer.");

    [Fact]
    public Task A_network_without_layers_is_reported() => new Harness().ReportsAsync(
        "using Strata;\n[Network, Input(4), MeanSquaredError]\npartial class {|STRATA013:Net|};",
        "Network 'Net' has no layers. Add at least one, such as [Dense(10)].");

    [Fact]
    public async Task An_empty_network_lacks_both() => Assert.Equal(
        ["STRATA010", "STRATA013"],
        System.Linq.Enumerable.Select(
            await new Harness().AnalyzeAsync("using Strata;\n[Network]\npartial class Net;"), diagnostic => diagnostic.Id));

    [Fact]
    public Task A_layer_after_the_loss_is_reported() => ReportsAsync(
        "[Input(4), Dense(2), MeanSquaredError, {|STRATA014:ReLU|}]",
        "ReLU 'relu1' stands behind the loss [MeanSquaredError]. Move the loss to the end, or say by From which tensor comes next.");

    [Fact]
    public Task A_block_behind_the_loss_is_reported_once() => new Harness().ReportsAsync(
        "using Strata;\n[Network, Input(4), Dense(2), MeanSquaredError, {|STRATA014:Tail(Repeat = 3)|}, ReLU]\npartial class "
        + "Net;\n[Dense(3), ReLU] class TailAttribute : BlockAttribute { }",
        "Tail 'tail1' stands behind the loss [MeanSquaredError]. Move the loss to the end, or say by From which tensor comes next.");

    [Theory]
    [InlineData("{|STRATA039:Input(28, 28, 1)|}, Conv2D(6, 1)",
        "Input: 28×28×1 would be 28 channels of 28×1 pixels, since channels come first. Write [Input(1, 28, 28)], "
        + "or name the arguments where it is meant.")]
    [InlineData("{|STRATA039:Input(224, 160, 3)|}, Conv2D(6, 3, Padding = 1)",
        "Input: 224×160×3 would be 224 channels of 160×3 pixels, since channels come first. Write [Input(3, 224, 160)], "
        + "or name the arguments where it is meant.")]
    [InlineData("{|STRATA039:Input(16, 64, 64, 1)|}, Flatten, Dense(3)",
        "Input: 16×64×64×1 would be 16 channels of 64×64×1 pixels, since channels come first. Write [Input(1, 16, 64, 64)], "
        + "or name the arguments where it is meant.")]
    [InlineData("Input(28, 28, 1), Conv2D(6, {|STRATA030:5|})",
        "Conv2D 'conv1': width (1 + 2·0 − 5)/1 + 1 = −3 is less than 1; input is 28×28×1. The channels of the "
        + "input come first: write [Input(1, 28, 28)].")]
    public Task Channels_that_stand_last_are_told_the_order(string stack, string message) => ReportsAsync($"[{stack}]", message);

    [Theory]
    [InlineData("Input(channels: 64, height: 100, width: 1), Conv2D(6, 1)")] // said to be meant
    [InlineData("Input(3, 32, 4), Conv2D(6, 1)")]
    [InlineData("Input(16, 7, 1), Conv2D(6, 1)")]
    public Task Channels_that_stand_first_are_not(string stack) => ReportsAsync($"[{stack}]");

    [Fact]
    public Task Losses_that_train_nothing_are_reported() => ReportsAsync(
        "[Input(4), Dense(2), MeanSquaredError({|STRATA020:Weight = 0|}), L1(Weight = 0)]",
        "[MeanSquaredError]: Weight cannot be 0 for every loss of the network. Use another number: nothing would be trained.");

    [Fact]
    public Task Attributes_that_are_not_Stratas_are_ignored() => new Harness().ReportsAsync(
        "using Strata; using System;\n[Network, Serializable, Input(4)]\n[Obsolete(\"old\"), Dense(2)]\npartial class Net;");
}
