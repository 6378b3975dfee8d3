using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Strata.CodeFixes;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class CodeFixTests
{
    private static readonly ProblemCodeFixProvider Fixed = new();
    private static readonly PartialCodeFixProvider Partial = new();
    private static readonly LayerNameCodeFixProvider LayerName = new();
    private static readonly StaticMemberCodeFixProvider StaticMember = new();

    [Theory]
    [InlineData("net.OutputLength", "Net.OutputLength")]
    [InlineData("net.InputLength + 1", "Net.InputLength + 1")]
    [InlineData("net.OutputShape[0]", "Net.OutputShape[0]")]
    [InlineData("(net).ParameterCount", "Net.ParameterCount")]
    [InlineData("new Demo.Net().OutputLength", "Net.OutputLength")]
    public Task What_belongs_to_the_class_is_read_from_it(string before, string after) =>
        Edited.FixesAsync(StaticMember, Reads(before), Reads(after));

    [Fact]
    public Task What_belongs_to_the_class_is_read_from_it_everywhere() =>
        Edited.FixesAllAsync(StaticMember, Reads("net.OutputLength * net.InputLength"), Reads("Net.OutputLength * Net.InputLength"));

    [Fact]
    public Task Members_of_other_classes_are_left_alone() =>
        Edited.HasNoFixAsync(StaticMember, Reads("\"\".Length + net.ToString().Empty.Length"));

    private static string Reads(string value) => $$"""
        using Strata;

        namespace Demo;

        [Network, Input(4), Dense(2)]
        public partial class Net;

        public static class Program
        {
            public static int Read(Net net) => {{value}};
        }

        """;

    [Fact]
    public Task Flatten_gets_a_bracket_of_its_own_before_a_dense_layer_that_begins_one() => Edited.FixesAsync(
        Fixed,
        """
        using Strata;

        namespace Demo
        {
            [Network]
            [Input(1, 8, 8)]
            [Conv2D(4, 3), ReLU]            // features
            // head
            [Dense(10), Softmax]            // classes
            [CrossEntropy]
            public partial class Net;
        }
        """,
        """
        using Strata;

        namespace Demo
        {
            [Network]
            [Input(1, 8, 8)]
            [Conv2D(4, 3), ReLU]            // features
            // head
            [Flatten]
            [Dense(10), Softmax]            // classes
            [CrossEntropy]
            public partial class Net;
        }
        """);

    [Theory]
    [InlineData("[Network, Input(1, 8, 8), Dense(10)]", "[Network, Input(1, 8, 8), Flatten, Dense(10)]")]
    [InlineData("[Network, Input(1, 8, 8), /* head */ Dense(10)]", "[Network, Input(1, 8, 8), /* head */ Flatten, Dense(10)]")]
    [InlineData("[Network, Input(1, 8, 8), ReLU,\n          Dense(10)]", "[Network, Input(1, 8, 8), ReLU,\n          Flatten, Dense(10)]")]
    [InlineData("[Network] [Input(1, 8, 8)] [Dense(10)]", "[Network] [Input(1, 8, 8)] [Flatten] [Dense(10)]")]
    [InlineData("[Network][Input(1, 8, 8)][Dense(10)]", "[Network][Input(1, 8, 8)][Flatten][Dense(10)]")]
    [InlineData("[Network, Input(1, 8, 8)]\r\n[Dense(10)]\r\n", "[Network, Input(1, 8, 8)]\r\n[Flatten]\r\n[Dense(10)]\r\n")]
    [InlineData("[Network, Input(1, 8, 8)]\n\t[Dense(10)]", "[Network, Input(1, 8, 8)]\n\t[Flatten]\n\t[Dense(10)]")]
    public Task Flatten_follows_the_style_of_the_brackets(string before, string after) => Edited.FixesAsync(
        Fixed, $"using Strata;\n{before} partial class Net;", $"using Strata;\n{after} partial class Net;");

    [Theory]
    [InlineData("using System;", "Strata.Dense(10)", "Strata.Flatten, Strata.Dense(10)")]
    [InlineData("using System;", "global::Strata.DenseAttribute(10)", "global::Strata.Flatten, global::Strata.DenseAttribute(10)")]
    [InlineData("using S = Strata;", "S::Dense(10)", "S::Flatten, S::Dense(10)")]
    [InlineData("using D = Strata.DenseAttribute;", "D(10)", "global::Strata.Flatten, D(10)")]
    public Task Flatten_is_qualified_where_the_layer_is(string directive, string before, string after) => Edited.FixesAsync(
        Fixed,
        $"{directive}\n[Strata.Network, Strata.Input(1, 8, 8), {before}] partial class Net;",
        $"{directive}\n[Strata.Network, Strata.Input(1, 8, 8), {after}] partial class Net;");

    [Fact]
    public Task Flatten_is_qualified_where_the_project_has_another_one() => Edited.FixesAsync(
        Fixed,
        "using Strata;\n[Network, Input(1, 8, 8), Dense(10)] partial class Net;\nclass FlattenAttribute : System.Attribute;",
        "using Strata;\n[Network, Input(1, 8, 8), global::Strata.Flatten, Dense(10)] partial class "
        + "Net;\nclass FlattenAttribute : System.Attribute;");

    [Fact]
    public Task Every_network_of_a_file_is_flattened_at_once() => Edited.FixesAllAsync(
        Fixed,
        "using Strata;\n[Network, Input(1, 8, 8), Dense(10)]\npartial class A;\n[Network]\n[Input(2, 2, 2)]\n[Dense(10)]\npartial class B;",
        "using Strata;\n[Network, Input(1, 8, 8), Flatten, Dense(10)]\npartial class A;\n[Network]\n[Input(2, 2, "
        + "2)]\n[Flatten]\n[Dense(10)]\npartial class B;");

    [Theory]
    [InlineData("class Net;", "partial class Net;")]
    [InlineData("/// <summary>Mine.</summary>\npublic sealed class Net;", "/// <summary>Mine.</summary>\npublic sealed partial class Net;")]
    [InlineData("// A comment.\ninternal /* here */ class Net { }", "// A comment.\ninternal /* here */ partial class Net { }")]
    public Task A_network_becomes_partial(string before, string after) => Edited.FixesAsync(
        Partial,
        "using Strata;\n[Network, Input(4), Dense(2)]\n" + before,
        "using Strata;\n[Network, Input(4), Dense(2)]\n" + after);

    [Fact]
    public Task Every_part_of_a_network_becomes_partial() => Edited.FixesAsync(
        Partial,
        "using Strata;\n[Network, Input(4), Dense(2)]\nclass Net;\nclass Net { }",
        "using Strata;\n[Network, Input(4), Dense(2)]\npartial class Net;\npartial class Net { }");

    [Theory]
    [InlineData("public static class Outer", "partial class Net", "public static partial class Outer", "partial class Net")]
    [InlineData("readonly record struct Outer", "class Net", "readonly partial record struct Outer", "partial class Net")]
    [InlineData("ref struct Outer", "class Net", "ref partial struct Outer", "partial class Net")]
    [InlineData("interface Outer", "class Net", "partial interface Outer", "partial class Net")]
    public Task The_types_around_a_network_become_partial_with_it(string outer, string net, string newOuter, string newNet) =>
        Edited.FixesAsync(
            Partial,
            $"using Strata;\n{outer}\n{{\n    [Network, Input(4), Dense(2)]\n    public {net};\n}}",
            $"using Strata;\n{newOuter}\n{{\n    [Network, Input(4), Dense(2)]\n    public {newNet};\n}}");

    [Fact]
    public async Task The_action_names_what_it_makes_partial()
    {
        var file = new Edited("using Strata;\nclass Outer { partial class Middle {\n[Network, Input(4), Dense(2)] class Net; } }");
        CodeAction action = Assert.Single(await file.ActionsAsync(Partial, await file.DiagnosticsAsync(Partial)));
        Assert.Equal("Make 'Outer' and 'Net' partial", action.Title);
    }

    [Fact]
    public Task Networks_in_one_type_become_partial_at_once() => Edited.FixesAllAsync(
        Partial,
        "using Strata;\nclass Outer\n{\n[Network, Input(4), Dense(2)]\nclass A;\n[Network, Input(4), Dense(2)]\nclass B;\n}",
        "using Strata;\npartial class Outer\n{\n[Network, Input(4), Dense(2)]\npartial class A;\n[Network, "
        + "Input(4), Dense(2)]\npartial class B;\n}");

    [Fact]
    public Task Networks_in_one_partial_type_become_partial_at_once() => Edited.FixesAllAsync(
        Partial,
        "using Strata;\npartial class Outer\n{\n[Network, Input(4), Dense(2)]\nclass A;\nclass Inner {\n[Network, "
        + "Input(4), Dense(2)]\npartial class B; }\n}",
        "using Strata;\npartial class Outer\n{\n[Network, Input(4), Dense(2)]\npartial class A;\npartial class Inner {\n[Network, "
        + "Input(4), Dense(2)]\npartial class B; }\n}");

    [Fact]
    public async Task A_part_in_another_file_becomes_partial_too()
    {
        var files = new Edited(
            "using Strata;\npartial class Outer {\n[Network, Input(4), Dense(2)]\npartial class Net; }", "class Outer { }");
        Assert.Equal(
            "partial class Outer { }",
            await files.FixedAsync(Partial, files.Documents[1]));
    }

    [Fact]
    public Task A_container_that_partial_cannot_help_has_no_fix() => Edited.HasNoFixAsync(
        Partial, "using Strata;\npartial class Outer<T> {\n[Network, Input(4), Dense(2)]\npartial class Net; }");

    [Theory]
    [InlineData("Dense(2, Name = \"head\"), Dense(2, Name = \"head\")", "Dense(2, Name = \"head\"), Dense(2, Name = \"head2\")")]
    [InlineData("Dense(2, Name = \"b9\"), Dense(2, Name = @\"b9\")", "Dense(2, Name = \"b9\"), Dense(2, Name = \"b10\")")]
    [InlineData("Dense(2, Name = \"a.0\"), Dense(2, Name = \"a.0\")", "Dense(2, Name = \"a.0\"), Dense(2, Name = \"a.1\")")]
    [InlineData("Dense(2, Name = \"dense2\"), Dense(2), Dense(2)", "Dense(2, Name = \"dense4\"), Dense(2), Dense(2)")]
    [InlineData("Dense(2, Name = \"a.b\"), Dense(2, Name = \"a_B\" /* b */)",
        "Dense(2, Name = \"a.b\"), Dense(2, Name = \"a_B2\" /* b */)")]
    [InlineData("Flatten(Name = \"h\"), Flatten(Name = \"h\"), Flatten(Name = \"h2\")",
        "Flatten(Name = \"h\"), Flatten(Name = \"h3\"), Flatten(Name = \"h2\")")]
    [InlineData("Flatten(Name = \"h\"), Flatten(Name = \"h\"), Flatten(Name = \"mine1\")",
        "Flatten(Name = \"h\"), Flatten(Name = \"h2\"), Flatten(Name = \"mine1\")")]
    [InlineData("Flatten(Name = \"mine\"), Flatten(Name = \"mine\")", "Flatten(Name = \"mine\"), Flatten(Name = \"mine3\")")]
    public Task A_name_that_is_taken_gets_the_next_free_number(string before, string after) => Edited.FixesAsync(
        LayerName, Stack(before), Stack(after));

    [Theory]
    [InlineData("my+layer", "my_layer")]
    [InlineData("my layer", "my_layer")]
    [InlineData("1st", "_1st")]
    [InlineData(".a..b.", "a.b")]
    [InlineData("zero\u200Dwidth", "zerowidth")]
    [InlineData("mine+", "mine_")]
    public Task A_name_without_identifier_gets_one(string before, string after) => Edited.FixesAsync(
        LayerName, Stack($"Dense(2, Name = \"{before}\")"), Stack($"Dense(2, Name = \"{after}\")"));

    [Fact]
    public Task A_repaired_name_does_not_take_that_of_a_later_layer() => Edited.FixesAsync(
        LayerName,
        Stack("Flatten(Name = \"a+b\"), Flatten(Name = \"a_b\")"),
        Stack("Flatten(Name = \"a_b2\"), Flatten(Name = \"a_b\")"));

    [Theory]
    [InlineData("Dense(2, Name = \"\")")]
    [InlineData("Dense(2, Name = \"...\")")]
    [InlineData("Dense(2, Name = \"head\"), Dense(2, Name = \"he\" + \"ad\")")]
    [InlineData("Flatten(Name = nameof(System)), Flatten(Name = nameof(System))")]
    public Task A_name_that_only_its_author_can_choose_has_no_fix(string stack) => Edited.HasNoFixAsync(LayerName, Stack(stack));

    [Fact]
    public Task Names_are_fixed_one_after_the_other() => Edited.FixesAllAsync(
        LayerName,
        Stack("Dense(2, Name = \"h\"), Dense(2, Name = \"h\"), Dense(2, Name = \"a+b\"), Dense(2, Name = \"h\"), Dense(2, Name = \"h2\")"),
        Stack("Dense(2, Name = \"h\"), Dense(2, Name = \"h3\"), Dense(2, Name = \"a_b\"), Dense(2, "
            + "Name = \"h4\"), Dense(2, Name = \"h2\")"));

    [Theory]
    [InlineData("[Network, Input(3, 8, 8), {0}]\npartial class Net;", "Conv2D(4, 3), BatchNorm", "Conv2D(4, 3, Bias = false), BatchNorm")]
    [InlineData("[Network, Input(3, 8, 8), {0}, BatchNorm]\npartial class Net;", "Conv2D(4, 3, Bias = true, Padding = 1)",
        "Conv2D(4, 3, Bias = false, Padding = 1)")]
    [InlineData("[Network, Input(4), {0}]\npartial class Net;", "Dense(4), ReLU, Sigmoid", "Dense(4), ReLU")]
    [InlineData("[Network]\n[Input(4)]\n[Dense(4), ReLU]\n{0}[Dense(3)]\npartial class Net;", "[Sigmoid]\n", "")]
    [InlineData("[Network, Input(4), Dense(4), {0}Dense(2)]\npartial class Net;", "Softmax, ", "")]
    [InlineData("[Network, Input(4), {0}]\npartial class Net;", "ReLU(From = \"inptu\")", "ReLU(From = \"input\")")]
    [InlineData("[Network, Input(4), Dense(4), {0}]\npartial class Net;", "Add(\"input\", \"dense2\")", "Add(\"input\", \"dense1\")")]
    [InlineData("[Network(FreezeUntil = {0}), Input(4), Dense(4), Dense(3, Name = \"head\"), Softmax, CrossEntropy]\npartial class Net;",
        "\"haed\"", "\"head\"")]
    [InlineData("[Network, Input(4, 20), {0}]\npartial class Net;", "MaxPool2D(2)", "MaxPool1D(2)")]
    [InlineData("[Network, Input(4), {0}]\npartial class Net;", "SpatialDropout(0.2)", "Dropout(0.2)")]
    [InlineData("[Network, Input(1, 10, 10), {0}]\npartial class Net;", "MaxPool2D(3, Padding = 2)", "MaxPool2D(3, Padding = 1)")]
    [InlineData("[Network, Input(1, 4, 4), {0}]\npartial class Net;", "Conv2D(1, 3, Stride = 2)",
        "Conv2D(1, 3, Stride = 2, AutoPad = AutoPad.Valid)")]
    [InlineData("[Network, Input(1, 9, 9), {0}]\npartial class Net;", "Conv2D(1, 3, AutoPad = AutoPad.Same, Padding = 1)",
        "Conv2D(1, 3, AutoPad = AutoPad.Same)")]
    [InlineData("[Network, Input(1, 9, 9), {0}]\npartial class Net;", "Upsample2D(2, AlignCorners = true)",
        "Upsample2D(2, AlignCorners = true, Mode = UpsampleMode.Linear)")]
    [InlineData("[Network, {0}, Conv2D(6, 1)]\npartial class Net;", "Input(28, 28, 1)", "Input(1, 28, 28)")]
    [InlineData("[Network, Input(4), Dense(3), Output(\"a\"), Dense(2), Output({0})]\npartial class Net;", "\"a\"", "\"a2\"")]
    [InlineData("[Network, Input(4), Dense(3), Output(\"a\"), Dense(2), {0}]\npartial class Net;", "Output", "Output(\"main\")")]
    [InlineData("[Network, Input(4), Dense(2, Name = \"a\"), Input(4{0}), Dense(2, Name = \"b\"), Add(\"a\", \"b\")]\npartial class Net;",
        "", ", Name = \"input2\"")]
    [InlineData("[Network]\n{0}partial class Net;", "[ReLU]\n[Input(4)]\n[Dense(2)]\n", "[Input(4)]\n[ReLU]\n[Dense(2)]\n")]
    [InlineData("[Network]\n{0}partial class Net;", "[Input(4)]\n[Dense(2)]\n[MeanSquaredError]\n[ReLU]\n",
        "[Input(4)]\n[Dense(2)]\n[ReLU]\n[MeanSquaredError]\n")]
    [InlineData("[Network, Input(4), Dense(2)]\n{0}partial class Net;", "abstract ", "")]
    [InlineData("[Network, Input(4), Dense(2)]\n{0}partial class Net;", "public static ", "public ")]
    [InlineData("class A; interface IA;\n[Network, Input(4), Dense(2)]\npartial class Net{0};", " : A, IA", " : IA")]
    [InlineData("class A;\n[Network, Input(4), Dense(2)]\npartial class Net{0};", " : A", "")]
    [InlineData("{0}[Input(4), Dense(2)]\npartial class Net;", "", "[Network]\n")]
    [InlineData("[Network, Input(3, 8, 8), B]\npartial class Net;\n[{0}, BatchNorm] class BAttribute : BlockAttribute;", "Conv2D(4, 3)",
        "Conv2D(4, 3, Bias = false)")]
    [InlineData("[Network, Input(3, 8, 8), B]\npartial class Net;\n[ReLU, {0}] class BAttribute : BlockAttribute;", "Dense(4)",
        "Flatten, Dense(4)")]
    [InlineData("[Network, Input(3, 8, 8), {0}]\npartial class Net;", "Dropout(0.2), BatchNorm, ReLU", "BatchNorm, Dropout(0.2), ReLU")]
    [InlineData("[Network]\n[Input(3, 8, 8)]\n{0}partial class Net;", "[Dropout(0.2)]\n[BatchNorm]\n[ReLU]\n",
        "[BatchNorm]\n[Dropout(0.2)]\n[ReLU]\n")]
    [InlineData("[Network, Input(4), Dense(4), {0}CrossEntropy]\npartial class Net;", "ReLU, ", "")]
    [InlineData("[Network, Input(3, 1, 1), {0}, BinaryCrossEntropy]\npartial class Net;", "Sigmoid, Flatten", "Flatten, Sigmoid")]
    [InlineData("[Network, Input(3, 8, 8), {0}, Add]\npartial class Net;", "Branch, Conv2D(6, 1), ReLU, Branch, Conv2D(5, 1)",
        "Branch, Conv2D(6, 1), ReLU, Branch, Conv2D(5, 1), Conv2D(6, 1)")]
    [InlineData("[Network, Input(3, 8, 8)]\n{0}partial class Net;", "[Branch, Branch, Add]\n[Branch]\n[Branch, Conv2D(5, 1)]\n[Add]\n",
        "[Branch, Branch, Add]\n[Branch]\n[Conv2D(5, 1)]\n[Branch, Conv2D(5, 1)]\n[Add]\n")]
    [InlineData("[Network, Input(4), {0}, Add]\npartial class Net;", "Branch, Branch, Dense(2)", "Branch, Dense(2), Branch, Dense(2)")]
    [InlineData("[Network, Input(3, 8, 8)]\n{0}partial class Net;",
        "[Branch, Branch, Add(Name = \"a\")]\n[Branch]\n[Branch, Conv2D(5, 1)]\n[Add]\n",
        "[Branch, Branch, Add(Name = \"a\")]\n[Branch]\n[Conv2D(5, 1)]\n[Branch, Conv2D(5, 1)]\n[Add]\n")]
    [InlineData("[Network, Input(3, 8, 8)]\n{0}partial class Net;", "[Branch, Branch, Add()]\n[Branch]\n[Branch, Conv2D(5, 1)]\n[Add]\n",
        "[Branch, Branch, Add()]\n[Branch]\n[Conv2D(5, 1)]\n[Branch, Conv2D(5, 1)]\n[Add]\n")]
    [InlineData("[Network, {0}, Conv2D(6, 1)]\npartial class Net;", "Input(28, 28, 1, Name = \"x\")", "Input(1, 28, 28, Name = \"x\")")]
    [InlineData("[Network, Input(4), Dense(4), {0}]\npartial class Net;", "Add([\"input\", \"dense2\"])", "Add([\"input\", \"dense1\"])")]
    [InlineData("[Network, {0}, Conv2D(6, 5)]\npartial class Net;", "Input(28, 28, 1)", "Input(1, 28, 28)")]
    [InlineData("[Network, Input(4), Dense(2){0}]\npartial class Net;", ", MeanSquaredError, MeanSquaredError(Weight = 2)",
        ", MeanSquaredError")]
    [InlineData("[Network, Input(4), Dense(2), Output(\"a\"), Dense(3), {0}, Dense(4), Output(\"a2\")]\npartial class Net;",
        "Output(\"a\")", "Output(\"a3\")")]
    [InlineData("[Network, Input(4), Dense(4), Sigmoid, Dense(4, Name = \"a\"), {0}BinaryCrossEntropy]\npartial class Net;", "ReLU, ", "")]
    public Task What_a_message_says_is_done(string file, string before, string after)
    {
        string source = "using Strata;\n" + file;
        return Edited.FixesAsync(Fixed, source.Replace("{0}", before, StringComparison.Ordinal),
            source.Replace("{0}", after, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "MaxPool2D(3, CeilMode = true)", "Set CeilMode = true")]
    [InlineData(1, "MaxPool2D(3, CeilMode = false)", "Set CeilMode = false")]
    public async Task Where_there_are_two_answers_both_are_offered(int choice, string after, string title)
    {
        const string Source = "using Strata;\n[Network, Input(1, 8, 8), MaxPool2D(3)]\npartial class Net;";
        var file = new Edited(Source);
        List<CodeAction> actions = await file.ActionsAsync(Fixed, await file.DiagnosticsAsync(Fixed));
        Assert.Equal(2, actions.Count);
        Assert.Equal(title, actions[choice].Title);
        Assert.Equal(Source.Replace("MaxPool2D(3)", after, StringComparison.Ordinal),
            await Edited.TextAsync(actions[choice], file.Documents[0]));
    }

    [Fact]
    public Task Every_bias_of_a_file_is_taken_away_at_once() => Edited.FixesAllAsync(
        Fixed,
        "using Strata;\n[Network, Input(1, 8, 8), Conv2D(2, 1), BatchNorm, Conv2D(3, 1), BatchNorm]\npartial class "
        + "A;\n[Network]\n[Input(2, 2, 2)]\n[Conv2D(4, 1), BatchNorm]\npartial class B;",
        "using Strata;\n[Network, Input(1, 8, 8), Conv2D(2, 1, Bias = false), BatchNorm, Conv2D(3, 1, Bias = false), BatchNorm]\npartial "
        + "class A;\n[Network]\n[Input(2, 2, 2)]\n[Conv2D(4, 1, Bias = false), BatchNorm]\npartial class B;");

    [Theory]
    [InlineData("[Network, Strata.Input(4, 20), Strata.MaxPool2D(2)]", "[Network, Strata.Input(4, 20), Strata.MaxPool1D(2)]")]
    [InlineData("[Network, Strata.Input(1, 4, 4), Strata.Conv2D(1, 3, Stride = 2)]",
        "[Network, Strata.Input(1, 4, 4), Strata.Conv2D(1, 3, Stride = 2, AutoPad = global::Strata.AutoPad.Valid)]")]
    public Task What_is_not_imported_is_written_in_full(string before, string after) => Edited.FixesAsync(
        Fixed, $"using NetworkAttribute = Strata.NetworkAttribute;\n{before}\npartial class Net;",
        $"using NetworkAttribute = Strata.NetworkAttribute;\n{after}\npartial class Net;");

    [Theory]
    [InlineData("Dense(4), Add(\"input\", nameof(System))")]
    [InlineData("Dense(4), ReLU(From = \"a\" + \"b\")")]
    public Task A_value_that_is_no_literal_has_no_fix(string stack) => Edited.HasNoFixAsync(Fixed, Stack(stack));

    [Theory]
    [InlineData("[Network, Input(1, 10, 10), MaxPool2D(3, Padding = Sizes.Pad)]\npartial class Net;\nstatic "
        + "class Sizes { public const int Pad = 2; }")]
    [InlineData("[Network, Input(4), Dense(10), ReLU(Name = \"ra\"), Dense(5, From = \"input\"), ReLU, "
        + "CrossEntropy(From = \"ra\")]\npartial class Net;")]
    [InlineData("[Network, Input(4), Dense(10), ReLU(Name = \"ra\"), CrossEntropy]\npartial class Net;")]
    [InlineData("[Network, Input(4), Dense(4), ReLU, Sigmoid(Name = \"s\"), Dense(2)]\npartial class Net;")]
    [InlineData("[Network, Input(4), Dense(4), ReLU, Sigmoid, Dense(2, From = \"sigmoid1\")]\npartial class Net;")]
    [InlineData("[Network, Input(4), Dense(4), ReLU, Sigmoid, Add(\"input\", \"sigmoid1\")]\npartial class Net;")]
    [InlineData("[Network, Input(3, 8, 8), BatchNorm, Dropout(0.2), B]\npartial class "
        + "Net;\n[BatchNorm] class BAttribute : BlockAttribute;")]
    [InlineData("class A; interface IA;\n[Network, Input(4), Dense(2)]\npartial class Net : IA;\npartial class Net : A;")]
    public Task What_an_edit_might_break_has_no_fix(string file) => Edited.HasNoFixAsync(Fixed, "using Strata;\n" + file);

    [Theory]
    [InlineData(
        "Input(4), Dense(2), Output(\"a\"), Dense(2), Output(\"a\"), Dense(2), Output(\"a\")",
        "Input(4), Dense(2), Output(\"a\"), Dense(2), Output(\"a2\"), Dense(2), Output(\"a3\")")]
    [InlineData(
        "Input(4), Dense(2), Input(4), Dense(2), Input(4), Dense(2), Add(\"dense1\", \"dense2\", \"dense3\")",
        "Input(4), Dense(2), Input(4, Name = \"input2\"), Dense(2), Input(4, Name = \"input3\"), Dense(2), "
        + "Add(\"dense1\", \"dense2\", \"dense3\")")]
    public Task Names_of_inputs_and_outputs_are_chosen_at_once_and_differ(string before, string after) => Edited.FixesAllAsync(
        Fixed, $"using Strata;\n[Network, {before}]\npartial class Net;", $"using Strata;\n[Network, {after}]\npartial class Net;");

    [Fact]
    public void Every_fix_can_be_applied_to_all() => Assert.All(
        typeof(ProblemCodeFixProvider).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(CodeFixProvider))),
        type => Assert.NotNull(((CodeFixProvider)Activator.CreateInstance(type)!).GetFixAllProvider()));

    [Fact]
    public void Every_fix_is_exported_and_on_the_page_and_an_unoptimised_build_is_left_to_the_project()
    {
        Type[] providers = [.. typeof(ProblemCodeFixProvider).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(CodeFixProvider)))];
        Assert.All(providers, provider => Assert.Equal(
            [LanguageNames.CSharp], provider.GetCustomAttribute<ExportCodeFixProviderAttribute>()!.Languages));
        string page = File.ReadAllText(Path.Combine(SourceFolder.Path, "..", "..", "generator", "Diagnostics", "RULES.md"));
        Assert.Equal(
            Regex.Matches(page[..page.IndexOf("| id |", StringComparison.Ordinal)], "STRATA[0-9]+").Select(match => match.Value),
            providers
                .SelectMany(provider => ((CodeFixProvider)Activator.CreateInstance(provider)!).FixableDiagnosticIds)
                .Where(id => id.StartsWith("STRATA", StringComparison.Ordinal))
                .Distinct()
                .Order(StringComparer.Ordinal));
        Assert.DoesNotContain("STRATA060", page[..page.IndexOf("| id |", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    private static string Stack(string layers) =>
        $"using Strata;\n[Network, Input(4)]\n[{layers}]\npartial class Net {{ private const int Mine2 = 1; public int Get() => Mine2; }}";
}
