using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;

namespace Strata.Generator;

/// <summary>Finds the elementwise operators that an assembly declares. Like blocks, all of them go into its metadata.</summary>
internal static class OwnOperators
{
    private static readonly KeptReadings<DeclaredOperator> Kept = new();

    /// <summary>
    /// Whether a class may be an operator. It looks only at the text, so that most classes cost nothing: a part of the class must have a
    /// method <c>Value</c>.
    /// </summary>
    public static bool MayBe(SyntaxNode node, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return node is ClassDeclarationSyntax type
            && type.Members.Any(member => member is MethodDeclarationSyntax { Identifier.ValueText: OperatorReader.Method });
    }

    /// <summary>The operator of a class; null if the class is no operator, or has a mistake that is reported elsewhere.</summary>
    public static DeclaredOperator? Read(GeneratorSyntaxContext context, CancellationToken cancellationToken)
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
            // The analyzer reports the exception as a bug.
            return null;
        }
    }

    private static DeclaredOperator? Read(
        INamedTypeSymbol type, Compilation compilation, ISet<SyntaxTree> files, CancellationToken cancellationToken)
    {
        if (!OperatorReader.IsOperator(type, compilation))
        {
            return null;
        }

        ReadOperator read = OperatorReader.Read(type, compilation, cancellationToken);
        files.UnionWith(read.Files);
        return read.Operator.Value is null ? null : read.Operator;
    }
}
