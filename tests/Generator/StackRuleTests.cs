using System.Threading.Tasks;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class StackRuleTests
{
    private static Task ReportsAsync(string stack, params string[] messages) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", messages);

    [Fact]
    public Task A_network_without_input_is_reported() => new Harness().ReportsAsync(
        "using Strata;\n[Network, Dense(2)]\npartial class {|STRATA010:Net|};",
        "Network 'Net' has no input. Add [Input(features)], [Input(channels, length)], [Input(channels, height, width)] or [Input(channels, depth, height, width)] before its first layer.");

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
    public Task A_second_loss_with_targets_of_another_kind_is_reported() => ReportsAsync(
        "[Input(4), Dense(2), CrossEntropy, {|STRATA015:MeanSquaredError|}]",
        "[MeanSquaredError] takes numbers, but the targets of this network are class indices, because of [CrossEntropy]. Use losses of one kind.");

    [Fact]
    public Task Attributes_that_are_not_Stratas_are_ignored() => new Harness().ReportsAsync(
        "using Strata; using System;\n[Network, Serializable, Input(4)]\n[Obsolete(\"old\"), Dense(2)]\npartial class Net;");
}
