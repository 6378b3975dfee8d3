using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Strata.Generator.Diagnostics;

namespace Strata.Generator.Declarations;

/// <summary>A place in a source file, as a value: a location would hold its syntax tree.</summary>
internal readonly record struct Place(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static Place Of(SyntaxNodeOrToken node)
    {
        Location location = node.GetLocation()!;
        return new Place(location.SourceTree!.FilePath, location.SourceSpan, location.GetLineSpan().Span);
    }

    /// <summary>The same as a location that names the file.</summary>
    public Location ToLocation() => Location.Create(Path, Span, Lines);
}

/// <summary>An argument of an attribute as it is written.</summary>
/// <param name="Name">Its property or parameter; empty where the compiler knows no constructor.</param>
/// <param name="Elements">The values in it, where it is an array that is written out.</param>
internal sealed record ArgumentPlace(string Name, bool IsProperty, Place Place, EquatableArray<Place> Elements, bool IsArray);

/// <summary>An attribute as it is written.</summary>
/// <param name="Whole">Null where it stands in another compilation.</param>
internal sealed record AttributePlace(Place? Whole, EquatableArray<ArgumentPlace> Arguments)
{
    /// <summary>An argument by its name, or by its index in brackets; the attribute itself where the argument is left out.</summary>
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

    /// <summary>One of the values of an argument: of an array, or of those that stand one by one.</summary>
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
/// <param name="Network">[Network].</param>
/// <param name="Attributes">In the declaration's order.</param>
/// <param name="Blocks">Those of each block, by its key.</param>
internal sealed record DeclarationPlaces(
    Place Class, AttributePlace Network, EquatableArray<AttributePlace> Attributes, EquatableArray<BlockPlaces> Blocks)
{
    /// <param name="placeOf">Makes a place of syntax, which may note it.</param>
    public static DeclarationPlaces Of(
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
    /// Where a problem stands, and further places that lead to it. A mistake inside a block stands there once; from another assembly it
    /// cannot be seen, but where it is used.
    /// </summary>
    /// <param name="isInnermost">Whether the place is the innermost one, so that the problem's edits apply there.</param>
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

/// <summary>The attributes of a block.</summary>
internal sealed record BlockPlaces(string Key, EquatableArray<AttributePlace> Attributes);
