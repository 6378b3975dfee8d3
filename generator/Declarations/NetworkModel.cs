using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;

namespace Strata.Generator.Declarations;

/// <summary>A property of the network's class, or of a block's property.</summary>
/// <param name="Kind">The attribute's name.</param>
internal abstract record SurfaceMember(string Property, string Kind);

/// <summary>A layer's property with the suffixes of its parameters.</summary>
internal sealed record LayerSurface(string Property, string Kind, EquatableArray<string> Parameters) : SurfaceMember(Property, Kind);

/// <summary>A block's property, with the properties of its layers.</summary>
internal sealed record BlockSurface(string Property, string Kind, EquatableArray<SurfaceMember> Members) : SurfaceMember(Property, Kind);

/// <summary>An input or output that has a parameter of its own.</summary>
/// <param name="Name">As the user wrote it; empty for an output without a name, and <c>input</c> for such an input.</param>
/// <param name="Shape">Null where it is not known.</param>
/// <param name="IsNamed">Whether the user chose the name. Only then are there a length and a shape of its own.</param>
/// <param name="Site">Where its name stands.</param>
internal sealed record TensorSurface(string Name, Shape? Shape, bool IsNamed, Site Site);

/// <summary>The public members of a network. All of them are there even if it cannot be compiled, though not all of their values.</summary>
/// <param name="Members">In the order of the graph's nodes.</param>
/// <param name="Trainer">The runtime's class that <c>CreateTrainer</c> returns; null where the network is not trained.</param>
internal sealed record NetworkSurface(
    EquatableArray<TensorSurface> Inputs,
    EquatableArray<TensorSurface> Outputs,
    long? ParameterCount,
    EquatableArray<SurfaceMember> Members,
    string? Trainer)
{
    /// <summary>Whether it takes byte images, since it normalises its only input itself.</summary>
    public bool TakesBytes { get; init; }

    /// <summary>Whether it has a method in place of a trainer's, whose use is an error that names the loss that is missing.</summary>
    public bool RefusesTrainer { get; init; }

    /// <summary>Members that are left out, since something else in the class has their names.</summary>
    public EquatableArray<string> LeftOut { get; init; } = EquatableArray<string>.Empty;

    public static readonly NetworkSurface Unknown = new(
        EquatableArray<TensorSurface>.Empty, EquatableArray<TensorSurface>.Empty, null, EquatableArray<SurfaceMember>.Empty, null);
}

/// <summary>The result of a declaration: its graph, or the problems with it.</summary>
/// <param name="Target">Null where no part can be added to the class; there is no graph then.</param>
/// <param name="Graph">Null where a problem is an error.</param>
/// <param name="Problems">Errors and warnings.</param>
/// <param name="Surface">The public members, also where there is no graph.</param>
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
