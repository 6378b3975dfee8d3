using System.Linq;
using Microsoft.CodeAnalysis;

namespace Strata.Generator.Reading;

/// <summary>How messages call the types of arguments.</summary>
internal static class TypeTexts
{
    /// <summary>What a value of the type is: an integer.</summary>
    public static string Of(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Enum } => $"a value of {type.Name}",
        { SpecialType: SpecialType.System_Int32 } => "an integer",
        { SpecialType: SpecialType.System_Double or SpecialType.System_Single } => "a number",
        { SpecialType: SpecialType.System_Boolean } => "true or false",
        { SpecialType: SpecialType.System_String } => "a text in quotes",
        IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_String } => "a list of texts",
        IArrayTypeSymbol => "a list of numbers",
        { Name: "Type" } => "a type",
        _ => $"a value of {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}",
    };

    /// <summary>What to write for it, with an example.</summary>
    public static string ExampleOf(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Enum } => string.Join(
            " or ", type.GetMembers().OfType<IFieldSymbol>().Where(field => field.IsConst).Select(field => $"{type.Name}.{field.Name}")),
        { SpecialType: SpecialType.System_Int32 } => "a whole number, such as 3",
        { SpecialType: SpecialType.System_Double or SpecialType.System_Single } => "a number, such as 0.5",
        { SpecialType: SpecialType.System_Boolean } => "true or false",
        { SpecialType: SpecialType.System_String } => "a text, such as \"name\"",
        IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_String } => "texts, such as \"a\", \"b\"",
        IArrayTypeSymbol => "numbers in brackets, such as [0.5, 0.5]",
        { Name: "Type" } => "typeof(…)",
        _ => $"a {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}",
    };
}
