using System;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Declarations;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>How blocks become layers: names, argument expressions, nesting, repetition.</summary>
public sealed class BlockTests
{
    private const string Residual = """

        [Branch, Conv2D(Filters, 3, Padding = 1, Bias = false), ReLU, Conv2D(Filters, 3, Padding = 1, Bias = false)]
        [Branch, Conv2D(Filters, 1, Name = "downsample.0")]
        [Add, ReLU]
        public sealed class ResidualAttribute : BlockAttribute
        {
            private const int Filters = 64;
            public ResidualAttribute(int filters) { }
        }
        """;

    [Fact]
    public void A_block_is_a_scope_of_names_and_branches()
    {
        NetworkGraph graph = Of("[Input(3, 8, 8), Conv2D(4, 1), Residual(4), Residual(6, Name = \"layer2.0\"), Conv2D(2, 1)]", Residual);
        Assert.Equal(
            [
                ": ", "conv1: 0",
                "residual1.conv1: 1", "residual1.relu1: 2", "residual1.conv2: 3", "residual1.downsample.0: 1", "residual1.add1: 4 5",
                "residual1.relu2: 6",
                "layer2.0.conv1: 7", "layer2.0.relu1: 8", "layer2.0.conv2: 9", "layer2.0.downsample.0: 7", "layer2.0.add1: 10 11",
                "layer2.0.relu2: 12",
                "conv2: 13",
            ],
            Wiring(graph));
        Assert.Equal("6×8×8", graph.Nodes[13].Shape.ToString());
        Assert.Equal("Layer2_0_Downsample_0", graph.Nodes[11].Identifier);
    }

    [Theory]
    [InlineData("Name = \"layer1\", Repeat = 3", "layer1.0.dense1 layer1.1.dense1 layer1.2.dense1")]
    [InlineData("Name = \"layer1\", Repeat = 1", "layer1.0.dense1")]
    [InlineData("Name = \"layer1\"", "layer1.dense1")]
    [InlineData("Name = \"layer2.1\", Repeat = 2", "layer2.1.dense1 layer2.2.dense1")]
    [InlineData("Name = \"a.denselayer{1}\", Repeat = 2", "a.denselayer1.dense1 a.denselayer2.dense1")]
    [InlineData("Name = \"b{9}.x\", Repeat = 2", "b9.x.dense1 b10.x.dense1")]
    [InlineData("Repeat = 2", "fewer1.dense1 fewer2.dense1")]
    [InlineData("Name = \"\"", "dense1")]
    public void Copies_of_a_block_are_numbered(string arguments, string names) => Assert.Equal(
        names.Split(' '),
        Names(Of(
            $"[Input(3), Fewer({arguments})]",
            "[Dense(2)] class FewerAttribute : BlockAttribute { }")));

    [Theory]
    [InlineData("Fewer(Repeat = 0), Fewer", "fewer1.dense1")]
    [InlineData("Fewer(Name = \"a\", Repeat = 0), Fewer(Name = \"a\")", "a.dense1")]
    [InlineData("Fewer(Name = \"\", Repeat = 0), Dense(2)", "dense1")]
    [InlineData("Sequential(\"body\"), ReLU, Fewer(Repeat = 0), Fewer(Repeat = 1)", "body.0 body.1.dense1")]
    [InlineData("Branch, Fewer(Repeat = 0), Branch, Dense(3), Add", "dense1 add1")]
    [InlineData("Maybe(false), Maybe(true)", "maybe2.fewer1.dense1")]
    public void A_block_that_is_repeated_0_times_is_left_out_and_takes_no_number(string stack, string names) => Assert.Equal(
        names.Split(' '),
        Names(Of(
            $"[Input(3), {stack}]",
            "[Dense(2)] class FewerAttribute : BlockAttribute { }\n[Fewer(Repeat = There ? 1 : 0)] class MaybeAttribute : BlockAttribute "
            + "{ const bool There = true; public MaybeAttribute(bool there) { } }")));

