using System;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Strata.Generator;

/// <summary>The properties of the project that matter here; build/Strata.props makes them visible.</summary>
/// <param name="AnalyzersRun">False where the analyzer is switched off: the generator then has to report errors itself.</param>
/// <param name="AllowUnoptimized">Whether the project accepts kernels without optimisation.</param>
internal sealed record BuildSettings(bool AnalyzersRun, bool AllowUnoptimized)
{
    public static BuildSettings From(AnalyzerConfigOptions options)
    {
        string Property(string name) => options.TryGetValue("build_property." + name, out string? value) ? value.Trim() : "";
        bool Is(string name, string value) => string.Equals(Property(name), value, StringComparison.OrdinalIgnoreCase);

        // The SDK's own rule (Microsoft.Managed.Core.targets, _ComputeSkipAnalyzers), including the builds that Visual
        // Studio starts before running, which skip analyzers for speed.
        bool switchedOff = Is("RunAnalyzers", "false") || (Property("RunAnalyzers").Length == 0 && Is("RunAnalyzersDuringBuild", "false"));
        bool skippedForSpeed = Is("IsImplicitlyTriggeredBuild", "true")
            && !Is("OptimizeImplicitlyTriggeredBuild", "false")
            && (!Is("TreatWarningsAsErrors", "true") || Is("OptimizeImplicitlyTriggeredBuild", "true"));
        return new BuildSettings(!switchedOff && !skippedForSpeed, Is("StrataAllowUnoptimized", "true"));
    }
}
