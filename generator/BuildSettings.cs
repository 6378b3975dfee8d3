using System;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Strata.Generator;

/// <summary>The project's properties that the compiler reads. build/Strata.props makes them visible.</summary>
/// <param name="AnalyzersRun">False where the analyzer is switched off: the generator then has to report errors itself.</param>
/// <param name="AllowUnoptimized">Whether the project accepts kernels without optimisation.</param>
/// <param name="AreVisible">
/// Whether the project imports build/Strata.props. If it does not, it is unknown whether analyzers run, and the answer no is assumed: to
/// report an error twice is better than to let the build pass.
/// </param>
/// <param name="Tiers">The tiers to compile, widest first.</param>
internal sealed record BuildSettings(bool AnalyzersRun, bool AllowUnoptimized, bool AreVisible, TierSelection Tiers)
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

        // The compiler lists every visible property, even if it is empty.
        bool visible = options.TryGetValue("build_property.RunAnalyzers", out _);
        return new BuildSettings(
            visible && !switchedOff && !skippedForSpeed, Is("StrataAllowUnoptimized", "true"), visible,
            TierSelection.Parse(Property("StrataTierList")));
    }
}
