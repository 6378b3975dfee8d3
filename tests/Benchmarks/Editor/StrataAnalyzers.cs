using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Strata.Generator;

namespace Strata.Benchmarks.Editor;

/// <summary>Strata's generator and analyzers, as a project references them. They are those of this process.</summary>
internal sealed class StrataAnalyzers : AnalyzerReference
{
    private readonly ImmutableArray<ISourceGenerator> _generators = [new StrataGenerator().AsSourceGenerator()];

    /// <summary>The analyzers.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> All { get; } = [new NetworkAnalyzer(), new CallAnalyzer(), new OperatorAnalyzer()];

    public override string? FullPath => null;

    public override object Id => nameof(StrataAnalyzers);

    public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzers(string language) => All;

    public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzersForAllLanguages() => All;

    public override ImmutableArray<ISourceGenerator> GetGenerators(string language) => _generators;

    public override ImmutableArray<ISourceGenerator> GetGeneratorsForAllLanguages() => _generators;
}
