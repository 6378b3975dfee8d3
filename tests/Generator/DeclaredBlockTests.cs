using System;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Compiler.Graph;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Blocks that an assembly declares in its metadata, in projects that reference it.</summary>
public sealed class DeclaredBlockTests
{
    /// <summary>Parameters of several types, defaults that are computed, blocks in blocks, and a class inside another one.</summary>
    private const string Blocks = """
        using Strata;
        namespace Lib;
        [Branch, Conv2D(2 * Filters, Size, AutoPad = Mode, Bias = Size > 9), BatchNorm]
        [Branch, Shortcut(Hidden, Stride = Mode == AutoPad.Same ? 1 : 2), Inner("in" + "put", Name = "i{1}", Repeat = Times)]
        [Add]
        public class WideAttribute : BlockAttribute
        {
            private const int Filters = 2, Hidden = (int)(2.0 * Filters), Size = 4, Times = Size - 2;
            private const AutoPad Mode = AutoPad.None;
            public WideAttribute(int filters, int size = Size, AutoPad mode = Mode, int times = 2 * (Filters - 1)) { }
        }

        [ReLU(From = From), Concat(From, "relu1"), Outer.Last(4)]
        class InnerAttribute : BlockAttribute { const string From = ""; public InnerAttribute(string from) { } }

        class Outer
        {
            [Conv2D(Filters, 1)]
            internal class LastAttribute : BlockAttribute { const int Filters = 1; public LastAttribute(int filters) { } }
        }

        """;