    [Theory]
    [InlineData("4 * Filters", "256")]
    [InlineData("Filters + Hidden", "192")]
    [InlineData("(int)(Filters * 0.75)", "48")]
    [InlineData("Filters % 10", "4")]
    [InlineData("Filters / 10 - -1", "7")]
    [InlineData("Wide ? Hidden : 3", "3")]
    [InlineData("Filters > 60 && !Wide || false ? 5 : 6", "5")]
    [InlineData("Filters == 64 ? 1 : 2", "1")]
    [InlineData("(Filters & 96) | 1", "65")]
    [InlineData("Filters >> 2 << 1", "32")]
    [InlineData("(int)Mode + 1", "3")]
    [InlineData("Mode == AutoPad.Same ? 7 : 8", "7")]
    [InlineData("Kind == \"wide\" + \"!\" ? 7 : 8", "7")]
    [InlineData("$\"{Kind}x\" == \"wide!x\" ? 7 : 8", "7")]
    [InlineData("Kind == nameof(Kind) ? 7 : 8", "8")]
    [InlineData("unchecked(Filters + 1)", "65")]
    [InlineData("int.MaxValue - Far + Filters", "64")]
    [InlineData("(byte)Filters", "64")]
    [InlineData("(int)(1f / 3 * Filters)", "21")]
    [InlineData("Sizes.Small * Filters", "128")]
    [InlineData("~Filters + Filters + 2", "1")]
    public void Argument_expressions_follow_the_rules_of_CSharp(string expression, string units)
    {
        string block = $$"""
            static class Sizes { public const int Small = 2; }
            [Dense({{expression}})]
            class SomeAttribute : BlockAttribute
            {
                private const int Filters = 1, Hidden = 2 * Filters, Far = int.MaxValue;
                private const bool Wide = true;
                private const AutoPad Mode = AutoPad.None;
                private const string Kind = "narrow";
                public SomeAttribute(int filters, bool wide, AutoPad mode = Mode, string kind = Kind) { }
            }
            """;
        Assert.Equal(units, Of("[Input(3), Some(64, kind: \"wide!\", wide: false, mode: AutoPad.Same)]", block).Output.Shape.ToString());
    }

    [Theory]
    [InlineData("Some(3)", "3 6")]
    [InlineData("Some(3, 5)", "3 5")]
    [InlineData("Some(hidden: 5, first: 2)", "2 5")]
    public void A_constant_that_is_left_out_is_computed_anew(string use, string units) => Assert.Equal(
        units.Split(' '),
        Of(
            $"[Input(3), {use}]",
            """
            [Dense(First), Dense(Hidden)]
            class SomeAttribute : BlockAttribute
            {
                private const int First = 64, Hidden = 2 * First;
                public SomeAttribute(int first, int hidden = Hidden) { }
            }
            """).Nodes.Skip(1).Select(node => node.Shape.ToString()));

    [Fact]
    public void A_default_may_be_computed_from_another_parameter() => Assert.Equal(
        "9",
        Of(
            "[Input(3), Some(3)]",
            """
            [Dense(Hidden)]
            class SomeAttribute : BlockAttribute
            {
                private const int First = 64, Hidden = 1;
                public SomeAttribute(int first, int hidden = 3 * First) { }
            }
            """).Output.Shape.ToString());

    [Fact]
    public void A_parameter_takes_the_type_of_its_constant() => Assert.Equal(
        new DropoutOperation(0),
        Of("[Input(3), Some(0)]",
            "[Dropout(Rate)] class SomeAttribute : BlockAttribute { const double Rate = 0.5; public SomeAttribute(int rate) { } }")
            .Output.Operation);

    [Fact]
    public void Blocks_nest_and_pass_their_parameters_on()
    {
        NetworkGraph graph = Of(
            "[Input(3), Outer(4, Name = \"o\")]",
            """
            [Inner(2 * Size), Inner(Size, Name = "last", Repeat = Size / 2)]
            class OuterAttribute : BlockAttribute { const int Size = 1; public OuterAttribute(int size) { } }
            [Dense(Units), ReLU]
            class InnerAttribute : BlockAttribute { const int Units = 1; public InnerAttribute(int units) { } }
            """);
        Assert.Equal(
            [
                "o.inner1.dense1 8", "o.inner1.relu1 8", "o.last.0.dense1 4", "o.last.0.relu1 4", "o.last.1.dense1 4", "o.last.1.relu1 4",
            ],
            graph.Nodes.Skip(1).Select(node => $"{node.Name} {node.Shape}"));
    }

