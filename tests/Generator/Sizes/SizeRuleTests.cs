using System.Linq;
using System.Threading.Tasks;
using Strata.Compiler.Declarations;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>What is wrong with declared sizes.</summary>
public sealed class SizeRuleTests
{
    private static Task ReportsAsync(string stack, params string[] messages) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;", messages);

    private static string[] SizesOf(string stack) =>
        [.. Graphs.ModelOf($"using Strata;\n[Network]\n{stack}\npartial class Net;").Sizes.Select(size => size.Size)];

    [Fact]
    public void Sizes_are_products_without_the_declared_one()
    {
        Assert.Equal(
            ["48×160", "96×160", "96×320"],
            SizesOf("[Input(3, 48, 320), Sizes(Width = new[] { 160, 320 }, HeightRange = new[] { 48, 100, 48 }), ReLU]"));
        Assert.Equal(["8", "11", "14"], SizesOf("[Input(3, 5), Sizes(LengthRange = new[] { 5, 14, 3 }), ReLU]"));
        Assert.Empty(SizesOf("[Input(3, 5), Sizes(Length = new[] { 5 }), ReLU]"));
        Assert.Empty(SizesOf("[Input(3, 5), Sizes, ReLU]"));
    }

    [Fact]
    public void Inputs_with_axes_change_together_and_features_stay() => Assert.Equal(
        ["5×8×5×8"],
        SizesOf("[Input(3, 5, 6, Name = \"a\"), Sizes(Width = new[] { 8 }), Input(4, Name = \"b\"), Dense(2, Name = \"d\"), "
            + "Input(3, 5, 6, Name = \"c\"), Add(\"a\", \"c\"), Output(\"x\"), Output(\"y\", From = \"d\")]"));

    [Fact]
    public Task A_layer_that_fixes_the_size_is_reported_with_the_arithmetic() => ReportsAsync(
        "[Input(3, 16, 16), {|STRATA059:Sizes(Height = new[] { 8 }, Width = new[] { 12, 20 })|}, Conv2D(4, 3), Flatten, "
        + "Dense(10, Name = \"head\")]",
        "Sizes: the network cannot have the size 8×12, nor 1 other size: 'head' fixes it: its parameter head.weight is (10, 784), and "
        + "would be (10, 240) at 8×12. At 16×16 it reads 784 of 'flatten1' (4·14·14 = 784); at 8×12 it reads 240 of 'flatten1' "
        + "(4·6·10 = 240).");

    [Fact]
    public Task A_size_at_which_a_layer_does_not_fit_is_reported_with_its_formula() => ReportsAsync(
        "[Input(3, 16, 16), {|STRATA059:Sizes(Width = new[] { 16, 4 })|}, Conv2D(4, 7)]",
        "Sizes: the network cannot have the size 16×4: Conv2D 'conv1': width (4 + 2·0 − 7)/1 + 1 = −2 is less than 1; input is 3×16×4. "
        + "Reduce the kernel or add padding.");

    [Fact]
    public Task More_sizes_than_256_are_reported() => ReportsAsync(
        "[Input(3, 16, 16), {|STRATA036:Sizes(HeightRange = new[] { 1, 16, 1 }, WidthRange = new[] { 1, 17, 1 })|}, ReLU]",
        "Sizes: the number of sizes, 16·17 = 272, is more than a network can have, 256");

    [Fact]
    public Task A_range_of_more_extents_is_reported() => ReportsAsync(
        "[Input(3, 16, 16), Sizes({|STRATA036:WidthRange = new[] { 1, 2000000000, 1 }|}), ReLU]",
        "Sizes: the number of sizes, 2000000000, is more than a network can have, 256");

    [Fact]
    public Task Extents_are_1_or_more_and_no_two_are_the_same() => ReportsAsync(
        "[Input(3, 16, 16), Sizes(Width = new[] { 8, {|STRATA020:0|}, {|STRATA020:8|} }), ReLU]",
        "Sizes: Width cannot be 0. Use at least 1.",
        "Sizes: Width cannot be 8 twice. Use each extent once.");

    [Fact]
    public Task A_range_is_three_numbers_in_order() => ReportsAsync(
        "[Input(3, 16, 16), Sizes({|STRATA020:HeightRange = new[] { 8, 16 }|}, {|STRATA020:WidthRange = new[] { 9, 8, 1 }|}), ReLU]",
        "Sizes: HeightRange cannot be 2 numbers. Use 3 numbers: from, to, step.",
        "Sizes: WidthRange cannot be 9, 8, 1. Use from, to, step with 1 ≤ from ≤ to and 1 ≤ step.");

    [Fact]
    public Task A_list_and_a_range_of_one_axis_exclude_each_other() => ReportsAsync(
        "[Input(3, 16, 16), Sizes(Width = new[] { 8 }, {|STRATA021:WidthRange = new[] { 8, 16, 8 }|}), ReLU]",
        "Sizes: Width and WidthRange exclude each other. Remove one of them.");

    [Fact]
    public Task An_axis_that_the_input_does_not_have_is_reported() => ReportsAsync(
        "[Input(3, 16), Sizes({|STRATA022:Width = new[] { 8 }|}), ReLU]",
        "Sizes: the input 3×16 has no width. Use Length.");

    [Fact]
    public Task Features_have_no_sizes() => ReportsAsync(
        "[Input(16), {|STRATA022:Sizes(Width = new[] { 8 })|}, ReLU]",
        "Sizes: the input has 16 features and no other extents. Remove it.");

    [Fact]
    public Task Inputs_of_different_extents_are_refused() => ReportsAsync(
        "[Input(3, 5, 6, Name = \"a\"), {|STRATA022:Sizes(Width = new[] { 8 })|}, Conv2D(2, 1, Name = \"d\"), "
        + "Input(3, 5, 7, Name = \"c\"), Conv2D(2, 1), Output(\"x\"), Output(\"y\", From = \"d\")]",
        "Sizes: the inputs 3×5×6 and 3×5×7 have different extents. Give all inputs the same extents, or remove it.");

    [Fact]
    public void The_layers_of_another_network_come_without_its_sizes()
    {
        NetworkModel model = Graphs.ModelOf(
            "using Strata;\n[Network, Input(3, 16, 16), Sizes(Width = new[] { 8 }), Conv2D(2, 3)] partial class Net;\n"
            + "[Network, Input(3, 16, 16), LayersOf(typeof(Net)), ReLU] partial class Other;",
            "Other");
        Assert.Empty(model.Problems);
        Assert.Empty(model.Sizes);
    }
}
