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

/// <summary>What an edit recomputes, step by step, and that no step holds on to a compilation.</summary>
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
    public void An_edit_of_one_network_leaves_another_alone()
    {
        const string Second = "using Strata;\n[Network, Input(4), Dense(2)]\npartial class Second;";
        GeneratorRunResult result = Run(new Harness(), [Harness.LeNet5, Second], 1, Second.Replace("Dense(2)", "Dense(3)", StringComparison.Ordinal));
        Assert.Equal(
            [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified], Reasons(result, TrackingNames.Models).Order().Reverse());
    }

    [Fact]
    public void No_step_holds_a_symbol_syntax_or_compilation()
    {
        GeneratorDriverRunResult result = new Harness().Generate(
            Harness.LeNet5, "using Strata;\n[Network, Input(1, 3, 3), Conv2D(8, 5, Name = \"x\")]\npartial class Broken;");
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (string name in new[]
        {
            TrackingNames.Declarations, TrackingNames.Models, TrackingNames.Sources, TrackingNames.Settings, TrackingNames.AmbiguousNames,
        })
        {
            foreach ((object value, _) in result.Results[0].TrackedSteps[name].SelectMany(step => step.Outputs))
            {
                Walk(value, name, seen);
            }
        }

        // The walk did reach the leaves.
        Assert.Contains(seen, value => value is Graph.Convolution);
        Assert.Contains(seen, value => value is Diagnostics.Problem);
    }

    private static void AssertReasons(
        GeneratorRunResult result,
        IncrementalStepRunReason declarations,
        IncrementalStepRunReason models,
        IncrementalStepRunReason sources,
        IncrementalStepRunReason output)
    {
        Assert.Equal([declarations], Reasons(result, TrackingNames.Declarations));
        Assert.Equal([models], Reasons(result, TrackingNames.Models));
        Assert.Equal([sources], Reasons(result, TrackingNames.Sources));
        Assert.All(
            result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs),
            step => Assert.Equal(output, step.Reason));
    }

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

    private static void Walk(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
        {
            return;
        }

        Assert.False(
            value is ISymbol or SyntaxNode or SyntaxTree or SyntaxReference or Compilation or SemanticModel or Location or AttributeData or Diagnostic,
            $"{path} holds a {value.GetType()}");
        if (value is IEnumerable items)
        {
            int index = 0;
            foreach (object? item in items)
            {
                Walk(item, $"{path}[{index++}]", seen);
            }

            return;
        }

        for (Type? type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Walk(field.GetValue(value), $"{path}.{field.Name}", seen);
            }
        }
    }
}
