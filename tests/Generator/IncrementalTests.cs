using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Which steps of the generator run again after an edit. No step keeps a compilation alive.</summary>
public sealed class IncrementalTests
{
    private const string Other = "class Unrelated { void M() { } }";

    [Fact]
    public void An_unrelated_edit_recomputes_nothing() => AssertReasons(
        Edit(1, "class Unrelated { void M() { int x = 1; } }"),
        declarations: IncrementalStepRunReason.Cached,
        models: IncrementalStepRunReason.Cached,
        sources: IncrementalStepRunReason.Cached,
        output: IncrementalStepRunReason.Cached);

    [Fact]
    public void An_unrelated_edit_lowers_and_prints_none_of_many_networks_again()
    {
        var harness = new Harness();
        CSharpCompilation compilation = harness.Compile(
            Harness.LeNet5, Harness.Branched, Harness.Blocks, Harness.Operators, UsesBlock, Block, Unbound, Other);
        GeneratorDriver driver = harness.Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        SourceText[] before = [.. driver.GetRunResult().Results[0].GeneratedSources.Select(source => source.SourceText)];
        SyntaxTree other = compilation.SyntaxTrees[^1];
        SyntaxTree edited = other.WithChangedText(
            SourceText.From("class Unrelated { void M() { int x = 1; } }", System.Text.Encoding.UTF8));
        driver = driver.RunGenerators(compilation.ReplaceSyntaxTree(other, edited), TestContext.Current.CancellationToken);
        GeneratorRunResult result = driver.GetRunResult().Results[0];

        foreach (string step in new[]
        {
            TrackingNames.Declarations, TrackingNames.Models, TrackingNames.Sources, TrackingNames.PlacedSources,
            TrackingNames.OwnBlocks, TrackingNames.BlockTexts, TrackingNames.OwnOperators, TrackingNames.OperatorTexts,
            TrackingNames.Unbound, TrackingNames.UnboundProblems, TrackingNames.Reports,
        })
        {
            Assert.NotEmpty(Reasons(result, step));
            Assert.All(Reasons(result, step), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        }

        Assert.Equal(5, Reasons(result, TrackingNames.Sources).Count());
        Assert.All(
            result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs),
            made => Assert.Equal(IncrementalStepRunReason.Cached, made.Reason));

        // The driver makes a tree of each text anew, which parses the text if it is asked for.
        Assert.True(before.Length > 5);
        Assert.All(before.Zip(result.GeneratedSources), texts => Assert.Same(texts.First, texts.Second.SourceText));
    }

    [Fact]
    public void An_edit_of_whitespace_and_comments_recomputes_nothing_behind_the_declaration() => AssertReasons(
        Edit(0, "// A comment.\n" + Harness.LeNet5.Replace("Conv2D(16, 5)", "Conv2D( 16 ,\n   5 /* five */ )", StringComparison.Ordinal)),
        declarations: IncrementalStepRunReason.Cached,
        models: IncrementalStepRunReason.Cached,
        sources: IncrementalStepRunReason.Cached,
        output: IncrementalStepRunReason.Cached);

    [Fact]
    public void The_same_value_written_differently_recomputes_nothing() => AssertReasons(
        Edit(0, Harness.LeNet5.Replace("Conv2D(16, 5)", "Conv2D(2 * 8, kernel: 5)", StringComparison.Ordinal)),
        declarations: IncrementalStepRunReason.Cached,
        models: IncrementalStepRunReason.Cached,
        sources: IncrementalStepRunReason.Cached,
        output: IncrementalStepRunReason.Cached);

    [Fact]
    public void A_real_edit_recomputes_everything() => AssertReasons(
        Edit(0, Harness.LeNet5.Replace("Conv2D(16, 5)", "Conv2D(16, 50)", StringComparison.Ordinal)),
        declarations: IncrementalStepRunReason.Modified,
        models: IncrementalStepRunReason.Modified,
        sources: IncrementalStepRunReason.Modified,
        output: IncrementalStepRunReason.Modified);

