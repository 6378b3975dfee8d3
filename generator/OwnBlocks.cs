using System;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;

namespace Strata.Generator;

/// <summary>
/// Finds the blocks that an assembly declares. All of them go into its metadata, whatever their accessibility: a public block or network
/// may use internal ones.
/// </summary>
internal static class OwnBlocks
{
    /// <summary>
    /// Whether a class may be a block. It looks only at the text, so that most classes cost nothing: a part of the class must have
    /// attributes, which are the layers.
    /// </summary>
    public static bool MayBe(SyntaxNode node, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return node is ClassDeclarationSyntax { AttributeLists.Count: > 0 };
    }

    /// <summary>The block of a class; null if the class is no block, or has an error that the compiler reports.</summary>
    public static DeclaredBlock? Read(GeneratorSyntaxContext context, CancellationToken cancellationToken)
    {
        if (context.SemanticModel.GetDeclaredSymbol(context.Node, cancellationToken) is not INamedTypeSymbol type
            || !KnownSymbols.Of(context.SemanticModel.Compilation).IsBlock(type) || type.GetAttributes().IsEmpty)
        {
            return null;
        }

        try
        {
            return new StackReader(context.SemanticModel.Compilation, cancellationToken) { IsShallow = true }.ReadDeclared(type);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Code that is still being typed may cause any exception. If a network uses the block, a bug is reported there.
            return null;
        }
    }
}
