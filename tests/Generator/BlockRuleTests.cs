using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class BlockRuleTests
{
    private static Task ReportsAsync(string stack, string blocks, params string[] messages) =>
        new Harness().ReportsAsync($"using Strata;\n[Network]\n{stack}\npartial class Net;\n{blocks}", messages);

    [Fact]
    public async Task An_argument_that_blocks_pass_on_is_wrong_where_it_was_written()
    {
        const string Source = """
            using Strata;
            [Network, Input(3, 8, 8)]
            [Outer(3, Name = "a"), Outer(9, Name = "b")]
            partial class Net;
            [Inner(Size)]
            class OuterAttribute : BlockAttribute { const int Size = 1; public OuterAttribute(int size) { } }
            [ReLU, Conv2D(2, Kernel)]
            class InnerAttribute : BlockAttribute { const int Kernel = 1; public InnerAttribute(int kernel) { } }
            """;
        Diagnostic diagnostic = Assert.Single(await new Harness().AnalyzeAsync(Source));
        Assert.Equal(
            "Conv2D 'b.inner1.conv1': height (6 + 2·0 − 9)/1 + 1 = −2 is less than 1; input is 2×6×6. Reduce the kernel or add padding.",
            diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("9", Text(diagnostic.Location));
        Assert.Equal(["Size", "Kernel"], diagnostic.AdditionalLocations.Select(Text));

        string Text(Location location) => Source.Substring(location.SourceSpan.Start, location.SourceSpan.Length);
    }

    /// <summary>A block's own mistake stands at its literal, however often the block is used and repeated.</summary>
    [Theory]
    [InlineData("Dropout({|STRATA020:2.0|}), Dense(3)", "Dropout 'a.0.dropout1': rate cannot be 2. Use at least 0 and less than 1.")]
    [InlineData("Dense(Name = \"x\", {|STRATA020:units: Zero - 1|})", "Dense 'a.0.x': units cannot be −1. Use at least 1.")]
    [InlineData("Dense(3, Name = \"x\"), ReLU, Dense(3, {|STRATA040:Name = \"x\"|})",
        "Dense 'a.0.x': the name 'a.0.x' is taken by Dense 'a.0.x'. Choose another name.")]
    [InlineData("Dense(4), ReLU({|STRATA044:From = \"dens1\"|}), Dense(3)",
        "ReLU 'a.0.relu1': there is no layer, block or input 'dens1'. The nearest name is 'dense1'.")]
    [InlineData("Dense(3), ReLU, {|STRATA055:Sigmoid|}",
        "Sigmoid 'a.0.sigmoid1' stands right behind another activation, ReLU 'a.0.relu1'. Remove one of the two.")]
    public async Task A_mistake_in_a_block_is_reported_once_where_it_stands(string layers, string message)
    {
        (string source, List<MarkedSpan> spans) = Markup.Parse($$"""
            using Strata;
            [Network, Input(3)]
            [Bad(Name = "a", Repeat = 50), Dense(3), Bad, Around(Repeat = 5)]
            partial class Net;
            [{{layers}}] class BadAttribute : BlockAttribute { const int Zero = 0; }
            [Dense(3), Bad(Repeat = 2), Dense(3), Bad] class AroundAttribute : BlockAttribute { }
            """);
        Diagnostic diagnostic = Assert.Single(await new Harness().AnalyzeAsync(source));
        Assert.Equal(message, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(spans.Select(span => (span.Id, span.Start)), [(diagnostic.Id, diagnostic.Location.SourceSpan.Start)]);
        Assert.Equal(5, diagnostic.AdditionalLocations.Count);
        Assert.All(diagnostic.AdditionalLocations, location => Assert.Matches("^(Bad|Around)", source[location.SourceSpan.Start..]));
    }

    [Fact]
    public Task A_block_that_works_elsewhere_is_wrong_at_its_use() => ReportsAsync(
        "[Input(3, 9, 9), Down, Down, {|STRATA030:Down|}, Down]",
        "[Conv2D(3, 4)] class DownAttribute : BlockAttribute { }",
        "Conv2D 'down3.conv1': height (3 + 2·0 − 4)/1 + 1 = 0 is less than 1; input is 3×3×3. Reduce the kernel or add padding.");

    [Fact]
    public Task The_repetition_of_a_block_that_works_once_is_wrong() => ReportsAsync(
        "[Input(3, 9, 9), {|STRATA030:Down(Repeat = 5)|}]",
        "[Conv2D(3, 4)] class DownAttribute : BlockAttribute { }",
        "Conv2D 'down3.conv1': height (3 + 2·0 − 4)/1 + 1 = 0 is less than 1; input is 3×3×3. Reduce the kernel or add padding.");

    [Fact]
    public Task Both_axes_of_a_window_are_two_mistakes() => ReportsAsync(
        "[Input(3, 4, 5), Branch, Big, Branch, Big, Add]",
        "[Conv2D(3, {|STRATA030:7|}, {|STRATA030:KernelHeight = 9|})] class BigAttribute : BlockAttribute { }",
        "Conv2D 'big1.conv1': width (5 + 2·0 − 7)/1 + 1 = −1 is less than 1; input is 3×4×5. Reduce the kernel or add padding.",
        "Conv2D 'big1.conv1': height (4 + 2·0 − 9)/1 + 1 = −4 is less than 1; input is 3×4×5. Reduce the kernel or add padding.");

    [Fact]
    public Task An_argument_that_is_computed_from_a_parameter_is_wrong_where_that_is_written() => ReportsAsync(
        "[Input(3, 4, 4), Some({|STRATA020:-3|}), ReLU]",
        "[Conv2D(Twice, 1)] class SomeAttribute : BlockAttribute { const int Units = 1, Twice = 2 * Units; "
        + "public SomeAttribute(int units = 1) { } }",
        "Conv2D 'some1.conv1': filters cannot be −6. Use at least 1.");

    [Fact]
    public Task A_mistake_of_every_copy_is_reported_once() => ReportsAsync(
        "[Input(3), Bad(Repeat = 3)]",
        "[Dropout({|STRATA020:2.0|}), Dense(3)] class BadAttribute : BlockAttribute { }",
        "Dropout 'bad1.dropout1': rate cannot be 2. Use at least 0 and less than 1.");

    [Fact]
    public Task A_parameter_without_its_constant_is_reported_where_it_is_used() => ReportsAsync(
        "[Input(3), Bad({|STRATA025:5|})]",
        "[Dense(3)] class BadAttribute : BlockAttribute { public BadAttribute(int units) { } }",
        "Bad 'bad1': its class has no constant 'Units' that its parameter 'units' could replace. Add it, as in 'private const int "
        + "Units = 64;', or remove the parameter.");

    [Fact]
    public Task A_parameter_without_its_constant_is_reported_where_it_is_left_out() => ReportsAsync(
        "[Input(3), {|STRATA025:Bad|}]",
        "[Dense(3)] class BadAttribute : BlockAttribute { public BadAttribute(int units = 3) { } }",
        "Bad 'bad1': its class has no constant 'Units' that its parameter 'units' could replace. Add it, as in 'private const int "
        + "Units = 64;', or remove the parameter.");

    [Fact]
    public Task A_block_inside_itself_is_reported() => ReportsAsync(
        "[Input(3), A]",
        "[Dense(3), B] class AAttribute : BlockAttribute { }\n[{|STRATA027:A|}] class BAttribute : BlockAttribute { }",
        "A 'a1.b1.a1' would never end, since it contains itself: 'AAttribute' → 'BAttribute' → "
        + "'AAttribute'. Write the repetition as Repeat.");

    [Fact]
    public Task The_layers_of_a_network_inside_itself_are_reported() => ReportsAsync(
        "[Input(3), {|STRATA027:LayersOf(typeof(Net))|}]",
        "",
        "[LayersOf] would never end, since it contains itself: 'Net' → 'Net'. Take the layers of another network.");

    [Fact]
    public Task A_negative_repetition_is_reported() => ReportsAsync(
        "[Input(3), A({|STRATA020:Repeat = -1|}), B({|STRATA020:-2|})]",
        "[Dense(3)] class AAttribute : BlockAttribute { }\n[A(Repeat = Times)] class BAttribute : BlockAttribute { const int Times "
        + "= 1; public BAttribute(int times) { } }",
        "A 'a1': Repeat cannot be −1. Use at least 0.",
        "A 'b1.a1': Repeat cannot be −2. Use at least 0.");

    [Theory]
    [InlineData("4 * Units", "2000000000", "4 * Units = 8000000000 overflows int")]
    [InlineData("4 / (Units - 3)", "3", "4 / (Units - 3) divides by zero")]
    [InlineData("(byte)Units", "300", "300 is out of the range of byte")]
    [InlineData("(int)(1e9 * Units)", "3", "3000000000 is out of the range of int")]
    public async Task An_argument_without_value_is_reported(string expression, string argument, string reason)
    {
        ImmutableArray<Diagnostic> diagnostics = await new Harness().AnalyzeAsync(
            $"using Strata;\n[Network, Input(3), Some({argument})] partial class Net;\n[Dense({expression})] class SomeAttribute : "
            + "BlockAttribute { const int Units = 1; public SomeAttribute(int units) { } }");
        Assert.Equal(
            [$"Dense 'some1.dense1': units has no value here: {reason}"],
            diagnostics.Select(diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public Task Branches_end_in_their_block() => ReportsAsync(
        "[Input(3), Open, Branch, ReLU, Branch, Add]",
        "[{|STRATA017:Branch|}, ReLU, Branch] class OpenAttribute : BlockAttribute { }",
        "The group of 2 branches that begins here is not joined before its block ends. Put [Add], "
        + "[Concat] or [Multiply] behind its last branch.");

    [Fact]
    public Task A_block_on_two_parts_of_its_class_is_reported() => ReportsAsync(
        "[Input(3), Parted]",
        "[Dense(3)] partial class PartedAttribute : BlockAttribute { }\n[{|STRATA006:ReLU|}] partial class PartedAttribute { }",
        "[ReLU] stands on another part of 'PartedAttribute' than [Dense], so its place in the order is not "
        + "defined. Move it to the part with [Dense].");

    [Fact]
    public Task What_the_compiler_refuses_in_a_block_is_the_only_thing_that_is_reported() => new Harness().ReportsAsync(
        "using Strata;\n[Network, Input(3), Half] partial class Net;\n[{|STRATA070:Dence(3)|}, Conv2D(2, 3)] class HalfAttribute : "
            + "BlockAttribute { }",
        "There is no layer, block or loss [Dence]. The nearest is [Dense].");

    [Fact]
    public Task A_block_needs_no_network() => new Harness().ReportsAsync(
        "using Strata;\n[Branch, ReLU, Branch, Add] class NiceAttribute : BlockAttribute { }");

    [Fact]
    public Task Names_inside_a_block_are_checked() => ReportsAsync(
        "[Input(3), Twice(Repeat = 2), Odd]",
        "[Dense(3, Name = \"x\"), Dense(3, {|STRATA040:Name = \"x\"|})] class TwiceAttribute : BlockAttribute { }\n[Dense(3, "
        + "{|STRATA042:Name = \"toString\"|})] class OddAttribute : BlockAttribute { }",
        "Dense 'twice1.x': the name 'twice1.x' is taken by Dense 'twice1.x'. Choose another name.",
        "Dense 'odd1.toString': the property 'ToString' clashes with the member 'ToString' that "
        + "every object has. Set Name to another name.");

    [Fact]
    public async Task Blocks_that_use_blocks_are_limited()
    {
        string blocks = string.Concat(
            Enumerable.Range(1, 9).Select(i => $"[L{i - 1}(Repeat = 10)] class L{i}Attribute : BlockAttribute {{ }}\n"));
        ImmutableArray<Diagnostic> diagnostics = await new Harness().AnalyzeAsync(
            $"using Strata;\n[Network, Input(3), L9] partial class Net;\n[ReLU] class L0Attribute : BlockAttribute {{ }}\n{blocks}");
        Assert.Equal(["STRATA028"], diagnostics.Select(diagnostic => diagnostic.Id));
    }
}