    [Fact]
    public void A_sequence_numbers_modules_as_PyTorch_does()
    {
        NetworkGraph graph = Of(
            """
            [Input(3, 8, 8)]
            [Sequential("features")]
            [Conv2D(4, 3), ReLU, ConvReLU(5), ReLU(Name = "skip"), MaxPool2D(2)]
            [Sequential("classifier")]
            [Dropout, Flatten, Dense(7)]
            """,
            """
            [Sequential]
            [Conv2D(Filters, 1, Bias = false), ReLU]
            class ConvReLUAttribute : BlockAttribute { const int Filters = 1; public ConvReLUAttribute(int filters) { } }
            """);
        Assert.Equal(
            ["features.0", "features.1", "features.2.0", "features.2.1", "skip", "features.4", "classifier.0",
                "classifier.1", "classifier.2"],
            Names(graph));
        Assert.Equal("Features_2_0", graph.Nodes[3].Identifier);
    }

    [Fact]
    public void Joins_take_no_number_of_a_sequence() => Assert.Equal(
        ["branch1.conv", "branch2.0.conv", "branch2.1.conv", "branch3.0", "branch3.1.conv", "concat1"],
        Names(Of(
            """
            [Input(3, 8, 8)]
            [Branch, Basic(Name = "branch1")]
            [Branch, Sequential("branch2"), Basic, Basic]
            [Branch, Sequential("branch3"), MaxPool2D(3, Stride = 1, Padding = 1), Basic]
            [Concat]
            """,
            "[Conv2D(2, 1, Name = \"conv\")] class BasicAttribute : BlockAttribute { }")));

    [Fact]
    public void A_block_without_a_name_continues_the_numbers_around_it() => Assert.Equal(
        ["dense1", "dense2", "dense3"],
        Names(Of("[Input(3), Dense(2), Inner(Name = \"\"), Dense(1)]", "[Dense(4)] class InnerAttribute : BlockAttribute { }")));

    [Fact]
    public void The_layers_of_another_network_keep_their_keys()
    {
        NetworkGraph graph = Of(
            "[Input(3, 16, 16), LayersOf(typeof(Other)), Flatten, Dense(2)]",
            "[Network, Input(3, 8, 8), Conv2D(Filters, 3), ReLU] partial class Other { const int Filters = 4; }");
        Assert.Equal(["conv1", "relu1", "flatten1", "dense1"], Names(graph));
        Assert.Equal("4×14×14", graph.Nodes[2].Shape.ToString());
    }

    /// <summary>Blocks inside of blocks, a sequence, default names, an auxiliary head, and a loss.</summary>
    private const string Base = """
        [Network, Input(3, 16, 16), Stage(4, Name = "stage", Repeat = 2), Flatten, Dense(7, Name = "aux"), MeanSquaredError]
        [Sequential("classifier"), Dense(6, From = "flatten1"), ReLU, Dense(5), CrossEntropy]
        public partial class Base;
        [Unit(Filters, Name = "first"), Unit(Filters, Name = "second")]
        public sealed class StageAttribute : BlockAttribute { private const int Filters = 4; public StageAttribute(int filters = Filters) { } }
        [Conv2D(Filters, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
        public sealed class UnitAttribute : BlockAttribute { private const int Filters = 4; public UnitAttribute(int filters = Filters) { } }
        """;

    [Theory]
    [InlineData("stage", "")]
    [InlineData("stage.1",
        "stage.0.first.conv1 stage.0.first.bn1 stage.0.first.relu1 stage.0.second.conv1 stage.0.second.bn1 stage.0.second.relu1")]
    [InlineData("stage.0.second", "stage.0.first.conv1 stage.0.first.bn1 stage.0.first.relu1")]
    [InlineData("stage.0.first.relu1", "stage.0.first.conv1 stage.0.first.bn1")]
    public void The_layers_of_another_network_end_before_one_that_is_named(string until, string names) => Assert.Equal(
        names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Concat(["conv1", "flatten1", "dense1"]),
        Names(Of($"[Input(3, 8, 8), LayersOf(typeof(Base), Until = \"{until}\"), Conv2D(2, 1), Flatten, Dense(2)]", Base)));

