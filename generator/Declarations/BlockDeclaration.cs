using Strata.Generator.Operators;

namespace Strata.Generator.Declarations;

/// <summary>
/// A constant of a block. It is a parameter of the block if a constructor has a parameter of the same name, ignoring case.
/// </summary>
/// <param name="Type">Its type; for an enum the underlying one.</param>
internal sealed record BlockConstant(string Name, Microsoft.CodeAnalysis.SpecialType Type, ConstantExpression Value);

/// <summary>An attribute class with layers of its own, or the layers of another network.</summary>
/// <param name="Key">
/// Its full name, which is unique within its assembly. Before that of a class of another assembly stands <c>[Assembly].</c>.
/// </param>
/// <param name="IsCompiled">
/// Whether it comes from another assembly that does not declare its blocks in its metadata. There the constants in arguments have become
/// numbers.
/// </param>
/// <param name="Constants">In source order.</param>
/// <param name="Attributes">Its layers in source order.</param>
/// <param name="OwnCount">How many of these are on the first part of a partial class. The order of those on other parts is not
/// defined.</param>
internal sealed record BlockDeclaration(
    string Key, bool IsCompiled, EquatableArray<BlockConstant> Constants, EquatableArray<AttributeDeclaration> Attributes, int OwnCount)
{
    /// <summary>
    /// For a block of another assembly that cannot be read: the assembly, what is wrong, and what helps; otherwise empty.
    /// </summary>
    public EquatableArray<string> Refusal { get; init; }
}
