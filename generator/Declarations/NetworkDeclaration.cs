using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;

namespace Strata.Generator.Declarations;

/// <summary>One argument of an attribute.</summary>
/// <param name="Name">The constructor's parameter (<c>kernel</c>) or the property (<c>Padding</c>).</param>
/// <param name="Value">An <see cref="int"/>, <see cref="double"/>, <see cref="bool"/> or <see cref="string"/>, or doubles; enums by their number.</param>
internal sealed record Argument(string Name, object? Value);

/// <summary>One attribute of the network's stack.</summary>
/// <param name="Kind">The attribute's name without its suffix: <c>Conv2D</c>.</param>
internal sealed record AttributeDeclaration(string Kind, EquatableArray<Argument> Arguments);

/// <summary>
/// What the user wrote, as values: no symbol, syntax, location or compilation is kept, so that an edit elsewhere compares as
/// equal and everything behind this stage stays cached.
/// </summary>
/// <param name="Name">The class's name.</param>
/// <param name="FullName">Unique within the compilation; names the generated files.</param>
/// <param name="Target">Where the generated members go; null where no part can be added to the class.</param>
/// <param name="ClassProblems">What is wrong with the class itself.</param>
/// <param name="Attributes">Input, layers and loss in source order.</param>
/// <param name="IsComplete">
/// False while the compiler itself reports an error in one of the attributes: their values are then not known.
/// </param>
/// <param name="MaySuppress">
/// Whether a SuppressMessage attribute names one of our rules: the compiler obeys it even for errors that cannot be configured.
/// </param>
/// <param name="OwnMembers">Names of the user's own members of the class, sorted.</param>
/// <param name="InheritedMembers">Names of the members of <c>Strata.CompiledNetwork</c>, sorted.</param>
internal sealed record NetworkDeclaration(
    string Name,
    string FullName,
    NetworkTarget? Target,
    EquatableArray<Problem> ClassProblems,
    bool InputGradient,
    EquatableArray<AttributeDeclaration> Attributes,
    bool IsComplete,
    bool MaySuppress,
    EquatableArray<string> OwnMembers,
    EquatableArray<string> InheritedMembers)
{
    /// <summary>What stands in for a class that the generator itself could not read.</summary>
    public static NetworkDeclaration Unreadable(string name, string fullName, Problem problem) => new(
        name,
        fullName,
        null,
        EquatableArray.Of(problem),
        false,
        EquatableArray<AttributeDeclaration>.Empty,
        true,
        true,
        EquatableArray<string>.Empty,
        EquatableArray<string>.Empty);
}
