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
        "Network 'Net' has no input. Add [Input(features)], [Input(channels, length)] or [Input(channels, height, width)] before its first layer.");

    [Fact]
    public Task A_second_input_is_reported() => ReportsAsync(
        "[Input(4), Dense(2), {|STRATA011:Input(3)|}]", "Network 'Net' has an input already. Remove this one.");

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
        "ReLU 'relu1' stands behind the loss [MeanSquaredError]. Move the loss to the end.");

    [Fact]
    public Task A_second_loss_is_reported() => ReportsAsync(
        "[Input(4), Dense(2), CrossEntropy, {|STRATA015:MeanSquaredError|}]",
        "Network 'Net' has the loss [CrossEntropy] already. Remove one of the two.");

    [Fact]
    public Task Attributes_that_are_not_Stratas_are_ignored() => new Harness().ReportsAsync(
        "using Strata; using System;\n[Network, Serializable, Input(4)]\n[Obsolete(\"old\"), Dense(2)]\npartial class Net;");
}
