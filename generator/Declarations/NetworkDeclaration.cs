using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;
using Strata.Generator.Operators;

namespace Strata.Generator.Declarations;

/// <summary>
/// What the user wrote, as values: no symbol, syntax, location or compilation is kept, so that an edit elsewhere gives an
/// equal declaration, and everything after this stage stays cached.
/// </summary>
/// <param name="Name">The class's name.</param>
/// <param name="FullName">Unique within the compilation; names the generated files.</param>
/// <param name="Target">Where the generated members go; null where no part can be added to the class.</param>
/// <param name="ClassProblems">What is wrong with the class itself.</param>
/// <param name="Settings">The options of <c>[Network]</c>.</param>
/// <param name="Attributes">Inputs, layers, outputs and losses in source order.</param>
/// <param name="Blocks">Every block that is used, directly or by another block, by key.</param>
/// <param name="IsComplete">
/// False while the compiler itself reports an error in one of the attributes whose classes exist: their values are then not known.
/// </param>
/// <param name="MaySuppress">
/// Whether a SuppressMessage attribute names one of our rules: the compiler obeys it even for errors that cannot be configured.
/// </param>
/// <param name="OwnMembers">Names of the user's own members of the class, sorted.</param>
/// <param name="OwnMethods">Those of the user's own methods that may clash with generated ones, with their parameters' types:
/// <c>Forward(int)</c>.</param>
/// <param name="InheritedMembers">Names of the members of <c>Strata.CompiledNetwork</c>, sorted.</param>
internal sealed record NetworkDeclaration(
    string Name,
    string FullName,
    NetworkTarget? Target,
    EquatableArray<Problem> ClassProblems,
    NetworkSettings Settings,
    EquatableArray<AttributeDeclaration> Attributes,
    EquatableArray<BlockDeclaration> Blocks,
    bool IsComplete,
    bool MaySuppress,
    EquatableArray<string> OwnMembers,
    EquatableArray<string> OwnMethods,
    EquatableArray<string> InheritedMembers)
{
    /// <summary>The operators that the attributes may mean.</summary>
    public OperatorSet Operators { get; init; } = OperatorSet.BuiltIn;

    /// <summary>
    /// Whether the classes of all attributes exist, as far as this can be seen: another generator may make one. The network is compiled
    /// without those that do not exist.
    /// </summary>
    public bool AreAllKnown { get; init; } = true;

    /// <summary>
    /// Whether the compiler refuses none of the attributes. If it does, no analyzer runs in a build, so that the generator reports what
    /// is wrong with the network; otherwise the analyzer does.
    /// </summary>
    public bool IsBound => IsComplete && AreAllKnown;

    /// <summary>A placeholder for a class that the generator could not read.</summary>
    public static NetworkDeclaration Unreadable(string name, string fullName, Problem problem) => new(
        name,
        fullName,
        null,
        EquatableArray.Of(problem),
        new NetworkSettings(),
        EquatableArray<AttributeDeclaration>.Empty,
        EquatableArray<BlockDeclaration>.Empty,
        true,
        true,
        EquatableArray<string>.Empty,
        EquatableArray<string>.Empty,
        EquatableArray<string>.Empty);
}
