using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Declarations;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;
using Strata.Generator.Printing;
using Strata.Generator.Reading;
using Strata.Tests;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>A network as text, which the build's step reads, is the network that the generator reads from its class.</summary>
public sealed class NetworkTextTests
{
    public static TheoryData<string> Kinds => [.. OperatorSet.BuiltIn.All.Select(one => one.Kind)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Cases_of_each_operator_are_the_same_networks_after_they_were_text(string kind)
    {
        IReadOnlyList<OperatorCase> cases = OperatorSet.FindBuiltIn(kind)!.Cases;
        CSharpCompilation compilation = new Harness().Compile(
            "using Strata;\n" + string.Concat(cases.Select((one, i) => CatalogueCases.Declare(one, $"Case{i}")))
            + CatalogueCases.OthersOf(cases));
        AreTheSame(compilation, Enumerable.Range(0, cases.Count).Select(i => $"Case{i}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Sapphire Rapids")]
    public void The_family_of_CPUs_is_in_the_text(string family)
    {
        var tiers = Tier.All.Select(tier => tier.For(family)).ToEquatableArray();
        NetworkText text = new(NetworkDeclaration.WithoutClass(
            "Net", NetworkSettings.Read([]), EquatableArray<AttributeDeclaration>.Empty, EquatableArray<BlockDeclaration>.Empty,
            OperatorSet.BuiltIn), tiers);
        Assert.Equal(tiers, NetworkText.Read(text.ToString()).Tiers);
    }

    [Fact]
    public void Options_blocks_and_own_operators_are_in_the_text()
    {
        CSharpCompilation compilation = new Harness().Compile("""
            using System;
            using Strata;

            namespace Demo;

            [Network(
                Observable = true, WeightStorage = WeightStorage.BFloat16, FreezeUntil = "c-1", TrainingLayout = TrainingLayout.Blocked)]
            [Input(3, 8, 8), Unit(4), Swish(2.5f, Name = "c-1"), Unit(8, 2, Name = "a.b"), Flatten, Dense(4)]
            [Mine(Weight = 0.5), CrossEntropy]
            public partial class Net;

            [Conv2D(Filters, 3, Padding = 1, Stride = Stride, Bias = false), BatchNorm, Inner(Filters)]
            public sealed class UnitAttribute : BlockAttribute
            {
                private const int Filters = 1, Stride = 1;
                public UnitAttribute(int filters, int stride = Stride) { }
            }

            [Conv2D(2 * Filters, 1)]
            public sealed class InnerAttribute : BlockAttribute
            {
                private const int Filters = 1;
                public InnerAttribute(int filters) { }
            }

            public sealed class SwishAttribute : ElementwiseAttribute
            {
                private const float Beta = 1;
                public SwishAttribute(float beta = Beta) { }
                public static float Value(float x) => x / (1 + MathF.Exp(-Beta * x));
            }

            public sealed class MineAttribute : ElementwiseLossAttribute
            {
                public static float Value(float output, float target) => MathF.Abs(output - target);
            }
            """);
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(one => one.Severity == DiagnosticSeverity.Error));
        NetworkText text = AreTheSame(compilation, ["Demo.Net"]).Single();
        Assert.Equal("c-1", text.Declaration.Settings.FreezeUntil);
        Assert.True(text.Declaration.Settings.Observable);
        Assert.Equal(2, text.Declaration.Blocks.Count);
        Assert.Equal(2, text.Declaration.Operators.Declared.Count);
    }

    [Theory]
    [InlineData("", "it has no network")]
    [InlineData("# network Net\n(Input", "network Net: ")]
    public void A_damaged_text_is_refused(string text, string problem) => Assert.StartsWith(
        problem, Assert.Throws<TextFormException>(() => NetworkText.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void With_a_step_for_the_kernels_the_generator_writes_the_text_and_no_kernels()
    {
        GeneratorRunResult result = WithStep("using Strata; [Network, Input(4), Dense(2)] public partial class Net;");
        string source = Assert.Single(result.GeneratedSources).SourceText.ToString();
        Assert.Contains(
            "[assembly: global::Strata.CompilerServices.DeclaredNetwork(\"Net\", @\"\n# network Net\n", source, StringComparison.Ordinal);
        Assert.Contains(
            "global::Strata.CompilerServices.SavedPrograms.Create(global::Demo.Kernels_App.Of(\"Net\"), \"Net\", \"", source,
            StringComparison.Ordinal);
        AttributeSyntax attribute = CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)
            .GetCompilationUnitRoot(TestContext.Current.CancellationToken).AttributeLists.Single().Attributes.Single();
        string text = ((LiteralExpressionSyntax)attribute.ArgumentList!.Arguments[1].Expression).Token.ValueText;
        Assert.Equal(Tier.All, NetworkText.Read(text).Tiers);
    }

    /// <summary>A class for each size would need its own assembly: such a network keeps its kernels.</summary>
    [Fact]
    public void A_network_of_several_sizes_keeps_its_kernels()
    {
        GeneratorRunResult result = WithStep(
            "using Strata; [Network, Input(3, 8, 8), Sizes(Width = new[] { 8, 16 }), Conv2D(4, 3)] public partial class Net;");
        Assert.Contains(result.GeneratedSources, source => source.HintName.Contains("Avx2", StringComparison.Ordinal));
        Assert.DoesNotContain(
            result.GeneratedSources, source => source.SourceText.ToString().Contains("SavedPrograms", StringComparison.Ordinal));
    }

    private static GeneratorRunResult WithStep(string source) => new Harness
    {
        Properties = ImmutableDictionary<string, string>.Empty.Add("StrataKernelIndex", "Demo.Kernels_App"),
    }.Generate(source).Results.Single();

    private static List<NetworkText> AreTheSame(CSharpCompilation compilation, IEnumerable<string> classes)
    {
        List<NetworkText> read = [];
        foreach (string name in classes)
        {
            NetworkDeclaration declared = DeclarationReader.Read(
                compilation.GetTypeByMetadataName(name)!, compilation, out _, CancellationToken.None)!;
            string written = new NetworkText(declared, Tier.All).ToString();
            var text = NetworkText.Read(written.Replace("\n", "\r\n", StringComparison.Ordinal));
            Assert.Equal(written, text.ToString());
            NetworkModel expected = GraphBuilder.Build(declared, CancellationToken.None);
            NetworkModel actual = GraphBuilder.Build(text.Declaration, CancellationToken.None);
            Assert.Empty(expected.Problems.Where(problem => problem.IsError).Select(problem => problem.Message));
            Assert.Equal(Programs(expected.Graph!), Programs(actual.Graph!));
            read.Add(text);
        }

        return read;
    }

    private static EquatableArray<ProgramText> Programs(NetworkGraph graph) => NetworkWriter.WritePrograms(
        new NetworkTarget("", EquatableArray<string>.Empty, "public", "Net", IsSealed: false, HasSummary: false), graph,
        EquatableArray.Of(Tier.All[Tier.All.Count - 1]), CancellationToken.None);
}
