using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Strata.Compiler.Declarations;

namespace Strata.CodeFixes;

/// <summary>Makes a network and the types around it partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PartialCodeFixProvider)), Shared]
public sealed class PartialCodeFixProvider : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        [ClassProblems.NotPartialRule.Id, ClassProblems.UnsupportedContainerRule.Id];

    /// <summary>
    /// Fixes one document at a time. If two networks are in one type, the batch fixer would drop one of them: both make that type partial.
    /// </summary>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(
        (context, document, diagnostics) => MakePartialAsync(document, diagnostics, context.CancellationToken));

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        // A container may be reported for another reason. Then there is nothing to do here.
        List<TypeDeclarationSyntax> parts =
            await NotPartialAsync(context.Document, context.Span, context.CancellationToken).ConfigureAwait(false);
        if (parts.Count > 0)
        {
            string names = string.Join(" and ", parts.Select(part => $"'{part.Identifier.ValueText}'").Distinct());
            context.RegisterCodeFix(
                CodeAction.Create(
                    $"Make {names} partial",
                    token => MakePartialAsync(context.Document.Project.Solution, parts, token),
                    equivalenceKey: nameof(PartialCodeFixProvider)),
                context.Diagnostics);
        }
    }

    /// <summary>The parts that are not partial, of the network at a place and of the types around it, outermost first.</summary>
    private static async Task<List<TypeDeclarationSyntax>> NotPartialAsync(
        Document document, TextSpan span, CancellationToken cancellationToken)
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        SemanticModel? model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        var types = new Stack<INamedTypeSymbol>();
        if (root?.FindToken(span.Start).Parent?.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } declaration)
        {
            INamedTypeSymbol? type = model?.GetDeclaredSymbol(declaration, cancellationToken);
            for (; type is not null; type = type.ContainingType)
            {
                types.Push(type);
            }
        }

        return types
            .SelectMany(type => type.DeclaringSyntaxReferences)
            .Select(reference => reference.GetSyntax(cancellationToken))
            .OfType<TypeDeclarationSyntax>()
            .Where(part => !part.Modifiers.Any(SyntaxKind.PartialKeyword))
            .ToList();
    }

    private static async Task<Document?> MakePartialAsync(
        Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var parts = new HashSet<TypeDeclarationSyntax>();
        foreach (Diagnostic diagnostic in diagnostics)
        {
            parts.UnionWith(await NotPartialAsync(document, diagnostic.Location.SourceSpan, cancellationToken).ConfigureAwait(false));
        }

        // Each document is fixed by itself. Parts in other documents are left to the fix of a single network.
        SyntaxTree? tree = await document.GetSyntaxTreeAsync(cancellationToken).ConfigureAwait(false);
        parts.RemoveWhere(part => part.SyntaxTree != tree);
        Solution solution = await MakePartialAsync(document.Project.Solution, parts, cancellationToken).ConfigureAwait(false);
        return solution.GetDocument(document.Id);
    }

    private static async Task<Solution> MakePartialAsync(
        Solution solution, IEnumerable<TypeDeclarationSyntax> parts, CancellationToken cancellationToken)
    {
        foreach (IGrouping<SyntaxTree, TypeDeclarationSyntax> file in parts.GroupBy(part => part.SyntaxTree))
        {
            if (solution.GetDocument(file.Key) is { } document)
            {
                // The modifier's place is right before the keyword, behind all other modifiers and comments.
                SourceText text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
                solution = solution.WithDocumentText(document.Id, text.WithChanges(file
                    .Select(part => new TextChange(new TextSpan(part.Keyword.SpanStart, 0), "partial "))
                    .OrderBy(change => change.Span.Start)));
            }
        }

        return solution;
    }
}
