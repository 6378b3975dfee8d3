using System.Linq;
using System.Threading.Tasks;
using Strata.Compiler.Declarations;
using Strata.Compiler.Graph;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class NameRuleTests
{
    private static Task ReportsAsync(string stack, params string[] messages) =>
        new Harness().ReportsAsync(
            $"using Strata;\n[Network]\n[Input(4)]\n{stack}\npartial class Net {{ int Mine = 1; public int Get() => Mine; }}", messages);

    [Fact]
    public Task Duplicate_names_are_reported() => ReportsAsync(
        "[Dense(2, Name = \"head\"), Dense(2, {|STRATA040:Name = \"head\"|})]",
        "Dense 'head': the name 'head' is taken by Dense 'head'. Choose another name.");

    [Fact]
    public Task A_name_that_is_another_layers_default_is_reported_where_it_is_chosen() => ReportsAsync(
        "[Dense(2, {|STRATA040:Name = \"dense2\"|}), Dense(2)]",
        "Dense 'dense2': the name 'dense2' is taken by Dense 'dense2'. That is the default name of that layer; choose another one.");

    [Fact]
    public Task Names_that_become_one_property_are_reported() => ReportsAsync(
        "[Dense(2, Name = \"a.b\"), Dense(2, {|STRATA040:Name = \"a_B\"|})]",
        "Dense 'a_B': the name 'a_B' is taken by Dense 'a.b'. Both names become the property 'A_B'; choose another name.");

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("a..b", "a part between dots is empty")]
    [InlineData("1st", "it begins with a digit")]
    [InlineData("my+layer", "it holds '+'")]
    [InlineData("zero\u200Dwidth", "it holds a character that identifiers cannot hold")]
    [InlineData("my layer", "it holds a character that identifiers cannot hold")]
    public Task A_name_without_identifier_is_reported(string name, string reason) => ReportsAsync(
        $"[Dense(2, {{|STRATA041:Name = \"{name}\"|}})]",
        $"Dense '{name}': the name '{name}' yields no C# identifier: {reason}. Use letters, digits, underscores and hyphens, in parts "
        + "separated by dots, the first of which does not begin with a digit.");

    [Theory]
    [InlineData("mine", "Mine", "the member 'Mine' of the class")]
    [InlineData("net", "Net", "the class's own name")]
    [InlineData("inputLength", "InputLength", "a member that the generator adds")]
    [InlineData("toString", "ToString", "the member 'ToString' that every network has")]
    public Task A_name_that_clashes_with_a_member_is_reported(string name, string identifier, string clash) => ReportsAsync(
        $"[Dense(2, {{|STRATA042:Name = \"{name}\"|}})]",
        $"Dense '{name}': the property '{identifier}' clashes with {clash}. Set Name to another name.");

    [Theory]
    [InlineData("conv1", "Conv1")]
    [InlineData("layer2.1", "Layer2_1")]
    [InlineData("layer1.0.conv1", "Layer1_0_Conv1")]
    [InlineData("features.0", "Features_0")]
    [InlineData("block1.block1-0", "Block1_Block1_0")]
    [InlineData("_x", "_x")]
    [InlineData("größe", "Größe")]
    public void An_identifier_is_derived_from_the_name(string name, string identifier) =>
        Assert.Equal(identifier, LayerNames.Identifier(name, out _));

    [Fact]
    public void Layers_are_counted_by_kind_and_a_name_renames_no_other()
    {
        NetworkGraph graph = Graphs.Of(
            "[Input(1, 8, 8), Conv2D(1, 1), ReLU, Conv2D(1, 1, Name = \"stem\"), MaxPool2D(1), Conv2D(1, 1), AveragePool2D(1)]");
        Assert.Equal(["", "conv1", "relu1", "stem", "pool1", "conv3", "pool2"], graph.Nodes.Select(node => node.Name));
        Assert.Equal(["Input", "Conv1", "Relu1", "Stem", "Pool1", "Conv3", "Pool2"], graph.Nodes.Select(node => node.Identifier));
    }
}
