using Strata.Generator.Operators;

namespace Strata.Generator.Declarations;

/// <summary>A constant of a block: a parameter where a constructor has one of the same name, ignoring case.</summary>
/// <param name="Type">Its type; for an enum the underlying one.</param>
internal sealed record BlockConstant(string Name, Microsoft.CodeAnalysis.SpecialType Type, ConstantExpression Value);

/// <summary>An attribute class with layers of its own, or the layers of another network.</summary>
/// <param name="Key">Its full name, unique within the compilation.</param>
/// <param name="IsCompiled">Whether it comes from another assembly, where its constants are numbers already.</param>
/// <param name="Constants">In source order.</param>
/// <param name="Attributes">Its layers in source order.</param>
/// <param name="OwnCount">How many of them are on one part of the class; those on other parts have no place in the order.</param>
internal sealed record BlockDeclaration(
    string Key, bool IsCompiled, EquatableArray<BlockConstant> Constants, EquatableArray<AttributeDeclaration> Attributes, int OwnCount);