    [Fact]
    public void A_new_head_takes_the_place_of_a_sequence_its_outputs_and_losses()
    {
        NetworkGraph graph = Of(
            "[Input(3, 8, 8), LayersOf(typeof(Base), Until = \"classifier\", Name = \"backbone\")]\n[Dense(2, Name = "
            + "\"head\", From = \"backbone.flatten1\"), Hinge]", Base);
        Assert.Equal(["backbone.flatten1", "backbone.aux", "head"], Names(graph)[^3..]);
        Assert.Equal(["MeanSquaredError", "Hinge"], graph.Losses.Select(loss => loss.Loss.Name));
    }

    /// <summary>What is cut off takes no number, so that the new layer has the old one's key.</summary>
    [Theory]
    [InlineData("[Input(3), Dense(4), ReLU, Dense(5), CrossEntropy]", "dense2", "[Dense(7), CrossEntropy]", "dense1 relu1 dense2")]
    [InlineData("[Input(3), Sequential(\"fc\"), Dense(4), ReLU, Dense(5), CrossEntropy]", "fc.2",
        "[Dense(7, Name = \"fc.2\"), CrossEntropy]", "fc.0 fc.1 fc.2")]
    [InlineData("[Input(3), Sequential(\"fc\"), Dense(4), ReLU, Dense(5), CrossEntropy]", "fc",
        "[Sequential(\"fc\"), Dense(7), CrossEntropy]", "fc.0")]
    [InlineData("[Input(3), Tail(Repeat = 3, Name = \"tail\")]", "tail.1", "[Dense(2)]", "tail.0.dense1 dense1")]
    [InlineData("[Input(3), Tail, Tail]", "tail2", "[Tail]", "tail1.dense1 tail2.dense1")]
    public void Names_go_on_as_if_what_is_left_out_were_not_there(string source, string until, string head, string names) => Assert.Equal(
        names,
        string.Join(' ', Names(Of(
            $"[Input(3), LayersOf(typeof(Other), Until = \"{until}\")]\n{head}",
            $"[Network]\n{source}\npartial class Other;\n[Dense(3)] class TailAttribute : BlockAttribute {{ }}"))));

    [Fact]
    public void Of_two_networks_inside_each_other_the_named_one_ends() => Assert.Equal(
        ["dense1", "dense2", "dense3", "dense4"],
        Names(Of(
            "[Input(3), LayersOf(typeof(Outer), Until = \"last\"), Dense(1)]",
            """
            [Network, Input(3), LayersOf(typeof(Inner), Until = "end"), Dense(4), Dense(5), Dense(6, Name = "last"), ReLU] partial class Outer;
            [Network, Input(3), Dense(2), Dense(3, Name = "end"), Dense(4)] partial class Inner;
            """)));

    [Theory]
    [InlineData("clasifier", "classifier.0")]
    [InlineData("stage.0.frist", "stage.0.first")]
    [InlineData("", "aux")]
    [InlineData("Base", "aux")]
    public Task A_name_of_no_layer_before_which_another_network_should_end_is_reported(string until, string nearest) =>
        new Harness().ReportsAsync(
            $"using Strata;\n[Network, Input(3, 8, 8), LayersOf(typeof(Base), {{|STRATA044:Until = \"{until}\"|}})]\npartial class Net;\n"
            + Base,
            $"[LayersOf]: there is no layer, block or input '{until}'. The nearest name is '{nearest}'.");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_layers_of_a_network_from_another_assembly_end_where_they_should(bool isBuilt)
    {
        NetworkModel model = Graphs.ModelOf(
            new Harness { References = [Library("using Strata;\n" + Base, isBuilt)] },
            "using Strata;\n[Network(FreezeUntil = \"head\"), Input(3, 8, 8), LayersOf(typeof(Base), Until = \"aux\")]\n[Dense(2, Name = "
            + "\"head\"), CrossEntropy]\npartial class Net;");
        Assert.Equal(["stage.1.second.relu1", "flatten1", "head"], Names(model.Graph!)[^3..]);
        Assert.Equal([false, false, true],
            model.Graph!.Nodes.Skip(1).Where(node => node.Kind is "BatchNorm" or "Dense").Select(node => !node.Frozen).TakeLast(3));
    }

