using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Strata.Generator.Reading;

/// <summary>Where a declaration is in the source, to find its syntax. It holds symbols, and must not outlive the compilation.</summary>
/// <param name="Attributes">The network's attributes in the declaration's order.</param>
/// <param name="Blocks">The attributes of each block, by its key.</param>
internal sealed record DeclarationOrigin(
    ImmutableArray<AttributeData> Attributes, IReadOnlyDictionary<string, ImmutableArray<AttributeData>> Blocks)
{
    public static readonly DeclarationOrigin None =
        new(ImmutableArray<AttributeData>.Empty, ImmutableDictionary<string, ImmutableArray<AttributeData>>.Empty);

    /// <summary>The files with attributes or bodies that were read.</summary>
    public IReadOnlyCollection<SyntaxTree> Files { get; init; } = [];
}
