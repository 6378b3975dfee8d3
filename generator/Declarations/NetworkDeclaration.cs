using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;

namespace Strata.Generator.Declarations;

/// <summary>One argument of an attribute.</summary>
/// <param name="Name">The constructor's parameter (<c>kernel</c>) or the property (<c>Padding</c>).</param>
/// <param name="Value">
/// An <see cref="int"/>, <see cref="double"/>, <see cref="bool"/> or <see cref="string"/>, or an array of them; enums by their number.
/// On a block it may be a <see cref="ConstantExpression"/>.
/// </param>
/// <param name="IsDefault">Whether it was left out of a block's use: an expression is then in terms of that block's constants.</param>
internal sealed record Argument(string Name, object? Value, bool IsDefault = false);

/// <summary>One attribute of a stack.</summary>
/// <param name="Kind">The attribute's name without its suffix: <c>Conv2D</c>.</param>
/// <param name="Block">Key of the block whose layers it stands for; null for all other attributes.</param>
internal sealed record AttributeDeclaration(string Kind, EquatableArray<Argument> Arguments, string? Block = null)
{
    /// <summary>For an input: whether an argument is written with its parameter's name, <c>channels: 28</c>.</summary>
    public bool NamesArguments { get; init; }

    /// <summary>The value of an argument; null where it is left out.</summary>
    public object? Find(string argument)
    {
        foreach (Argument candidate in Arguments)
        {
            if (candidate.Name == argument)
            {
                return candidate.Value;
            }
        }

        return null;
    }
}

/// <summary>
/// What the user wrote, as values: no symbol, syntax, location or compilation is kept, so that an edit elsewhere compares as
/// equal and everything behind this stage stays cached.
/// </summary>
/// <param name="Name">The class's name.</param>
/// <param name="FullName">Unique within the compilation; names the generated files.</param>
/// <param name="Target">Where the generated members go; null where no part can be added to the class.</param>
/// <param name="ClassProblems">What is wrong with the class itself.</param>
/// <param name="FreezeUntil">Name of the first layer or block that is trained; null where all are.</param>
/// <param name="Attributes">Inputs, layers, outputs and losses in source order.</param>
/// <param name="Blocks">Every block that is used, directly or by another block, by key.</param>
/// <param name="IsComplete">
/// False while the compiler itself reports an error in one of the attributes: their values are then not known.
/// </param>
/// <param name="MaySuppress">
/// Whether a SuppressMessage attribute names one of our rules: the compiler obeys it even for errors that cannot be configured.
/// </param>
/// <param name="OwnMembers">Names of the user's own members of the class, sorted.</param>
/// <param name="OwnMethods">Those of the user's own methods that generated ones might be like, with their parameters' types: <c>Forward(int)</c>.</param>
/// <param name="InheritedMembers">Names of the members of <c>Strata.CompiledNetwork</c>, sorted.</param>
internal sealed record NetworkDeclaration(
    string Name,
    string FullName,
    NetworkTarget? Target,
    EquatableArray<Problem> ClassProblems,
    bool InputGradient,
    bool Observable,
    string? FreezeUntil,
    EquatableArray<AttributeDeclaration> Attributes,
    EquatableArray<BlockDeclaration> Blocks,
    bool IsComplete,
    bool MaySuppress,
    EquatableArray<string> OwnMembers,
    EquatableArray<string> OwnMethods,
    EquatableArray<string> InheritedMembers)
{
    /// <summary>What stands in for a class that the generator itself could not read.</summary>
    public static NetworkDeclaration Unreadable(string name, string fullName, Problem problem) => new(
        name,
        fullName,
        null,
        EquatableArray.Of(problem),
        false,
        false,
        null,
        EquatableArray<AttributeDeclaration>.Empty,
        EquatableArray<BlockDeclaration>.Empty,
        true,
        true,
        EquatableArray<string>.Empty,
        EquatableArray<string>.Empty,
        EquatableArray<string>.Empty);
}