    [Fact]
    public void An_option_that_changes_no_kernel_writes_nothing_anew()
    {
        const string Dense = "using Strata;\n[Network, Input(4), Dense(2)]\npartial class Net;";
        AssertReasons(
            Run(new Harness(), [Dense], 0, Dense.Replace("Network", "Network(Winograd = false)", StringComparison.Ordinal)),
            declarations: IncrementalStepRunReason.Modified,
            models: IncrementalStepRunReason.Modified,
            sources: IncrementalStepRunReason.Unchanged,
            output: IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void An_edit_of_one_network_leaves_another_alone()
    {
        const string Second = "using Strata;\n[Network, Input(4), Dense(2)]\npartial class Second;";
        GeneratorRunResult result = Run(new Harness(), [Harness.LeNet5, Second], 1,
            Second.Replace("Dense(2)", "Dense(3)", StringComparison.Ordinal));
        Assert.Equal(
            [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified], Reasons(result, TrackingNames.Models).Order().Reverse());
    }

    private const string UsesBlock = "using Strata;\n[Network, Input(4), Mlp(3, Repeat = 2)]\npartial class Uses;";

    private const string Block =
        "using Strata;\n[Dense(2 * Units), ReLU]\nclass MlpAttribute : BlockAttribute { const int Units = "
        + "1; public MlpAttribute(int units) { } }";

    [Theory]
    [InlineData("class Unrelated { void M() { int x = 1; } }", 2)]
    [InlineData("using Strata;\n// A comment.\n[Dense( 2*Units ), ReLU]\nclass MlpAttribute : BlockAttribute { const int Units = 1;\n "
        + "public MlpAttribute(int units) { int x = 1; } }", 1)]
    public void An_edit_that_leaves_a_block_as_it_is_recomputes_nothing(string text, int file)
    {
        GeneratorRunResult result = Run(new Harness(), [UsesBlock, Block, Other], file, text);
        AssertReasons(
            result,
            declarations: IncrementalStepRunReason.Cached,
            models: IncrementalStepRunReason.Cached,
            sources: IncrementalStepRunReason.Cached,
            output: IncrementalStepRunReason.Cached,
            blocks: IncrementalStepRunReason.Cached);
        Assert.Equal([IncrementalStepRunReason.Cached], Reasons(result, TrackingNames.OwnBlocks));
        Assert.Equal([IncrementalStepRunReason.Cached], Reasons(result, TrackingNames.BlockTexts));
    }

    [Theory]
    [InlineData("2 * Units", "3 * Units")]
    [InlineData("const int Units = 1", "const int Units = 1, More = 2")]
    [InlineData("[Dense(2 * Units), ReLU]", "[Dense(2 * Units)]")]
    public void An_edit_of_a_block_recomputes_the_network_that_uses_it(string before, string after)
    {
        bool changesLayers = before != "const int Units = 1";
        IncrementalStepRunReason behind = changesLayers ? IncrementalStepRunReason.Modified : IncrementalStepRunReason.Unchanged;
        AssertReasons(
            Run(new Harness(), [UsesBlock, Block, Other], 1, Block.Replace(before, after, StringComparison.Ordinal)),
            declarations: IncrementalStepRunReason.Modified,
            models: behind,
            sources: changesLayers ? IncrementalStepRunReason.Modified : IncrementalStepRunReason.Cached,
            output: changesLayers ? IncrementalStepRunReason.Modified : IncrementalStepRunReason.Cached,
            blocks: IncrementalStepRunReason.Modified);
    }

    [Fact]
    public void An_edit_of_a_block_leaves_networks_without_it_alone()
    {
        GeneratorRunResult result = Run(new Harness(), [UsesBlock, Block, Harness.LeNet5], 1,
            Block.Replace("2 * Units", "3 * Units", StringComparison.Ordinal));
        Assert.Equal(
            [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified], Reasons(result, TrackingNames.Models).Order().Reverse());
    }

    private const string Unbound = "using Strata;\n[Network, Input(1, 9, 9), Conv2D(1, 4, 3)]\npartial class Unbound;";

    [Fact]
    public void An_edit_elsewhere_reports_nothing_anew() => AssertReports(
        Run(new Harness(), [Unbound, Other], 1, "class Unrelated { void M() { int x = 1; } }"),
        declarations: IncrementalStepRunReason.Cached,
        unbound: IncrementalStepRunReason.Cached,
        problems: IncrementalStepRunReason.Cached,
        reports: IncrementalStepRunReason.Cached);

    [Fact]
    public void An_edit_above_the_class_only_moves_what_is_reported() => AssertReports(
        Run(new Harness(), [Unbound, Other], 0, "// A comment.\n" + Unbound),
        declarations: IncrementalStepRunReason.Unchanged,
        unbound: IncrementalStepRunReason.Modified,
        problems: IncrementalStepRunReason.Cached,
        reports: IncrementalStepRunReason.Modified);

    [Fact]
    public void An_edit_behind_the_class_moves_nothing() => AssertReports(
        Run(new Harness(), [Unbound, Other], 0, Unbound + "\n// A comment."),
        declarations: IncrementalStepRunReason.Cached,
        unbound: IncrementalStepRunReason.Cached,
        problems: IncrementalStepRunReason.Cached,
        reports: IncrementalStepRunReason.Cached);

    [Fact]
    public void An_edit_of_the_mistake_reports_it_anew() => AssertReports(
        Run(new Harness(), [Unbound, Other], 0, Unbound.Replace("Conv2D(1, 4, 3)", "Conv2D(1, 4, 5)", StringComparison.Ordinal)),
        declarations: IncrementalStepRunReason.Modified,
        unbound: IncrementalStepRunReason.Modified,
        problems: IncrementalStepRunReason.Modified,
        reports: IncrementalStepRunReason.Modified);

    [Fact]
    public void A_mistake_that_is_fixed_is_reported_no_more() =>
        Assert.Empty(Run(
            new Harness(), [Unbound, Other], 0, Unbound.Replace("Conv2D(1, 4, 3)", "Conv2D(4, 3)", StringComparison.Ordinal)).Diagnostics);

    private static void AssertReports(
        GeneratorRunResult result,
        IncrementalStepRunReason declarations,
        IncrementalStepRunReason unbound,
        IncrementalStepRunReason problems,
        IncrementalStepRunReason reports)
    {
        Assert.Equal([declarations], Reasons(result, TrackingNames.Declarations));
        Assert.Equal([unbound], Reasons(result, TrackingNames.Unbound));
        Assert.Equal([problems], Reasons(result, TrackingNames.UnboundProblems));
        Assert.Equal([reports], Reasons(result, TrackingNames.Reports));
        Assert.Equal(["STRATA071"], result.Diagnostics.Select(diagnostic => diagnostic.Id));
    }

    [Fact]
    public void No_step_holds_a_symbol_syntax_or_compilation()
    {
        GeneratorDriverRunResult result = new Harness().Generate(
            Harness.LeNet5,
            "using Strata;\n[Network, Input(1, 3, 3), Conv2D(8, 5, Name = \"x\")]\npartial class Broken;", UsesBlock, Block, Unbound,
            Harness.Operators);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (string name in new[]
        {
            TrackingNames.Unbound, TrackingNames.UnboundProblems, TrackingNames.Reports,
            TrackingNames.Declarations, TrackingNames.Models, TrackingNames.Sources, TrackingNames.BorrowedMethods,
            TrackingNames.PlacedSources,
            TrackingNames.Settings, TrackingNames.Tiers, TrackingNames.AmbiguousNames, TrackingNames.OwnBlocks, TrackingNames.BlockTexts,
            TrackingNames.OwnOperators, TrackingNames.OperatorTexts,
        })
        {
            foreach ((object value, _) in result.Results[0].TrackedSteps[name].SelectMany(step => step.Outputs))
            {
                Strides(value, name, seen);
            }
        }

        // The walk did reach the leaves.
        Assert.Contains(seen, value => value is Compiler.Operators.Convolution);
        Assert.Contains(seen, value => value is Compiler.Diagnostics.Problem);
    }

    private static void AssertReasons(
        GeneratorRunResult result,
        IncrementalStepRunReason declarations,
        IncrementalStepRunReason models,
        IncrementalStepRunReason sources,
        IncrementalStepRunReason output,
        IncrementalStepRunReason? blocks = null)
    {
        Assert.Equal([declarations], Reasons(result, TrackingNames.Declarations));
        Assert.Equal([models], Reasons(result, TrackingNames.Models));
        Assert.Equal([sources], Reasons(result, TrackingNames.Sources));
        Assert.All(
            result.TrackedOutputSteps.SelectMany(step => step.Value),
            step => Assert.All(step.Outputs, made => Assert.Equal(IsOfBlocks(step) ? blocks : output, made.Reason)));
    }

    /// <summary>Whether a step writes the file that declares blocks to other assemblies.</summary>
    private static bool IsOfBlocks(IncrementalGeneratorRunStep step) =>
        step.Inputs.Any(input => input.Source.Name == TrackingNames.BlockTexts);

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step) =>
        result.TrackedSteps[step].SelectMany(run => run.Outputs).Select(run => run.Reason);

    private static GeneratorRunResult Edit(int file, string text) => Run(new Harness(), [Harness.LeNet5, Other], file, text);

    private static GeneratorRunResult Run(Harness harness, string[] sources, int file, string text)
    {
        CSharpCompilation compilation = harness.Compile(sources);
        GeneratorDriver driver = harness.Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        SyntaxTree before = compilation.SyntaxTrees[file];
        SyntaxTree after = before.WithChangedText(SourceText.From(text, System.Text.Encoding.UTF8));
        return driver
            .RunGenerators(compilation.ReplaceSyntaxTree(before, after), TestContext.Current.CancellationToken)
            .GetRunResult()
            .Results[0];
    }

    private static void Strides(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
        {
            return;
        }

        Assert.False(
            value is ISymbol or SyntaxNode or SyntaxTree or SyntaxReference or Compilation or SemanticModel or Location or AttributeData
                or Diagnostic,
            $"{path} holds a {value.GetType()}");
        if (value is IEnumerable items)
        {
            int index = 0;
            foreach (object? item in items)
            {
                Strides(item, $"{path}[{index++}]", seen);
            }

            return;
        }

        for (Type? type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Strides(field.GetValue(value), $"{path}.{field.Name}", seen);
            }
        }
    }
}