    private const string Uses = """
        using Strata;
        using Lib;
        [Network]
        [Input(2, 6, 6), Wide(2, mode: AutoPad.Same, Repeat = 2), Wide(2, 3, AutoPad.Same), Wide(2, 1, AutoPad.Same, 3, Name = "last")]
        [Flatten, Dense(3), CrossEntropy]
        public partial class Net;

        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_parameters_of_a_block_stay_parameters(bool isBuilt)
    {
        NetworkModel here = Graphs.ModelOf(Uses + Blocks.Replace("using Strata;\n", "", StringComparison.Ordinal)
            .Replace("namespace Lib;", "namespace Lib {", StringComparison.Ordinal) + "}", "Net");
        NetworkModel there = Graphs.ModelOf(new Harness { References = [Library(Blocks, isBuilt)] }, Uses);
        Assert.Empty(there.Problems.Select(problem => problem.Message));
        Assert.Contains("wide1.i2.last1.conv1", there.Graph!.Nodes.Select(node => node.Name));
        Assert.Equal(here.Graph!.Nodes.Select(Shown), there.Graph!.Nodes.Select(Shown));
        Assert.Equal(here.Graph, there.Graph);
    }

    /// <summary>A network's declaration has its layers; its blocks have theirs.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LayersOf_takes_a_network_whose_blocks_have_arguments(bool isBuilt)
    {
        MetadataReference library = Library(
            """
            using Strata;
            [Network, Input(4), Mlp(5), Mlp(6, 7), Dense(2, Name = "fc")] public partial class Base;
            [LayersOf(typeof(Base), Until = "fc"), Dense(Units)]
            public sealed class TailAttribute : BlockAttribute { private const int Units = 3; public TailAttribute(int units) { } }
            [Dense(Units), ReLU, Dense(More)] sealed class MlpAttribute : BlockAttribute
            {
                private const int Units = 3, More = 2 * Units;
                public MlpAttribute(int units, int more = More) { }
            }
            """,
            isBuilt);
        NetworkModel model = Graphs.ModelOf(
            new Harness { References = [library] },
            "using Strata;\n[Network, Input(4), LayersOf(typeof(Base), Until = \"fc\"), Tail(9, Name = \"t\")]\npartial class Net;", "Net");
        Assert.Empty(model.Problems.Select(problem => problem.Message));
        Assert.Equal(
            ["mlp1.dense1 5", "mlp1.dense2 10", "mlp2.dense1 6", "mlp2.dense2 7", "t.mlp1.dense1 5", "t.mlp1.dense2 10", "t.mlp2.dense1 6",
                "t.mlp2.dense2 7", "t.dense1 9"],
            model.Graph!.Nodes.Where(node => node.Kind == "Dense").Select(Shown));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_assemblies_may_have_blocks_of_one_name(bool isBuilt)
    {
        const string Unit = "[Dense(Units, Name = \"one\")] class UnitAttribute : BlockAttribute { const int Units = 1; public UnitAttribute(int units) { } }";
        MetadataReference library = Library(
            $"using Strata;\n{Unit}\n[Unit(2 * Units)] public class TwoAttribute : BlockAttribute {{ const int Units = 1; public TwoAttribute(int units) {{ }} }}",
            isBuilt);
        NetworkModel model = Graphs.ModelOf(
            new Harness { References = [library] },
            "using Strata;\n[Network, Input(4), Unit(3), Two(4)] partial class Net;\n"
            + Unit.Replace("one", "other", StringComparison.Ordinal));
        Assert.Equal(["unit1.other 3", "two1.unit1.one 8"], model.Graph!.Nodes.Skip(1).Select(Shown));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_block_may_have_an_operator_of_a_third_assembly(bool isBuilt)
    {
        MetadataReference first = Library(
            "using Strata;\npublic class CubeAttribute : ElementwiseAttribute { public static float Value(float x) => x * x * x; }",
            isBuilt, "First");
        MetadataReference second = Library(
            "using Strata;\n[Dense(2), Cube] public class TwoAttribute : BlockAttribute { }", isBuilt, "Second", first);
        const string Net = "using Strata;\n[Network, Input(4), {|STRATA065:Two|}]\npartial class Net;";
        NetworkModel model = Graphs.ModelOf(
            new Harness { References = [second, first] },
            Net.Replace("{|STRATA065:", "", StringComparison.Ordinal).Replace("|}", "", StringComparison.Ordinal));
        Assert.Equal(["two1.dense1", "two1.cube1"], model.Graph!.Nodes.Skip(1).Select(node => node.Name));

        await new Harness { References = [second] }.ReportsAsync(
            Net,
            "Two 'two1' comes from Second 0.0.0 and uses CubeAttribute of First, which this project does not have. Reference the "
            + "version of First that it was built with.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_block_may_consist_of_blocks_of_a_third_assembly(bool isBuilt)
    {
        MetadataReference first = Library(
            "using Strata;\n[Dense(Units)] public class OneAttribute : BlockAttribute { const int Units = 1; public OneAttribute(int units) { } }",
            isBuilt, "First");
        MetadataReference second = Library(
            "using Strata;\n[One(2 * Units)] public class TwoAttribute : BlockAttribute { const int Units = 1; public TwoAttribute(int units) { } }",
            isBuilt, "Second", first);
        const string Net = "using Strata;\n[Network, Input(4), {|STRATA065:Two(3)|}]\npartial class Net;";
        NetworkModel model = Graphs.ModelOf(
            new Harness { References = [second, first] },
            Net.Replace("{|STRATA065:", "", StringComparison.Ordinal).Replace("|}", "", StringComparison.Ordinal));
        Assert.Equal(["two1.one1.dense1 6"], model.Graph!.Nodes.Skip(1).Select(Shown));

        await new Harness { References = [second] }.ReportsAsync(
            Net,
            "Two 'two1' comes from Second 0.0.0 and uses OneAttribute of First, which this project does not have. Reference the version of "
            + "First that it was built with.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_format_that_is_not_known_is_reported_with_both_packages(bool isBuilt) => new Harness
    {
        References = [ByHand("[assembly: System.Reflection.AssemblyInformationalVersion(\"2.5.0-beta.1+abc\")]", 2, "{}", isBuilt)],
    }.ReportsAsync(
        "using Strata;\n[Network, Input(4), {|STRATA065:Mlp(3)|}, Dense(5)]\npartial class Net;",
        $"Mlp 'mlp1' comes from Library 2.5.0-beta.1 and is declared there in format 2 of Strata {StrataVersion}, but Strata "
        + $"{DeclaredTexts.OwnVersion}, which this project uses, reads format 1. Reference Strata {StrataVersion} or a later version.");

    [Fact]
    public Task A_text_that_is_damaged_is_reported() => new Harness { References = [ByHand("", 1, "(Dense units=Units", true)] }.ReportsAsync(
        "using Strata;\n[Network, Input(4), {|STRATA065:Mlp(3)|}, Dense(5)]\npartial class Net;",
        $"Mlp 'mlp1' comes from Library 0.0.0 and is declared there in a text that Strata {DeclaredTexts.OwnVersion}, which this project "
        + "uses, cannot read: a '(' is not closed (character 1). Build Library with this version of Strata.");

    /// <summary>A later version may write both.</summary>
    [Fact]
    public void Of_two_formats_the_known_one_is_read()
    {
        MetadataReference library = ByHand(
            "[assembly: Strata.CompilerServices.DeclaredBlock(\"MlpAttribute\", 1, \"(const int Units 1) (Dense units=Units)\")]", 2, "{}", true);
        NetworkModel model = Graphs.ModelOf(
            new Harness { References = [library] }, "using Strata;\n[Network, Input(4), Mlp(3)]\npartial class Net;");
        Assert.Equal(["mlp1.dense1 3"], model.Graph!.Nodes.Skip(1).Select(Shown));
    }

    /// <summary>The argument of the use is at fault where it reaches the layer, and the use where the block itself is wrong.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_problem_inside_a_block_stands_at_its_use(bool isBuilt) => new Harness
    {
        References =
        [
            Library(
                """
                using Strata;
                [Deep(Units)] public class MlpAttribute : BlockAttribute { const int Units = 1; public MlpAttribute(int units) { } }
                [Dense(2 * N)] public class DeepAttribute : BlockAttribute { const int N = 1; public DeepAttribute(int n) { } }
                [Dropout(2.0)] public class BadAttribute : BlockAttribute;
                [Dense(Units)] public class LostAttribute : BlockAttribute { const int Units = 1; public LostAttribute(int unit) { } }
                """,
                isBuilt),
        ],
    }.ReportsAsync(
        """
        using Strata;
        [Network, Input(4), Mlp({|STRATA020:0|}), {|STRATA020:Bad|}, Lost({|STRATA025:4|})]
        partial class Net;
        """,
        "Dense 'mlp1.deep1.dense1': units cannot be 0. Use at least 1.",
        "Dropout 'bad1.dropout1': rate cannot be 2. Use at least 0 and less than 1.",
        "Lost 'lost1': its class has no constant 'Unit' that its parameter 'unit' could replace. Add it, as in 'private const int Unit = "
        + "64;', or remove the parameter.");

    [Fact]
    public void The_declaration_of_a_reference_is_read_once()
    {
        CSharpCompilation compilation = new Harness { References = [Library(Blocks, true)] }.Compile(Uses);
        DeclaredBlock? block = Find(compilation);
        Assert.NotNull(block);
        Assert.Same(block, Find(compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(
            "class Edit;", cancellationToken: TestContext.Current.CancellationToken))));

        static DeclaredBlock? Find(CSharpCompilation compilation) =>
            DeclaredClasses.Of(compilation.GetTypeByMetadataName("Lib.WideAttribute")!.ContainingAssembly).Block("Lib.WideAttribute");
    }

    [Fact]
    public void The_file_that_declares_blocks_is_has_an_attribute_for_each()
    {
        GeneratorDriverRunResult result = new Harness().Generate(
            """
            using Strata;
            namespace Lib;
            [Conv2D(Filters, 3, Name = "conv"), BatchNorm] public partial class UnitAttribute : BlockAttribute
            {
                private const int Filters = 64;
                public UnitAttribute(int filters) { }
            }
            partial class UnitAttribute : BlockAttribute;
            [Flatten, Dense(10)] class HeadAttribute : BlockAttribute;
            """);
        SyntaxTree file = Assert.Single(result.GeneratedTrees);
        Assert.Equal("StrataBlocks.g.cs", Path.GetFileName(file.FilePath));
        Assert.Equal(
            """
            // The blocks of this assembly, for projects that reference it. In compiled attributes constants are numbers. Here they are
            // in expressions, so that the blocks' parameters work in those projects, too. The number is the version of the format.

