using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Strata.Generator.Reading;

/// <summary>What the names of attributes tell, without asking the C# compiler what they mean.</summary>
internal static class AttributeNames
{
    private static readonly ConditionalWeakTable<Compilation, HashSet<string>> GlobalAliases = new();

    private static readonly string Network = AttributeDeclaration.KindOf(KnownSymbols.NetworkAttributeName);

    /// <summary>
    /// Whether a class may have <c>[Network]</c>: an attribute with this name, or with an alias that its file or the whole project may use
    /// for it.
    /// </summary>
    public static bool MayBeNetwork(TypeDeclarationSyntax type, Compilation compilation, CancellationToken cancellationToken)
    {
        HashSet<string> aliases = GlobalAliases.GetValue(compilation, known => [.. known.SyntaxTrees
            .SelectMany(tree => AliasesIn(tree.GetRoot(cancellationToken)))
            .Where(alias => alias.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword)).Select(NameOf)]);
        return type.AttributeLists.SelectMany(list => list.Attributes).Select(attribute => KindOf(attribute.Name))
            .Any(kind => kind == Network || aliases.Contains(kind)
                || AliasesIn(type.SyntaxTree.GetRoot(cancellationToken)).Any(alias => NameOf(alias) == kind));
    }

    /// <summary>The name of an attribute as users write it, without namespace and suffix: <c>Conv2D</c>.</summary>
    public static string KindOf(NameSyntax name) => AttributeDeclaration.KindOf(name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    });

    /// <summary>The aliases of a file and of its namespaces.</summary>
    private static IEnumerable<UsingDirectiveSyntax> AliasesIn(SyntaxNode node) => (node switch
    {
        CompilationUnitSyntax unit => unit.Usings.Concat(unit.Members.SelectMany(AliasesIn)),
        BaseNamespaceDeclarationSyntax space => space.Usings.Concat(space.Members.SelectMany(AliasesIn)),
        _ => [],
    }).Where(one => one.Alias is not null);

    private static string NameOf(UsingDirectiveSyntax alias) => KindOf(alias.Alias!.Name);
}
