using Strata.Generator.Diagnostics;

namespace Strata.Generator.Graph;

/// <summary>A layer's property with the properties of its parameters.</summary>
internal sealed record LayerSurface(string Identifier, EquatableArray<string> Parameters);

/// <summary>What is known of the public members of a network that cannot be compiled.</summary>
/// <param name="Targets">What its loss takes; null without a loss.</param>
internal sealed record NetworkSurface(Shape? Input, Shape? Output, long? ParameterCount, EquatableArray<LayerSurface> Layers, TargetKind? Targets);

/// <summary>A declaration, understood: its graph, or why there is none.</summary>
/// <param name="Target">Null where no part can be added to the class; there is no graph then.</param>
/// <param name="Graph">Null where a problem is an error.</param>
/// <param name="Problems">Errors and warnings.</param>
/// <param name="Surface">The public members to emit where there is no graph.</param>
internal sealed record NetworkModel(
    string Name,
    string FullName,
    NetworkTarget? Target,
    NetworkGraph? Graph,
    EquatableArray<Problem> Problems,
    NetworkSurface Surface)
{
    /// <summary>Whether the analyzer's errors may be suppressed, so that the generator has to stop the build.</summary>
    public bool MaySuppress { get; init; }
}