    /// <summary>
    /// As a build sees another project, and as an editor does. Without the generator it does not declare its blocks: see
    /// DeclaredBlockTests for those that do.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_block_from_another_assembly_has_its_constants(bool isBuilt)
    {
        MetadataReference library = Library(
            """
            using Strata;
            [Dense(2 * Units), Act, Dense(Units)]
            public sealed class MlpAttribute : BlockAttribute { private const int Units = 3; public MlpAttribute(int units = Units) { } }
            [ReLU] public sealed class ActAttribute : BlockAttribute { private const int N = 3; public ActAttribute(int n = N) { } }
            """,
            isBuilt);
        NetworkModel model = Graphs.ModelOf(
            new Harness { References = [library] }, "using Strata;\n[Network, Input(4), Mlp(Name = \"m\")]\npartial class Net;");
        Assert.Equal(["m.dense1", "m.act1.relu1", "m.dense2"], Names(model.Graph!));
        Assert.Equal("3", model.Graph!.Output.Shape.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task The_parameters_of_a_block_that_its_assembly_does_not_declare_are_reported(bool isBuilt) =>
        new Harness
        {
            References =
            [
                Library(
                    "using Strata;\n[Dense(Units)] public sealed class MlpAttribute : BlockAttribute { private const int Units = "
                    + "3; public MlpAttribute(int units) { } }",
                    isBuilt),
            ],
        }.ReportsAsync(
            "using Strata;\n[Network, Input(4), Mlp({|STRATA026:5|})]\npartial class Net;",
            "Mlp 'mlp1' comes from another assembly, where its constants have become numbers, so that 'units' cannot replace one. Leave "
            + "it out, or build that assembly with Strata's generator of this version.");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task So_are_those_that_a_network_from_such_an_assembly_gives_its_blocks(bool isBuilt) =>
        new Harness
        {
            References =
            [
                Library(
                    "using Strata;\n[Network, Input(4), Mlp(5), Dense(2, Name = \"fc\")] public partial class Base;\n"
                    + "[Dense(Units)] public sealed class MlpAttribute : BlockAttribute { private const int Units = "
                    + "3; public MlpAttribute(int units) { } }",
                    isBuilt),
            ],
        }.ReportsAsync(
            "using Strata;\n[Network, Input(4), {|STRATA026:LayersOf(typeof(Base), Until = \"fc\")|}]\npartial class Net;",
            "Mlp 'mlp1' comes from another assembly, where its constants have become numbers, so that 'units' cannot replace one. Leave "
            + "it out, or build that assembly with Strata's generator of this version.");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_error_inside_a_block_from_another_assembly_stands_at_its_use(bool isBuilt)
    {
        Diagnostic diagnostic = Assert.Single(await new Harness
        {
            References = [Library("using Strata;\n[Dropout(2.0)] public sealed class BadAttribute : BlockAttribute { }", isBuilt)],
        }.AnalyzeAsync("using Strata;\n[Network, Input(4), Bad]\npartial class Net;"));
        Assert.Equal("Dropout 'bad1.dropout1': rate cannot be 2. Use at least 0 and less than 1.",
            diagnostic.GetMessage(CultureInfo.InvariantCulture));
        Assert.Empty(diagnostic.AdditionalLocations);
    }

    private static MetadataReference Library(string source, bool isBuilt)
    {
        Compilation library = new Harness().Compile(source).WithAssemblyName("Library");
        return isBuilt ? MetadataReference.CreateFromImage(Emit(library)) : library.ToMetadataReference();
    }

    private static byte[] Emit(Compilation compilation)
    {
        using var image = new System.IO.MemoryStream();
        Assert.True(compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        return image.ToArray();
    }

    private static NetworkGraph Of(string stack, string blocks)
    {
        NetworkModel model = Graphs.ModelOf($"using Strata;\n[Network]\n{stack}\npartial class Net;\n{blocks}", "Net");
        Assert.True(model.Graph is not null, string.Join(Environment.NewLine, model.Problems.Select(problem => problem.Message)));
        return model.Graph;
    }

    private static string[] Names(NetworkGraph graph) => [.. graph.Nodes.Skip(1).Select(node => node.Name)];

    private static string[] Wiring(NetworkGraph graph) => [.. graph.Nodes.Select(node => $"{node.Name}: {string.Join(' ', node.Inputs)}")];
}
