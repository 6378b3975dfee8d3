using System;
using System.IO;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Operators;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Xunit;

namespace Strata.Generator.Tests;

public sealed class RulesPageTests
{
    [Fact]
    public void The_rules_page_is_in_step_with_the_rules() => Assert.Equal(
        Rules.All.Select(
            rule => $"| <a id=\"{Anchor(rule)}\"></a>[{rule.Id}](rules/{rule.Id}.md) | {rule.Severity} | {Cell(rule.Title)} | "
                + $"{Cell(rule.Message)} |"),
        Lines("RULES.md").Where(line => line.StartsWith("| <a id=", StringComparison.Ordinal)));

    [Fact]
    public void The_release_notes_are_in_step_with_the_rules() => Assert.Equal(
        Rules.All.Select(rule => $"{rule.Id} | {rule.Category} | {rule.Severity} | {rule.Title}"),
        Lines("AnalyzerReleases.Shipped.md").Concat(Lines("AnalyzerReleases.Unshipped.md"))
            .Where(line => line.StartsWith("STRATA", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));

    /// <summary>So that a rule, its text and what fills it stand together.</summary>
    [Fact]
    public void Problems_are_made_beside_their_rules_only() => Assert.Empty(
        Directory.EnumerateFiles(Path.Combine(SourceFolder.Path, "..", "..", "generator"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith("Problems.cs", StringComparison.Ordinal) && File.ReadAllText(file) is var text
                && (text.Contains("Problem.Create(", StringComparison.Ordinal)
                    || text.Contains("new Problem(", StringComparison.Ordinal)))
            .Select(Path.GetFileName));

    [Fact]
    public void Every_rule_is_in_the_set() => Assert.Equal(
        typeof(Rules).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(field => field.FieldType == typeof(Rule))
            .Select(field => ((Rule)field.GetValue(null)!).Id)
            .Order(StringComparer.Ordinal),
        Rules.All.Select(rule => rule.Id));

    [Fact]
    public void Ids_are_unique_and_errors_cannot_be_configured()
    {
        Assert.Equal(Rules.All.Count, Rules.All.Select(rule => rule.Id).Distinct().Count());
        Assert.All(Descriptors.All, rule => Assert.Equal(
            rule.DefaultSeverity == DiagnosticSeverity.Error, rule.CustomTags.Contains(WellKnownDiagnosticTags.NotConfigurable)));
    }

    /// <summary>"Network is not partial", not "A network is a partial class.".</summary>
    [Fact]
    public void Titles_are_written_as_the_compilers() => Assert.All(Rules.All, rule =>
    {
        Assert.DoesNotMatch("^(A|An|The) ", rule.Title);
        Assert.Matches("^[A-Z].*[a-z]$", rule.Title);
    });

    [Fact]
    public void Every_attribute_has_an_operator_and_every_operator_an_attribute() => Assert.Equal(
        typeof(LayerAttribute).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && (typeof(LayerAttribute).IsAssignableFrom(type)
                || typeof(LossAttribute).IsAssignableFrom(type) || typeof(StructureAttribute).IsAssignableFrom(type)
                || type == typeof(InputAttribute)))
            .Select(type => type.Name[..^"Attribute".Length])
            .Order(StringComparer.Ordinal),
        OperatorSet.BuiltIn.All.Select(operation => operation.Kind));

    [Fact]
    public void Every_operator_is_documented() => Assert.All(OperatorSet.BuiltIn.All, operation =>
    {
        OperatorDocumentation row = operation.Documentation;
        Assert.StartsWith($"[{operation.Kind}", row.Usage, StringComparison.Ordinal);
        Assert.NotEmpty(row.Shape);
        Assert.NotEmpty(row.Formula);
        Assert.DoesNotContain('\n', row.Usage + row.Shape + row.Formula + row.PyTorch + row.Keras);
    });

    private static string Anchor(Rule rule) => rule.Id.ToLowerInvariant();

    private static string Cell(string text) =>
        text.Replace("<", "&lt;", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);

    private static string[] Lines(string file) =>
        File.ReadAllLines(Path.Combine(SourceFolder.Path, "..", "..", "generator", "Diagnostics", file));
}
