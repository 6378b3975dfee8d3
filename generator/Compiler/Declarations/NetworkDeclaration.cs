using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>
/// What the user wrote, as values. It holds no symbol, syntax, location or compilation. So an edit elsewhere gives an
/// equal declaration, and everything after this stage stays cached.
/// </summary>
/// <param name="Name">The class's name.</param>
/// <param name="FullName">The full name, unique in the compilation. Generated files are named after it.</param>
/// <param name="Target">Where the generated members go; null if no part can be added to the class.</param>
/// <param name="ClassProblems">What is wrong with the class itself.</param>
/// <param name="Settings">The options of <c>[Network]</c>.</param>
/// <param name="Attributes">Inputs, layers, outputs and losses in source order.</param>
/// <param name="Blocks">All blocks that are used, directly or by other blocks, sorted by key.</param>
/// <param name="IsComplete">
/// False if the compiler reports an error in an attribute whose class exists. The values of its arguments are not known then.
/// </param>
/// <param name="MaySuppress">
/// Whether a SuppressMessage attribute names one of our rules. The compiler obeys it even for errors that cannot be configured.
/// </param>
/// <param name="OwnMembers">The names of the members that the user wrote, sorted.</param>
/// <param name="OwnMethods">The user's methods that may clash with generated ones, with the types of their parameters:
/// <c>Forward(int)</c>.</param>
/// <param name="InheritedMembers">The names of the members of <c>Strata.CompiledNetwork</c>, sorted.</param>
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
    /// Whether the classes of all attributes exist, as far as this generator can see: another generator may add one. The network is
    /// compiled without unknown attributes.
    /// </summary>
    public bool AreAllKnown { get; init; } = true;

    /// <summary>
    /// Whether the compiler accepts all attributes. If it does not, no analyzer runs in a build, so the generator reports the network's
    /// problems. Otherwise the analyzer does.
    /// </summary>
    public bool IsBound => IsComplete && AreAllKnown;

    /// <summary>The index of the first attribute of a type; −1 if there is none.</summary>
    public int IndexOf(string type)
    {
        int index = 0;
        while (index < Attributes.Count && Attributes[index].Type != type)
        {
            index++;
        }

        return index < Attributes.Count ? index : -1;
    }

    /// <summary>A valid declaration that stands in no class: its network has no generated members that could clash with others.</summary>
    public static NetworkDeclaration WithoutClass(
        string name, NetworkSettings settings, EquatableArray<AttributeDeclaration> layers, EquatableArray<BlockDeclaration> blocks,
        OperatorSet operators) => OfStack(name, name, layers, blocks) with
        {
            Target = new NetworkTarget("", EquatableArray<string>.Empty, "public", name, IsSealed: false, HasSummary: false),
            Settings = settings,
            MaySuppress = false,
            Operators = operators,
        };

    /// <summary>A placeholder for a class that the generator could not read.</summary>
    public static NetworkDeclaration Unreadable(string name, string fullName, Problem problem) =>
        OfStack(name, fullName, EquatableArray<AttributeDeclaration>.Empty, EquatableArray<BlockDeclaration>.Empty) with
        {
            ClassProblems = EquatableArray.Of(problem),
        };

    /// <summary>A stack of layers without a class, such as that of a block.</summary>
    public static NetworkDeclaration OfStack(
        string name, string fullName, EquatableArray<AttributeDeclaration> attributes, EquatableArray<BlockDeclaration> blocks) => new(
        name,
        fullName,
        null,
        EquatableArray<Problem>.Empty,
        new NetworkSettings(),
        attributes,
        blocks,
        true,
        true,
        EquatableArray<string>.Empty,
        EquatableArray<string>.Empty,
        EquatableArray<string>.Empty);
}
