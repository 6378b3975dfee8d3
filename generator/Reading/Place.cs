using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Strata.Compiler.Diagnostics;

namespace Strata.Generator.Reading;

/// <summary>A place in a source file, as a value. A Roslyn location would keep its syntax tree alive.</summary>
internal readonly record struct Place(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static Place From(SyntaxNodeOrToken node)
    {
        Location location = node.GetLocation()!;
        return new Place(location.SourceTree!.FilePath, location.SourceSpan, location.GetLineSpan().Span);
    }

    /// <summary>The place as a location that names its file.</summary>
    public Location ToLocation() => Location.Create(Path, Span, Lines);
}

/// <summary>An argument of an attribute as it is written.</summary>
/// <param name="Name">Its property or parameter; empty if the compiler found no constructor.</param>
/// <param name="Elements">The places of its values, if it is an array that is written out.</param>
internal sealed record ArgumentPlace(string Name, bool IsProperty, Place Place, EquatableArray<Place> Elements, bool IsArray);

/// <summary>An attribute as it is written.</summary>
/// <param name="Whole">The attribute; null if it belongs to another compilation.</param>
internal sealed record AttributePlace(Place? Whole, EquatableArray<ArgumentPlace> Arguments)
{
    /// <summary>An argument, by its name or by its index in brackets. If it is left out, the attribute itself.</summary>
    public Place? Find(string argument)
    {
        if (argument.Length == 0)
        {
            return Whole;
        }

        string wanted = Site.Element(argument, out int element);
        if (wanted.Length == 0)
        {
            return element < Arguments.Count ? Arguments[element].Place : Whole;
        }

        for (int i = 0; i < Arguments.Count; i++)
        {
            if (Arguments[i].Name == wanted)
            {
                return Element(i, element);
            }
        }

        return Whole;
    }

    /// <summary>One of an argument's values. They are written as an array, or as separate arguments.</summary>
    private Place Element(int first, int element)
    {
        ArgumentPlace argument = Arguments[first];
        if (argument.IsArray)
        {
            return element >= 0 && element < argument.Elements.Count ? argument.Elements[element] : argument.Place;
        }

        return element > 0 && first + element < Arguments.Count && !Arguments[first + element].IsProperty
            ? Arguments[first + element].Place
            : argument.Place;
    }
}

/// <summary>Where the attributes of a declaration are written, as values.</summary>
/// <param name="Class">The name of the class.</param>
/// <param name="Network">The [Network] attribute.</param>
/// <param name="Attributes">The network's attributes, in the declaration's order.</param>
/// <param name="Blocks">The attributes of each block, by its key.</param>
internal sealed record DeclarationPlaces(
    Place Class, AttributePlace Network, EquatableArray<AttributePlace> Attributes, EquatableArray<BlockPlaces> Blocks)
{
    /// <summary>Reads the places of a class, and of the blocks that it uses.</summary>
    /// <param name="placeOf">Makes a place from syntax. It may also record the syntax.</param>
    public static DeclarationPlaces Read(
        INamedTypeSymbol type, DeclarationOrigin origin, Compilation compilation, Func<SyntaxNodeOrToken, Place> placeOf,
        CancellationToken cancellationToken)
    {
        var known = KnownSymbols.Of(compilation);
        AttributePlace Attribute(AttributeData? attribute) =>
            attribute?.ApplicationSyntaxReference is { } reference && compilation.ContainsSyntaxTree(reference.SyntaxTree)
                && reference.GetSyntax(cancellationToken) is AttributeSyntax syntax
                    ? new AttributePlace(placeOf(syntax), Arguments(attribute, syntax, placeOf).ToEquatableArray())
                    : new AttributePlace(null, EquatableArray<ArgumentPlace>.Empty);
        AttributeData? network = type.GetAttributes()
            .FirstOrDefault(attribute => known.IsNetworkAttribute(attribute.AttributeClass));
        SyntaxToken? name = DeclarationReader.NetworkPart(type, known, cancellationToken)?.Identifier;
        return new DeclarationPlaces(
            placeOf(name ?? type.Locations[0].SourceTree!.GetRoot(cancellationToken).FindToken(type.Locations[0].SourceSpan.Start)),
            Attribute(network),
            origin.Attributes.Select(Attribute).ToEquatableArray(),
            origin.Blocks.OrderBy(block => block.Key, StringComparer.Ordinal)
                .Select(block => new BlockPlaces(block.Key, block.Value.Select(Attribute).ToEquatableArray())).ToEquatableArray());
    }

    /// <summary>
    /// The place of a problem, and other places that lead to it. A mistake inside a block has one place, in the block. If the block is from
    /// another assembly, the place is where it is used.
    /// </summary>
    /// <param name="isInnermost">Whether it is the innermost place. Only there do the problem's edits apply.</param>
    public Place Find(Problem problem, out List<Place> others, out bool isInnermost)
    {
        Place?[] way = Way(problem.Site).ToArray();
        Place place = way.Take(problem.Depth + 1).LastOrDefault(candidate => candidate is not null) ?? Class;
        others = way.Concat(problem.Uses.SelectMany(Way)).OfType<Place>().Where(other => other != place).Distinct().ToList();
        isInnermost = place == way[way.Length - 1];
        return place;
    }

    private IEnumerable<Place?> Way(Site site) => site.Inside
        .Select(inside => Blocks.First(block => block.Key == inside.Block).Attributes[inside.Attribute].Find(inside.Argument))
        .Prepend(site.Attribute >= 0 ? Attributes[site.Attribute].Find(site.Argument)
            : site.Argument.Length > 0 ? Network.Find(site.Argument) : Class);

    private static IEnumerable<ArgumentPlace> Arguments(
        AttributeData attribute, AttributeSyntax syntax, Func<SyntaxNodeOrToken, Place> placeOf)
    {
        for (int i = 0; i < (syntax.ArgumentList?.Arguments.Count ?? 0); i++)
        {
            AttributeArgumentSyntax argument = syntax.ArgumentList!.Arguments[i];
            string? name = argument.NameEquals?.Name.Identifier.ValueText
                ?? argument.NameColon?.Name.Identifier.ValueText
                ?? attribute.AttributeConstructor?.Parameters.ElementAtOrDefault(i)?.Name;
            IReadOnlyList<SyntaxNode>? elements = argument.Expression switch
            {
                ArrayCreationExpressionSyntax array => [.. array.Initializer?.Expressions ?? []],
                ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions,
                CollectionExpressionSyntax collection => collection.Elements,
                _ => null,
            };
            yield return new ArgumentPlace(
                name ?? "", argument.NameEquals is not null, placeOf(argument),
                (elements ?? []).Select(element => placeOf(element)).ToEquatableArray(), elements is not null);
        }
    }
}

/// <summary>The places of a block's attributes.</summary>
internal sealed record BlockPlaces(string Key, EquatableArray<AttributePlace> Attributes);
