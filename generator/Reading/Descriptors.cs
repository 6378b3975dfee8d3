using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>The rules as Roslyn knows them, and diagnostics of problems.</summary>
internal static class Descriptors
{
    /// <summary>The folder with a page for each rule. The rule's link opens the page.</summary>
    private const string Pages = "https://github.com/strata-net/strata/blob/main/generator/Diagnostics/rules/";

    private static readonly Dictionary<string, DiagnosticDescriptor> ById =
        Rules.All.ToDictionary(rule => rule.Id, Create, StringComparer.Ordinal);

    /// <summary>All of them, by id.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = Rules.All.Select(rule => ById[rule.Id]).ToImmutableArray();

    public static DiagnosticDescriptor Of(Rule rule) => ById[rule.Id];

    /// <summary>A diagnostic without edits, or with those of the problem.</summary>
    /// <param name="others">Other places that lead to it.</param>
    /// <param name="fixes">Null for those of the problem.</param>
    public static Diagnostic DiagnosticOf(
        Problem problem, Location location, IEnumerable<Location>? others = null, EquatableArray<Fix>? fixes = null) => Diagnostic.Create(
            Of(problem.Rule), location, others, Fix.ToProperties(fixes ?? problem.Fixes), problem.Slots.ToArray<object>());

    /// <summary>Whether a project asks for a rule that is off by default, for a file or for all of them.</summary>
    public static bool AreAsked(Rule rule, Compilation compilation, SyntaxTree tree, CancellationToken cancellationToken)
    {
        CompilationOptions options = compilation.Options;
        ReportDiagnostic severity = ReportDiagnostic.Default;
        bool isSet = options.SyntaxTreeOptionsProvider is { } provider
            && (provider.TryGetDiagnosticValue(tree, rule.Id, cancellationToken, out severity)
                || provider.TryGetGlobalDiagnosticValue(rule.Id, cancellationToken, out severity));
        return (isSet || options.SpecificDiagnosticOptions.TryGetValue(rule.Id, out severity))
            && severity is not (ReportDiagnostic.Default or ReportDiagnostic.Suppress);
    }

    private static DiagnosticDescriptor Create(Rule rule)
    {
        bool isError = rule.Severity == Severity.Error;
        return new DiagnosticDescriptor(
            rule.Id, rule.Title, rule.Message, rule.Category, rule.Severity switch
            {
                Severity.Error => DiagnosticSeverity.Error,
                Severity.Warning => DiagnosticSeverity.Warning,
                _ => DiagnosticSeverity.Info,
            },
            isEnabledByDefault: rule.Severity != Severity.Info, helpLinkUri: $"{Pages}{rule.Id}.md",
            customTags: isError ? [WellKnownDiagnosticTags.NotConfigurable] : []);
    }
}
