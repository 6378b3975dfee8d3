using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Declarations;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Generator.Reading;

/// <summary>Finds the names that an argument of an attribute may have, while it is being written.</summary>
internal static class NameReader
{
    /// <summary>The names, in source order, each with the kind of its layer; none if the argument names nothing.</summary>
    /// <param name="type">A network or a block.</param>
    /// <param name="argument">An argument of one of its attributes.</param>
    /// <param name="compilation">The compilation that it belongs to.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static IReadOnlyList<(string Name, string Kind)> NamesFor(
        INamedTypeSymbol type, AttributeArgumentSyntax argument, Compilation compilation, CancellationToken cancellationToken)
    {
        using Cancellation.Scope scope = Cancellation.Begin(cancellationToken);
        if (argument.Parent?.Parent is not AttributeSyntax attribute
            || Read(type, compilation, out ImmutableArray<AttributeData> attributes, cancellationToken) is not { } declaration)
        {
            return [];
        }

        bool Is(AttributeData candidate) => candidate?.ApplicationSyntaxReference is { } reference
            && reference.SyntaxTree == attribute.SyntaxTree && reference.Span == attribute.Span;
        int position = ((AttributeArgumentListSyntax)argument.Parent).Arguments.IndexOf(argument);
        string? name = (argument.NameEquals?.Name ?? argument.NameColon?.Name)?.Identifier.ValueText;
        StackBlock stack = Expansion.Expand(declaration, new ProblemLog(), cancellationToken, reportsBindingErrors: true);
        int index = attributes.ToList().FindIndex(Is);
        return index >= 0 ? NamingArguments.NamesFor(stack, index, (name, position)).ToList()
            : name == nameof(NetworkSettings.FreezeUntil) && KnownSymbols.Of(compilation).IsNetworkAttribute(
                type.GetAttributes().FirstOrDefault(Is)?.AttributeClass) ? NamingArguments.NamesIn(stack).ToList()
            : [];
    }

    /// <summary>The stack of a network, or that of a block.</summary>
    private static NetworkDeclaration? Read(
        INamedTypeSymbol type, Compilation compilation, out ImmutableArray<AttributeData> attributes, CancellationToken cancellationToken)
    {
        attributes = [];
        if (!KnownSymbols.Of(compilation).IsBlock(type))
        {
            NetworkDeclaration? network = DeclarationReader.Read(type, compilation, out DeclarationOrigin origin, cancellationToken);
            attributes = origin.Attributes;
            return network;
        }

        var reader = new StackReader(compilation, cancellationToken);
        _ = reader.ReadDeclared(type);
        string key = DeclarationReader.FullName(type);
        if (reader.Blocks.FirstOrDefault(candidate => candidate.Key == key) is not { } block)
        {
            return null;
        }

        attributes = reader.Origins[key];
        return NetworkDeclaration.OfStack(type.Name, key, block.Attributes, reader.Blocks) with { Operators = reader.Operators };
    }
}
