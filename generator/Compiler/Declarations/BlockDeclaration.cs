namespace Strata.Compiler.Declarations;

/// <summary>
/// A constant of a block. If a constructor has a parameter with the same name, ignoring case, uses of the block can set it.
/// </summary>
/// <param name="Type">The type. For an enum, it is the underlying type.</param>
internal sealed record BlockConstant(string Name, ConstantType Type, ConstantExpression Value);

/// <summary>An attribute class with layers of its own, or the layers of another network.</summary>
/// <param name="Key">
/// The full name of the class, which is unique in its assembly. For a class of another assembly, it begins with <c>[Assembly].</c>.
/// </param>
/// <param name="IsCompiled">
/// Whether it comes from another assembly that does not declare its blocks in its metadata. Then the constants in arguments are plain
/// numbers.
/// </param>
/// <param name="Constants">The constants in source order.</param>
/// <param name="Attributes">The layers in source order.</param>
/// <param name="OwnCount">How many of the layers are on the first part of a partial class. The order of those on other parts is
/// undefined.</param>
internal sealed record BlockDeclaration(
    string Key, bool IsCompiled, EquatableArray<BlockConstant> Constants, EquatableArray<AttributeDeclaration> Attributes, int OwnCount)
{
    /// <summary>Why a block of another assembly cannot be read; null if it can.</summary>
    public Refusal? Refusal { get; init; }
}