            [assembly: global::Strata.CompilerServices.DeclaredBlock("Lib.HeadAttribute", 1, @"
            (Flatten)
            (Dense units=10)
            ")]

            [assembly: global::Strata.CompilerServices.DeclaredBlock("Lib.UnitAttribute", 1, @"
            (const int Filters 64)
            (Conv2D filters=Filters kernel=3 Name='conv')
            (BatchNorm)
            ")]

            """,
            file.ToString()[file.ToString().IndexOf("// The", StringComparison.Ordinal)..]);
    }

    [Theory]
    [InlineData("class Plain { }")]
    [InlineData("[System.Obsolete] class NoAttribute : System.Attribute { }")]
    [InlineData("using Strata;\n[Network, Input(4), Dense(2)] partial class Net;")]
    [InlineData("using Strata;\nabstract class OwnBlockAttribute : BlockAttribute;")]
    [InlineData("using Strata;\n[Dense(Missing)] class HalfTypedAttribute : BlockAttribute;")]
    [InlineData("using Strata;\n[Dens(2)] class MistypedAttribute : BlockAttribute;")]
    [InlineData("using Strata;\n[Dense(\"2\")] class WrongAttribute : BlockAttribute;")]
    public void Without_a_block_that_compiles_there_is_no_such_file(string source) => Assert.DoesNotContain(
        new Harness().Generate(source).GeneratedTrees, tree => Path.GetFileName(tree.FilePath) == "StrataBlocks.g.cs");

    /// <summary>Of a class without layers and without a method Value, the compiler is asked nothing.</summary>
    [Theory]
    [InlineData("class Plain { }", false, false)]
    [InlineData("class UnitAttribute : Strata.BlockAttribute { }", false, false)]
    [InlineData("[A] class Unit : Base { }", true, false)]
    [InlineData("[A] record UnitAttribute : Base { }", false, false)]
    [InlineData("class UnitAttribute : Base { float Result() => 1; int Value { get; } }", false, false)]
    [InlineData("class Unit : Base { static float Value(float x) => x; }", false, true)]
    [InlineData("partial class Unit { static float Value(float x) => x; }", false, true)]
    public void A_class_that_cannot_be_a_block_or_an_operator_costs_nothing(string source, bool mayBeBlock, bool mayBeOperator)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        SyntaxNode[] nodes = [.. CSharpSyntaxTree.ParseText(source, cancellationToken: token).GetRoot(token).DescendantNodes()];
        Assert.Equal(
            (mayBeBlock, mayBeOperator),
            (nodes.Any(node => OwnBlocks.MayBe(node, token)), nodes.Any(node => OwnOperators.MayBe(node, token))));
    }

    [Fact]
    public void A_network_may_be_called_like_the_file() => Assert.Contains(
        new Harness().Generate(
            "using Strata;\n[Network, Input(4), Head] partial class StrataBlocks; [Dense(2)] class HeadAttribute : BlockAttribute;")
            .GeneratedTrees.Select(tree => Path.GetFileName(tree.FilePath)),
        name => name.EndsWith(".StrataBlocks.g.cs", StringComparison.Ordinal));

    private static string StrataVersion => typeof(NetworkAttribute).Assembly.GetName().Version!.ToString(3);

    private static string Shown(Node node) =>
        node.Kind == "Dense" ? $"{node.Name} {node.Shape}" : $"{node.Name} {node.Shape} {string.Join(' ', node.Inputs)} {node.Kind}";

    /// <summary>A library as a build sees it, or as an editor does: with the generator's files in its compilation.</summary>
    private static MetadataReference Library(
        string source, bool isBuilt, string name = "Library", params ImmutableArray<MetadataReference> references) =>
        Library([source], isBuilt, name, references);

    /// <inheritdoc cref="Library(string, bool, string, ImmutableArray{MetadataReference})"/>
    internal static MetadataReference Library(
        string[] sources, bool isBuilt, string name, params ImmutableArray<MetadataReference> references)
    {
        var harness = new Harness { References = references };
        harness.Generate(harness.Compile(sources).WithAssemblyName(name), out Compilation library);
        return Reference(library, isBuilt);
    }

    private static MetadataReference Reference(Compilation library, bool isBuilt)
    {
        if (!isBuilt)
        {
            return library.ToMetadataReference();
        }

        using var image = new MemoryStream();
        Assert.Empty(library.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString()));
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    /// <summary>A library with a declaration that no generator of this version writes.</summary>
    private static MetadataReference ByHand(string attributes, int format, string text, bool isBuilt) => Reference(
        new Harness().Compile($$"""
            using Strata;
            {{attributes}}
            [assembly: Strata.CompilerServices.DeclaredBlock("MlpAttribute", {{format.ToString(CultureInfo.InvariantCulture)}}, "{{text}}")]
            [Dense(Units)]
            public sealed class MlpAttribute : BlockAttribute
            {
                private const int Units = 3;
                public MlpAttribute(int units) { }
            }
            """).WithAssemblyName("Library"),
        isBuilt);
}
