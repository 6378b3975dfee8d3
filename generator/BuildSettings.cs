using System;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Strata.Generator;

/// <summary>The project's properties that the compiler reads. build/Strata.props makes them visible.</summary>
/// <param name="AnalyzersRun">False if the analyzer is switched off. Then the generator has to report errors itself.</param>
/// <param name="AllowUnoptimized">Whether the project accepts kernels without optimisation.</param>
/// <param name="AreVisible">
/// Whether the project imports build/Strata.props. If it does not, nobody knows whether analyzers run. The compiler then assumes that they
/// do not: it is better to report an error twice than to let the build pass.
/// </param>
/// <param name="Tiers">The tiers to compile, widest first.</param>
/// <param name="KernelIndex">
/// The class that finds the assemblies with the kernels, if a step of the build compiles them (build/Strata.Kernels.targets); otherwise
/// empty.
/// </param>
internal sealed record BuildSettings(
    bool AnalyzersRun, bool AllowUnoptimized, bool AreVisible, TierSelection Tiers, string KernelIndex)
{
    public static BuildSettings From(AnalyzerConfigOptions options)
    {
        string Property(string name) => options.TryGetValue("build_property." + name, out string? value) ? value.Trim() : "";
        bool Is(string name, string value) => string.Equals(Property(name), value, StringComparison.OrdinalIgnoreCase);

        // The same rule as in the SDK (Microsoft.Managed.Core.targets, _ComputeSkipAnalyzers). It also covers the builds that Visual
        // Studio starts before it runs a project: these skip analyzers for speed.
        bool switchedOff = Is("RunAnalyzers", "false") || (Property("RunAnalyzers").Length == 0 && Is("RunAnalyzersDuringBuild", "false"));
        bool skippedForSpeed = Is("IsImplicitlyTriggeredBuild", "true")
            && !Is("OptimizeImplicitlyTriggeredBuild", "false")
            && (!Is("TreatWarningsAsErrors", "true") || Is("OptimizeImplicitlyTriggeredBuild", "true"));

        // The compiler lists every visible property, even if it is empty.
        bool visible = options.TryGetValue("build_property.RunAnalyzers", out _);
        return new BuildSettings(
            visible && !switchedOff && !skippedForSpeed, Is("StrataAllowUnoptimized", "true"), visible,
            TierSelection.Parse(Property("StrataTierList"), Property("StrataFamily")), Property("StrataKernelIndex"));
    }
}
