using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class ClassRuleTests
{
    private const string Layers = "[Network, Input(4), Dense(2)]\n";

    [Fact]
    public Task A_valid_network_has_no_problem() => new Harness().ReportsAsync(Harness.LeNet5);

    [Fact]
    public Task A_class_that_is_not_partial_is_reported() => new Harness().ReportsAsync(
        "using Strata;\n" + Layers + "public class {|STRATA001:Net|};",
        "Network 'Net' is not partial, but the generator has to add its members. Write 'partial class Net'.");

    [Theory]
    [InlineData("static partial class {|STRATA002:Net|};",
        "static, but networks are instances with weights of their own. Remove 'static'.")]
    [InlineData("abstract partial class {|STRATA002:Net|};", "abstract, but its generated part is complete. Remove 'abstract'.")]
    [InlineData("partial class {|STRATA002:Net|}<T>;", "generic, but its code is written for one network. Remove the type parameters.")]
    [InlineData("file partial class {|STRATA002:Net|};", "file-local, but its generated part lies in another file. Remove 'file'.")]
    [InlineData("partial record {|STRATA002:Net|};", "a record, whose equality would compare weights. Declare it as 'partial class'.")]
    [InlineData("partial struct {|STRATA002:Net|};", "a struct, whose copies would share weights. Declare it as 'partial class'.")]
    [InlineData("partial record struct {|STRATA002:Net|};",
        "a record, whose equality would compare weights. Declare it as 'partial class'.")]
    [InlineData("partial class {|STRATA002:Net|}(int x) { public int X => x; }",
        "declared with a primary constructor, which the generated constructors cannot call. Remove its parameters.")]
    public Task A_class_that_cannot_be_a_network_is_reported(string declaration, string reason) => new Harness().ReportsAsync(
        "using Strata;\n" + Layers + declaration, $"Network 'Net' is {reason}");

    /// <summary>An error of the C# compiler would hide the rules of all networks.</summary>
    [Fact]
    public async Task A_struct_hides_no_rule_of_another_network()
    {
        var harness = new Harness();
        (string source, var spans) = Markup.Parse(
            "using Strata;\n" + Layers + "partial struct {|STRATA002:Net|};\n[Dense(2)] struct {|STRATA007:Other|};\n"
            + "[Network, Input(1, 4, 4), Conv2D(2, {|STRATA030:5|})] partial class Right;");
        harness.Generate(harness.Compile(source), out Compilation output);
        Assert.DoesNotContain(
            output.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal(
            spans.Select(span => span.Id),
            (await harness.AnalyzeAsync(source)).Select(diagnostic => diagnostic.Id));
    }

    /// <summary>The generated part of an invalid network needs no newer version, so that the rule is seen.</summary>
    [Fact]
    public void An_old_language_version_brings_no_error_of_the_compiler()
    {
        var harness = new Harness { Language = LanguageVersion.CSharp11 };
        harness.Generate(
            harness.Compile(
                "using Strata;\n" + Layers + "partial class Net { }\n[Dense(2)] public sealed class TwoAttribute : BlockAttribute { }\n"
                + "public sealed class BentAttribute : ElementwiseAttribute { public static float Value(float x) => x * x; }"),
            out Compilation output);
        Assert.DoesNotContain(
            output.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public Task A_container_that_is_not_partial_is_reported() => new Harness().ReportsAsync(
        "using Strata;\nclass Outer {\n" + Layers + "partial class {|STRATA003:Net|}; }",
        "Network 'Net' is nested in 'Outer', which is not partial. Declare 'Outer' partial.");

    [Fact]
    public Task A_generic_container_is_reported() => new Harness().ReportsAsync(
        "using Strata;\npartial class Outer<T> {\n" + Layers + "partial class {|STRATA003:Net|}; }",
        "Network 'Net' is nested in 'Outer<T>', which is generic. Move the network out of it.");

    [Theory]
    [InlineData("partial class Outer { partial struct Middle {", "} }")]
    [InlineData("partial record Outer { partial record struct Middle {", "} }")]
    [InlineData("partial interface IOuter { public partial class @class {", "} }")]
    public Task A_network_may_be_nested_in_partial_types(string before, string after) => new Harness().ReportsAsync(
        "using Strata;\n" + before + Layers + "private partial class Net;" + after);

    [Fact]
    public Task A_base_class_is_reported_but_an_interface_is_not() => new Harness().ReportsAsync(
        "using Strata;\nclass Model; interface IModel;\n" + Layers + "partial class {|STRATA004:Net|} : Model, IModel;\n"
        + Layers + "partial class Other : IModel;",
        "Network 'Net' derives from 'Model', but its generated part derives from Strata.CompiledNetwork. "
        + "Remove the base class; interfaces are fine.");

    [Fact]
    public Task An_old_language_version_is_reported() => new Harness { Language = LanguageVersion.CSharp11 }.ReportsAsync(
        "using Strata;\n" + Layers + "partial class {|STRATA005:Net|} { }",
        "Network 'Net' is compiled as C# 11.0, but the generated code needs C# 12.0. Set "
        + "<LangVersion>12.0</LangVersion> or remove the setting.");

    [Fact]
    public Task Layers_on_two_parts_are_reported() => new Harness().ReportsAsync(
        "using Strata;\n[Network, Input(4), Dense(2)]\npartial class Net;\n[{|STRATA006:ReLU|}]\npartial class Net;",
        "[ReLU] stands on another part of 'Net' than [Network], so its place in the order is not "
        + "defined. Move it to the part with [Network].");

    [Fact]
    public Task Layers_without_Network_are_reported() => new Harness().ReportsAsync(
        "using Strata;\n[Input(4), Dense(2)]\npartial class {|STRATA007:Net|};",
        "Class 'Net' has layers but is no network, so nothing is compiled. Add [Network] above them.");

    [Fact]
    public Task Another_part_of_the_class_may_hold_members() => new Harness().ReportsAsync(
        "using Strata;\n" + Layers + "partial class Net;\npartial class Net { public int Seven => 7; static Net() { } }");

    [Theory]
    [InlineData("interface Net;")]
    [InlineData("enum Net { }")]
    public async Task What_is_no_class_is_left_to_the_compiler(string declaration)
    {
        var harness = new Harness();
        string source = "using Strata;\n[Network]\n" + declaration;
        Assert.Empty(await harness.AnalyzeAsync(source));
        harness.Generate(harness.Compile(source), out var output);
        Assert.Contains(output.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Id == "CS0592");
    }

    [Theory]
    [InlineData("public const int InputLength = 3;", "InputLength")]
    [InlineData("public int CreateTrainer;", "CreateTrainer")]
    [InlineData("public Net() { }", "Net()")]
    [InlineData("public Net(ulong seed) { }", "Net(ulong)")]
    public Task A_member_that_the_generator_adds_is_reported(string member, string name) => new Harness().ReportsAsync(
        "using Strata;\n" + Layers + "partial class {|STRATA043:Net|} { " + member + " }",
        $"Network 'Net' declares '{name}', which the generator adds. Rename or remove it.");

    [Theory]
    [InlineData("Input(1, 2, 2), Normalize(new[] { 0.5 }, new[] { 0.2 }), Flatten, Dense(2)", "public int Forward => 3;", "Forward")]
    [InlineData("Input(1, 2, 2), Normalize(new[] { 0.5 }, new[] { 0.2 }), Flatten, Dense(2)",
        "public void Forward(System.ReadOnlySpan<byte> x, System.Span<float> y) { }",
        "Forward(System.ReadOnlySpan<byte>, System.Span<float>)")]
    [InlineData("Input(4), Dense(2), Output(\"a\"), Dense(3), Output(\"b\")", "public class Forward;", "Forward")]
    [InlineData("Input(4), Dense(2), Output(\"a\"), Dense(3), Output(\"b\")", "public int Forward;", "Forward")]
    [InlineData("Input(4), Dense(2), CrossEntropy", "public int CreateTrainer;", "CreateTrainer")]
    [InlineData("Input(4), Dense(2), CrossEntropy", "public int CreateTrainer(int size, Strata.Training.Optimizer? optimizer) => 3;",
        "CreateTrainer(int, Strata.Training.Optimizer)")]
    [InlineData("Input(4), Dense(2), CrossEntropy", "public Net(NetworkOptions? options) { }", "Net(Strata.NetworkOptions)")]
    public async Task A_member_in_the_place_of_a_generated_method_is_reported_and_the_compiler_says_nothing(string layers,
        string member, string name)
    {
        string source = $"using Strata;\n[Network, {layers}]\npartial class Net {{ {member} }}";
        new Harness().Generate(new Harness().Compile(source), out Compilation output);
        Diagnostic diagnostic = Assert.Single(await new Harness().AnalyzeAsync(output), d => d.Id == "STRATA043");
        Assert.Equal(
            $"Network 'Net' declares '{name}', which the generator adds. Rename or remove it.",
            diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        Assert.DoesNotContain(
            output.GetDiagnostics(TestContext.Current.CancellationToken),
            d => d.Severity == DiagnosticSeverity.Error && d.Id is not "CS7036" and not "CS1729");
    }

    [Fact]
    public Task A_type_of_the_same_name_as_a_parameters_makes_an_overload() => new Harness().ReportsAsync(
        "using Strata;\nclass Other { public class Optimizer; }\n[Network, Input(4), Dense(2), CrossEntropy]\n"
        + "partial class Net { public int CreateTrainer(int size, Other.Optimizer other) => size; }");

    [Theory]
    [InlineData("public const int InputLength = 3;")]
    [InlineData("public static int OutputShape;")]
    [InlineData("public Net() : base(null!, null!, null!) { }")]
    public void The_compiler_says_nothing_of_a_clash_so_that_the_rule_is_seen(string member)
    {
        new Harness().Generate(
            new Harness().Compile("using Strata;\n" + Layers + "partial class Net { " + member + " }"), out Compilation output);
        Assert.DoesNotContain(
            output.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public Task An_overload_of_CreateTrainer_is_allowed() => new Harness().ReportsAsync(
        "using Strata;\n" + Layers + "partial class Net { public int CreateTrainer(int size) => size; }");
}
