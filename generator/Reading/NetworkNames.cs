using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Strata.Generator.Reading;

/// <summary>Which attributes may be <c>[Network]</c> by their names alone, so that no others are bound.</summary>
internal static class NetworkNames
{
    private static readonly ConditionalWeakTable<Compilation, HashSet<string>> GlobalAliases = new();

    /// <summary>
    /// Whether a class has an attribute with this name, or with an alias that its file or the whole project may use for it.
    /// </summary>
    public static bool MayBeNetwork(TypeDeclarationSyntax type, Compilation compilation, CancellationToken cancellationToken)
    {
        HashSet<string> aliases = GlobalAliases.GetValue(compilation, known => [.. known.SyntaxTrees
            .SelectMany(tree => AliasesIn(tree.GetRoot(cancellationToken)))
            .Where(alias => alias.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword)).Select(NameOf)]);
        return type.AttributeLists.SelectMany(list => list.Attributes).Select(attribute => LastOf(attribute.Name))
            .Any(name => name is "Network" or "NetworkAttribute" || aliases.Contains(name)
                || AliasesIn(type.SyntaxTree.GetRoot(cancellationToken)).Any(alias => NameOf(alias) == name));
    }

    /// <summary>The aliases of a file and of its namespaces.</summary>
    private static IEnumerable<UsingDirectiveSyntax> AliasesIn(SyntaxNode node) => (node switch
    {
        CompilationUnitSyntax unit => unit.Usings.Concat(unit.Members.SelectMany(AliasesIn)),
        BaseNamespaceDeclarationSyntax space => space.Usings.Concat(space.Members.SelectMany(AliasesIn)),
        _ => [],
    }).Where(one => one.Alias is not null);

    private static string NameOf(UsingDirectiveSyntax alias) => alias.Alias!.Name.Identifier.ValueText;

    private static string LastOf(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
