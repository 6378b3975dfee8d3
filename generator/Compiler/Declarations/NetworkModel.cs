using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Declarations;

/// <summary>A property of the network's class, or of the struct of a block.</summary>
/// <param name="Kind">The attribute's name.</param>
internal abstract record SurfaceMember(string Property, string Kind);

/// <summary>A layer's property, with the suffixes of the layer's parameters.</summary>
internal sealed record LayerSurface(string Property, string Kind, EquatableArray<string> Parameters) : SurfaceMember(Property, Kind);

/// <summary>A block's property, with the properties of the block's layers.</summary>
internal sealed record BlockSurface(string Property, string Kind, EquatableArray<SurfaceMember> Members) : SurfaceMember(Property, Kind);

/// <summary>An input or output with a parameter of its own in methods.</summary>
/// <param name="Name">The user's name. Without one, it is empty for an output and <c>input</c> for an input.</param>
/// <param name="Shape">Null if it is not known.</param>
/// <param name="IsNamed">Whether the user chose the name. Only then are there members with its length and its shape.</param>
/// <param name="Site">The place of its name.</param>
internal sealed record TensorSurface(string Name, Shape? Shape, bool IsNamed, Site Site);

/// <summary>The public members of a network. A network that cannot be compiled has all of them, but some values are unknown.</summary>
/// <param name="Members">The properties, in the order of the graph's nodes.</param>
/// <param name="Trainer">The class that <c>CreateTrainer</c> returns; null if the network is not trained.</param>
internal sealed record NetworkSurface(
    EquatableArray<TensorSurface> Inputs,
    EquatableArray<TensorSurface> Outputs,
    long? ParameterCount,
    EquatableArray<SurfaceMember> Members,
    string? Trainer)
{
    /// <summary>Whether it accepts images as bytes. It does if it begins by normalising its only input.</summary>
    public bool TakesBytes { get; init; }

    /// <summary>Whether CreateTrainer only exists to explain, by a compiler error, that the network has no loss.</summary>
    public bool RefusesTrainer { get; init; }

    /// <summary>Members that are not generated, because another member has their name.</summary>
    public EquatableArray<string> LeftOut { get; init; } = EquatableArray<string>.Empty;

    public static readonly NetworkSurface Unknown = new(
        EquatableArray<TensorSurface>.Empty, EquatableArray<TensorSurface>.Empty, null, EquatableArray<SurfaceMember>.Empty, null);
}

/// <summary>What a declaration becomes: a graph, or problems.</summary>
/// <param name="Target">Null if no part can be added to the class. Then there is no graph.</param>
/// <param name="Graph">Null if a problem is an error.</param>
/// <param name="Problems">Errors and warnings.</param>
/// <param name="Surface">The public members. They are there without a graph, too.</param>
internal sealed record NetworkModel(
    string Name,
    string FullName,
    NetworkTarget? Target,
    NetworkGraph? Graph,
    EquatableArray<Problem> Problems,
    NetworkSurface Surface)
{
    /// <summary>The graphs at further sizes of the inputs.</summary>
    public EquatableArray<SizedGraph> Sizes { get; init; }

    /// <summary>The time that it may take; null if it may take any.</summary>
    public TimeBudget? Time { get; init; }

    /// <summary>The declaration, if its kernels are compiled by a step of the build; otherwise null.</summary>
    public NetworkDeclaration? Declaration { get; init; }

    /// <summary>Whether the analyzer's errors may be suppressed. Then the generator has to stop the build.</summary>
    public bool MaySuppress { get; init; }
}
