using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Strata.Runtime.Tests;

/// <summary>Writes what an assembly shows to others, in the words of C#.</summary>
internal static class PublicSurface
{
    private static readonly SymbolDisplayFormat Names = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeVariance,
        miscellaneousOptions:
            SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat Declarations = Names
        .WithGenericsOptions(Names.GenericsOptions | SymbolDisplayGenericsOptions.IncludeTypeConstraints)
        .WithMemberOptions(
            SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeParameters
            | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeConstantValue)
        .WithParameterOptions(
            SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeModifiers
            | SymbolDisplayParameterOptions.IncludeExtensionThis | SymbolDisplayParameterOptions.IncludeDefaultValue)
        .WithKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword);

    /// <param name="assembly">The assembly's file.</param>
    /// <param name="others">Files of assemblies that it refers to, beside .NET's own and the library.</param>
    public static string Of(string assembly, params IEnumerable<string> others)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Concat(others)
            .DistinctBy(Path.GetFileName).Where(path => Path.GetFileName(path) != Path.GetFileName(assembly))
            .Select(path => MetadataReference.CreateFromFile(path)).ToList();
        MetadataReference shown = MetadataReference.CreateFromFile(assembly);
        var compilation = CSharpCompilation.Create("Surface", references: [.. references, shown]);
        var text = new StringBuilder();
        string? space = null;
        foreach (INamedTypeSymbol type in TypesOf(((IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(shown)!).GlobalNamespace)
            .OrderBy(type => type.ContainingNamespace.ToDisplayString(), StringComparer.Ordinal).ThenBy(NameOf, StringComparer.Ordinal))
        {
            if (type.ContainingNamespace.ToDisplayString() != space)
            {
                space = type.ContainingNamespace.ToDisplayString();
                text.Append(text.Length == 0 ? "" : "\n").Append("namespace ").Append(space).Append('\n');
            }

            text.Append('\n').Append(Hidden(type)).Append(HeaderOf(type)).Append('\n');
            foreach (string member in MembersOf(type))
            {
                text.Append("    ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol container) =>
        container.GetMembers().SelectMany(member => member switch
        {
            INamespaceSymbol space => TypesOf(space),
            INamedTypeSymbol type when IsShown(type) => TypesOf(type).Prepend(type),
            _ => [],
        });

    private static bool IsShown(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private static string NameOf(INamedTypeSymbol type) =>
        (type.ContainingType is { } outer ? NameOf(outer) + "." : "") + type.ToDisplayString(Names);

    private static string HeaderOf(INamedTypeSymbol type)
    {
        string modifiers = type switch
        {
            { TypeKind: not TypeKind.Class } => "",
            { IsStatic: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsSealed: true } => "sealed ",
            _ => "",
        };
        INamedTypeSymbol[] own = type.TypeKind == TypeKind.Enum ? [] : [.. type.Interfaces];
        IEnumerable<INamedTypeSymbol> bases =
            (type.BaseType is { SpecialType: not SpecialType.System_Enum } inherited ? own.Prepend(inherited) : own)
            .Where(shown => shown.SpecialType is not (SpecialType.System_Object or SpecialType.System_ValueType)
                && shown.Name != "IEquatable");
        string heading = type.ToDisplayString(Declarations.WithMiscellaneousOptions(Names.MiscellaneousOptions));
        string list = string.Join(", ", bases.Select(shown => shown.ToDisplayString(Names)));
        int constraints = heading.IndexOf(" where ", StringComparison.Ordinal);
        return modifiers + (list.Length == 0 ? heading : heading.Insert(constraints < 0 ? heading.Length : constraints, " : " + list));
    }

    /// <summary>
    /// What a user could have written or could call: not what the compiler adds to records, and accessors with their properties.
    /// </summary>
    private static IEnumerable<string> MembersOf(INamedTypeSymbol type) => type.GetMembers()
        .Where(member => IsShown(member) && member is not INamedTypeSymbol && !(type.IsRecord && member.Name == "EqualityContract")
            && member is not IMethodSymbol { AssociatedSymbol: not null }
            && !(member is IMethodSymbol
                && member.GetAttributes().Any(attribute => attribute.AttributeClass!.Name == "CompilerGeneratedAttribute"))
            && !(type.IsValueType && member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 0 }))
        .OrderBy(member => type.TypeKind == TypeKind.Enum && member is IFieldSymbol { ConstantValue: int value } ? value : 0)
        .ThenBy(member => member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? 0 : member is IMethodSymbol ? 2 : 1)
        .ThenBy(member => member.Name, StringComparer.Ordinal)
        .ThenBy(member => member.ToDisplayString(Declarations), StringComparer.Ordinal)
        .Select(member => Hidden(member) + Text(member));

    private static string Text(ISymbol member)
    {
        string text = member.ToDisplayString(Declarations);
        text = text.StartsWith("public ", StringComparison.Ordinal) ? text["public ".Length..] : text;
        text = member is { ContainingType.TypeKind: TypeKind.Interface, IsStatic: true, IsAbstract: true }
            ? "static abstract " + text : text;
        if (member is IPropertySymbol property)
        {
            text += " { "
                + string.Concat(new[] { property.GetMethod, property.SetMethod }.OfType<IMethodSymbol>().Where(IsShown).Select(accessor =>
                    (accessor.DeclaredAccessibility == property.DeclaredAccessibility ? "" : "protected ")
                    + (accessor.MethodKind == MethodKind.PropertyGet ? "get; " : accessor.IsInitOnly ? "init; " : "set; ")))
                + "}";
        }

        return text;
    }

    private static string Hidden(ISymbol symbol) => symbol.GetAttributes().Any(attribute =>
        attribute.AttributeClass!.Name == "EditorBrowsableAttribute"
        && attribute.ConstructorArguments is [{ Value: (int)EditorBrowsableState.Never }])
        ? "[hidden] " : "";
}
