using System;
using System.Collections.Generic;
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
    private static readonly KeptReadings<DeclaredBlock> Kept = new();

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
        try
        {
            SemanticModel model = context.SemanticModel;
            return Kept.Get(
                context.Node, model.Compilation,
                files => model.GetDeclaredSymbol(context.Node, cancellationToken) is INamedTypeSymbol type
                    ? Read(type, model.Compilation, files, cancellationToken) : null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Code that is still being typed may cause any exception. If a network uses the block, a bug is reported there.
            return null;
        }
    }

    private static DeclaredBlock? Read(
        INamedTypeSymbol type, Compilation compilation, ISet<SyntaxTree> files, CancellationToken cancellationToken)
    {
        files.UnionWith(StackReader.FilesOf(type));
        if (!KnownSymbols.Of(compilation).IsBlock(type) || type.GetAttributes().IsEmpty)
        {
            return null;
        }

        var reader = new StackReader(compilation, cancellationToken) { IsShallow = true };
        DeclaredBlock? block = reader.ReadDeclared(type);
        files.UnionWith(reader.Files);
        return block;
    }
}
