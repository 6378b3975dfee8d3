using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Strata.Compiler.Diagnostics;

namespace Strata.Generator.Declarations;

/// <summary>The rules as Roslyn knows them.</summary>
internal static class Descriptors
{
    /// <summary>The folder with a page for each rule. The rule's link opens the page.</summary>
    private const string Pages = "https://github.com/strata-net/strata/blob/main/generator/Diagnostics/rules/";

    private static readonly Dictionary<string, DiagnosticDescriptor> ById =
        Rules.All.ToDictionary(rule => rule.Id, Create, StringComparer.Ordinal);

    /// <summary>All of them, by id.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = Rules.All.Select(rule => ById[rule.Id]).ToImmutableArray();

    public static DiagnosticDescriptor Of(Rule rule) => ById[rule.Id];

    private static DiagnosticDescriptor Create(Rule rule)
    {
        bool isError = rule.Severity == Severity.Error;
        return new DiagnosticDescriptor(
            rule.Id, rule.Title, rule.Message, rule.Category, isError ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
            isEnabledByDefault: true, helpLinkUri: $"{Pages}{rule.Id}.md",
            customTags: isError ? [WellKnownDiagnosticTags.NotConfigurable] : []);
    }
}
