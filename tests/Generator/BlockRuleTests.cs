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
    public async Task An_error_inside_a_block_stands_at_its_use_and_shows_the_line()
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
        Assert.Equal("Outer(9, Name = \"b\")", Text(diagnostic.Location));
        Assert.Equal(["Inner(Size)", "Kernel"], diagnostic.AdditionalLocations.Select(Text));

        string Text(Location location) => Source.Substring(location.SourceSpan.Start, location.SourceSpan.Length);
    }

    [Fact]
    public Task A_mistake_of_every_copy_is_reported_once() => ReportsAsync(
        "[Input(3), {|STRATA020:Bad(Repeat = 3)|}]",
        "[Dropout(2.0), Dense(3)] class BadAttribute : BlockAttribute { }",
        "Dropout 'bad1.dropout1': rate is 2, but must be at least 0 and less than 1");

    [Fact]
    public Task A_parameter_without_its_constant_is_reported_where_it_is_used() => ReportsAsync(
        "[Input(3), Bad({|STRATA025:5|})]",
        "[Dense(3)] class BadAttribute : BlockAttribute { public BadAttribute(int units) { } }",
        "Bad 'bad1': the block has no constant 'Units' that its parameter 'units' could replace. Add it, as in 'private const int Units = 64;', or remove the parameter.");

    [Fact]
    public Task A_parameter_without_its_constant_is_reported_where_it_is_left_out() => ReportsAsync(
        "[Input(3), {|STRATA025:Bad|}]",
        "[Dense(3)] class BadAttribute : BlockAttribute { public BadAttribute(int units = 3) { } }",
        "Bad 'bad1': the block has no constant 'Units' that its parameter 'units' could replace. Add it, as in 'private const int Units = 64;', or remove the parameter.");

    [Fact]
    public Task A_block_inside_itself_is_reported() => ReportsAsync(
        "[Input(3), {|STRATA027:A|}]",
        "[Dense(3), B] class AAttribute : BlockAttribute { }\n[A] class BAttribute : BlockAttribute { }",
        "A 'a1.b1.a1' would never end, since the block contains itself: 'AAttribute' → 'BAttribute' → 'AAttribute'. Write the repetition as Repeat.");

    [Fact]
    public Task A_repetition_below_one_is_reported() => ReportsAsync(
        "[Input(3), A({|STRATA020:Repeat = 0|}), {|STRATA020:B(0)|}]",
        "[Dense(3)] class AAttribute : BlockAttribute { }\n[A(Repeat = Times)] class BAttribute : BlockAttribute { const int Times = 1; public BAttribute(int times) { } }",
        "A 'a1': Repeat is 0, but must be at least 1",
        "A 'b1.a1': Repeat is 0, but must be at least 1");

    [Theory]
    [InlineData("4 * Units", "2000000000", "4 * Units = 8000000000 overflows int")]
    [InlineData("4 / (Units - 3)", "3", "4 / (Units - 3) divides by zero")]
    [InlineData("(byte)Units", "300", "300 is out of the range of byte")]
    [InlineData("(int)(1e9 * Units)", "3", "3000000000 is out of the range of int")]
    public async Task An_argument_without_value_is_reported(string expression, string argument, string reason)
    {
        ImmutableArray<Diagnostic> diagnostics = await new Harness().AnalyzeAsync(
            $"using Strata;\n[Network, Input(3), Some({argument})] partial class Net;\n[Dense({expression})] class SomeAttribute : BlockAttribute {{ const int Units = 1; public SomeAttribute(int units) {{ }} }}");
        Assert.Equal(
            [$"Dense 'some1.dense1': units has no value here: {reason}"],
            diagnostics.Select(diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public Task Branches_end_in_their_block() => ReportsAsync(
        "[Input(3), {|STRATA017:Open|}, Branch, ReLU, Branch, Add]",
        "[Branch, ReLU, Branch] class OpenAttribute : BlockAttribute { }",
        "The group of 2 branches that begins here is not joined before its block ends. Put [Add], [Concat] or [Multiply] behind its last branch.");

    [Fact]
    public Task A_block_on_two_parts_of_its_class_is_reported() => ReportsAsync(
        "[Input(3), {|STRATA006:Split|}]",
        "[Dense(3)] partial class SplitAttribute : BlockAttribute { }\n[ReLU] partial class SplitAttribute { }",
        "[ReLU] stands on another part of 'SplitAttribute' than [Dense], so its place in the order is not defined. Move it to the part with [Dense].");

    [Fact]
    public async Task A_block_that_the_compiler_refuses_is_left_to_the_compiler() => Assert.Empty(
        await new Harness().AnalyzeAsync(
            "using Strata;\n[Network, Input(3), Half] partial class Net;\n[Dence(3), Conv2D(2, 3)] class HalfAttribute : BlockAttribute { }"));

    [Fact]
    public Task A_block_needs_no_network() => new Harness().ReportsAsync(
        "using Strata;\n[Branch, ReLU, Branch, Add] class NiceAttribute : BlockAttribute { }");

    [Fact]
    public Task Names_inside_a_block_are_checked() => ReportsAsync(
        "[Input(3), {|STRATA040:Twice(Repeat = 2)|}, {|STRATA042:Odd|}]",
        "[Dense(3, Name = \"x\"), Dense(3, Name = \"x\")] class TwiceAttribute : BlockAttribute { }\n[Dense(3, Name = \"toString\")] class OddAttribute : BlockAttribute { }",
        "Dense 'twice1.x': the name 'twice1.x' is taken by Dense 'twice1.x'. Choose another name.",
        "Dense 'odd1.toString': the property 'ToString' clashes with the member 'ToString' that every object has. Set Name to another name.");

    [Fact]
    public async Task Blocks_that_use_blocks_are_limited()
    {
        string blocks = string.Concat(Enumerable.Range(1, 9).Select(i => $"[L{i - 1}(Repeat = 10)] class L{i}Attribute : BlockAttribute {{ }}\n"));
        ImmutableArray<Diagnostic> diagnostics = await new Harness().AnalyzeAsync(
            $"using Strata;\n[Network, Input(3), L9] partial class Net;\n[ReLU] class L0Attribute : BlockAttribute {{ }}\n{blocks}");
        Assert.Contains(diagnostics, diagnostic => diagnostic.Id == "STRATA036");
    }
}
